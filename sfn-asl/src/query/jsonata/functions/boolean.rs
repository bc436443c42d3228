//! Truth, existence, types and deliberate errors.

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome};
use super::super::item::Item;
use super::text_at;
use crate::value::Value;

pub(super) fn boolean(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match &arguments[0] {
        Item::Undefined => Ok(Item::Undefined),
        item => machine.truth(item).map(Item::bool),
    }
}

pub(super) fn not(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match &arguments[0] {
        Item::Undefined => Ok(Item::Undefined),
        item => machine.truth(item).map(|value| Item::bool(!value)),
    }
}

pub(super) fn exists(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Ok(Item::bool(!arguments[0].is_undefined()))
}

pub(super) fn type_of(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Ok(match &arguments[0] {
        Item::Undefined | Item::TailCall(_) => Item::Undefined,
        Item::Json(value) => Item::text(value.type_name()),
        item @ Item::NonFinite(_) => Item::text(if item.numeric()?.is_some() { "number" } else { "object" }),
        Item::List(_) | Item::Tuples(_) => Item::text("array"),
        Item::Record(_) => Item::text("object"),
        Item::Function(_) => Item::text("function"),
    })
}

pub(super) fn error(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Err(Failure::new("D3137").text(stated(text_at(&arguments, 0), "$error() function evaluated")))
}

pub(super) fn assert(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    if let Some(Item::Json(Value::Bool(true))) = arguments.first() {
        return Ok(Item::Undefined);
    }
    Err(Failure::new("D3141").text(stated(text_at(&arguments, 1), "$assert() statement failed")))
}

fn stated<'a>(message: Option<&'a str>, default: &'a str) -> &'a str {
    message.filter(|message| !message.is_empty()).unwrap_or(default)
}
