use sfn_asl::Value;

use crate::data::{Schema, Structure};

/// The failure of a task or of a workflow: the name that `Retry` and `Catch` match, and a cause.
///
/// Every enum that derives `SfnError` converts into one, so `?` works wherever a workflow returns it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{error}: {cause}")]
pub struct Error {
    /// The name: `CardDeclined`, `States.Timeout`.
    pub error: String,
    /// What happened; empty when nothing is known.
    pub cause: String,
}

impl Error {
    /// A failure with this name and cause.
    pub fn new(error: impl Into<String>, cause: impl Into<String>) -> Self {
        Error { error: error.into(), cause: cause.into() }
    }

    /// The cause without the envelope that Lambda puts around an error of a function: the text of `errorMessage` when
    /// the cause is a JSON object that has one, else the cause.
    pub fn message(&self) -> String {
        let envelope = Value::parse(&self.cause).ok();
        let message = envelope.as_ref().and_then(|value| value.get("errorMessage")).and_then(Value::as_str);
        message.unwrap_or(&self.cause).to_owned()
    }

    /// The error of a variant with the given fields; a variant without fields has an empty cause. Written by
    /// `#[derive(SfnError)]`.
    #[doc(hidden)]
    pub fn of_variant(error: &'static str, fields: Option<Result<Value, crate::data::DataError>>) -> Self {
        match fields {
            None => Error::new(error, ""),
            Some(Ok(fields)) => Error::new(error, fields.to_json()),
            Some(Err(problem)) => Error::new(error, problem.to_string()),
        }
    }

    /// The fields of a variant that travels as this error. Read by `#[derive(SfnError)]`.
    #[doc(hidden)]
    pub fn fields(&self) -> Option<Value> {
        Value::parse(&self.message()).ok()
    }
}

/// The cause of a Lambda function's error with this message: the JSON text that the Lambda service makes.
pub fn lambda_cause(error: &Error) -> String {
    Value::object([
        ("errorType", Value::from(error.error.as_str())),
        ("errorMessage", Value::from(error.cause.as_str())),
        ("trace", Value::array([])),
    ])
    .to_json()
}

/// The error in another type, with the same name and cause: `Err(e.into())` for the error of a failed call.
pub fn passed_on<E: TaskError, R: TaskError>(error: E) -> R {
    R::from_error(error.into_error())
}

/// How a task may fail: [`Error`] itself, or an enum that derives `SfnError`.
///
/// On the wire an error is a name and a cause. The cause of a variant with fields is their JSON text, in the
/// `errorMessage` of Lambda's envelope when a Lambda function raised it. What is no known variant, or does not have its
/// fields, is read as the variant marked `#[sfn(other)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the error of a task",
    label = "not a workflow error",
    note = "use `sfn_core::Error`, or derive `SfnError` for an enum"
)]
pub trait TaskError: Sized + Send + Sync + 'static {
    /// The error as it travels.
    fn into_error(self) -> Error;

    /// The error that travelled.
    fn from_error(error: Error) -> Self;

    /// The variants, for `match` on a failed call.
    fn schema() -> ErrorSchema;
}

/// An enum that derives `SfnError`: it converts into [`Error`].
pub trait ErrorEnum: TaskError {}

impl<E: ErrorEnum> From<E> for Error {
    fn from(error: E) -> Self {
        error.into_error()
    }
}

impl TaskError for Error {
    fn into_error(self) -> Error {
        self
    }

    fn from_error(error: Error) -> Self {
        error
    }

    fn schema() -> ErrorSchema {
        ErrorSchema { name: "Error", variants: Vec::new() }
    }
}

/// The variants of an error type.
#[derive(Clone, Debug)]
pub struct ErrorSchema {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The variants, the one for all other errors not among them.
    pub variants: Vec<ErrorVariant>,
}

/// One variant of an error type.
#[derive(Clone, Debug)]
pub struct ErrorVariant {
    /// The Rust name.
    pub name: &'static str,
    /// The names that `ErrorEquals` lists.
    pub errors: &'static [&'static str],
    /// The fields that travel in the cause.
    pub fields: ErrorFields,
}

/// What a variant carries.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorFields {
    /// Nothing.
    None,
    /// One unnamed field: the payload itself.
    Whole(fn() -> Schema),
    /// Named fields: an object.
    Named(Structure),
}
