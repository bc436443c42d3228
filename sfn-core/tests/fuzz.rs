//! Random definitions with random outcomes at random times: the machine ends or waits for somebody, keeps within its quotas, and
//! its log gives it back. See `sfn-asl/tests/fuzz/driver.rs` for how to run it.

#[path = "../../sfn-asl/tests/fuzz/document.rs"]
mod document;
#[path = "../../sfn-asl/tests/fuzz/driver.rs"]
mod driver;
#[path = "../../sfn-asl/tests/fuzz/random.rs"]
mod random;
#[path = "../../sfn-asl/tests/fuzz/text.rs"]
mod text;

use std::process::ExitCode;
use std::sync::Arc;

use driver::{Case, Target};
use random::Random;
use sfn_core::asl::{Definition, Value};
use sfn_core::history;
use sfn_core::machine::{
    Command, Effects, Identity, Input, Machine, Now, Quotas, Record, Status, TaskPhase, TaskRequest,
};
use sfn_core::map_run::local::{Kept, Local, Replies};
use sfn_core::object_store::MemoryStore;
use sfn_core::program::Program;

const TARGETS: [Target; 1] = [Target { name: "machine", rounds: 400, run: machine }];

fn main() -> ExitCode {
    driver::run(&TARGETS)
}

const START: i64 = 1_700_000_000_000;

/// Quotas that runs come up against.
fn quotas(random: &mut Random) -> Quotas {
    Quotas {
        history_events: [300, 2_000][random.below(2)],
        express_events: 2_000,
        payload_bytes: [200, 262_144][usize::from(!random.once_in(6))],
        variable_bytes: [300, 10 << 20][usize::from(!random.once_in(6))],
        ..Quotas::default()
    }
}

fn machine(case: &mut Case) -> Result<(), String> {
    let text = document::definition(&mut case.random, false);
    let input = friendly(&mut case.random);
    case.input(&format!("{text} over {input}"));
    let Ok(definition) = Definition::parse_json(&text) else { return Ok(()) };
    let program = Arc::new(Program::compile(&definition));
    let identity = Arc::new(Identity::local("tested", "run"));
    let quotas = quotas(&mut case.random);
    let mut run = Run {
        machine: Machine::new(program.clone(), identity.clone(), quotas),
        random: &mut case.random,
        log: Vec::new(),
        clock: START,
        coming: Vec::new(),
        answered: Vec::new(),
        store: MemoryStore::default(),
        kept: Kept::default(),
    };
    let input = Value::parse(&input).expect("the generator writes JSON");
    if input.json_size() > quotas.payload_bytes {
        // Such an execution does not begin.
        return match run.step(Input::Start { input })? {
            None => Ok(()),
            Some(_) => Err("an execution begins with an input beyond the quota".to_owned()),
        };
    }
    run.drive(Input::Start { input })?;
    if run.machine.redrivable(run.clock).is_ok() && run.random.once_in(2) {
        run.clock += 1000;
        run.drive(Input::Redrive)?;
    }
    let (machine, log, clock) = (run.machine, run.log, run.clock);
    let fresh = || Machine::new(program.clone(), identity.clone(), quotas);
    let mut recovered = fresh();
    log.iter().for_each(|record| recovered.apply(record));
    if recovered != machine {
        return Err("applying the log gives another machine".to_owned());
    }
    let events = history::events(&program, &identity, &log);
    let whole =
        events.iter().enumerate().all(|(at, event)| event.id as usize == at + 1 && event.previous_event_id < event.id);
    if !whole {
        return Err("the history's numbers have gaps, or lead forward".to_owned());
    }
    // Every redrive gives the execution another share of events.
    if events.len() > 2 * quotas.history_events as usize + 2 {
        return Err(format!("{} events, {} are allowed", events.len(), quotas.history_events));
    }
    // From anywhere in the log the machine goes on, with moves that the log holds again.
    let cut = case.random.below(log.len() + 1);
    let mut again = fresh();
    log[..cut].iter().for_each(|record| again.apply(record));
    if cut > 0 && !again.status().is_terminal() {
        let mut effects = Effects::default();
        let _ = again.step(Input::Continue, Now { time: clock, seed: 1 }, &mut effects);
        let mut applied = fresh();
        log[..cut].iter().chain(&effects.events).for_each(|record| applied.apply(record));
        if applied != again {
            return Err(format!("recovered after event {cut}, the log and the machine differ"));
        }
    }
    Ok(())
}

struct Run<'r> {
    machine: Machine,
    random: &'r mut Random,
    log: Vec<Record>,
    clock: i64,
    /// What arrives when.
    coming: Vec<(i64, Input)>,
    /// Inputs that were taken in already: somebody may send one twice.
    answered: Vec<Input>,
    store: MemoryStore,
    kept: Kept,
}

impl Run<'_> {
    /// Goes on from an input until the execution is over, or nothing more can come.
    fn drive(&mut self, first: Input) -> Result<(), String> {
        let mut effects = self.feed(first)?;
        let most = 50_000;
        for _ in 0..most {
            for command in std::mem::take(&mut effects.commands) {
                self.obey(command);
            }
            if effects.more {
                effects = self.feed(Input::Continue)?;
                continue;
            }
            if self.machine.status().is_terminal() {
                return Ok(());
            }
            if let Some(input) = self.disturbance() {
                self.try_input(input)?;
            }
            let next = (0..self.coming.len()).min_by_key(|at| self.coming[*at].0);
            let deadline = self.machine.next_deadline();
            effects = match next {
                Some(at) if deadline.is_none_or(|deadline| self.coming[at].0 <= deadline) => {
                    let (time, input) = self.coming.remove(at);
                    self.clock = self.clock.max(time);
                    self.answered.push(input.clone());
                    self.try_input(input)?
                }
                _ => match deadline {
                    Some(deadline) => {
                        self.clock = self.clock.max(deadline);
                        self.feed(Input::Tick)?
                    }
                    None => return self.waits_for_somebody(),
                },
            };
        }
        Err(format!("goes on after {most} steps with {} events", self.log.len()))
    }

    fn waits_for_somebody(&mut self) -> Result<(), String> {
        if self.machine.status() == &Status::Running
            && self.machine.outstanding().next().is_none()
            && self.machine.outstanding_map_runs().next().is_none()
        {
            return Err("the execution runs, and nothing is out".to_owned());
        }
        let stop = Input::Stop { error: Some("Stopped".into()), cause: None };
        let effects = self.feed(stop)?;
        match self.machine.status() {
            Status::Running => Err(format!("a stopped execution runs on, after {:?}", effects.events.last())),
            _ => Ok(()),
        }
    }

    /// Feeds what the machine waits for.
    fn feed(&mut self, input: Input) -> Result<Effects, String> {
        let shown = format!("{input:?}");
        self.step(input)?.ok_or_else(|| format!("the machine refuses {shown}"))
    }

    /// Feeds what may come too late; the machine then stays as it is.
    fn try_input(&mut self, input: Input) -> Result<Effects, String> {
        Ok(self.step(input)?.unwrap_or_default())
    }

    fn step(&mut self, input: Input) -> Result<Option<Effects>, String> {
        let mut effects = Effects::default();
        let now = Now { time: self.clock, seed: self.log.len() as u64 };
        let before = self.log.len();
        let outcome = self.machine.step(input, now, &mut effects);
        self.log.extend(effects.events.iter().cloned());
        match outcome {
            Ok(()) => Ok(Some(effects)),
            Err(_) if self.log.len() == before && effects.commands.is_empty() => Ok(None),
            Err(refused) => Err(format!("{refused:?} comes with {} events", self.log.len() - before)),
        }
    }

    /// Something that comes out of turn: an answer twice, a heartbeat's tick, a stop.
    fn disturbance(&mut self) -> Option<Input> {
        match self.random.below(40) {
            0 if !self.answered.is_empty() => {
                let at = self.random.below(self.answered.len());
                Some(self.answered[at].clone())
            }
            1 => Some(Input::Tick),
            2 => Some(Input::Continue),
            _ => None,
        }
    }

    fn obey(&mut self, command: Command) {
        match command {
            Command::Schedule(request) => {
                let replies = replies(self.random, &request);
                self.coming.extend(replies.into_iter().map(|(after, input)| (self.clock + after, input)));
            }
            // An answer may be on its way still, and comes too late.
            Command::Cancel(_) | Command::StopMapRun(_) => {}
            Command::StartMapRun(request) => {
                let mut draws = Random::new(self.random.next(), 0);
                let mut tasks =
                    |_: &Identity, request: &TaskRequest, _: i64| -> Replies { replies(&mut draws, request) };
                let seed = u64::from(request.run.sequence()) << 32;
                let mut local = Local::new(&mut self.store, &mut tasks, seed).knowing(std::mem::take(&mut self.kept));
                let finished = local.serve(&request, self.clock);
                self.kept = local.into_kept();
                if let Some(outcome) = finished.outcome() {
                    self.coming.push((finished.time, Input::MapRunEnded { run: request.run, outcome }));
                }
            }
        }
    }
}

/// A value, one with what the definitions look for more often than not.
fn friendly(random: &mut Random) -> String {
    match random.once_in(3) {
        true => text::json(random, 3),
        false => r#"{"a":2,"b":{"c":1},"items":[{"a":1},{"a":3}],"s":"axb","a b":true}"#.to_owned(),
    }
}

/// What becomes of a task: an answer at once, later, never.
fn replies(random: &mut Random, request: &TaskRequest) -> Replies {
    let task = request.task;
    let after = if random.once_in(2) { 0 } else { random.below(8_000) as i64 };
    let input = match random.below(8) {
        0 => return Replies::new(),
        1 => Input::TaskFailed { task, phase: TaskPhase::Run, error: None, cause: None },
        2 | 3 => {
            let error =
                random.pick(&["Boom", "States.Timeout", "States.TaskFailed", "States.Runtime", "Lambda.Unknown"]);
            Input::TaskFailed { task, phase: TaskPhase::Run, error: Some(error.into()), cause: Some("drawn".into()) }
        }
        _ => Input::TaskSucceeded { task, output: Value::parse(&friendly(random)).expect("the generator writes JSON") },
    };
    vec![(after, input)]
}
