use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

use std::collections::BTreeMap;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum State {
    Number(u8),
}

fn main() {}
