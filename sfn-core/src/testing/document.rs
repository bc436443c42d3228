//! The run of the document: through the executor, the mocks answering as they answered the body.

use std::sync::Arc;

use sfn_asl::Value;

use super::body::{Due, due, in_milliseconds, limit};
use super::mock::{Calls, Mocks, milliseconds};
use super::run::{Ended, Trace};
use crate::data::Data;
use crate::executor::{Clock as _, ExecutionError, Executor, Kit, Known, TaskContext, VirtualClock};
use crate::history::HistoryEvent;
use crate::lower::Machine;
use crate::task::{Error, TaskDescription};

/// Runs the document of `M` to its end and tells its history.
pub(super) async fn run<M: Machine>(input: Value, mocks: &Arc<Mocks>) -> (Trace<M::Output>, Vec<HistoryEvent>) {
    let (program, known) = match Known::of::<M>(true) {
        Ok(known) => known,
        Err(error) => panic!("`{}` has no definition: {error}", M::NAME),
    };
    let clock = VirtualClock::new();
    let begun = clock.now();
    let calls = Arc::new(Calls::default());
    let (answering, noting) = (mocks.clone(), calls.clone());
    let kit: Kit = Arc::new(move |task, payload, context| {
        let (task, mocks, calls) = (task.clone(), answering.clone(), noting.clone());
        Box::pin(async move { answer(&task, &mocks, &calls, begun, payload, context).await })
    });
    let executor = Executor::builder().clock(clock).seed(0).kit(kit).build();
    let execution = match executor.start_known(program, known, M::NAME, input) {
        Ok(execution) => execution,
        Err(error) => panic!("the document of `{}` does not start: {error}", M::NAME),
    };
    let outcome = match execution.output().await {
        Ok(output) => match M::Output::decode(&output) {
            Ok(output) => Ok(output),
            Err(error) => panic!("the output of the document is not of the declared type: {error}\n{output}"),
        },
        Err(ExecutionError::Failed(error)) => Err(Ended::Failed(error)),
        Err(ExecutionError::TimedOut) => Err(Ended::TimedOut),
        Err(error) => panic!("the document of `{}` has no end: {error}", M::NAME),
    };
    let history = execution.history();
    executor.shutdown().await;
    let timestamps = || history.iter().map(|event| event.timestamp);
    let elapsed = timestamps().max().unwrap_or_default() - timestamps().min().unwrap_or_default();
    (Trace { outcome, calls: calls.take(), elapsed: milliseconds(elapsed) }, history)
}

async fn answer(
    task: &TaskDescription,
    mocks: &Mocks,
    calls: &Calls,
    begun: i64,
    payload: Value,
    context: TaskContext,
) -> Result<Value, Error> {
    let payload = mocks.canonical(task, &payload);
    let attempt = calls.note(task, payload.clone(), context.now() - begun);
    let answered = mocks.answer(task, attempt, &payload).await;
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
