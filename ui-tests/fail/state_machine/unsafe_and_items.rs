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
async unsafe fn dangerous(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine]
async extern "C" fn foreign(order: Order) -> Result<String, Error> {
    Ok(order.id)
}

#[state_machine]
async fn nested(order: Order) -> Result<String, Error> {
    fn helper() {}
    unsafe { helper() };
    Ok(order.id)
}

fn main() {}
