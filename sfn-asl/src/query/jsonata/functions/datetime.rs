//! Dates and times, and their pictures (`[Y0001]-[M01]-[D01]`), after XPath's `format-dateTime`.

mod calendar;
mod picture;

use self::calendar::{Moment, millis_of};
use self::picture::Picture;
use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome, quoted};
use super::super::item::{Item, number_text};
use super::{number_at, text_at};

/// The moments a date can be made of, in milliseconds.
const RANGE: f64 = 8.64e15;

pub(super) fn millis(machine: &Machine<'_>, _arguments: Vec<Item>) -> Outcome<Item> {
    Ok(Item::number(machine.now as f64))
}

pub(super) fn now(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    formatted(machine, machine.now as f64, text_at(&arguments, 0), text_at(&arguments, 1))
}

pub(super) fn from_millis(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(millis) = number_at(&arguments, 0) else { return Ok(Item::Undefined) };
    formatted(machine, millis, text_at(&arguments, 1), text_at(&arguments, 2))
}

fn formatted(machine: &Machine<'_>, millis: f64, picture: Option<&str>, zone: Option<&str>) -> Outcome<Item> {
    let picture = picture.unwrap_or("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]");
    machine.charge(picture.len().saturating_mul(16))?;
    let picture = Picture::read(picture)?;
    let (hours, minutes) = zone.map_or((0.0, 0.0), offset);
    let local = millis + (60.0 * hours + minutes) * 60_000.0;
    if !millis.is_finite() || local.abs() > RANGE {
        return Err(Failure::new("D1001").value(number_text(millis)));
    }
    let text = picture.format(machine, &Moment::new(local.trunc() as i64), hours, minutes)?;
    Ok(Item::text(text))
}

/// Hours and minutes of an offset such as `-0500`.
fn offset(zone: &str) -> (f64, f64) {
    let sign = usize::from(zone.starts_with(['-', '+']));
    let digits = zone[sign..].bytes().take_while(u8::is_ascii_digit).count();
    let offset: f64 = zone[..sign + digits].parse().unwrap_or(0.0);
    ((offset / 100.0).floor(), offset % 100.0)
}

pub(super) fn to_millis(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.work(text.len())?;
    match text_at(&arguments, 1) {
        Some(picture) => {
            machine.charge(picture.len().saturating_mul(64))?;
            let parsed = Picture::read(picture)?.parse(machine, text)?;
            Ok(parsed.map_or(Item::Undefined, Item::number))
        }
        None => match iso_millis(text) {
            Some(millis) => Ok(Item::number(millis)),
            None => Err(Failure::new("D3110").value(quoted(text))),
        },
    }
}

/// An ISO 8601 timestamp: a year, then month, day, time and offset as far as they are given.
///
/// One that has the form and names no moment, as the 32nd of a month, is no number.
fn iso_millis(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut number = |prefix: &str, digits: usize| -> Option<i64> {
        let after = rest.strip_prefix(prefix)?;
        let found = after.get(..digits)?;
        if !found.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        rest = &after[digits..];
        found.parse().ok()
    };
    let year = number("", 4)?;
    let month = number("-", 2).unwrap_or(1);
    let day = number("-", 2).unwrap_or(1);
    let (mut hour, mut minute, mut second) = (0, 0, 0);
    if let Some(found) = number("T", 2) {
        hour = found;
        minute = number(":", 2)?;
        second = number(":", 2)?;
    }
    let mut millis = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return None;
        }
        millis = format!("{:0<3}", &fraction[..digits.min(3)]).parse().ok()?;
        rest = &fraction[digits..];
    }
    let offset = match rest.as_bytes() {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let digits: Vec<u8> = match digits {
                [a, b, b':', c, d] | [a, b, c, d] => vec![*a, *b, *c, *d],
                _ => return None,
            };
            let digits: i64 = str::from_utf8(&digits).ok()?.parse().ok()?;
            let minutes = digits / 100 * 60 + digits % 100;
            if *sign == b'-' { -minutes } else { minutes }
        }
        _ => return None,
    };
    let valid = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (hour < 24 || (hour == 24 && minute == 0 && second == 0 && millis == 0))
        && minute < 60
        && second < 60;
    let has_form = month < 20 && day < 40 && hour < 30 && minute < 60 && second < 60;
    // A day beyond the end of its month counts on into the next.
    let moment = || millis_of(year, month - 1, day) + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millis;
    has_form.then(|| if valid { moment() as f64 } else { f64::NAN })
}
