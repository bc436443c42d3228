use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Page<T> {
    items: Vec<T>,
    next: Option<T>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Pages {
    numbers: Page<u8>,
    options: Page<Option<u8>>,
}

fn main() {}
