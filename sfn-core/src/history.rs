//! An execution's history as AWS tells it: numbered events with names and details, made from the machine's events when
//! someone reads them.
//!
//! The rules of `previousEventId` were measured on AWS: an event follows the one before it in its own branch or
//! iteration, with exceptions where branches and iterations begin and end.

mod details;

use std::collections::HashMap;

use sfn_asl::definition::Integration;
use sfn_asl::value::Value;

use crate::machine::{Event, FrameId, Identity, Record, TaskPhase};
use crate::program::{Kind, Node, Program, StateId};

/// One event of an execution's history.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryEvent {
    /// Its number, from 1.
    pub id: u32,
    /// The number of the event it follows; 0 for none.
    pub previous_event_id: u32,
    /// When, in milliseconds since 1970-01-01T00:00Z.
    pub timestamp: i64,
    /// AWS's name: `TaskStateEntered`.
    pub kind: &'static str,
    /// The members of its `…EventDetails`, payloads as values rather than as JSON texts; `None` for events without.
    pub details: Option<Value>,
}

impl HistoryEvent {
    /// The name of the member that holds the details in AWS's answers: `stateEnteredEventDetails`.
    pub fn details_member(&self) -> String {
        if self.kind.ends_with("StateEntered") {
            return "stateEnteredEventDetails".to_owned();
        }
        if self.kind.ends_with("StateExited") {
            return "stateExitedEventDetails".to_owned();
        }
        let mut name = self.kind[..1].to_ascii_lowercase();
        name.push_str(&self.kind[1..]);
        name.push_str("EventDetails");
        name
    }
}

/// The history that a log stands for.
pub fn events<'a>(
    program: &Program,
    identity: &Identity,
    log: impl IntoIterator<Item = &'a Record>,
) -> Vec<HistoryEvent> {
    let mut reader = HistoryReader::new(program, identity);
    log.into_iter().filter_map(|record| reader.read(record)).collect()
}

/// Turns the records of a log into history events, one after the other.
pub struct HistoryReader<'a> {
    program: &'a Program,
    identity: &'a Identity,
    last_id: u32,
    /// The event that said last that the execution goes on.
    redriven: u32,
    frames: HashMap<FrameId, Track>,
}

/// What the numbering needs to know of a frame.
#[derive(Clone, Copy)]
struct Track {
    parent: Option<FrameId>,
    state: StateId,
    /// Which branch or iteration it is.
    index: u32,
    /// What its next event follows.
    last: u32,
    /// What the state's Entered event follows.
    before_entered: u32,
    entered: u32,
    /// Of a Parallel or Map: its Started event.
    started: u32,
    /// Of a Parallel or Map: the last event within the child that ended last.
    child_last: Option<u32>,
    /// Of a Map: the last event that says that an iteration succeeded.
    iteration_succeeded: Option<u32>,
    /// Of a Distributed Map: the event that its Map Run started.
    map_run_started: Option<u32>,
}

impl<'a> HistoryReader<'a> {
    /// A reader at the beginning of a log.
    pub fn new(program: &'a Program, identity: &'a Identity) -> Self {
        HistoryReader { program, identity, last_id: 0, redriven: 0, frames: HashMap::new() }
    }

    /// The event that the next record of the log stands for; `None` for records that AWS's history does not have.
    pub fn read(&mut self, record: &Record) -> Option<HistoryEvent> {
        let id = self.last_id + 1;
        let (previous_event_id, kind) = self.place(&record.event, id)?;
        self.last_id = id;
        let details = self.details(&record.event);
        self.forget(&record.event);
        Some(HistoryEvent { id, previous_event_id, timestamp: record.time, kind, details })
    }

    /// What the event with the number `id` follows, and its name.
    fn place(&mut self, event: &Event, id: u32) -> Option<(u32, &'static str)> {
        Some(match event {
            Event::ExecutionStarted { .. } => {
                self.frames.insert(Event::root(), Track::new(None, self.program.start(), 0, 0));
                (0, "ExecutionStarted")
            }
            Event::ExecutionSucceeded { .. } => (self.frame(Event::root()).last, "ExecutionSucceeded"),
            Event::ExecutionFailed { .. } => (self.frame(Event::root()).last, "ExecutionFailed"),
            Event::ExecutionAborted { .. } => (0, "ExecutionAborted"),
            Event::ExecutionTimedOut => (0, "ExecutionTimedOut"),
            Event::ExecutionRedriven { .. } => {
                // Whatever goes on follows from here.
                for track in self.frames.values_mut() {
                    (track.last, track.started, track.child_last) = (id, id, None);
                }
                self.redriven = id;
                (id - 1, "ExecutionRedriven")
            }
            Event::StateEntered { frame, state, .. } => {
                let track = self.frame(*frame);
                track.state = *state;
                track.entered = id;
                track.before_entered = track.last;
                track.child_last = None;
                track.iteration_succeeded = None;
                track.map_run_started = None;
                let kind = entered(&self.program.node(*state).kind);
                (self.follow(*frame, id), kind)
            }
            Event::StateExited { frame, .. } => {
                let kind = exited(&self.node(*frame).kind);
                (self.follow(*frame, id), kind)
            }
            Event::TaskScheduled { frame, .. } => self.task(*frame, id, TASK_SCHEDULED),
            Event::TaskStarted { frame, .. } => self.task(*frame, id, TASK_STARTED),
            Event::TaskSubmitted { frame, .. } => self.task(*frame, id, ["TaskSubmitted"; 3]),
            Event::TaskSucceeded { frame, .. } => self.task(*frame, id, TASK_SUCCEEDED),
            Event::TaskTimedOut { frame, .. } => self.task(*frame, id, TASK_TIMED_OUT),
            Event::TaskFailed { frame, phase, .. } => {
                let names = match phase {
                    TaskPhase::Schedule => ["LambdaFunctionScheduleFailed", "ActivityScheduleFailed", "TaskFailed"],
                    TaskPhase::Start => ["LambdaFunctionStartFailed", "ActivityFailed", "TaskStartFailed"],
                    TaskPhase::Submit => ["LambdaFunctionFailed", "ActivityFailed", "TaskSubmitFailed"],
                    TaskPhase::Run => ["LambdaFunctionFailed", "ActivityFailed", "TaskFailed"],
                };
                self.task(*frame, id, names)
            }
            Event::EvaluationFailed { frame, .. } => {
                let waits = matches!(self.node(*frame).kind, Kind::Wait(_));
                let track = self.frame(*frame);
                // Before anything came of the state, AWS chains from what came before it.
                let fresh = track.last == track.entered && !waits;
                let previous = if fresh { track.before_entered } else { track.last };
                track.last = id;
                (previous, "EvaluationFailed")
            }
            Event::ParallelStarted { frame, .. } => (self.start_children(*frame, id), "ParallelStateStarted"),
            Event::MapStarted { frame, .. } => (self.start_children(*frame, id), "MapStateStarted"),
            Event::DistributedMapStarted { frame, .. } => (self.start_children(*frame, id), "MapStateStarted"),
            Event::MapRunStarted { frame, .. } => {
                self.frame(*frame).map_run_started = Some(id);
                (self.follow(*frame, id), "MapRunStarted")
            }
            Event::MapRunRedriven { frame, .. } => {
                self.frame(*frame).map_run_started = Some(id);
                (self.follow(*frame, id), "MapRunRedriven")
            }
            Event::MapRunAborted { frame } => (self.frame(*frame).last, "MapRunAborted"),
            Event::MapRunSucceeded { frame, .. } => (self.follow(*frame, id), "MapRunSucceeded"),
            Event::MapRunFailed { frame, .. } => (self.follow(*frame, id), "MapRunFailed"),
            Event::BranchStarted { parent, frame, index, start } => {
                let started = self.frame(*parent).started;
                self.frames.insert(*frame, Track::new(Some(*parent), *start, *index, started));
                return None;
            }
            Event::IterationStarted { parent, frame, index, start, .. } => {
                let map = self.frame(*parent);
                let previous = map.child_last.unwrap_or(map.started);
                self.frames.insert(*frame, Track::new(Some(*parent), *start, *index, id));
                (previous, "MapIterationStarted")
            }
            Event::ChildRedriven { parent, frame, index, state } => {
                self.frames.insert(*frame, Track::new(Some(*parent), *state, *index, self.redriven));
                return None;
            }
            Event::IterationSucceeded { frame, .. } => {
                let last = self.end_child(*frame);
                let parent = self.frame(*frame).parent?;
                self.frame(parent).iteration_succeeded = Some(id);
                (last, "MapIterationSucceeded")
            }
            Event::IterationFailed { frame, .. } => (self.end_child(*frame), "MapIterationFailed"),
            Event::IterationAborted { frame } => (self.frame(*frame).last, "MapIterationAborted"),
            Event::BranchSucceeded { frame, .. } | Event::BranchFailed { frame, .. } => {
                self.end_child(*frame);
                self.frames.remove(frame);
                return None;
            }
            Event::BranchAborted { frame } => {
                self.frames.remove(frame);
                return None;
            }
            Event::StateAborted { frame } => {
                let kind = match self.node(*frame).kind {
                    Kind::Wait(_) => "WaitStateAborted",
                    Kind::Map(_) => "MapStateAborted",
                    Kind::Parallel(_) => "ParallelStateAborted",
                    _ => "TaskStateAborted",
                };
                (self.frame(*frame).last, kind)
            }
            Event::ChildrenSucceeded { frame } => {
                let is_map = matches!(self.node(*frame).kind, Kind::Map(_));
                let track = self.frame(*frame);
                if let Some(started) = track.map_run_started {
                    // The Exited event follows the start of the Map Run; before the autumn of 2024 it followed its end.
                    let succeeded = std::mem::replace(&mut track.last, started);
                    return Some((succeeded, "MapStateSucceeded"));
                }
                let within = if is_map { track.iteration_succeeded } else { track.child_last };
                // The Exited event follows the same one, not this.
                track.last = within.unwrap_or(track.started);
                (track.last, if is_map { "MapStateSucceeded" } else { "ParallelStateSucceeded" })
            }
            Event::ChildrenFailed { frame, .. } => {
                let is_map = matches!(self.node(*frame).kind, Kind::Map(_));
                (self.follow(*frame, id), if is_map { "MapStateFailed" } else { "ParallelStateFailed" })
            }
            Event::TaskHeartbeat { .. }
            | Event::RetryScheduled { .. }
            | Event::RetryStarted { .. }
            | Event::WaitStarted { .. }
            | Event::WaitEnded { .. }
            | Event::IterationStartFailed { .. } => return None,
        })
    }

    /// The event follows the last one of its frame, and the next one follows it.
    fn follow(&mut self, frame: FrameId, id: u32) -> u32 {
        std::mem::replace(&mut self.frame(frame).last, id)
    }

    fn start_children(&mut self, frame: FrameId, id: u32) -> u32 {
        let track = self.frame(frame);
        track.started = id;
        track.child_last = None;
        track.iteration_succeeded = None;
        track.map_run_started = None;
        self.follow(frame, id)
    }

    /// A child ended: what comes next in its parent follows its last event, which is the answer.
    fn end_child(&mut self, frame: FrameId) -> u32 {
        let Track { last, parent, .. } = *self.frame(frame);
        if let Some(parent) = parent {
            let parent = self.frame(parent);
            parent.child_last = Some(last);
            parent.last = last;
        }
        last
    }

    fn task(&mut self, frame: FrameId, id: u32, [lambda, activity, service]: [&'static str; 3]) -> (u32, &'static str) {
        let kind = match self.integration(frame) {
            Some(Integration::Lambda) => lambda,
            Some(Integration::Activity) => activity,
            _ => service,
        };
        (self.follow(frame, id), kind)
    }

    /// Iterations are forgotten only after their details were made.
    fn forget(&mut self, event: &Event) {
        if let Event::IterationSucceeded { frame, .. }
        | Event::IterationFailed { frame, .. }
        | Event::IterationAborted { frame } = event
        {
            self.frames.remove(frame);
        }
    }

    fn frame(&mut self, id: FrameId) -> &mut Track {
        self.frames.get_mut(&id).expect("an event names a frame that an earlier one began")
    }

    fn node(&self, id: FrameId) -> &'a Node {
        self.program.node(self.frames[&id].state)
    }

    fn integration(&self, id: FrameId) -> Option<&'a Integration> {
        match &self.node(id).kind {
            Kind::Task(task) => Some(&task.resource.integration),
            _ => None,
        }
    }
}

impl Track {
    fn new(parent: Option<FrameId>, state: StateId, index: u32, last: u32) -> Self {
        Track {
            parent,
            state,
            index,
            last,
            before_entered: last,
            entered: 0,
            started: 0,
            child_last: None,
            iteration_succeeded: None,
            map_run_started: None,
        }
    }
}

const TASK_SCHEDULED: [&str; 3] = ["LambdaFunctionScheduled", "ActivityScheduled", "TaskScheduled"];
const TASK_STARTED: [&str; 3] = ["LambdaFunctionStarted", "ActivityStarted", "TaskStarted"];
const TASK_SUCCEEDED: [&str; 3] = ["LambdaFunctionSucceeded", "ActivitySucceeded", "TaskSucceeded"];
const TASK_TIMED_OUT: [&str; 3] = ["LambdaFunctionTimedOut", "ActivityTimedOut", "TaskTimedOut"];

fn entered(kind: &Kind) -> &'static str {
    match kind {
        Kind::Task(_) => "TaskStateEntered",
        Kind::Pass(_) => "PassStateEntered",
        Kind::Choice(_) => "ChoiceStateEntered",
        Kind::Wait(_) => "WaitStateEntered",
        Kind::Parallel(_) => "ParallelStateEntered",
        Kind::Map(_) => "MapStateEntered",
        Kind::Succeed(_) => "SucceedStateEntered",
        Kind::Fail(_) => "FailStateEntered",
    }
}

fn exited(kind: &Kind) -> &'static str {
    match kind {
        Kind::Task(_) => "TaskStateExited",
        Kind::Pass(_) => "PassStateExited",
        Kind::Choice(_) => "ChoiceStateExited",
        Kind::Wait(_) => "WaitStateExited",
        Kind::Parallel(_) => "ParallelStateExited",
        Kind::Map(_) => "MapStateExited",
        Kind::Succeed(_) => "SucceedStateExited",
        Kind::Fail(_) => "FailStateExited",
    }
}
