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

fn plain(id: String) -> String {
    id
}

#[state_machine]
async fn forgets(order: Order) -> Result<String, Error> {
    charge(order.id);
    let receipt = charge(order.id)?;
    let id = plain(order.id);
    charge(order.id)
}

fn main() {}
