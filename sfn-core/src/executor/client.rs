//! The executor as a client of itself: approvers and workers answer its tasks as they would answer AWS's.

use sfn_asl::Value;

use super::address::machine_name;
use super::known::Known;
use super::{Executor, TokenError};
use crate::client::{ActivityWork, ClientError, SfnClient};
use crate::lower::substitution_key;
use crate::machine::Identity;
use crate::task::{Error, TaskToken};

impl SfnClient for Executor {
    async fn get_activity_task(
        &self,
        activity: &str,
        worker: Option<&str>,
    ) -> Result<Option<ActivityWork>, ClientError> {
        let mut shutdown = self.core.shutdown.subscribe();
        tokio::select! {
            biased;
            _ = shutdown.wait_for(|shutdown| *shutdown) => Err(ClientError::ShutDown),
            (task, hold) = self.next_activity_task(activity, worker) => {
                Ok(Some(ActivityWork { token: TaskToken::new(&*task.token), input: task.input, hold: Some(hold) }))
            }
        }
    }

    async fn send_task_success(&self, token: &TaskToken, output: Value) -> Result<(), ClientError> {
        Ok(self.send_task_success(token.as_str(), output).await?)
    }

    async fn send_task_failure(&self, token: &TaskToken, error: Error) -> Result<(), ClientError> {
        Ok(self.send_task_failure(token.as_str(), Some(&error.error), Some(&error.cause)).await?)
    }

    async fn send_task_heartbeat(&self, token: &TaskToken) -> Result<(), ClientError> {
        Ok(self.send_task_heartbeat(token.as_str()).await?)
    }

    /// Starts a machine that was [registered](super::ExecutorBuilder::machine), by the name of its function, that name as
    /// bindings have it, or its ARN.
    async fn start_execution(
        &self,
        state_machine: &str,
        name: Option<&str>,
        input: Value,
    ) -> Result<String, ClientError> {
        let wanted = substitution_key(machine_name(state_machine));
        let is_wanted = |machine: &&crate::task::Nested| {
            let bound = (machine.describe)().resource.bound();
            machine.name == wanted || bound.is_some_and(|(_, name)| substitution_key(name) == wanted)
        };
        let machine = self.core.handlers.machines.iter().find(is_wanted);
        let machine = machine.ok_or_else(|| ClientError::NotFound(state_machine.to_owned()))?;
        let other = |error: super::StartError| match error {
            super::StartError::ShutDown => ClientError::ShutDown,
            other => ClientError::Other(other.to_string()),
        };
        let (program, known) = Known::of(machine, false).map_err(other)?;
        known.check(&self.core.handlers).map_err(other)?;
        let identity = match name {
            Some(name) => Identity::local(machine.name, name),
            None => self.local(machine.name),
        };
        Ok(self.launch::<Value>(program, identity, input, known).map_err(other)?.arn())
    }
}

impl From<TokenError> for ClientError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::UnknownTask => ClientError::UnknownTask,
        }
    }
}
