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
async fn closures(order: Order) -> Result<String, Error> {
    let two = order.counts.iter().map(|count| { let more = count + 1; more }).collect::<Vec<_>>();
    let moved = order.counts.iter().any(move |count| *count > 1);
    let named = order.counts.iter().any(is_large);
    let reference = order.counts.iter().any(|ref count| **count > 1);
    Ok(order.id)
}

fn main() {}
