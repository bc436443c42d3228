//! States, transitions, Retry, Catch, Parallel and Map, by what the history shows.

use super::harness::{Answer, Answers, answers, json, run, run_with};
use crate::machine::{Quotas, Status};

const LAMBDA: &str = "arn:aws:states:::lambda:invoke";

fn fail(error: &'static str) -> Answer {
    Answer::Fail(error, "because")
}

fn succeed(text: &str) -> Answer {
    Answer::Succeed(json(text))
}

#[test]
fn a_pass_hands_its_input_on() {
    let run = run(r#"{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}"#, r#"{"a":1}"#, &Answers::new());
    assert_eq!(run.output(), json(r#"{"a":1}"#));
    assert_eq!(
        run.outline(),
        "1<-0 ExecutionStarted\n2<-0 PassStateEntered\n3<-2 PassStateExited\n4<-3 ExecutionSucceeded\n"
    );
}

#[test]
fn a_task_shows_its_scheduling_and_its_result() {
    let text = format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","End":true}}}}}}"#);
    let run = run(&text, "{}", &answers([("A", vec![succeed("[1]")])]));
    assert_eq!(run.output(), json("[1]"));
    assert_eq!(
        run.outline(),
        "1<-0 ExecutionStarted\n2<-0 TaskStateEntered\n3<-2 TaskScheduled\n4<-3 TaskStarted\n5<-4 TaskSucceeded\n\
         6<-5 TaskStateExited\n7<-6 ExecutionSucceeded\n"
    );
}

#[test]
fn a_lambda_arn_has_events_of_its_own() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Task",
        "Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","End":true}}}"#;
    let run = run(text, "{}", &answers([("A", vec![fail("Oops")])]));
    assert_eq!(run.error(), ("Oops".to_owned(), "because".to_owned()));
    let kinds: Vec<_> = run.history().iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionFailed",
            "ExecutionFailed"
        ]
    );
}

/// The retriers are tried in order, each counts for itself, and a Catch comes when they are used up.
#[test]
fn retry_then_catch() {
    let text = format!(
        r#"{{"StartAt":"A","States":{{
            "A":{{"Type":"Task","Resource":"{LAMBDA}","Next":"B",
                "Retry":[{{"ErrorEquals":["Slow"],"MaxAttempts":1,"IntervalSeconds":5}},
                         {{"ErrorEquals":["States.ALL"],"MaxAttempts":2,"IntervalSeconds":1,"BackoffRate":3}}],
                "Catch":[{{"ErrorEquals":["Other"],"Next":"B"}},{{"ErrorEquals":["States.TaskFailed"],"Next":"C"}}]}},
            "B":{{"Type":"Pass","End":true}},
            "C":{{"Type":"Pass","End":true}}}}}}"#
    );
    let run = run(&text, "{}", &answers([("A", vec![fail("X"), fail("Slow"), fail("X"), fail("X")])]));
    assert_eq!(run.path(), ["A", "C"]);
    assert_eq!(run.output(), json(r#"{"Error":"X","Cause":"because"}"#));
    assert_eq!(run.elapsed(), 1_000 + 5_000 + 3_000);
}

#[test]
fn a_history_that_is_full_ends_the_execution() {
    // Pure states in a circle: nothing but the quota ends them.
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"End":{"Type":"Succeed"},
        "B":{"Type":"Choice","Choices":[{"Variable":"$.x","IsPresent":true,"Next":"A"}],"Default":"End"}}}"#;
    let quotas = Quotas { history_events: 1000, ..Quotas::default() };
    let run = run_with(text, r#"{"x":1}"#, &Answers::new(), quotas);
    let (error, cause) = run.error();
    assert_eq!(error, "States.Runtime");
    assert_eq!(cause, "The execution reached the maximum number of history events (1000).");
    assert_eq!(run.history().len(), 1000);
}

#[test]
fn parallel_branches_give_an_array() {
    let text = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,"Branches":[
            {{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","End":true}}}}}},
            {{"StartAt":"B","States":{{"B":{{"Type":"Pass","Result":"b","End":true}}}}}}]}}}}}}"#
    );
    let run = run(&text, "{}", &answers([("A", vec![Answer::Later(5, Box::new(succeed("1")))])]));
    assert_eq!(run.output(), json(r#"[1,"b"]"#));
}

/// One failing branch stops the others; their tasks are cancelled.
#[test]
fn a_failing_branch_stops_the_others() {
    let text = format!(
        r#"{{"StartAt":"P","States":{{"P":{{"Type":"Parallel","End":true,
            "Catch":[{{"ErrorEquals":["States.ALL"],"Next":"Caught"}}],"Branches":[
            {{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","End":true}}}}}},
            {{"StartAt":"B","States":{{"B":{{"Type":"Task","Resource":"{LAMBDA}","End":true}}}}}}]}},
            "Caught":{{"Type":"Pass","End":true}}}}}}"#
    );
    let run = run(&text, "{}", &answers([("A", vec![Answer::Never]), ("B", vec![fail("Bad")])]));
    assert_eq!(run.output(), json(r#"{"Error":"Bad","Cause":"because"}"#));
    assert_eq!(run.cancelled, 1);
    let kinds: Vec<_> = run.history().iter().map(|event| event.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "TaskStateAborted").count(), 2);
    assert!(kinds.contains(&"ParallelStateFailed"));
}

/// MaxConcurrency 1: the next iteration follows the last event within the one before.
#[test]
fn map_one_after_the_other() {
    let text = r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,
        "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}"#;
    let run = run(text, r#"["x","y"]"#, &Answers::new());
    assert_eq!(run.output(), json(r#"["x","y"]"#));
    assert_eq!(
        run.outline(),
        "1<-0 ExecutionStarted\n2<-0 MapStateEntered\n3<-2 MapStateStarted\n4<-3 MapIterationStarted\n\
         5<-4 PassStateEntered\n6<-5 PassStateExited\n7<-6 MapIterationSucceeded\n8<-6 MapIterationStarted\n\
         9<-8 PassStateEntered\n10<-9 PassStateExited\n11<-10 MapIterationSucceeded\n12<-11 MapStateSucceeded\n\
         13<-11 MapStateExited\n14<-13 ExecutionSucceeded\n"
    );
}

#[test]
fn an_empty_map_gives_an_empty_array() {
    let text = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
        "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}"#;
    assert_eq!(run(text, "[]", &Answers::new()).output(), json("[]"));
}

/// A Map retries as a whole, without failing in between; iterations that run are stopped.
#[test]
fn a_map_retries_as_a_whole() {
    let text = r#"{"StartAt":"M","States":{"M":{"Type":"Map","MaxConcurrency":1,"End":true,
        "Retry":[{"ErrorEquals":["Bad"],"MaxAttempts":1}],
        "ItemProcessor":{"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Bad"}}}}}}"#;
    let run = run(text, "[1]", &Answers::new());
    assert_eq!(run.error().0, "Bad");
    assert_eq!(
        run.outline(),
        "1<-0 ExecutionStarted\n2<-0 MapStateEntered\n3<-2 MapStateStarted\n4<-3 MapIterationStarted\n\
         5<-4 FailStateEntered\n6<-5 MapIterationFailed\n7<-5 MapStateStarted\n8<-7 MapIterationStarted\n\
         9<-8 FailStateEntered\n10<-9 MapIterationFailed\n11<-9 MapStateFailed\n12<-11 ExecutionFailed\n"
    );
}

#[test]
fn a_result_beyond_the_quota_is_a_failure_of_the_task() {
    let text = format!(
        r#"{{"StartAt":"A","States":{{
            "A":{{"Type":"Task","Resource":"{LAMBDA}","Catch":[{{"ErrorEquals":["States.ALL"],"Next":"B"}}],"End":true}},
            "B":{{"Type":"Pass","End":true}}}}}}"#
    );
    let large = Answer::Succeed(sfn_asl::Value::from("x".repeat(256 << 10)));
    let run = run(&text, "{}", &answers([("A", vec![large])]));
    assert_eq!(run.path(), ["A", "B"]);
    assert_eq!(run.output().get("Error").and_then(|error| error.as_str()), Some("States.DataLimitExceeded"));
}

#[test]
fn an_execution_that_only_waits_for_a_task_stays_running() {
    let text = format!(r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","End":true}}}}}}"#);
    let run = run(&text, "{}", &answers([("A", vec![Answer::Never])]));
    assert_eq!(*run.machine.status(), Status::Running);
}

/// The Catcher of a Parallel fails itself: the state ends once, with the Catcher's failure.
#[test]
fn a_catcher_that_fails_ends_the_state_once() {
    let text = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
            {"StartAt":"F","States":{"F":{"Type":"Fail","Error":"Bad"}}}],
            "Catch":[{"ErrorEquals":["Bad"],"Assign":{"x.$":"$.missing"},"Next":"Caught"}]},
        "Caught":{"Type":"Pass","End":true}}}"#;
    let jsonpath = run(text, "{}", &Answers::new());
    assert_eq!(jsonpath.error().0, "States.Runtime");
    let text = text
        .replace(r#""StartAt":"P""#, r#""QueryLanguage":"JSONata","StartAt":"P""#)
        .replace(r#""x.$":"$.missing""#, r#""x":"{% $states.errorOutput.missing %}""#);
    let jsonata = run(&text, "{}", &Answers::new());
    assert_eq!(jsonata.error().0, "States.QueryEvaluationError");
    let kinds: Vec<_> = jsonata.history().iter().map(|event| event.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == "ParallelStateFailed").count(), 1);
}

/// The first failure stops the others before they go on, and what the state fails with is its.
#[test]
fn one_failing_branch_is_the_last_event_of_its_parallel() {
    let text = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"I","States":{"I":{"Type":"Fail","Error":"E1"}}},
        {"StartAt":"J","States":{"J":{"Type":"Fail","Error":"E2"}}}]}}}"#;
    let parallel = run(text, "{}", &Answers::new());
    assert_eq!(parallel.error().0, "E1");
    assert_eq!(
        parallel.outline(),
        "1<-0 ExecutionStarted\n2<-0 ParallelStateEntered\n3<-2 ParallelStateStarted\n4<-3 FailStateEntered\n\
         5<-4 ParallelStateFailed\n6<-5 ExecutionFailed\n"
    );
    let text = r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,
        "ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Fail","Error":"E"}}}}}}"#;
    let outline = run(text, "[1,2,3]", &Answers::new()).outline();
    assert!(outline.ends_with("MapIterationAborted\n11<-7 MapStateFailed\n12<-11 ExecutionFailed\n"), "{outline}");
}

/// Deadlines of one instant: what follows from the first happens before the second, also after a recovery.
#[test]
fn deadlines_of_one_instant_come_one_after_the_other() {
    let text = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1,"Next":"A1"},"A1":{"Type":"Parallel","End":true,
            "Branches":[{"StartAt":"A2","States":{"A2":{"Type":"Fail","Error":"EA"}}}]}}},
        {"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"Next":"B2"},"B2":{"Type":"Fail","Error":"EB"}}}]}}}"#;
    assert_eq!(run(text, "{}", &Answers::new()).error().0, "EA");
}

#[test]
fn a_timeout_of_zero_is_refused() {
    let text = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","TimeoutSecondsPath":"$.t","End":true}}}}}}"#
    );
    assert_eq!(run(&text, r#"{"t":0}"#, &Answers::new()).error().0, "States.Runtime");
    assert_eq!(run(&text, r#"{"t":9223372036854775807}"#, &Answers::new()).error().0, "States.Runtime");
}

/// A literal that is no array is named by its value; there is no expression to name.
#[test]
fn literal_items_that_are_no_array() {
    let text = r#"{"QueryLanguage":"JSONata","StartAt":"M","States":{"M":{"Type":"Map","End":true,"Items":{"a":"{% 1 %}"},
        "ItemProcessor":{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}}}}"#;
    let quotas = Quotas { items_of_objects: false, ..Quotas::default() };
    let (error, cause) = run_with(text, "{}", &Answers::new(), quotas).error();
    assert_eq!(error, "States.QueryEvaluationError");
    assert!(cause.ends_with(r#"Map state items must be an array but were: {"a":1}"#), "{cause}");
}

/// `Items` may be an object: its members are the items, in order, as pairs, and each has its key in the context object.
#[test]
fn a_map_over_an_object() {
    let machine = |config: &str, selector: &str, items: &str| {
        format!(
            r#"{{"StartAt":"M","QueryLanguage":"JSONata","States":{{"M":{{"Type":"Map","Items":{items},{selector}"End":true,
            "ItemProcessor":{{{config}"StartAt":"A","States":{{"A":{{"Type":"Pass","End":true}}}}}}}}}}}}"#
        )
    };
    let child = r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#;
    let selector = r#""ItemSelector":"{% $states.context.Map.Item.(Key & Index) %}","#;
    for items in [r#""{% {'b': 1, 'a': [2]} %}""#, r#"{"b":1,"a":"{% [2] %}"}"#, r#""{% $states.input %}""#] {
        for config in ["", child] {
            let input = r#"{"b":1,"a":[2]}"#;
            assert_eq!(
                run(&machine(config, "", items), input, &Answers::new()).output(),
                json(r#"[{"Key":"b","Value":1},{"Key":"a","Value":[2]}]"#)
            );
            let selected = run(&machine(config, selector, items), input, &Answers::new());
            assert_eq!(selected.output(), json(r#"["b0","a1"]"#), "{items} {config}");
        }
    }
    // Within the iteration the context object has the key, too.
    let inside = machine("", "", r#"{"x":1}"#).replace(
        r#""Type":"Pass","End":true"#,
        r#""Type":"Pass","Output":"{% $states.context.Map.Item %}","End":true"#,
    );
    assert_eq!(run(&inside, "{}", &Answers::new()).output(), json(r#"[{"Index":0,"Key":"x","Value":1}]"#));
    let run_until_2025 = |items: &str| {
        let quotas = Quotas { items_of_objects: false, ..Quotas::default() };
        run_with(&machine("", "", items), "{}", &Answers::new(), quotas)
    };
    let (error, cause) = run_until_2025(r#""{% {'b': 1} %}""#).error();
    assert_eq!(error, "States.QueryEvaluationError");
    assert!(cause.ends_with(r#"Expected 'array', but was 'object' for value: {"b":1}"#), "{cause}");
}

/// AWS passes on 256 characters of a name and 32,768 of a cause.
#[test]
fn long_errors_are_cut() {
    let long = |length: usize| "ä".repeat(length);
    let text = |error: &str, cause: &str| {
        format!(r#"{{"StartAt":"F","States":{{"F":{{"Type":"Fail","Error":"{error}","Cause":"{cause}"}}}}}}"#)
    };
    for (given, kept) in
        [((256, 32_768), (256, 32_768)), ((257, 32_769), (256, 32_768)), ((9_000, 90_000), (256, 32_768))]
    {
        let run = run(&text(&long(given.0), &long(given.1)), "{}", &Answers::new());
        assert_eq!(run.error(), (long(kept.0), long(kept.1)));
    }
    // What a Catch receives is cut already.
    let text = format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"{LAMBDA}","Catch":[{{"ErrorEquals":["States.ALL"],"Next":"B"}}],
            "End":true}},"B":{{"Type":"Succeed"}}}}}}"#
    );
    let cause: &'static str = Box::leak("x".repeat(40_000).into_boxed_str());
    let output = run(&text, "{}", &answers([("A", vec![Answer::Fail("E", cause)])])).output();
    assert_eq!(output.get("Cause").and_then(|cause| cause.as_str()).map(str::len), Some(32_768));
}

/// Express executions have no quota of events; one that loops while the clock stands still ends as if its time were over.
#[test]
fn an_express_execution_that_loops_ends() {
    let text = format!(
        r#"{{"StartAt":"M","QueryLanguage":"JSONata","States":{{"M":{{"Type":"Map","Items":[1],"End":true,"ItemProcessor":{{
            "ProcessorConfig":{{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}},"StartAt":"A","States":{{"A":{{"Type":"Task",
            "Resource":"{LAMBDA}","TimeoutSeconds":"{{% $missing %}}","Catch":[{{"ErrorEquals":["States.ALL"],"Next":"A"}}],"End":true}}}}}}}}}}}}"#
    );
    let run = run_with(&text, "{}", &Answers::new(), Quotas { express_events: 1_000, ..Quotas::default() });
    let (error, cause) = run.error();
    assert_eq!(error, "States.ExceedToleratedFailureThreshold", "{cause}");
    assert_eq!(run.clock, super::harness::START);
}
