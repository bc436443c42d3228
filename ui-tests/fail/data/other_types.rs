use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(from = "u8", into = "u8")]
struct Cents(u8);

impl From<u8> for Cents {
    fn from(cents: u8) -> Self {
        Cents(cents)
    }
}

impl From<Cents> for u8 {
    fn from(cents: Cents) -> Self {
        cents.0
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(try_from = "u8")]
enum Code {
    Good,
}

impl TryFrom<u8> for Code {
    type Error = String;

    fn try_from(_: u8) -> Result<Self, String> {
        Ok(Code::Good)
    }
}

fn main() {}
