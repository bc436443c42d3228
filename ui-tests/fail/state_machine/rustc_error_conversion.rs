use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine, task};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    cents: u32,
}

#[task(lambda = "Charge")]
async fn charge(id: String) -> Result<String, Declined>;

#[task(lambda = "Refund")]
async fn refund(id: String) -> Result<(), Error>;

#[derive(sfn_core::SfnError)]
enum Declined {
    #[sfn(other)]
    Other(Error),
}

#[derive(sfn_core::SfnError)]
enum Failed {
    #[sfn(other)]
    Other(Error),
}

#[state_machine]
async fn converts(order: Order) -> Result<String, Failed> {
    charge(order.id).await?;
    Ok(order.id)
}

fn main() {}
