use sfn_core::{Error, task};

#[task]
async fn none(id: String) -> Result<String, Error>;

#[task(lambda = "A", resource = "arn:aws:states:::sqs:sendMessage")]
async fn both(id: String) -> Result<String, Error>;

#[task(resource = "arn:aws:states:::sqs:sendMessage")]
async fn not_yet(id: String) -> Result<String, Error>;

#[task(lambda = "arn:aws:lambda:eu-west-1:123456789012:function:A")]
async fn arn(id: String) -> Result<String, Error>;

#[task(lamda = "A")]
async fn typo(id: String) -> Result<String, Error>;

fn main() {}
