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
async fn all_at_once(order: Order) -> Result<String, Error> {
    if order.cents > 10 {
        charge(order.id).await?;
    }
    match order.cents {
        _ => {}
    }
    loop {
        break;
    }
    while true {}
    for _ in 0..3 {}
    let total = order.cents + 1;
    let list = [total];
    let first = list[0];
    let wide = first as u64;
    let text = &order.id;
    let late = async { 1 };
    let function = || 1;
    let block = { 1 };
    Ok(order.id)
}

fn main() {}
