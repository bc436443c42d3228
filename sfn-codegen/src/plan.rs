//! What the module will say: every name, type and order is settled here, printing decides nothing.

mod function;
mod inputs;
mod tasks;

use std::collections::BTreeSet;

use sfn_asl::Format;
use sfn_asl::definition::{Definition, State, StateKind, StateName, StateScope};

use crate::naming::{distinct, type_name};
use crate::options::Options;

pub(crate) use inputs::{FieldPlan, FieldType, InputPlan};
pub(crate) use tasks::{Target, TaskPlan};

/// A module.
#[derive(Debug)]
pub(crate) struct Plan {
    /// The lines of the comment at the top.
    pub(crate) header: Vec<String>,
    /// What the workflow is called.
    pub(crate) name: String,
    /// The document, as it is embedded.
    pub(crate) document: String,
    /// It is embedded as it was written.
    pub(crate) is_verbatim: bool,
    /// The states in the order of the document, those of Map and Parallel states after the state they are part of.
    pub(crate) states: Vec<StatePlan>,
    /// The types of task inputs.
    pub(crate) inputs: Vec<InputPlan>,
    /// The methods of the trait.
    pub(crate) tasks: Vec<TaskPlan>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct StatePlan {
    /// The variant.
    pub(crate) variant: String,
    /// The name in the document.
    pub(crate) name: String,
    /// The text of `Type`.
    pub(crate) kind: &'static str,
}

/// Plans the module for the definition that was read from `text`.
pub(crate) fn plan(definition: &Definition, text: &str, format: Format, options: &Options) -> Plan {
    let machine = definition.machine();
    let is_verbatim = format == Format::Json;
    let document = if is_verbatim { text.to_owned() } else { definition.to_json_pretty() + "\n" };
    let states = states(&machine.scope);
    let (tasks, inputs) = tasks::plan(&states);
    Plan {
        header: header(options),
        name: options.name.clone(),
        document,
        is_verbatim,
        states: variants(&states),
        inputs,
        tasks,
    }
}

/// Every state of the scope and of the scopes within.
fn states(scope: &StateScope) -> Vec<(&StateName, &State)> {
    let mut found = Vec::new();
    let mut open = vec![scope.states.iter()];
    while let Some(states) = open.last_mut() {
        let Some((name, state)) = states.next() else {
            open.pop();
            continue;
        };
        found.push((name, state));
        match &state.kind {
            StateKind::Parallel(parallel) => {
                open.extend(parallel.branches.iter().rev().map(|branch| branch.states.iter()));
            }
            StateKind::Map(map) => open.push(map.processor.scope.states.iter()),
            _ => {}
        }
    }
    found
}

fn variants(states: &[(&StateName, &State)]) -> Vec<StatePlan> {
    // States of two scopes may share a name; to the enum they are one.
    let mut seen = BTreeSet::new();
    let states: Vec<_> = states.iter().filter(|(name, _)| seen.insert(name.as_str())).collect();
    let wanted = states.iter().map(|(name, _)| type_name(name.as_str(), "State")).collect();
    let variants = distinct(wanted, &[]);
    variants
        .into_iter()
        .zip(states)
        .map(|(variant, (name, state))| StatePlan {
            variant,
            name: name.as_str().to_owned(),
            kind: state.kind.type_name(),
        })
        .collect()
}

fn header(options: &Options) -> Vec<String> {
    let version = env!("CARGO_PKG_VERSION");
    let source = options.source.as_deref().map_or(String::new(), |source| format!(" from {}", one_line(source)));
    let mut header = vec![format!("Made by sfn-codegen {version}{source}. Changes are lost when it is made again:")];
    match &options.command {
        Some(command) => header.extend([String::new(), format!("    {}", one_line(command))]),
        None => header[0] = header[0].replace(". Changes are lost when it is made again:", "; do not edit."),
    }
    header
}

/// The text on one line, without characters that rustc or a terminal would stumble over.
pub(crate) fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        if is_treacherous(character) { line.extend(character.escape_unicode()) } else { line.push(character) }
    }
    line
}

/// Control characters, and those that reorder the text around them.
pub(crate) fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests;
