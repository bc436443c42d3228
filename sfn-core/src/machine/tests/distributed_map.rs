use super::harness::{Answer, Run, START, answers, json, run, run_on};
use crate::machine::{Event, Quotas, Status};
use crate::object_store::MemoryStore;

/// A Map in mode DISTRIBUTED with a Task `Work`, and these fields besides.
fn map(fields: &str) -> String {
    format!(
        r#"{{"Type": "Map", {fields} "ItemProcessor": {{
            "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, "StartAt": "Work",
            "States": {{"Work": {{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
            "End": true}}}}}}}}"#
    )
}

fn machine(fields: &str, more: &str) -> String {
    format!(r#"{{"StartAt": "Map", "States": {{"Map": {} {more}}}}}"#, map(fields))
}

const BOOM: [(&str, &str); 1] = [("Work", "Boom")];

fn failing() -> super::harness::Answers {
    BOOM.iter().map(|(state, error)| (*state, vec![Answer::Fail(error, "no luck")])).collect()
}

fn check(run: &Run, outline: &str) {
    let expected: String = outline.lines().map(|line| format!("{}\n", line.trim())).collect();
    assert_eq!(run.outline(), expected);
}

#[test]
fn its_events() {
    let answers = answers([("Work", vec![Answer::Succeed(json("7"))])]);
    let run = run(&machine(r#""Label": "L", "End": true,"#, ""), "[1, 2]", &answers);
    assert_eq!(run.output().to_json(), "[7,7]");
    check(
        &run,
        "1<-0 ExecutionStarted
         2<-0 MapStateEntered
         3<-2 MapStateStarted
         4<-3 MapRunStarted
         5<-4 MapRunSucceeded
         6<-5 MapStateSucceeded
         7<-4 MapStateExited
         8<-7 ExecutionSucceeded",
    );
    let details = |index: usize| run.history()[index].details.as_ref().map(|details| details.to_json());
    assert_eq!(details(2).as_deref(), Some(r#"{"length":2}"#));
    let arn = details(3).unwrap_or_default();
    assert!(arn.starts_with(r#"{"mapRunArn":"arn:aws:states:us-east-1:123456789012:mapRun:tested/L:"#), "{arn}");
}

#[test]
fn a_label_is_made_where_none_is_said_and_stays_the_same() {
    let answers = answers([("Work", vec![Answer::Succeed(json("7"))])]);
    let label = || {
        let run = run(&machine(r#""End": true,"#, ""), "[1]", &answers);
        let plan = run.log.iter().find_map(|record| match &record.event {
            Event::MapRunStarted { plan, .. } => Some(plan.clone()),
            _ => None,
        });
        plan.expect("the Map Run began").label.clone()
    };
    assert_eq!(label().len(), 36);
    assert_eq!(label(), label());
}

#[test]
fn a_run_that_fails_is_retried_then_caught() {
    let fields = r#""Next": "Done", "Retry": [{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"],
        "IntervalSeconds": 3, "MaxAttempts": 1}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}],"#;
    let run = run(&machine(fields, r#", "Done": {"Type": "Succeed"}"#), "[1]", &failing());
    check(
        &run,
        "1<-0 ExecutionStarted
         2<-0 MapStateEntered
         3<-2 MapStateStarted
         4<-3 MapRunStarted
         5<-4 MapRunFailed
         6<-5 MapStateStarted
         7<-6 MapRunStarted
         8<-7 MapRunFailed
         9<-8 MapStateFailed
         10<-9 MapStateExited
         11<-10 SucceedStateEntered
         12<-11 SucceedStateExited
         13<-12 ExecutionSucceeded",
    );
    assert_eq!(run.elapsed(), 3000);
    assert_eq!(
        run.output().to_json(),
        r#"{"Error":"States.ExceedToleratedFailureThreshold","Cause":"The specified tolerated failure threshold was exceeded"}"#
    );
}

#[test]
fn a_failure_that_nobody_catches() {
    let run = run(&machine(r#""End": true,"#, ""), "[1]", &failing());
    check(
        &run,
        "1<-0 ExecutionStarted
         2<-0 MapStateEntered
         3<-2 MapStateStarted
         4<-3 MapRunStarted
         5<-4 MapRunFailed
         6<-5 MapStateFailed
         7<-6 ExecutionFailed",
    );
}

#[test]
fn settings_that_cannot_be_had_fail_the_execution_before_the_run() {
    let prefix = "An error occurred while executing the state 'Map' (entered at the event id #2). ";
    let cases = [
        (r#""ToleratedFailureCountPath": "$.count","#, "ToleratedFailureCount cannot be negative."),
        (
            r#""ItemBatcher": {"MaxItemsPerBatchPath": "$.text"},"#,
            "The MaxItemsPerBatchPath field refers to value \"many\" which is not a valid integer: $.text",
        ),
        (
            r#""ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket.$": "$.count"}},"#,
            "The field 'Bucket' of ResultWriter must be a string but was: -1",
        ),
    ];
    for (fields, cause) in cases {
        let fields = format!(r#"{fields} "ItemsPath": "$.items", "End": true,"#);
        let run = run(&machine(&fields, ""), r#"{"items": [1], "count": -1, "text": "many"}"#, &failing());
        assert_eq!(run.error(), ("States.Runtime".to_owned(), format!("{prefix}{cause}")));
        check(
            &run,
            "1<-0 ExecutionStarted
             2<-0 MapStateEntered
             3<-2 MapStateStarted
             4<-3 ExecutionFailed",
        );
    }
}

#[test]
fn a_run_is_stopped_with_its_branch() {
    let fail = r#"{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 1, "Next": "Fail"},
        "Fail": {"Type": "Fail", "Error": "Enough"}}}"#;
    let branch =
        format!(r#"{{"StartAt": "Map", "States": {{"Map": {}}}}}"#, map(r#""ItemsPath": "$.items", "End": true,"#));
    let parallel = format!(
        r#"{{"StartAt": "Both", "States": {{"Both": {{"Type": "Parallel", "Branches": [{branch}, {fail}], "End": true}}}}}}"#
    );
    let late = || answers([("Work", vec![Answer::Later(5000, Box::new(Answer::Succeed(json("1"))))])]);
    let run = run(&parallel, r#"{"items": [1]}"#, &late());
    assert_eq!(run.error().0, "Enough");
    assert_eq!(run.cancelled, 1);
    assert_eq!(run.clock - START, 1000);
    assert!(run.history().iter().any(|event| event.kind == "MapStateAborted"));
}

#[test]
fn a_run_is_stopped_with_its_execution() {
    let definition = machine(r#""End": true,"#, "").replacen('{', r#"{"TimeoutSeconds": 2, "#, 1);
    let late = answers([("Work", vec![Answer::Later(5000, Box::new(Answer::Succeed(json("1"))))])]);
    let run = run(&definition, "[1]", &late);
    assert_eq!(run.machine.status(), &Status::TimedOut);
    assert_eq!(run.cancelled, 1);
}

#[test]
fn items_are_read_and_results_are_selected() {
    let mut store = MemoryStore::default();
    store.insert("data", "rows.csv", "n\n1\n2\n");
    let fields = r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "CSV",
        "CSVHeaderLocation": "FIRST_ROW"}, "Parameters": {"Bucket.$": "$.bucket", "Key": "rows.csv"}},
        "ResultSelector": {"many.$": "States.ArrayLength($)"}, "ResultPath": "$.result", "End": true,"#;
    let answers = answers([("Work", vec![Answer::Succeed(json("7"))])]);
    let run = run_on(store, &machine(fields, ""), r#"{"bucket": "data"}"#, &answers, Quotas::default());
    assert_eq!(run.output().to_json(), r#"{"bucket":"data","result":{"many":2}}"#);
    let length = run.history()[2].details.as_ref().and_then(|details| details.get("length").cloned());
    assert_eq!(length, Some(json("0")), "a reader's items are not known yet");
}
