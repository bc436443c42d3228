//! Text to [`Definition`]: JSON or YAML in, the document, its model and every finding out.
//!
//! Reading a document has two halves that report into one list. The readers here go through it field by field, build
//! the model and report what is missing, unknown, of a wrong type or out of range. The rules of [`crate::validate`] look at
//! the document as a whole. A model exists only if neither half reported an error.

mod choice;
mod data_flow;
mod distributed_map;
mod fields;
mod json;
mod map;
pub(crate) mod reader;
pub(crate) mod resource;
mod retry;
pub(crate) mod scope;
pub(crate) mod setting;
pub(crate) mod source_map;
mod state;
mod task;
mod wait;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

use crate::definition::{Definition, State, StateMachine};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::validate::{self, Options};
use crate::value::{SpanTree, Value};

pub use json::MAXIMUM_DEPTH;
pub use resource::is_optimized;

/// The format of a definition's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// JSON, as AWS takes it.
    #[default]
    Json,
    /// YAML, as SAM and the toolkits take it; read as the JSON document that it stands for.
    #[cfg(feature = "yaml")]
    Yaml,
}

/// What reading a text gave: all that could be made of it.
pub(crate) struct Outcome {
    pub(crate) document: Option<Value>,
    pub(crate) machine: Option<StateMachine>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// The document of `text` with the places of its values.
fn document(text: &str, format: Format) -> Result<(Value, SpanTree), Box<Diagnostic>> {
    match format {
        Format::Json => json::document(text),
        #[cfg(feature = "yaml")]
        Format::Yaml => yaml::document(text),
    }
}

/// Reads and checks a text.
pub(crate) fn read(text: &str, format: Format, options: &Options) -> Outcome {
    let mut findings = Vec::new();
    if let Some(finding) = validate::limits::too_long(text) {
        return Outcome { document: None, machine: None, findings: vec![finding] };
    }
    let (document, spans) = match document(text, format) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            source_map::place(&mut findings, text, None);
            return Outcome { document: None, machine: None, findings };
        }
    };
    validate::names::duplicate_keys(&spans, &mut findings);
    let machine = machine(&document, options, &mut findings);
    source_map::place(&mut findings, text, Some(&spans));
    Outcome { document: Some(document), machine, findings }
}

/// Reads and checks a document.
pub(crate) fn read_value(document: Value, options: &Options) -> Outcome {
    let mut findings = Vec::new();
    findings.extend((document.depth() > MAXIMUM_DEPTH).then(json::too_deep));
    findings.extend(validate::limits::too_large(&document));
    if !findings.is_empty() {
        return Outcome { document: Some(document), machine: None, findings };
    }
    let machine = machine(&document, options, &mut findings);
    Outcome { document: Some(document), machine, findings }
}

fn machine(document: &Value, options: &Options, findings: &mut Vec<Diagnostic>) -> Option<StateMachine> {
    let mut reader = reader::Reader::new(options);
    let machine = scope::machine(&mut reader, document);
    findings.append(&mut reader.into_findings());
    validate::document(document, options, findings);
    let failed = findings.iter().any(Diagnostic::is_error);
    debug_assert!(failed || machine.is_ok(), "a reader that gives up has said why");
    if failed { None } else { machine.ok() }
}

impl Outcome {
    fn into_definition(self) -> Result<Definition, Diagnostics> {
        match (self.document, self.machine) {
            (Some(document), Some(machine)) => Ok(Definition::new(document, machine, self.findings)),
            _ => Err(Diagnostics::new(self.findings)),
        }
    }
}

pub(crate) fn definition(text: &str, format: Format, options: &Options) -> Result<Definition, Diagnostics> {
    read(text, format, options).into_definition()
}

pub(crate) fn definition_of(document: Value, options: &Options) -> Result<Definition, Diagnostics> {
    read_value(document, options).into_definition()
}

/// A single state that stands for itself, as `TestState` takes it.
#[derive(Clone, Debug, PartialEq)]
pub struct SingleState {
    /// The document.
    pub document: Value,
    /// What it means. Its transitions may lead to states that do not exist.
    pub state: State,
    /// The warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a single state in JSON and checks it, without the rules about where its transitions lead.
///
/// AWS calls such a state `StateName`, and so do the locations of the findings.
pub fn parse_state(text: &str, options: &Options) -> Result<SingleState, Diagnostics> {
    let mut findings = Vec::new();
    if let Some(finding) = validate::limits::too_long(text) {
        return Err(Diagnostics::new(vec![finding]));
    }
    let (document, spans) = match json::document(text) {
        Ok(document) => document,
        Err(finding) => {
            findings.push(*finding);
            source_map::place(&mut findings, text, None);
            return Err(Diagnostics::new(findings));
        }
    };
    validate::names::duplicate_keys(&spans, &mut findings);
    let mut reader = reader::Reader::new(options);
    let state = scope::single_state(&mut reader, &document);
    findings.append(&mut reader.into_findings());
    validate::single_state(&document, options, &mut findings);
    source_map::place_state(&mut findings, text, &spans);
    match state {
        Ok(state) if !findings.iter().any(Diagnostic::is_error) => {
            Ok(SingleState { document, state, diagnostics: findings })
        }
        _ => Err(Diagnostics::new(findings)),
    }
}
