use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    counts: Vec<u32>,
    by_key: BTreeMap<String, u32>,
}

#[state_machine]
async fn not_mutable(order: Order) -> Result<Order, Error> {
    order.id = "x".to_string();
    Ok(order)
}

#[state_machine]
async fn not_mutable_list(order: Order) -> Result<Order, Error> {
    order.counts.push(1);
    Ok(order)
}

#[state_machine]
async fn no_such_field(mut order: Order) -> Result<Order, Error> {
    order.idd = "x".to_string();
    Ok(order)
}

#[state_machine]
async fn other_type(mut order: Order) -> Result<Order, Error> {
    order.id = 5;
    Ok(order)
}

#[state_machine]
async fn other_item(mut order: Order) -> Result<Order, Error> {
    order.counts.push("x".to_string());
    Ok(order)
}

#[state_machine]
async fn no_list(mut order: Order) -> Result<Order, Error> {
    order.by_key.push(1);
    Ok(order)
}

#[state_machine]
async fn other_value(mut order: Order) -> Result<Order, Error> {
    order.by_key.insert("a".to_string(), "b".to_string());
    Ok(order)
}

fn main() {}
