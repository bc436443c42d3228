use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

use std::collections::HashMap;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    counts: HashMap<u8, u8>,
}

fn main() {}
