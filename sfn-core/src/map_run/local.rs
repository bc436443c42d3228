//! A whole Map Run in memory, under virtual time: for tests, and wherever nothing has to outlive the process.
//!
//! Objects come from an [`ObjectStore`], tasks of the children are answered by a callback. Children run one after the
//! other, but each from the moment it was started, and they end in the order of the clock: what a concurrent run would
//! do, with one machine in memory at a time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use sfn_asl::value::Value;

use super::{ChildId, ChildRequest, MapRun, MapRunCommand, MapRunEffects, MapRunInput, MapRunRecord, MapRunStatus};
use crate::item_reader::{ItemReader, Items, ReadError};
use crate::machine::{Command, Effects, Failure, Identity, Input, Machine, MapRunRequest, Now, Status, TaskRequest};
use crate::object_store::ObjectStore;

/// A child that takes more steps counts as one that never ends.
const CHILD_STEPS: u32 = 1_000_000;

/// What a task of a child comes to: what the machine is told, after so many milliseconds each.
pub type Replies = Vec<(i64, Input)>;

/// Answers the tasks of children: the names of the child, its request, the time it was scheduled.
pub type Tasks<'a> = dyn FnMut(&Identity, &TaskRequest, i64) -> Replies + 'a;

/// What a run in memory is surrounded by.
pub struct Local<'a> {
    store: &'a mut dyn ObjectStore,
    tasks: &'a mut Tasks<'a>,
    seed: u64,
    kept: Kept,
}

/// What did not succeed, for a redrive to go on with: children by their names, Map Runs by theirs.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    children: HashMap<Arc<str>, Machine>,
    map_runs: HashMap<Arc<str>, MapRun>,
}

/// Children that are kept at most; others begin anew.
const KEPT: usize = 10_000;

/// A run that went as far as it could.
#[derive(Debug)]
pub struct Finished {
    /// The run. It is still running when a child of it never ends.
    pub run: MapRun,
    /// When that was.
    pub time: i64,
}

impl Finished {
    /// The Map's result, or why the run failed; `None` when it never ends.
    pub fn outcome(&self) -> Option<Result<Value, Failure>> {
        match self.run.status() {
            MapRunStatus::Succeeded { output } => Some(Ok(output.clone())),
            MapRunStatus::Failed(failure) => Some(Err(failure.clone())),
            MapRunStatus::NotStarted | MapRunStatus::Running | MapRunStatus::Aborted => None,
        }
    }
}

impl<'a> Local<'a> {
    /// Surroundings with these objects and these tasks; `seed` is what names of children are made from.
    pub fn new(store: &'a mut dyn ObjectStore, tasks: &'a mut Tasks<'a>, seed: u64) -> Self {
        Local { store, tasks, seed, kept: Kept::default() }
    }

    /// The same surroundings, which know what did not succeed in others.
    pub fn knowing(self, kept: Kept) -> Self {
        Local { kept, ..self }
    }

    /// What did not succeed.
    pub fn into_kept(self) -> Kept {
        self.kept
    }

    /// Runs the Map Run that a machine asks for at `time`, or goes on with it if it is to be redriven.
    pub fn serve(&mut self, request: &MapRunRequest, time: i64) -> Finished {
        let before = self.kept.map_runs.remove(&request.plan.id).filter(|_| request.redrive_count > 0);
        let finished = match before {
            Some(run) => self.redrive(run, time, &mut |_| {}),
            None => self.run(request, time),
        };
        if finished.run.is_redrivable() {
            self.kept.map_runs.insert(request.plan.id.clone(), finished.run.clone());
        }
        finished
    }

    /// Runs a Map Run that begins at `time`.
    pub fn run(&mut self, request: &MapRunRequest, time: i64) -> Finished {
        self.observe(request, time, &mut |_| {})
    }

    /// Runs a Map Run that begins at `time`; `observe` sees every event.
    pub fn observe(&mut self, request: &MapRunRequest, time: i64, observe: &mut dyn FnMut(MapRunRecord)) -> Finished {
        self.drive(MapRun::new(request), MapRunInput::Start, Vec::new(), time, observe)
    }

    /// Goes on at `time` with a run that was recovered from its log: what is out is taken up again. Children run again
    /// from the moment they began, so they end when they would have.
    pub fn resume(&mut self, run: MapRun, time: i64) -> Finished {
        let mut commands = Vec::new();
        commands.extend(run.items_requested().map(|most| MapRunCommand::ReadItems { most }));
        commands.extend(run.unwritten().cloned().map(MapRunCommand::WritePart));
        commands.extend(run.outstanding().map(|request| MapRunCommand::StartChild(Box::new(request))));
        self.drive(run, MapRunInput::Continue, commands, time, &mut |_| {})
    }

    /// Goes on at `time` with a run that failed or was stopped. Children that did not succeed go on where they were, if
    /// these surroundings ran them; else they begin anew.
    pub fn redrive(&mut self, run: MapRun, time: i64, observe: &mut dyn FnMut(MapRunRecord)) -> Finished {
        self.drive(run, MapRunInput::Redrive, Vec::new(), time, observe)
    }

    fn drive(
        &mut self,
        mut run: MapRun,
        first: MapRunInput,
        commands: Vec<MapRunCommand>,
        mut time: i64,
        observe: &mut dyn FnMut(MapRunRecord),
    ) -> Finished {
        let mut inputs = VecDeque::from([first]);
        let mut reader = None;
        let mut ended: BTreeMap<(i64, ChildId), Status> = BTreeMap::new();
        let mut effects = MapRunEffects { commands, ..MapRunEffects::default() };
        loop {
            for command in std::mem::take(&mut effects.commands) {
                match command {
                    MapRunCommand::ReadItems { most } => inputs.push_back(self.read(&run, &mut reader, most)),
                    MapRunCommand::StartChild(request) => {
                        let child = request.child;
                        if let Some((at, status)) = self.child(*request) {
                            ended.insert((at, child), status);
                        }
                    }
                    MapRunCommand::StopChild(child) => ended.retain(|(_, id), _| *id != child),
                    MapRunCommand::WritePart(part) => inputs.push_back(match self.store.put(&part) {
                        Ok(()) => MapRunInput::PartWritten,
                        Err(error) => MapRunInput::WriteFailed(error),
                    }),
                }
            }
            let input = if effects.more {
                MapRunInput::Continue
            } else if let Some(input) = inputs.pop_front() {
                input
            } else if let Some(((at, child), status)) = ended.pop_first() {
                time = time.max(at);
                MapRunInput::ChildEnded { child, status }
            } else {
                return Finished { run, time };
            };
            // An answer that nobody waits for any more has no effect.
            let _ = run.step(input, Now { time, seed: self.next_seed() }, &mut effects);
            effects.events.drain(..).for_each(&mut *observe);
        }
    }

    fn next_seed(&mut self) -> u64 {
        self.seed = self.seed.wrapping_add(1);
        self.seed
    }

    fn read(&mut self, run: &MapRun, reader: &mut Option<ItemReader>, most: u32) -> MapRunInput {
        match self.items(run, reader, most) {
            Ok(Items { items, is_last, .. }) => MapRunInput::ItemsRead { items, is_last },
            Err(error) => MapRunInput::ReadFailed(error),
        }
    }

    fn items(&mut self, run: &MapRun, reader: &mut Option<ItemReader>, most: u32) -> Result<Items, ReadError> {
        let reader = match reader {
            Some(reader) => reader,
            None => reader.insert(ItemReader::new(&run.plan().items)?.skipping(run.items_read())),
        };
        reader.read(most, |request| self.store.answer(request))
    }

    /// Runs a child execution to its end; `None` when it never ends.
    pub fn child(&mut self, request: ChildRequest) -> Option<(i64, Status)> {
        let ChildRequest { identity, program, quotas, input, started_at, redrive_count, .. } = request;
        let mut now = started_at;
        let kept = self
            .kept
            .children
            .remove(&identity.execution)
            .filter(|machine| redrive_count > 0 && machine.redrivable(now).is_ok());
        let (mut machine, first) = match kept {
            Some(machine) => (machine, Input::Redrive),
            None => (Machine::new(program, identity, quotas), Input::Start { input }),
        };
        let mut arriving: BTreeMap<(i64, u64), Input> = BTreeMap::from([((now, 0), first)]);
        let mut effects = Effects::default();
        for step in 1..=CHILD_STEPS {
            let arrival = arriving.first_key_value().map(|((at, _), _)| *at);
            let input = match (effects.more, arrival, machine.next_deadline()) {
                (true, _, _) => Input::Continue,
                (_, Some(at), deadline) if deadline.is_none_or(|deadline| at <= deadline) => {
                    now = now.max(at);
                    arriving.pop_first()?.1
                }
                (_, _, Some(deadline)) => {
                    now = now.max(deadline);
                    Input::Tick
                }
                _ => return None,
            };
            if let Err(refused) = machine.step(input, Now { time: now, seed: self.next_seed() }, &mut effects)
                && refused == crate::machine::Rejected::InputTooLarge
            {
                let failure = Failure::new("States.DataLimitExceeded", refused.to_string());
                return Some((now, Status::Failed(failure)));
            }
            effects.events.clear();
            if machine.status().is_terminal() {
                let status = machine.status().clone();
                if machine.redrivable(now).is_ok() && self.kept.children.len() < KEPT {
                    self.kept.children.insert(machine.identity().execution.clone(), machine);
                }
                return Some((now, status));
            }
            let mut sent = u64::from(step) << 32;
            for command in std::mem::take(&mut effects.commands) {
                let replies = match command {
                    Command::Schedule(request) => (self.tasks)(machine.identity(), &request, now),
                    Command::StartMapRun(request) => {
                        let finished = self.serve(&request, now);
                        let ended = |outcome| (finished.time - now, Input::MapRunEnded { run: request.run, outcome });
                        finished.outcome().map(ended).into_iter().collect()
                    }
                    Command::Cancel(_) | Command::StopMapRun(_) => Replies::new(),
                };
                for (after, input) in replies {
                    sent += 1;
                    arriving.insert((now.saturating_add(after), sent), input);
                }
            }
        }
        None
    }
}
