//! Objects.

use std::collections::HashSet;

use super::super::evaluate::Machine;
use super::super::failure::Outcome;
use super::super::item::{Item, List, Record};
use super::string::rounded;
use super::text_at;
use crate::value::{Key, Number, Value};

pub(super) fn keys(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut found = Vec::new();
    let mut known: HashSet<Key> = HashSet::new();
    let mut pending = vec![arguments[0].clone()];
    while let Some(item) = pending.pop() {
        machine.work(1)?;
        if let Some(items) = item.list() {
            machine.charge_items(items.len())?;
            pending.extend((0..items.len()).rev().map(|index| items.get(index)));
            continue;
        }
        for (key, _) in item.members().unwrap_or_default() {
            machine.charge_items(2)?;
            if known.insert(key.clone()) {
                found.push(Item::text(&*key));
            }
        }
    }
    List::sequence(found)
}

pub(super) fn lookup(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match text_at(&arguments, 1) {
        Some(key) => machine.name(key, &arguments[0]),
        None => Ok(Item::Undefined),
    }
}

pub(super) fn spread(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut found = Vec::new();
    let argument = &arguments[0];
    let spread = |found: &mut Vec<Item>, members: Vec<(Key, Item)>| -> Outcome<()> {
        for member in members {
            machine.charge(160)?;
            found.push(Record::object(vec![member])?);
        }
        Ok(())
    };
    if let Some(items) = argument.list() {
        let mut pending: Vec<Item> = (0..items.len()).rev().map(|index| items.get(index)).collect();
        while let Some(item) = pending.pop() {
            machine.work(1)?;
            if let Some(inner) = item.list() {
                machine.charge_items(inner.len())?;
                pending.extend((0..inner.len()).rev().map(|index| inner.get(index)));
            } else if let Some(members) = item.members() {
                spread(&mut found, members)?;
            } else {
                machine.append(&mut found, item)?;
            }
        }
        // The reference joins arrays here, which makes them arrays for good.
        return if items.len() == 0 { List::sequence(found) } else { List::plain(found) };
    }
    match argument.members() {
        Some(members) => {
            spread(&mut found, members)?;
            List::sequence(found)
        }
        None => Ok(argument.clone()),
    }
}

pub(super) fn merge(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let mut merged: Vec<(Key, Item)> = Vec::new();
    let mut places: std::collections::HashMap<Key, usize> = std::collections::HashMap::new();
    for item in items.iter() {
        for (key, value) in item.members().unwrap_or_default() {
            machine.charge(64)?;
            match places.get(&key) {
                Some(&place) => merged[place].1 = value,
                None => {
                    places.insert(key.clone(), merged.len());
                    merged.push((key, value));
                }
            }
        }
    }
    Record::object(merged)
}

pub(super) fn clone(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    match &arguments[0] {
        Item::Undefined => Ok(Item::Undefined),
        item => clone_of(machine, item).map(Item::Json),
    }
}

/// What is left of a value that went through its text: functions are empty strings, numbers have 15 digits.
pub(in super::super) fn clone_of(machine: &Machine<'_>, item: &Item) -> Outcome<Value> {
    let plain = |item: &Item| match item {
        Item::Json(Value::Number(number)) if !number.is_integer() => {
            Number::from_f64(rounded(number.as_f64())).map(Value::Number)
        }
        Item::Json(value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_))) => Some(value.clone()),
        Item::Function(_) => Some(Value::from("")),
        Item::Undefined | Item::NonFinite(_) | Item::TailCall(_) => Some(Value::Null),
        _ => None,
    };
    if let Some(value) = plain(item) {
        return Ok(value);
    }
    /// An array or object on its way.
    struct Open {
        keys: Option<Vec<Key>>,
        rest: std::vec::IntoIter<Item>,
        done: Vec<Value>,
    }
    let open = |item: &Item| -> Outcome<Open> {
        let (keys, items) = match item.list() {
            Some(items) => (None, items.iter().collect::<Vec<_>>()),
            None => {
                let (keys, values) = item.members().unwrap_or_default().into_iter().unzip();
                (Some(keys), values)
            }
        };
        machine.charge_items(items.len() * 3)?;
        Ok(Open { keys, done: Vec::with_capacity(items.len()), rest: items.into_iter() })
    };
    let item =
        if item.flags().outer { item.list().map(|items| items.get(0)).unwrap_or_default() } else { item.clone() };
    let mut stack = vec![open(&item)?];
    loop {
        let top = stack.last_mut().expect("the last one returns");
        match top.rest.next() {
            Some(item) => match plain(&item) {
                Some(value) => top.done.push(value),
                None => {
                    let inner = open(&item)?;
                    stack.push(inner);
                }
            },
            None => {
                let Some(Open { keys, done, .. }) = stack.pop() else { return Ok(Value::Null) };
                let value = match keys {
                    Some(keys) => Value::object(keys.into_iter().zip(done)),
                    None => Value::from(done),
                };
                match stack.last_mut() {
                    Some(above) => above.done.push(value),
                    None => return Ok(value),
                }
            }
        }
    }
}
