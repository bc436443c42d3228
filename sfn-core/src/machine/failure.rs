//! A failure while a workflow runs: data that Retry and Catch look at.

use std::sync::Arc;

use sfn_asl::query::EvaluationError;
use sfn_asl::value::{ObjectBuilder, Value};

/// Most characters of the name of an error.
const LONGEST_ERROR: usize = 256;
/// Most characters of a cause.
const LONGEST_CAUSE: usize = 32_768;

/// The error name and cause a state or an execution fails with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// Name of the error; a task may fail without one.
    pub error: Option<Arc<str>>,
    /// What is known about it.
    pub cause: Option<Arc<str>>,
    /// What kind of failure it is, where the name does not tell.
    pub kind: FailureKind,
}

/// What a failure's name does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailureKind {
    /// An error that Retry and Catch see by its name.
    #[default]
    Ordinary,
    /// A task timed out.
    Timeout,
    /// A task missed its heartbeat: `States.Timeout` by name, but `States.HeartbeatTimeout` matches it, too.
    HeartbeatTimeout,
    /// The execution cannot go on, whatever Retry and Catch say.
    Fatal,
}

impl Failure {
    /// An ordinary failure.
    pub fn new(error: &str, cause: impl Into<Arc<str>>) -> Self {
        Failure { error: Some(error.into()), cause: Some(cause.into()), kind: FailureKind::Ordinary }
    }

    /// `States.Timeout` of a task, without a cause.
    pub fn timeout(kind: FailureKind) -> Self {
        Failure { error: Some("States.Timeout".into()), cause: None, kind }
    }

    /// A failure that no Retry or Catch sees: `States.Runtime` and states whose own output is too large.
    pub fn fatal(error: &str, cause: impl Into<Arc<str>>) -> Self {
        Failure { kind: FailureKind::Fatal, ..Failure::new(error, cause) }
    }

    /// The Error Output that a Catcher receives: `{"Error": …, "Cause": …}`.
    pub fn error_output(&self) -> Value {
        let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
        let cause = match self.kind {
            FailureKind::Timeout | FailureKind::HeartbeatTimeout => Some(text(&self.cause).unwrap_or("".into())),
            _ => text(&self.cause),
        };
        let mut output = ObjectBuilder::with_capacity(2);
        output.insert("Error", text(&self.error)).insert("Cause", cause);
        Value::Object(output.build())
    }

    /// Cuts the name and the cause to the lengths that AWS passes on: 256 and 32,768 characters.
    pub(crate) fn cut(&mut self) {
        for (text, most) in [(&mut self.error, LONGEST_ERROR), (&mut self.cause, LONGEST_CAUSE)] {
            if let Some(long) = text
                && long.len() > most
                && let Some((end, _)) = long.char_indices().nth(most)
            {
                *text = Some(long[..end].into());
            }
        }
    }

    /// True when Retry and Catch may see it.
    pub fn is_catchable(&self) -> bool {
        self.kind != FailureKind::Fatal
    }
}

impl From<EvaluationError> for Failure {
    fn from(error: EvaluationError) -> Self {
        let kind = if error.error == "States.Runtime" { FailureKind::Fatal } else { FailureKind::Ordinary };
        Failure { error: Some(error.error.into()), cause: Some(error.cause.into()), kind }
    }
}
