use sfn_asl::Value;

use super::{BoxFuture, Error, Task, TaskError, lambda_cause};
use crate::data::{Data, DataError};

/// The body of a `#[task]` function as a handler of JSON values: what serves the task where no other handler is given.
#[derive(Clone, Copy, Debug)]
pub struct TaskBody {
    binding: &'static str,
    serve: fn(Value) -> BoxFuture<Result<Value, Error>>,
}

impl TaskBody {
    /// The body of the task `T`, if it has one.
    pub fn of<T: Task>() -> Option<Self> {
        T::HANDLER?;
        Some(TaskBody { binding: T::describe().resource.binding(), serve: serve::<T> })
    }

    /// The name that bindings resolve: `ChargeCard`.
    pub fn binding(&self) -> &'static str {
        self.binding
    }

    /// Does the work for this payload.
    pub fn serve(&self, payload: Value) -> BoxFuture<Result<Value, Error>> {
        (self.serve)(payload)
    }
}

fn serve<T: Task>(payload: Value) -> BoxFuture<Result<Value, Error>> {
    let body = T::HANDLER.expect("a task without a body has no `TaskBody`");
    Box::pin(answer::<T, _>(payload, body))
}

/// What a typed handler makes of a payload: its output, or its error as AWS Lambda reports one.
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
    let input = T::describe().input::<T::Input>(&payload).map_err(|error| mismatch("input", error))?;
    match handler(input).await {
        Ok(output) => output.encode().map_err(|error| mismatch("output", error)),
        Err(error) => {
            let error = error.into_error();
            let cause = lambda_cause(&error);
            Err(Error { cause, ..error })
        }
    }
}
