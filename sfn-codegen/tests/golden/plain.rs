// Made by sfn-codegen 0.1.0 from plain.asl.json. Changes are lost when it is made again:
//
//     sfn-codegen --style types -o plain.rs plain.asl.json

use ::sfn_core::asl::Definition;
use ::sfn_core::executor::{Execution, Executor, ExecutorBuilder, StartError};
use ::sfn_core::Value;

/// The definition in the Amazon States Language, byte for byte.
#[must_use]
#[allow(dead_code, unreachable_pub)]
pub const fn definition() -> &'static str {
    DEFINITION
}

/// What the workflow is called.
#[allow(dead_code, unreachable_pub)]
pub const NAME: &str = "plain";

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
pub fn bind<T: Tasks>(builder: ExecutorBuilder, _tasks: T) -> ExecutorBuilder {
    builder
}

/// The work that is done outside the workflow: a method for each function, activity and service call.
#[allow(unreachable_pub, clippy::wrong_self_convention)]
pub trait Tasks: Send + Sync + 'static {}

/// The states of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
pub enum State {
    /// `Wait`, a Wait state.
    Wait,
    /// `Done`, a Succeed state.
    Done,
}

#[allow(dead_code, unreachable_pub)]
impl State {
    /// Every state, in the order of the definition.
    pub const ALL: [State; 2] = [State::Wait, State::Done];

    /// The name of the state in the definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::Wait => "Wait",
            State::Done => "Done",
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
            "Wait" => Ok(State::Wait),
            "Done" => Ok(State::Done),
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
  "Comment": "No task at all",
  "StartAt": "Wait",
  "States": {
    "Wait": { "Type": "Wait", "Seconds": 1, "Next": "Done" },
    "Done": { "Type": "Succeed" }
  }
}
"#;
