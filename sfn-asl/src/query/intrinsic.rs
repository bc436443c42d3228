//! The intrinsic functions `States.Format(…)` and their seventeen kin.
use std::sync::Arc;

use super::{Scope, SyntaxError};
use crate::value::Value;

/// A parsed call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
pub struct Intrinsic {
    text: Arc<str>,
}

impl Intrinsic {
    /// Reads a call.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Ok(Intrinsic { text: text.into() })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The function's answer.
    pub fn evaluate(&self, _scope: &Scope<'_>) -> Result<Value, IntrinsicError> {
        Ok(Value::Null)
    }
}

/// Why a function has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct IntrinsicError(pub String);
