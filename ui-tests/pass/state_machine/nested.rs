//! State machines that call others, before and after they are written, with all settings.
use sfn_core::prelude::*;
use sfn_core::task::Started;

#[state_machine]
async fn parent(id: String) -> Result<(String, String), Error> {
    let text = child(id).timeout(hours(1)).retry(on!("States.TaskFailed"), backoff(secs(5))).await?;
    let run = child(text).start().retry(on!("States.ALL"), backoff(secs(1))).await?;
    let other = inner::machine(text).start().await.ok();
    match child(text).await {
        Ok(more) => Ok((more, run.execution_arn)),
        Err(_) => Ok((other.map(|run: Started| run.execution_arn).unwrap_or_default(), text)),
    }
}

#[task(lambda = "A")]
async fn task_of(id: String) -> Result<String, Error>;

#[state_machine]
async fn child(id: String) -> Result<String, Error> {
    task_of(id).await
}

mod inner {
    use super::*;

    #[state_machine]
    pub(super) async fn machine(id: String) -> Result<String, Error> {
        task_of(id).await
    }
}

fn main() {
    assert!(parent::definition().is_ok());
}
