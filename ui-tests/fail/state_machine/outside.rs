//! What a run could not repeat, what has no order, and plain functions.
use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine, task};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    cents: u32,
    prices: BTreeMap<String, u32>,
}

#[task(lambda = "Charge")]
async fn charge(id: String, cents: u32) -> Result<String, Error>;

fn rounded(cents: u32) -> u32 {
    cents
}

#[state_machine]
async fn asks(order: Order) -> Result<String, Error> {
    let now = SystemTime::now();
    let id = uuid::Uuid::new_v4().to_string();
    if rand::random() {
        let names = order.prices.keys();
    }
    charge(order.id, rounded(order.cents)).await
}

fn main() {}
