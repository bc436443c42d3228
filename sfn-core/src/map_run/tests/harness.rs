//! A Map state's Map Run, taken from the machine that asks for it, and run in memory.

use std::sync::Arc;

use sfn_asl::definition::Definition;
use sfn_asl::value::Value;

use super::super::local::{Finished, Kept, Local, Replies};
use super::super::{MapRun, MapRunEvent, MapRunRecord};
use crate::machine::{Command, Effects, Identity, Input, Machine, MapRunRequest, Now, Quotas, TaskPhase, TaskRequest};
use crate::object_store::{MemoryStore, ObjectStore};
use crate::program::Program;

/// The clock reading at which every run begins.
pub(super) const START: i64 = 1_700_000_000_000;

pub(super) fn json(text: &str) -> Value {
    Value::parse(text).expect("the test's JSON is right")
}

/// A Map with these fields besides a processor of one state, called `Work`.
pub(super) fn map(fields: &str, work: &str) -> String {
    let comma = if fields.is_empty() { "" } else { "," };
    format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", "Label": "L", "End": true{comma} {fields},
            "ItemProcessor": {{"ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}},
                "StartAt": "Work", "States": {{"Work": {work}}}}}}}}}}}"#
    )
    .replace(",,", ",")
}

pub(super) const PASS: &str = r#"{"Type": "Pass", "End": true}"#;
pub(super) const TASK: &str =
    r#"{"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}"#;

/// What the machine of a definition asks for when it comes to its Map.
pub(super) fn request(definition: &str, input: &str, quotas: Quotas) -> MapRunRequest {
    let definition = Definition::parse_json(definition).unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"));
    let program = Arc::new(Program::compile(&definition));
    let mut machine = Machine::new(program, Arc::new(Identity::local("tested", "run")), quotas);
    let mut effects = Effects::default();
    let now = Now { time: START, seed: 1 };
    machine.step(Input::Start { input: json(input) }, now, &mut effects).expect("it starts");
    let request = effects.commands.into_iter().find_map(|command| match command {
        Command::StartMapRun(request) => Some(*request),
        _ => None,
    });
    request.unwrap_or_else(|| panic!("the machine asks for no Map Run: {:?}", machine.status()))
}

/// A run that went as far as it could, and its log.
pub(super) struct Ran {
    pub(super) finished: Finished,
    pub(super) log: Vec<MapRunRecord>,
    pub(super) store: MemoryStore,
    kept: Kept,
    request: MapRunRequest,
}

/// Runs a Map; `Work` fails where its input has `"fail"`, never ends where it has `"never"`, takes as many milliseconds as `"after"` says, and gives its input
/// back.
pub(super) fn run(definition: &str, input: &str, store: MemoryStore) -> Ran {
    run_with(&request(definition, input, Quotas::default()), store)
}

pub(super) fn run_with(request: &MapRunRequest, mut store: MemoryStore) -> Ran {
    let before = store.clone();
    let mut log = Vec::new();
    let mut tasks = work;
    let mut local = Local::new(&mut store, &mut tasks, 0);
    let finished = local.observe(request, START, &mut |record| log.push(record));
    let kept = local.into_kept();
    let ran = Ran { finished, log, store, kept, request: request.clone() };
    ran.check_recovery(1, &before);
    ran
}

/// Redrives a run a second after its end.
pub(super) fn redrive(ran: Ran) -> Ran {
    let Ran { finished, mut log, mut store, kept, request } = ran;
    let (before, first) = (store.clone(), log.len() + 1);
    let mut tasks = work;
    let mut local = Local::new(&mut store, &mut tasks, 0).knowing(kept);
    let finished = local.redrive(finished.run, finished.time + 1000, &mut |record| log.push(record));
    let kept = local.into_kept();
    let ran = Ran { finished, log, store, kept, request };
    ran.check_recovery(first, &before);
    ran
}

fn work(_: &Identity, request: &TaskRequest, time: i64) -> Replies {
    let (task, input) = (request.task, &request.parameters);
    if input.get("never").is_some() {
        return Replies::new();
    }
    let after = input.get("after").and_then(Value::as_i64).unwrap_or(0);
    // What fails once succeeds when it is redriven, which is a second later.
    let recovered = input.get("once").is_some() && time >= START + 1000;
    let input = match input.get("fail").and_then(Value::as_str).filter(|_| !recovered) {
        Some(error) => {
            let (error, cause) = (Some(error.into()), Some("it was told to".into()));
            Input::TaskFailed { task, phase: TaskPhase::Run, error, cause }
        }
        None => Input::TaskSucceeded { task, output: input.clone() },
    };
    vec![(after, input)]
}

impl Ran {
    /// Recovers the run from its log, whole and cut off anywhere from the event with the number `first` on; `store` is what
    /// stood before that.
    fn check_recovery(&self, first: usize, store: &MemoryStore) {
        let request = &self.request;
        let mut recovered = MapRun::new(request);
        self.log.iter().for_each(|record| recovered.apply(record));
        assert!(recovered == self.finished.run, "applying the log gives the run that made it");
        if self.log.len() > 100 {
            return;
        }
        for length in first..self.log.len() {
            let mut run = MapRun::new(request);
            self.log[..length].iter().for_each(|record| run.apply(record));
            let mut store = store.clone();
            self.write_again(first, length, &mut store);
            let time = self.log[length - 1].time;
            let again = Local::new(&mut store, &mut work, 1000).resume(run, time);
            let event = &self.log[length - 1];
            assert_eq!(outcome(&again), outcome(&self.finished), "recovered after {event:?}");
            assert_eq!(again.run.counts(), self.finished.run.counts(), "recovered after {event:?}");
        }
    }

    /// Pieces that were written before the crash are in the store.
    fn write_again(&self, first: usize, length: usize, store: &mut MemoryStore) {
        let mut run = MapRun::new(&self.request);
        self.log[..first - 1].iter().for_each(|record| run.apply(record));
        for record in &self.log[first - 1..length] {
            if record.event == MapRunEvent::PartWritten
                && let Some(part) = run.unwritten()
            {
                store.put(part).expect("memory takes what it is given");
            }
            run.apply(record);
        }
    }

    /// The Map's result as JSON, or `error: cause`.
    pub(super) fn outcome(&self) -> String {
        text(&self.finished)
    }

    /// The inputs of the children, in the order they were started.
    pub(super) fn inputs(&self) -> Vec<String> {
        let input = |record: &MapRunRecord| match &record.event {
            MapRunEvent::ChildStarted { input, .. } => Some(input.to_json()),
            _ => None,
        };
        self.log.iter().filter_map(input).collect()
    }
}

fn text(finished: &Finished) -> String {
    match finished.outcome() {
        Some(Ok(output)) => output.to_json(),
        Some(Err(failure)) => {
            let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
            format!("{}: {}", text(&failure.error), text(&failure.cause))
        }
        None => "none".to_owned(),
    }
}

/// The outcome, without the digits of names that are made anew in another run.
fn outcome(finished: &Finished) -> String {
    let text = text(finished);
    match text.contains(":execution:") || text.contains("\"token\"") {
        true => text.replace(|digit: char| digit.is_ascii_hexdigit(), "#"),
        false => text,
    }
}
