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
async fn no_end(order: Order) -> Result<String, Error> {
    charge(order.id).await?;
}

#[state_machine]
async fn no_result(order: Order) -> Result<String, Error> {
    charge(order.id).await?
}

#[state_machine]
async fn no_ok(order: Order) -> Result<String, Error> {
    order.id
}

#[state_machine]
async fn no_value(order: Order) -> Result<String, Error> {
    return;
}

#[state_machine]
async fn fails(order: Order) -> Result<String, Error> {
    Err(Error::new("A", "b"))
}

fn main() {}
