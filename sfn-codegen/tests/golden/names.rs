// Made by sfn-codegen 0.1.0 from names.asl.json. Changes are lost when it is made again:
//
//     sfn-codegen --style types -o names.rs names.asl.json

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
pub const NAME: &str = "names";

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
            async move { T::状態(&tasks, input, context).await }
        }
    };
    builder = builder.function("状態", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::type_(&tasks, input, context).await }
        }
    };
    builder = builder.resource("${type}", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::pay_now(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Pay-now", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::drop(&tasks, input, context).await }
        }
    };
    builder = builder.resource("${drop}", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::into_value(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.resource("${into_value}", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::from(&tasks, input, context).await }
        }
    };
    builder = builder.resource("${from}", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::clone(&tasks, input, context).await }
        }
    };
    builder = builder.resource("${clone}", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::into_value_2(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Into value", handler);
    builder
}

fn typed<T: DeserializeOwned>(input: &Value) -> Result<T, Error> {
    input.to_data().map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
}

/// The work that is done outside the workflow: a method for each function, activity and service call.
#[allow(unreachable_pub, clippy::wrong_self_convention)]
pub trait Tasks: Send + Sync + 'static {
    /// The Lambda function `状態`.
    ///
    /// Called by the state `状態`.
    fn 状態(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The resource `${type}`.
    ///
    /// Called by the state `Pay now`.
    fn type_(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::sns:publish`.
    ///
    /// Called by the state `Pay-now`.
    fn pay_now(
        &self,
        input: PayNowInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The resource `${drop}`.
    ///
    /// Called by the state `!=`.
    fn drop(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The resource `${into_value}`.
    ///
    /// Called by the state `Option`.
    fn into_value(
        &self,
        input: IntoValueInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The resource `${from}`.
    ///
    /// Called by the state `from`.
    fn from(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The resource `${clone}`.
    ///
    /// Called by the state `Clone`.
    fn clone(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::sqs:sendMessage`.
    ///
    /// Called by the state `Into value`.
    fn into_value_2(
        &self,
        input: IntoValue2Input,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;
}

/// What [`Tasks::pay_now`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct PayNowInput {
    /// `type` in the input.
    #[serde(rename = "type")]
    pub type_: i64,
    /// `Self` in the input.
    #[serde(rename = "Self")]
    pub self_: String,
    /// `self` in the input.
    #[serde(rename = "self")]
    pub self2: String,
    /// `a b` in the input.
    #[serde(rename = "a b")]
    pub a_b: PayNowInputAB,
    /// `a-b` in the input.
    #[serde(rename = "a-b")]
    pub a_b_2: Vec<PayNowInputABItem>,
    /// `` `[x](y)` <b> `` in the input.
    #[serde(rename = "`[x](y)` <b>")]
    pub x_y_b: bool,
    /// `42` in the input.
    #[serde(rename = "42")]
    pub field_42: f64,
}

/// What [`Tasks::pay_now`] is called with, member `a_b`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct PayNowInputAB {
    /// `x` in the input.
    pub x: Value,
}

/// What [`Tasks::pay_now`] is called with, member `a_b_2`, one item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct PayNowInputABItem {
    /// `q` in the input.
    pub q: i64,
}

/// What [`Tasks::into_value`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct IntoValueInput {
    /// `v` in the input.
    pub v: i64,
}

/// What [`Tasks::into_value_2`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct IntoValue2Input {
    /// `v` in the input.
    pub v: i64,
}

/// The states of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
pub enum State {
    /// `type`, a Pass state.
    Type,
    /// `1st`, a Pass state.
    State1st,
    /// `状態`, a Task state.
    状態,
    /// `Pay now`, a Task state.
    PayNow,
    /// `Pay-now`, a Task state.
    PayNow2,
    /// `Err`, a Pass state.
    Err,
    /// `Error`, a Pass state.
    Error,
    /// `Self`, a Pass state.
    Self_,
    /// `` a `quoted` name ``, a Pass state.
    AQuotedName,
    /// `一`, a Pass state.
    U4e00,
    /// `Заказ`, a Pass state.
    U0417u0430u043au0430u0437,
    /// `State`, a Pass state.
    State,
    /// `Ok`, a Pass state.
    Ok,
    /// `String`, a Pass state.
    String,
    /// `==`, a Pass state.
    State2,
    /// `!=`, a Task state.
    State3,
    /// `Option`, a Task state.
    Option,
    /// `from`, a Task state.
    From,
    /// `Clone`, a Task state.
    Clone,
    /// `Into value`, a Task state.
    IntoValue,
}

#[allow(dead_code, unreachable_pub)]
impl State {
    /// Every state, in the order of the definition.
    pub const ALL: [State; 20] = [
        State::Type,
        State::State1st,
        State::状態,
        State::PayNow,
        State::PayNow2,
        State::Err,
        State::Error,
        State::Self_,
        State::AQuotedName,
        State::U4e00,
        State::U0417u0430u043au0430u0437,
        State::State,
        State::Ok,
        State::String,
        State::State2,
        State::State3,
        State::Option,
        State::From,
        State::Clone,
        State::IntoValue,
    ];

    /// The name of the state in the definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Type => "type",
            State::State1st => "1st",
            State::状態 => "状態",
            State::PayNow => "Pay now",
            State::PayNow2 => "Pay-now",
            State::Err => "Err",
            State::Error => "Error",
            State::Self_ => "Self",
            State::AQuotedName => "a `quoted` name",
            State::U4e00 => "一",
            State::U0417u0430u043au0430u0437 => "Заказ",
            State::State => "State",
            State::Ok => "Ok",
            State::String => "String",
            State::State2 => "==",
            State::State3 => "!=",
            State::Option => "Option",
            State::From => "from",
            State::Clone => "Clone",
            State::IntoValue => "Into value",
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
            "type" => Ok(State::Type),
            "1st" => Ok(State::State1st),
            "状態" => Ok(State::状態),
            "Pay now" => Ok(State::PayNow),
            "Pay-now" => Ok(State::PayNow2),
            "Err" => Ok(State::Err),
            "Error" => Ok(State::Error),
            "Self" => Ok(State::Self_),
            "a `quoted` name" => Ok(State::AQuotedName),
            "一" => Ok(State::U4e00),
            "Заказ" => Ok(State::U0417u0430u043au0430u0437),
            "State" => Ok(State::State),
            "Ok" => Ok(State::Ok),
            "String" => Ok(State::String),
            "==" => Ok(State::State2),
            "!=" => Ok(State::State3),
            "Option" => Ok(State::Option),
            "from" => Ok(State::From),
            "Clone" => Ok(State::Clone),
            "Into value" => Ok(State::IntoValue),
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
  "Comment": "States, functions and members whose names are no names in Rust",
  "StartAt": "type",
  "States": {
    "type": { "Type": "Pass", "Next": "1st" },
    "1st": { "Type": "Pass", "Next": "状態" },
    "状態": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "状態", "Payload.$": "$" }, "OutputPath": "$.Payload", "Next": "Pay now" },
    "Pay now": { "Type": "Task", "Resource": "${type}", "Next": "Pay-now" },
    "Pay-now": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sns:publish",
      "Parameters": {
        "type": 1,
        "Self": "x",
        "self": "y",
        "a b": { "x.$": "$.a" },
        "a-b": [{ "q": 1 }],
        "`[x](y)` <b>": true,
        "42": 1.5
      },
      "Next": "Err"
    },
    "Err": { "Type": "Pass", "Next": "Error" },
    "Error": { "Type": "Pass", "Next": "Self" },
    "Self": { "Type": "Pass", "Next": "a `quoted` name" },
    "a `quoted` name": { "Type": "Pass", "Next": "一" },
    "一": { "Type": "Pass", "Next": "Заказ" },
    "Заказ": { "Type": "Pass", "Next": "State" },
    "State": { "Type": "Pass", "Next": "Ok" },
    "Ok": { "Type": "Pass", "Next": "String" },
    "String": { "Type": "Pass", "Next": "==" },
    "==": { "Type": "Pass", "Next": "!=" },
    "!=": { "Type": "Task", "Resource": "${drop}", "Next": "Option" },
    "Option": { "Type": "Task", "Resource": "${into_value}", "Parameters": { "v": 1 }, "Next": "from" },
    "from": { "Type": "Task", "Resource": "${from}", "Next": "Clone" },
    "Clone": { "Type": "Task", "Resource": "${clone}", "Next": "Into value" },
    "Into value": { "Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Parameters": { "v": 1 }, "End": true }
  }
}
"#;
