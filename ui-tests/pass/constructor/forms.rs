//! Constructors by every path that names them, without a warning.
#![deny(warnings)]

use Outcome::{Expired, Paid};
use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Outcome {
    Paid { payment: String },
    Expired,
}

type Alias = Outcome;

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub enum Shape<T> {
    One(T),
    Two(T, T),
    Some(Vec<T>),
    None,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Wrapper<T>(T);

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Marker;

mod inner {
    pub use super::Shape as Form;
}

#[state_machine]
async fn outcomes(payment: String) -> Result<Vec<Outcome>, Error> {
    Ok(vec![
        Paid { payment },
        Outcome::Paid { payment: payment },
        Alias::Paid { payment: payment.to_uppercase() },
        crate::Outcome::Expired,
        Expired,
    ])
}

#[state_machine]
async fn shapes(number: u32) -> Result<(Vec<Shape<u64>>, Wrapper<Marker>, Option<Shape<String>>), Error> {
    let made = vec![
        inner::Form::One(1),
        Shape::Two(u64::from(number), 2),
        Shape::<u64>::Some(vec![]),
        Shape::None,
        self::inner::Form::Some(Vec::new()),
    ];
    Ok((made, Wrapper(Marker), Option::Some(Shape::None)))
}

fn main() {}
