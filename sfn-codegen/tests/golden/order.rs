// Made by sfn-codegen 0.1.0 from order.asl.json. Changes are lost when it is made again:
//
//     sfn-codegen --style types -o order.rs order.asl.json

use ::core::future::Future;
use ::sfn_core::asl::Definition;
use ::sfn_core::executor::{
    Execution, Executor, ExecutorBuilder, StartError, TaskContext,
};
use ::sfn_core::serde::{Deserialize, Serialize, de::DeserializeOwned};
use ::sfn_core::{Error, Value};
use ::std::sync::Arc;

/// The definition in the Amazon States Language, byte for byte.
#[must_use]
#[allow(dead_code, unreachable_pub)]
pub const fn definition() -> &'static str {
    DEFINITION
}

/// What the workflow is called.
#[allow(dead_code, unreachable_pub)]
pub const NAME: &str = "order";

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
            async move { T::reserve_stock(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.function("ReserveStock", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::charge_card(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.function("ChargeCard", handler);
    builder
}

fn typed<T: DeserializeOwned>(input: &Value) -> Result<T, Error> {
    input.to_data().map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
}

/// The work that is done outside the workflow: a method for each function, activity and service call.
#[allow(unreachable_pub, clippy::wrong_self_convention)]
pub trait Tasks: Send + Sync + 'static {
    /// The Lambda function `ReserveStock`.
    ///
    /// Called by the states `Reserve`, `Release`.
    fn reserve_stock(
        &self,
        input: ReserveStockInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The Lambda function `arn:aws:lambda:us-east-1:111122223333:function:ChargeCard:live`.
    ///
    /// Called by the state `Charge`.
    fn charge_card(
        &self,
        input: ChargeCardInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;
}

/// What [`Tasks::reserve_stock`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct ReserveStockInput {
    /// `order` in the input.
    pub order: Value,
    /// `items` in the input.
    pub items: Value,
    /// `days` in the input.
    pub days: i64,
}

/// What [`Tasks::charge_card`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct ChargeCardInput {
    /// `order` in the input.
    pub order: Value,
    /// `cents` in the input.
    pub cents: Value,
    /// `currency` in the input.
    pub currency: String,
}

/// The states of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
pub enum State {
    /// `Reserve`, a Task state.
    Reserve,
    /// `Charge`, a Task state.
    Charge,
    /// `Release`, a Task state.
    Release,
    /// `Declined`, a Fail state.
    Declined,
}

#[allow(dead_code, unreachable_pub)]
impl State {
    /// Every state, in the order of the definition.
    pub const ALL: [State; 4] = [
        State::Reserve,
        State::Charge,
        State::Release,
        State::Declined,
    ];

    /// The name of the state in the definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Reserve => "Reserve",
            State::Charge => "Charge",
            State::Release => "Release",
            State::Declined => "Declined",
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
            "Reserve" => Ok(State::Reserve),
            "Charge" => Ok(State::Charge),
            "Release" => Ok(State::Release),
            "Declined" => Ok(State::Declined),
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
  "Comment": "JSONata, functions called from several states",
  "QueryLanguage": "JSONata",
  "StartAt": "Reserve",
  "TimeoutSeconds": 3600,
  "States": {
    "Reserve": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Arguments": {
        "FunctionName": "ReserveStock",
        "Payload": { "order": "{% $states.input.id %}", "items": "{% $states.input.items %}", "days": 7 }
      },
      "Assign": { "reservation": "{% $states.result.Payload.id %}" },
      "Output": "{% $states.input %}",
      "Next": "Charge"
    },
    "Charge": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:111122223333:function:ChargeCard:live",
      "Arguments": { "order": "{% $states.input.id %}", "cents": "{% $states.input.cents %}", "currency": "EUR" },
      "Catch": [{ "ErrorEquals": ["CardDeclined"], "Output": "{% $states.errorOutput %}", "Next": "Release" }],
      "Output": { "receipt": "{% $states.result %}", "reservation": "{% $reservation %}" },
      "End": true
    },
    "Release": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Arguments": {
        "FunctionName": "ReserveStock",
        "Payload": { "order": "{% $reservation %}", "items": [], "days": 0 }
      },
      "Output": "{% $states.input %}",
      "Next": "Declined"
    },
    "Declined": { "Type": "Fail", "Error": "CardDeclined", "Cause": "{% $states.input.Cause %}" }
  }
}
"#;
