//! Methods, closures and branches inside of expressions, as plain Rust has them, without a warning.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub enum Line {
    Sold { cents: u64, tags: Vec<String> },
    Gift(Option<String>),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Order {
    id: String,
    note: Option<String>,
    lines: Vec<Line>,
}

#[task(lambda = "Name")]
async fn name(id: String) -> Result<String, Error>;

#[state_machine]
async fn forms(order: Order) -> Result<(u64, Vec<String>, Vec<u8>, String), Error> {
    let note = order.note.clone().ok_or_else(|| Error::new("NoNote", order.id))?;
    let first = order.lines.first().cloned().ok_or(Error::new("Empty", "no lines"))?;
    if matches!(first, Line::Gift(None)) || order.lines.iter().all(|line| matches!(line, Line::Gift(_))) {
        fail!("NothingSold", "{note}");
    }
    let total = order.lines.iter().fold(0, |sum, line| match line {
        Line::Sold { cents, .. } => sum + cents,
        Line::Gift(_) => sum,
    });
    let tags: Vec<String> = order
        .lines
        .iter()
        .filter_map(|line| if let Line::Sold { tags, .. } = line { tags.first().cloned() } else { None })
        .collect();
    let small = u8::try_from(total).unwrap_or(u8::MAX);
    let sizes = vec![small; tags.len()];
    let text = name(order.note.map_or("none".to_string(), |note| note.trim().to_string())).await?;
    Ok((total.checked_sub(1).unwrap_or_default().max(3), tags, sizes, text))
}

fn main() {}
