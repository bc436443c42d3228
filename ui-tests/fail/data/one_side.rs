use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all(serialize = "camelCase", deserialize = "snake_case"))]
struct Order {
    order_id: u8,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    third: u8,
    #[serde(rename(deserialize = "c"))]
    fourth: u8,
    #[serde(skip_serializing)]
    secret: u8,
    #[serde(skip_deserializing)]
    computed: u8,
    #[serde(alias = "two")]
    second: u8,
}

fn main() {}
