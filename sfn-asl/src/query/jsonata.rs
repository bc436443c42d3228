//! JSONata as AWS evaluates it.
use std::sync::Arc;

use super::{Scope, SyntaxError};
use crate::value::Value;

/// A parsed JSONata expression, shared and `Send + Sync`.
#[derive(Clone, Debug)]
pub struct Expression {
    text: Arc<str>,
}

impl Expression {
    /// Reads an expression, without the delimiters `{%` and `%}`.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Ok(Expression { text: text.into() })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the expression reads from outside: workflow variables and members of `$states`.
    pub fn reads(&self) -> &Reads {
        static NOTHING: Reads = Reads {
            variables: Vec::new(),
            input: false,
            result: false,
            error_output: false,
            context: false,
            unqualified: Vec::new(),
        };
        &NOTHING
    }

    /// The value under the `$states` binding and the variables of `scope`; `None` is JSONata's undefined.
    pub fn evaluate(&self, _scope: &Scope<'_>) -> Result<Option<Value>, JsonataError> {
        Ok(None)
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// What an expression reads from outside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Workflow variables, `$states` and what the expression binds itself not among them, each once, in order.
    pub variables: Vec<Arc<str>>,
    /// `$states.input`
    pub input: bool,
    /// `$states.result`
    pub result: bool,
    /// `$states.errorOutput`
    pub error_output: bool,
    /// `$states.context`
    pub context: bool,
    /// Names at the top level that no variable stands before (`phone`, `$`, `$$`), with their place: AWS refuses them.
    pub unqualified: Vec<(Arc<str>, usize)>,
}

/// A failure while an expression was evaluated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct JsonataError {
    /// The library's code, `T1006`; absent for exceeded bounds.
    pub code: Option<&'static str>,
    /// The message, without the code.
    pub message: String,
    /// Bytes before the place in the expression.
    pub offset: usize,
}
