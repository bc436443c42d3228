//! What happened, as facts: the log of an execution.

use std::sync::Arc;

use sfn_asl::value::{Object, Value};

use super::{Failure, FrameId};
use crate::item_reader::Collection;
use crate::map_run::MapRunPlan;
use crate::program::StateId;

/// An event with the time it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub time: i64,
    /// What happened.
    pub event: Event,
}

/// What happened.
///
/// Events carry state numbers and shared values; the names and texts of AWS's history are added when someone reads it
/// (`history`). Results of expressions, chosen branches, delays and tokens stand in the events, so that applying them
/// again evaluates nothing. An event stands for one event of AWS's history, or for none ([`Event::is_recorded`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The execution began.
    ExecutionStarted {
        /// Its input.
        input: Value,
    },
    /// A frame entered a state.
    StateEntered {
        /// Where.
        frame: FrameId,
        /// The state.
        state: StateId,
        /// Its raw input.
        input: Value,
    },
    /// A frame left its state.
    StateExited {
        /// Where.
        frame: FrameId,
        /// The state's output.
        output: Value,
        /// Variables it assigned.
        assigned: Option<Object>,
        /// Where to; `None` is the end of the scope.
        next: Option<StateId>,
    },
    /// A task is to be done.
    TaskScheduled {
        /// Where.
        frame: FrameId,
        /// What goes to the resource.
        parameters: Value,
        /// Seconds until it times out.
        timeout_seconds: Option<u32>,
        /// Seconds between heartbeats.
        heartbeat_seconds: Option<u32>,
        /// `RoleArn` of the credentials.
        role_arn: Option<Arc<str>>,
        /// The task token.
        token: Option<Arc<str>>,
    },
    /// Work on the task began.
    TaskStarted {
        /// Where.
        frame: FrameId,
        /// Name of the activity worker.
        worker: Option<Arc<str>>,
    },
    /// The request of a `.sync` or `.waitForTaskToken` task was accepted.
    TaskSubmitted {
        /// Where.
        frame: FrameId,
        /// What the service answered.
        output: Value,
    },
    /// The task's holder gave a sign of life.
    TaskHeartbeat {
        /// Where.
        frame: FrameId,
    },
    /// The task has a result.
    TaskSucceeded {
        /// Where.
        frame: FrameId,
        /// The result.
        output: Value,
    },
    /// The task failed.
    TaskFailed {
        /// Where.
        frame: FrameId,
        /// How far it had come.
        phase: TaskPhase,
        /// Why.
        failure: Failure,
    },
    /// The task took too long, or missed its heartbeat.
    TaskTimedOut {
        /// Where.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// The state is tried again later.
    RetryScheduled {
        /// Where.
        frame: FrameId,
        /// Which entry of `Retry`.
        retrier: u32,
        /// When.
        until: i64,
    },
    /// The time of a retry has come.
    RetryStarted {
        /// Where.
        frame: FrameId,
    },
    /// A Wait began.
    WaitStarted {
        /// Where.
        frame: FrameId,
        /// Until when.
        until: i64,
    },
    /// A Wait is over.
    WaitEnded {
        /// Where.
        frame: FrameId,
    },
    /// A Parallel began.
    ParallelStarted {
        /// Where.
        frame: FrameId,
        /// What every branch receives.
        input: Value,
        /// Number of branches.
        branches: u32,
    },
    /// A Map began.
    MapStarted {
        /// Where.
        frame: FrameId,
        /// The state's effective input: what `$` is in the `ItemSelector`.
        input: Value,
        /// The items.
        items: Collection,
        /// Iterations at once.
        max_concurrency: u32,
    },
    /// A Map in mode DISTRIBUTED began; what its Map Run is to do is to be settled.
    DistributedMapStarted {
        /// Where.
        frame: FrameId,
        /// The state's effective input: what `$` is in the `ItemSelector`.
        input: Value,
        /// The items; none when an `ItemReader` reads them.
        items: Collection,
        /// Child executions at once.
        max_concurrency: u32,
    },
    /// The Map Run of a Distributed Map began.
    MapRunStarted {
        /// The Map.
        frame: FrameId,
        /// What it is to do.
        plan: Arc<MapRunPlan>,
    },
    /// The Map Run of a Distributed Map goes on where it ended without success.
    MapRunRedriven {
        /// The Map.
        frame: FrameId,
        /// What it is to do: what it was to do before.
        plan: Arc<MapRunPlan>,
        /// How often it was redriven, this time included.
        redrive_count: u32,
    },
    /// The Map Run was stopped because its branch or iteration ends.
    MapRunAborted {
        /// The Map.
        frame: FrameId,
    },
    /// The Map Run reached its end.
    MapRunSucceeded {
        /// The Map.
        frame: FrameId,
        /// Its result.
        output: Value,
    },
    /// The Map Run failed.
    MapRunFailed {
        /// The Map.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// A branch of a Parallel began, as a frame of its own.
    BranchStarted {
        /// The Parallel.
        parent: FrameId,
        /// The branch.
        frame: FrameId,
        /// Which.
        index: u32,
        /// Its first state.
        start: StateId,
    },
    /// An iteration of a Map began, as a frame of its own.
    IterationStarted {
        /// The Map.
        parent: FrameId,
        /// The iteration.
        frame: FrameId,
        /// Which.
        index: u32,
        /// Its first state.
        start: StateId,
        /// Its input: the item, or what the `ItemSelector` made of it.
        input: Value,
    },
    /// A branch or an iteration that had failed, or had been stopped, goes on where it was; as a frame of its own.
    ChildRedriven {
        /// The Parallel or Map.
        parent: FrameId,
        /// The branch or iteration.
        frame: FrameId,
        /// Which.
        index: u32,
        /// The state that it is in, or about to enter.
        state: StateId,
    },
    /// A branch reached its end.
    BranchSucceeded {
        /// The branch.
        frame: FrameId,
        /// Its output.
        output: Value,
    },
    /// An iteration reached its end.
    IterationSucceeded {
        /// The iteration.
        frame: FrameId,
        /// Its output.
        output: Value,
    },
    /// A branch failed.
    BranchFailed {
        /// The branch.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// An iteration failed.
    IterationFailed {
        /// The iteration.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// A branch was stopped because another failed.
    BranchAborted {
        /// The branch.
        frame: FrameId,
    },
    /// An iteration was stopped because another failed.
    IterationAborted {
        /// The iteration.
        frame: FrameId,
    },
    /// A state was stopped because its branch or iteration ends.
    StateAborted {
        /// Where.
        frame: FrameId,
    },
    /// A Map cannot start its next iteration; those that run are stopped before it fails.
    IterationStartFailed {
        /// The Map.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// All branches or iterations succeeded, or the Map Run did.
    ChildrenSucceeded {
        /// The Parallel or Map.
        frame: FrameId,
    },
    /// The Parallel or Map failed for good.
    ChildrenFailed {
        /// The Parallel or Map.
        frame: FrameId,
        /// Why.
        failure: Failure,
    },
    /// A JSONata expression could not be evaluated.
    EvaluationFailed {
        /// Where.
        frame: FrameId,
        /// Why.
        failure: Failure,
        /// The field: `Output/a/b`.
        location: Option<Arc<str>>,
        /// Retry and Catch of the state cannot help: the expression is part of them, or the state has none.
        settled: bool,
    },
    /// The execution succeeded.
    ExecutionSucceeded {
        /// Its output.
        output: Value,
    },
    /// The execution failed.
    ExecutionFailed {
        /// Why.
        failure: Failure,
    },
    /// The execution was stopped from outside.
    ExecutionAborted {
        /// What was said.
        failure: Failure,
    },
    /// The execution took longer than its `TimeoutSeconds`.
    ExecutionTimedOut,
    /// The execution, which had ended without success, goes on with what did not succeed.
    ExecutionRedriven {
        /// How often it was redriven, this time included.
        redrive_count: u32,
    },
}

/// How far a task had come when it failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TaskPhase {
    /// It could not be scheduled.
    Schedule,
    /// It could not be started.
    Start,
    /// The service refused the request.
    Submit,
    /// It ran.
    #[default]
    Run,
}

impl Event {
    /// Why something failed, if the event tells of that.
    pub(super) fn failure_mut(&mut self) -> Option<&mut Failure> {
        match self {
            Event::TaskFailed { failure, .. }
            | Event::TaskTimedOut { failure, .. }
            | Event::MapRunFailed { failure, .. }
            | Event::BranchFailed { failure, .. }
            | Event::IterationFailed { failure, .. }
            | Event::IterationStartFailed { failure, .. }
            | Event::ChildrenFailed { failure, .. }
            | Event::EvaluationFailed { failure, .. }
            | Event::ExecutionFailed { failure }
            | Event::ExecutionAborted { failure } => Some(failure),
            _ => None,
        }
    }

    /// The frame of the execution itself, which [`Event::ExecutionStarted`] begins.
    pub(crate) fn root() -> FrameId {
        FrameId::ROOT
    }

    /// True when the event stands in AWS's history, as one event there.
    pub fn is_recorded(&self) -> bool {
        !matches!(
            self,
            Event::TaskHeartbeat { .. }
                | Event::RetryScheduled { .. }
                | Event::RetryStarted { .. }
                | Event::WaitStarted { .. }
                | Event::WaitEnded { .. }
                | Event::BranchStarted { .. }
                | Event::BranchSucceeded { .. }
                | Event::BranchFailed { .. }
                | Event::BranchAborted { .. }
                | Event::ChildRedriven { .. }
                | Event::IterationStartFailed { .. }
        )
    }

    /// True when the event ends the execution.
    pub fn is_terminal(&self) -> bool {
        matches!(
            self,
            Event::ExecutionSucceeded { .. }
                | Event::ExecutionFailed { .. }
                | Event::ExecutionAborted { .. }
                | Event::ExecutionTimedOut
        )
    }
}
