//! What is held of a Map Run that an execution began.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, oneshot, watch};

use super::clock::{Clock, Hold};
use super::execution::Shared;
use crate::map_run::{ChildId, MapRun, MapRunCounts, MapRunPlan, MapRunStatus, Tolerance};

/// A Map Run of an execution: how it stands, and its limits, which can be changed while it runs.
///
/// It is AWS's `DescribeMapRun` and `UpdateMapRun`. Clones are the same Map Run.
#[derive(Clone)]
pub struct MapRunHandle {
    shared: Arc<RunShared>,
    clock: Arc<dyn Clock>,
}

/// How a Map Run stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunDescription {
    /// `RUNNING`, `SUCCEEDED`, `FAILED` or `ABORTED`, and what came of it.
    pub status: MapRunStatus,
    /// Its items and its child executions.
    pub counts: MapRunCounts,
    /// Child executions that may run at once.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerance: Tolerance,
    /// How often it was redriven.
    pub redrive_count: u32,
    /// When it was redriven last, in milliseconds since 1970-01-01T00:00Z.
    pub redriven_at: Option<i64>,
}

/// New limits of a Map Run; what is not said stays.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MapRunUpdate {
    /// Child executions that may run at once; 0 is no limit but AWS's. Children that run already are not stopped.
    pub max_concurrency: Option<u32>,
    /// `ToleratedFailureCount`
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`, from 0 to 100.
    pub tolerated_failure_percentage: Option<f64>,
}

/// Why a Map Run was not updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MapRunUpdateError {
    /// It has ended: AWS's `CANNOT_UPDATE_COMPLETED_MAP_RUN`.
    #[error("the Map Run has ended")]
    Completed,
    /// The percentage is not one.
    #[error("ToleratedFailurePercentage must be between 0 and 100")]
    Percentage,
}

/// What the handle, the runner and the execution see.
pub(super) struct RunShared {
    pub(super) plan: Arc<MapRunPlan>,
    /// How it stands, and the inbox of whoever runs it.
    state: Mutex<RunState>,
}

struct RunState {
    description: watch::Receiver<MapRunDescription>,
    inbox: mpsc::Sender<Update>,
    /// What is left of it when it ended without success.
    stopped: Option<Stopped>,
}

/// A run that failed or was stopped, with the children that a redrive goes on with.
pub(super) struct Stopped {
    pub(super) run: MapRun,
    pub(super) children: HashMap<ChildId, Arc<Shared>>,
}

/// New limits, on their way to whoever runs the Map Run.
pub(super) struct Update {
    pub(super) update: MapRunUpdate,
    pub(super) reply: oneshot::Sender<()>,
    pub(super) hold: Hold,
}

impl RunShared {
    pub(super) fn new(
        plan: Arc<MapRunPlan>,
        description: watch::Receiver<MapRunDescription>,
        inbox: mpsc::Sender<Update>,
    ) -> Self {
        RunShared { plan, state: Mutex::new(RunState { description, inbox, stopped: None }) }
    }

    fn state(&self) -> MutexGuard<'_, RunState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps what is left of the run.
    pub(super) fn stop(&self, stopped: Stopped) {
        self.state().stopped = Some(stopped);
    }

    /// What is left of the run, to go on with it.
    pub(super) fn take_up(
        &self,
        description: watch::Receiver<MapRunDescription>,
        inbox: mpsc::Sender<Update>,
    ) -> Option<Stopped> {
        let mut state = self.state();
        (state.description, state.inbox) = (description, inbox);
        state.stopped.take()
    }
}

impl MapRunHandle {
    pub(super) fn new(shared: Arc<RunShared>, clock: Arc<dyn Clock>) -> Self {
        MapRunHandle { shared, clock }
    }

    /// Its ARN.
    pub fn arn(&self) -> &str {
        &self.shared.plan.arn
    }

    /// How it stands now.
    pub fn describe(&self) -> MapRunDescription {
        self.shared.state().description.borrow().clone()
    }

    /// Waits until its description is so, and answers it; the last one, when the run has ended without.
    pub async fn wait_until(&self, mut is_so: impl FnMut(&MapRunDescription) -> bool) -> MapRunDescription {
        let mut description = self.shared.state().description.clone();
        let found = description.wait_for(|description| is_so(description)).await.map(|found| found.clone());
        found.unwrap_or_else(|_| self.describe())
    }

    /// Sets other limits for what the run has still to do.
    pub async fn update(&self, update: MapRunUpdate) -> Result<(), MapRunUpdateError> {
        if update.tolerated_failure_percentage.is_some_and(|percentage| !(0.0..=100.0).contains(&percentage)) {
            return Err(MapRunUpdateError::Percentage);
        }
        let inbox = self.shared.state().inbox.clone();
        let (reply, done) = oneshot::channel();
        let update = Update { update, reply, hold: self.clock.hold() };
        inbox.send(update).await.map_err(|_| MapRunUpdateError::Completed)?;
        done.await.map_err(|_| MapRunUpdateError::Completed)
    }
}

impl std::fmt::Debug for MapRunHandle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MapRunHandle").field("arn", &self.arn()).finish_non_exhaustive()
    }
}

impl MapRunDescription {
    pub(super) fn of(run: &MapRun) -> Self {
        MapRunDescription {
            status: run.status().clone(),
            counts: *run.counts(),
            max_concurrency: run.max_concurrency(),
            tolerance: run.tolerance(),
            redrive_count: run.redrive_count(),
            redriven_at: run.redriven_at(),
        }
    }
}

impl MapRunUpdate {
    /// The tolerance of a run that has this one, if the update changes it.
    pub(super) fn tolerance(&self, before: Tolerance) -> Option<Tolerance> {
        let after = Tolerance {
            count: self.tolerated_failure_count.or(before.count),
            percentage: self.tolerated_failure_percentage.or(before.percentage),
        };
        (after != before).then_some(after)
    }
}
