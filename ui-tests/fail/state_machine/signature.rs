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
fn not_async(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine]
async fn no_input() -> Result<String, Error> {
    charge("a".to_string()).await
}

#[state_machine]
async fn two_inputs(order: Order, other: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine]
async fn no_result(order: Order) {
    Ok(order.id)
}

#[state_machine]
async fn pattern(Order { id, .. }: Order) -> Result<String, Error> {
    Ok(id)
}

#[state_machine]
async fn borrowed(order: &Order) -> Result<String, Error> {
    Ok(order.id)
}

struct Host;

fn main() {}
