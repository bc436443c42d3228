//! Runs definitions in this process: the machine decides, handlers do the work of the tasks.
//!
//! ```
//! # use sfn_core::asl::{definition::Definition, value::Value};
//! # use sfn_core::executor::{Executor, VirtualClock};
//! # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let definition = Definition::parse_json(r#"{
//!     "StartAt": "Greet",
//!     "States": {"Greet": {
//!         "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:greet", "Next": "Rest"
//!     }, "Rest": {"Type": "Wait", "Seconds": 3600, "End": true}}
//! }"#)?;
//! let executor = Executor::builder()
//!     .function("greet", |name, _| async move { Ok(Value::from(format!("hello {name}"))) })
//!     .clock(VirtualClock::new())
//!     .build();
//! let execution = executor.start_document(&definition, Value::from("you")).await?;
//! assert_eq!(execution.result().await?, Value::from("hello \"you\""));
//! executor.shutdown().await;
//! # Ok(()) }
//! ```
//!
//! An execution is one task of the runtime with one inbox; its handlers are tasks that it owns. On a timeout, a stop or a
//! shutdown a handler is told ([`TaskContext::cancelled`]) and dropped a moment later. A handler is never aborted between
//! two polls, so one that blocks its thread keeps a shutdown waiting.
//!
//! The executor keeps everything in memory: when the process ends, its executions are gone.

mod activity;
mod actor;
mod address;
mod builder;
mod client;
mod clock;
mod context;
mod execution;
mod handler;
mod inbox;
mod known;
mod lambda;
mod map_run;
mod map_runner;
mod nested;
mod objects;
mod seeds;
mod watched;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use sfn_asl::definition::{self, Definition};
use sfn_asl::value::Value;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

pub use activity::ActivityTask;
pub use builder::ExecutorBuilder;
pub use clock::{Clock, Hold, SystemClock, Timer, VirtualClock};
pub use context::TaskContext;
pub use execution::{Execution, ExecutionError};
pub use map_run::{MapRunDescription, MapRunHandle, MapRunUpdate, MapRunUpdateError};

use activity::Activities;
use actor::{Actor, Message};
use execution::Shared;
use handler::Handlers;
#[cfg(feature = "testing")]
pub(crate) use handler::Kit;
pub(crate) use known::Known;
use seeds::Seeds;

use crate::data::Data;
use crate::lower::DefinitionError;
use crate::machine::{Identity, Input, NotRedrivable, Quotas, TaskId, TaskPhase};
use crate::object_store::ObjectService;
use crate::program::Program;
use crate::task::{Callable, MachineFunction, Nested};

/// Starts executions and owns them; clones are the same executor.
///
/// Dropping the last clone aborts what still runs, [`shutdown`](Self::shutdown) waits for it.
#[derive(Clone)]
pub struct Executor {
    core: Arc<Core>,
    executions: Arc<Mutex<JoinSet<()>>>,
}

/// What executions need of their executor.
struct Core {
    /// The executions, for those that others start; gone with the last handle of the executor.
    executions: Weak<Mutex<JoinSet<()>>>,
    handlers: Handlers,
    clock: Arc<dyn Clock>,
    quotas: Quotas,
    grace: Duration,
    seeds: Mutex<Seeds>,
    tokens: Mutex<Tokens>,
    activities: Activities,
    objects: Arc<dyn ObjectService>,
    shutdown: watch::Sender<bool>,
    /// How many executions there are, their handlers included.
    running: watch::Sender<usize>,
}

/// Counts an execution for as long as it is at work.
struct Running {
    core: Arc<Core>,
    execution: Arc<Shared>,
}

impl Running {
    fn new(core: &Arc<Core>, execution: Arc<Shared>) -> Self {
        core.running.send_modify(|running| *running += 1);
        Running { core: core.clone(), execution }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.execution.rest();
        self.core.running.send_modify(|running| *running -= 1);
    }
}

/// The tasks that are answered by a token, with the inbox of their execution.
type Tokens = HashMap<Arc<str>, (TaskId, inbox::Sender)>;

/// Why an execution did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The function has no valid definition.
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    /// The document that the function stands for is refused.
    #[error("the definition is refused: {0}")]
    Refused(sfn_asl::diagnostic::Diagnostics),
    /// The input has no JSON value.
    #[error("the input cannot be sent: {0}")]
    Input(crate::data::DataError),
    /// The input is larger than the quota.
    #[error("the input has {size} bytes, {limit} are allowed")]
    InputTooLarge {
        /// Bytes of the input as JSON text.
        size: usize,
        /// The quota.
        limit: usize,
    },
    /// Nobody does some of the tasks: they have no handler and no body.
    #[error("nobody does {}; register a handler with `.task(..)`", tasks.join(", "))]
    MissingHandlers {
        /// All of them.
        tasks: Vec<String>,
    },
    /// The executor was shut down.
    #[error("the executor was shut down")]
    ShutDown,
    /// There is no tokio runtime here.
    #[error("an execution is started within a tokio runtime")]
    NoRuntime,
}

/// Why an execution was not redriven.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedriveError {
    /// It cannot be.
    #[error(transparent)]
    NotRedrivable(#[from] NotRedrivable),
    /// The executor was shut down.
    #[error("the executor was shut down")]
    ShutDown,
    /// There is no tokio runtime here.
    #[error("an execution is redriven within a tokio runtime")]
    NoRuntime,
}

/// Why an answer by a token had no effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Nobody waits for a task with this token: it never was, it ended or it timed out.
    #[error("nobody waits for a task with this token")]
    UnknownTask,
}

impl Executor {
    /// An executor in the making: no handlers, the clock on the wall, AWS's quotas.
    pub fn builder() -> ExecutorBuilder {
        ExecutorBuilder::new()
    }

    /// Starts a `#[state_machine]` function. A task without a handler is served by the body of its function, if it has one,
    /// an activity by its workers; where some task is served by nobody, the execution does not start.
    pub async fn start<Arguments, F: MachineFunction<Arguments>>(
        &self,
        _function: F,
        input: <F::Machine as Callable>::Input,
    ) -> Result<Execution<<F::Machine as Callable>::Output>, StartError> {
        let (program, known) = Known::of(&Nested::alone::<F::Machine>(), false)?;
        let input = input.encode().map_err(StartError::Input)?;
        let identity = self.local(<F::Machine as Callable>::NAME);
        known.check(&self.core.handlers)?;
        self.launch(program, identity, input, known)
    }

    /// Starts a machine for the test kit.
    #[cfg(feature = "testing")]
    pub(crate) fn start_known(
        &self,
        program: Arc<Program>,
        known: Arc<Known>,
        name: &str,
        input: Value,
    ) -> Result<Execution, StartError> {
        self.launch(program, self.local(name), input, known)
    }

    /// Starts a definition; the state machine is called `document`.
    pub async fn start_document(&self, definition: &Definition, input: Value) -> Result<Execution, StartError> {
        self.start_named("document", definition, input).await
    }

    /// Starts a definition whose state machine has this name; the execution gets a name of its own.
    pub async fn start_named(
        &self,
        state_machine: &str,
        definition: &Definition,
        input: Value,
    ) -> Result<Execution, StartError> {
        self.launch(Arc::new(Program::compile(definition)), self.local(state_machine), input, Arc::default())
    }

    /// Starts a compiled definition under the given names: for many executions of one definition.
    pub async fn start_program(
        &self,
        program: Arc<Program>,
        identity: Identity,
        input: Value,
    ) -> Result<Execution, StartError> {
        self.launch(program, identity, input, Arc::default())
    }

    /// Goes on with an execution that failed, was stopped or timed out: with the states that did not succeed, and with
    /// the Map Runs; what succeeded is not run again. Its handles stay.
    ///
    /// Waits until the handlers of the execution are gone. See [`Execution::redrivable`] for when it is refused.
    pub async fn redrive<T>(&self, execution: &Execution<T>) -> Result<(), RedriveError> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| RedriveError::NoRuntime)?;
        execution.redrivable()?;
        let mut running = self.core.running.subscribe();
        // INVARIANT: the other end lives as long as `self`.
        let _ = running.wait_for(|_| !execution.shared.is_at_work()).await;
        // Somebody else may have been faster.
        execution.redrivable()?;
        match self.spawn(&execution.shared, Input::Redrive, self.core.clock.hold(), &runtime) {
            Ok(()) => Ok(()),
            Err(NotSpawned::ShutDown) => Err(RedriveError::ShutDown),
            Err(NotSpawned::AtWork) => Err(NotRedrivable::Running.into()),
        }
    }

    /// Ends a task that is answered by its token.
    pub async fn send_task_success(&self, token: &str, output: Value) -> Result<(), TokenError> {
        self.answer(token, |task| Input::TaskSucceeded { task, output }).await
    }

    /// Fails a task that is answered by its token.
    pub async fn send_task_failure(
        &self,
        token: &str,
        error: Option<&str>,
        cause: Option<&str>,
    ) -> Result<(), TokenError> {
        let (error, cause) = (error.map(Arc::from), cause.map(Arc::from));
        self.answer(token, |task| Input::TaskFailed { task, phase: TaskPhase::Run, error, cause }).await
    }

    /// Tells that the work on a task goes on: the time of its heartbeat begins anew.
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), TokenError> {
        self.answer(token, |task| Input::TaskHeartbeat { task }).await
    }

    /// The next task of an activity, by name or ARN; waits until there is one.
    ///
    /// The worker answers it by its token. When the future is dropped in the moment in which it is given a task, that task
    /// waits for an answer until it times out, as on AWS when the connection breaks.
    pub async fn get_activity_task(&self, activity: &str, worker: Option<&str>) -> ActivityTask {
        self.next_activity_task(activity, worker).await.0
    }

    /// The same, with a hold on the time for whoever works on it.
    async fn next_activity_task(&self, activity: &str, worker: Option<&str>) -> (ActivityTask, Hold) {
        let name = definition::activity_name(activity);
        loop {
            let (offer, hold) = self.core.activities.take(name, &*self.core.clock).await;
            let worker = worker.map(Arc::from);
            // A task that timed out in the meantime is passed over.
            if self.answer(&offer.token, |task| Input::TaskStarted { task, worker }).await.is_ok() {
                return (offer, hold);
            }
        }
    }

    /// The time of the executor's clock, in milliseconds since 1970-01-01T00:00Z.
    pub fn now(&self) -> i64 {
        self.core.clock.now()
    }

    /// Cancels all handlers, waits until every execution and handler is gone, and starts nothing more.
    ///
    /// Executions that have not ended are interrupted: they have no result.
    pub async fn shutdown(&self) {
        self.core.shutdown.send_replace(true);
        let mut running = self.core.running.subscribe();
        // INVARIANT: the other end lives as long as `self`.
        let _ = running.wait_for(|running| *running == 0).await;
    }

    fn launch<T>(
        &self,
        program: Arc<Program>,
        identity: Identity,
        input: Value,
        known: Arc<Known>,
    ) -> Result<Execution<T>, StartError> {
        let runtime = tokio::runtime::Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let limit = self.core.quotas.payload_bytes;
        if input.json_size() > limit {
            return Err(StartError::InputTooLarge { size: input.json_size(), limit });
        }
        let shared = Arc::new(Shared::new(program, Arc::new(identity), known, self.core.quotas));
        let execution = Execution::new(shared.clone(), self.core.clock.clone());
        let started = self.spawn(&shared, Input::Start { input }, self.core.clock.hold(), &runtime);
        started.map(|()| execution).map_err(|_| StartError::ShutDown)
    }

    /// Spawns the actor of an execution that nobody is at work on.
    fn spawn(
        &self,
        shared: &Arc<Shared>,
        first: Input,
        hold: Hold,
        runtime: &tokio::runtime::Handle,
    ) -> Result<(), NotSpawned> {
        let seeds = self.core.seeds().branch();
        // The lock is held over the look at `shutdown`: a shutdown either sees this execution or keeps it from starting.
        let mut executions = self.executions();
        if *self.core.shutdown.borrow() {
            return Err(NotSpawned::ShutDown);
        }
        while executions.try_join_next().is_some() {}
        let (actor, status, inbox) = Actor::of(shared, &self.core, seeds, first);
        if !shared.connect(status, inbox) {
            return Err(NotSpawned::AtWork);
        }
        let running = Running::new(&self.core, shared.clone());
        executions.spawn_on(
            async move {
                actor.run(hold).await;
                drop(running);
            },
            runtime,
        );
        Ok(())
    }

    /// Starts an execution that another one asked for; false when the executor was shut down.
    fn launch_shared(&self, shared: &Arc<Shared>, input: Value) -> bool {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return false };
        self.spawn(shared, Input::Start { input }, self.core.clock.hold(), &runtime).is_ok()
    }

    /// The executor, unless its last handle is gone.
    fn of(core: &Arc<Core>) -> Option<Self> {
        Some(Executor { core: core.clone(), executions: core.executions.upgrade()? })
    }

    fn local(&self, state_machine: &str) -> Identity {
        Identity::local(state_machine, &self.core.seeds().name())
    }

    async fn answer(&self, token: &str, input: impl FnOnce(TaskId) -> Input) -> Result<(), TokenError> {
        let hold = self.core.clock.hold();
        let (task, inbox) = self.core.tokens().get(token).cloned().ok_or(TokenError::UnknownTask)?;
        let (reply, outcome) = oneshot::channel();
        let message = Message::Answered { input: input(task), reply, hold };
        inbox.send(message).await.map_err(|_| TokenError::UnknownTask)?;
        // No answer: the execution ended in the meantime.
        outcome.await.unwrap_or(Err(TokenError::UnknownTask))
    }

    fn executions(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.executions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why there is no actor for an execution.
enum NotSpawned {
    ShutDown,
    AtWork,
}

impl std::fmt::Debug for Executor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Executor").field("executions", &self.executions().len()).finish_non_exhaustive()
    }
}

impl Core {
    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn seeds(&self) -> MutexGuard<'_, Seeds> {
        self.seeds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
