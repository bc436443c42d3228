use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum State {
    Open {
        #[serde(rename = "type")]
        kind: String,
    },
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "t", content = "t")]
enum Event {
    One(u8),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum Pair {
    Two(u8, u8),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent, rename_all = "camelcase")]
struct Two {
    one: u8,
    other: u8,
}

fn main() {}
