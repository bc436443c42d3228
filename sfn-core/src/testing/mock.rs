//! Mocks, and the record of what they answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sfn_asl::Value;

use super::run::Call;
use crate::data::{Data, DataError};
use crate::task::{BoxFuture, Error, Handler, Task, TaskDescription, TaskError, lambda_cause};

/// What a mock may answer for the task `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer of the task",
    note = "a mock gives the task's `Result`, `after(secs(5), Ok(..))` or `never()`"
)]
pub trait Answer<T: Task> {
    /// When, `None` for never, and what.
    fn into_answer(self) -> (Option<Duration>, Result<T::Output, T::Error>);
}

impl<T: Task> Answer<T> for Result<T::Output, T::Error> {
    fn into_answer(self) -> (Option<Duration>, Result<T::Output, T::Error>) {
        (Some(Duration::ZERO), self)
    }
}

/// An answer that takes its time. Made by [`after()`].
#[derive(Clone, Debug)]
pub struct After<R> {
    delay: Duration,
    result: R,
}

/// An answer that takes this long in virtual time.
pub fn after<R>(delay: Duration, result: R) -> After<R> {
    After { delay, result }
}

impl<T: Task> Answer<T> for After<Result<T::Output, T::Error>> {
    fn into_answer(self) -> (Option<Duration>, Result<T::Output, T::Error>) {
        (Some(self.delay), self.result)
    }
}

/// An answer that never comes: the task times out. Made by [`never()`].
#[derive(Clone, Copy, Debug)]
pub struct Never(());

/// An answer that never comes: the task times out.
pub fn never() -> Never {
    Never(())
}

impl<T: Task> Answer<T> for Never {
    fn into_answer(self) -> (Option<Duration>, Result<T::Output, T::Error>) {
        // What never comes has no content; the error is not looked at.
        (None, Err(T::Error::from_error(Error::new("States.Timeout", ""))))
    }
}

/// The answer to one attempt, on the wire.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    /// Milliseconds; `None` for never.
    pub(super) delay: Option<i64>,
    pub(super) result: Result<Value, Error>,
}

/// What stands in for a task.
pub(super) struct Mock {
    answer: AnswerTo,
    canonical: fn(&Value) -> Result<Value, DataError>,
}

/// The answer to a payload.
type AnswerTo = Box<dyn Fn(&Value) -> Result<Pending, DataError> + Send + Sync>;

/// An answer in the making.
enum Pending {
    Answered(Answered),
    Working(BoxFuture<Answered>),
}

impl Mock {
    pub(super) fn answering<T, H, A>(answer: H) -> Self
    where
        T: Task,
        H: FnMut(T::Input) -> A + Send + 'static,
        A: Answer<T>,
    {
        let answer = Mutex::new(answer);
        let answer = move |payload: &Value| {
            let input = T::describe().input::<T::Input>(payload)?;
            let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
            let (delay, result) = (*answer)(input).into_answer();
            let delay = delay.map(|delay| i64::try_from(delay.as_millis()).unwrap_or(i64::MAX));
            Ok(Pending::Answered(Answered { delay, result: on_the_wire::<T>(result)? }))
        };
        Mock { answer: Box::new(answer), canonical: canonical::<T> }
    }

    pub(super) fn real<T: Task>(handler: Handler<T>) -> Self {
        let answer = move |payload: &Value| {
            let work = handler(T::describe().input::<T::Input>(payload)?);
            Ok(Pending::Working(Box::pin(async move {
                let result = on_the_wire::<T>(work.await)
                    .unwrap_or_else(|error| Err(Error::new("Sfn.TypeMismatch", error.to_string())));
                Answered { delay: Some(0), result }
            })))
        };
        Mock { answer: Box::new(answer), canonical: canonical::<T> }
    }
}

/// The result as it travels; the error of a Lambda function is in Lambda's envelope.
fn on_the_wire<T: Task>(result: Result<T::Output, T::Error>) -> Result<Result<Value, Error>, DataError> {
    match result {
        Ok(output) => Ok(Ok(output.encode()?)),
        Err(error) => {
            let error = error.into_error();
            // An error of the service itself, or one that travelled already, is not what a function raised.
            let cause = match error.error.starts_with("States.") || error.message() != error.cause {
                true => error.cause.clone(),
                false => lambda_cause(&error),
            };
            Ok(Err(Error { cause, ..error }))
        }
    }
}

/// The payload as the task's types write it, whatever optional members it came with.
fn canonical<T: Task>(payload: &Value) -> Result<Value, DataError> {
    let task = T::describe();
    task.payload(&task.input::<T::Input>(payload)?)
}

/// The mocks of one run, with the record of their answers.
pub(super) struct Mocks {
    by_binding: HashMap<&'static str, Arc<Mock>>,
    machine_times_out: bool,
    record: Mutex<HashMap<Attempt, Answered>>,
}

/// The n-th attempt to call a task with an input.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    binding: &'static str,
    payload: String,
    number: usize,
}

/// The calls of one of the two runs, in order.
#[derive(Default)]
pub(super) struct Calls {
    made: Mutex<Made>,
}

#[derive(Default)]
struct Made {
    calls: Vec<Call>,
    /// How often each task was called with each payload.
    counts: HashMap<(&'static str, String), usize>,
}

impl Calls {
    /// Notes a call and tells which attempt it is.
    pub(super) fn note(&self, task: &TaskDescription, payload: Value, at: i64) -> Attempt {
        let binding = task.resource.binding();
        let text = payload.to_json();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.calls.push(Call { task: task.name, binding, input: payload, at: milliseconds(at) });
        let count = made.counts.entry((binding, text.clone())).or_default();
        *count += 1;
        Attempt { binding, payload: text, number: *count }
    }

    pub(super) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner).calls)
    }
}

/// A span of virtual time.
pub(super) fn milliseconds(count: i64) -> Duration {
    Duration::from_millis(u64::try_from(count).unwrap_or_default())
}

impl Mocks {
    pub(super) fn new(by_binding: HashMap<&'static str, Arc<Mock>>, machine_times_out: bool) -> Self {
        Mocks { by_binding, machine_times_out, record: Mutex::default() }
    }

    /// The payload as the task's types write it; panics when the task has no mock.
    pub(super) fn canonical(&self, task: &TaskDescription, payload: &Value) -> Value {
        match (self.of(task).canonical)(payload) {
            Ok(payload) => payload,
            Err(error) => panic!("the payload {payload} of `{}` is not of its declared types: {error}", task.name),
        }
    }

    /// The answer to an attempt: the recorded one, else that of the mock.
    pub(super) async fn answer(&self, task: &TaskDescription, attempt: Attempt, payload: &Value) -> Answered {
        let known = self.record().get(&attempt).cloned();
        if let Some(answered) = known {
            return answered;
        }
        let answered = match (self.of(task).answer)(payload) {
            Ok(Pending::Answered(answered)) => answered,
            Ok(Pending::Working(work)) => work.await,
            Err(error) => panic!("the mock of `{}`: {error}", task.name),
        };
        let ends = task.timeout_seconds.is_some() || task.heartbeat_seconds.is_some() || self.machine_times_out;
        if answered.delay.is_none() && !ends {
            panic!("the mock of `{}` never answers, and neither the task nor the machine has a timeout", task.name);
        }
        self.record().insert(attempt, answered.clone());
        answered
    }

    fn of(&self, task: &TaskDescription) -> &Mock {
        match self.by_binding.get(task.resource.binding()) {
            Some(mock) => mock,
            None => panic!("no mock for the task `{0}`: add `.mock({0}, |..| ..)`", task.name),
        }
    }

    fn record(&self) -> std::sync::MutexGuard<'_, HashMap<Attempt, Answered>> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
