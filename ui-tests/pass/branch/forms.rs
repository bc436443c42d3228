//! Branches and maps where nothing of the standard library has its name, imported one by one or by their path.
#![deny(warnings)]
#![allow(dead_code)]

use sfn_core::task::{map, secs, sleep};
use sfn_core::{Error, SfnError, state_machine, task, try_join};

struct Option;
struct Result;
mod std {}

#[derive(SfnError, Debug)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined { reason: String },
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Say")]
async fn say(text: String) -> ::core::result::Result<String, Error>;

#[task(lambda = "Pay")]
async fn pay(cents: u32) -> ::core::result::Result<u32, PayError>;

#[state_machine]
async fn all(names: Vec<String>) -> ::core::result::Result<(String, u32, Vec<String>), Error> {
    let count = 5u32;
    let (a, b, c) = try_join!(
        say(names[0]),
        async {
            sleep(secs(5)).await;
            pay(count).await
        },
        map(names).concurrency(2).each(|i, name| async move {
            if i == 3 {
                return_early(name).await
            } else {
                match sfn_core::try_join!(say(name)) {
                    Ok((text,)) => Ok(text),
                    Err(e) => Err(e),
                }
            }
        }),
    )?;
    Ok((a, b, c))
}

#[task(lambda = "ReturnEarly")]
async fn return_early(text: String) -> ::core::result::Result<String, Error>;

fn main() {
    all::definition().unwrap();
}
