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

#[state_machine(timeout = "1 hour")]
async fn bad_unit(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine(timeout = 30)]
async fn no_unit(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine(timeout = "0s")]
async fn nothing(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine(time = "1h")]
async fn unknown(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine]
struct NoFunction;

fn main() {}
