use std::fmt;

use sfn_asl::Value;

use super::{Beats, Task};
use crate::data::{Data, DataError, NeverNull, Schema};

/// What a task is answered by: whoever holds it ends the task, fails it, or tells that the work goes on.
///
/// A parameter of this type makes no parameter of the call: AWS fills it in, `$states.context.Task.Token`. The answer is
/// sent through [`callback`](crate::callback()), which checks its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct TaskToken(String);

impl TaskToken {
    /// The token with this text.
    pub fn new(text: impl Into<String>) -> Self {
        TaskToken(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TaskToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for TaskToken {
    fn from(text: String) -> Self {
        TaskToken(text)
    }
}

impl From<&str> for TaskToken {
    fn from(text: &str) -> Self {
        TaskToken(text.to_owned())
    }
}

impl From<TaskToken> for String {
    fn from(token: TaskToken) -> Self {
        token.0
    }
}

/// Whoever gets the message reads the token from it, so it is data there.
impl Data for TaskToken {
    fn schema() -> Schema {
        Schema::String
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::from(self.0.as_str()))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        String::decode(value).map(TaskToken)
    }
}

impl NeverNull for TaskToken {}

/// A task that is answered by its token. Written by `#[task(callback, ..)]`.
#[diagnostic::on_unimplemented(
    message = "the task `{Self}` has no token to answer",
    label = "not a callback task",
    note = "declare it with `#[task(callback, ..)]` and a parameter `token: TaskToken`"
)]
pub trait CallbackTask: Task + Beats {}

/// A task that workers of an activity do. Written by `#[task(activity = "..")]`.
#[diagnostic::on_unimplemented(
    message = "the task `{Self}` is not that of an activity",
    label = "not an activity",
    note = "declare it with `#[task(activity = \"..\")]`"
)]
pub trait ActivityTask: Task + Beats {}
