use sfn_asl::Value;

use super::{BoxFuture, Error, Task, TaskError, TaskKey, TaskToken, lambda_cause};
use crate::data::DataError;

/// The body of a `#[task]` function as a handler of JSON values: what serves the task where no other handler is given.
#[derive(Clone, Copy, Debug)]
pub struct TaskBody {
    #[cfg_attr(not(feature = "executor"), expect(dead_code, reason = "the executor looks bodies up"))]
    key: fn() -> TaskKey,
    serve: fn(Value, TaskToken) -> BoxFuture<Result<Value, Error>>,
}

impl TaskBody {
    /// The body of the task `T`, if it has one.
    pub fn of<T: Task>() -> Option<Self> {
        let has_body = T::HANDLER.is_some() || T::ANSWERER.is_some();
        has_body.then_some(TaskBody { key: key::<T>, serve: serve::<T> })
    }

    #[cfg(feature = "executor")]
    pub(crate) fn key(&self) -> TaskKey {
        (self.key)()
    }

    /// Does the work for this payload; a task without a token looks at none.
    pub fn serve(&self, payload: Value, token: TaskToken) -> BoxFuture<Result<Value, Error>> {
        (self.serve)(payload, token)
    }
}

fn key<T: Task>() -> TaskKey {
    T::describe().key()
}

fn serve<T: Task>(payload: Value, token: TaskToken) -> BoxFuture<Result<Value, Error>> {
    Box::pin(answer::<T, _>(payload, |input| work::<T>(input, token)))
}

/// The work of a task's body.
pub(crate) fn work<T: Task>(input: T::Input, token: TaskToken) -> BoxFuture<Result<T::Output, T::Error>> {
    match (T::HANDLER, T::ANSWERER) {
        (Some(body), _) => body(input),
        (None, Some(body)) => body(input, token),
        (None, None) => unreachable!("a task without a body has no `TaskBody`"),
    }
}

/// What a typed handler makes of a payload: its output, or its error; that of a function as AWS Lambda reports one.
pub(crate) async fn answer<T: Task, Work>(
    payload: Value,
    handler: impl FnOnce(T::Input) -> Work,
) -> Result<Value, Error>
where
    Work: Future<Output = Result<T::Output, T::Error>>,
{
    let mismatch = |what: &str, error: DataError| {
        Error::new("Sfn.TypeMismatch", format!("the {what} of task `{}`: {error}", T::NAME))
    };
    let task = T::describe();
    let input = task.input::<T::Input>(&payload).map_err(|error| mismatch("input", error))?;
    match handler(input).await {
        Ok(output) => crate::data::Data::encode(&output).map_err(|error| mismatch("output", error)),
        Err(error) => {
            let error = error.into_error();
            let cause = if task.resource.is_function() { lambda_cause(&error) } else { error.cause.clone() };
            Err(Error { cause, ..error })
        }
    }
}
