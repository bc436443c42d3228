use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(untagged)]
enum Whole {
    Number(u8),
    Text(String),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum Last {
    Known {
        id: u8,
    },
    #[serde(untagged)]
    Unknown {
        name: String,
    },
}

fn main() {}
