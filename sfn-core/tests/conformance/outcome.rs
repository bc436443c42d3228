//! Compares how an execution went with how it was recorded: status, output and history.

use std::sync::Arc;

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::history::HistoryEvent;
use sfn_core::machine::{ExecutionKind, Failure, Identity, Status};
use sfn_core::program::Program;

use crate::case::{Case, at, items};
use crate::compare::{Comparison, shortened};
use crate::history::{self, Event, Order};
use crate::validation;

/// How an execution went.
pub(crate) struct Outcome {
    pub(crate) identity: Arc<Identity>,
    pub(crate) status: Status,
    pub(crate) history: Vec<HistoryEvent>,
}

/// The program of a case; its definition was accepted by AWS.
pub(crate) fn program(case: &Case) -> Result<Program, String> {
    let options = validation::options(case.text("type")?)?;
    let definition = Definition::from_value_with(case.at(&["definition"]).clone(), &options)
        .map_err(|findings| format!("refused: {}", findings.aws_message()))?;
    Ok(Program::compile(&definition))
}

/// The names under which a case was recorded.
pub(crate) fn identity(case: &Case) -> Result<Identity, String> {
    let express = ExecutionKind::Express {
        id: "11111111-0000-4000-8000-000000000001".into(),
        synchronous: case.at(&["expected", "response"]).as_object().is_some(),
    };
    Ok(Identity {
        partition: "aws".into(),
        region: "us-east-1".into(),
        account: "111111111111".into(),
        state_machine: case.text("state_machine_name")?.into(),
        execution: case.text("execution_name")?.into(),
        role_arn: case.text("role_arn")?.into(),
        kind: if case.text("type")? == "EXPRESS" { express } else { ExecutionKind::Standard },
    })
}

/// When the execution begins, in milliseconds since 1970-01-01T00:00Z.
pub(crate) fn now(case: &Case) -> Result<i64, String> {
    match case.at(&["now"]).as_str() {
        Some(text) => Ok(text.parse::<jiff::Timestamp>().map_err(|error| error.to_string())?.as_millisecond()),
        None => Ok(1_704_067_200_123),
    }
}

/// Judges an outcome; the error says what differs.
pub(crate) fn judge(case: &Case, outcome: &Outcome) -> Result<(), String> {
    let expected = case.at(&["expected"]);
    let mut comparison = Comparison::default();
    compare_status(expected, &outcome.status)?;
    if let Some(recorded) = expected.get("history") {
        let recorded = items(recorded).iter().map(Event::recorded).collect::<Result<Vec<_>, _>>()?;
        let recorded = history::in_todays_form(recorded);
        let actual: Vec<Event> = outcome.history.iter().map(in_recorded_form).collect();
        match at(expected, &["status"]).as_str() {
            Some("RUNNING") => history::compare_prefix(&recorded, &actual, &mut comparison)?,
            _ => {
                let order = Order::recorded(at(expected, &["history_order"]).as_str().unwrap_or_default())?;
                let nested = history::nested_parallels(case.at(&["definition"]));
                history::compare(order, &recorded, &actual, &nested, &mut comparison)?;
            }
        }
    }
    compare_end(expected, &outcome.status, &mut comparison)?;
    if let Some(response) = expected.get("response") {
        let actual = synchronous_response(&outcome.identity, case.at(&["input"]));
        if !comparison.matches(response, &actual, "response") {
            return Err(comparison.difference().to_owned());
        }
    }
    if let Some(end_event) = expected.get("end_event") {
        let actual = outcome.history.last().map(log_record);
        if !comparison.matches(end_event, &actual.into(), "end_event") {
            return Err(comparison.difference().to_owned());
        }
    }
    Ok(())
}

/// An event of AWS's history as a recording holds it: the details without what is always the same.
fn in_recorded_form(event: &HistoryEvent) -> Event {
    let details = match event.details.as_ref().and_then(Value::as_object) {
        Some(members) => Value::object(
            members.iter().filter(|(key, _)| !is_left_out(key)).map(|(key, value)| (key.clone(), value.clone())),
        ),
        None => Value::empty_object(),
    };
    Event {
        id: i64::from(event.id),
        previous: i64::from(event.previous_event_id),
        kind: event.kind.to_owned(),
        details,
    }
}

fn is_left_out(member: &str) -> bool {
    matches!(member, "inputDetails" | "outputDetails" | "assignedVariablesDetails" | "roleArn")
}

/// What the log of an Express workflow says of an event, as far as it was recorded.
fn log_record(event: &HistoryEvent) -> Value {
    Value::object([
        ("id", Value::from(event.id.to_string())),
        ("previous_event_id", Value::from(event.previous_event_id.to_string())),
        ("type", Value::from(event.kind)),
    ])
}

/// The members of `StartSyncExecution`'s response that do not tell how the execution ended.
fn synchronous_response(identity: &Identity, input: &Value) -> Value {
    let included = Value::object([("included", Value::from(true))]);
    Value::object([
        ("executionArn", Value::from(identity.execution_arn())),
        ("input", input.clone()),
        ("inputDetails", included.clone()),
        ("name", Value::from(&*identity.execution)),
        ("outputDetails", included),
        ("stateMachineArn", Value::from(identity.state_machine_arn())),
    ])
}

fn compare_status(expected: &Value, actual: &Status) -> Result<(), String> {
    let expected = at(expected, &["status"]).as_str().unwrap_or_default();
    if expected == actual.name() {
        return Ok(());
    }
    let how = match actual {
        Status::Failed(failure) | Status::Aborted(failure) => shown(failure),
        Status::Succeeded { output } => format!(" with {}", shortened(output)),
        _ => String::new(),
    };
    Err(format!("status: expected {expected}, found {}{how}", actual.name()))
}

fn shown(failure: &Failure) -> String {
    format!(
        " with {}: {}",
        failure.error.as_deref().unwrap_or("no error"),
        failure.cause.as_deref().unwrap_or("no cause")
    )
}

fn compare_end(expected: &Value, actual: &Status, comparison: &mut Comparison) -> Result<(), String> {
    match actual {
        Status::Succeeded { output } => match expected.get("output") {
            Some(recorded) if !comparison.matches(recorded, output, "output") => {
                Err(comparison.difference().to_owned())
            }
            Some(_) => Ok(()),
            None => Err("an output where none was recorded".to_owned()),
        },
        Status::Failed(failure) | Status::Aborted(failure) => {
            let text = |text: &Option<Arc<str>>| Value::from(text.as_deref().map(Value::from));
            let (error, cause) = (text(&failure.error), text(&failure.cause));
            if at(expected, &["error"]) != &error {
                return Err(format!("error: expected {}, found {error}", at(expected, &["error"])));
            }
            match comparison.matches(at(expected, &["cause"]), &cause, "cause") {
                true => Ok(()),
                false => Err(comparison.difference().to_owned()),
            }
        }
        _ => Ok(()),
    }
}
