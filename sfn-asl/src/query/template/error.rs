//! What a failed evaluation becomes, in AWS's words.

use std::fmt::Display;

use crate::query::jsonata::{Expression, JsonataError};
use crate::query::path::PathError;
use crate::value::Value;

/// An expression of a definition could not be evaluated: the States error it becomes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct EvaluationError {
    /// `States.Runtime`, `States.QueryEvaluationError`, `States.ResultPathMatchFailure`.
    pub error: &'static str,
    /// AWS's text, without the words "An error occurred while executing the state …" that stand before it.
    pub cause: String,
    /// The place AWS names for JSONata failures: `Output/a/b`, `Choices[1]/Output/v`.
    pub location: Option<String>,
}

impl EvaluationError {
    /// `States.Runtime` with a cause of its own.
    pub fn runtime(cause: impl Into<String>) -> Self {
        EvaluationError { error: "States.Runtime", cause: cause.into(), location: None }
    }

    /// A path in a payload template, in `ErrorPath` or in `CausePath` that leads nowhere; `field` is the key, `.$`
    /// included, or the field.
    pub fn not_in_input(path: &str, field: &str, input: &Value) -> Self {
        EvaluationError::runtime(format!(
            "The JSONPath '{path}' specified for the field '{field}' could not be found in the input '{}'",
            input.to_json()
        ))
    }

    /// A path in `InputPath`, `OutputPath`, `TimeoutSecondsPath` or `HeartbeatSecondsPath` that leads nowhere.
    pub fn invalid_path(path: &str, error: &PathError) -> Self {
        EvaluationError::runtime(format!("Invalid path '{path}' : {error}"))
    }

    /// A `ResultPath` that cannot be applied.
    pub fn result_path(error: &PathError) -> Self {
        EvaluationError { error: "States.ResultPathMatchFailure", cause: error.to_string(), location: None }
    }

    /// An expression without a value where one is needed.
    pub fn undefined(expression: &Expression, location: impl Display) -> Self {
        Self::expression(expression, location.to_string(), "returned nothing (undefined).")
    }

    /// An expression that failed.
    pub fn threw(expression: &Expression, location: impl Display, error: &JsonataError) -> Self {
        let outcome = match error.code {
            Some(code) => format!("threw an error during evaluation. {code}: {}", error.message),
            None => format!("threw an error during evaluation: {}", error.message),
        };
        Self::expression(expression, location.to_string(), &outcome)
    }

    /// An expression whose value is of another type than the field demands.
    pub fn unexpected_type(expression: &Expression, location: impl Display, expected: &str, value: &Value) -> Self {
        let outcome = format!(
            "returned an unexpected result type. Expected '{expected}', but was '{}' for value: {value}",
            value.type_name()
        );
        Self::expression(expression, location.to_string(), &outcome)
    }

    fn expression(expression: &Expression, location: String, outcome: &str) -> Self {
        EvaluationError {
            error: "States.QueryEvaluationError",
            cause: format!(
                "The JSONata expression '{}' specified for the field '{location}' {outcome}",
                expression.text().trim()
            ),
            location: Some(location),
        }
    }
}
