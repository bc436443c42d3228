//! The mock of a test: which states take one, and what it may be.

use sfn_asl::value::Value;

use super::{ErrorOutput, FieldValidationMode, Mock, TestStateError, TestStateRequest, models, schema};
use crate::machine::{Failure, FailureKind};
use crate::program::{Kind, MapNode, Node};

/// What the state is answered with.
pub(super) struct Mocked {
    /// `None` without a mock.
    pub(super) answer: Option<Result<Value, Failure>>,
    /// Why the result was not checked although it was to be.
    pub(super) unchecked: Option<String>,
}

/// What can be said without the definition.
pub(super) fn check_request(request: &TestStateRequest<'_>) -> Result<(), TestStateError> {
    let Some(mock) = &request.mock else {
        if request.context.is_some() {
            return Err(TestStateError::validation("A Context object may only be specified when a mock is specified."));
        }
        if request.state_configuration.map_iteration_failure_count.is_some() {
            let message = "Map iteration failure count may only be specified when a mock is specified.";
            return Err(TestStateError::validation(message));
        }
        return Ok(());
    };
    if request.reveal_secrets {
        return Err(TestStateError::validation("TestState does not support RevealSecrets when a mock is specified."));
    }
    if mock.result.is_some() == mock.error_output.is_some() {
        let message = "A test mock should have only one of the following fields: [result, errorOutput].";
        return Err(TestStateError::validation(message));
    }
    Ok(())
}

/// What the state is answered with, checked.
pub(super) fn answer(request: &TestStateRequest<'_>, node: &Node) -> Result<Mocked, TestStateError> {
    let Some(mock) = &request.mock else {
        return match &node.kind {
            Kind::Map(_) | Kind::Parallel(_) => Err(TestStateError::not_without_mock()),
            Kind::Task(_) if request.role_arn.is_none() => {
                Err(TestStateError::validation("A role ARN must be specified to test a Task state without a mock."))
            }
            _ => Ok(Mocked { answer: None, unchecked: None }),
        };
    };
    if !matches!(node.kind, Kind::Task(_) | Kind::Map(_) | Kind::Parallel(_)) {
        let kind = node.kind.type_name();
        let message = format!("State type '{kind}' is not supported when a mock is specified");
        return Err(TestStateError::validation(message));
    }
    if let Some(ErrorOutput { error, cause }) = mock.error_output {
        let failure =
            Failure { error: error.map(Into::into), cause: cause.map(Into::into), kind: FailureKind::Ordinary };
        return Ok(Mocked { answer: Some(Err(failure)), unchecked: None });
    }
    let result = super::json(mock.result.unwrap_or_default(), |_| {
        TestStateError::validation("Mocked result must be valid JSON.")
    })?;
    let unchecked = check_result(request, mock, node, &result)?;
    Ok(Mocked { answer: Some(Ok(result)), unchecked })
}

fn check_result(
    request: &TestStateRequest<'_>,
    mock: &Mock<'_>,
    node: &Node,
    result: &Value,
) -> Result<Option<String>, TestStateError> {
    let not_an_object = || TestStateError::validation("Mocked result must be a JSON object.");
    let array = || result.as_array().ok_or_else(|| TestStateError::validation("Mocked result must be an array."));
    match &node.kind {
        Kind::Map(map) if exports(map) => {
            result.as_object().ok_or_else(not_an_object)?;
            Ok(None)
        }
        Kind::Map(_) => {
            let results = array()?.len();
            check_failure_count(request, Some(results))?;
            Ok(None)
        }
        Kind::Parallel(parallel) if array()?.len() != parallel.branches.len() => {
            let message = "Mocked result must contain the same number of items as number of Parallel branches.";
            Err(TestStateError::validation(message))
        }
        Kind::Task(task) if mock.field_validation_mode != FieldValidationMode::None => {
            match models::output(&task.resource) {
                models::Output::Anything => Ok(None),
                models::Output::Unknown(why) => Ok(Some(why)),
                models::Output::Model(model) => {
                    result.as_object().ok_or_else(not_an_object)?;
                    let strict = mock.field_validation_mode == FieldValidationMode::Strict;
                    schema::check(&model, result, strict).map_err(TestStateError::mock_schema)?;
                    Ok(None)
                }
            }
        }
        _ => Ok(None),
    }
}

/// True for a Map whose result is a description of where its results went.
fn exports(map: &MapNode) -> bool {
    map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some())
}

/// No more iterations can have failed than there are.
pub(super) fn check_failure_count(
    request: &TestStateRequest<'_>,
    iterations: Option<usize>,
) -> Result<(), TestStateError> {
    let failed = request.state_configuration.map_iteration_failure_count;
    match (failed, iterations) {
        (Some(failed), Some(iterations)) if failed > iterations as u64 => {
            let message = "Map iteration failure count must be less than or equal to the number of Map iterations";
            Err(TestStateError::validation(message))
        }
        _ => Ok(()),
    }
}
