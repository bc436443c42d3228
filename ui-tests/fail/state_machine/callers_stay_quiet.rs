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
async fn broken(order: Order) -> Result<String, Error> {
    println!("one mistake");
    Ok(order.id)
}

fn definition() {
    let _ = broken::definition();
    let _ = broken(Order { id: String::new(), cents: 0 });
    is_machine::<broken>();
}

fn is_machine<M: sfn_core::lower::Machine>() {}

fn main() {
    definition();
}
