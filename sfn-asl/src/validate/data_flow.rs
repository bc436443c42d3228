//! Texts that look like paths where none are read.

use super::outline::RawState;
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::value::Value;

/// The fields of a JSONPath state that hold payload templates, and the objects within which others do.
const TEMPLATES: &[&[&str]] = &[
    &["Parameters"],
    &["ResultSelector"],
    &["ItemSelector"],
    &["Assign"],
    &["ItemBatcher", "BatchInput"],
    &["ItemReader", "Parameters"],
    &["ResultWriter", "Parameters"],
];

pub(super) fn check(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) {
    if state.language != QueryLanguage::JsonPath {
        return;
    }
    for path in TEMPLATES {
        let mut location = state.location.clone();
        let mut value = None;
        for (index, key) in path.iter().enumerate() {
            location = location.key(*key);
            value = if index == 0 { state.object.get(key) } else { value.and_then(|value: &Value| value.get(key)) };
        }
        match value {
            // A `ResultSelector` and an `Assign` that are texts are refused elsewhere.
            Some(Value::String(text)) if looks_like_path(text) && !matches!(path[0], "ResultSelector" | "Assign") => {
                let key = path.last().expect("a way has steps");
                let message = format!("the value of `{key}` looks like a path, and is a plain text here");
                let finding = Diagnostic::new(Code::NoDollar, location, message);
                findings
                    .push(finding.help("only the members of an object are evaluated, those whose keys end in `.$`"));
            }
            Some(value) => template(value, location, findings),
            None => {}
        }
    }
    for field in ["Choices", "Catch"] {
        let entries = state.object.get(field).and_then(Value::as_array);
        for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
            if let Some(assign) = entry.get("Assign") {
                template(assign, state.location.key(field).index(index).key("Assign"), findings);
            }
        }
    }
    match state.kind() {
        Some("Pass") => result(state, findings),
        Some("Fail") => {
            for key in ["Error", "Cause"] {
                if let Some(text) = state.object.get(key).and_then(Value::as_str) {
                    no_path(text, key, &state.location, findings);
                }
            }
        }
        Some("Choice") => {
            let rules = state.object.get("Choices").and_then(Value::as_array);
            for (index, rule) in rules.into_iter().flat_map(|rules| rules.iter()).enumerate() {
                operands(rule, state.location.key("Choices").index(index), findings);
            }
        }
        _ => {}
    }
}

/// Goes through a template without recursion.
fn template(value: &Value, location: Location, findings: &mut Vec<Diagnostic>) {
    let mut pending = vec![(value, location)];
    while let Some((value, location)) = pending.pop() {
        match value {
            Value::Object(members) => {
                for (key, value) in members.iter() {
                    if let Some(text) = value.as_str()
                        && !key.ends_with(".$")
                        && looks_like_path(text)
                    {
                        let message =
                            format!("the value of `{key}` looks like a path, and is a plain text without `.$`");
                        let finding = Diagnostic::new(Code::NoDollar, location.key(key.clone()), message);
                        findings.push(finding.on_key().help(format!("write `{key}.$` to have it evaluated")));
                    }
                }
                let inner = members.iter().filter(|(key, _)| !key.ends_with(".$"));
                pending.extend(inner.rev().map(|(key, value)| (value, location.key(key.clone()))));
            }
            Value::Array(items) => {
                pending.extend(items.iter().enumerate().rev().map(|(index, item)| (item, location.index(index))));
            }
            _ => {}
        }
    }
}

/// Whether a text reads as a path, as a path of the context object, or as a call of an intrinsic function.
fn looks_like_path(text: &str) -> bool {
    let path = text.strip_prefix("$$").or_else(|| text.strip_prefix('$'));
    path.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        || text.starts_with("States.") && text.ends_with(')')
}

/// `Result` is taken as it stands.
fn result(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(value) = state.object.get("Result") else { return };
    let mut pending = vec![(value, state.location.key("Result"))];
    while let Some((value, location)) = pending.pop() {
        match value {
            Value::String(text) if looks_like_path(text) => {
                let message = "a path in `Result` is not evaluated";
                let finding = Diagnostic::new(Code::PassResultIsStatic, state.location.key("Result"), message);
                findings.push(finding.at_focus(location).help("use `Parameters` to have it evaluated"));
                return;
            }
            Value::Array(items) => {
                pending.extend(items.iter().enumerate().rev().map(|(index, item)| (item, location.index(index))));
            }
            Value::Object(members) => {
                pending.extend(members.iter().rev().map(|(key, value)| (value, location.key(key.clone()))));
            }
            _ => {}
        }
    }
}

/// Literal operands that look like paths.
fn operands(rule: &Value, location: Location, findings: &mut Vec<Diagnostic>) {
    let mut pending = vec![(rule, location)];
    while let Some((rule, location)) = pending.pop() {
        for (key, value) in rule.as_object().into_iter().flat_map(|rule| rule.iter()) {
            match (&**key, value) {
                ("And" | "Or", Value::Array(rules)) => {
                    let location = location.key(key.clone());
                    pending.extend(rules.iter().enumerate().map(|(index, rule)| (rule, location.index(index))));
                }
                ("Not", rule) => pending.push((rule, location.key("Not"))),
                (key, Value::String(text)) if key.starts_with("String") && !key.ends_with("Path") => {
                    no_path(text, key, &location, findings);
                }
                _ => {}
            }
        }
    }
}

fn no_path(text: &str, key: &str, location: &Location, findings: &mut Vec<Diagnostic>) {
    if looks_like_path(text) {
        let message = format!("the value of `{key}` looks like a path, and is a plain text");
        let finding = Diagnostic::new(Code::NoPath, location.key(key), message);
        findings.push(finding.help(format!("write `{key}Path` to have it evaluated")));
    }
}
