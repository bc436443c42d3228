//! Sizes that AWS limits.

use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;

/// Longest definition that AWS takes, in bytes.
pub(crate) const LONGEST_DEFINITION: usize = 1_048_576;

/// Reports a text that is too long.
pub(crate) fn text(text: &str, findings: &mut Vec<Diagnostic>) {
    if text.len() > LONGEST_DEFINITION {
        let message = format!("the definition has {} bytes, at most {LONGEST_DEFINITION} are allowed", text.len());
        findings.push(Diagnostic::new(Code::DefinitionTooLarge, Location::root(), message));
    }
}
