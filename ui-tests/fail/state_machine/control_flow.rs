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
    let mut id = order.id;
    loop {
        id = order.id;
    }
    if true {
        charge(id).undo(|id| refund(id)).await?;
    }
    let pair = (id, { id = order.id; 1 });
    for id in order.id {
        charge((break, id)).await?;
    }
    order.id = id;
    match charge(id).await {
        Ok(_) if charge(id).await? == id => {}
        Err(error) if true => {}
        result => {}
    }
    let late = async { 1 };
    let function = || 1;
    let data = Err(Error::new("A", "b"));
    fail!("A", "b {");
    fail!();
}

#[state_machine]
async fn pauses(order: Order) -> Result<(), Error> {
    sleep(order).await;
    sleep(secs()).await;
    charge(order.id).timeout(order.cents).await?;
    #[state(5)]
    if true {}
    return Ok(());
    if true {}
}

fn main() {}
