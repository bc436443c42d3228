use sfn_core::SfnData;

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
enum Choice {
    A,
    B,
}

#[derive(SfnData, serde::Serialize, Clone)]
struct Borrowed<'a> {
    text: &'a str,
}

fn main() {}
