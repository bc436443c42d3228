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
async fn undo(order: Order) -> Result<String, Error> {
    charge(order.id).undo(refund).await?;
    charge(order.id).undo(|id| refund(id).await).await?;
    charge(order.id).undo(|id| { refund(id) }).await?;
    charge(order.id).undo(async |id| refund(id)).await?;
    charge(order.id).undo(|id| refund(charge(id).await?)).await?;
    charge(order.id).undo(|id| refund(id)).undo(|id| refund(id)).await?;
    charge(order.id).undo().await?;
    charge(order.id).undo(|(a, b)| refund(a)).await?;
    Ok(order.id)
}

fn main() {}
