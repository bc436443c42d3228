use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Address {
    id: u8,
    city: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    #[serde(rename = "city")]
    from: String,
    #[serde(flatten)]
    to: Address,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Two {
    #[serde(flatten)]
    one: Address,
    #[serde(flatten)]
    other: Address,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "id")]
enum Place {
    Known(Address),
    Described {
        #[serde(flatten)]
        address: Address,
    },
}

fn main() {}
