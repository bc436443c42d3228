//! The interpreter: a state machine's execution as a pure state machine.
//!
//! [`Machine::step`] takes in what happened outside (a start, a task's result, the passing of time), decides what follows
//! and may evaluate expressions; it answers with events and commands. [`Machine::apply`] alone changes the machine and
//! evaluates nothing, so that applying the events of a log to a new machine gives the machine that made them. Ids,
//! clock, randomness and results come in from outside; nothing here waits, reads or writes.
//!
//! The decisions are in `step` and its kin, one file a subject: `states/…` for the types of state, `data_flow` for what
//! goes in and out of one, `failing` for Retry, Catch and the way up. The facts are in `event`, and `apply` takes them in.

mod apply;
mod command;
pub(crate) mod context_object;
mod data_flow;
mod event;
pub(crate) mod failing;
mod failure;
mod frame;
mod identity;
mod observe;
mod probe;
mod quotas;
mod redrive;
pub mod retry;
mod states;
mod step;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use sfn_asl::value::Value;

pub use command::{Command, Effects, Input, MapRunId, MapRunRequest, Now, Rejected, TaskId, TaskRequest};
pub(crate) use context_object::timestamp;
pub use event::{Event, Record, TaskPhase};
pub use failure::{Failure, FailureKind};
pub use frame::FrameId;
use frame::{Children, Frame, Frames, MapRunOut, Phase, TaskRun};
pub use identity::{ExecutionKind, Identity};
pub(crate) use observe::{ContextObject, Note};
pub(crate) use probe::{Answer, Call, End, Probe, Seen};
pub use quotas::Quotas;
pub use redrive::NotRedrivable;

use crate::program::Program;

/// One execution of a program.
#[derive(Clone, Debug)]
pub struct Machine {
    program: Arc<Program>,
    identity: Arc<Identity>,
    quotas: Arc<Quotas>,
    status: Status,
    started_at: i64,
    /// When it ended last.
    ended_at: i64,
    redriven_at: i64,
    redrive_count: u32,
    input: Value,
    /// Number of the last event of AWS's history.
    history_id: u32,
    frames: Frames,
    /// Size of all variables that frames hold.
    variable_bytes: usize,
    /// Frames that a step can go on with, in the order they became so.
    ready: VecDeque<FrameId>,
    /// What frames wait for by the clock.
    deadlines: BTreeSet<(i64, FrameId)>,
    /// When the whole execution times out.
    deadline: Option<i64>,
}

/// How an execution stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Status {
    /// It has not begun.
    #[default]
    NotStarted,
    /// It runs.
    Running,
    /// It succeeded.
    Succeeded {
        /// Its output.
        output: Value,
    },
    /// It failed.
    Failed(Failure),
    /// It was stopped.
    Aborted(Failure),
    /// It took longer than its `TimeoutSeconds`.
    TimedOut,
}

impl Status {
    /// AWS's name: `RUNNING`, `SUCCEEDED`, `FAILED`, `ABORTED`, `TIMED_OUT`.
    pub fn name(&self) -> &'static str {
        match self {
            Status::NotStarted | Status::Running => "RUNNING",
            Status::Succeeded { .. } => "SUCCEEDED",
            Status::Failed(_) => "FAILED",
            Status::Aborted(_) => "ABORTED",
            Status::TimedOut => "TIMED_OUT",
        }
    }

    /// True when the execution is over.
    pub fn is_terminal(&self) -> bool {
        !matches!(self, Status::NotStarted | Status::Running)
    }
}

impl Machine {
    /// An execution that has not begun.
    pub fn new(program: Arc<Program>, identity: Arc<Identity>, quotas: Quotas) -> Self {
        Machine {
            program,
            identity,
            quotas: quotas.shared(),
            status: Status::NotStarted,
            started_at: 0,
            ended_at: 0,
            redriven_at: 0,
            redrive_count: 0,
            input: Value::Null,
            history_id: 0,
            frames: Frames::default(),
            variable_bytes: 0,
            ready: VecDeque::new(),
            deadlines: BTreeSet::new(),
            deadline: None,
        }
    }

    /// The program it runs.
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// Its names.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// How it stands.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// When it began, in milliseconds since 1970-01-01T00:00Z.
    pub fn started_at(&self) -> i64 {
        self.started_at
    }

    /// When [`Input::Tick`] is due next; `None` while only tasks can move it on.
    pub fn next_deadline(&self) -> Option<i64> {
        let frames = self.deadlines.first().map(|(at, _)| *at);
        frames.into_iter().chain(self.deadline).min()
    }

    /// The tasks that are out: what a driver has to take up again after a restart.
    pub fn outstanding(&self) -> impl Iterator<Item = TaskRequest> + '_ {
        self.running_frames().filter_map(|(id, frame)| match &frame.phase {
            Phase::Task(task) => Some(self.task_request(id, task)),
            _ => None,
        })
    }

    /// The Map Runs that are out: what a driver has to take up again after a restart.
    pub fn outstanding_map_runs(&self) -> impl Iterator<Item = MapRunRequest> + '_ {
        self.running_frames().filter_map(|(_, frame)| match &frame.phase {
            Phase::MapRun(run) => Some(self.map_run_request(run)),
            _ => None,
        })
    }

    /// The task with the token `token`, if it is out.
    pub fn task_with_token(&self, token: &str) -> Option<TaskId> {
        self.running_frames().find_map(|(_, frame)| match &frame.phase {
            Phase::Task(task) if task.token.as_deref() == Some(token) => Some(task.id),
            _ => None,
        })
    }

    /// The frames, unless the execution is over; then they are kept for a redrive alone.
    fn running_frames(&self) -> impl Iterator<Item = (FrameId, &Frame)> {
        self.frames.iter().filter(|_| !self.status.is_terminal())
    }

    fn children(&self, id: FrameId) -> &Children {
        match &self.frames[id].phase {
            Phase::Children(children) => children,
            _ => unreachable!("only a frame with children is asked for them"),
        }
    }

    fn map_run_request(&self, run: &MapRunOut) -> MapRunRequest {
        MapRunRequest {
            run: run.id,
            plan: run.plan.clone(),
            program: self.program.clone(),
            parent: self.identity.clone(),
            quotas: *self.quotas,
            redrive_count: run.redrive_count,
        }
    }

    fn task_request(&self, id: FrameId, task: &TaskRun) -> TaskRequest {
        let frame = &self.frames[id];
        let node = self.program.node(frame.state);
        let crate::program::Kind::Task(task_node) = &node.kind else {
            unreachable!("only a Task state has a task out")
        };
        TaskRequest {
            task: task.id,
            state: node.name.clone(),
            resource: task_node.resource.clone(),
            parameters: task.parameters.clone(),
            token: task.token.clone(),
            timeout_seconds: task.timeout_seconds.map(u64::from),
            heartbeat_seconds: task.heartbeat_seconds.map(u64::from),
            role_arn: task.role_arn.clone(),
            retry_count: frame.retry_count(),
        }
    }
}

impl PartialEq for Machine {
    /// Two machines are equal when whatever happens next happens to both alike; the order in which they take up ready
    /// frames is part of it.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.program, &other.program)
            && self.identity == other.identity
            && self.quotas == other.quotas
            && self.status == other.status
            && self.started_at == other.started_at
            && self.ended_at == other.ended_at
            && self.redriven_at == other.redriven_at
            && self.redrive_count == other.redrive_count
            && self.input == other.input
            && self.history_id == other.history_id
            && self.frames == other.frames
            && self.variable_bytes == other.variable_bytes
            && self.ready == other.ready
            && self.deadlines == other.deadlines
            && self.deadline == other.deadline
    }
}
