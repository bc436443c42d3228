use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
struct Tagged {
    id: String,
}

fn main() {}
