//! JSON values with expressions inside: payload templates of JSONPath states, and values of JSONata states.
//!
//! A template is read once. Parts of it without expressions are shared with the document, so that evaluating them copies
//! a pointer. A template with expressions nests 256 levels deep at most; a value without any is a template at any depth.

use super::intrinsic::Intrinsic;
use super::path::{Path, PathError};
use super::{Scope, SyntaxError};
use crate::value::Value;

mod error;
mod jsonata;
mod payload;
#[cfg(test)]
mod tests;

pub use error::EvaluationError;
pub use jsonata::{JsonataTemplate, expression_text};
pub use payload::PayloadTemplate;

/// Deepest nesting of a template that has expressions: reading and evaluating one recurse.
const DEEPEST: u32 = 256;

/// A template of either language.
#[derive(Clone, Debug, PartialEq)]
pub enum Template {
    /// Keys that end in `.$` hold paths and intrinsic calls.
    JsonPath(PayloadTemplate),
    /// Strings `{% … %}` hold expressions.
    Jsonata(JsonataTemplate),
}

impl Template {
    /// The template as it stands in the document.
    pub fn source(&self) -> &Value {
        match self {
            Template::JsonPath(template) => template.source(),
            Template::Jsonata(template) => template.source(),
        }
    }

    /// The value with every expression evaluated. `field` is the name of the field that holds the template, the first
    /// part of the place an error names (`Arguments/FunctionName`).
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Value, EvaluationError> {
        match self {
            Template::JsonPath(template) => template.evaluate(scope),
            Template::Jsonata(template) => template.evaluate(scope, field),
        }
    }
}

/// The value of a key that ends in `.$`: a path, or a call of an intrinsic function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathOrIntrinsic {
    /// `$.a`, `$$.b`, `$variable`
    Path(Path),
    /// `States.Format(…)`
    Intrinsic(Intrinsic),
}

impl PathOrIntrinsic {
    /// Reads a path or a call.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        if text.starts_with('$') {
            Path::parse(text).map(PathOrIntrinsic::Path)
        } else {
            Intrinsic::parse(text).map(PathOrIntrinsic::Intrinsic)
        }
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        match self {
            PathOrIntrinsic::Path(path) => path.text(),
            PathOrIntrinsic::Intrinsic(intrinsic) => intrinsic.text(),
        }
    }

    /// Every path that is read, those among the arguments of calls included.
    pub fn paths(&self) -> Vec<&Path> {
        match self {
            PathOrIntrinsic::Path(path) => vec![path],
            PathOrIntrinsic::Intrinsic(intrinsic) => intrinsic.paths(),
        }
    }

    /// The value; `field` is the field whose value it is, as errors name it (`value.$`, `ErrorPath`).
    pub fn evaluate(&self, scope: &Scope<'_>, field: &str) -> Result<Value, EvaluationError> {
        match self {
            PathOrIntrinsic::Path(path) => path.evaluate(scope).map_err(|error| match error {
                PathError::NotFound(_) => EvaluationError::not_in_input(path.text(), field, scope.input),
                error => EvaluationError::invalid_path(path.text(), &error),
            }),
            PathOrIntrinsic::Intrinsic(intrinsic) => {
                intrinsic.evaluate(scope).map_err(|error| EvaluationError::runtime(error.0))
            }
        }
    }
}
