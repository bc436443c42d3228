use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    cents: u32,
    large: u64,
    signed: i32,
    rate: f64,
    note: Option<String>,
    counts: Vec<u32>,
}

#[state_machine]
async fn mixed(order: Order) -> Result<u64, Error> {
    Ok(order.large + order.cents)
}

fn main() {}
