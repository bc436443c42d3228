use sfn_core::prelude::*;

#[task(lambda = "A")]
async fn task_of(id: String) -> Result<String, Error>;

#[state_machine]
async fn child(id: String) -> Result<String, Error> {
    task_of(id).await
}

#[state_machine]
async fn awaits_itself(id: String) -> Result<String, Error> {
    if id.is_empty() {
        return Ok(id);
    }
    let more = awaits_itself(id).await?;
    awaits_itself(more).await
}

#[state_machine]
async fn undoes_a_start(id: String) -> Result<String, Error> {
    child(id).start().undo(|run| task_of(run.execution_arn)).await?;
    child(id).undo(|id| task_of(id)).start().await?;
    child(id).start().start().await?;
    Ok(id)
}

fn main() {}
