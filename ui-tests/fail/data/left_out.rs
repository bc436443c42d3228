use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    items: Vec<String>,
    #[serde(default = "standard", skip_serializing_if = "Option::is_none")]
    shipping: Option<String>,
}

fn standard() -> Option<String> {
    Some("standard".into())
}

#[derive(SfnData, Serialize, Deserialize, Clone, Default)]
#[serde(default)]
struct Parcel {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

fn main() {}
