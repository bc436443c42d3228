//! JSON values with expressions inside: payload templates of JSONPath states, and values of JSONata states.
use super::intrinsic::Intrinsic;
use super::path::Path;
use super::{Scope, SyntaxError};
use crate::location::Location;
use crate::value::Value;

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

/// A JSON value of a JSONPath state in which keys that end in `.$` hold a path or an intrinsic call.
#[derive(Clone, Debug, PartialEq)]
pub struct PayloadTemplate {
    source: Value,
}

impl PayloadTemplate {
    /// Reads a template; `Location`s in the errors start at `source`.
    pub fn parse(source: &Value) -> Result<Self, Vec<(Location, SyntaxError)>> {
        Ok(PayloadTemplate { source: source.clone() })
    }

    /// The template as it stands in the document.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// The value with every path and call evaluated.
    pub fn evaluate(&self, _scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        Ok(self.source.clone())
    }
}

/// The value of a key that ends in `.$`: a path, or a call of an intrinsic function.
#[derive(Clone, Debug, PartialEq)]
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

    /// The value; `field` is the field whose value it is, as errors name it (`value.$`, `ErrorPath`).
    pub fn evaluate(&self, _scope: &Scope<'_>, _field: &str) -> Result<Value, EvaluationError> {
        Ok(Value::Null)
    }
}

/// A JSON value of a JSONata state in which strings `{% … %}` hold expressions.
#[derive(Clone, Debug, PartialEq)]
pub struct JsonataTemplate {
    source: Value,
}

impl JsonataTemplate {
    /// Reads a template; `Location`s in the errors start at `source`.
    pub fn parse(source: &Value) -> Result<Self, Vec<(Location, SyntaxError)>> {
        Ok(JsonataTemplate { source: source.clone() })
    }

    /// The template as it stands in the document.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// The value with every expression evaluated; one that returns nothing is an error.
    pub fn evaluate(&self, _scope: &Scope<'_>, _field: &str) -> Result<Value, EvaluationError> {
        Ok(self.source.clone())
    }
}

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
