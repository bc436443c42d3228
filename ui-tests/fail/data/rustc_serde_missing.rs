use sfn_core::SfnData;

#[derive(SfnData, Clone)]
struct Order {
    id: String,
}

fn main() {}
