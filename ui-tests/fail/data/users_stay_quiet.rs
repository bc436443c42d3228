use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

use sfn_core::{Error, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(untagged)]
enum Id {
    Number(u8),
    Text(String),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: Option<Id>,
    ids: Vec<Id>,
}

#[state_machine]
async fn first(order: Order) -> Result<Option<Id>, Error> {
    Ok(order.id)
}

fn main() {}
