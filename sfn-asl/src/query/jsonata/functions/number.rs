//! Numbers.

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome};
use super::super::item::{Item, number_text};
use super::integer_picture::IntegerPicture;
use super::number_picture::format;
use super::{number_at, text_at};
use crate::value::Value;

/// The numbers of the first argument; `None` where there is no argument.
fn numbers(machine: &Machine<'_>, arguments: &[Item]) -> Outcome<Option<Vec<f64>>> {
    let Some(items) = arguments[0].list() else { return Ok(None) };
    machine.work(items.len())?;
    machine.charge(items.len() / 4)?;
    Ok(Some(items.iter().filter_map(|item| item.as_f64()).collect()))
}

pub(super) fn sum(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Ok(numbers(machine, &arguments)?.map_or(Item::Undefined, |numbers| Item::number(numbers.iter().sum::<f64>() + 0.0)))
}

pub(super) fn max(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    extreme(machine, &arguments, f64::max)
}

pub(super) fn min(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    extreme(machine, &arguments, f64::min)
}

fn extreme(machine: &Machine<'_>, arguments: &[Item], choose: fn(f64, f64) -> f64) -> Outcome<Item> {
    let numbers = numbers(machine, arguments)?.unwrap_or_default();
    Ok(numbers.into_iter().reduce(choose).map_or(Item::Undefined, Item::number))
}

pub(super) fn average(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match numbers(machine, &arguments)? {
        Some(numbers) if !numbers.is_empty() => Ok(Item::number(numbers.iter().sum::<f64>() / numbers.len() as f64)),
        _ => Ok(Item::Undefined),
    }
}

pub(super) fn number(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let refuse = || Err(Failure::new("D3030").index(1).value(arguments[0].shown()));
    match &arguments[0] {
        Item::Json(Value::Bool(value)) => Ok(Item::number(f64::from(u8::from(*value)))),
        Item::Json(Value::String(text)) => match cast(text) {
            Some(number) => Ok(Item::number(number)),
            None => refuse(),
        },
        Item::Undefined => Ok(Item::Undefined),
        item if item.as_f64().is_some() => Ok(item.clone()),
        _ => refuse(),
    }
}

/// The number a text stands for: decimal, or with the prefix `0x`, `0o`, `0b`.
fn cast(text: &str) -> Option<f64> {
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let plain = digits.starts_with(|first: char| first.is_ascii_digit())
                && digits.ends_with(|last: char| last.is_ascii_digit())
                && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
                && !digits.contains(".e")
                && !digits.contains(".E");
            return text.parse().ok().filter(|number: &f64| plain && number.is_finite());
        }
    };
    let digits = &text[2..];
    if digits.is_empty() {
        return None;
    }
    digits.chars().try_fold(0.0, |sum, digit| Some(sum * f64::from(radix) + f64::from(digit.to_digit(radix)?)))
}

/// A function of one number.
fn one(arguments: &[Item], function: fn(f64) -> f64) -> Outcome<Item> {
    Ok(number_at(arguments, 0).map_or(Item::Undefined, |number| Item::number(function(number))))
}

pub(super) fn floor(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    one(&arguments, f64::floor)
}

pub(super) fn ceil(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    one(&arguments, f64::ceil)
}

pub(super) fn abs(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    one(&arguments, f64::abs)
}

pub(super) fn sqrt(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match number_at(&arguments, 0) {
        Some(number) if number < 0.0 => Err(Failure::new("D3060").index(1).value(number_text(number))),
        _ => one(&arguments, f64::sqrt),
    }
}

pub(super) fn power(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(base) = number_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let exponent = number_at(&arguments, 1).unwrap_or(f64::NAN);
    let result = base.powf(exponent);
    if result.is_finite() && !exponent.is_nan() {
        return Ok(Item::number(result));
    }
    let shown = if exponent.is_nan() { "undefined".to_owned() } else { number_text(exponent) };
    Err(Failure::new("D3061").index(1).value(number_text(base)).value2(shown))
}

pub(super) fn round(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let precision = number_at(&arguments, 1).unwrap_or(0.0);
    Ok(number_at(&arguments, 0).map_or(Item::Undefined, |number| Item::number(half_even(number, precision))))
}

/// Rounds to `precision` decimal places, halves to the even neighbour.
pub(super) fn half_even(number: f64, precision: f64) -> f64 {
    // Powers of ten go through the text: multiplying by them would move the halves.
    let shift = |number: f64, places: f64| -> f64 {
        let text = number_text(number);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent = exponent.parse::<f64>().unwrap_or(0.0) + places;
        format!("{mantissa}e{exponent}").parse().unwrap_or(f64::NAN)
    };
    let precision = precision.trunc().clamp(-400.0, 400.0);
    let shifted = if precision == 0.0 { number } else { shift(number, precision) };
    if !shifted.is_finite() {
        return number;
    }
    let mut result = (shifted + 0.5).floor();
    if shifted.abs() >= 4_503_599_627_370_496.0 || shifted.fract() == 0.0 {
        result = shifted;
    }
    if (result - shifted).abs() == 0.5 && (result % 2.0).abs() == 1.0 {
        result -= 1.0;
    }
    if precision == 0.0 { result + 0.0 } else { shift(result, -precision) + 0.0 }
}

pub(super) fn format_base(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(number) = number_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let number = half_even(number, 0.0);
    let radix = half_even(number_at(&arguments, 1).unwrap_or(10.0), 0.0);
    if !(2.0..=36.0).contains(&radix) {
        return Err(Failure::new("D3100").value(number_text(radix)));
    }
    if radix == 10.0 || !number.is_finite() {
        return Ok(Item::text(number_text(number)));
    }
    let mut digits = Vec::new();
    let mut rest = number.abs();
    while rest >= 1.0 {
        digits.push(char::from_digit((rest % radix) as u32, radix as u32).unwrap_or('0'));
        rest = (rest / radix).floor();
    }
    if digits.is_empty() {
        digits.push('0');
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(Item::text(digits.into_iter().rev().collect::<String>()))
}

pub(super) fn format_number(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(number) = number_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let picture = text_at(&arguments, 1).unwrap_or_default();
    machine.charge(picture.len().saturating_mul(4) + 512)?;
    let options = arguments.get(2).and_then(Item::members).unwrap_or_default();
    Ok(Item::text(format(machine, number, picture, &options)?))
}

pub(super) fn format_integer(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(number) = number_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let picture = text_at(&arguments, 1).unwrap_or_default();
    machine.charge(picture.len().saturating_mul(8) + 256)?;
    Ok(Item::text(IntegerPicture::read(picture)?.format(machine, number.floor())?))
}

pub(super) fn parse_integer(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let picture = text_at(&arguments, 1).unwrap_or_default();
    machine.charge(text.len() + picture.len())?;
    match IntegerPicture::read(picture)?.parse(text)? {
        Some(number) => Ok(Item::number(number)),
        None => Ok(Item::number(f64::NAN)),
    }
}
