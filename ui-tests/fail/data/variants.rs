use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum State {
    Open,
    #[serde(skip)]
    Hidden,
    #[serde(skip_serializing)]
    Old,
    #[serde(alias = "Done")]
    Closed,
    #[serde(other)]
    Unknown,
}

fn main() {}
