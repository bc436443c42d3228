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
async fn methods(order: Order) -> Result<String, Error> {
    let of_data = order.counts.sort();
    let of_items = order.counts.iter().flat_map(|count| vec![count]).collect::<Vec<_>>();
    let characters = order.id.chars().rev().collect::<Vec<_>>();
    let iterator = order.counts.iter();
    let arguments = order.note.is_some(3);
    Ok(order.id)
}

fn main() {}
