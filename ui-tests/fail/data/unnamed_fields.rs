use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Pair(#[serde(skip)] u8, #[serde(default)] String);

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Either {
    One(u8, #[serde(default)] u8),
}

fn main() {}
