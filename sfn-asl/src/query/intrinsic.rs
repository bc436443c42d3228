//! The intrinsic functions `States.Format(…)` and their seventeen kin.
//!
//! A call is read once, its nested calls and paths with it; what the grammar or the number of arguments forbids is a
//! [`SyntaxError`], as AWS refuses it when a state machine is created. Calls nest ten deep at most.
//!
//! # Where the behaviour comes from
//! Results are those of recorded runs: objects in `States.Format` look like Java maps, `States.MathAdd` rounds each
//! argument half up before it adds, every character of a splitter splits. No failure of a function was recorded; the
//! frame of the text (`The function '…' had the following error: …`) is the one AWS prints, the words after it are ours.
//! Not measured either: `States.ArrayUnique` on mixed items (equal values of JSON are equal), the numbers of a seeded
//! `States.MathRandom` (those of `java.util.Random`).

use std::sync::Arc;

use super::path::{Path, PathError};
use super::{Scope, SyntaxError};
use crate::value::Value;

mod array;
mod function;
mod math;
mod parse;
#[cfg(test)]
mod tests;
mod text;

use function::Function;

/// A parsed call of an intrinsic function.
#[derive(Clone)]
pub struct Intrinsic {
    text: Arc<str>,
    call: Arc<Call>,
}

struct Call {
    function: Function,
    arguments: Vec<Argument>,
}

enum Argument {
    /// `'text'`, as written between the quotes and as it is meant.
    Text { raw: Box<str>, value: Value },
    /// A number, `true`, `false`, `null`.
    Literal(Value),
    /// `$.a`, `$$.b`, `$variable`
    Path(Path),
    /// Another call.
    Call(Call),
}

impl Intrinsic {
    /// Reads a call; blanks may follow it, not precede it.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Ok(Intrinsic { text: text.into(), call: Arc::new(parse::call(text)?) })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The name of the outermost function: `States.Format`.
    pub fn name(&self) -> &'static str {
        self.call.function.name()
    }

    /// True when the outermost function can answer a string, which `ErrorPath` and `CausePath` demand.
    pub fn returns_text(&self) -> bool {
        self.call.function.returns_text()
    }

    /// The paths among the arguments, those of nested calls included, in order.
    pub fn paths(&self) -> Vec<&Path> {
        let mut paths = Vec::new();
        self.call.collect_paths(&mut paths);
        paths
    }

    /// The function's answer.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, IntrinsicError> {
        self.call
            .evaluate(scope)
            .map_err(|reason| IntrinsicError(format!("The function '{}' had the following error: {reason}", self.text)))
    }
}

impl PartialEq for Intrinsic {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Intrinsic {}

impl std::fmt::Debug for Intrinsic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Intrinsic({})", self.text)
    }
}

impl Call {
    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, String> {
        let mut values = Vec::with_capacity(self.arguments.len());
        for (index, argument) in self.arguments.iter().enumerate() {
            values.push(match argument {
                // Only the template of `States.Format` gives meaning to the escapes itself.
                Argument::Text { raw, .. } if index == 0 && self.function == Function::Format => Value::from(&**raw),
                Argument::Text { value, .. } | Argument::Literal(value) => value.clone(),
                Argument::Path(path) => path.evaluate(scope).map_err(|error| missing(path, &error, scope))?,
                Argument::Call(call) => call.evaluate(scope)?,
            });
        }
        self.function.apply(&values, scope)
    }

    fn collect_paths<'a>(&'a self, paths: &mut Vec<&'a Path>) {
        for argument in &self.arguments {
            match argument {
                Argument::Path(path) => paths.push(path),
                Argument::Call(call) => call.collect_paths(paths),
                Argument::Text { .. } | Argument::Literal(_) => {}
            }
        }
    }
}

fn missing(path: &Path, error: &PathError, scope: &Scope<'_>) -> String {
    match error {
        PathError::NotFound(_) => format!(
            "The JsonPath argument for the field '{path}' could not be found in the input '{}'",
            scope.input.to_json()
        ),
        other => format!("Invalid path '{path}' : {other}"),
    }
}

/// Why a function has no answer, in AWS's words as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct IntrinsicError(pub String);
