use serde::Serialize;
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Clone)]
struct Borrowed<'a> {
    text: &'a str,
}

fn main() {}
