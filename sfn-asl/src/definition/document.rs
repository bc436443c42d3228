use std::sync::Arc;

use super::StateMachine;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::parse::{self, Format};
use crate::validate::Options;
use crate::value::Value;

/// A checked definition: the document as it was written, and what it means. Cloning one copies a pointer.
///
/// INVARIANT: it exists only if validation found no error.
#[derive(Clone, Debug)]
pub struct Definition(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    document: Value,
    machine: StateMachine,
    diagnostics: Vec<Diagnostic>,
}

impl Definition {
    /// Reads a definition in JSON and checks it.
    ///
    /// All errors that can be seen in one run are returned, with their places in `text`.
    pub fn parse_json(text: &str) -> Result<Self, Diagnostics> {
        Self::parse(text, Format::Json)
    }

    /// Reads a definition in the given format and checks it, as a machine of type STANDARD.
    pub fn parse(text: &str, format: Format) -> Result<Self, Diagnostics> {
        Self::parse_with(text, format, &Options::default())
    }

    /// Reads a definition in the given format and checks it under `options`.
    pub fn parse_with(text: &str, format: Format, options: &Options) -> Result<Self, Diagnostics> {
        parse::definition(text, format, options)
    }

    /// Checks a document that is already a value; the findings have locations, but no places in a text.
    pub fn from_value(document: Value) -> Result<Self, Diagnostics> {
        Self::from_value_with(document, &Options::default())
    }

    /// Checks a document that is already a value under `options`.
    pub fn from_value_with(document: Value, options: &Options) -> Result<Self, Diagnostics> {
        parse::definition_of(document, options)
    }

    pub(crate) fn new(document: Value, machine: StateMachine, diagnostics: Vec<Diagnostic>) -> Self {
        debug_assert!(diagnostics.iter().all(|finding| !finding.is_error()), "a definition has no errors");
        Definition(Arc::new(Parts { document, machine, diagnostics }))
    }

    /// What the document means.
    pub fn machine(&self) -> &StateMachine {
        &self.0.machine
    }

    /// The document with everything that stood in it, in its order.
    pub fn document(&self) -> &Value {
        &self.0.document
    }

    /// The warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// The document as compact JSON.
    pub fn to_json(&self) -> String {
        self.0.document.to_json()
    }

    /// The document as JSON with an indentation of two blanks.
    pub fn to_json_pretty(&self) -> String {
        self.0.document.to_json_pretty()
    }
}

impl PartialEq for Definition {
    /// Equal documents, whatever the order of their members.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.document == other.0.document
    }
}

impl std::str::FromStr for Definition {
    type Err = Diagnostics;

    /// Reads JSON.
    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        Self::parse_json(text)
    }
}
