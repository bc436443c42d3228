use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine, task};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    cents: u32,
}

#[task(lambda = "Charge")]
async fn charge(id: String) -> Result<String, Error>;

#[task(lambda = "Refund")]
async fn refund(id: String) -> Result<(), Error>;

async fn elsewhere(id: String) -> Result<String, Error> {
    Ok(id)
}

#[state_machine]
async fn foreign(order: Order) -> Result<String, Error> {
    let id = elsewhere(order.id).await?;
    Ok(id)
}

fn main() {}
