use sfn_core::{Error, task};

#[task(lambda = "A", timeout = "soon")]
async fn bad_timeout(id: String) -> Result<String, Error>;

#[task(lambda = "A", timeout = "30s", heartbeat = "30s")]
async fn slow_heart(id: String) -> Result<String, Error>;

#[task(lambda = "A", timeout = "1m30", heartbeat = 3)]
async fn both(id: String) -> Result<String, Error>;

fn main() {}
