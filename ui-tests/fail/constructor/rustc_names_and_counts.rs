use serde::{Deserialize, Serialize};
use sfn_core::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Outcome {
    Paid { payment: String },
    Rejected(String, u32),
    Expired,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Wrapper(u32);

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Bill {
    payment: String,
    cents: u32,
}

#[state_machine]
async fn unknown_variant(_: ()) -> Result<Outcome, Error> {
    Ok(Outcome::Payed)
}

#[state_machine]
async fn unknown_field(text: String) -> Result<Outcome, Error> {
    Ok(Outcome::Paid { paymnt: text })
}

#[state_machine]
async fn missing_field(text: String) -> Result<(Outcome, String), Error> {
    Ok((Outcome::Paid {}, text))
}

#[state_machine]
async fn too_few(text: String) -> Result<Outcome, Error> {
    Ok(Outcome::Rejected(text))
}

#[state_machine]
async fn too_many(text: String) -> Result<(Wrapper, String), Error> {
    Ok((Wrapper(1, 2), text))
}

#[state_machine]
async fn other_type(text: String) -> Result<Wrapper, Error> {
    Ok(Wrapper(text))
}

#[state_machine]
async fn no_call(text: String) -> Result<(Outcome, String), Error> {
    Ok((Outcome::Expired(text), text))
}

#[state_machine]
async fn misspelt_struct(text: String) -> Result<Bill, Error> {
    Ok(Bill { paymet: text, cents: 1 })
}

#[state_machine]
async fn misspelt_read(bill: Bill) -> Result<(String, u32), Error> {
    Ok((bill.paymet, bill.cents))
}

fn main() {}
