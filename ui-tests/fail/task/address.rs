use sfn_core::{Error, TaskToken, task};

#[task]
async fn none(id: String) -> Result<String, Error>;

#[task(lambda = "A", resource = "arn:aws:states:::sqs:sendMessage", activity = "B")]
async fn several(id: String) -> Result<String, Error>;

#[task(resource = "arn:aws:lambda:eu-west-1:123456789012:function:A")]
async fn a_function(id: String) -> Result<String, Error>;

#[task(lambda = "arn:aws:lambda:eu-west-1:123456789012:function:A")]
async fn arn(id: String) -> Result<String, Error>;

#[task(sdk = "DynamoDB.GetItem")]
async fn no_call(id: String) -> Result<String, Error>;

#[task(callback, sqs = "https://sqs.eu-west-1.amazonaws.com/123456789012/q")]
async fn url(id: String, token: TaskToken) -> Result<String, Error>;

#[task(activity = "arn:aws:states:eu-west-1:123456789012:activity:a", source = "s", callback)]
async fn worker(id: String, token: TaskToken) -> Result<String, Error>;

#[task(resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken")]
async fn waits(id: String) -> Result<String, Error>;

#[task(sdk = "sqs:sendMessage", callback)]
async fn does_not_wait(id: String, token: TaskToken) -> Result<String, Error>;

#[task(sqs = "Q", rename_all = "camel")]
async fn renamed(first_id: String, second_id: String) -> Result<(), Error>;

#[task(lamda = "A")]
async fn typo(id: String) -> Result<String, Error>;

fn main() {}
