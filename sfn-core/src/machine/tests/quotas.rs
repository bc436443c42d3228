//! Each limit of AWS at its boundary: what is just allowed, and what is not any more.

use std::sync::Arc;

use sfn_asl::definition::Definition;
use sfn_asl::value::Value;

use super::harness::{Answer, Answers, START, answers, json, run, run_with};
use crate::machine::{Effects, ExecutionKind, Identity, Input, Machine, Now, Quotas, Rejected, Status};
use crate::program::Program;

const WORK: &str = r#""Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work""#;
const PAYLOAD: usize = 262_144;
const TOO_LARGE: &str = "States.DataLimitExceeded";

/// A text whose JSON has so many bytes.
fn text(bytes: usize) -> Value {
    Value::from("x".repeat(bytes - 2))
}

/// The error of a run of a JSONata machine, or its output's size.
fn outcome(states: &str, answers: &Answers) -> Result<usize, String> {
    let definition = format!(r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{{states}}}}}"#);
    let run = run(&definition, "{}", answers);
    match run.machine.status() {
        Status::Succeeded { output } => Ok(output.json_size()),
        Status::Failed(failure) => Err(failure.error.as_deref().unwrap_or_default().to_owned()),
        status => panic!("it ends: {status:?}"),
    }
}

#[test]
fn inputs_of_executions() {
    let definition = Definition::parse_json(r#"{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#);
    let program = Arc::new(Program::compile(&definition.expect("it is valid")));
    for (bytes, expected) in [(PAYLOAD, Ok(())), (PAYLOAD + 1, Err(Rejected::InputTooLarge))] {
        let mut machine = Machine::new(program.clone(), Arc::new(Identity::local("m", "e")), Quotas::default());
        let input = Input::Start { input: text(bytes) };
        assert_eq!(machine.step(input, Now { time: 0, seed: 0 }, &mut Effects::default()), expected);
    }
}

#[test]
fn results_of_tasks_and_outputs_of_states() {
    let task = format!(r#""A": {{{WORK}, "End": true}}"#);
    let gives = |bytes| answers([("A", vec![Answer::Succeed(text(bytes))])]);
    assert_eq!(outcome(&task, &gives(PAYLOAD)), Ok(PAYLOAD));
    assert_eq!(outcome(&task, &gives(PAYLOAD + 1)), Err(TOO_LARGE.to_owned()));
    // What a task gives is the task's failure and may be caught, what a state makes of it is not.
    let caught = format!(
        r#""A": {{{WORK}, "End": true, "Catch": [{{"ErrorEquals": ["States.ALL"], "Next": "B"}}]}},
           "B": {{"Type": "Succeed", "Output": "caught"}}"#
    );
    assert_eq!(outcome(&caught, &gives(PAYLOAD + 1)), Ok(8));
    let output = |bytes: usize| {
        format!(r#""A": {{"Type": "Pass", "End": true, "Output": "{{% $pad('', {}, 'x') %}}"}}"#, bytes - 2)
    };
    assert_eq!(outcome(&output(PAYLOAD), &Answers::new()), Ok(PAYLOAD));
    assert_eq!(outcome(&output(PAYLOAD + 1), &Answers::new()), Err(TOO_LARGE.to_owned()));
    let uncaught = caught.replace(r#""End": true"#, r#""Output": "{% $states.result & 'x' %}", "End": true"#);
    assert_eq!(outcome(&uncaught, &gives(PAYLOAD)), Err(TOO_LARGE.to_owned()));
}

#[test]
fn what_goes_to_tasks_branches_and_iterations() {
    let long = |bytes: usize| format!("{{% $pad('', {}, 'x') %}}", bytes - 2);
    let done = answers([("A", vec![Answer::Succeed(json("1"))])]);
    let state = r#""StartAt": "I", "States": {"I": {"Type": "Pass", "Output": 1, "End": true}}"#;
    let task = |bytes| format!(r#""A": {{{WORK}, "Arguments": "{}", "End": true}}"#, long(bytes));
    let parallel = |bytes| {
        format!(
            r#""A": {{"Type": "Parallel", "Arguments": "{}", "End": true, "Branches": [{{{state}}}]}}"#,
            long(bytes)
        )
    };
    let map = |bytes| {
        format!(
            r#""A": {{"Type": "Map", "Items": [1, 2], "ItemSelector": "{}", "End": true, "ItemProcessor": {{{state}}}}}"#,
            long(bytes)
        )
    };
    for (states, size) in [(&task as &dyn Fn(usize) -> String, 1), (&parallel, 3), (&map, 5)] {
        assert_eq!(outcome(&states(PAYLOAD), &done), Ok(size), "{}", states(2));
        assert_eq!(outcome(&states(PAYLOAD + 1), &done), Err(TOO_LARGE.to_owned()), "{}", states(2));
    }
}

#[test]
fn results_of_branches_and_iterations_together() {
    let map = |bytes: usize| {
        format!(
            r#""A": {{"Type": "Map", "Items": [1, 2], "End": true, "ItemProcessor": {{"StartAt": "I",
                "States": {{"I": {{"Type": "Pass", "Output": "{{% $pad('', {}, 'x') %}}", "End": true}}}}}}}}"#,
            bytes - 2
        )
    };
    // Two texts, a comma and brackets.
    let half = (PAYLOAD - 3) / 2;
    assert_eq!(outcome(&map(half), &Answers::new()), Ok(2 * half + 3));
    assert_eq!(outcome(&map(half + 1), &Answers::new()), Err(TOO_LARGE.to_owned()));
}

#[test]
fn variables() {
    // One Assign: `{"v":` and `}` are six bytes.
    let assign = |bytes: usize| {
        format!(
            r#""A": {{"Type": "Pass", "Assign": {{"v": "{{% $pad('', {}, 'x') %}}"}}, "Output": 1, "End": true}}"#,
            bytes - 2
        )
    };
    assert_eq!(outcome(&assign(PAYLOAD - 6), &Answers::new()), Ok(1));
    assert_eq!(outcome(&assign(PAYLOAD - 5), &Answers::new()), Err(TOO_LARGE.to_owned()));
    // All variables: one that is assigned again does not count twice.
    let states = |last: usize| {
        let pass = |name: &str, variable: &str, bytes: usize, next: &str| {
            format!(
                r#""{name}": {{"Type": "Pass", "Assign": {{"{variable}": "{{% $pad('', {}, 'x') %}}"}}, "Output": 1, {next}}}"#,
                bytes - 2
            )
        };
        [
            pass("A", "v", 400, r#""Next": "B""#),
            pass("B", "w", 500, r#""Next": "C""#),
            pass("C", "v", last, r#""End": true"#),
        ]
        .join(",")
    };
    let quotas = Quotas { variable_bytes: 1000, ..Quotas::default() };
    for (last, is_allowed) in [(500, true), (501, false)] {
        let definition = format!(r#"{{"QueryLanguage": "JSONata", "StartAt": "A", "States": {{{}}}}}"#, states(last));
        let run = run_with(&definition, "{}", &Answers::new(), quotas);
        assert_eq!(matches!(run.machine.status(), Status::Succeeded { .. }), is_allowed, "{:?}", run.machine.status());
    }
    assert_eq!(Quotas::default().variable_bytes, 10 << 20);
}

#[test]
fn events() {
    // Started, a Wait's two events a round, and the end.
    let states = |rounds: usize| {
        let state = |number: usize| {
            let next =
                if number == rounds { r#""End": true"#.to_owned() } else { format!(r#""Next": "S{}""#, number + 1) };
            format!(r#""S{number}": {{"Type": "Pass", {next}}}"#)
        };
        let states: Vec<_> = (1..=rounds).map(state).collect();
        format!(r#"{{"StartAt": "S1", "States": {{{}}}}}"#, states.join(","))
    };
    let quotas = |history_events| Quotas { history_events, ..Quotas::default() };
    // Ten states make 22 events: the last one may be the 22nd.
    let run = run_with(&states(10), "{}", &Answers::new(), quotas(22));
    assert_eq!((run.history().len(), run.machine.status().name()), (22, "SUCCEEDED"));
    let run = run_with(&states(10), "{}", &Answers::new(), quotas(21));
    assert_eq!(run.history().len(), 21);
    let (error, cause) = run.error();
    assert_eq!(error, "States.Runtime");
    assert_eq!(cause, "The execution reached the maximum number of history events (21).");
    assert_eq!(Quotas::default().history_events, 25_000);
}

#[test]
fn minutes_of_express_executions() {
    let state_of = |seconds: i64, kind: ExecutionKind, timeout: &str| {
        let definition = format!(
            r#"{{"StartAt": "W", {timeout} "States": {{"W": {{"Type": "Wait", "Seconds": {seconds}, "End": true}}}}}}"#
        );
        let definition = Definition::parse_json(&definition).unwrap_or_else(|findings| panic!("{findings:?}"));
        let identity = Identity { kind, ..Identity::local("m", "e") };
        let program = Arc::new(Program::compile(&definition));
        let mut machine = Machine::new(program, Arc::new(identity), Quotas::default());
        let mut effects = Effects::default();
        let mut now = Now { time: START, seed: 0 };
        machine.step(Input::Start { input: Value::Null }, now, &mut effects).expect("it starts");
        while let Some(deadline) = machine.next_deadline() {
            now.time = deadline;
            machine.step(Input::Tick, now, &mut effects).expect("it runs");
        }
        (machine.status().name(), (now.time - START) / 1000)
    };
    let express = || ExecutionKind::Express { id: "i".into(), synchronous: true };
    assert_eq!(state_of(299, express(), ""), ("SUCCEEDED", 299));
    assert_eq!(state_of(300, express(), ""), ("TIMED_OUT", 300));
    assert_eq!(state_of(9, express(), r#""TimeoutSeconds": 5,"#), ("TIMED_OUT", 5));
    assert_eq!(state_of(900, express(), r#""TimeoutSeconds": 1000,"#), ("TIMED_OUT", 300));
    assert_eq!(state_of(900, ExecutionKind::Standard, ""), ("SUCCEEDED", 900));
}

#[test]
fn definitions() {
    let definition = |bytes: usize| {
        let rest = r#"{"Comment": "", "StartAt": "A", "States": {"A": {"Type": "Succeed"}}}"#;
        rest.replacen(r#""""#, &format!("\"{}\"", "x".repeat(bytes - rest.len())), 1)
    };
    assert!(Definition::parse_json(&definition(1_048_576)).is_ok());
    assert!(Definition::parse_json(&definition(1_048_577)).is_err());
}
