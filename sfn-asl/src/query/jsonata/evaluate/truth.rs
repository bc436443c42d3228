//! Effective boolean values.

use super::super::failure::Outcome;
use super::super::item::Item;
use super::Machine;
use crate::value::Value;

impl Machine<'_> {
    /// The effective boolean value; nothing counts as false, an array is true when something in it is.
    pub(in super::super) fn truth(&self, item: &Item) -> Outcome<bool> {
        Ok(match item {
            Item::Undefined | Item::Function(_) | Item::TailCall(_) => false,
            Item::Json(Value::Array(_)) | Item::List(_) => return self.array_truth(item),
            Item::Json(value) => scalar_truth(value),
            Item::NonFinite(_) => item.numeric()?.is_some(),
            Item::Record(record) => !record.members.is_empty(),
            Item::Tuples(tuples) => !tuples.is_empty(),
        })
    }

    #[inline(never)]
    fn array_truth(&self, item: &Item) -> Outcome<bool> {
        let mut pending = vec![item.clone()];
        while let Some(item) = pending.pop() {
            match item.list() {
                Some(items) => {
                    self.charge(items.len())?;
                    pending.extend((0..items.len()).rev().map(|index| items.get(index)));
                }
                None => {
                    self.work(1)?;
                    if self.truth(&item)? {
                        return Ok(true);
                    }
                }
            }
        }
        Ok(false)
    }
}

fn scalar_truth(value: &Value) -> bool {
    match value {
        Value::Null | Value::Array(_) => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != 0.0,
        Value::String(text) => !text.is_empty(),
        Value::Object(object) => !object.is_empty(),
    }
}
