use super::TaskError;
use crate::data::Data;

/// What a task or a state machine returns: a `Result` of data and an error, whatever name it goes by.
#[diagnostic::on_unimplemented(
    message = "a task or state machine returns a `Result`, not `{Self}`",
    label = "expected `Result<Data, Error>`",
    note = "use `Result<{Self}, sfn_core::Error>`"
)]
pub trait Outcome {
    /// The type of success.
    type Output: Data + 'static;
    /// The type of failure.
    type Error: TaskError;

    /// As a plain `Result`.
    fn into_result(self) -> Result<Self::Output, Self::Error>;
}

impl<T: Data + 'static, E: TaskError> Outcome for Result<T, E> {
    type Output = T;
    type Error = E;

    fn into_result(self) -> Result<T, E> {
        self
    }
}
