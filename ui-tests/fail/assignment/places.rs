use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    counts: Vec<u32>,
    pair: (u32, Vec<u32>),
}

const LIMIT: u32 = 3;

#[state_machine]
async fn places(mut order: Order) -> Result<Order, Error> {
    order.counts[0] = 1;
    order.pair.1[order.counts.len()] += 1;
    *order.id = "x".to_string();
    LIMIT = 4;
    order.counts.iter().rev() = 3;
    order.counts.clone().push(1);
    Ok(order)
}

#[state_machine]
async fn methods(mut order: Order) -> Result<Order, Error> {
    let last = order.counts.pop();
    order.counts.sort();
    order.counts.retain(|count| *count > 1);
    order.counts.push(1, 2);
    let first = order.counts.first_mut();
    order.counts.append(&mut order.pair.1);
    Ok(Order { id: order.id, pair: order.pair, counts: { order.counts.push(3); order.counts } })
}

fn main() {}
