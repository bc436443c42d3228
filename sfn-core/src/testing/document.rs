//! The run of the document: through the executor, the mocks answering as they answered the body.

use std::sync::Arc;

use sfn_asl::Value;

use super::body::{Due, due, in_milliseconds, limit};
use super::mock::{Attempt, Calls, Mocks, milliseconds};
use super::run::{Ended, Trace};
use crate::executor::{Clock as _, ExecutionError, Executor, Kit, Known, TaskContext, VirtualClock};
use crate::history::HistoryEvent;
use crate::task::{Error, Nested, TaskDescription, TaskResource};

/// Runs the document of a machine to its end and tells its history.
pub(super) async fn run(machine: &Nested, input: Value, mocks: &Arc<Mocks>) -> (Trace<Value>, Vec<HistoryEvent>) {
    let name = machine.name;
    let (program, known) = match Known::of(machine, true) {
        Ok(known) => known,
        Err(error) => panic!("`{name}` has no definition: {error}"),
    };
    let clock = VirtualClock::new();
    let calls = Arc::new(Calls::default());
    let kit = kit(clock.clone(), mocks.clone(), calls.clone(), machine.timeout_seconds().is_some());
    let executor = Executor::builder().clock(clock).seed(0).kit(kit).build();
    let execution = match executor.start_known(program, known, name, input) {
        Ok(execution) => execution,
        Err(error) => panic!("the document of `{name}` does not start: {error}"),
    };
    let outcome = match execution.output().await {
        Ok(output) => match machine.output(&output) {
            Ok(output) => Ok(output),
            Err(error) => panic!("the output of the document is not of the declared type: {error}\n{output}"),
        },
        Err(ExecutionError::Failed(error)) => Err(Ended::Failed(error)),
        Err(ExecutionError::TimedOut) => Err(Ended::TimedOut),
        Err(error) => panic!("the document of `{name}` has no end: {error}"),
    };
    let history = execution.history();
    executor.shutdown().await;
    let timestamps = || history.iter().map(|event| event.timestamp);
    let elapsed = timestamps().max().unwrap_or_default() - timestamps().min().unwrap_or_default();
    (Trace { outcome, calls: calls.take(), elapsed: milliseconds(elapsed) }, history)
}

/// The tasks of a document: they are noted and answered as those of the body were.
fn kit(clock: VirtualClock, mocks: Arc<Mocks>, calls: Arc<Calls>, ends: bool) -> Kit {
    let begun = clock.now();
    Arc::new(move |task, machine, arguments| {
        let payload = mocks.canonical(task, machine.as_ref(), &task.payload_of(arguments));
        let stands_for_itself = machine.is_some() && !mocks.has(task);
        let attempt = calls.note(task, payload.clone(), clock.now() - begun, stands_for_itself);
        if matches!(task.resource, TaskResource::Machine { awaited: false, .. }) {
            let started = mocks.started(task, attempt);
            return Some(Arc::new(move |_, _| Box::pin(std::future::ready(Ok(started.clone())))));
        }
        if stands_for_itself {
            return None;
        }
        let (task, mocks) = (task.clone(), mocks.clone());
        Some(Arc::new(move |_, context| {
            let (task, mocks, attempt, payload) = (task.clone(), mocks.clone(), attempt.clone(), payload.clone());
            Box::pin(async move { answer(&task, &mocks, attempt, payload, ends, context).await })
        }))
    })
}

async fn answer(
    task: &TaskDescription,
    mocks: &Mocks,
    attempt: Attempt,
    payload: Value,
    ends: bool,
    context: TaskContext,
) -> Result<Value, Error> {
    let answered = mocks.answer(task, attempt, &payload, ends).await;
    let heartbeat = context.heartbeat_seconds().filter(|_| task.resource.has_heartbeats());
    let limit = limit(context.timeout_seconds(), heartbeat, answered.beating);
    let interval = heartbeat.and_then(|heartbeat| answered.beating.interval(in_milliseconds(heartbeat)));
    match due(&answered, limit) {
        Due::Answer(delay) => {
            work(&context, delay, interval).await;
            answered.result
        }
        Due::Timeout(..) | Due::Never => {
            work(&context, i64::MAX, interval).await;
            std::future::pending().await
        }
    }
}

/// Works so long, with a heartbeat every `interval` milliseconds; without end it waits until nobody waits for it.
async fn work(context: &TaskContext, length: i64, interval: Option<i64>) {
    let mut left = length;
    while let Some(interval) = interval.filter(|interval| *interval < left) {
        context.sleep(milliseconds(interval)).await;
        context.heartbeat().await;
        if left != i64::MAX {
            left -= interval;
        }
    }
    match left {
        0 => {}
        i64::MAX => context.cancelled().await,
        left => context.sleep(milliseconds(left)).await,
    }
}
