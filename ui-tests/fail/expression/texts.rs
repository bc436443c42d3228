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
async fn texts(order: Order) -> Result<String, Error> {
    let slice = order.id[0..2];
    let pattern = order.id.replace("", "x");
    let separator = order.id.split(order.id).collect::<Vec<_>>();
    Ok("plain")
}

fn main() {}
