//! Runs the definition of a case to its end under virtual time, and compares status, output and history.

use sfn_core::asl::value::Value;

use crate::case::Case;

/// Runs the case; the error says what differs.
pub(crate) fn check(_case: &Case, _lambdas: &Value) -> Result<(), String> {
    Err("the interpreter is not built yet".to_owned())
}
