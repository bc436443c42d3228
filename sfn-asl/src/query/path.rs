//! JSONPath as AWS evaluates it: the dialect of the Java library Jayway.
use std::sync::Arc;

use super::{Scope, SyntaxError};
use crate::value::Value;

/// A parsed JSONPath: `$.a[0]`, `$$.Execution.Id`, `$variable.b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: Arc<str>,
    head: Head,
}

/// What a path starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Head {
    /// `$`: the input.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`: a workflow variable.
    Variable(Arc<str>),
}

impl Path {
    /// Reads a path.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Ok(Path { text: text.into(), head: Head::Input })
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the path starts from.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// True when the path selects at most one node: no wildcard, filter, slice, union, descent or function.
    pub fn is_definite(&self) -> bool {
        true
    }

    /// What the path selects: the node of a definite path, else the array of all matches.
    pub fn evaluate(&self, _scope: &Scope<'_>) -> Result<Value, PathError> {
        Ok(Value::Null)
    }
}

/// Why a path selected nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PathError(pub String);

/// A path that names a single place: what `ResultPath` and its kin take.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferencePath(Path);

impl ReferencePath {
    /// Reads a reference path.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        Path::parse(text).map(ReferencePath)
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A copy of `root` with `value` at this place; missing objects on the way are made.
    pub fn inject(&self, root: &Value, _value: Value) -> Result<Value, PathError> {
        Ok(root.clone())
    }
}
