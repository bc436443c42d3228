use sfn_core::{Error, TaskToken, state_machine, task};

#[task(callback, sqs = "Q")]
async fn no_token(id: String) -> Result<String, Error>;

#[task(callback, sqs = "Q")]
async fn two_tokens(token: TaskToken, id: String, other: TaskToken) -> Result<String, Error>;

#[task(lambda = "A")]
async fn no_callback(id: String, token: TaskToken) -> Result<String, Error>;

// Their callers pass no token, and stay quiet.
#[state_machine]
async fn calls(id: String) -> Result<String, Error> {
    let one = no_token(id).await?;
    let two = two_tokens(one).await?;
    no_callback(two).await
}

fn main() {}
