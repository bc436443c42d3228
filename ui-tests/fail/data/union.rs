use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Clone, Copy)]
union Either {
    one: u8,
    other: i8,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Never {}

fn main() {}
