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
async fn patterns(order: Order) -> Result<String, Error> {
    let Order { id, .. } = order;
    let mut cents = order.cents;
    let ref all = order;
    let later;
    let Some(note) = order.note else { return Ok(order.id) };
    #[cfg(test)]
    let gone = order.id;
    cents = 3;
    Ok(id)
}

fn main() {}
