//! Forms that rustc infers through the gates, without a warning, and with names of the prelude taken by others.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use sfn_core::{SfnData, state_machine};

#[allow(dead_code)]
enum Vec {
    Own,
}
#[allow(dead_code)]
trait Iterator {}

const LIMIT: u32 = 3;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    cents: u32,
    note: Option<String>,
    counts: std::vec::Vec<u32>,
    pairs: std::vec::Vec<(String, u32)>,
}

#[state_machine]
async fn forms(order: Order) -> Result<(bool, u64, String, std::vec::Vec<u32>), sfn_core::Error> {
    let minute = 60 * 60;
    let total: u32 = order.counts.iter().sum();
    let late = minute + 1;
    let any = order.pairs.iter().any(|(name, count)| name == "x" && *count > LIMIT && 1 < *count);
    let large = order.counts.iter().filter(|&count| *count > LIMIT).map(|count| count * 2).collect();
    let note = order.note.as_deref().unwrap_or("none").to_uppercase();
    let text = format!("{note}: {} of {late}", order.cents - total);
    let other = order.clone();
    let wide = u64::from(other.cents) + total as u64;
    Ok((!any || order.id == text || order.note != None, wide, text, large))
}

fn main() {}
