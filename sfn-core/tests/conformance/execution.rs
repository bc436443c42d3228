//! Runs the definition of a case to its end under virtual time, and compares status, output and history.

use std::collections::BTreeMap;
use std::sync::Arc;

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::history as aws;
use sfn_core::machine::{
    Command, Effects, ExecutionKind, Failure, Identity, Input, Machine, Now, Quotas, Record, Rejected, Status,
    TaskPhase,
};
use sfn_core::program::Program;

use crate::case::{Case, at, items};
use crate::compare::{Comparison, shortened};
use crate::history::{self, Event, Order};
use crate::mock::{End, Mocks, Phase, Scheduled};
use crate::validation;

/// Runs the case; the error says what differs.
pub(crate) fn check(case: &Case, lambdas: &Value) -> Result<(), String> {
    let options = validation::options(case.text("type")?)?;
    let definition = Definition::from_value_with(case.at(&["definition"]).clone(), &options)
        .map_err(|findings| format!("refused: {}", findings.aws_message()))?;
    let identity = Arc::new(identity(case)?);
    let program = Arc::new(Program::compile(&definition));
    let machine = Machine::new(program, identity.clone(), Quotas::default());
    let mut run = Run::new(case, lambdas, machine)?;
    run.to_the_end()?;
    let expected = case.at(&["expected"]);
    let mut comparison = Comparison::default();
    compare_status(expected, run.machine.status())?;
    if let Some(recorded) = expected.get("history") {
        let recorded = items(recorded).iter().map(Event::recorded).collect::<Result<Vec<_>, _>>()?;
        let actual = run.history();
        match at(expected, &["status"]).as_str() {
            Some("RUNNING") => history::compare_prefix(&recorded, &actual, &mut comparison)?,
            _ => {
                let order = Order::recorded(at(expected, &["history_order"]).as_str().unwrap_or_default())?;
                let nested = history::nested_parallels(case.at(&["definition"]));
                history::compare(order, &recorded, &actual, &nested, &mut comparison)?;
            }
        }
    }
    compare_end(expected, run.machine.status(), &mut comparison)?;
    if let Some(response) = expected.get("response") {
        let actual = synchronous_response(&identity, case.at(&["input"]));
        if !comparison.matches(response, &actual, "response") {
            return Err(comparison.difference().to_owned());
        }
    }
    if let Some(end_event) = expected.get("end_event") {
        let actual = run.history().last().map(log_record);
        if !comparison.matches(end_event, &actual.into(), "end_event") {
            return Err(comparison.difference().to_owned());
        }
    }
    Ok(())
}

fn identity(case: &Case) -> Result<Identity, String> {
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

/// One run of a machine, its tasks answered by the case, under virtual time.
struct Run {
    machine: Machine,
    effects: Effects,
    log: Vec<Record>,
    mocks: Mocks,
    /// What is on its way to the machine, by the time it arrives and in the order it was sent.
    arriving: BTreeMap<(i64, u64), Input>,
    sent: u64,
    now: i64,
    input: Value,
    /// The call of `StopExecution` that the test made.
    stop: Option<Input>,
    /// How many events were recorded, if any.
    recorded: Option<usize>,
    recorded_while_running: bool,
}

/// A run that takes more steps does not end.
const STEPS: u64 = 100_000;

impl Run {
    fn new(case: &Case, lambdas: &Value, machine: Machine) -> Result<Self, String> {
        let now = match case.at(&["now"]).as_str() {
            Some(text) => text.parse::<jiff::Timestamp>().map_err(|error| error.to_string())?.as_millisecond(),
            None => 1_704_067_200_123,
        };
        Ok(Run {
            machine,
            effects: Effects::default(),
            log: Vec::new(),
            mocks: Mocks::new(case, lambdas),
            arriving: BTreeMap::new(),
            sent: 0,
            now,
            input: case.at(&["input"]).clone(),
            stop: items(case.at(&["external_calls"])).iter().find_map(stop_execution),
            recorded: case
                .record
                .get("expected")
                .and_then(|expected| expected.get("history"))
                .map(|all| items(all).len()),
            recorded_while_running: case.at(&["expected", "status"]).as_str() == Some("RUNNING"),
        })
    }

    fn to_the_end(&mut self) -> Result<(), String> {
        self.step(Input::Start { input: self.input.clone() })?;
        for _ in 0..STEPS {
            if self.machine.status().is_terminal() {
                return Ok(());
            }
            if let Some(entry) = self.arriving.first_entry()
                && entry.key().0 <= self.now
            {
                let input = entry.remove();
                self.step(input)?;
                continue;
            }
            // Nothing happens now: whatever the recording saw before this moment is in the log.
            let happened = self.log.iter().filter(|record| record.event.is_recorded()).count();
            if self.recorded_while_running && self.recorded.is_none_or(|recorded| happened >= recorded) {
                return Ok(());
            }
            let arrival = self.arriving.first_key_value().map(|((at, _), _)| *at);
            let next = arrival.into_iter().chain(self.machine.next_deadline()).min();
            let due = next.is_none() || self.recorded.is_none_or(|recorded| happened + 1 >= recorded);
            if let Some(stop) = self.stop.take_if(|_| due) {
                self.step(stop)?;
                continue;
            }
            let Some(next) = next else { return Ok(()) };
            self.now = self.now.max(next);
            if self.machine.next_deadline().is_some_and(|deadline| deadline <= self.now) {
                self.step(Input::Tick)?;
            }
        }
        Err(format!("did not end within {STEPS} steps"))
    }

    fn step(&mut self, input: Input) -> Result<(), String> {
        let mut input = input;
        loop {
            let now = Now { time: self.now, seed: self.sent };
            match self.machine.step(input, now, &mut self.effects) {
                Ok(()) => {}
                // The answer of a task that nobody waits for any more.
                Err(Rejected::UnknownTask | Rejected::Ended) => return Ok(()),
                Err(rejected) => return Err(rejected.to_string()),
            }
            self.log.append(&mut self.effects.events);
            let commands = std::mem::take(&mut self.effects.commands);
            for command in commands {
                self.obey(command)?;
            }
            if !self.effects.more || self.machine.status().is_terminal() {
                return Ok(());
            }
            if self.log.len() as u64 > STEPS {
                return Err(format!("did not end within {STEPS} events"));
            }
            input = Input::Continue;
        }
    }

    fn obey(&mut self, command: Command) -> Result<(), String> {
        let Command::Schedule(request) = command else { return Ok(()) };
        let scheduled =
            Scheduled { state: &request.state, resource: &request.resource.text, parameters: &request.parameters };
        let answer = self.mocks.answer(&scheduled)?;
        let task = request.task;
        if let Some(worker) = answer.started {
            let worker = worker.name.map(Arc::from);
            self.send(0, Input::TaskStarted { task, worker });
        }
        if let Some(output) = answer.submitted {
            self.send(0, Input::TaskSubmitted { task, output });
        }
        match answer.end {
            End::Succeeded(output) => self.send(answer.after_seconds, Input::TaskSucceeded { task, output }),
            End::Failed { error, cause, phase } => {
                let phase = match phase {
                    Phase::Schedule => TaskPhase::Schedule,
                    Phase::Start => TaskPhase::Start,
                    Phase::Submit => TaskPhase::Submit,
                    Phase::Run => TaskPhase::Run,
                };
                let (error, cause) = (error.map(Arc::from), cause.map(Arc::from));
                self.send(answer.after_seconds, Input::TaskFailed { task, phase, error, cause });
            }
            End::Silent => {}
        }
        Ok(())
    }

    fn send(&mut self, after_seconds: i64, input: Input) {
        self.sent += 1;
        self.arriving.insert((self.now + after_seconds * 1000, self.sent), input);
    }

    /// The history in the form of a recording.
    fn history(&self) -> Vec<Event> {
        let events = aws::events(self.machine.program(), self.machine.identity(), &self.log);
        events.into_iter().map(in_recorded_form).collect()
    }
}

/// The call of `StopExecution` among the calls that a test made.
fn stop_execution(call: &Value) -> Option<Input> {
    let mut members = vec![call];
    let (mut is_stop, mut error, mut cause) = (false, None, None);
    while let Some(value) = members.pop() {
        match value {
            Value::String(text) => is_stop |= text.replace('_', "").eq_ignore_ascii_case("stopexecution"),
            Value::Array(items) => members.extend(items.iter()),
            Value::Object(object) => {
                for (key, value) in object.iter() {
                    match (&**key, value.as_str()) {
                        ("error", Some(text)) => error = Some(Arc::from(text)),
                        ("cause", Some(text)) => cause = Some(Arc::from(text)),
                        _ => {
                            is_stop |= key.replace('_', "").eq_ignore_ascii_case("stopexecution");
                            members.push(value);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    is_stop.then_some(Input::Stop { error, cause })
}

/// An event of AWS's history as a recording holds it: the details without what is always the same.
fn in_recorded_form(event: aws::HistoryEvent) -> Event {
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
fn log_record(event: &Event) -> Value {
    Value::object([
        ("id", Value::from(event.id.to_string())),
        ("previous_event_id", Value::from(event.previous.to_string())),
        ("type", Value::from(event.kind.as_str())),
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
