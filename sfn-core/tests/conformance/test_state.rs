//! Runs one state by itself, as the operation TestState does, and compares the answer or the refusal.

use sfn_core::asl::value::Value;
use sfn_core::machine::{Failure, TaskRequest};
use sfn_core::test_state::{
    Caller, ErrorOutput, FieldValidationMode, InspectionLevel, Mock, StateConfiguration, TestStateRequest,
    test_state_with,
};

use crate::case::{Case, at};
use crate::compare::Comparison;

/// The clock reading of every test; answers say `date` for it.
const NOW: i64 = 1_764_700_000_000;

/// Runs the state of the case; the error says what differs.
pub(crate) fn check(case: &Case) -> Result<(), String> {
    let response = case.at(&["expected", "response"]);
    let mut call = |_: &TaskRequest| recorded_result(response);
    let (expected, actual) = match test_state_with(&request(case.at(&["request"]))?, &mut call) {
        Ok(answer) => {
            if let Some(why) = &answer.unchecked_mock {
                return Err(why.clone());
            }
            (response, answer.to_value())
        }
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

/// The arguments of the case, as they were sent.
fn request(arguments: &Value) -> Result<TestStateRequest<'_>, String> {
    let known = [
        "definition",
        "stateName",
        "roleArn",
        "input",
        "inspectionLevel",
        "revealSecrets",
        "variables",
        "mock",
        "context",
        "stateConfiguration",
    ];
    if let Some(unknown) = arguments.as_object().and_then(|object| object.keys().find(|key| !known.contains(&&***key)))
    {
        return Err(format!("the case has the unknown argument `{unknown}`"));
    }
    let text = |key: &str| at(arguments, &[key]).as_str();
    Ok(TestStateRequest {
        definition: text("definition").ok_or("the case has no definition")?,
        state_name: text("stateName"),
        role_arn: text("roleArn"),
        input: text("input"),
        inspection_level: match text("inspectionLevel") {
            None | Some("INFO") => InspectionLevel::Info,
            Some("DEBUG") => InspectionLevel::Debug,
            Some("TRACE") => InspectionLevel::Trace,
            Some(other) => return Err(format!("unknown level `{other}`")),
        },
        reveal_secrets: at(arguments, &["revealSecrets"]).as_bool().unwrap_or(false),
        variables: text("variables"),
        mock: arguments.get("mock").map(mock).transpose()?,
        context: text("context"),
        state_configuration: configuration(at(arguments, &["stateConfiguration"])),
        caller: Caller { account: "111111111111", ..Caller::default() },
        now: NOW,
        seed: 1,
    })
}

fn mock(mock: &Value) -> Result<Mock<'_>, String> {
    let error_output = mock
        .get("errorOutput")
        .map(|output| ErrorOutput { error: at(output, &["error"]).as_str(), cause: at(output, &["cause"]).as_str() });
    let field_validation_mode = match at(mock, &["fieldValidationMode"]).as_str() {
        None | Some("STRICT") => FieldValidationMode::Strict,
        Some("PRESENT") => FieldValidationMode::Present,
        Some("NONE") => FieldValidationMode::None,
        Some(other) => return Err(format!("unknown mode `{other}`")),
    };
    Ok(Mock { result: at(mock, &["result"]).as_str(), error_output, field_validation_mode })
}

fn configuration(configuration: &Value) -> StateConfiguration<'_> {
    let number = |key: &str| at(configuration, &[key]).as_i64().and_then(|number| u64::try_from(number).ok());
    let text = |key: &str| at(configuration, &[key]).as_str();
    StateConfiguration {
        retrier_retry_count: number("retrierRetryCount").and_then(|count| u32::try_from(count).ok()),
        error_caused_by_state: text("errorCausedByState"),
        map_iteration_failure_count: number("mapIterationFailureCount"),
        map_item_reader_data: text("mapItemReaderData"),
    }
}
