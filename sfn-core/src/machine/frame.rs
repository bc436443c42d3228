//! The state of a machine: one frame for the execution, and one for every branch and iteration that runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sfn_asl::value::Value;

use super::{Command, Failure, MapRunId, TaskId};
use crate::item_reader::Collection;
use crate::map_run::MapRunPlan;
use crate::program::StateId;

/// The number of a frame; free numbers are used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FrameId(pub(super) u32);

impl FrameId {
    /// The frame of the execution itself.
    pub(super) const ROOT: FrameId = FrameId(0);
}

/// States that run one after the other: the execution, a branch, an iteration.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Frame {
    /// The Parallel or Map it belongs to.
    pub(super) parent: Option<Parent>,
    /// The state it is in, or about to enter.
    pub(super) state: StateId,
    /// That state's raw input.
    pub(super) input: Value,
    /// Number of the state's Entered event in the history.
    pub(super) entered_id: u32,
    /// When it was entered.
    pub(super) entered_at: i64,
    /// What goes on in it.
    pub(super) phase: Phase,
    /// Retries of this visit of the state, for each Retrier; empty before the first.
    pub(super) retries: Vec<u32>,
    /// Variables assigned in this scope, in the order of their first assignment.
    pub(super) variables: Vec<(Arc<str>, Value)>,
    /// The item of an iteration.
    pub(super) item: Option<IterationItem>,
    /// What is left of the state's work since it failed or was stopped.
    pub(super) remains: Option<Box<Remains>>,
}

/// What is left of the work of a Parallel or Map that failed or was stopped: a redrive goes on with it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Remains {
    /// Branches or iterations; none of them runs.
    Children(Children),
    /// A Map Run that ended without success.
    MapRun(MapRunOut),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parent {
    pub(super) frame: FrameId,
    /// Which branch or iteration.
    pub(super) index: u32,
    pub(super) kind: ChildKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ChildKind {
    Branch,
    Iteration,
}

/// What goes on in a frame.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    /// It is about to enter its state.
    Entering,
    /// The state was entered, or its retry is due, and is to be run.
    Running,
    /// A task is out.
    Task(Box<TaskRun>),
    /// A Wait, until the given time.
    Waiting(i64),
    /// The Wait is over.
    Waited,
    /// A retry is due at the given time.
    BackingOff(i64),
    /// Branches or iterations run.
    Children(Box<Children>),
    /// A Distributed Map began; its Map Run is to be started.
    DistributedMap(Box<DistributedMap>),
    /// A Map Run is out.
    MapRun(MapRunOut),
    /// A Map Run that ended without success is to be redriven.
    MapRunStopped(MapRunOut),
    /// The Map Run succeeded with this result.
    MapRunSucceeded(Value),
    /// The task, or all branches or iterations, succeeded with this result.
    Result(Value),
    /// The state failed, and what follows from it is not decided yet.
    Failed(Box<FailedState>),
    /// The scope reached its end with this output.
    Ended(Value),
    /// The state was stopped; its branch or iteration will be.
    Aborted,
}

/// A state that failed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FailedState {
    pub(super) failure: Failure,
    /// Neither Retry nor Catch of the state can help: they were asked, or failed themselves.
    pub(super) settled: bool,
    /// The history shows that the state ended: `TaskStateAborted`, `MapStateFailed`, `ParallelStateFailed`.
    pub(super) closed: bool,
}

/// A task that is out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TaskRun {
    pub(super) id: TaskId,
    pub(super) token: Option<Arc<str>>,
    pub(super) started: bool,
    pub(super) submitted: bool,
    pub(super) parameters: Value,
    pub(super) role_arn: Option<Arc<str>>,
    pub(super) timeout_seconds: Option<u32>,
    pub(super) timeout_at: Option<i64>,
    pub(super) heartbeat_seconds: Option<u32>,
    pub(super) has_heartbeats: bool,
    pub(super) heartbeat_at: Option<i64>,
}

/// What an iteration is about.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct IterationItem {
    /// Its key, in a Map over an object.
    pub(super) key: Option<Arc<str>>,
    pub(super) value: Value,
}

/// A Distributed Map whose Map Run is not started yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DistributedMap {
    /// Its effective input.
    pub(super) input: Value,
    /// The items; none when an `ItemReader` reads them.
    pub(super) items: Collection,
    /// How many child executions may run at once.
    pub(super) max_concurrency: u32,
}

/// A Map Run that is out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MapRunOut {
    pub(super) id: MapRunId,
    pub(super) plan: Arc<MapRunPlan>,
    /// How often it was redriven.
    pub(super) redrive_count: u32,
}

/// Branches or iterations that run.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Children {
    /// What every branch receives; of a Map its effective input.
    pub(super) input: Value,
    /// The items of a Map.
    pub(super) items: Option<Collection>,
    /// How many there are in all.
    pub(super) total: u32,
    /// How many may run at once.
    pub(super) max_concurrency: u32,
    /// How many were started.
    pub(super) started: u32,
    /// Those that run.
    pub(super) running: BTreeSet<FrameId>,
    /// Outputs, by branch or iteration.
    pub(super) outputs: Vec<Option<Value>>,
    /// Why the first of them failed that did.
    pub(super) failure: Option<Failure>,
    /// Those that failed or were stopped, as they were then: a redrive goes on with them.
    pub(super) unsuccessful: BTreeMap<u32, Box<Frame>>,
}

impl Frame {
    /// True when the state failed and what follows is to be decided.
    pub(super) fn is_failed(&self) -> bool {
        matches!(self.phase, Phase::Failed(_))
    }

    /// Retries of this visit of the state.
    pub(super) fn retry_count(&self) -> u32 {
        self.retries.iter().sum()
    }
}

impl Children {
    /// True when the parent can do something: stop the others, start another one, or end because all have ended.
    pub(super) fn is_ready(&self) -> bool {
        self.failure.is_some() || self.redrivable().is_some() || self.can_start() || self.is_complete()
    }

    /// The branch or iteration that a redrive goes on with next: one that has ended without success, although nothing
    /// has failed since.
    pub(super) fn redrivable(&self) -> Option<u32> {
        self.unsuccessful.keys().next().copied().filter(|_| self.failure.is_none())
    }

    pub(super) fn can_start(&self) -> bool {
        self.started < self.total && self.running.len() < self.max_concurrency as usize
    }

    pub(super) fn is_complete(&self) -> bool {
        self.started == self.total && self.running.is_empty() && self.unsuccessful.is_empty()
    }
}

impl Phase {
    /// True when a step can go on with the frame.
    pub(super) fn is_ready(&self) -> bool {
        match self {
            Phase::Entering | Phase::Running | Phase::Waited => true,
            Phase::DistributedMap(_) | Phase::MapRunSucceeded(_) | Phase::MapRunStopped(_) => true,
            Phase::Result(_) | Phase::Failed(_) | Phase::Ended(_) => true,
            Phase::Children(children) => children.is_ready(),
            Phase::Task(_) | Phase::Waiting(_) | Phase::BackingOff(_) | Phase::MapRun(_) | Phase::Aborted => false,
        }
    }

    /// What tells a driver that nobody waits any more for what is out.
    pub(super) fn cancellation(&self) -> Option<Command> {
        match self {
            Phase::Task(task) => Some(Command::Cancel(task.id)),
            Phase::MapRun(run) => Some(Command::StopMapRun(run.id)),
            _ => None,
        }
    }

    /// What the frame waits for, by the clock.
    pub(super) fn deadlines(&self) -> impl Iterator<Item = i64> {
        let (first, second) = match self {
            Phase::Waiting(until) | Phase::BackingOff(until) => (Some(*until), None),
            Phase::Task(task) => (task.timeout_at, task.heartbeat_at),
            _ => (None, None),
        };
        first.into_iter().chain(second)
    }
}

/// The frames of a machine by number.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Frames {
    slots: Vec<Option<Box<Frame>>>,
    free: Vec<FrameId>,
}

impl Frames {
    /// The number that the next frame gets.
    pub(super) fn next_id(&self) -> FrameId {
        let fresh = || FrameId(u32::try_from(self.slots.len()).expect("less than 2^32 frames fit into memory"));
        self.free.last().copied().unwrap_or_else(fresh)
    }

    /// Puts a frame where [`Frames::next_id`] said.
    pub(super) fn insert(&mut self, id: FrameId, frame: Frame) {
        let slot = Some(Box::new(frame));
        match self.free.pop() {
            Some(free) => {
                assert_eq!(free, id, "frames get their numbers in order");
                self.slots[id.0 as usize] = slot;
            }
            None => {
                assert_eq!(self.slots.len(), id.0 as usize, "frames get their numbers in order");
                if self.slots.is_empty() {
                    // Most executions have one frame, and there may be many executions.
                    self.slots.reserve_exact(1);
                }
                self.slots.push(slot);
            }
        }
    }

    pub(super) fn remove(&mut self, id: FrameId) -> Option<Box<Frame>> {
        let removed = self.slots[id.0 as usize].take();
        self.free.extend(removed.as_ref().map(|_| id));
        removed
    }

    pub(super) fn get(&self, id: FrameId) -> Option<&Frame> {
        self.slots.get(id.0 as usize)?.as_deref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        (0..).map(FrameId).zip(&self.slots).filter_map(|(id, slot)| Some((id, slot.as_deref()?)))
    }

    pub(super) fn clear(&mut self) {
        self.slots.clear();
        self.free.clear();
    }
}

impl std::ops::Index<FrameId> for Frames {
    type Output = Frame;

    fn index(&self, id: FrameId) -> &Frame {
        self.get(id).expect("an event names a frame that exists")
    }
}

impl std::ops::IndexMut<FrameId> for Frames {
    fn index_mut(&mut self, id: FrameId) -> &mut Frame {
        self.slots[id.0 as usize].as_deref_mut().expect("an event names a frame that exists")
    }
}
