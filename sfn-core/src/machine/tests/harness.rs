//! A driver of a few lines: virtual time, and answers from a table.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::Definition;
use sfn_asl::value::Value;

use super::super::{
    Command, Effects, Event, Identity, Input, Machine, MapRunId, MapRunRequest, Now, Quotas, Record, Status, TaskPhase,
    TaskRequest,
};
use crate::history::{self, HistoryEvent};
use crate::map_run::local::{Kept, Local, Replies};
use crate::object_store::MemoryStore;
use crate::program::Program;

/// How a task is answered.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Succeed(Value),
    Fail(&'static str, &'static str),
    /// After so many milliseconds, with a heartbeat half way when asked.
    Later(i64, Box<Answer>),
    Never,
}

/// The answers of the n-th scheduling of a state; the last one is repeated.
pub(crate) type Answers = HashMap<&'static str, Vec<Answer>>;

pub(crate) fn answers<const N: usize>(table: [(&'static str, Vec<Answer>); N]) -> Answers {
    HashMap::from(table)
}

pub(crate) fn json(text: &str) -> Value {
    Value::parse(text).expect("the test's JSON is right")
}

/// An execution that went as far as it could.
pub(crate) struct Run {
    pub(crate) program: Arc<Program>,
    pub(crate) identity: Arc<Identity>,
    pub(crate) machine: Machine,
    pub(crate) log: Vec<Record>,
    pub(crate) cancelled: usize,
    pub(crate) clock: i64,
    /// What Map Runs read and write.
    pub(crate) store: MemoryStore,
    /// What of them did not succeed, by the ids of their plans.
    kept: HashMap<Arc<str>, Kept>,
    /// The Map Runs that were served, in their order.
    served: Vec<Served>,
    quotas: Quotas,
}

/// A Map Run that was served: at once to its end, though its machine learns of that later.
#[derive(Clone)]
struct Served {
    run: MapRunId,
    plan: Arc<str>,
    /// What there was for a redrive before.
    before: Option<Kept>,
}

/// What comes to the machine at some time.
enum Coming {
    Answer(TaskRequest, Answer),
    MapRunEnd(MapRunId, Input),
}

/// The clock reading at which every run begins.
pub(crate) const START: i64 = 1_700_000_000_000;

pub(crate) fn run(definition: &str, input: &str, answers: &Answers) -> Run {
    run_with(definition, input, answers, Quotas::default())
}

pub(crate) fn run_with(definition: &str, input: &str, answers: &Answers, quotas: Quotas) -> Run {
    run_on(MemoryStore::default(), definition, input, answers, quotas)
}

/// A run whose Map Runs read from, and write to, `store`.
pub(crate) fn run_on(store: MemoryStore, definition: &str, input: &str, answers: &Answers, quotas: Quotas) -> Run {
    let definition = Definition::parse_json(definition).unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"));
    let program = Arc::new(Program::compile(&definition));
    let identity = Arc::new(Identity::local("tested", "run"));
    let machine = Machine::new(program.clone(), identity.clone(), quotas);
    let mut run = Run {
        program,
        identity,
        machine,
        log: Vec::new(),
        cancelled: 0,
        clock: START,
        store,
        kept: HashMap::new(),
        served: Vec::new(),
        quotas,
    };
    let effects = run.feed(Input::Start { input: json(input) });
    run.drive(effects, answers);
    run.check_recovery(answers, quotas);
    run
}

impl Run {
    /// Redrives the execution a second after its end, with these answers.
    pub(crate) fn redrive(&mut self, answers: &Answers) {
        self.clock += 1000;
        let before = self.log.len();
        let effects = self.feed(Input::Redrive);
        self.drive(effects, answers);
        self.check_recovery_from(before + 1, answers, self.quotas);
    }

    /// Stops the execution.
    pub(crate) fn stop(&mut self) {
        drop(self.feed(Input::Stop { error: None, cause: None }));
    }

    fn feed(&mut self, input: Input) -> Effects {
        let mut effects = Effects::default();
        let now = Now { time: self.clock, seed: self.log.len() as u64 };
        self.machine.step(input, now, &mut effects).expect("the driver sends what the machine waits for");
        self.log.append(&mut effects.events);
        effects
    }

    /// Goes on until the execution is over or nothing can happen any more.
    fn drive(&mut self, mut effects: Effects, answers: &Answers) {
        let mut queue: Vec<(i64, Coming)> = Vec::new();
        let mut steps = 0;
        loop {
            steps += 1;
            assert!(steps < 200_000, "the run does not end");
            for command in effects.commands.drain(..) {
                match command {
                    Command::Schedule(request) => {
                        let answer = self.answer(&request, answers);
                        match answer {
                            Answer::Later(after, answer) => {
                                let at = self.recorded_at(request.task.sequence()) + after;
                                queue.push((at, Coming::Answer(*request, *answer)));
                            }
                            Answer::Never => {}
                            answer => queue.push((self.clock, Coming::Answer(*request, answer))),
                        }
                    }
                    Command::Cancel(task) => {
                        self.cancelled += 1;
                        queue.retain(
                            |(_, coming)| !matches!(coming, Coming::Answer(request, _) if request.task == task),
                        );
                    }
                    Command::StartMapRun(request) => queue.extend(self.map_run(&request, answers)),
                    Command::StopMapRun(run) => {
                        self.cancelled += 1;
                        queue.retain(|(_, coming)| !matches!(coming, Coming::MapRunEnd(id, _) if *id == run));
                    }
                }
            }
            if effects.more {
                effects = self.feed(Input::Continue);
                continue;
            }
            let next = queue.iter().enumerate().min_by_key(|(_, (at, ..))| *at).map(|(index, (at, ..))| (index, *at));
            effects = match (next, self.machine.next_deadline()) {
                (Some((index, at)), deadline) if deadline.is_none_or(|deadline| at <= deadline) => {
                    let (_, coming) = queue.remove(index);
                    self.clock = self.clock.max(at);
                    self.feed(match coming {
                        Coming::Answer(request, answer) => reply(&request, answer),
                        Coming::MapRunEnd(_, input) => input,
                    })
                }
                (_, Some(deadline)) => {
                    self.clock = self.clock.max(deadline);
                    self.feed(Input::Tick)
                }
                (_, None) => return,
            };
        }
    }

    /// Runs a Map Run; its children's tasks get the first answer of their state.
    fn map_run(&mut self, request: &MapRunRequest, answers: &Answers) -> Option<(i64, Coming)> {
        let mut tasks = |_: &Identity, request: &TaskRequest, _: i64| match answers.get(&*request.state) {
            None => Replies::new(),
            Some(list) => match list[0].clone() {
                Answer::Never => Replies::new(),
                Answer::Later(after, answer) => vec![(after, reply(request, *answer))],
                answer => vec![(0, reply(request, answer))],
            },
        };
        // Children of other Map Runs have other names.
        let seed = u64::from(request.run.sequence()) << 32;
        let plan = request.plan.id.clone();
        let before = self.kept.remove(&plan);
        self.served.push(Served { run: request.run, plan: plan.clone(), before: before.clone() });
        let started_at = self.recorded_at(request.run.sequence());
        let mut local = Local::new(&mut self.store, &mut tasks, seed).knowing(before.unwrap_or_default());
        let finished = local.serve(request, started_at);
        self.kept.insert(plan, local.into_kept());
        let outcome = finished.outcome()?;
        let end = Input::MapRunEnded { run: request.run, outcome };
        Some((finished.time, Coming::MapRunEnd(request.run, end)))
    }

    /// What of Map Runs did not succeed when the log had so many events: one that was out then, or came later, had not
    /// been served.
    fn kept_at(&self, length: usize, machine: &Machine) -> HashMap<Arc<str>, Kept> {
        let recorded = self.log[..length].iter().filter(|record| record.event.is_recorded()).count();
        let mut kept = self.kept.clone();
        for served in self.served.iter().rev() {
            let is_out = machine.outstanding_map_runs().any(|request| request.run == served.run);
            if is_out || served.run.sequence() as usize > recorded {
                match &served.before {
                    Some(before) => kept.insert(served.plan.clone(), before.clone()),
                    None => kept.remove(&served.plan),
                };
            }
        }
        kept
    }

    /// When the event with this number in the history was.
    fn recorded_at(&self, number: u32) -> i64 {
        let mut recorded = self.log.iter().filter(|record| record.event.is_recorded());
        recorded.nth(number as usize - 1).expect("what is out has its event in the log").time
    }

    /// The answer for this scheduling: how often its state was scheduled before stands in the log.
    fn answer(&self, request: &TaskRequest, answers: &Answers) -> Answer {
        let Some(list) = answers.get(&*request.state) else { return Answer::Never };
        let scheduled = self.log.iter().filter(|record| matches!(record.event, Event::TaskScheduled { .. })).count();
        let mut earlier = 0;
        if list.len() > 1 {
            // Only tests with a single task state give it several answers.
            earlier = scheduled - 1;
        }
        list[earlier.min(list.len() - 1)].clone()
    }

    fn check_recovery(&self, answers: &Answers, quotas: Quotas) {
        self.check_recovery_from(1, answers, quotas);
    }

    /// Recovers the run from its log, whole and cut off anywhere from the event with the number `first` on.
    fn check_recovery_from(&self, first: usize, answers: &Answers, quotas: Quotas) {
        let mut recovered = Machine::new(self.program.clone(), self.identity.clone(), quotas);
        for record in &self.log {
            recovered.apply(record);
        }
        assert!(recovered == self.machine, "applying the log gives the machine that made it");
        if self.log.len() > 200 {
            return;
        }
        for length in first..self.log.len() {
            let mut machine = Machine::new(self.program.clone(), self.identity.clone(), quotas);
            self.log[..length].iter().for_each(|record| machine.apply(record));
            let kept = self.kept_at(length, &machine);
            let mut again = Run {
                program: self.program.clone(),
                identity: self.identity.clone(),
                machine,
                log: self.log[..length].to_vec(),
                cancelled: 0,
                clock: self.log[length - 1].time,
                store: self.store.clone(),
                kept,
                served: Vec::new(),
                quotas,
            };
            let mut effects = again.feed(Input::Continue);
            let known: Vec<_> = effects.commands.iter().filter_map(scheduled).collect();
            let outstanding = again.machine.outstanding().filter(|request| !known.contains(&request.task));
            let commands: Vec<_> = outstanding.map(|request| Command::Schedule(Box::new(request))).collect();
            effects.commands.extend(commands);
            let started: Vec<_> = effects.commands.iter().filter_map(started).collect();
            let runs = again.machine.outstanding_map_runs().filter(|request| !started.contains(&request.run));
            let commands: Vec<_> = runs.map(|request| Command::StartMapRun(Box::new(request))).collect();
            effects.commands.extend(commands);
            again.drive(effects, answers);
            let place = || format!("recovered after event {length}: {:?}", self.log[length - 1]);
            assert_eq!(again.machine.status().name(), self.machine.status().name(), "{}", place());
            if !self.races() {
                assert_eq!(again.machine.status(), self.machine.status(), "{}", place());
            }
        }
    }

    /// True when branches or iterations ran side by side: which of two failures comes first is then the driver's order.
    fn races(&self) -> bool {
        self.log.iter().any(|record| {
            matches!(
                record.event,
                Event::BranchStarted { index, .. } | Event::IterationStarted { index, .. } if index > 0
            )
        })
    }

    pub(crate) fn history(&self) -> Vec<HistoryEvent> {
        history::events(&self.program, &self.identity, &self.log)
    }

    /// `id<-previous Type`, one a line.
    pub(crate) fn outline(&self) -> String {
        let line = |event: &HistoryEvent| format!("{}<-{} {}\n", event.id, event.previous_event_id, event.kind);
        self.history().iter().map(line).collect()
    }

    /// Names of the states in the order they were entered.
    pub(crate) fn path(&self) -> Vec<String> {
        let name = |record: &Record| match &record.event {
            Event::StateEntered { state, .. } => Some(self.program.node(*state).name.to_string()),
            _ => None,
        };
        self.log.iter().filter_map(name).collect()
    }

    pub(crate) fn output(&self) -> Value {
        match self.machine.status() {
            Status::Succeeded { output } => output.clone(),
            status => panic!("the run did not succeed: {status:?}"),
        }
    }

    pub(crate) fn error(&self) -> (String, String) {
        match self.machine.status() {
            Status::Failed(failure) => (
                failure.error.as_deref().unwrap_or_default().to_owned(),
                failure.cause.as_deref().unwrap_or_default().to_owned(),
            ),
            status => panic!("the run did not fail: {status:?}"),
        }
    }

    /// Virtual milliseconds from the start to the end.
    pub(crate) fn elapsed(&self) -> i64 {
        self.clock - START
    }
}

fn scheduled(command: &Command) -> Option<super::super::TaskId> {
    match command {
        Command::Schedule(request) => Some(request.task),
        _ => None,
    }
}

fn started(command: &Command) -> Option<MapRunId> {
    match command {
        Command::StartMapRun(request) => Some(request.run),
        _ => None,
    }
}

fn reply(request: &TaskRequest, answer: Answer) -> Input {
    let task = request.task;
    match answer {
        Answer::Succeed(output) => Input::TaskSucceeded { task, output },
        Answer::Fail(error, cause) => {
            Input::TaskFailed { task, phase: TaskPhase::Run, error: Some(error.into()), cause: Some(cause.into()) }
        }
        Answer::Later(..) | Answer::Never => unreachable!("they were dealt with when the task was scheduled"),
    }
}
