//! What answers tasks from outside of an execution: whoever holds a token, workers of activities.
//!
//! [`SfnClient`] is the part of AWS's API that they need. The [`Executor`](crate::executor::Executor) has it, so approvers and
//! workers are tested without AWS; for AWS itself it is written in a few lines around the SDK's client.
//!
//! ```
//! # #[cfg(all(feature = "macros", feature = "executor"))] mod doc {
//! use sfn_core::executor::Executor;
//! use sfn_core::prelude::*;
//!
//! #[task(callback, sqs = "ApprovalQueueUrl", timeout = "3d")]
//! async fn approve(cents: u32, token: TaskToken) -> Result<bool, Error>;
//!
//! #[state_machine]
//! async fn expense(cents: u32) -> Result<bool, Error> {
//!     approve(cents).await
//! }
//!
//! # pub
//! async fn approved() -> Result<(), Box<dyn std::error::Error>> {
//!     let (queue, mut messages) = tokio::sync::mpsc::unbounded_channel();
//!     let executor = Executor::builder()
//!         .callback(approve, move |cents, token| {
//!             let _ = queue.send((cents, token));
//!             async { Ok(()) }
//!         })
//!         .build();
//!     let execution = executor.start(expense, 900).await?;
//!     let (cents, token) = messages.recv().await.ok_or("a message")?;
//!     sfn_core::callback::<approve>(&executor, token).ok(cents < 1_000).await?;
//!     assert!(execution.result().await?);
//!     executor.shutdown().await;
//!     Ok(())
//! }
//! # }
//! # #[cfg(all(feature = "macros", feature = "executor"))] #[tokio::main(flavor = "current_thread")]
//! # async fn main() { doc::approved().await.expect("it is approved") }
//! # #[cfg(not(all(feature = "macros", feature = "executor")))] fn main() {}
//! ```

use std::marker::PhantomData;

use sfn_asl::Value;

use crate::data::{Data, DataError};
use crate::task::{CallbackTask, Error, TaskError, TaskToken};

/// The calls of AWS's API that answer tasks and start executions.
pub trait SfnClient: Send + Sync {
    /// GetActivityTask: the next task of the activity with this ARN; `None` when there was none for a while.
    fn get_activity_task(
        &self,
        activity: &str,
        worker: Option<&str>,
    ) -> impl Future<Output = Result<Option<ActivityWork>, ClientError>> + Send;

    /// SendTaskSuccess: ends the task with this output.
    fn send_task_success(
        &self,
        token: &TaskToken,
        output: Value,
    ) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// SendTaskFailure: fails the task.
    fn send_task_failure(
        &self,
        token: &TaskToken,
        error: Error,
    ) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// SendTaskHeartbeat: tells that the work goes on.
    fn send_task_heartbeat(&self, token: &TaskToken) -> impl Future<Output = Result<(), ClientError>> + Send;

    /// StartExecution: starts the state machine with this ARN and gives the execution's.
    fn start_execution(
        &self,
        state_machine: &str,
        name: Option<&str>,
        input: Value,
    ) -> impl Future<Output = Result<String, ClientError>> + Send;
}

impl<C: SfnClient> SfnClient for &C {
    async fn get_activity_task(
        &self,
        activity: &str,
        worker: Option<&str>,
    ) -> Result<Option<ActivityWork>, ClientError> {
        (**self).get_activity_task(activity, worker).await
    }

    async fn send_task_success(&self, token: &TaskToken, output: Value) -> Result<(), ClientError> {
        (**self).send_task_success(token, output).await
    }

    async fn send_task_failure(&self, token: &TaskToken, error: Error) -> Result<(), ClientError> {
        (**self).send_task_failure(token, error).await
    }

    async fn send_task_heartbeat(&self, token: &TaskToken) -> Result<(), ClientError> {
        (**self).send_task_heartbeat(token).await
    }

    async fn start_execution(
        &self,
        state_machine: &str,
        name: Option<&str>,
        input: Value,
    ) -> Result<String, ClientError> {
        (**self).start_execution(state_machine, name, input).await
    }
}

/// A task of an activity, given to a worker.
#[derive(Debug)]
pub struct ActivityWork {
    /// What it is answered by.
    pub token: TaskToken,
    /// Its input.
    pub input: Value,
    #[cfg(feature = "executor")]
    pub(crate) hold: Option<crate::executor::Hold>,
}

impl ActivityWork {
    /// A task with this token and input.
    pub fn new(token: impl Into<TaskToken>, input: Value) -> Self {
        ActivityWork {
            token: token.into(),
            input,
            #[cfg(feature = "executor")]
            hold: None,
        }
    }
}

/// Why a call of the API had no effect.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// Nobody waits for a task with this token: it never was, it ended or it timed out.
    #[error("nobody waits for a task with this token")]
    UnknownTask,
    /// There is no state machine or activity of this name.
    #[error("there is no `{0}`")]
    NotFound(String),
    /// The output or the input has no JSON value.
    #[error("it cannot be sent: {0}")]
    Data(#[from] DataError),
    /// The service is not there any more.
    #[error("the service was shut down")]
    ShutDown,
    /// Something else, as the client tells it.
    #[error("{0}")]
    Other(String),
}

impl From<ClientError> for Error {
    fn from(error: ClientError) -> Self {
        let name = match &error {
            ClientError::UnknownTask => "Sfn.UnknownTask",
            _ => "Sfn.ClientError",
        };
        Error::new(name, error.to_string())
    }
}

/// The answer to a task of the type `T`, by its token: whoever approves calls
/// `sfn::callback::<ask_manager>(client, token).ok(Decision::Approved).await?`.
pub fn callback<T: CallbackTask>(client: impl SfnClient, token: impl Into<TaskToken>) -> Callback<T, impl SfnClient> {
    Callback { client, token: token.into(), task: PhantomData }
}

/// An answer to be given. Made by [`callback`].
#[must_use = "nothing is sent until `ok`, `err` or `heartbeat` is called and awaited"]
pub struct Callback<T: CallbackTask, C: SfnClient> {
    client: C,
    token: TaskToken,
    task: PhantomData<fn() -> T>,
}

impl<T: CallbackTask, C: SfnClient> Callback<T, C> {
    /// Ends the task with this output.
    pub async fn ok(self, output: T::Output) -> Result<(), ClientError> {
        self.client.send_task_success(&self.token, output.encode()?).await
    }

    /// Fails the task with this error: a variant's name, and its fields as the cause.
    pub async fn err(self, error: T::Error) -> Result<(), ClientError> {
        self.client.send_task_failure(&self.token, error.into_error()).await
    }

    /// Tells that the work goes on: the time of the task's heartbeat begins anew.
    pub async fn heartbeat(&self) -> Result<(), ClientError> {
        self.client.send_task_heartbeat(&self.token).await
    }
}
