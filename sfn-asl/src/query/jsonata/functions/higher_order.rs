//! Functions that take functions.

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome};
use super::super::item::{Item, List, Record};
use super::next;
use crate::value::{Key, Value};

/// Calls `function` with as many of the arguments as it takes.
fn call(
    machine: &Machine<'_>,
    function: &Item,
    value: Item,
    key: impl FnOnce() -> Item,
    whole: &Item,
) -> Outcome<Item> {
    let arity = function.as_function().map_or(1, |function| function.arity());
    let arguments = match arity {
        0 | 1 => vec![value],
        2 => vec![value, key()],
        _ => vec![value, key(), whole.clone()],
    };
    machine.apply_given(function, arguments)
}

pub(super) fn map(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let mut found = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let result = call(machine, &arguments[1], item, || Item::number(index as f64), &arguments[0])?;
        if !result.is_undefined() {
            machine.charge_items(1)?;
            found.push(result);
        }
    }
    List::sequence(found)
}

pub(super) fn filter(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let mut found = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let result = call(machine, &arguments[1], item.clone(), || Item::number(index as f64), &arguments[0])?;
        if machine.truth(&result)? {
            machine.charge_items(1)?;
            found.push(item);
        }
    }
    List::sequence(found)
}

pub(super) fn single(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    let function = arguments.get(1).filter(|function| !function.is_undefined());
    let mut found = None;
    for (index, item) in items.iter().enumerate() {
        let fits = match function {
            Some(function) => {
                let result = call(machine, function, item.clone(), || Item::number(index as f64), &arguments[0])?;
                machine.truth(&result)?
            }
            None => true,
        };
        if fits && found.replace(item).is_some() {
            return Err(Failure::new("D3138").index(index));
        }
    }
    found.ok_or_else(|| Failure::new("D3139"))
}

pub(super) fn reduce(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut given = arguments.into_iter();
    let (sequence, function, initial) = (next(&mut given), next(&mut given), next(&mut given));
    let Some(items) = sequence.list() else { return Ok(Item::Undefined) };
    let arity = function.as_function().map_or(0, |function| function.arity());
    if arity < 2 {
        return Err(Failure::new("D3050").index(1));
    }
    let mut index = 0;
    let mut result = initial;
    if result.is_undefined() && items.len() > 0 {
        result = items.get(0);
        index = 1;
    }
    let mark = machine.mark();
    while index < items.len() {
        let mut arguments = vec![result, items.get(index)];
        if arity >= 3 {
            arguments.push(Item::number(index as f64));
        }
        if arity >= 4 {
            arguments.push(sequence.clone());
        }
        result = machine.apply_given(&function, arguments)?;
        // The result so far is all that is left of the calls so far.
        machine.release(&mark, result.retained());
        index += 1;
    }
    Ok(result)
}

pub(super) fn sift(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut kept: Vec<(Key, Item)> = Vec::new();
    for (key, value) in arguments[0].members().unwrap_or_default() {
        let name = key.clone();
        let result = call(machine, &arguments[1], value.clone(), || Item::text(&*name), &arguments[0])?;
        if machine.truth(&result)? {
            machine.charge(64)?;
            kept.push((key, value));
        }
    }
    if kept.is_empty() { Ok(Item::Undefined) } else { Record::object(kept) }
}

pub(super) fn each(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut found = Vec::new();
    for (key, value) in arguments[0].members().unwrap_or_default() {
        let result = call(machine, &arguments[1], value, || Item::text(&*key), &arguments[0])?;
        if !result.is_undefined() {
            machine.charge_items(1)?;
            found.push(result);
        }
    }
    List::sequence(found)
}

pub(super) fn sort(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    if items.len() <= 1 {
        return Ok(arguments[0].clone());
    }
    machine.charge_items(items.len())?;
    let items: Vec<Item> = items.iter().collect();
    let order = match arguments.get(1).filter(|function| !function.is_undefined()) {
        Some(function) => machine.merge_sort(items.len(), &mut |left, right| {
            let arguments = vec![items[left].clone(), items[right].clone()];
            Ok(is_truthy(&super::super::evaluate::normal(machine.apply_given(function, arguments)?, false)?))
        })?,
        None => {
            let numbers: Option<Vec<f64>> = items.iter().map(Item::as_f64).collect();
            let texts: Option<Vec<&str>> = items.iter().map(Item::as_str).collect();
            match (numbers, texts) {
                (Some(numbers), _) => {
                    machine.merge_sort(items.len(), &mut |left, right| Ok(numbers[left] > numbers[right]))?
                }
                (None, Some(texts)) => machine.merge_sort(items.len(), &mut |left, right| {
                    Ok(super::super::evaluate::text_order(texts[left], texts[right]).is_gt())
                })?,
                (None, None) => return Err(Failure::new("D3070").index(1)),
            }
        }
    };
    List::plain(order.into_iter().map(|index| items[index].clone()).collect())
}

/// What the host language of the reference takes for true: the comparator's result is not looked at as JSONata would.
fn is_truthy(item: &Item) -> bool {
    match item {
        Item::Undefined | Item::Json(Value::Null) | Item::TailCall(_) => false,
        Item::Json(Value::Bool(value)) => *value,
        Item::Json(Value::Number(number)) => number.as_f64() != 0.0,
        Item::Json(Value::String(text)) => !text.is_empty(),
        Item::NonFinite(number) => !number.is_nan(),
        _ => true,
    }
}
