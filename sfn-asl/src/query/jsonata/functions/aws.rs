//! What Step Functions adds to JSONata.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome};
use super::super::item::{Item, List};
use super::{number_at, text_at};
use crate::query::Random;
use crate::value::Value;

/// `$partition(array, size)`: chunks of `size` items, the last one with what is left.
pub(super) fn partition(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let Some(size) = number_at(&arguments, 1) else { return Ok(Item::Undefined) };
    let size = size.floor();
    if size.is_nan() || size < 1.0 {
        return refused("partition", 2, &arguments[1]);
    }
    let size = size.min(1e9) as usize;
    machine.charge_items(items.len().saturating_mul(2))?;
    let chunks = (0..items.len())
        .step_by(size)
        .map(|start| {
            List::plain((start..items.len().min(start.saturating_add(size))).map(|at| items.get(at)).collect())
        })
        .collect::<Outcome<Vec<Item>>>()?;
    List::plain(chunks)
}

/// `$range(first, last, step)`: both ends included.
pub(super) fn range(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let number = |index| number_at(&arguments, index).map(f64::floor);
    let (Some(first), Some(last), Some(step)) = (number(0), number(1), number(2)) else { return Ok(Item::Undefined) };
    if step == 0.0 || !step.is_finite() {
        return refused("range", 3, &arguments[2]);
    }
    let count = ((last - first) / step).floor() + 1.0;
    if count.is_nan() || count < 1.0 {
        return List::plain(Vec::new());
    }
    if count > 1e7 {
        return Err(Failure::new("D2014").value(super::super::item::number_text(count)));
    }
    let count = count as usize;
    machine.charge_items(count)?;
    List::plain((0..count).map(|index| Item::number(first + step * index as f64)).collect())
}

/// `$hash(data, algorithm)`: hexadecimal digits.
pub(super) fn hash(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(data) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let Some(algorithm) = text_at(&arguments, 1) else { return Ok(Item::Undefined) };
    machine.work(data.len() / 4)?;
    let digest = match algorithm {
        "MD5" => Md5::digest(data).to_vec(),
        "SHA-1" => Sha1::digest(data).to_vec(),
        "SHA-256" => Sha256::digest(data).to_vec(),
        "SHA-384" => Sha384::digest(data).to_vec(),
        "SHA-512" => Sha512::digest(data).to_vec(),
        _ => return refused("hash", 2, &arguments[1]),
    };
    Ok(Item::text(digest.iter().map(|byte| format!("{byte:02x}")).collect::<String>()))
}

/// `$random([seed])`: the same seed gives the same number.
pub(super) fn random(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Ok(Item::number(match number_at(&arguments, 0) {
        Some(seed) => Random::new(seed.floor().to_bits()).next_f64(),
        None => machine.random.next_f64(),
    }))
}

/// `$uuid()`: a random UUID.
pub(super) fn uuid(machine: &Machine<'_>, _arguments: Vec<Item>) -> Outcome<Item> {
    Ok(Item::text(machine.random.next_uuid()))
}

/// `$parse(text)`: the value a JSON text stands for.
pub(super) fn parse(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    // A value takes some times the room of its shortest text.
    machine.charge(text.len().saturating_mul(16))?;
    Value::parse(text)
        .map(Item::Json)
        .map_err(|error| Failure::new("D3137").text(format!("The argument of $parse is no JSON text: {error}")))
}

fn refused(function: &str, index: usize, value: &Item) -> Outcome<Item> {
    Err(Failure::new("T0410").token(function).index(index).value(value.shown()))
}
