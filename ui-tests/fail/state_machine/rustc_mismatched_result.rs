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

#[state_machine]
async fn mismatched(order: Order) -> Result<String, Error> {
    charge(order.id).await?;
    Ok(order.cents)
}

#[state_machine]
async fn returned(order: Order) -> Result<String, Error> {
    return Ok(order.cents);
}

#[state_machine]
async fn directly(order: Order) -> Result<String, Error> {
    refund(order.id).await
}

fn main() {}
