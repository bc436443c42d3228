//! The run of the document: through the executor, the mocks answering as they answered the body.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::Value;
use sfn_asl::definition::Definition;

use super::body::{Due, due, limit};
use super::mock::{Calls, Mocks, milliseconds};
use super::run::{Ended, Trace};
use crate::data::Data;
use crate::executor::{Clock as _, ExecutionError, Executor, TaskContext, VirtualClock};
use crate::history::HistoryEvent;
use crate::lower::{Machine, substitution_key};
use crate::task::{Error, TaskDescription};

/// Runs the document of `M` to its end and tells its history.
pub(super) async fn run<M: Machine>(
    definition: &Definition,
    input: Value,
    mocks: &Arc<Mocks>,
) -> (Trace<M::Output>, Vec<HistoryEvent>) {
    let tasks = match M::tasks() {
        Ok(tasks) => tasks,
        Err(error) => panic!("`{}` has no definition: {error}", M::NAME),
    };
    let clock = VirtualClock::new();
    let begun = clock.now();
    let calls = Arc::new(Calls::default());
    let mut builder = Executor::builder().clock(clock).seed(0);
    for task in by_binding(tasks).into_values() {
        let (mocks, calls) = (mocks.clone(), calls.clone());
        let name = substitution_key(task.resource.binding());
        let task = Arc::new(task);
        builder = builder.function(&name, move |payload, context| {
            let (task, mocks, calls) = (task.clone(), mocks.clone(), calls.clone());
            async move { answer(&task, &mocks, &calls, begun, payload, context).await }
        });
    }
    let executor = builder.build();
    let definition = without_jitter(definition);
    let execution = match executor.start_named(M::NAME, &definition, input).await {
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
    match due(&answered, limit(context.timeout_seconds(), heartbeat)) {
        Due::Answer(delay) => {
            if delay > 0 {
                context.sleep(milliseconds(delay)).await;
            }
            answered.result
        }
        Due::Timeout(..) | Due::Never => {
            context.cancelled().await;
            std::future::pending().await
        }
    }
}

fn by_binding(tasks: Vec<TaskDescription>) -> HashMap<&'static str, TaskDescription> {
    tasks.into_iter().map(|task| (task.resource.binding(), task)).collect()
}

/// The definition with every delay of a retry at the upper bound of its jitter.
fn without_jitter(definition: &Definition) -> Definition {
    let document = definition.document();
    let states = document.get("States").and_then(Value::as_object);
    let (Some(object), Some(states)) = (document.as_object(), states) else { return definition.clone() };
    let states = states.iter().map(|(name, state)| (name.clone(), state_without_jitter(state)));
    let document = Value::from(object.with("States", Value::object(states)));
    Definition::from_value(document).expect("a valid definition stays valid without jitter")
}

fn state_without_jitter(state: &Value) -> Value {
    let retriers = state.get("Retry").and_then(Value::as_array);
    let (Some(object), Some(retriers)) = (state.as_object(), retriers) else { return state.clone() };
    let retriers = retriers.iter().map(|retrier| match retrier.as_object() {
        Some(retrier) => Value::from(retrier.without("JitterStrategy")),
        None => retrier.clone(),
    });
    Value::from(object.with("Retry", Value::array(retriers)))
}
