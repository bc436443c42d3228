use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    twice: Option<Option<u8>>,
    nothing: Option<()>,
    any: Option<sfn_core::Value>,
    newtype: Option<Maybe>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Maybe(Option<u8>);

fn main() {}
