use sfn_core::SfnData;

#[derive(SfnData, Clone)]
struct Order {
    id: String,
}

#[derive(SfnData, serde::Serialize, Clone)]
enum State {
    Open,
}

fn main() {}
