//! Runs one state by itself, as the operation TestState does, and compares the answer or the refusal.

use sfn_core::asl::value::Value;
use sfn_core::machine::{Failure, TaskRequest};
use sfn_core::test_state::{Caller, TestStateRequest, test_state_with};

use crate::case::{Case, at};
use crate::compare::Comparison;

/// The clock reading of every test; answers say `date` for it.
const NOW: i64 = 1_764_700_000_000;

/// Runs the state of the case; the error says what differs.
pub(crate) fn check(case: &Case) -> Result<(), String> {
    let response = case.at(&["expected", "response"]);
    let mut call = |_: &TaskRequest| recorded_result(response);
    let caller = Caller { account: "111111111111", ..Caller::default() };
    let answer = TestStateRequest::from_arguments(case.at(&["request"]))
        .and_then(|request| test_state_with(&TestStateRequest { caller, now: NOW, seed: 1, ..request }, &mut call));
    let (expected, actual) = match answer {
        Ok(answer) => (response, answer.to_value()),
        Err(error) => {
            let members = [("code", Value::from(error.code)), ("message", Value::from(error.message))];
            let members = members.into_iter().chain([("http_status", Value::from(400))]);
            (case.at(&["expected", "error"]), Value::object(members))
        }
    };
    let mut comparison = Comparison::default();
    if expected.is_null() {
        return Err(format!("expected {}, answered {actual}", case.at(&["expected"])));
    }
    if comparison.matches(expected, &actual, "answer") { Ok(()) } else { Err(comparison.difference().to_owned()) }
}

/// What the service answered that AWS really called: its result is in the recorded answer.
fn recorded_result(response: &Value) -> Result<Value, Failure> {
    let inspected = response.get("inspectionData").and_then(|data| data.get("result"));
    inspected.or_else(|| response.get("output")).cloned().ok_or_else(|| {
        let text = |key: &str| at(response, &[key]).as_str().map(Into::into);
        Failure { error: text("error"), cause: text("cause"), ..Failure::default() }
    })
}
