//! Executions that other executions start: `startExecution` with its patterns.

use std::pin::pin;
use std::sync::Arc;

use sfn_asl::value::{ObjectBuilder, Value};
use tokio::sync::oneshot;

use super::actor::{Actor, Message};
use super::execution::Shared;
use super::handler::Handling;
use super::known::Known;
use super::{Core, Executor, TaskContext};
use crate::machine::{Failure, Identity, Input, Status};
use crate::task::{Error, Nested};

/// What starts an execution of a machine for a task.
pub(super) struct Runner {
    core: Arc<Core>,
    machine: Nested,
}

/// How the end of the nested execution is awaited.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pattern {
    /// Not at all.
    Fire,
    /// `.sync`: input and output are texts.
    Text,
    /// `.sync:2`: input and output are values.
    Value,
}

impl Runner {
    pub(super) fn new(core: Arc<Core>, machine: Nested) -> Self {
        Runner { core, machine }
    }

    /// Starts an execution with the `Input` among the arguments, and does what the task's pattern says.
    pub(super) fn run(self, arguments: Value, context: TaskContext) -> Handling {
        Box::pin(async move {
            let pattern = match context.resource() {
                resource if resource.ends_with(".sync:2") => Pattern::Value,
                resource if resource.ends_with(".sync") => Pattern::Text,
                _ => Pattern::Fire,
            };
            let input = match arguments.get("Input") {
                None | Some(Value::Null) => Value::empty_object(),
                Some(input) => input.clone(),
            };
            let (program, known) = Known::of(&self.machine, self.core.handlers.kit.is_some())
                .map_err(|error| Error::new("StepFunctions.InvalidDefinitionException", error.to_string()))?;
            let name = arguments.get("Name").and_then(Value::as_str).map(str::to_owned);
            let name = name.unwrap_or_else(|| self.core.seeds().name());
            let identity = Arc::new(Identity::local(self.machine.name, &name));
            let shared = Arc::new(Shared::new(program, identity.clone(), known, self.core.quotas));
            let begun = self.core.clock.now();
            let started =
                Value::object([("ExecutionArn", Value::from(identity.execution_arn())), ("StartDate", seconds(begun))]);
            if pattern == Pattern::Fire {
                return match Executor::of(&self.core).is_some_and(|executor| executor.launch_shared(&shared, input)) {
                    true => Ok(started),
                    false => Err(Error::new("StepFunctions.SdkClientException", "the executor was shut down")),
                };
            }
            context.submitted(started).await;
            let seeds = self.core.seeds().branch();
            let first = Input::Start { input: input.clone() };
            let (actor, status, inbox) = Actor::of(&shared, &self.core, seeds, first);
            let mut run = pin!(actor.run_to_end(self.core.clock.hold()));
            context
                .lets_time_pass(async {
                    tokio::select! {
                        biased;
                        hold = &mut run => hold,
                        () = context.cancelled() => {
                            // Whoever awaited it is gone: it is stopped, as AWS does.
                            let (reply, _) = oneshot::channel();
                            let hold = self.core.clock.hold();
                            let _ = inbox.send(Message::Stop { error: None, cause: None, reply, hold }).await;
                            run.await
                        }
                    }
                })
                .await;
            let ended = self.core.clock.now();
            let status = status.get();
            told(pattern, &identity, &input, status, (begun, ended))
        })
    }
}

/// What the parent is told of an execution that ended: its description, or an error with the description as its cause.
fn told(
    pattern: Pattern,
    identity: &Identity,
    input: &Value,
    status: Status,
    (begun, ended): (i64, i64),
) -> Result<Value, Error> {
    let word = match &status {
        Status::Succeeded { .. } => "SUCCEEDED",
        Status::Failed(_) => "FAILED",
        Status::TimedOut => "TIMED_OUT",
        Status::Aborted(_) | Status::NotStarted | Status::Running => "ABORTED",
    };
    let written = |value: &Value| match pattern {
        Pattern::Value => value.clone(),
        Pattern::Text | Pattern::Fire => Value::from(value.to_json()),
    };
    let included = || Value::object([("Included", Value::from(true))]);
    let mut members = ObjectBuilder::with_capacity(12);
    if let Status::Failed(Failure { error, cause, .. }) | Status::Aborted(Failure { error, cause, .. }) = &status {
        members.insert_some("Cause", cause.as_deref());
        members.insert_some("Error", error.as_deref());
    }
    members.insert("ExecutionArn", identity.execution_arn());
    let is_done = matches!(status, Status::Succeeded { .. });
    members.insert("Input", if is_done { written(input) } else { Value::from(input.to_json()) });
    members.insert("InputDetails", included());
    members.insert("Name", &*identity.execution);
    if let Status::Succeeded { output } = &status {
        members.insert("Output", written(output));
        members.insert("OutputDetails", included());
    }
    members.insert("StartDate", seconds(begun));
    members.insert("StateMachineArn", identity.state_machine_arn());
    members.insert("Status", word);
    members.insert("StopDate", seconds(ended));
    let description = Value::from(members.build());
    match is_done {
        true => Ok(description),
        false => Err(Error::new("States.TaskFailed", description.to_json())),
    }
}

/// A time as AWS writes it here.
fn seconds(milliseconds: i64) -> Value {
    Value::from(milliseconds)
}
