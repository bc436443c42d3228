//! Members of objects: by name, `*` and `**`.

use super::super::failure::Outcome;
use super::super::item::{Flags, Item, Items, List};
use super::Machine;
use crate::value::Value;

impl Machine<'_> {
    /// The member `name` of the context, of each item if that is an array.
    pub(in super::super) fn name(&self, name: &str, input: &Item) -> Outcome<Item> {
        match input {
            Item::Json(Value::Object(object)) => {
                Ok(object.get(name).map_or(Item::Undefined, |value| Item::Json(value.clone())))
            }
            Item::Record(record) => Ok(record.get(name).cloned().unwrap_or_default()),
            Item::Json(Value::Array(_)) | Item::List(_) => {
                let mut found = Vec::new();
                self.name_in(name, input, &mut found)?;
                List::sequence(found)
            }
            _ => Ok(Item::Undefined),
        }
    }

    /// Collects the members `name` of the items, however deep the arrays nest.
    fn name_in(&self, name: &str, input: &Item, found: &mut Vec<Item>) -> Outcome<()> {
        let mut pending: Vec<(Items, usize)> = input.list().map(|items| (items, 0)).into_iter().collect();
        while let Some((items, index)) = pending.last_mut() {
            if *index >= items.len() {
                pending.pop();
                continue;
            }
            let item = items.get(*index);
            *index += 1;
            self.work(1)?;
            if let Some(inner) = item.list() {
                pending.push((inner, 0));
                continue;
            }
            let value = item.member(name);
            match value.list() {
                Some(values) => {
                    self.charge_items(values.len())?;
                    found.extend(values.iter());
                }
                None if value.is_undefined() => {}
                None => {
                    self.charge_items(1)?;
                    found.push(value);
                }
            }
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn wildcard(&self, input: &Item) -> Outcome<Item> {
        let first;
        let mut input = input;
        if input.flags().outer
            && let Some(items) = input.list()
        {
            first = items.get(0);
            input = &first;
        }
        let values: Vec<Item> = match input {
            Item::Json(Value::Array(_)) | Item::List(_) => {
                input.list().map(|items| items.iter().collect()).unwrap_or_default()
            }
            _ => input.members().unwrap_or_default().into_iter().map(|(_, value)| value).collect(),
        };
        let mut found = Vec::new();
        let mut sequence = true;
        for value in values {
            self.charge_items(1)?;
            if value.is_array() {
                sequence = false;
                self.flatten(&value, &mut found)?;
            } else {
                found.push(value);
            }
        }
        List::flagged(found, Flags { sequence, ..Flags::default() })
    }

    /// Collects the items of an array and of the arrays in it.
    fn flatten(&self, value: &Item, found: &mut Vec<Item>) -> Outcome<()> {
        let mut pending = vec![value.clone()];
        while let Some(item) = pending.pop() {
            self.charge_items(1)?;
            match item.list() {
                Some(items) => pending.extend((0..items.len()).rev().map(|index| items.get(index))),
                None => found.push(item),
            }
        }
        Ok(())
    }

    #[inline(never)]
    pub(super) fn descendants(&self, input: &Item) -> Outcome<Item> {
        if input.is_undefined() {
            return Ok(Item::Undefined);
        }
        let mut found = Vec::new();
        let mut pending = vec![input.clone()];
        while let Some(item) = pending.pop() {
            self.charge_items(1)?;
            match item.list() {
                Some(items) => pending.extend((0..items.len()).rev().map(|index| items.get(index))),
                None => {
                    if let Some(members) = item.members() {
                        pending.extend(members.into_iter().rev().map(|(_, value)| value));
                    }
                    found.push(item);
                }
            }
        }
        match found.len() {
            1 => Ok(found.remove(0)),
            _ => List::sequence(found),
        }
    }
}
