//! What to generate.

use std::fmt;
use std::str::FromStr;

/// What [`generate`](crate::generate) should make of a definition.
#[derive(Clone, Debug)]
pub struct Options {
    /// The kind of code.
    pub style: Style,
    /// What the workflow is called: the name that its executions bear.
    pub name: String,
    /// The file that the definition comes from, for the comment at the top.
    pub source: Option<String>,
    /// The command that makes the code again, for the comment at the top.
    pub command: Option<String>,
}

impl Options {
    /// The default style for a workflow called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Options { style: Style::default(), name: name.into(), source: None, command: None }
    }
}

/// A kind of code that a definition can be turned into.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Style {
    /// The document as it stands, its states as an enum, a trait with a method for each task, and functions that run it.
    #[default]
    Types,
}

impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Style::Types => f.write_str("types"),
        }
    }
}

impl FromStr for Style {
    type Err = UnknownStyle;

    fn from_str(name: &str) -> Result<Self, UnknownStyle> {
        match name {
            "types" => Ok(Style::Types),
            _ => Err(UnknownStyle { name: name.into() }),
        }
    }
}

/// There is no [`Style`] of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no style `{name}`{}; this version knows `types`", if is_planned(name) { " yet" } else { "" })]
pub struct UnknownStyle {
    /// The name that was asked for.
    pub name: String,
}

fn is_planned(name: &str) -> bool {
    matches!(name, "graph" | "fn")
}
