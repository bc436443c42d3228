//! The executor: handlers, both clocks, cancellation, tokens and shutdown. Nothing here waits for the wall clock.
#![cfg(feature = "executor")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::executor::{
    Clock, Execution, ExecutionError, Executor, ExecutorBuilder, StartError, SystemClock, TokenError, VirtualClock,
};
use sfn_core::machine::{Identity, Quotas, Status};
use sfn_core::task::Error;

const DAY: u64 = 24 * 3600;

fn json(text: &str) -> Value {
    Value::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// A definition whose states follow each other in the order they are written, as far as they do not say otherwise.
fn definition(states: &str) -> Definition {
    let states = json(states);
    let states = states.as_object().expect("the states are an object");
    let names: Vec<_> = states.keys().cloned().collect();
    let linked = states.iter().enumerate().map(|(index, (name, state))| {
        let state = state.as_object().expect("a state is an object");
        let kind = state.get("Type").and_then(Value::as_str).unwrap_or_default();
        let says = ["Next", "End", "Default"].iter().any(|key| state.contains_key(key));
        let state = match names.get(index + 1) {
            _ if says || matches!(kind, "Fail" | "Succeed" | "Choice") => state.clone(),
            Some(next) => state.with("Next", Value::from(&**next)),
            None => state.with("End", Value::from(true)),
        };
        (name.clone(), Value::from(state))
    });
    let document = Value::object([("StartAt", Value::from(&*names[0])), ("States", Value::object(linked))]);
    Definition::from_value(document).unwrap_or_else(|findings| panic!("{findings}"))
}

/// A Task state that calls the function `work`.
fn work(fields: &str) -> Definition {
    definition(&format!(r#"{{"Work": {{"Type": "Task", "Resource": "{WORK}"{fields}}}}}"#))
}

const WORK: &str = "arn:aws:lambda:us-east-1:123456789012:function:work";

fn virtual_time() -> (VirtualClock, ExecutorBuilder) {
    let clock = VirtualClock::new();
    let builder = Executor::builder().clock(clock.clone()).seed(1);
    (clock, builder)
}

async fn start(executor: &Executor, definition: &Definition, input: &str) -> Execution {
    executor.start_document(definition, json(input)).await.expect("the execution starts")
}

fn kinds(execution: &Execution) -> Vec<&'static str> {
    execution.history().iter().map(|event| event.kind).collect()
}

fn failed(error: &str, cause: &str) -> Result<Value, ExecutionError> {
    Err(ExecutionError::Failed(Error::new(error, cause)))
}

#[tokio::test]
async fn a_wait_of_a_year_takes_no_time() {
    let (clock, builder) = virtual_time();
    let executor = builder.build();
    let begun = clock.now();
    let year = definition(&format!(r#"{{"Rest": {{"Type": "Wait", "Seconds": {}}}}}"#, 365 * DAY));
    let execution = start(&executor, &year, r#"{"a": 1}"#).await;
    assert_eq!(execution.output().await, Ok(json(r#"{"a": 1}"#)));
    assert_eq!(clock.now() - begun, 365 * DAY as i64 * 1000);
    executor.shutdown().await;
}

#[tokio::test]
async fn handlers_are_found_by_state_function_resource_and_at_last_by_the_fallback() {
    let answer = |text: &'static str| move |_, _| async move { Ok(Value::from(text)) };
    let builder = || virtual_time().1.fallback(answer("fallback"));
    let cases = [
        (builder(), "fallback"),
        (builder().resource(WORK, answer("resource")), "resource"),
        (builder().resource(WORK, answer("resource")).function("work", answer("function")), "function"),
        (builder().state("Work", answer("state")).function("work", answer("function")), "state"),
        (builder().state("Other", answer("state")).function("other", answer("function")), "fallback"),
    ];
    for (builder, expected) in cases {
        let executor = builder.build();
        let execution = start(&executor, &work(""), "{}").await;
        assert_eq!(execution.output().await, Ok(Value::from(expected)));
        executor.shutdown().await;
    }
}

#[tokio::test]
async fn a_task_without_a_handler_fails_and_says_which_one_to_register() {
    let executor = virtual_time().1.build();
    let execution = start(&executor, &work(""), "{}").await;
    let advice = "state `Work`: no handler for the function `work`; register one with `.function(\"work\", ..)`";
    assert_eq!(execution.output().await, failed("Sfn.HandlerMissing", advice));
    let other = definition(r#"{"Send": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}}"#);
    let execution = start(&executor, &other, "{}").await;
    let advice = "state `Send`: no handler for `arn:aws:states:::sqs:sendMessage`; \
                  register one with `.resource(\"arn:aws:states:::sqs:sendMessage\", ..)`";
    assert_eq!(execution.output().await, failed("Sfn.HandlerMissing", advice));
}

#[tokio::test]
async fn a_function_invoked_by_the_service_answers_with_its_payload_in_lambdas_response() {
    let executor = virtual_time().1.function("Work", |input, _| async move { Ok(Value::array([input])) }).build();
    for function in ["Work", "${Work}", "arn:aws:lambda:us-east-1:123456789012:function:Work:live", "Work:7"] {
        let invoke = definition(&format!(
            r#"{{"Work": {{"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {{"FunctionName": "{function}", "Payload": {{"n": 1}}}}}}}}"#
        ));
        let execution = start(&executor, &invoke, "{}").await;
        let output = execution.output().await.expect("the execution succeeds");
        assert_eq!(output.get("Payload"), Some(&json(r#"[{"n": 1}]"#)));
        assert_eq!(output.get("StatusCode"), Some(&Value::from(200)));
        let members: Vec<&str> =
            output.as_object().map(|object| object.keys().map(|key| &**key).collect()).unwrap_or_default();
        let expected = ["ExecutedVersion", "Payload", "SdkHttpMetadata", "SdkResponseMetadata", "StatusCode"];
        assert_eq!(members, expected);
    }
}

#[tokio::test]
async fn retries_wait_with_backoff() {
    let (clock, builder) = virtual_time();
    let begun = clock.now();
    let calls = Arc::new(Mutex::new(Vec::new()));
    let seen = calls.clone();
    let executor = builder
        .function("work", move |_, context| {
            let mut calls = seen.lock().expect("no handler panics");
            calls.push((context.now() - begun, context.retry_count(), context.idempotency_key()));
            let enough = calls.len() == 4;
            async move { if enough { Ok(Value::from("done")) } else { Err(Error::new("Busy", "later")) } }
        })
        .build();
    let retry = r#", "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 3}]"#;
    let execution = start(&executor, &work(retry), "{}").await;
    assert_eq!(execution.output().await, Ok(Value::from("done")));
    let calls = calls.lock().expect("no handler panics");
    let times: Vec<_> = calls.iter().map(|(time, retries, _)| (*time, *retries)).collect();
    assert_eq!(times, [(0, 0), (2_000, 1), (8_000, 2), (26_000, 3)]);
    let keys: std::collections::BTreeSet<_> = calls.iter().map(|(_, _, key)| key).collect();
    assert_eq!(keys.len(), 4, "every scheduling has a key of its own");
}

/// Notes how far a handler came.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<&'static str>>>);

impl Notes {
    fn note(&self, text: &'static str) {
        self.0.lock().expect("no handler panics").push(text);
    }

    fn take(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.0.lock().expect("no handler panics"))
    }
}

struct Dropped(Notes);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.note("dropped");
    }
}

/// A handler that never answers, and notes when it is cancelled and when dropped.
fn silent(builder: ExecutorBuilder, notes: &Notes) -> ExecutorBuilder {
    let notes = notes.clone();
    builder.function("work", move |_, context| {
        let notes = notes.clone();
        async move {
            let _dropped = Dropped(notes.clone());
            notes.note("working");
            context.cancelled().await;
            notes.note("cancelled");
            std::future::pending().await
        }
    })
}

#[tokio::test]
async fn a_timeout_cancels_the_handler_and_then_drops_it() {
    let (clock, builder) = virtual_time();
    let notes = Notes::default();
    let executor = silent(builder, &notes).build();
    let begun = clock.now();
    let execution = start(&executor, &work(r#", "TimeoutSeconds": 30"#), "{}").await;
    assert_eq!(execution.output().await, failed("States.Timeout", ""));
    assert_eq!(execution.history().last().map(|event| event.timestamp - begun), Some(30_000));
    executor.shutdown().await;
    assert_eq!(notes.take(), ["working", "cancelled", "dropped"]);
}

#[tokio::test]
async fn the_timeout_of_a_machine_ends_it() {
    let (_, builder) = virtual_time();
    let executor = builder.build();
    let document = json(
        r#"{"StartAt": "Rest", "TimeoutSeconds": 5, "States": {"Rest": {"Type": "Wait", "Seconds": 60, "End": true}}}"#,
    );
    let definition = Definition::from_value(document).expect("the definition is valid");
    let execution = start(&executor, &definition, "{}").await;
    assert_eq!(execution.output().await, Err(ExecutionError::TimedOut));
    assert_eq!(execution.status(), Status::TimedOut);
}

#[tokio::test]
async fn heartbeats_keep_a_task_alive() {
    let cases = [(10, 6, Ok(Value::from("done"))), (10, 11, failed("States.Timeout", ""))];
    for (heartbeat, pause, expected) in cases {
        let executor = virtual_time()
            .1
            .activity("work", move |_, context| async move {
                for _ in 0..5 {
                    context.sleep(Duration::from_secs(pause)).await;
                    context.heartbeat().await;
                }
                Ok(Value::from("done"))
            })
            .build();
        let activity = "arn:aws:states:us-east-1:123456789012:activity:work";
        let fields = format!(r#""Resource": "{activity}", "HeartbeatSeconds": {heartbeat}, "TimeoutSeconds": 100"#);
        let beats = definition(&format!(r#"{{"Work": {{"Type": "Task", {fields}}}}}"#));
        let execution = start(&executor, &beats, "{}").await;
        assert_eq!(execution.output().await, expected, "a heartbeat every {pause} seconds");
        executor.shutdown().await;
    }
}

#[tokio::test]
async fn time_stands_still_while_a_handler_works() {
    let (clock, builder) = virtual_time();
    let begun = clock.now();
    let executor = builder
        .function("work", |_, _| async move {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            Ok(Value::Null)
        })
        .build();
    let execution = start(&executor, &work(r#", "TimeoutSeconds": 1"#), "{}").await;
    assert_eq!(execution.output().await, Ok(Value::Null));
    assert_eq!(clock.now(), begun);
}

#[tokio::test]
async fn handlers_sleep_side_by_side() {
    let (clock, builder) = virtual_time();
    let begun = clock.now();
    let executor = builder
        .state("Work", |_, context| async move {
            tokio::join!(context.sleep(Duration::from_secs(5)), context.sleep(Duration::from_secs(3)));
            Ok(Value::Null)
        })
        .build();
    let branch = format!(
        r#"{{"StartAt": "Work", "States": {{"Work": {{"Type": "Task", "Resource": "{WORK}", "End": true}}}}}}"#
    );
    let other = branch.replace("Work\":", "Again\":").replace("\"Work\"", "\"Again\"");
    let both = definition(&format!(r#"{{"Both": {{"Type": "Parallel", "Branches": [{branch}, {other}]}}}}"#));
    let execution = start(&executor, &both, "{}").await;
    // The second branch has no handler of its own state, so it fails at once, and the first one is cancelled.
    assert!(
        matches!(execution.output().await, Err(ExecutionError::Failed(error)) if error.error == "Sfn.HandlerMissing")
    );
    assert_eq!(clock.now(), begun, "no time passes while the first handler is seen out");
    let execution = start(&executor, &work(""), "{}").await;
    assert_eq!(execution.output().await, Ok(Value::Null));
    assert_eq!(clock.now() - begun, 5_000);
}

#[tokio::test]
async fn a_stop_ends_the_execution_and_its_handler() {
    let (clock, builder) = virtual_time();
    let notes = Notes::default();
    let executor = silent(builder, &notes).build();
    let execution = start(&executor, &work(r#", "TimeoutSeconds": 30"#), "{}").await;
    let hold = clock.hold();
    while notes.take().is_empty() {
        tokio::task::yield_now().await;
    }
    execution.stop(Some("Enough"), Some("we know it now")).await;
    assert_eq!(execution.output().await, Err(ExecutionError::Aborted(Error::new("Enough", "we know it now"))));
    drop(hold);
    executor.shutdown().await;
    assert_eq!(notes.take(), ["cancelled", "dropped"]);
    // A second stop is too late.
    execution.stop(Some("Again"), None).await;
    assert_eq!(execution.output().await, Err(ExecutionError::Aborted(Error::new("Enough", "we know it now"))));
    assert_eq!(kinds(&execution).last(), Some(&"ExecutionAborted"));
}

#[tokio::test]
async fn a_stop_reaches_a_loop_of_pure_states() {
    let (_, builder) = virtual_time();
    let executor = builder.quotas(Quotas::unlimited()).build();
    let endless = definition(
        r#"{"A": {"Type": "Pass"},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.a", "IsPresent": true, "Next": "C"}], "Default": "A"},
            "C": {"Type": "Succeed"}}"#,
    );
    let execution = start(&executor, &endless, "{}").await;
    execution.stop(None, None).await;
    assert_eq!(execution.output().await, Err(ExecutionError::Aborted(Error::new("", ""))));
}

#[tokio::test]
async fn a_shutdown_interrupts_what_runs_and_starts_nothing_more() {
    let (clock, builder) = virtual_time();
    let notes = Notes::default();
    let executor = silent(builder, &notes).build();
    let hold = clock.hold();
    let execution = start(&executor, &work(""), "{}").await;
    while notes.take().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(hold);
    tokio::join!(executor.shutdown(), async {
        executor.shutdown().await;
        assert_eq!(notes.take(), ["cancelled", "dropped"], "every shutdown waits for the handler");
    });
    assert_eq!(execution.output().await, Err(ExecutionError::Interrupted));
    assert_eq!(execution.status(), Status::Running);
    let refused = executor.start_document(&work(""), Value::Null).await;
    assert!(matches!(refused, Err(StartError::ShutDown)));
    execution.stop(None, None).await;
    executor.shutdown().await;
}

#[tokio::test]
async fn an_executor_that_is_dropped_takes_its_executions_with_it() {
    let (clock, builder) = virtual_time();
    let notes = Notes::default();
    let executor = silent(builder, &notes).build();
    let _hold = clock.hold();
    let execution = start(&executor, &work(""), "{}").await;
    while notes.take().is_empty() {
        tokio::task::yield_now().await;
    }
    drop(executor);
    assert_eq!(execution.output().await, Err(ExecutionError::Interrupted));
    while notes.take().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_panic_in_a_handler_fails_its_task() {
    let (_, builder) = virtual_time();
    let executor = builder
        .state("Early", |_, _| -> std::future::Ready<Result<Value, Error>> { panic!("at once") })
        .state("Late", |_, _| async move {
            tokio::task::yield_now().await;
            panic!("later")
        })
        .build();
    for (state, text) in [("Early", "at once"), ("Late", "later")] {
        let definition = definition(&format!(r#"{{"{state}": {{"Type": "Task", "Resource": "{WORK}"}}}}"#));
        let execution = start(&executor, &definition, "{}").await;
        let cause = format!("the handler of state `{state}` panicked: {text}");
        assert_eq!(execution.output().await, failed("Sfn.HandlerPanicked", &cause));
    }
}

const ASK: &str = "arn:aws:states:::sqs:sendMessage.waitForTaskToken";

#[tokio::test]
async fn a_task_waits_for_its_token() {
    let (clock, builder) = virtual_time();
    let (sender, mut tokens) = tokio::sync::mpsc::channel(1);
    let executor = builder
        .resource(ASK, move |_, context| {
            let (sender, token) = (sender.clone(), context.token().map(str::to_owned));
            async move {
                sender.send(token.expect("the task has a token")).await.expect("the test listens");
                Ok(Value::from("sent"))
            }
        })
        .build();
    let ask = definition(&format!(r#"{{"Ask": {{"Type": "Task", "Resource": "{ASK}", "HeartbeatSeconds": 60}}}}"#));
    let hold = clock.hold();

    let execution = start(&executor, &ask, "{}").await;
    let token = tokens.recv().await.expect("the handler tells its token");
    assert_eq!(executor.send_task_heartbeat(&token).await, Ok(()));
    assert_eq!(executor.send_task_success(&token, Value::from("yes")).await, Ok(()));
    assert_eq!(execution.output().await, Ok(Value::from("yes")));
    assert_eq!(executor.send_task_success(&token, Value::from("again")).await, Err(TokenError::UnknownTask));
    assert_eq!(executor.send_task_heartbeat("no token").await, Err(TokenError::UnknownTask));

    let execution = start(&executor, &ask, "{}").await;
    let token = tokens.recv().await.expect("the handler tells its token");
    while !kinds(&execution).contains(&"TaskSubmitted") {
        tokio::task::yield_now().await;
    }
    assert_eq!(executor.send_task_failure(&token, Some("No"), None).await, Ok(()));
    assert_eq!(execution.output().await, failed("No", ""));

    let execution = start(&executor, &ask, "{}").await;
    let token = tokens.recv().await.expect("the handler tells its token");
    drop(hold);
    assert_eq!(execution.output().await, failed("States.Timeout", ""), "nobody answers for a minute");
    assert_eq!(executor.send_task_success(&token, Value::Null).await, Err(TokenError::UnknownTask));
    executor.shutdown().await;
}

#[tokio::test]
async fn workers_take_the_tasks_of_an_activity() {
    let (clock, builder) = virtual_time();
    let executor = builder.activity("inside", |input, _| async move { Ok(input) }).build();
    let activity = |name: &str| {
        let resource = format!("arn:aws:states:us-east-1:123456789012:activity:{name}");
        definition(&format!(r#"{{"Label": {{"Type": "Task", "Resource": "{resource}", "TimeoutSeconds": 60}}}}"#))
    };
    let execution = start(&executor, &activity("inside"), "1").await;
    assert_eq!(execution.output().await, Ok(json("1")));

    // Nobody asks for the first one in time.
    let execution = start(&executor, &activity("outside"), "2").await;
    assert_eq!(execution.output().await, failed("States.Timeout", ""));

    let _hold = clock.hold();
    let execution = start(&executor, &activity("outside"), "3").await;
    let task = executor.get_activity_task("outside", Some("worker")).await;
    assert_eq!(task.input, json("3"));
    assert_eq!(executor.send_task_success(&task.token, json("4")).await, Ok(()));
    assert_eq!(execution.output().await, Ok(json("4")));
    assert!(kinds(&execution).contains(&"ActivityStarted"));
}

#[tokio::test]
async fn a_thousand_executions_run_at_once() {
    let (clock, builder) = virtual_time();
    let begun = clock.now();
    let at_work = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (working, peak) = (at_work.clone(), most.clone());
    let executor = builder
        .function("work", move |input, context| {
            let (working, peak) = (working.clone(), peak.clone());
            async move {
                peak.fetch_max(working.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                context.sleep(Duration::from_secs(60)).await;
                working.fetch_sub(1, Ordering::SeqCst);
                Ok(input)
            }
        })
        .build();
    let definition = definition(&format!(
        r#"{{"Rest": {{"Type": "Wait", "Seconds": 60}}, "Work": {{"Type": "Task", "Resource": "{WORK}"}}}}"#
    ));
    let hold = clock.hold();
    let mut executions = Vec::new();
    for number in 0..1_000 {
        executions.push(start(&executor, &definition, &number.to_string()).await);
    }
    drop(hold);
    for (number, execution) in executions.iter().enumerate() {
        assert_eq!(execution.output().await, Ok(Value::from(number)));
    }
    assert_eq!(clock.now() - begun, 120_000);
    assert_eq!(most.load(Ordering::SeqCst), 1_000);
    let arns: std::collections::BTreeSet<_> = executions.iter().map(Execution::arn).collect();
    assert_eq!(arns.len(), 1_000);
    executor.shutdown().await;
}

#[tokio::test]
async fn a_seed_makes_a_run_repeatable() {
    let run = async |seed| {
        let calls = Arc::new(AtomicUsize::new(0));
        let executor = Executor::builder()
            .clock(VirtualClock::new())
            .seed(seed)
            .function("work", move |_, _| {
                let call = calls.fetch_add(1, Ordering::SeqCst);
                async move { if call < 3 { Err(Error::new("Busy", "")) } else { Ok(Value::Null) } }
            })
            .build();
        let retry = r#", "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 60, "JitterStrategy": "FULL"}]"#;
        let execution = start(&executor, &work(retry), "{}").await;
        assert_eq!(execution.output().await, Ok(Value::Null));
        (execution.arn(), execution.history())
    };
    let (first, second, other) = (run(7).await, run(7).await, run(8).await);
    assert_eq!(first, second);
    assert_ne!(first, other);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_wall_clock_runs_on_several_threads() {
    let executor = Executor::builder().function("work", |input, _| async move { Ok(input) }).build();
    let definition = definition(&format!(
        r#"{{"Rest": {{"Type": "Wait", "Seconds": 0}}, "Work": {{"Type": "Task", "Resource": "{WORK}", "TimeoutSeconds": 60}}}}"#
    ));
    let begun = SystemClock.now();
    let mut executions = Vec::new();
    for number in 0..100 {
        executions.push(start(&executor, &definition, &number.to_string()).await);
    }
    for (number, execution) in executions.iter().enumerate() {
        assert_eq!(execution.output().await, Ok(Value::from(number)));
        assert!(execution.history().iter().all(|event| event.timestamp >= begun));
    }
    executor.shutdown().await;
}

#[tokio::test]
async fn an_input_beyond_the_quota_is_refused() {
    let executor = virtual_time().1.quotas(Quotas { payload_bytes: 10, ..Quotas::default() }).build();
    let refused = executor.start_document(&work(""), Value::from("0123456789")).await;
    assert!(matches!(refused, Err(StartError::InputTooLarge { size: 12, limit: 10 })));
}

#[tokio::test]
async fn an_execution_bears_the_names_it_is_given() {
    let executor =
        virtual_time().1.function("work", |_, context| async move { Ok(Value::from(context.execution_arn())) }).build();
    let program = Arc::new(sfn_core::program::Program::compile(&work("")));
    let execution = executor.start_program(program, Identity::local("orders", "first"), Value::Null).await;
    let execution = execution.expect("the execution starts");
    let arn = "arn:aws:states:us-east-1:123456789012:execution:orders:first";
    assert_eq!(execution.output().await, Ok(Value::from(arn)));
    assert_eq!(execution.arn(), arn);
}

#[test]
fn an_execution_needs_a_runtime() {
    let executor = Executor::builder().build();
    let definition = work("");
    let mut starting = std::pin::pin!(executor.start_document(&definition, Value::Null));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let polled = Future::poll(starting.as_mut(), &mut context);
    assert!(matches!(polled, std::task::Poll::Ready(Err(StartError::NoRuntime))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_virtual_clock_serves_several_threads() {
    let (clock, builder) = virtual_time();
    let begun = clock.now();
    let executor = builder
        .function("work", |input, context| async move {
            context.sleep(Duration::from_secs(input.as_i64().unwrap_or_default().unsigned_abs())).await;
            Ok(input)
        })
        .build();
    let definition = definition(&format!(
        r#"{{"Rest": {{"Type": "Wait", "Seconds": 10}},
            "Work": {{"Type": "Task", "Resource": "{WORK}", "TimeoutSeconds": 100, "Next": "Again",
                "Retry": [{{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 10, "MaxAttempts": 1}}],
                "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "Late"}}]}},
            "Again": {{"Type": "Wait", "Seconds": 10, "Next": "Done"}},
            "Late": {{"Type": "Pass", "Result": "late", "End": true}},
            "Done": {{"Type": "Succeed"}}}}"#
    ));
    let hold = clock.hold();
    let mut executions = Vec::new();
    for number in 0..200 {
        executions.push(start(&executor, &definition, &number.to_string()).await);
    }
    drop(hold);
    for (number, execution) in executions.iter().enumerate() {
        // At 100 seconds the answer and the timeout come in one moment: whichever is first.
        let (expected, end) = match number {
            0..100 => (Value::from(number), 20 + number as i64),
            100 => continue,
            _ => (Value::from("late"), 220),
        };
        assert_eq!(execution.output().await, Ok(expected));
        assert_eq!(execution.history().last().map(|event| event.timestamp - begun), Some(end * 1000), "{number}");
    }
    executor.shutdown().await;
}
