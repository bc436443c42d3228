//! The crate goes by another name.
#![allow(dead_code)]

mod deep {
    pub use sfn_core as flow;
}

use deep::flow::{SfnData, SfnError, state_machine, task};

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
#[sfn(crate = crate::deep::flow)]
struct Order {
    id: String,
}

#[derive(SfnError)]
#[sfn(crate = crate::deep::flow)]
enum Failed {
    #[sfn(other)]
    Other(deep::flow::Error),
}

#[task(lambda = "Charge", crate = crate::deep::flow)]
async fn charge(id: String) -> Result<String, Failed>;

#[state_machine(crate = crate::deep::flow)]
async fn order_saga(order: Order) -> Result<String, deep::flow::Error> {
    Ok(charge(order.id).await?)
}

fn main() {
    order_saga::definition().unwrap();
}
