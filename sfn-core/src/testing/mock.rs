//! Mocks, and the record of what they answered.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sfn_asl::Value;

use super::run::Call;
use crate::data::{Data, DataError};
use crate::lower::DefinitionError;
use crate::machine::Identity;
use crate::task::{BoxFuture, Error, Nested, Task, TaskDescription, TaskError, TaskKey, TaskToken, lambda_cause, work};

/// What a mock may answer for the task `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer of the task",
    note = "a mock gives the task's `Result`, `after(secs(5), Ok(..))` or `never()`"
)]
pub trait Answer<T: Task> {
    #[doc(hidden)]
    fn into_answer(self) -> Given<Result<T::Output, T::Error>>;
}

impl<T: Task> Answer<T> for Result<T::Output, T::Error> {
    fn into_answer(self) -> Given<Result<T::Output, T::Error>> {
        Given { delay: Some(Duration::ZERO), beating: Beating::InTime, result: self }
    }
}

/// An answer that takes its time. Made by [`after()`].
#[derive(Clone, Debug)]
pub struct After<R> {
    delay: Duration,
    result: R,
    beating: Beating,
}

/// An answer that takes this long in virtual time.
///
/// Whoever works on it beats meanwhile, where the task has a heartbeat; see [`After::silent`] and [`After::beating`].
pub fn after<R>(delay: Duration, result: R) -> After<R> {
    After { delay, result, beating: Beating::InTime }
}

impl<R> After<R> {
    /// Without any heartbeat before the answer: a task with one may time out.
    pub fn silent(mut self) -> Self {
        self.beating = Beating::Silent;
        self
    }

    /// With a heartbeat this often; when that is not often enough the task times out.
    pub fn beating(mut self, every: Duration) -> Self {
        self.beating = Beating::Every(in_milliseconds(every));
        self
    }
}

impl<T: Task> Answer<T> for After<Result<T::Output, T::Error>> {
    fn into_answer(self) -> Given<Result<T::Output, T::Error>> {
        Given { delay: Some(self.delay), beating: self.beating, result: self.result }
    }
}

/// An answer that never comes: the task times out. Made by [`never()`].
#[derive(Clone, Copy, Debug)]
pub struct Never {
    beating: Beating,
}

/// An answer that never comes, nor any heartbeat: the task times out.
pub fn never() -> Never {
    Never { beating: Beating::Silent }
}

impl Never {
    /// With a heartbeat this often.
    pub fn beating(mut self, every: Duration) -> Self {
        self.beating = Beating::Every(in_milliseconds(every));
        self
    }
}

impl<T: Task> Answer<T> for Never {
    fn into_answer(self) -> Given<Result<T::Output, T::Error>> {
        // What never comes has no content; the error is not looked at.
        let result = Err(T::Error::from_error(Error::new("States.Timeout", "")));
        Given { delay: None, beating: self.beating, result }
    }
}

/// An answer that comes, or with `None` one that [`never()`] comes, for a mock that answers now one way and now the other.
impl<T: Task, A: Answer<T>> Answer<T> for Option<A> {
    fn into_answer(self) -> Given<Result<T::Output, T::Error>> {
        match self {
            Some(answer) => answer.into_answer(),
            None => Answer::<T>::into_answer(never()),
        }
    }
}

/// What a mock for the wire may answer: JSON, or an error, now, later or never.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no answer on the wire",
    note = "a raw mock gives a `Result<Value, Error>`, `after(secs(5), Ok(..))` of one or `never()`"
)]
pub trait RawAnswer {
    #[doc(hidden)]
    fn into_raw_answer(self) -> Given<Result<Value, Error>>;
}

impl RawAnswer for Result<Value, Error> {
    fn into_raw_answer(self) -> Given<Result<Value, Error>> {
        Given { delay: Some(Duration::ZERO), beating: Beating::InTime, result: self }
    }
}

impl RawAnswer for After<Result<Value, Error>> {
    fn into_raw_answer(self) -> Given<Result<Value, Error>> {
        Given { delay: Some(self.delay), beating: self.beating, result: self.result }
    }
}

impl RawAnswer for Never {
    fn into_raw_answer(self) -> Given<Result<Value, Error>> {
        Given { delay: None, beating: self.beating, result: Err(Error::new("States.Timeout", "")) }
    }
}

/// An answer with its circumstances.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Given<R> {
    /// `None` for never.
    delay: Option<Duration>,
    beating: Beating,
    result: R,
}

/// How often whoever works sends heartbeats.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beating {
    /// Often enough.
    InTime,
    /// Never.
    Silent,
    /// Every so many milliseconds.
    Every(i64),
}

impl Beating {
    /// When the first heartbeat is missed of a task that asks for one every `heartbeat` milliseconds.
    pub(super) fn missed(self, heartbeat: i64) -> Option<i64> {
        match self {
            Beating::InTime => None,
            Beating::Every(every) if every < heartbeat => None,
            Beating::Every(_) | Beating::Silent => Some(heartbeat),
        }
    }

    /// How long whoever works waits before a heartbeat; `None` when there is none.
    pub(super) fn interval(self, heartbeat: i64) -> Option<i64> {
        match self {
            Beating::InTime => Some((heartbeat - heartbeat / 4).max(1)),
            Beating::Every(every) => Some(every.max(1)),
            Beating::Silent => None,
        }
    }
}

fn in_milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The answer to one attempt, on the wire.
#[derive(Clone, Debug)]
pub(super) struct Answered {
    /// Milliseconds; `None` for never.
    pub(super) delay: Option<i64>,
    pub(super) beating: Beating,
    pub(super) result: Result<Value, Error>,
}

impl Given<Result<Value, Error>> {
    fn answered(self) -> Answered {
        Answered { delay: self.delay.map(in_milliseconds), beating: self.beating, result: self.result }
    }
}

/// What stands in for a task.
pub(super) struct Mock {
    answer: AnswerTo,
    canonical: fn(&Value) -> Result<Value, DataError>,
    /// Its answers are JSON, which need not be of the task's types.
    pub(super) is_raw: bool,
}

/// The answer to a payload of a task with a token.
type AnswerTo = Box<dyn Fn(&Value, TaskToken) -> Result<Pending, DataError> + Send + Sync>;

/// An answer in the making.
enum Pending {
    Answered(Answered),
    Working(BoxFuture<Answered>),
}

impl Mock {
    pub(super) fn answering<T, H, A>(answer: H) -> Self
    where
        T: Task,
        H: FnMut(T::Input, TaskToken) -> A + Send + 'static,
        A: Answer<T>,
    {
        let answer = Mutex::new(answer);
        let answer = move |payload: &Value, token| {
            let input = T::describe().input::<T::Input>(payload)?;
            let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
            let Given { delay, beating, result } = (*answer)(input, token).into_answer();
            Ok(Pending::Answered(Given { delay, beating, result: on_the_wire::<T>(result)? }.answered()))
        };
        Mock { answer: Box::new(answer), canonical: canonical::<T>, is_raw: false }
    }

    pub(super) fn raw<T, H, A>(answer: H) -> Self
    where
        T: Task,
        H: FnMut(Value) -> A + Send + 'static,
        A: RawAnswer,
    {
        let answer = Mutex::new(answer);
        let answer = move |payload: &Value, _| {
            let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
            Ok(Pending::Answered((*answer)(payload.clone()).into_raw_answer().answered()))
        };
        Mock { answer: Box::new(answer), canonical: canonical::<T>, is_raw: true }
    }

    pub(super) fn real<T: Task>() -> Self {
        let answer = move |payload: &Value, token| {
            let work = work::<T>(T::describe().input::<T::Input>(payload)?, token);
            Ok(Pending::Working(Box::pin(async move {
                let result = on_the_wire::<T>(work.await)
                    .unwrap_or_else(|error| Err(Error::new("Sfn.TypeMismatch", error.to_string())));
                Answered { delay: Some(0), beating: Beating::InTime, result }
            })))
        };
        Mock { answer: Box::new(answer), canonical: canonical::<T>, is_raw: false }
    }
}

/// The result as it travels; the error of a Lambda function is in Lambda's envelope.
fn on_the_wire<T: Task>(result: Result<T::Output, T::Error>) -> Result<Result<Value, Error>, DataError> {
    match result {
        Ok(output) => Ok(Ok(output.encode()?)),
        Err(error) => {
            let error = error.into_error();
            // An error of the service itself, or one that travelled already, is not what a function raised.
            let raised = !error.error.starts_with("States.") && error.message() == error.cause;
            let cause = match raised && T::describe().resource.is_function() {
                true => lambda_cause(&error),
                false => error.cause.clone(),
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
    by_task: HashMap<TaskKey, Arc<Mock>>,
    record: Mutex<HashMap<Attempt, Answered>>,
    /// The executions whose end nobody awaits, by the attempt that started them.
    started: Mutex<HashMap<Attempt, usize>>,
    fired: Mutex<Vec<Fired>>,
}

/// A machine that was started and whose end nobody awaits.
pub(super) struct Fired {
    pub(super) machine: Nested,
    pub(super) input: Value,
    /// Milliseconds since the run began.
    pub(super) at: i64,
}

/// The n-th attempt to call a task with an input.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Attempt {
    task: TaskKey,
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
    counts: HashMap<(TaskKey, String), usize>,
}

impl Calls {
    /// Notes a call and tells which attempt it is.
    pub(super) fn note(&self, task: &TaskDescription, payload: Value, at: i64, begins_execution: bool) -> Attempt {
        let key = task.key();
        let text = payload.to_json();
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.calls.push(Call { task: task.name, key, begins_execution, input: payload, at: milliseconds(at) });
        let count = made.counts.entry((key, text.clone())).or_default();
        *count += 1;
        Attempt { task: key, payload: text, number: *count }
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
    pub(super) fn new(by_task: HashMap<TaskKey, Arc<Mock>>) -> Self {
        Mocks { by_task, record: Mutex::default(), started: Mutex::default(), fired: Mutex::default() }
    }

    /// True when something stands in for the task.
    pub(super) fn has(&self, task: &TaskDescription) -> bool {
        self.by_task.contains_key(&task.key())
    }

    /// The payload as the task's types write it; panics when the task has no mock and is no machine.
    pub(super) fn canonical(&self, task: &TaskDescription, machine: Option<&Nested>, payload: &Value) -> Value {
        let canonical = match machine {
            Some(machine) => machine.input(payload),
            None => (self.of(task).canonical)(payload),
        };
        match canonical {
            Ok(payload) => payload,
            Err(error) => panic!("the payload {payload} of `{}` is not of its declared types: {error}", task.name),
        }
    }

    /// Remembers a machine that was started, to be run when the run is over.
    pub(super) fn fire(&self, machine: Nested, input: Value, at: i64) {
        self.fired.lock().unwrap_or_else(PoisonError::into_inner).push(Fired { machine, input, at });
    }

    pub(super) fn take_fired(&self) -> Vec<Fired> {
        std::mem::take(&mut self.fired.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// What is told of an execution that was started: the same in both runs.
    pub(super) fn started(&self, task: &TaskDescription, attempt: Attempt) -> Value {
        let mut started = self.started.lock().unwrap_or_else(PoisonError::into_inner);
        let next = started.len() + 1;
        let number = *started.entry(attempt).or_insert(next);
        let identity = Identity::local(task.name, &format!("started-{number}"));
        Value::object([("ExecutionArn", Value::from(identity.execution_arn()))])
    }

    /// The answer to an attempt: the recorded one, else that of the mock.
    ///
    /// `ends` tells that something ends the wait for an answer that never comes, if not the task itself.
    pub(super) async fn answer(
        &self,
        task: &TaskDescription,
        attempt: Attempt,
        payload: &Value,
        ends: bool,
    ) -> Answered {
        let known = self.record().get(&attempt).cloned();
        if let Some(answered) = known {
            return answered;
        }
        let token = TaskToken::new(format!("token-{}-of-{}", self.record().len() + 1, task.name));
        let answered = match (self.of(task).answer)(payload, token) {
            Ok(Pending::Answered(answered)) => answered,
            Ok(Pending::Working(work)) => work.await,
            Err(error) => panic!("the mock of `{}`: {error}", task.name),
        };
        let ends = task.timeout_seconds.is_some() || task.heartbeat_seconds.is_some() || ends;
        if answered.delay.is_none() && !ends {
            panic!("the mock of `{}` never answers, and neither the task nor the machine has a timeout", task.name);
        }
        self.record().insert(attempt, answered.clone());
        answered
    }

    /// True when a task of the machine, or of one whose end it awaits, is answered with JSON.
    pub(super) fn are_raw(&self, machine: &Nested) -> Result<bool, DefinitionError> {
        let is_raw = |task: &TaskDescription| self.by_task.get(&task.key()).is_some_and(|mock| mock.is_raw);
        if machine.tasks()?.iter().any(is_raw) {
            return Ok(true);
        }
        let nested = machine.nested().into_iter().filter(|nested| nested.awaited && !self.has(&(nested.describe)()));
        for nested in nested {
            if self.are_raw(&nested)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn of(&self, task: &TaskDescription) -> &Mock {
        match self.by_task.get(&task.key()) {
            Some(mock) => mock,
            None => panic!("no mock for the task `{0}`: add `.mock({0}, |..| ..)`", task.name),
        }
    }

    fn record(&self) -> std::sync::MutexGuard<'_, HashMap<Attempt, Answered>> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
