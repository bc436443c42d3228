//! Runs the cases on the executor, too: a driver adds nothing to what the machine says.

use std::sync::{Arc, Mutex, PoisonError};

use sfn_core::asl::value::Value;
use sfn_core::executor::{Clock, Execution, Executor, Hold, TaskContext, VirtualClock};
use sfn_core::task::Error;
use tokio::sync::mpsc;

use crate::case::{Case, Kind, at, items};
use crate::execution;
use crate::mock::{End, Mocks, Scheduled};
use crate::outcome::{self, Outcome};

/// Runs every case that handlers can play; one that passes on the bare machine has to pass here.
pub(crate) fn check_all(cases: &[Case], lambdas: &Value) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|error| error.to_string())?;
    let mut differences = Vec::new();
    for case in cases.iter().filter(|case| case.kind == Kind::Execution && is_playable(case)) {
        if execution::check(case, lambdas).is_ok()
            && let Err(difference) = runtime.block_on(check(case, lambdas))
        {
            differences.push(format!("{}: {difference}", case.id));
        }
    }
    if differences.is_empty() { Ok(()) } else { Err(differences.join("\n")) }
}

/// True when a handler can do all that happened: it cannot fail before it began, work for an activity under a name, or
/// leave the execution running.
fn is_playable(case: &Case) -> bool {
    let tasks = items(case.at(&["tasks"]));
    let plays =
        |task: &Value| at(task, &["kind"]).as_str() != Some("activity") && at(task, &["outcome", "phase"]).is_null();
    case.at(&["expected", "status"]).as_str() != Some("RUNNING")
        && case.at(&["external_calls"]).is_null()
        && tasks.iter().all(plays)
}

/// The answer to a task with a token, which somebody outside gives.
struct Letter {
    token: String,
    end: End,
    _hold: Hold,
}

async fn check(case: &Case, lambdas: &Value) -> Result<(), String> {
    let clock = VirtualClock::starting_at(outcome::now(case)?);
    let mocks = Arc::new(Mutex::new(Mocks::new(case, lambdas)));
    let (post, mut letters) = mpsc::unbounded_channel();
    let playing = clock.clone();
    let executor = Executor::builder()
        .quotas(execution::quotas(case))
        .clock(clock)
        .seed(1)
        .objects(execution::objects(case))
        .fallback(move |input, context| {
            let (mocks, post, clock) = (mocks.clone(), post.clone(), playing.clone());
            async move { play(input, context, &mocks, &post, &clock).await }
        })
        .build();
    let identity = outcome::identity(case)?;
    let program = Arc::new(outcome::program(case)?);
    let execution: Execution = executor
        .start_program(program, identity, case.at(&["input"]).clone())
        .await
        .map_err(|error| error.to_string())?;
    let ended = async { execution.ended().await };
    let mut ended = std::pin::pin!(ended);
    let status = loop {
        tokio::select! {
            status = &mut ended => break status,
            Some(letter) = letters.recv() => answer(&executor, letter).await,
        }
    };
    executor.shutdown().await;
    outcome::judge(case, &Outcome { identity: execution.identity().clone(), status, history: execution.history() })
}

/// Does what was recorded of a task.
async fn play(
    input: Value,
    context: TaskContext,
    mocks: &Mutex<Mocks>,
    post: &mpsc::UnboundedSender<Letter>,
    clock: &VirtualClock,
) -> Result<Value, Error> {
    let answer = {
        let scheduled = Scheduled { state: context.state(), resource: context.resource(), parameters: &input };
        let mut mocks = mocks.lock().unwrap_or_else(PoisonError::into_inner);
        mocks.answer(&scheduled).map_err(|reason| Error::new("NoOutcome", reason))?
    };
    let submitted = answer.submitted.clone();
    if let Some(output) = answer.submitted {
        context.submitted(output).await;
    }
    if context.resource().ends_with(".waitForTaskToken")
        && let Some(submitted) = submitted
    {
        let token = context.token().ok_or_else(|| Error::new("NoToken", "a task that waits for its token has none"))?;
        // Nobody reads the post any more once the execution is over.
        let _ = post.send(Letter { token: token.to_owned(), end: answer.end, _hold: clock.hold() });
        return Ok(submitted);
    }
    if answer.after_seconds > 0 {
        context.sleep(std::time::Duration::from_secs(answer.after_seconds.unsigned_abs())).await;
    }
    match answer.end {
        End::Succeeded(output) => Ok(output),
        End::Failed { error, cause, .. } => Err(Error::new(error.unwrap_or_default(), cause.unwrap_or_default())),
        End::Silent => {
            context.cancelled().await;
            std::future::pending().await
        }
    }
}

async fn answer(executor: &Executor, letter: Letter) {
    // A task that timed out needs no answer; the comparison shows whether it should have.
    let _ = match letter.end {
        End::Succeeded(output) => executor.send_task_success(&letter.token, output).await,
        End::Failed { error, cause, .. } => {
            executor.send_task_failure(&letter.token, error.as_deref(), cause.as_deref()).await
        }
        End::Silent => Ok(()),
    };
}
