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
async fn formats(order: Order) -> Result<String, Error> {
    let padded = format!("{:>5}", order.cents);
    let debug = format!("{:?}", order.id);
    let missing = format!("{} {}", order.id);
    let unused = format!("{}", order.id, order.cents);
    let unclosed = format!("{", order.id);
    Ok(order.id)
}

fn main() {}
