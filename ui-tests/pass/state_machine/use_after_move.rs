//! Reads are copies: a value can be used as often as one likes, before and after it was passed on.
use sfn_core::prelude::*;

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Order {
    id: String,
    inner: Inner,
}

#[derive(SfnData, serde::Serialize, serde::Deserialize, Clone)]
struct Inner {
    names: Vec<String>,
}

#[task(lambda = "A")]
async fn take(order: Order, names: Vec<String>) -> Result<Inner, Error>;

#[state_machine]
async fn uses(order: Order) -> Result<(Order, Inner, Inner), Error> {
    let first = take(order, order.inner.names).undo(|inner| take(order, inner.names)).await?;
    let again = order;
    let second = take(again, first.names).await?;
    let third = first;
    Ok((order, third, second))
}

fn main() {
    uses::definition().unwrap();
}
