//! `Retry` and `Catch`: the wildcard stands alone and last.

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
    }
}
