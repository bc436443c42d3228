//! Runs the definition of a case on the bare machine, to its end and under virtual time; then again, recovered from its
//! log at every event.

#[path = "recovery.rs"]
mod recovery;

use std::collections::BTreeMap;
use std::sync::Arc;

use sfn_core::asl::value::Value;
use sfn_core::history::{self as aws, HistoryEvent};
use sfn_core::machine::{
    Command, Effects, Identity, Input, Machine, MapRunRequest, Now, Quotas, Record, Rejected, TaskPhase, TaskRequest,
};
use sfn_core::map_run::local::{Local, Replies};
use sfn_core::object_store::MemoryStore;

use crate::case::{Case, at, items};
use crate::mock::{End, Mocks, Phase, Scheduled};
use crate::outcome::{self, Outcome};

/// Runs the case, and runs it again from every event of its log; the error says what differs.
pub(crate) fn check_with_recovery(case: &Case, lambdas: &Value) -> Result<(), String> {
    check(case, lambdas)?;
    recovery::check(case, lambdas)
}

/// Runs the case; the error says what differs.
pub(crate) fn check(case: &Case, lambdas: &Value) -> Result<(), String> {
    let identity = Arc::new(outcome::identity(case)?);
    let program = Arc::new(outcome::program(case)?);
    let machine = Machine::new(program, identity.clone(), quotas(case));
    let mut run = Run::new(case, lambdas, machine)?;
    run.finish()?;
    outcome::judge(case, &Outcome { identity, status: run.machine.status().clone(), history: run.history() })
}

/// AWS's quotas at the time of the recording.
pub(crate) fn quotas(case: &Case) -> Quotas {
    // `19-11-2024, 13:15:23`
    let recorded = case.at(&["recorded"]).as_str().unwrap_or_default();
    let year = recorded.split([',', '-']).nth(2).and_then(|year| year.parse().ok());
    Quotas { items_of_objects: year.is_none_or(|year: u32| year >= 2025), ..Quotas::default() }
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
    /// What Map Runs read and write.
    objects: MemoryStore,
    /// How many events were recorded, if any.
    recorded: Option<usize>,
    recorded_while_running: bool,
    /// What the run was before each step, if it is to be recovered.
    moments: Option<Vec<recovery::Moment>>,
    /// Everything that was sent for a task or a Map Run, by its number in the history.
    replies: BTreeMap<u32, Vec<Sent>>,
}

/// Something that is sent to the machine: when it arrives, its number, and what it is.
type Sent = (i64, u64, Input);

/// A run that takes more steps does not end.
const STEPS: u64 = 100_000;

impl Run {
    fn new(case: &Case, lambdas: &Value, machine: Machine) -> Result<Self, String> {
        Ok(Run {
            machine,
            effects: Effects::default(),
            log: Vec::new(),
            mocks: Mocks::new(case, lambdas),
            arriving: BTreeMap::new(),
            sent: 0,
            now: outcome::now(case)?,
            input: case.at(&["input"]).clone(),
            stop: items(case.at(&["external_calls"])).iter().find_map(stop_execution),
            objects: objects(case),
            recorded: case
                .record
                .get("expected")
                .and_then(|expected| expected.get("history"))
                .map(|all| items(all).len()),
            recorded_while_running: case.at(&["expected", "status"]).as_str() == Some("RUNNING"),
            moments: None,
            replies: BTreeMap::new(),
        })
    }

    fn finish(&mut self) -> Result<(), String> {
        self.step(Input::Start { input: self.input.clone() })?;
        self.go_on()
    }

    fn go_on(&mut self) -> Result<(), String> {
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
            self.remember();
            let now = Now { time: self.now, seed: self.sent };
            match self.machine.step(input, now, &mut self.effects) {
                // Nobody may wait any more for the answer of a task.
                Ok(()) | Err(Rejected::UnknownTask | Rejected::UnknownMapRun | Rejected::Ended) => {}
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
        match command {
            Command::Schedule(request) => {
                for (after, input) in answers(&mut self.mocks, &request)? {
                    self.send(request.task.sequence(), after, input);
                }
            }
            Command::StartMapRun(request) => self.map_run(&request)?,
            Command::Cancel(_) | Command::StopMapRun(_) => {}
        }
        Ok(())
    }

    /// Runs a Map Run at once, and sends its end for the moment it comes to it.
    fn map_run(&mut self, request: &MapRunRequest) -> Result<(), String> {
        let (mocks, mut failed) = (&mut self.mocks, None);
        let mut tasks = |_: &Identity, request: &TaskRequest, _: i64| match answers(mocks, request) {
            Ok(answers) => answers,
            Err(error) => {
                failed.get_or_insert(error);
                Replies::new()
            }
        };
        let finished = Local::new(&mut self.objects, &mut tasks, self.sent).serve(request, self.now);
        if let Some(error) = failed {
            return Err(error);
        }
        if let Some(outcome) = finished.outcome() {
            let end = Input::MapRunEnded { run: request.run, outcome };
            self.send(request.run.sequence(), finished.time - self.now, end);
        }
        Ok(())
    }

    /// Sends something for the task or Map Run with this number in the history.
    fn send(&mut self, sequence: u32, after: i64, input: Input) {
        self.sent += 1;
        let at = self.now + after;
        self.replies.entry(sequence).or_default().push((at, self.sent, input.clone()));
        self.arriving.insert((at, self.sent), input);
    }

    fn history(&self) -> Vec<HistoryEvent> {
        aws::events(self.machine.program(), self.machine.identity(), &self.log)
    }
}

/// What the case says of a scheduled task: what the machine is told, after so many milliseconds each.
fn answers(mocks: &mut Mocks, request: &TaskRequest) -> Result<Replies, String> {
    let scheduled =
        Scheduled { state: &request.state, resource: &request.resource.text, parameters: &request.parameters };
    let answer = mocks.answer(&scheduled)?;
    let task = request.task;
    let mut replies = Replies::new();
    if let Some(worker) = answer.started {
        let worker = worker.name.map(Arc::from);
        replies.push((0, Input::TaskStarted { task, worker }));
    }
    if let Some(output) = answer.submitted {
        replies.push((0, Input::TaskSubmitted { task, output }));
    }
    let after = answer.after_seconds * 1000;
    match answer.end {
        End::Succeeded(output) => replies.push((after, Input::TaskSucceeded { task, output })),
        End::Failed { error, cause, phase } => {
            let phase = match phase {
                Phase::Schedule => TaskPhase::Schedule,
                Phase::Start => TaskPhase::Start,
                Phase::Submit => TaskPhase::Submit,
                Phase::Run => TaskPhase::Run,
            };
            let (error, cause) = (error.map(Arc::from), cause.map(Arc::from));
            replies.push((after, Input::TaskFailed { task, phase, error, cause }));
        }
        End::Silent => {}
    }
    Ok(replies)
}

/// The objects that must exist.
pub(crate) fn objects(case: &Case) -> MemoryStore {
    let mut store = MemoryStore::default();
    for object in items(case.at(&["s3"])) {
        let text = |key: &str| at(object, &[key]).as_str().unwrap_or_default();
        store.insert(text("bucket"), text("key"), text("body"));
    }
    store
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
