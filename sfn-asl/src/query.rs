//! The query languages of the States Language: JSONPath with intrinsic functions, and JSONata.
//!
//! Each is parsed once into a shared, immutable form and evaluated against a [`Scope`]. Evaluation is pure: the clock,
//! randomness, variables and the context object come in through the scope. Every evaluation is bounded by a [`Budget`].

pub mod intrinsic;
mod java_order;
pub mod jsonata;
pub mod path;
mod scope;
pub mod template;

pub use scope::{Budget, Environment, NoEnvironment, Random, Scope};
pub use template::{EvaluationError, JsonataTemplate, PayloadTemplate, Template};

/// A text that is no expression of the language it was read in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SyntaxError {
    /// What is wrong, for the author of the workflow.
    pub message: String,
    /// Bytes before the fault, in the expression's own text.
    pub offset: usize,
}
