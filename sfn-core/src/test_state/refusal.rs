//! Why a test is not run.

use sfn_asl::diagnostic::Diagnostics;

/// Why a test is not run: one of the errors of AWS's API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {message}")]
pub struct TestStateError {
    /// `ValidationException`, `InvalidDefinition` or `InvalidExecutionInput`.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
}

impl TestStateError {
    pub(super) fn validation(message: impl Into<String>) -> Self {
        TestStateError { code: "ValidationException", message: message.into() }
    }

    pub(super) fn definition(findings: Diagnostics) -> Self {
        TestStateError { code: "InvalidDefinition", message: findings.aws_message() }
    }

    pub(super) fn not_without_mock() -> Self {
        let message = "TestState API does not support Map or Parallel states. Supported state types include: \
                       [Task, Wait, Pass, Succeed, Fail, Choice]";
        TestStateError { code: "InvalidDefinition", message: message.to_owned() }
    }

    pub(super) fn invalid_input(error: impl std::fmt::Display) -> Self {
        let message = format!("Invalid State Machine Execution Input: '{error}'");
        TestStateError { code: "InvalidExecutionInput", message }
    }

    pub(super) fn context(what: impl std::fmt::Display) -> Self {
        TestStateError::validation(format!("Invalid Context object provided: {what}"))
    }

    pub(super) fn mock_schema(what: impl std::fmt::Display) -> Self {
        TestStateError::validation(format!("Mock result schema validation error: {what}"))
    }
}
