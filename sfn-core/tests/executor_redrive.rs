//! Redrive, stop and update on the executor: executions, their Map Runs and their children.
#![cfg(feature = "executor")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::executor::{Clock, Execution, Executor, MapRunUpdate, MapRunUpdateError, RedriveError, VirtualClock};
use sfn_core::machine::{NotRedrivable, Status};
use sfn_core::map_run::MapRunStatus;
use sfn_core::task::Error;

const START: i64 = 1_704_067_200_000;
const TASK: &str = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work""#;

fn json(text: &str) -> Value {
    Value::parse(text).expect("the test's JSON is right")
}

fn parse(text: &str) -> Definition {
    Definition::parse_json(text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// A Distributed Map with these fields, whose children pass a state before they come to their task.
fn map(fields: &str, execution_type: &str) -> Definition {
    parse(&format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", {fields} "End": true, "ItemProcessor": {{
            "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "{execution_type}"}},
            "StartAt": "Before", "States": {{"Before": {{"Type": "Pass", "Next": "Work"}}, "Work": {{{TASK}, "End": true}}}}}}}}}}}}"#
    ))
}

fn kinds(execution: &Execution) -> Vec<&'static str> {
    execution.history().iter().map(|event| event.kind).collect()
}

/// An executor whose function fails for 2 until `well`, and counts its calls.
fn failing(well: &Arc<AtomicBool>, calls: &Arc<AtomicUsize>) -> Executor {
    let (well, calls) = (well.clone(), calls.clone());
    Executor::builder()
        .clock(VirtualClock::starting_at(START))
        .function("work", move |item, context| {
            let (well, calls) = (well.clone(), calls.clone());
            async move {
                calls.fetch_add(1, Ordering::SeqCst);
                context.sleep(Duration::from_secs(if item == Value::from(2) { 35 } else { 10 })).await;
                match item == Value::from(2) && !well.load(Ordering::SeqCst) {
                    true => Err(Error::new("Boom", "no luck")),
                    false => Ok(item),
                }
            }
        })
        .build()
}

#[tokio::test]
async fn an_execution_goes_on_where_it_failed() {
    let (well, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let executor = failing(&well, &calls);
    let definition = parse(&format!(
        r#"{{"StartAt": "Work", "States": {{"Work": {{{TASK}, "Next": "Done"}}, "Done": {{"Type": "Succeed"}}}}}}"#
    ));
    let execution = executor.start_document(&definition, json("2")).await.expect("it starts");
    assert_eq!(executor.redrive(&execution).await, Err(RedriveError::NotRedrivable(NotRedrivable::Running)));
    assert!(matches!(execution.ended().await, Status::Failed(_)));
    assert_eq!(execution.redrivable(), Ok(()));
    well.store(true, Ordering::SeqCst);
    executor.redrive(&execution).await.expect("it is redrivable");
    assert_eq!(execution.output().await, Ok(json("2")), "the handle stays");
    assert_eq!(execution.redrive_count(), 1);
    assert_eq!(
        kinds(&execution)[4..],
        [
            "LambdaFunctionFailed",
            "ExecutionFailed",
            "ExecutionRedriven",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "SucceedStateEntered",
            "SucceedStateExited",
            "ExecutionSucceeded",
        ]
    );
    assert_eq!(executor.redrive(&execution).await, Err(RedriveError::NotRedrivable(NotRedrivable::Succeeded)));
    executor.shutdown().await;
}

#[tokio::test]
async fn an_execution_that_was_stopped_waits_for_its_token_again() {
    let clock = VirtualClock::starting_at(START);
    let tokens = Arc::new(Mutex::new(Vec::new()));
    let seen = tokens.clone();
    let executor = Executor::builder()
        .clock(clock.clone())
        .fallback(move |_, context| {
            let (seen, token) = (seen.clone(), context.token().map(str::to_owned));
            async move {
                seen.lock().expect("nobody panicked").extend(token);
                Ok(Value::Null)
            }
        })
        .build();
    let definition = parse(
        r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}}}}"#,
    );
    let execution = executor.start_document(&definition, json("{}")).await.expect("it starts");
    let asked = async |number: usize| {
        loop {
            if let Some(token) = tokens.lock().expect("nobody panicked").get(number - 1).cloned() {
                return token;
            }
            tokio::task::yield_now().await;
        }
    };
    let first = asked(1).await;
    execution.stop(Some("Enough"), Some("for now")).await;
    let Status::Aborted(failure) = execution.ended().await else { panic!("it was stopped") };
    assert_eq!(failure.error.as_deref(), Some("Enough"));
    executor.redrive(&execution).await.expect("it is redrivable");
    let second = asked(2).await;
    assert!(executor.send_task_success(&first, json("1")).await.is_err(), "nobody waits for the first token");
    executor.send_task_success(&second, json("2")).await.expect("it waits for the second");
    assert_eq!(execution.output().await, Ok(json("2")));
    executor.shutdown().await;
}

#[tokio::test]
async fn a_map_run_goes_on_with_the_children_that_failed() {
    for kind in ["STANDARD", "EXPRESS"] {
        let (well, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let executor = failing(&well, &calls);
        let definition = map(r#""MaxConcurrency": 2,"#, kind);
        let execution = executor.start_document(&definition, json("[1, 2, 3, 4]")).await.expect("it starts");
        assert!(matches!(execution.ended().await, Status::Failed(_)));
        let runs = execution.map_runs();
        let [run] = runs.as_slice() else { panic!("one Map Run: {runs:?}") };
        let failed = run.describe();
        assert!(matches!(failed.status, MapRunStatus::Failed(_)));
        assert_eq!((failed.counts.items.failed, failed.counts.items.succeeded), (1, 3), "{failed:?}");
        well.store(true, Ordering::SeqCst);
        executor.redrive(&execution).await.expect("it is redrivable");
        assert_eq!(execution.output().await, Ok(json("[1,2,3,4]")));
        assert_eq!(calls.load(Ordering::SeqCst), 5, "each, and 2 again");
        let ended = run.describe();
        assert_eq!((ended.counts.items.succeeded, ended.counts.executions.total, ended.redrive_count), (4, 4, 1));
        assert_eq!(execution.map_runs().len(), 1);
        let tail = [
            "MapRunFailed",
            "MapStateFailed",
            "ExecutionFailed",
            "ExecutionRedriven",
            "MapRunRedriven",
            "MapRunSucceeded",
            "MapStateSucceeded",
            "MapStateExited",
            "ExecutionSucceeded",
        ];
        assert_eq!(kinds(&execution)[4..], tail);
        executor.shutdown().await;
    }
}

#[tokio::test]
async fn a_stop_aborts_map_runs_and_their_children_and_a_redrive_takes_them_up() {
    let slow = Arc::new(AtomicBool::new(true));
    let (slowly, (begun, mut begin)) = (slow.clone(), tokio::sync::mpsc::unbounded_channel());
    let executor = Executor::builder()
        .function("work", move |item, _| {
            let (slowly, begun) = (slowly.clone(), begun.clone());
            async move {
                let _ = begun.send(());
                match slowly.load(Ordering::SeqCst) {
                    true => std::future::pending().await,
                    false => Ok(item),
                }
            }
        })
        .grace(Duration::from_millis(1))
        .build();
    let definition = map("", "STANDARD");
    let execution = executor.start_document(&definition, json("[1, 2, 3]")).await.expect("it starts");
    for _ in 0..3 {
        begin.recv().await.expect("each child begins");
    }
    let runs = execution.map_runs();
    assert_eq!(runs[0].describe().counts.executions.running, 3);
    execution.stop(None, None).await;
    assert!(matches!(execution.ended().await, Status::Aborted(_)));
    assert_eq!(kinds(&execution)[3..], ["MapRunStarted", "ExecutionAborted"]);
    let aborted = runs[0].wait_until(|run| run.status.is_terminal()).await;
    assert_eq!((aborted.status, aborted.counts.executions.aborted), (MapRunStatus::Aborted, 3));
    slow.store(false, Ordering::SeqCst);
    executor.redrive(&execution).await.expect("it is redrivable");
    assert_eq!(execution.output().await, Ok(json("[1,2,3]")));
    assert_eq!(runs[0].describe().counts.executions.aborted, 0);
    executor.shutdown().await;
}

#[tokio::test]
async fn limits_of_a_map_run_change_while_it_runs() {
    let clock = VirtualClock::starting_at(START);
    let executor = Executor::builder()
        .clock(clock.clone())
        .function("work", |item, context| async move {
            context.sleep(Duration::from_secs(60)).await;
            if item.as_i64().is_some_and(|item| item % 2 == 0) { Err(Error::new("Boom", "even")) } else { Ok(item) }
        })
        .build();
    let items = Value::array((1..=20).map(Value::from));
    let hold = clock.hold();
    let definition = map(r#""MaxConcurrency": 1,"#, "STANDARD");
    let execution = executor.start_document(&definition, items).await.expect("it starts");
    let run = loop {
        match execution.map_runs().pop() {
            Some(run) => break run,
            None => tokio::task::yield_now().await,
        }
    };
    run.wait_until(|run| run.counts.executions.running == 1).await;
    let bad = MapRunUpdate { tolerated_failure_percentage: Some(101.0), ..MapRunUpdate::default() };
    assert_eq!(run.update(bad).await, Err(MapRunUpdateError::Percentage));
    let update =
        MapRunUpdate { max_concurrency: Some(10), tolerated_failure_count: Some(10), ..MapRunUpdate::default() };
    run.update(update).await.expect("it runs");
    assert_eq!(run.describe().max_concurrency, 10);
    run.wait_until(|run| run.counts.executions.running == 10).await;
    drop(hold);
    assert!(matches!(execution.ended().await, Status::Succeeded { .. }), "ten failures are tolerated");
    assert_eq!(executor.now() - START, 120_000, "ten at once");
    let counts = run.describe().counts.executions;
    assert_eq!((counts.succeeded, counts.failed), (10, 10));
    assert_eq!(run.update(update).await, Err(MapRunUpdateError::Completed));
    executor.shutdown().await;
}
