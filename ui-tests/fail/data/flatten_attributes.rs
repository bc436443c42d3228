use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Order {
    #[serde(flatten)]
    address: Address,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Parcel {
    #[serde(flatten, default)]
    address: Address,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Default)]
struct Address {
    city: String,
}

fn main() {}
