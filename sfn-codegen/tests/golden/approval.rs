// Made by sfn-codegen 0.1.0 from approval.asl.yaml. Changes are lost when it is made again:
//
//     sfn-codegen --style types -o approval.rs approval.asl.yaml

use ::core::future::Future;
use ::sfn_core::asl::Definition;
use ::sfn_core::executor::{
    Execution, Executor, ExecutorBuilder, StartError, TaskContext,
};
use ::sfn_core::serde::{Deserialize, Serialize, de::DeserializeOwned};
use ::sfn_core::{Error, Value};
use ::std::sync::Arc;

/// The definition in the Amazon States Language: the JSON of the document that this module was made from.
#[must_use]
#[allow(dead_code, unreachable_pub)]
pub const fn definition() -> &'static str {
    DEFINITION
}

/// What the workflow is called.
#[allow(dead_code, unreachable_pub)]
pub const NAME: &str = "approval";

/// Runs the workflow to its end, in memory and by the clock on the wall.
///
/// The execution that is returned is over: it has its output, or why there is none, and its history. A workflow
/// that waits for a task's token is started with [`bind`] and [`start`] instead, on an executor that can be told
/// the result.
///
/// # Errors
/// The input is too large, or there is no tokio runtime.
#[allow(dead_code, unreachable_pub)]
pub async fn run(tasks: impl Tasks, input: Value) -> Result<Execution, StartError> {
    let executor = bind(Executor::builder(), tasks).build();
    let execution = start(&executor, input).await?;
    execution.ended().await;
    executor.shutdown().await;
    Ok(execution)
}

/// Starts the workflow on an executor that knows its tasks, see [`bind`].
///
/// # Errors
/// The input is too large, the executor is shut down, or there is no tokio runtime.
#[allow(dead_code, unreachable_pub)]
pub async fn start(executor: &Executor, input: Value) -> Result<Execution, StartError> {
    let definition = Definition::parse_json(definition()).map_err(StartError::Refused)?;
    executor.start_named(NAME, &definition, input).await
}

/// Lets `tasks` do the work of the workflow's tasks.
///
/// Functions, activities and other resources are bound by their names, service calls by the names of their states:
/// workflows that share an executor should not share those.
#[allow(dead_code, unreachable_pub)]
pub fn bind<T: Tasks>(mut builder: ExecutorBuilder, tasks: T) -> ExecutorBuilder {
    let tasks = Arc::new(tasks);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::prepare_request(&tasks, input, context).await }
        }
    };
    builder = builder.activity("prepare-request", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::ask(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Ask", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::fulfil(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Fulfil", handler);
    builder
}

fn typed<T: DeserializeOwned>(input: &Value) -> Result<T, Error> {
    input.to_data().map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
}

/// The work that is done outside the workflow: a method for each function, activity and service call.
#[allow(unreachable_pub, clippy::wrong_self_convention)]
pub trait Tasks: Send + Sync + 'static {
    /// The activity `arn:aws:states:us-east-1:111122223333:activity:prepare-request`.
    ///
    /// Called by the state `Prepare`.
    fn prepare_request(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::sqs:sendMessage.waitForTaskToken`.
    ///
    /// Called by the state `Ask`.
    ///
    /// The workflow goes on when somebody gives the executor the result with the task's token.
    fn ask(
        &self,
        input: AskInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::states:startExecution.sync:2`.
    ///
    /// Called by the state `Fulfil`.
    fn fulfil(
        &self,
        input: FulfilInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;
}

/// What [`Tasks::ask`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct AskInput {
    /// `QueueUrl` in the input.
    #[serde(rename = "QueueUrl")]
    pub queue_url: String,
    /// `MessageBody` in the input.
    #[serde(rename = "MessageBody")]
    pub message_body: AskInputMessageBody,
}

/// What [`Tasks::ask`] is called with, member `message_body`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct AskInputMessageBody {
    /// `request` in the input.
    pub request: Value,
    /// `token` in the input.
    pub token: String,
}

/// What [`Tasks::fulfil`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct FulfilInput {
    /// `StateMachineArn` in the input.
    #[serde(rename = "StateMachineArn")]
    pub state_machine_arn: String,
    /// `Input` in the input.
    #[serde(rename = "Input")]
    pub input: FulfilInputInput,
}

/// What [`Tasks::fulfil`] is called with, member `input`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct FulfilInputInput {
    /// `request` in the input.
    pub request: Value,
    /// `AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID` in the input.
    #[serde(rename = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID")]
    pub aws_step_functions_started_by_execution_id: String,
}

/// The states of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
pub enum State {
    /// `Prepare`, a Task state.
    Prepare,
    /// `Ask`, a Task state.
    Ask,
    /// `Approved?`, a Choice state.
    Approved,
    /// `Fulfil`, a Task state.
    Fulfil,
    /// `Rejected`, a Succeed state.
    Rejected,
}

#[allow(dead_code, unreachable_pub)]
impl State {
    /// Every state, in the order of the definition.
    pub const ALL: [State; 5] = [
        State::Prepare,
        State::Ask,
        State::Approved,
        State::Fulfil,
        State::Rejected,
    ];

    /// The name of the state in the definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Prepare => "Prepare",
            State::Ask => "Ask",
            State::Approved => "Approved?",
            State::Fulfil => "Fulfil",
            State::Rejected => "Rejected",
        }
    }
}

impl ::core::fmt::Display for State {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(self.name())
    }
}

impl ::core::convert::TryFrom<&str> for State {
    type Error = UnknownState;

    fn try_from(name: &str) -> Result<State, UnknownState> {
        match name {
            "Prepare" => Ok(State::Prepare),
            "Ask" => Ok(State::Ask),
            "Approved?" => Ok(State::Approved),
            "Fulfil" => Ok(State::Fulfil),
            "Rejected" => Ok(State::Rejected),
            _ => Err(UnknownState { name: name.into() }),
        }
    }
}

impl ::core::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<State, UnknownState> {
        State::try_from(name)
    }
}

/// The workflow has no state of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)]
pub struct UnknownState {
    /// The name that was asked for.
    pub name: String,
}

impl ::core::fmt::Display for UnknownState {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        write!(f, "the workflow has no state `{}`", self.name)
    }
}

impl ::std::error::Error for UnknownState {}

const DEFINITION: &str = r#"{
  "Comment": "Asks a person, then runs another workflow",
  "StartAt": "Prepare",
  "States": {
    "Prepare": {
      "Type": "Task",
      "Resource": "arn:aws:states:us-east-1:111122223333:activity:prepare-request",
      "HeartbeatSeconds": 30,
      "ResultPath": "$.request",
      "Next": "Ask"
    },
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/approvals",
        "MessageBody": {
          "request.$": "$.request",
          "token.$": "$$.Task.Token"
        }
      },
      "ResultPath": "$.decision",
      "TimeoutSeconds": 86400,
      "Next": "Approved?"
    },
    "Approved?": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.decision.approved",
          "BooleanEquals": true,
          "Next": "Fulfil"
        }
      ],
      "Default": "Rejected"
    },
    "Fulfil": {
      "Type": "Task",
      "Resource": "arn:aws:states:::states:startExecution.sync:2",
      "Parameters": {
        "StateMachineArn": "arn:aws:states:us-east-1:111122223333:stateMachine:fulfilment",
        "Input": {
          "request.$": "$.request",
          "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id"
        }
      },
      "ResultSelector": {
        "output.$": "$.Output"
      },
      "End": true
    },
    "Rejected": {
      "Type": "Succeed"
    }
  }
}
"#;
