use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
    #[serde(rename = "open")]
    Opened,
    Http,
    HTTP,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: u8,
    #[serde(rename = "id")]
    number: u8,
}

fn main() {}
