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

#[derive(Clone)]
struct Opaque;

#[derive(Clone)]
struct Holder {
    opaque: Opaque,
}

const HOLDER: Holder = Holder { opaque: Opaque };

#[state_machine]
async fn no_data(order: Order) -> Result<String, Error> {
    let opaque = HOLDER;
    Ok(order.id)
}

#[state_machine]
async fn no_data_in(opaque: Opaque) -> Result<String, Error> {
    Ok("a".to_string())
}

#[state_machine]
async fn no_data_out(order: Order) -> Result<Opaque, Error> {
    charge(order.id).await?;
    Ok(Opaque)
}

fn main() {}
