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
async fn operators(order: Order) -> Result<u32, Error> {
    let bits = order.cents & 3;
    let shifted = order.cents << 2;
    let mutable = &mut order.cents;
    let repeated = vec![order.cents; 3];
    Ok(order.cents)
}

fn main() {}
