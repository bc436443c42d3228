//! Sizes that AWS limits.

use crate::diagnostic::{Code, Diagnostic, Position};
use crate::location::Location;
use crate::value::Value;

/// Longest definition that AWS takes, in bytes.
pub(crate) const LONGEST_DEFINITION: usize = 1_048_576;

/// The finding about a text that is too long. Nothing else is looked for in it.
pub(crate) fn too_long(text: &str) -> Option<Diagnostic> {
    (text.len() > LONGEST_DEFINITION).then(|| {
        let mut finding = finding(text.len());
        finding.range = Some(0..0);
        finding.position = Some(Position { line: 1, column: 1 });
        finding
    })
}

/// The same about a document, by the length of its most compact text.
pub(crate) fn too_large(document: &Value) -> Option<Diagnostic> {
    let size = document.json_size();
    (size > LONGEST_DEFINITION).then(|| finding(size))
}

fn finding(bytes: usize) -> Diagnostic {
    let message = format!("the definition has {bytes} bytes, at most {LONGEST_DEFINITION} are allowed");
    Diagnostic::new(Code::DefinitionTooLarge, Location::root(), message)
}
