//! What the expressions and paths of a state read: variables and the context object.

use std::collections::HashMap;
use std::sync::Arc;

use super::outline::RawState;
use crate::location::Location;
use crate::parse::reader::Place;
use crate::parse::setting::has_placeholder;
use crate::query::path::{Head, Path};
use crate::query::template::PathOrIntrinsic;
use crate::value::Value;

/// What a state reads when it is entered. What its inner states read is theirs.
#[derive(Default)]
pub(super) struct StateReads {
    /// Each variable where it is read first.
    pub(super) variables: Vec<VariableRead>,
    /// The position of each in the list.
    positions: HashMap<Arc<str>, usize>,
    /// The context object, or a part of it.
    pub(super) context: bool,
    /// Some query is not known yet, or no query at all: it may read anything.
    pub(super) unknown: bool,
}

/// A variable that a state reads.
pub(super) struct VariableRead {
    pub(super) name: Arc<str>,
    pub(super) location: Location,
    /// Nothing is wrong if it is absent: the query asks whether it exists, or would take a function of that name.
    pub(super) optional: bool,
}

impl StateReads {
    pub(super) fn variable(&mut self, name: &Arc<str>, optional: bool, location: impl FnOnce() -> Location) {
        match self.positions.get(name) {
            Some(&at) => self.variables[at].optional |= optional,
            None => {
                self.positions.insert(name.clone(), self.variables.len());
                self.variables.push(VariableRead { name: name.clone(), location: location(), optional });
            }
        }
    }
}

/// Fields of a state that hold no path, or paths of inner states.
const SKIPPED: [&str; 14] = [
    "Type",
    "Comment",
    "QueryLanguage",
    "Resource",
    "Next",
    "End",
    "Default",
    "Label",
    "Retry",
    "Result",
    "ResultPath",
    "ItemProcessor",
    "Iterator",
    "Branches",
];

/// Objects in which a key that ends in `.$` holds a path, and no other key does.
const TEMPLATES: [&str; 6] = ["Parameters", "ResultSelector", "ItemSelector", "Assign", "Credentials", "BatchInput"];

/// What a state of JSONPath reads.
pub(super) fn of_paths(state: &RawState<'_>) -> StateReads {
    let mut reads = StateReads::default();
    for (key, value) in state.object.iter() {
        if !SKIPPED.contains(&&**key) {
            member(key, value, Place::ROOT, false, &mut |text, place, optional| {
                query(text, || place.location().under(&state.location), optional, &mut reads);
            });
        }
    }
    reads
}

/// Goes through a member; documents nest no deeper than the parser takes.
fn member(key: &str, value: &Value, place: Place<'_>, template: bool, found: &mut dyn FnMut(&str, Place<'_>, bool)) {
    let place = place.key(key);
    match value {
        Value::String(text) => {
            let is_path =
                key.ends_with(".$") || !template && (key == "Variable" || key.ends_with("Path") && key != "ResultPath");
            if is_path {
                found(text, place, false);
            }
        }
        Value::Array(_) | Value::Object(_) => {
            inner(value, place, template || TEMPLATES.contains(&key), found);
        }
        _ => {}
    }
}

fn inner(value: &Value, place: Place<'_>, template: bool, found: &mut dyn FnMut(&str, Place<'_>, bool)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                inner(item, place.index(index), template, found);
            }
        }
        Value::Object(members) => {
            let asks = !template && members.contains_key("IsPresent");
            for (key, value) in members.iter() {
                match value.as_str() {
                    Some(text) if asks && &**key == "Variable" => found(text, place.key(key), true),
                    _ => member(key, value, place, template, found),
                }
            }
        }
        _ => {}
    }
}

fn query(text: &str, location: impl FnOnce() -> Location, optional: bool, reads: &mut StateReads) {
    // Most paths read the input, and need not be parsed again.
    let reads_more = text.match_indices('$').any(|(at, _)| {
        text[at + 1..]
            .chars()
            .next()
            .is_some_and(|next| next == '$' || next == '{' || next == '_' || next.is_alphabetic())
    });
    if !reads_more {
        return;
    }
    if has_placeholder(text) {
        reads.unknown = true;
        return;
    }
    let Ok(parsed) = PathOrIntrinsic::parse(text) else {
        reads.unknown = true;
        return;
    };
    let paths: Vec<&Path> = parsed.paths();
    reads.context |= paths.iter().any(|path| *path.head() == Head::Context);
    let location = std::cell::LazyCell::new(location);
    for path in paths {
        if let Some(name) = path.variable() {
            reads.variable(name, optional, || location.clone());
        }
    }
}
