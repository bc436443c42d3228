use std::collections::BTreeMap;

use sfn_core::{Error, state_machine};

#[state_machine]
async fn map_is_iterated(map: BTreeMap<String, u32>) -> Result<u64, Error> {
    Ok(map.iter().count() as u64)
}

#[state_machine]
async fn text_is_checked(text: String) -> Result<(Option<u32>, String), Error> {
    Ok((text.checked_add(1), text))
}

#[state_machine]
async fn float_is_narrowed(float: f64) -> Result<(Option<u32>, f64), Error> {
    Ok((u32::try_from(float).ok(), float))
}

#[state_machine]
async fn unsigned_is_absolute(number: u32) -> Result<u32, Error> {
    Ok(number.abs())
}

#[state_machine]
async fn greater_float(float: f64) -> Result<f64, Error> {
    Ok(float.max(1.0))
}

fn main() {}
