use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
struct Tagged {
    id: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Fields {
    #[serde(flatten)]
    inner: Inner,
    #[serde(alias = "two")]
    second: String,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    third: String,
    #[serde(skip)]
    fourth: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    fifth: Vec<String>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Inner {
    id: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Pair(#[serde(default)] String, u8);

fn main() {}
