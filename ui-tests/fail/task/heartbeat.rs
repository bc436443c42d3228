use sfn_core::prelude::*;

#[task(lambda = "A", heartbeat = "5m")]
async fn function(id: String) -> Result<String, Error>;

#[task(sqs = "Q", heartbeat = "5m")]
async fn message(id: String) -> Result<(), Error>;

#[task(callback, sqs = "Q", heartbeat = "5m", timeout = "5m")]
async fn as_long(id: String, token: TaskToken) -> Result<(), Error>;

fn main() {}
