use super::harness::{Answer, Answers, Run, START, answers, json, run, run_with};
use crate::machine::{Effects, Event, Input, NotRedrivable, Now, Quotas, Rejected, Status};

const WORK: &str = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work""#;

fn fails() -> Vec<Answer> {
    vec![Answer::Fail("Boom", "no luck")]
}

fn gives(value: &str) -> Vec<Answer> {
    vec![Answer::Succeed(json(value))]
}

fn check(run: &Run, from: u32, outline: &str) {
    let expected: String = outline.lines().map(|line| format!("{}\n", line.trim())).collect();
    let from = run.outline().lines().skip(from as usize - 1).map(|line| format!("{line}\n")).collect::<String>();
    assert_eq!(from, expected);
}

/// Runs a definition that fails, redrives it with other answers, and compares the events of the redrive.
fn redriven(definition: &str, first: &Answers, second: &Answers) -> (Run, u32) {
    let mut run = run(definition, "{}", first);
    assert!(!matches!(run.machine.status(), Status::Succeeded { .. }), "{:?}", run.machine.status());
    let before = run.history().len();
    run.redrive(second);
    (run, u32::try_from(before).expect("the history is short") + 1)
}

#[test]
fn a_failed_task_is_scheduled_again_with_its_retries() {
    let definition = format!(
        r#"{{"StartAt": "First", "TimeoutSeconds": 100, "States": {{"First": {{"Type": "Pass", "Next": "Work"}},
            "Work": {{{WORK}, "Next": "Last", "Retry": [{{"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}}]}},
            "Last": {{"Type": "Pass", "End": true}}}}}}"#
    );
    let (mut run, from) = redriven(&definition, &answers([("Work", fails())]), &answers([("Work", fails())]));
    assert_eq!(run.error().0, "Boom");
    check(
        &run,
        from,
        "12<-11 ExecutionRedriven
         13<-12 LambdaFunctionScheduled
         14<-13 LambdaFunctionStarted
         15<-14 LambdaFunctionFailed
         16<-15 LambdaFunctionScheduled
         17<-16 LambdaFunctionStarted
         18<-17 LambdaFunctionFailed
         19<-18 ExecutionFailed",
    );
    run.redrive(&answers([("Work", gives("7"))]));
    assert_eq!(run.output().to_json(), "7");
    assert_eq!(run.path(), ["First", "Work", "Last"], "states that succeeded are not run again");
    let redrives: Vec<_> = run
        .history()
        .iter()
        .filter(|event| event.kind == "ExecutionRedriven")
        .map(|event| event.details.as_ref().map(|details| details.to_json()).unwrap_or_default())
        .collect();
    assert_eq!(redrives, [r#"{"redriveCount":1}"#, r#"{"redriveCount":2}"#]);
    assert_eq!(run.machine.redrive_count(), 2);
}

#[test]
fn the_timeout_of_the_execution_begins_anew() {
    let definition =
        format!(r#"{{"StartAt": "Work", "TimeoutSeconds": 10, "States": {{"Work": {{{WORK}, "End": true}}}}}}"#);
    let late = |after| answers([("Work", vec![Answer::Later(after, Box::new(Answer::Succeed(json("1"))))])]);
    let (run, from) = redriven(&definition, &late(11_000), &late(9_000));
    assert_eq!(run.output().to_json(), "1");
    assert_eq!(run.elapsed(), 10_000 + 1_000 + 9_000);
    check(
        &run,
        from - 1,
        "4<-0 ExecutionTimedOut
         5<-4 ExecutionRedriven
         6<-5 LambdaFunctionScheduled
         7<-6 LambdaFunctionStarted
         8<-7 LambdaFunctionSucceeded
         9<-8 TaskStateExited
         10<-9 ExecutionSucceeded",
    );
}

#[test]
fn only_branches_that_failed_go_on() {
    let definition = format!(
        r#"{{"StartAt": "Both", "States": {{"Both": {{"Type": "Parallel", "End": true, "Branches": [
            {{"StartAt": "Good", "States": {{"Good": {{{WORK}, "End": true}}}}}},
            {{"StartAt": "Before", "States": {{"Before": {{"Type": "Pass", "Result": 2, "Next": "Bad"}},
                "Bad": {{{WORK}, "End": true}}}}}},
            {{"StartAt": "Slow", "States": {{"Slow": {{{WORK}, "End": true}}}}}}]}}}}}}"#
    );
    let slow = |answer: Answer| vec![Answer::Later(1000, Box::new(answer))];
    let first = answers([
        ("Good", gives("1")),
        ("Bad", vec![Answer::Later(500, Box::new(Answer::Fail("Boom", "no luck")))]),
        ("Slow", slow(Answer::Succeed(json("9")))),
    ]);
    let second = answers([("Good", fails()), ("Bad", gives("2")), ("Slow", slow(Answer::Succeed(json("3"))))]);
    let (run, from) = redriven(&definition, &first, &second);
    assert_eq!(run.output().to_json(), "[1,2,3]");
    assert_eq!(run.path(), ["Both", "Good", "Before", "Bad", "Slow"]);
    let kinds: Vec<_> = run.history()[from as usize - 1..].iter().map(|event| event.kind).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionRedriven",
            "LambdaFunctionScheduled",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "ParallelStateSucceeded",
            "ParallelStateExited",
            "ExecutionSucceeded",
        ]
    );
}

#[test]
fn a_map_goes_on_with_what_failed_and_what_was_not_begun() {
    let definition = format!(
        r#"{{"StartAt": "Items", "States": {{"Items": {{"Type": "Pass", "Result": [1, 2, 3], "Next": "Map"}},
            "Map": {{"Type": "Map", "MaxConcurrency": 1, "End": true, "ItemProcessor": {{"StartAt": "Work",
                "States": {{"Work": {{{WORK}, "Next": "Choose"}}, "Choose": {{"Type": "Choice", "Choices": [
                    {{"Variable": "$$.Map.Item.Value", "NumericEquals": 2, "Next": "More"}}], "Default": "Done"}},
                    "More": {{{WORK}, "Next": "Done"}}, "Done": {{"Type": "Pass", "End": true}}}}}}}}}}}}"#
    );
    let first = answers([("Work", gives("1")), ("More", fails())]);
    let second = answers([("Work", gives("8")), ("More", gives("5"))]);
    let (run, from) = redriven(&definition, &first, &second);
    assert_eq!(run.output().to_json(), "[1,5,8]");
    assert_eq!(
        run.path(),
        ["Items", "Map", "Work", "Choose", "Done", "Work", "Choose", "More", "Done", "Work", "Choose", "Done"]
    );
    let kinds: Vec<_> = run.history()[from as usize - 1..].iter().map(|event| event.kind).take(6).collect();
    assert_eq!(
        kinds,
        [
            "ExecutionRedriven",
            "LambdaFunctionScheduled",
            "LambdaFunctionStarted",
            "LambdaFunctionSucceeded",
            "TaskStateExited",
            "PassStateEntered",
        ]
    );
    let index = |kind: &str| {
        let events = run.history();
        let found = events.iter().filter(|event| event.kind == kind);
        found
            .map(|event| event.details.as_ref().map(|details| details.to_json()).unwrap_or_default())
            .collect::<Vec<_>>()
    };
    assert_eq!(index("MapIterationSucceeded").len(), 3);
    assert_eq!(index("MapIterationSucceeded")[1], r#"{"name":"Map","index":1}"#);
}

#[test]
fn branches_within_branches() {
    let inner = format!(
        r#"{{"Type": "Parallel", "End": true, "Branches": [
            {{"StartAt": "Good", "States": {{"Good": {{{WORK}, "End": true}}}}}},
            {{"StartAt": "Bad", "States": {{"Bad": {{{WORK}, "End": true}}}}}}]}}"#
    );
    let definition = format!(
        r#"{{"StartAt": "Outer", "States": {{"Outer": {{"Type": "Parallel", "End": true, "Branches": [
            {{"StartAt": "Inner", "States": {{"Inner": {inner}}}}},
            {{"StartAt": "Wait", "States": {{"Wait": {{"Type": "Wait", "Seconds": 60, "End": true}}}}}}]}}}}}}"#
    );
    let first = answers([("Good", gives("1")), ("Bad", fails())]);
    let (run, _) = redriven(&definition, &first, &answers([("Good", fails()), ("Bad", gives("2"))]));
    assert_eq!(run.output().to_json(), "[[1,2],{}]");
    assert_eq!(run.elapsed(), 61_000, "a wait that was stopped begins anew");
}

#[test]
fn what_was_too_large_is_done_from_its_beginning() {
    let definition = format!(
        r#"{{"StartAt": "Both", "States": {{"Both": {{"Type": "Parallel", "End": true, "Branches": [
            {{"StartAt": "A", "States": {{"A": {{{WORK}, "End": true}}}}}},
            {{"StartAt": "B", "States": {{"B": {{{WORK}, "End": true}}}}}}]}}}}}}"#
    );
    let long = format!("\"{}\"", "x".repeat(60));
    let first = answers([("A", gives(&long)), ("B", gives(&long))]);
    let quotas = Quotas { payload_bytes: 100, ..Quotas::default() };
    let mut run = run_with(&definition, "{}", &first, quotas);
    assert_eq!(run.error().0, "States.DataLimitExceeded");
    run.redrive(&answers([("A", gives("1")), ("B", gives("2"))]));
    assert_eq!(run.output().to_json(), "[1,2]");
    assert_eq!(run.path(), ["Both", "A", "B", "A", "B"]);
}

#[test]
fn other_states() {
    let fail = r#"{"StartAt": "Fail", "States": {"Fail": {"Type": "Fail", "Error": "E"}}}"#;
    let (run, from) = redriven(fail, &Answers::new(), &Answers::new());
    check(&run, from, "4<-3 ExecutionRedriven\n5<-4 ExecutionFailed");
    // A Choice that finds no rule is evaluated again, and so is a Wait whose path is wrong.
    let choice = r#"{"StartAt": "Choose", "States": {"Choose": {"Type": "Choice", "Choices": [
        {"Variable": "$$.Execution.RedriveCount", "NumericEquals": 1, "Next": "Wait"}]},
        "Wait": {"Type": "Wait", "Timestamp": "2023-01-01T00:00:00Z", "Next": "Done"}, "Done": {"Type": "Succeed"}}}"#;
    let (run, from) = redriven(choice, &Answers::new(), &Answers::new());
    check(
        &run,
        from,
        "4<-3 ExecutionRedriven
         5<-4 ChoiceStateExited
         6<-5 WaitStateEntered
         7<-6 WaitStateExited
         8<-7 SucceedStateEntered
         9<-8 SucceedStateExited
         10<-9 ExecutionSucceeded",
    );
}

#[test]
fn the_context_object_tells_of_it() {
    let definition = format!(
        r#"{{"StartAt": "Work", "States": {{"Work": {{{WORK}, "Next": "Look"}},
            "Look": {{"Type": "Pass", "Parameters": {{"e.$": "$$.Execution"}}, "End": true}}}}}}"#
    );
    let (run, _) = redriven(&definition, &answers([("Work", fails())]), &answers([("Work", gives("1"))]));
    let output = run.output();
    let execution = output.get("e").expect("it is there");
    assert_eq!(execution.get("RedriveCount").and_then(|count| count.as_i64()), Some(1));
    assert_eq!(execution.get("RedriveTime").and_then(|time| time.as_str()), Some("2023-11-14T22:13:21Z"));
    assert_eq!(execution.get("StartTime").and_then(|time| time.as_str()), Some("2023-11-14T22:13:20Z"));
}

#[test]
fn an_execution_that_was_stopped_goes_on_where_it_was() {
    let definition = format!(
        r#"{{"StartAt": "Both", "States": {{"Both": {{"Type": "Parallel", "End": true, "Branches": [
            {{"StartAt": "A", "States": {{"A": {{{WORK}, "End": true}}}}}},
            {{"StartAt": "B", "States": {{"B": {{"Type": "Map", "ItemsPath": "$.items", "End": true,
                "ItemProcessor": {{"StartAt": "C", "States": {{"C": {{{WORK}, "End": true}}}}}}}}}}}}]}}}}}}"#
    );
    let first = answers([("A", gives("1")), ("C", vec![Answer::Never])]);
    let mut run = run(&definition, r#"{"items": [1, 2]}"#, &first);
    run.stop();
    assert!(matches!(run.machine.status(), Status::Aborted(_)));
    assert_eq!(run.machine.outstanding().count(), 0, "nothing is out");
    run.redrive(&answers([("A", fails()), ("C", gives("7"))]));
    assert_eq!(run.output().to_json(), "[1,[7,7]]");
}

#[test]
fn a_map_run_goes_on_with_the_children_that_failed() {
    let map = format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", "Label": "L", "ItemsPath": "$.items", "End": true,
            "MaxConcurrency": 1, "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED",
            "ExecutionType": "STANDARD"}}, "StartAt": "Before", "States": {{"Before": {{"Type": "Pass", "Next": "Work"}},
            "Work": {{{WORK}, "End": true}}}}}}}}}}}}"#
    );
    let mut run = run(&map, r#"{"items": [1, 2]}"#, &answers([("Work", fails())]));
    assert_eq!(run.error().0, "States.ExceedToleratedFailureThreshold");
    let arn = |run: &Run| {
        let plan = run.log.iter().find_map(|record| match &record.event {
            Event::MapRunStarted { plan, .. } => Some(plan.arn.clone()),
            _ => None,
        });
        plan.expect("the Map Run began")
    };
    run.redrive(&answers([("Work", gives("7"))]));
    assert_eq!(run.output().to_json(), "[7,7]");
    check(
        &run,
        8,
        "8<-7 ExecutionRedriven
         9<-8 MapRunRedriven
         10<-9 MapRunSucceeded
         11<-10 MapStateSucceeded
         12<-9 MapStateExited
         13<-12 ExecutionSucceeded",
    );
    let details = run.history()[8].details.as_ref().map(|details| details.to_json());
    assert_eq!(details, Some(format!(r#"{{"mapRunArn":"{}","redriveCount":1}}"#, arn(&run))));
}

/// A recovery amid the redrive finds the child where it was, as the redrive did: what succeeded before keeps its results.
#[test]
fn a_map_run_that_is_redriven_recovers_at_every_event() {
    let map = format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", "QueryLanguage": "JSONata", "Items": [0], "End": true,
            "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
                "StartAt": "First", "States": {{"First": {{{WORK}, "Next": "Both"}},
                "Both": {{"Type": "Parallel", "End": true, "Branches": [
                    {{"StartAt": "A", "States": {{"A": {{{WORK}, "Next": "B"}}, "B": {{{WORK}, "End": true}}}}}},
                    {{"StartAt": "C", "States": {{"C": {{{WORK}, "End": true}}}}}}]}}}}}}}}}}}}"#
    );
    let late = vec![Answer::Later(1, Box::new(Answer::Fail("Late", "drawn")))];
    let first = answers([("First", gives("1")), ("A", gives("1")), ("B", gives("1")), ("C", late)]);
    let second = answers([("First", gives("7")), ("A", gives("7")), ("B", gives("7")), ("C", gives("7"))]);
    let (run, _) = redriven(&map, &first, &second);
    assert_eq!(run.output().to_json(), "[[1,7]]");
}

#[test]
fn a_map_run_is_redriven_so_often() {
    let map = format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", "ItemsPath": "$.items", "End": true,
            "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED",
            "ExecutionType": "EXPRESS"}}, "StartAt": "Work", "States": {{"Work": {{{WORK}, "End": true}}}}}}}}}}}}"#
    );
    let quotas = Quotas { map_run_redrives: 2, ..Quotas::default() };
    let failing = answers([("Work", fails())]);
    let mut run = run_with(&map, r#"{"items": [1]}"#, &failing, quotas);
    for error in ["States.ExceedToleratedFailureThreshold", "States.ExceedToleratedFailureThreshold", "States.Runtime"]
    {
        run.redrive(&failing);
        assert_eq!(run.error().0, error);
    }
}

#[test]
fn when_it_is_refused() {
    let pass = r#"{"StartAt": "P", "States": {"P": {"Type": "Pass", "End": true}}}"#;
    let fail = r#"{"StartAt": "F", "States": {"F": {"Type": "Fail"}}}"#;
    let task = format!(r#"{{"StartAt": "T", "States": {{"T": {{{WORK}, "End": true}}}}}}"#);
    let day = 86_400_000;
    let check = |definition: &str, quotas: Quotas, after: i64, refused: Option<NotRedrivable>| {
        let mut run = run_with(definition, "{}", &Answers::new(), quotas);
        let now = Now { time: START + after, seed: 0 };
        let outcome = run.machine.step(Input::Redrive, now, &mut Effects::default());
        assert_eq!(outcome, refused.map_or(Ok(()), |refused| Err(Rejected::NotRedrivable(refused))));
    };
    let events = |history_events| Quotas { history_events, ..Quotas::default() };
    check(pass, Quotas::default(), 0, Some(NotRedrivable::Succeeded));
    check(&task, Quotas::default(), 0, Some(NotRedrivable::Running));
    check(fail, Quotas::default(), 14 * day, None);
    check(fail, Quotas::default(), 14 * day + 1, Some(NotRedrivable::TooLate));
    // Started, entered and failed are three events: a fourth and the end after it have to find room.
    check(fail, events(5), 0, None);
    check(fail, events(4), 0, Some(NotRedrivable::TooManyEvents));
}
