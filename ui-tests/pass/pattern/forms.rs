//! Patterns as plain Rust has them, without a warning.
#![deny(warnings)]

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

const LIMIT: u32 = 10;

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub enum Currency {
    EUR,
    USD { cents: u32 },
}

#[derive(SfnError, Clone, Debug)]
pub enum PayError {
    LIMIT,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Pay")]
async fn pay(cents: u32) -> Result<u32, PayError>;

#[state_machine]
async fn forms(given: (Vec<Currency>, u32)) -> Result<u32, Error> {
    let [first, rest @ ..] = given.0.as_slice() else {
        fail!("Empty", "no money");
    };
    let paid = match pay(given.1).await {
        Ok(LIMIT) => 1,
        Ok(paid @ 0..LIMIT) => paid,
        Ok(paid) => paid - LIMIT,
        Err(PayError::LIMIT) => 0,
        Err(other) => return Err(other.into()),
    };
    let cents = match (first, rest) {
        (Currency::EUR, []) => 0,
        (Currency::EUR, [Currency::USD { cents }, ..]) if *cents > 3 => *cents,
        (Currency::USD { cents: LIMIT | 1 }, _) => 1,
        (_, [.., _]) => 2,
        (Currency::USD { cents: u32::MIN..=9 }, []) => 3,
        (Currency::USD { cents }, []) => *cents,
    };
    while let 1..=3 = paid + cents {
        pay(paid).await?;
    }
    Ok(cents)
}

fn main() {}
