//! JSONPath as AWS evaluates it: the dialect of the Java library Jayway.
//!
//! A path is read once into segments, shared by every clone, and evaluated without recursion on the depth of the data.
//! A path of names and indexes alone allocates nothing but the clone of what it finds, which copies a pointer.
//!
//! # What a path answers
//! A *definite* path names one place and answers its value; it fails when the place does not exist. Every other path
//! answers the array of all matches, `[]` when there are none, also when a parent is missing (measured on AWS).
//! Names that several were asked for at the end of a path (`$.a['x','y']`) answer one object of those that exist.
//!
//! # Where the behaviour comes from
//! Recordings of AWS show: the text `No results for path: $['x']`; `[]` for wildcards and slices below missing members;
//! filters; `null` for an index past the end; names in brackets taken as written, backslashes included. The rest
//! follows Jayway over Jackson's tree nodes, which agrees with all of them. These points are inferred, not measured:
//!
//! | point | what is done here |
//! | --- | --- |
//! | text for a missing member on the way | `Missing property in path $['a']` |
//! | Java class names in error texts | unwrapped for members (`java.lang.String`), tree nodes for items and the root |
//! | slice `[0:-1]` | empty: Jayway counts a negative end from the end of the array only in `[:-1]` |
//! | `$..[0].a` | below `..` Jayway hands every item of an array to what follows an index |
//! | functions (`length()`, `min()` …) | accepted and evaluated, sums and means as doubles |
//! | filters on an object | test the object itself, not its members |
//! | text without quotes in a filter (`@.a==B`) | a string; published definitions rely on it |
//! | `[:]`, `[(@.length-1)]` | the whole array; the item so far from the end |
//! | `\'` in a quoted name | the quote; any other backslash stands for itself |

use std::sync::Arc;

use super::{Budget, Scope, SyntaxError};
use crate::value::Value;

mod compare;
mod evaluate;
mod filter;
mod function;
mod operand;
mod parse;
mod reference;
mod segment;
#[cfg(test)]
mod tests;

pub(super) use parse::argument_length;
pub use reference::ReferencePath;
use segment::Segment;

/// A parsed JSONPath: `$.a[0]`, `$$.Execution.Id`, `$variable.b`.
#[derive(Clone)]
pub struct Path(Arc<Compiled>);

struct Compiled {
    text: Box<str>,
    head: Head,
    segments: Vec<Segment>,
    definite: bool,
    /// Only single names and single indexes.
    single: bool,
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
    /// Reads a path; blanks before and after it are no part of it.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let (head, segments) = parse::path(text)?;
        let definite = segment::is_definite(&segments);
        let single = segments.iter().all(Segment::is_single);
        Ok(Path(Arc::new(Compiled { text: text.into(), head, segments, definite, single })))
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// What the path starts from.
    pub fn head(&self) -> &Head {
        &self.0.head
    }

    /// The variable the path reads, if it starts from one.
    pub fn variable(&self) -> Option<&Arc<str>> {
        if let Head::Variable(name) = &self.0.head { Some(name) } else { None }
    }

    /// True when the path selects at most one node: no wildcard, filter, slice, union of indexes or descent, and several
    /// names only at its end.
    pub fn is_definite(&self) -> bool {
        self.0.definite
    }

    /// True when the path consists of single names and single indexes, what the States Language calls a reference path.
    pub fn is_reference(&self) -> bool {
        self.0.single
    }

    /// The path in the form error texts use, whatever it starts from: `$['a'][0]['b']`.
    pub fn canonical(&self) -> String {
        segment::canonical(&self.0.segments)
    }

    /// What the path selects: the node of a definite path, else the array of all matches.
    ///
    /// An index past the end of an array selects `null`. Fails when a definite path leads nowhere, when a variable does
    /// not exist, and when the evaluation exceeds the budget of `scope`.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, PathError> {
        self.evaluate_present(scope).map(Option::unwrap_or_default)
    }

    /// As [`evaluate`](Self::evaluate), but answers `None` for an index past the end of an array, which a Choice rule
    /// takes as absent.
    pub fn evaluate_present(&self, scope: &Scope<'_>) -> Result<Option<Value>, PathError> {
        match &self.0.head {
            Head::Input => self.select(scope.input, scope.budget),
            Head::Context => self.select(&scope.environment.context(), scope.budget),
            Head::Variable(name) => match scope.environment.variable(name) {
                Some(value) => self.select(&value, scope.budget),
                None => Err(PathError::NotFound(format!("No results for path: $['{name}']"))),
            },
        }
    }

    /// What the path selects in `root`, whatever it starts from; `None` is an index past the end of an array.
    pub fn select(&self, root: &Value, budget: &Budget) -> Result<Option<Value>, PathError> {
        if self.0.single {
            evaluate::single(&self.0.segments, root).map(|found| found.cloned())
        } else {
            evaluate::select(&self.0.segments, self.0.definite, root, budget)
        }
    }
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
    }
}

impl Eq for Path {}

impl std::fmt::Debug for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Path({})", self.0.text)
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.text)
    }
}

/// Why a path could not be evaluated or applied.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// The path leads nowhere; the text is Jayway's: `No results for path: $['x']`.
    #[error("{0}")]
    NotFound(String),
    /// A function of the path cannot work on what it was given.
    #[error("{0}")]
    Function(String),
    /// A value cannot be put at this place.
    #[error("{0}")]
    NotApplicable(String),
    /// The evaluation would take more than its budget allows.
    #[error("the evaluation of the path needs too many {0}")]
    Exhausted(&'static str),
}
