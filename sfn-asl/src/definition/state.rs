use std::sync::Arc;

use super::{Choice, DataFlow, Map, Parallel, QueryLanguage, Setting, StateName, Task, Wait};

use crate::value::Value;

/// One state.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// The language of its expressions: its own `QueryLanguage`, else the machine's.
    pub query_language: QueryLanguage,
    /// `Type`, and the fields of that type.
    pub kind: StateKind,
}

/// The eight types of state.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::large_enum_variant, reason = "a definition holds few states, and each is read in place")]
pub enum StateKind {
    /// Work done outside the machine.
    Task(Task),
    /// Hands its input on, reshaped.
    Pass(Pass),
    /// Branches on its input.
    Choice(Choice),
    /// Waits for a time.
    Wait(Wait),
    /// Runs branches side by side.
    Parallel(Parallel),
    /// Runs the same states for every item of a list.
    Map(Map),
    /// Ends its scope well.
    Succeed(Succeed),
    /// Ends its scope with an error.
    Fail(Fail),
}

impl StateKind {
    /// The text of `Type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            StateKind::Task(_) => "Task",
            StateKind::Pass(_) => "Pass",
            StateKind::Choice(_) => "Choice",
            StateKind::Wait(_) => "Wait",
            StateKind::Parallel(_) => "Parallel",
            StateKind::Map(_) => "Map",
            StateKind::Succeed(_) => "Succeed",
            StateKind::Fail(_) => "Fail",
        }
    }
}

/// Where a state leads: `Next`, or `"End": true`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// To a state of the same scope.
    Next(StateName),
    /// To the end of the scope.
    End,
}

/// A Pass state.
#[derive(Clone, Debug, PartialEq)]
pub struct Pass {
    /// `Result`: taken as it stands. JSONPath only.
    pub result: Option<Value>,
    /// Input, output and variables.
    pub flow: DataFlow,
    /// `Next` or `End`
    pub transition: Transition,
}

/// A Succeed state.
#[derive(Clone, Debug, PartialEq)]
pub struct Succeed {
    /// Input and output.
    pub flow: DataFlow,
}

/// A Fail state.
#[derive(Clone, Debug, PartialEq)]
pub struct Fail {
    /// `Error` or `ErrorPath`
    pub error: Option<FailText>,
    /// `Cause` or `CausePath`
    pub cause: Option<FailText>,
}

/// The error or cause of a [`Fail`]: a text, a path or intrinsic call, or an expression.
pub type FailText = Setting<Arc<str>, crate::query::template::PathOrIntrinsic>;
