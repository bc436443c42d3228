//! Every kind of task, with and without a body, and all settings of each.
use sfn_core::prelude::*;
use sfn_core::task::{Task, TaskToken as Held};

#[task(lambda = "A", timeout = "30s", retry(on = ["Busy"]), retry = "none")]
async fn function(_id: String) -> Result<String, Error>;

#[task(resource = "arn:aws:states:::sqs:sendMessage", retry(on = ["States.ALL"], jitter))]
async fn resource(_request: Value) -> Result<Value, Error>;

#[task(resource = "arn:aws-cn:states:::aws-sdk:sns:publish.waitForTaskToken", callback, heartbeat = "5m")]
async fn resource_with_token(_message: String, _token: sfn_core::task::TaskToken) -> Result<Value, Error>;

#[task(sdk = "ecs:runTask.sync", timeout = "1h")]
async fn job(_request: Value) -> Result<Value, Error> {
    Ok(Value::Null)
}

#[task(sqs = "Q", rename_all = "camelCase")]
async fn message(_first_id: String, _second_id: String) -> Result<(), Error>;

#[task(callback, sqs = "Q.fifo", timeout = "3d", heartbeat = "12h")]
async fn question(_id: String, _token: TaskToken) -> Result<bool, Error>;

#[task(callback, sns = "T", retry = "none")]
async fn topic(_token: TaskToken) -> Result<bool, Error>;

#[task(callback, lambda = "A")]
async fn function_with_token(_a: u8, _token: TaskToken, _b: u8) -> Result<bool, Error> {
    Ok(!_token.as_str().is_empty() && _a < _b)
}

#[task(callback, eventbridge = "bus", source = "my.source", detail_type = "asked")]
async fn event(_id: String, _token: TaskToken) -> Result<bool, Error>;

#[task(activity = "Label", timeout = "1d", heartbeat = "5m")]
async fn worker(id: String) -> Result<String, Error> {
    Ok(id)
}

use sfn_core::Value;

#[state_machine]
async fn all(id: String) -> Result<bool, Error> {
    let one = function(id).await?;
    message(one, one).await?;
    let two = worker(one).heartbeat(secs(30)).timeout(hours(2)).await?;
    let _ = question(two).heartbeat(minutes(5)).await?;
    let _ = topic().await?;
    let _ = function_with_token(1, 2).await?;
    event(two).await
}

fn main() {
    assert!(function_with_token::ANSWERER.is_some() && worker::HANDLER.is_some() && job::HANDLER.is_some());
    assert_eq!(Held::new("t").to_string(), "t");
    assert!(all::definition().is_ok());
    let _ = (resource, resource_with_token);
}
