//! Strings.

use std::fmt::Write;

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome, push_quoted};
use super::super::item::{Item, Items, number_text};
use super::{number_at, text_at};
use crate::value::{Array, Key, Number, Object, Value};

pub(super) fn string(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let pretty = matches!(arguments.get(1), Some(Item::Json(Value::Bool(true))));
    match &arguments[0] {
        Item::Undefined => Ok(Item::Undefined),
        item @ Item::Json(Value::String(_)) => Ok(item.clone()),
        item => {
            let text = string_of(machine, item, pretty)?;
            machine.charge(64 + text.len())?;
            Ok(Item::text(text))
        }
    }
}

/// A value as text: JSON text of what is no string.
pub(in super::super) fn string_of(machine: &Machine<'_>, item: &Item, pretty: bool) -> Outcome<String> {
    match item {
        Item::Json(Value::String(text)) => Ok(text.as_str().to_owned()),
        Item::Json(Value::Number(number)) => Ok(json_number(number)),
        Item::Function(_) | Item::Undefined | Item::TailCall(_) => Ok(String::new()),
        Item::NonFinite(_) => Err(Failure::new("D3001").value("null")),
        Item::List(list) if list.flags.outer => {
            string_of(machine, list.items.first().unwrap_or(&Item::Undefined), pretty)
        }
        _ => print(machine, item, pretty),
    }
}

/// Numbers keep 15 significant digits, so that `0.1 + 0.2` reads `0.3`.
pub(in super::super) fn json_number(number: &Number) -> String {
    if number.is_integer()
        && let Some(integer) = number.as_i64()
    {
        return integer.to_string();
    }
    let text = number_text(number.as_f64());
    let digits = text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    if digits <= 15 { text } else { number_text(rounded(number.as_f64())) }
}

pub(super) fn rounded(number: f64) -> f64 {
    if number.fract() == 0.0 { number } else { format!("{number:.14e}").parse().unwrap_or(number) }
}

enum Open {
    Array(Array, usize),
    Object(Object, usize),
    Items(Items, usize),
    Members(Vec<(Key, Item)>, usize),
}

/// The JSON text of a value, without recursion.
fn print(machine: &Machine<'_>, item: &Item, pretty: bool) -> Outcome<String> {
    let mut out = String::new();
    let mut open: Vec<Open> = Vec::new();
    let mut current = Some(item.clone());
    let mut first = true;
    loop {
        machine.work(4)?;
        if let Some(item) = current.take() {
            first = true;
            match item {
                Item::Json(Value::Array(array)) => {
                    out.push('[');
                    open.push(Open::Array(array, 0));
                }
                Item::Json(Value::Object(object)) => {
                    out.push('{');
                    open.push(Open::Object(object, 0));
                }
                Item::Record(record) => {
                    out.push('{');
                    open.push(Open::Members(record.members.clone(), 0));
                }
                Item::Json(Value::Number(number)) => {
                    match number.as_i64().filter(|_| number.is_integer()) {
                        Some(integer) => {
                            let _ = write!(out, "{integer}");
                        }
                        None => out.push_str(&json_number(&number)),
                    }
                    first = false;
                }
                Item::Json(Value::String(text)) => {
                    machine.charge(text.json_size())?;
                    push_quoted(&text, &mut out);
                    first = false;
                }
                Item::Json(value) => {
                    let _ = write!(out, "{value}");
                    first = false;
                }
                item @ Item::NonFinite(_) => {
                    item.numeric()?;
                    out.push_str("null");
                    first = false;
                }
                Item::Function(_) => {
                    out.push_str("\"\"");
                    first = false;
                }
                Item::Undefined | Item::TailCall(_) | Item::Tuples(_) => {
                    out.push_str("null");
                    first = false;
                }
                Item::List(list) => {
                    out.push('[');
                    open.push(Open::Items(Items::List(list), 0));
                }
            }
        }
        let depth = open.len();
        let Some(container) = open.last_mut() else { return Ok(out) };
        let (next, key) = match container {
            Open::Array(array, index) => {
                *index += 1;
                (array.get(*index - 1).map(|value| Item::Json(value.clone())), None)
            }
            Open::Items(items, index) => {
                *index += 1;
                ((*index <= items.len()).then(|| items.get(*index - 1)), None)
            }
            Open::Object(object, index) => {
                *index += 1;
                let member = object.as_slice().get(*index - 1);
                (member.map(|(_, value)| Item::Json(value.clone())), member.map(|(key, _)| key.clone()))
            }
            Open::Members(members, index) => {
                *index += 1;
                let member = members.get(*index - 1);
                (member.map(|(_, item)| item.clone()), member.map(|(key, _)| key.clone()))
            }
        };
        let line = |out: &mut String, depth: usize| {
            if pretty {
                out.push('\n');
                out.extend(std::iter::repeat_n("  ", depth));
            }
        };
        machine.charge(4 + key.as_ref().map_or(0, |key| key.len()) + if pretty { 2 * depth } else { 0 })?;
        match next {
            Some(item) => {
                if !first {
                    out.push(',');
                }
                line(&mut out, depth);
                if let Some(key) = key {
                    push_quoted(&key, &mut out);
                    out.push_str(if pretty { ": " } else { ":" });
                }
                current = Some(item);
            }
            None => {
                let close = if matches!(container, Open::Array(..) | Open::Items(..)) { ']' } else { '}' };
                open.pop();
                if !first {
                    line(&mut out, depth - 1);
                }
                out.push(close);
                first = false;
            }
        }
    }
}

pub(super) fn substring(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.work(text.len() / 16)?;
    let length = text.chars().count() as f64;
    let Some(mut start) = number_at(&arguments, 1) else {
        // Without a start the end cannot be told, and is then 0.
        return Ok(if number_at(&arguments, 2).is_some() { Item::text("") } else { arguments[0].clone() });
    };
    if length + start < 0.0 {
        start = 0.0;
    }
    let end = match number_at(&arguments, 2) {
        Some(count) if count <= 0.0 => return Ok(Item::text("")),
        Some(count) if start >= 0.0 => start + count,
        Some(count) => length + start + count,
        None => length,
    };
    let place = |index: f64| {
        let index = if index.is_nan() { 0.0 } else { index.trunc() };
        if index < 0.0 { (length + index).max(0.0) } else { index.min(length) }
    };
    let (start, end) = (place(start) as usize, place(end) as usize);
    let part: String = text.chars().skip(start).take(end.saturating_sub(start)).collect();
    machine.charge(64 + part.len())?;
    Ok(Item::text(part))
}

pub(super) fn substring_before(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    around(machine, &arguments, |text, at, _| &text[..at])
}

pub(super) fn substring_after(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    around(machine, &arguments, |text, at, length| &text[at + length..])
}

fn around(machine: &Machine<'_>, arguments: &[Item], part: fn(&str, usize, usize) -> &str) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    let sought = text_at(arguments, 1).unwrap_or("undefined");
    machine.work(text.len() / 16)?;
    match text.find(sought) {
        Some(at) => {
            let part = part(text, at, sought.len());
            machine.charge(64 + part.len())?;
            Ok(Item::text(part))
        }
        None => Ok(arguments[0].clone()),
    }
}

pub(super) fn lowercase(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(64 + text.len() * 2)?;
    Ok(Item::text(text.to_lowercase()))
}

pub(super) fn uppercase(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(64 + text.len() * 2)?;
    Ok(Item::text(text.to_uppercase()))
}

pub(super) fn length(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.work(text.len() / 16)?;
    Ok(Item::number(text.chars().count() as f64))
}

/// Blanks at the ends go, those within become one.
pub(super) fn trim(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(64 + text.len())?;
    let words = text.split([' ', '\t', '\n', '\r']).filter(|word| !word.is_empty());
    let mut out = String::with_capacity(text.len());
    for word in words {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Ok(Item::text(out))
}

pub(super) fn pad(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let width = number_at(&arguments, 1).unwrap_or(0.0).trunc();
    let filler = text_at(&arguments, 2).filter(|filler| !filler.is_empty()).unwrap_or(" ");
    let missing = width.abs() - text.chars().count() as f64;
    if missing.is_nan() || missing <= 0.0 {
        return Ok(arguments[0].clone());
    }
    if missing >= 1e15 {
        return Err(Failure::memory());
    }
    let missing = missing as usize;
    machine.charge(missing.saturating_mul(filler.len().div_ceil(filler.chars().count())).saturating_add(text.len()))?;
    let padding = filler.chars().cycle().take(missing);
    let padded: String =
        if width > 0.0 { text.chars().chain(padding).collect() } else { padding.chain(text.chars()).collect() };
    Ok(Item::text(padded))
}

pub(super) fn join(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let separator = text_at(&arguments, 1).unwrap_or("");
    let mut out = String::new();
    for (index, item) in items.iter().enumerate() {
        let text = item.as_str().unwrap_or_default();
        machine.charge(text.len() + separator.len() + 1)?;
        if index > 0 {
            out.push_str(separator);
        }
        out.push_str(text);
    }
    Ok(Item::text(out))
}
