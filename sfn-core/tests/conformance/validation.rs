//! Judges the definition of a case and compares the findings with AWS's.

use crate::case::Case;

/// Validates the definition of the case; the error says what differs.
pub(crate) fn check(_case: &Case) -> Result<(), String> {
    Err("the parser is not built yet".to_owned())
}
