//! Branches, loops and errors, names of the standard library shadowed.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: String,
    paid: bool,
    note: Option<String>,
    ids: Vec<String>,
}

#[derive(SfnError)]
enum Failed {
    Declined { reason: String },
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Charge")]
async fn charge(id: String) -> Result<String, Failed>;

#[state_machine]
async fn shop(order: Order) -> Result<String, Error> {
    let mut last = order.id;
    let kept;
    'all: for id in order.ids {
        loop {
            match charge(id).await {
                Ok(receipt) => {
                    last = receipt;
                    continue 'all;
                }
                Err(Failed::Declined { reason }) => fail!("Declined", "{reason}"),
                Err(error) => return Err(error.into()),
            }
        }
    }
    if order.paid {
        kept = last;
    } else {
        sleep(minutes(5)).await;
        kept = charge(last).timeout(secs(5)).await?;
    }
    while let Some(note) = order.note {
        return Ok(note);
    }
    let Some(note) = order.note else { return Ok(kept) };
    Ok(if order.paid { note } else { kept })
}

fn main() {
    shop::definition().unwrap();
}
