use sfn_core::prelude::*;

#[task(lambda = "A")]
async fn task_of(id: String) -> Result<String, Error>;

#[state_machine]
async fn child(id: String) -> Result<String, Error> {
    task_of(id).await
}

#[state_machine]
async fn starts_a_task(id: String) -> Result<String, Error> {
    let run = task_of(id).start().await?;
    Ok(run.execution_arn)
}

#[state_machine]
async fn wrong_input(number: u32) -> Result<String, Error> {
    child(number).await
}

#[state_machine]
async fn wrong_output(id: String) -> Result<u32, Error> {
    child(id).await
}

fn main() {}
