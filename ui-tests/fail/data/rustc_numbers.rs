use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Weight {
    kilograms: f32,
    atoms: u128,
    balance: Vec<i128>,
    maybe: Option<f32>,
}

fn main() {}
