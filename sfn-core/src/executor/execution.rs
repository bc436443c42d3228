//! What is held of a started execution.

use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sfn_asl::value::Value;
use tokio::sync::oneshot;

use super::actor::Message;
use super::clock::Clock;
use super::inbox::Sender;
use super::known::Known;
use super::map_run::{MapRunHandle, RunShared};
use super::watched::Watch;
use crate::data::{Data, DataError};
use crate::history::{self, HistoryEvent};
use crate::machine::{Failure, Identity, Machine, NotRedrivable, Quotas, Record, Status};
use crate::program::Program;
use crate::task::Error;

/// A started execution. It runs whether or not the handle is kept; clones are the same execution.
pub struct Execution<T = Value> {
    pub(super) shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    output: PhantomData<fn() -> T>,
}

/// What the handle and the execution both see.
pub(super) struct Shared {
    pub(super) program: Arc<Program>,
    pub(super) identity: Arc<Identity>,
    /// The tasks of a `#[state_machine]`.
    pub(super) known: Arc<Known>,
    pub(super) quotas: Quotas,
    pub(super) log: Mutex<Vec<Record>>,
    /// How to reach whoever runs it.
    link: Mutex<Option<Link>>,
    map_runs: Mutex<Vec<Arc<RunShared>>>,
}

/// The status of an execution, and its inbox; a redrive makes another one.
#[derive(Clone)]
struct Link {
    status: Watch<Status>,
    inbox: Sender,
    /// Its actor is at work, or its handlers are.
    is_at_work: bool,
}

impl Shared {
    /// An execution that has not begun.
    pub(super) fn new(program: Arc<Program>, identity: Arc<Identity>, known: Arc<Known>, quotas: Quotas) -> Self {
        let (log, link, map_runs) = (Mutex::default(), Mutex::default(), Mutex::default());
        Shared { program, identity, known, quotas, log, link, map_runs }
    }

    /// Its machine, as the log left it.
    pub(super) fn machine(&self) -> Machine {
        let mut machine = Machine::new(self.program.clone(), self.identity.clone(), self.quotas);
        self.log().iter().for_each(|record| machine.apply(record));
        machine
    }

    /// From now on, these are its status and its inbox; false when somebody is at work on it.
    pub(super) fn connect(&self, status: Watch<Status>, inbox: Sender) -> bool {
        let mut link = self.link();
        if link.as_ref().is_some_and(|link| link.is_at_work) {
            return false;
        }
        *link = Some(Link { status, inbox, is_at_work: true });
        true
    }

    /// Its actor and all handlers are gone.
    pub(super) fn rest(&self) {
        if let Some(link) = &mut *self.link() {
            link.is_at_work = false;
        }
    }

    pub(super) fn is_at_work(&self) -> bool {
        self.link().as_ref().is_some_and(|link| link.is_at_work)
    }

    fn link(&self) -> MutexGuard<'_, Option<Link>> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> MutexGuard<'_, Vec<Record>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn map_runs(&self) -> MutexGuard<'_, Vec<Arc<RunShared>>> {
        self.map_runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn record(&self, events: &mut Vec<Record>) {
        let mut log = self.log();
        // Short logs, of which there may be many, take the room that they need.
        if log.len() < SHORT {
            log.reserve_exact(events.len());
        }
        log.append(events);
        if events.capacity() < SHORT {
            *events = Vec::new();
        }
    }
}

/// Events of a short log.
const SHORT: usize = 32;

/// Why an execution has no output.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExecutionError {
    /// It failed.
    #[error("the execution failed: {0}")]
    Failed(Error),
    /// It was stopped.
    #[error("the execution was stopped: {0}")]
    Aborted(Error),
    /// It took longer than the `TimeoutSeconds` of its definition.
    #[error("the execution timed out")]
    TimedOut,
    /// The executor went away before the execution ended.
    #[error("the executor shut down before the execution ended")]
    Interrupted,
    /// Its output is not of the type that was asked for.
    #[error("the output has another shape: {0}")]
    Output(DataError),
}

impl<T> Execution<T> {
    pub(super) fn new(shared: Arc<Shared>, clock: Arc<dyn Clock>) -> Self {
        Execution { shared, clock, output: PhantomData }
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        self.shared.identity.execution_arn()
    }

    /// Its names.
    pub fn identity(&self) -> &Arc<Identity> {
        &self.shared.identity
    }

    /// How it stands now.
    pub fn status(&self) -> Status {
        let link = self.shared.link().clone();
        let status = link.map_or(Status::NotStarted, |link| link.status.get());
        if status == Status::NotStarted { Status::Running } else { status }
    }

    /// Its history so far, in AWS's shape.
    pub fn history(&self) -> Vec<HistoryEvent> {
        history::events(&self.shared.program, &self.shared.identity, &self.log())
    }

    /// What happened so far, as the machine tells it.
    pub fn log(&self) -> Vec<Record> {
        self.shared.log().clone()
    }

    /// How often it was redriven.
    pub fn redrive_count(&self) -> u32 {
        self.shared.machine().redrive_count()
    }

    /// Whether [`Executor::redrive`](super::Executor::redrive) would have an effect now: AWS's `redriveStatus`, and its
    /// reason.
    pub fn redrivable(&self) -> Result<(), NotRedrivable> {
        self.shared.machine().redrivable(self.clock.now())
    }

    /// Its Map Runs, in the order they began.
    pub fn map_runs(&self) -> Vec<MapRunHandle> {
        let handle = |shared: &Arc<RunShared>| MapRunHandle::new(shared.clone(), self.clock.clone());
        self.shared.map_runs().iter().map(handle).collect()
    }

    /// Waits until it is over and tells how it ended; an execution that was interrupted is still running by its status.
    pub async fn ended(&self) -> Status {
        let link = self.shared.link().clone();
        if let Some(Link { status, .. }) = link {
            // When the other end is gone, the last status is all there is to know.
            let _ = status.wait_for(Status::is_terminal).await;
        }
        self.status()
    }

    /// Waits for its output as a JSON value.
    pub async fn output(&self) -> Result<Value, ExecutionError> {
        match self.ended().await {
            Status::Succeeded { output } => Ok(output),
            Status::Failed(failure) => Err(ExecutionError::Failed(error(failure))),
            Status::Aborted(failure) => Err(ExecutionError::Aborted(error(failure))),
            Status::TimedOut => Err(ExecutionError::TimedOut),
            Status::NotStarted | Status::Running => Err(ExecutionError::Interrupted),
        }
    }

    /// Ends it with the status `ABORTED`; its handlers are cancelled. An execution that is over stays as it is.
    pub async fn stop(&self, error: Option<&str>, cause: Option<&str>) {
        let (reply, done) = oneshot::channel();
        let (error, cause) = (error.map(Arc::from), cause.map(Arc::from));
        let message = Message::Stop { error, cause, reply, hold: self.clock.hold() };
        let Some(Link { inbox, .. }) = self.shared.link().clone() else { return };
        if inbox.send(message).await.is_ok() {
            // No answer: it ended in the meantime.
            let _ = done.await;
        }
    }
}

impl<T: Data> Execution<T> {
    /// Waits for its output.
    pub async fn result(&self) -> Result<T, ExecutionError> {
        T::decode(&self.output().await?).map_err(ExecutionError::Output)
    }
}

impl<T> Clone for Execution<T> {
    fn clone(&self) -> Self {
        Execution::new(self.shared.clone(), self.clock.clone())
    }
}

impl<T> std::fmt::Debug for Execution<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Execution").field("arn", &self.arn()).field("status", &self.status()).finish_non_exhaustive()
    }
}

/// The failure as users know it: what is unknown is empty.
fn error(failure: Failure) -> Error {
    Error::new(failure.error.as_deref().unwrap_or_default(), failure.cause.as_deref().unwrap_or_default())
}
