//! Names that must be unique: states, labels, keys.

use std::collections::HashSet;

use super::outline::RawScope;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::{Location, Step};
use crate::parse::source_map::locations;
use crate::value::{SpanTree, Value};

/// Most characters of a `Label`.
const LONGEST_LABEL: usize = 40;

pub(crate) fn check(scopes: &[RawScope<'_>], findings: &mut Vec<Diagnostic>) {
    let mut names = HashSet::new();
    let mut labels = HashSet::new();
    for state in scopes.iter().flat_map(|scope| &scope.states) {
        if !names.insert(state.name) {
            let message = format!("Duplicate State name: {}", state.name);
            findings.push(Diagnostic::new(Code::DuplicateStateName, state.location.clone(), message).on_key());
        }
        if state.kind() == Some("Map")
            && let Some(label) = state.object.get("Label").and_then(Value::as_str)
        {
            label_text(label, state.location.key("Label"), findings);
            if !labels.insert(label) {
                let message = format!("Duplicate Label name: {label}");
                findings.push(Diagnostic::new(Code::DuplicateLabelName, state.location.key("Label"), message));
            }
        }
    }
}

fn label_text(label: &str, location: Location, findings: &mut Vec<Diagnostic>) {
    if label.contains("${") {
        return;
    }
    let forbidden = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || "?*<>{}[]:;,\\|^~$#%&`\"".contains(c)
            || matches!(c, '\u{fffe}' | '\u{ffff}')
    };
    let message = if label.is_empty() {
        "a label cannot be empty".to_owned()
    } else if label.chars().count() > LONGEST_LABEL {
        format!("the label `{label}` exceeds {LONGEST_LABEL} characters")
    } else if let Some(c) = label.chars().find(|&c| forbidden(c)) {
        format!("the label `{label}` cannot contain {c:?}")
    } else {
        return;
    };
    findings.push(Diagnostic::new(Code::InvalidLabelName, location, message));
}

/// Reports keys that an object of the text has twice: all but the last of their values would be lost.
pub(crate) fn duplicate_keys(spans: &SpanTree, findings: &mut Vec<Diagnostic>) {
    let locations = locations(spans, spans.duplicates().iter().map(|(position, ..)| *position));
    for (position, key, span) in spans.duplicates() {
        let location = locations.get(position).cloned().unwrap_or_default();
        let is_state = matches!(location.steps().last(), Some(Step::Key(key)) if &**key == "States");
        let mut finding = if is_state {
            Diagnostic::new(Code::DuplicateStateName, location.key(key.clone()), format!("Duplicate State name: {key}"))
        } else {
            Diagnostic::new(Code::DuplicateKey, location.key(key.clone()), format!("the key `{key}` stands here twice"))
        };
        finding.range = Some(span.clone());
        findings.push(finding);
    }
}
