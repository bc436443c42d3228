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
async fn goes_on(order: Order) -> Result<String, Error> {
    return Ok(order.id);
    charge(order.id).await?;
    Ok(order.id)
}

#[state_machine]
async fn ends_twice(order: Order) -> Result<String, Error> {
    return Ok(order.id);
    Ok(order.id)
}

fn main() {}
