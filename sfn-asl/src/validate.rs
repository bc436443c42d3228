//! The rules about a definition as a whole, and the entry that gives every finding.
//!
//! The rules here look at the raw document, so that a field that cannot be read does not hide what else is wrong.

mod callback;
mod choice;
mod data_flow;
mod express;
mod graph;
pub(crate) mod limits;
pub(crate) mod names;
mod outline;
mod query;
mod quota;
mod reads;
mod retry;
mod variables;

#[cfg(test)]
mod tests;

use crate::definition::QueryLanguage;
use crate::diagnostic::Diagnostic;
use crate::parse::{self, Format};
use crate::value::Value;

/// What a definition is checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The type of machine it is for.
    pub machine_type: MachineType,
    /// Which resources a task may name.
    pub resources: Resources,
}

/// `type` of a state machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MachineType {
    /// `STANDARD`
    #[default]
    Standard,
    /// `EXPRESS`: five minutes, no `.sync`, no `.waitForTaskToken`, no activities, no Distributed Map.
    Express,
}

/// Which resources a task may name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Resources {
    /// What the States Language allows, any URI: what AWS is not known to take gives a warning.
    #[default]
    AnyUri,
    /// What AWS is known to take; anything else is an error.
    Aws,
}

/// Every finding about a definition in JSON.
pub fn check(text: &str, options: &Options) -> Vec<Diagnostic> {
    check_as(text, Format::Json, options)
}

/// Every finding about a definition in the given format.
pub fn check_as(text: &str, format: Format, options: &Options) -> Vec<Diagnostic> {
    parse::read(text, format, options).findings
}

/// Every finding about a document; the findings have no places in a text.
pub fn check_value(document: &Value, options: &Options) -> Vec<Diagnostic> {
    parse::read_value(document.clone(), options).findings
}

/// The rules about a whole machine.
pub(crate) fn document(document: &Value, options: &Options, findings: &mut Vec<Diagnostic>) {
    let scopes = outline::scopes(document);
    let limited = document.get("TimeoutSeconds").is_some();
    let mut reads = Vec::with_capacity(scopes.len());
    for scope in &scopes {
        reads.push(scope.states.iter().map(|state| state_rules(state, limited, options, findings)).collect::<Vec<_>>());
    }
    express::check(&scopes, options, findings);
    variables::check(&scopes, &reads, findings);
    graph::check(&scopes, findings);
    names::check(&scopes, findings);
    // Estimates are about definitions that can run.
    if !findings.iter().any(Diagnostic::is_error) {
        quota::check(&scopes, options, findings);
    }
}

/// The rules about a state that stands alone.
pub(crate) fn single_state(document: &Value, options: &Options, findings: &mut Vec<Diagnostic>) {
    let scopes = outline::single(document);
    for state in scopes.iter().flat_map(|scope| &scope.states) {
        state_rules(state, true, options, findings);
    }
    express::check(&scopes, options, findings);
    variables::names(&scopes, findings);
    graph::check(&scopes[1.min(scopes.len())..], findings);
    names::check(&scopes, findings);
}

fn state_rules(
    state: &outline::RawState<'_>,
    limited: bool,
    options: &Options,
    findings: &mut Vec<Diagnostic>,
) -> reads::StateReads {
    retry::check(state, findings);
    data_flow::check(state, findings);
    choice::check(state, findings);
    let reads = match state.language {
        QueryLanguage::JsonPath => reads::of_paths(state),
        QueryLanguage::Jsonata => query::check(state, findings),
    };
    callback::check(state, &reads, limited, options, findings);
    reads
}
