use sfn_core::{Error, task};

struct TaskToken;

#[task(callback, sqs = "Q")]
async fn ask(id: String, token: TaskToken) -> Result<String, Error>;

fn main() {}
