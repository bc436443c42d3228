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
async fn generic<T: Clone>(order: T) -> Result<String, Error> {
    charge("a".to_string()).await
}

#[state_machine]
async fn bounded(order: Order) -> Result<String, Error>
where
    Order: Clone,
{
    charge(order.id).await
}

fn main() {}
