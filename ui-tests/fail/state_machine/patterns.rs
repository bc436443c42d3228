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
    let ref all = order;
    let &id = order.id;
    let [first, ..] = order.id;
    match order.cents {
        1..=5 => {}
        1.5 => {}
        _ => {}
    }
    #[cfg(test)]
    let gone = order.id;
    Ok(id)
}

fn main() {}
