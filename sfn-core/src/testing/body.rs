//! The run of the body: its calls go to the mocks, with the machine's rules for timeouts and retries.

use std::sync::Arc;

use sfn_asl::Value;
use sfn_asl::definition::Timestamp;
use sfn_asl::value::ObjectBuilder;

use super::clock::Clock;
use super::mock::{Answered, Beating, Calls, Mocks, milliseconds};
use super::run::{Ended, Trace};
use crate::executor::{Clock as _, VirtualClock};
use crate::machine::{Failure, FailureKind, retry};
use crate::task::{BoxFuture, Dispatch, Error, Nested, Pause, PauseLength, Run, TaskCall, TaskDescription, Turn};

/// Runs the body of a machine to its end.
pub(super) async fn run(machine: &Nested, input: &Value, mocks: &Arc<Mocks>) -> Trace<Value> {
    let clock = Clock::default();
    let calls = Arc::new(Calls::default());
    let driver = Driver {
        clock: clock.clone(),
        calls: calls.clone(),
        mocks: mocks.clone(),
        ends: machine.timeout_seconds().is_some(),
    };
    let body = body_of(machine, &driver, input);
    let deadline = machine.timeout_seconds().map(in_milliseconds);
    let outcome = match clock.drive(body, deadline).await {
        Some(Ok(output)) => Ok(output),
        Some(Err(error)) => Err(Ended::Failed(error)),
        None => Err(Ended::TimedOut),
    };
    Trace { outcome, calls: calls.take(), elapsed: milliseconds(clock.now()) }
}

fn body_of(machine: &Nested, driver: &Driver, input: &Value) -> BoxFuture<Result<Value, Error>> {
    match machine.body(Run::new(Arc::new(driver.clone())), input) {
        Ok(body) => body,
        Err(error) => panic!("the input of `{}` is not of its declared type: {error}", machine.name),
    }
}

/// Answers the calls of a body from the mocks.
#[derive(Clone)]
struct Driver {
    clock: Clock,
    calls: Arc<Calls>,
    mocks: Arc<Mocks>,
    /// The machine, or one that awaits it, times out.
    ends: bool,
}

impl Dispatch for Driver {
    fn call(&self, call: TaskCall) -> BoxFuture<Result<Value, Error>> {
        Box::pin(Attempts { driver: self.clone(), task: call.task, payload: call.payload, nested: call.nested }.run())
    }

    fn pause(&self, pause: Pause) -> BoxFuture<()> {
        let now = self.clock.now();
        let duration = match pause.0 {
            PauseLength::For(length) => i64::try_from(length.as_millis()).unwrap_or(i64::MAX),
            PauseLength::Until(time) => match Timestamp::parse(&time) {
                Some(time) => time.milliseconds.saturating_sub(beginning()).saturating_sub(now).max(0),
                None => panic!("`{time}` is no time in RFC 3339"),
            },
        };
        let clock = self.clock.clone();
        Box::pin(async move {
            // A wait that is over before it begins is none.
            if duration > 0 {
                clock.wait(duration).await;
            }
        })
    }

    fn branch(&self) -> Option<Arc<dyn Dispatch>> {
        Some(Arc::new(Driver { clock: self.clock.branch(), ..self.clone() }))
    }

    fn turn(&self) -> &dyn Turn {
        &self.clock
    }
}

/// The time at which runs of documents begin, so that both mean the same by a time of day.
fn beginning() -> i64 {
    VirtualClock::new().now()
}

/// The attempts of one call.
struct Attempts {
    driver: Driver,
    task: TaskDescription,
    payload: Value,
    nested: Option<Nested>,
}

impl Attempts {
    async fn run(self) -> Result<Value, Error> {
        let mut used = vec![0u32; self.task.retry.len()];
        loop {
            let failure = match self.attempt().await {
                Ok(output) => return Ok(output),
                Err(failure) => failure,
            };
            // The first Retrier that names the error decides, also when its attempts are used up.
            let retriers = &self.task.retry;
            let delay =
                retriers.iter().position(|retrier| retry::matches(&retrier.error_equals, &failure)).and_then(|index| {
                    let (retrier, used) = (&retriers[index], &mut used[index]);
                    if u64::from(*used) >= retrier.max_attempts {
                        return None;
                    }
                    *used += 1;
                    Some(retry::delay_milliseconds(retrier, *used - 1, 1.0))
                });
            match delay {
                Some(delay) => self.driver.clock.wait(delay).await,
                None => return Err(error_of(&failure)),
            }
        }
    }

    async fn attempt(&self) -> Result<Value, Failure> {
        let Driver { clock, calls, mocks, .. } = &self.driver;
        let payload = mocks.canonical(&self.task, self.nested.as_ref(), &self.payload);
        let machine = self.nested.filter(|_| !mocks.has(&self.task));
        let attempt = calls.note(&self.task, payload.clone(), clock.now(), machine.is_some());
        if let Some(nested) = &self.nested
            && !nested.awaited
        {
            match machine {
                Some(machine) => mocks.fire(machine, payload, clock.now()),
                None => drop(clock.hold(mocks.answer(&self.task, attempt.clone(), &payload, true)).await),
            }
            return Ok(mocks.started(&self.task, attempt));
        }
        if let Some(machine) = machine {
            return self.execution(&machine, &payload).await;
        }
        let answered = clock.hold(mocks.answer(&self.task, attempt, &payload, self.driver.ends)).await;
        let heartbeat = self.task.heartbeat_seconds.filter(|_| self.task.resource.has_heartbeats());
        let limit = limit(self.task.timeout_seconds, heartbeat, answered.beating);
        match due(&answered, limit) {
            Due::Answer(delay) => {
                clock.answer(delay).await;
                answered.result.map_err(|error| Failure::new(&error.error, error.cause))
            }
            Due::Timeout(limit, kind) => {
                clock.wait(limit).await;
                Err(Failure::timeout(kind))
            }
            Due::Never => clock.never().await,
        }
    }

    /// Runs the body of another machine; how it fails is told as AWS tells it.
    async fn execution(&self, machine: &Nested, input: &Value) -> Result<Value, Failure> {
        let clock = &self.driver.clock;
        // It begins, and its end is told, as the work of a handler is: when the branches that can go on have done so.
        clock.answer(0).await;
        let ends = machine.timeout_seconds().or(self.task.timeout_seconds).is_some();
        let body = body_of(machine, &Driver { ends: ends || self.driver.ends, ..self.driver.clone() }, input);
        let to_its_end = clock.within(body, machine.timeout_seconds().map(in_milliseconds));
        let ended = clock.within(to_its_end, self.task.timeout_seconds.map(in_milliseconds)).await;
        if ended.is_some() {
            clock.answer(0).await;
        }
        let (status, error) = match ended {
            None => return Err(Failure::timeout(FailureKind::Timeout)),
            Some(Some(Ok(output))) => return Ok(output),
            Some(Some(Err(error))) => ("FAILED", Some(error)),
            Some(None) => ("TIMED_OUT", None),
        };
        let mut description = ObjectBuilder::default();
        if let Some(error) = error {
            description.insert("Cause", error.cause);
            description.insert("Error", error.error);
        }
        description.insert("Status", status);
        Err(Failure::new("States.TaskFailed", Value::from(description.build()).to_json()))
    }
}

/// What happens first to an attempt.
pub(super) enum Due {
    /// The answer, after so many milliseconds.
    Answer(i64),
    /// The timeout, after so many milliseconds.
    Timeout(i64, FailureKind),
    /// Nothing: the machine times out.
    Never,
}

/// When a task times out, in milliseconds, and how.
pub(super) fn limit(
    timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
    beating: Beating,
) -> Option<(i64, FailureKind)> {
    let timeout = timeout_seconds.map(|seconds| (in_milliseconds(seconds), FailureKind::Timeout));
    let missed = heartbeat_seconds.and_then(|seconds| beating.missed(in_milliseconds(seconds)));
    let missed = missed.map(|missed| (missed, FailureKind::HeartbeatTimeout));
    match (timeout, missed) {
        (Some(timeout), Some(missed)) => Some(if missed.0 < timeout.0 { missed } else { timeout }),
        (timeout, missed) => timeout.or(missed),
    }
}

/// What happens first; an answer at the very moment of the timeout is too late.
pub(super) fn due(answered: &Answered, limit: Option<(i64, FailureKind)>) -> Due {
    match (answered.delay, limit) {
        (Some(delay), Some((limit, _))) if delay < limit => Due::Answer(delay),
        (Some(delay), None) => Due::Answer(delay),
        (_, Some((limit, kind))) => Due::Timeout(limit, kind),
        (None, None) => Due::Never,
    }
}

pub(super) fn in_milliseconds(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000)
}

fn error_of(failure: &Failure) -> Error {
    Error::new(failure.error.as_deref().unwrap_or_default(), failure.cause.as_deref().unwrap_or_default())
}
