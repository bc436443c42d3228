use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    note: Option<String>,
    counts: Vec<u32>,
    by_key: BTreeMap<String, u32>,
    cents: u32,
}

#[state_machine]
async fn alternatives(order: Order) -> Result<u32, Error> {
    let note = order.note.unwrap();
    let other = order.note.expect("a note");
    let result = order.note.ok_or(Error::new("NoNote", ""));
    let keys = order.by_key.keys().cloned().collect::<Vec<_>>();
    let power = order.cents.pow(2);
    let wrapped = order.cents.wrapping_add(1);
    let clamped = order.cents.clamp(1, 2);
    let parsed = order.id.parse::<u32>();
    let best = order.counts.iter().max_by_key(|count| **count);
    order.counts.iter().for_each(|count| ());
    let pair = order.counts.iter().fold(0, |sum| sum);
    let lazy = order.note.unwrap_or_else(|x| x);
    let block = order.counts.iter().map(|count| { let twice = count * 2; twice + 1 }).collect::<Vec<_>>();
    let small = u8::try_from(order.cents);
    let steps = order.counts.iter().any(|count| match count { 0 => return Ok(1), _ => true });
    Ok(order.cents)
}

fn main() {}
