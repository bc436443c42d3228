//! What goes in and out of the machine.

use std::sync::Arc;

use sfn_asl::definition::Resource;
use sfn_asl::value::Value;

use super::{Failure, FrameId, Identity, NotRedrivable, Quotas, Record, TaskPhase};
use crate::map_run::MapRunPlan;
use crate::program::Program;

/// What a driver tells the machine.
#[derive(Clone, Debug)]
pub enum Input {
    /// Begin with this input.
    Start {
        /// The execution's input.
        input: Value,
    },
    /// Go on: the last step said that there is more to do.
    Continue,
    /// Time has passed: do what is due.
    Tick,
    /// Work on a task began.
    TaskStarted {
        /// Which.
        task: TaskId,
        /// Name of the activity worker.
        worker: Option<Arc<str>>,
    },
    /// The service accepted the request of a `.sync` or `.waitForTaskToken` task.
    TaskSubmitted {
        /// Which.
        task: TaskId,
        /// What the service answered.
        output: Value,
    },
    /// The task's holder lives.
    TaskHeartbeat {
        /// Which.
        task: TaskId,
    },
    /// The task has a result.
    TaskSucceeded {
        /// Which.
        task: TaskId,
        /// The result.
        output: Value,
    },
    /// The task failed.
    TaskFailed {
        /// Which.
        task: TaskId,
        /// How far it had come.
        phase: TaskPhase,
        /// Name of the error.
        error: Option<Arc<str>>,
        /// Its cause.
        cause: Option<Arc<str>>,
    },
    /// A Map Run is over.
    MapRunEnded {
        /// Which.
        run: MapRunId,
        /// The Map's result, or why it failed.
        outcome: Result<Value, Failure>,
    },
    /// Go on with what did not succeed, after the execution has ended without success; see [`Machine::redrivable`].
    ///
    /// [`Machine::redrivable`]: super::Machine::redrivable
    Redrive,
    /// End now.
    Stop {
        /// Name of an error.
        error: Option<Arc<str>>,
        /// Its cause.
        cause: Option<Arc<str>>,
    },
}

/// The clock and the randomness of one step.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub time: i64,
    /// What random numbers, tokens and jitter of this step are made from.
    pub seed: u64,
}

/// One scheduling of a task: a retry is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TaskId {
    pub(super) frame: FrameId,
    /// Number of its event in the history, unique within the execution.
    pub(super) sequence: u32,
}

impl TaskId {
    /// A number that no other task of the execution has; with the execution's name it is an idempotency key.
    pub fn sequence(self) -> u32 {
        self.sequence
    }
}

/// One Map Run of a Distributed Map: a retry is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MapRunId {
    pub(super) frame: FrameId,
    /// Number of its event in the history, unique within the execution.
    pub(super) sequence: u32,
}

impl MapRunId {
    /// A number that no other Map Run of the execution has.
    pub fn sequence(self) -> u32 {
        self.sequence
    }
}

/// What a driver has to do.
#[derive(Clone, Debug)]
pub enum Command {
    /// Do a task, and tell how it went.
    Schedule(Box<TaskRequest>),
    /// Nobody waits for this task any more.
    Cancel(TaskId),
    /// Run a [`MapRun`](crate::map_run::MapRun), and tell how it ended.
    StartMapRun(Box<MapRunRequest>),
    /// Stop this Map Run: nobody waits for it any more.
    StopMapRun(MapRunId),
}

/// A Map Run to be run.
#[derive(Clone, Debug)]
pub struct MapRunRequest {
    /// Which; goes back with its end.
    pub run: MapRunId,
    /// What it is to do.
    pub plan: Arc<MapRunPlan>,
    /// The program that the Map is part of.
    pub program: Arc<Program>,
    /// The execution that the Map is part of.
    pub parent: Arc<Identity>,
    /// The limits of the execution, which are those of the children, too.
    pub quotas: Quotas,
    /// How often the run was redriven. Unless it is 0, the run that this plan had before goes on
    /// ([`MapRunInput::Redrive`](crate::map_run::MapRunInput::Redrive)); whoever does not have it any more begins anew.
    pub redrive_count: u32,
}

/// A task to be done.
#[derive(Clone, Debug)]
pub struct TaskRequest {
    /// Which; goes back with every answer.
    pub task: TaskId,
    /// Name of the state.
    pub state: Arc<str>,
    /// What does the work.
    pub resource: Resource,
    /// What goes to it.
    pub parameters: Value,
    /// The token that `.waitForTaskToken` and `.sync` tasks and activities are answered with.
    pub token: Option<Arc<str>>,
    /// Seconds until it times out; the machine sees to that.
    pub timeout_seconds: Option<u64>,
    /// Seconds between heartbeats; the machine sees to that.
    pub heartbeat_seconds: Option<u64>,
    /// `RoleArn` of the credentials.
    pub role_arn: Option<Arc<str>>,
    /// Retries of the state so far.
    pub retry_count: u32,
}

/// What came of a step; a driver hands the same one to every step and takes out what it has dealt with.
#[derive(Debug, Default)]
pub struct Effects {
    /// What happened, in order. A durable driver writes it down before it obeys the commands.
    pub events: Vec<Record>,
    /// What to do.
    pub commands: Vec<Command>,
    /// There is more to do at once: call again with [`Input::Continue`].
    pub more: bool,
}

/// Why an input had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// The execution has not begun.
    #[error("the execution has not begun")]
    NotStarted,
    /// The execution has begun already.
    #[error("the execution has begun already")]
    AlreadyStarted,
    /// The execution is over.
    #[error("the execution is over")]
    Ended,
    /// The input of the execution is larger than the quota.
    #[error("the input is larger than the quota allows")]
    InputTooLarge,
    /// Nobody waits for this task: it ended, timed out or was cancelled.
    #[error("nobody waits for this task any more")]
    UnknownTask,
    /// The execution cannot be redriven.
    #[error(transparent)]
    NotRedrivable(#[from] NotRedrivable),
    /// Nobody waits for this Map Run: it ended or was stopped.
    #[error("nobody waits for this Map Run any more")]
    UnknownMapRun,
}
