//! `Retry` and `Catch`: the wildcard stands alone and last, and every entry can match something.

use super::outline::RawState;
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

const ALL: &str = "States.ALL";

pub(super) fn check(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) {
    for field in ["Retry", "Catch"] {
        let Some(entries) = state.object.get(field).and_then(Value::as_array) else { continue };
        for (index, entry) in entries.iter().enumerate() {
            let Some(names) = entry.get("ErrorEquals").and_then(Value::as_array) else { continue };
            let Some(at) = names.iter().position(|name| name.as_str() == Some(ALL)) else { continue };
            let location = state.location.key(field).index(index).key("ErrorEquals");
            let message = if names.len() > 1 {
                format!("'{ALL}' must be the only error name in its 'ErrorEquals'")
            } else if index + 1 < entries.len() {
                format!("'{ALL}' must be in the last entry of '{field}'")
            } else {
                continue;
            };
            let focus = location.index(at);
            findings.push(Diagnostic::new(Code::SchemaValidationFailed, location, message).at_focus(focus));
        }
        matching(state, field, findings);
    }
}

/// Finds the names that no error has, and those that an earlier entry takes.
fn matching(state: &RawState<'_>, field: &str, findings: &mut Vec<Diagnostic>) {
    let Some(entries) = state.object.get(field).and_then(Value::as_array) else { return };
    let mut taken = Taken::default();
    for (index, entry) in entries.iter().enumerate() {
        let Some(names) = entry.get("ErrorEquals").and_then(Value::as_array) else { continue };
        let location = || state.location.key(field).index(index).key("ErrorEquals");
        for (at, name) in names.iter().enumerate() {
            let Some(name) = name.as_str() else { continue };
            let (message, help) = if let Some(reason) = never_seen(name) {
                (format!("no `{field}` ever sees `{name}`"), reason.to_owned())
            } else if let Some(by) = taken.by(name) {
                let message = format!("`{name}` never gets here: an earlier entry takes it");
                (message, format!("`{by}` stands in an entry before this one, and the first that matches counts"))
            } else {
                continue;
            };
            findings.push(Diagnostic::new(Code::NeverMatches, location().index(at), message).help(help));
        }
        names.iter().filter_map(Value::as_str).for_each(|name| taken.add(name));
    }
}

/// What earlier entries take.
#[derive(Default)]
struct Taken<'a> {
    names: std::collections::HashSet<&'a str>,
}

impl<'a> Taken<'a> {
    fn add(&mut self, name: &'a str) {
        self.names.insert(name);
    }

    /// The earlier name that takes whatever `name` stands for.
    fn by(&self, name: &'a str) -> Option<&'a str> {
        if name.contains("${") {
            return None;
        }
        let task_failed = "States.TaskFailed";
        let is_timeout = matches!(name, "States.Timeout" | "States.HeartbeatTimeout");
        match name {
            _ if self.names.contains(name) => Some(name),
            // `States.ALL` before others is an error of its own.
            ALL => None,
            _ if self.names.contains(task_failed) && !is_timeout => Some(task_failed),
            _ => None,
        }
    }
}

/// Why no Retry and no Catch can see an error of this name.
fn never_seen(name: &str) -> Option<&'static str> {
    match name {
        "States.Runtime" => Some("`States.Runtime` ends the execution, whatever Retry and Catch say"),
        "States.NoChoiceMatched" | "States.ParameterPathFailure" | "States.IntrinsicFailure" => {
            Some("the name is reserved; AWS reports `States.Runtime`, which ends the execution")
        }
        "States.TaskFailed"
        | "States.Timeout"
        | "States.HeartbeatTimeout"
        | "States.Permissions"
        | "States.ResultPathMatchFailure"
        | "States.QueryEvaluationError"
        | "States.BranchFailed"
        | "States.ExceedToleratedFailureThreshold"
        | "States.ItemReaderFailed"
        | "States.ResultWriterFailed"
        | "States.DataLimitExceeded"
        | ALL => None,
        _ if name.starts_with("States.Http.") || name.contains("${") => None,
        _ if name.starts_with("States.") => {
            Some("names that begin with `States.` are reserved, and this is none of them")
        }
        _ => None,
    }
}
