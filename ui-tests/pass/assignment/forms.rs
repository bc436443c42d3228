//! Assignments to fields and changes in place, as plain Rust has them, without a warning.
#![deny(warnings)]

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Order {
    id: String,
    counts: Vec<u32>,
    inner: Inner,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Inner {
    text: String,
    pair: (u64, Option<u8>),
}

#[task(lambda = "Name")]
async fn name(id: String) -> Result<String, Error>;

#[state_machine]
async fn forms(mut order: Order) -> Result<(Order, HashMap<String, Vec<u32>>), Error> {
    let mut lists = HashMap::new();
    let mut found = Vec::new();
    order.inner.text = name(order.id).await?;
    for count in order.counts.iter().map(|count| count / 2).collect::<Vec<_>>() {
        order.inner.pair.0 += u64::from(count);
        match count {
            0 => order.inner.pair.1 = None,
            1..5 => found.push(count),
            _ => found.extend(order.counts.iter().take(1)),
        }
        found.push(count);
    }
    order.inner.text.push_str(&order.id);
    lists.insert(name(order.inner.text).await?, found);
    Ok((order, lists))
}

fn main() {}
