use sfn_asl::value::Value;

use super::harness::{PASS, START, TASK, map, request, run, run_with};
use crate::item_reader::Item;
use crate::machine::{Now, Quotas, Rejected, Status};
use crate::map_run::{MapRun, MapRunCommand, MapRunEffects, MapRunEvent, MapRunInput, MapRunStatus, Tolerance};
use crate::object_store::MemoryStore;

const EXCEEDED: &str = "States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded";

#[test]
fn results_stand_in_the_order_of_the_items() {
    let input = r#"[{"after": 30, "n": 0}, {"after": 10, "n": 1}, {"after": 20, "n": 2}]"#;
    let ran = run(&map("", TASK), input, MemoryStore::default());
    assert_eq!(ran.outcome(), r#"[{"after":30,"n":0},{"after":10,"n":1},{"after":20,"n":2}]"#);
    assert_eq!(ran.finished.time - START, 30);
    let ran = run(&map(r#""MaxConcurrency": 1"#, TASK), input, MemoryStore::default());
    assert_eq!(ran.finished.time - START, 60, "one after the other");
    let ran = run(&map(r#""MaxConcurrency": 2"#, TASK), input, MemoryStore::default());
    assert_eq!(ran.finished.time - START, 30, "the third takes the place of the second");
    let ran = run(&map("", PASS), "[]", MemoryStore::default());
    assert_eq!(ran.outcome(), "[]");
}

#[test]
fn when_failures_are_too_many() {
    let tolerance = |count, percentage| Tolerance { count, percentage };
    let cases = [
        (tolerance(None, None), 0, Some(9), false),
        (tolerance(None, None), 1, None, true),
        (tolerance(Some(0), None), 1, None, true),
        (tolerance(Some(2), None), 2, None, false),
        (tolerance(Some(2), None), 3, None, true),
        (tolerance(None, Some(0.0)), 1, None, true),
        (tolerance(None, Some(50.0)), 5, Some(10), false),
        (tolerance(None, Some(50.0)), 6, Some(10), true),
        (tolerance(None, Some(50.0)), 6, None, false),
        (tolerance(None, Some(100.0)), 10, Some(10), false),
        (tolerance(Some(1), Some(50.0)), 2, Some(10), true),
        (tolerance(Some(9), Some(10.0)), 2, Some(10), true),
        (tolerance(None, Some(33.3)), 0, Some(0), false),
    ];
    for (tolerance, failed, total, expected) in cases {
        assert_eq!(tolerance.is_exceeded(failed, total), expected, "{tolerance:?}: {failed} of {total:?}");
    }
}

#[test]
fn a_failure_fails_the_run_unless_it_is_tolerated() {
    let input = r#"[{"n": 0}, {"fail": "Boom"}, {"n": 2}]"#;
    let ran = run(&map("", TASK), input, MemoryStore::default());
    assert_eq!(ran.outcome(), EXCEEDED);
    let ran = run(&map(r#""ToleratedFailurePercentage": 30"#, TASK), input, MemoryStore::default());
    assert_eq!(ran.outcome(), EXCEEDED);
    for tolerated in [r#""ToleratedFailureCount": 1"#, r#""ToleratedFailurePercentage": 34"#] {
        let ran = run(&map(tolerated, TASK), input, MemoryStore::default());
        let output = ran.finished.outcome().expect("it ends").expect("the failure is tolerated");
        // What failed stands there with all that is known of it.
        let failed = output.at(1).expect("there are three results");
        assert_eq!(failed.get("Status").and_then(|status| status.as_str()), Some("FAILED"));
        assert_eq!(failed.get("Error").and_then(|status| status.as_str()), Some("Boom"));
        assert_eq!(output.at(2).map(|result| result.to_json()).as_deref(), Some(r#"{"n":2}"#));
        let counts = ran.finished.run.counts();
        assert_eq!((counts.items.succeeded, counts.items.failed, counts.items.total), (2, 1, 3));
    }
}

#[test]
fn all_items_of_a_failed_batch_count() {
    let fields = r#""ItemBatcher": {"MaxItemsPerBatch": 2}, "ToleratedFailureCount": 1"#;
    let failing = r#"{"Type": "Fail", "Error": "Boom"}"#;
    let ran = run(&map(fields, failing), "[1, 2, 3]", MemoryStore::default());
    assert_eq!(ran.outcome(), EXCEEDED);
    let counts = ran.finished.run.counts();
    assert_eq!((counts.items.failed, counts.executions.failed), (2, 1));
}

#[test]
fn what_runs_when_the_run_fails_is_stopped() {
    let input = r#"[{"after": 100}, {"after": 10, "fail": "Boom"}, {"after": 200}, {"after": 300}]"#;
    let ran = run(&map(r#""MaxConcurrency": 3"#, TASK), input, MemoryStore::default());
    assert_eq!(ran.outcome(), EXCEEDED);
    assert_eq!(ran.finished.time - START, 10);
    let counts = ran.finished.run.counts();
    assert_eq!((counts.executions.aborted, counts.executions.failed, counts.executions.running), (2, 1, 0));
    assert_eq!(counts.items.pending, 1, "the fourth was never started");
    assert_eq!(ran.log.iter().filter(|record| matches!(record.event, MapRunEvent::ChildStopped { .. })).count(), 2);
}

#[test]
fn children_are_executions_with_names_of_their_own() {
    let work = r#"{"Type": "Pass", "Parameters": {
        "id.$": "$$.Execution.Id", "machine.$": "$$.StateMachine.Id", "input.$": "$$.Execution.Input"}, "End": true}"#;
    let ran = run(&map("", work), "[1]", MemoryStore::default());
    let output = ran.finished.outcome().expect("it ends").expect("it succeeds");
    let text =
        |key: &str| output.at(0).and_then(|child| child.get(key)).map(|value| value.to_json()).unwrap_or_default();
    assert!(text("id").starts_with("\"arn:aws:states:us-east-1:123456789012:execution:tested/L:"), "{}", text("id"));
    assert_eq!(text("machine"), "\"arn:aws:states:us-east-1:123456789012:stateMachine:tested/L\"");
    assert_eq!(text("input"), "1");
    assert!(ran.finished.run.plan().arn.starts_with("arn:aws:states:us-east-1:123456789012:mapRun:tested/L:"));
}

#[test]
fn an_item_selector_that_fails_fails_the_run() {
    let ran = run(&map(r#""ItemSelector": {"a.$": "$.nothing"}"#, PASS), "[1]", MemoryStore::default());
    assert_eq!(
        ran.outcome(),
        "States.Runtime: An error occurred while executing the state 'Map' (entered at the event id #2). \
         The JSONPath '$.nothing' specified for the field 'a.$' could not be found in the input '[1]'"
    );
}

#[test]
fn results_larger_than_a_payload_fail_the_run_for_good() {
    let work = r#"{"Type": "Pass", "Result": "0123456789", "End": true}"#;
    let quotas = Quotas { payload_bytes: 60, ..Quotas::default() };
    let fitting = request(&map("", work), "[1,2,3,4]", quotas);
    assert_eq!(
        run_with(&fitting, MemoryStore::default()).outcome(),
        r#"["0123456789","0123456789","0123456789","0123456789"]"#
    );
    let ran = run_with(&request(&map("", work), "[1,2,3,4,5]", quotas), MemoryStore::default());
    assert_eq!(
        ran.outcome(),
        "States.DataLimitExceeded: The state/task 'Map' returned a result with a size exceeding the maximum number of \
         bytes service limit."
    );
    let failure = ran.finished.outcome().expect("it ends").expect_err("it fails");
    assert!(!failure.is_catchable());
}

#[test]
fn a_child_that_never_ends_keeps_the_run_from_ending() {
    let ran = run(&map("", TASK), r#"[{"n": 1}, {"never": true}]"#, MemoryStore::default());
    assert_eq!(ran.outcome(), "none");
    assert_eq!(ran.finished.run.outstanding().count(), 1);
    assert_eq!(ran.finished.run.counts().executions.succeeded, 1);
}

#[test]
fn children_wait_by_the_same_clock() {
    let waits =
        r#"{"Type": "Wait", "Seconds": 5, "Next": "More"}, "More": {"Type": "Wait", "Seconds": 1, "End": true}"#;
    let ran = run(&map("", waits), "[1, 2]", MemoryStore::default());
    assert_eq!(ran.finished.time - START, 6000);
    let ran = run(&map(r#""MaxConcurrency": 1"#, waits), "[1, 2]", MemoryStore::default());
    assert_eq!(ran.finished.time - START, 12_000);
}

#[test]
fn limits_can_be_changed_while_it_runs() {
    let request = request(&map(r#""MaxConcurrency": 1"#, TASK), "[1, 2, 3]", Quotas::default());
    let mut run = MapRun::new(&request);
    let mut effects = MapRunEffects::default();
    let now = Now { time: START, seed: 1 };
    let items = [1, 2, 3].map(|item| Item { value: Value::from(item), key: None, source: "STATE_DATA".into() });
    run.step(MapRunInput::Start, now, &mut effects).expect("it starts");
    run.step(MapRunInput::ItemsRead { items: items.into(), is_last: true }, now, &mut effects).expect("it takes them");
    assert_eq!(run.outstanding().count(), 1);
    let tolerance = Some(Tolerance { count: Some(3), percentage: None });
    run.step(MapRunInput::Update { max_concurrency: Some(2), tolerance }, now, &mut effects).expect("it takes that");
    assert_eq!(run.outstanding().count(), 2);
    let children: Vec<_> = run.outstanding().map(|request| request.child).collect();
    for child in children {
        run.step(MapRunInput::ChildEnded { child, status: Status::TimedOut }, now, &mut effects).expect("it ended");
    }
    assert_eq!((run.counts().items.timed_out, run.outstanding().count()), (2, 1), "two of three may fail");
    run.step(MapRunInput::Stop, now, &mut effects).expect("it can be stopped");
    assert_eq!(run.status(), &MapRunStatus::Aborted);
    assert_eq!(run.counts().executions.aborted, 1);
    assert!(matches!(effects.commands.last(), Some(MapRunCommand::StopChild(_))));
    let refused = run.step(MapRunInput::Continue, now, &mut effects);
    assert_eq!(refused, Err(Rejected::Ended));
}
