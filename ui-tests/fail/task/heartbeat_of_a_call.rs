use sfn_core::prelude::*;

#[task(lambda = "A")]
async fn function(id: String) -> Result<String, Error>;

#[task(activity = "B")]
async fn worker(id: String) -> Result<String, Error>;

#[state_machine]
async fn machine(id: String) -> Result<String, Error> {
    let one = worker(id).heartbeat(secs(30)).timeout(hours(1)).await?;
    function(one).heartbeat(secs(30)).timeout(hours(1)).await
}

fn main() {}
