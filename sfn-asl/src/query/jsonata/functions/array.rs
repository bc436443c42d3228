//! Arrays.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use super::super::evaluate::Machine;
use super::super::failure::Outcome;
use super::super::item::{Flags, Item, List};
use super::next;
use crate::value::Value;

pub(super) fn count(_machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    Ok(Item::number(arguments[0].list().map_or(0, |items| items.len()) as f64))
}

pub(super) fn append(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut arguments = arguments.into_iter();
    let (first, second) = (next(&mut arguments), next(&mut arguments));
    if first.is_undefined() {
        return Ok(second);
    }
    if second.is_undefined() {
        return Ok(first);
    }
    let mut items = Vec::new();
    // A list that nobody else has grows where it is: adding to a list again and again takes time for what is added.
    let first = match first {
        Item::List(list) => match Rc::try_unwrap(list) {
            Ok(list) => {
                machine.append(&mut items, second)?;
                return list.extended(items);
            }
            Err(list) => Item::List(list),
        },
        first => first,
    };
    machine.append(&mut items, first)?;
    machine.append(&mut items, second)?;
    List::plain(items)
}

pub(super) fn reverse(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    if items.len() <= 1 {
        return Ok(arguments[0].clone());
    }
    machine.charge_items(items.len())?;
    List::plain((0..items.len()).rev().map(|index| items.get(index)).collect())
}

/// Fisher and Yates, inside out.
pub(super) fn shuffle(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(Item::Undefined) };
    if items.len() <= 1 {
        return Ok(arguments[0].clone());
    }
    machine.charge_items(items.len())?;
    let mut shuffled: Vec<Item> = items.iter().collect();
    for index in 1..shuffled.len() {
        let other = (machine.random.next_f64() * (index + 1) as f64) as usize;
        shuffled.swap(index, other.min(index));
    }
    List::plain(shuffled)
}

pub(super) fn zip(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let lists: Vec<_> = arguments.iter().map(Item::list).collect();
    let shortest = lists.iter().map(|list| list.as_ref().map_or(0, |items| items.len())).min().unwrap_or(0);
    machine.charge_items(shortest.saturating_mul(lists.len() + 4))?;
    let tuples = (0..shortest)
        .map(|index| List::plain(lists.iter().flatten().map(|items| items.get(index)).collect()))
        .collect::<Outcome<Vec<Item>>>()?;
    List::plain(tuples)
}

pub(super) fn distinct(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(items) = arguments[0].list() else { return Ok(arguments[0].clone()) };
    if items.len() <= 1 {
        return Ok(arguments[0].clone());
    }
    let mut found: Vec<Item> = Vec::new();
    let mut known: HashMap<u64, Vec<usize>> = HashMap::new();
    for item in items.iter() {
        machine.charge_items(4)?;
        let alike = known.entry(likeness(&item)).or_default();
        let mut new = true;
        for &index in alike.iter() {
            machine.work(1 + size(&item) / 16)?;
            if found[index].equals(&item) {
                new = false;
                break;
            }
        }
        if new {
            alike.push(found.len());
            found.push(item);
        }
    }
    let sequence = arguments[0].flags().sequence;
    List::flagged(found, Flags { sequence, ..Flags::default() })
}

fn size(item: &Item) -> usize {
    match item {
        Item::Json(value) => value.json_size(),
        _ => item.list().map_or(16, |items| items.len()),
    }
}

/// A number that equal items share.
fn likeness(item: &Item) -> u64 {
    let mut hasher = DefaultHasher::new();
    like(item, 0, &mut hasher);
    hasher.finish()
}

/// How deep items are looked into to tell them apart.
const LOOK: usize = 3;

fn like(item: &Item, depth: usize, hasher: &mut DefaultHasher) {
    match item {
        Item::Json(Value::Number(number)) => number.as_f64().to_bits().hash(hasher),
        Item::Json(Value::String(text)) => text.hash(hasher),
        Item::Json(Value::Bool(value)) => value.hash(hasher),
        _ => {
            if let Some(items) = item.list() {
                items.len().hash(hasher);
                if depth < LOOK {
                    items.iter().take(16).for_each(|item| like(&item, depth + 1, hasher));
                }
            } else if let Item::Json(Value::Object(object)) = item {
                object.len().hash(hasher);
                // Members count in any order.
                let mut sum = 0u64;
                if depth < LOOK && object.len() <= 64 {
                    for (key, value) in object.iter() {
                        let mut member = DefaultHasher::new();
                        key.hash(&mut member);
                        like(&Item::Json(value.clone()), depth + 1, &mut member);
                        sum = sum.wrapping_add(member.finish());
                    }
                }
                sum.hash(hasher);
            }
        }
    }
}
