use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

use sfn_core::Value;

mod text {
    pub fn serialize<S: serde::Serializer>(number: &u8, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&number.to_string())
    }
    pub fn deserialize<'de, D: serde::Deserializer<'de>>(_: D) -> Result<u8, D::Error> {
        Ok(0)
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    #[serde(with = "text")]
    both: u8,
    #[serde(serialize_with = "text::serialize")]
    written: u8,
    #[serde(deserialize_with = "text::deserialize")]
    read: u8,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum State {
    #[serde(with = "text")]
    Open(u8),
}

fn main() {
    let _: Option<Value> = None;
}
