//! Predicates: `a[0]`, `a[b = 1]`.

use std::rc::Rc;

use super::super::ast::{Kind, Node};
use super::super::failure::Outcome;
use super::super::frame::Frame;
use super::super::item::{Item, Items, List, Tuple};
use super::Machine;
use crate::value::Value;

impl Machine<'_> {
    /// The items of `input` that the predicate picks; a value that is no array counts as one item.
    #[inline(never)]
    pub(super) fn filter(&self, predicate: &Node, input: Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Item::Tuples(tuples) = &input {
            return Ok(Item::Tuples(Rc::new(self.filter_tuples(predicate, tuples, frame)?)));
        }
        let items = match input.list() {
            Some(items) => items,
            None => Items::List(Rc::new(List::one(input))),
        };
        if let Some(index) = literal_index(predicate) {
            let Some(index) = place(index, items.len()) else { return List::sequence(Vec::new()) };
            let item = items.get(index);
            return match item {
                Item::Undefined => List::sequence(Vec::new()),
                item if item.is_array() => Ok(item),
                item => List::sequence(vec![item]),
            };
        }
        let mut found = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let chosen = self.eval(predicate, &item, frame)?;
            for _ in 0..self.picks(&chosen, index, items.len())? {
                self.charge_items(1)?;
                found.push(item.clone());
            }
        }
        List::sequence(found)
    }

    pub(super) fn filter_tuples(&self, predicate: &Node, tuples: &[Tuple], frame: &Rc<Frame>) -> Outcome<Vec<Tuple>> {
        if let Some(index) = literal_index(predicate) {
            return Ok(place(index, tuples.len()).map(|index| tuples[index].clone()).into_iter().collect());
        }
        let mut found = Vec::new();
        for (index, tuple) in tuples.iter().enumerate() {
            let chosen = self.eval(predicate, &tuple.at, &Frame::with(frame, tuple.bindings.clone()))?;
            for _ in 0..self.picks(&chosen, index, tuples.len())? {
                self.charge_tuple(tuple)?;
                found.push(tuple.clone());
            }
        }
        Ok(found)
    }

    /// How often the predicate's value picks the item at `index`.
    fn picks(&self, chosen: &Item, index: usize, length: usize) -> Outcome<usize> {
        if let Some(number) = chosen.numeric()? {
            return Ok(usize::from(place(number, length) == Some(index)));
        }
        if let Some(items) = chosen.list() {
            self.work(items.len() / 4)?;
            let mut count = 0;
            let mut numbers = true;
            for item in items.iter() {
                match item.numeric()? {
                    Some(number) => count += usize::from(place(number, length) == Some(index)),
                    None => {
                        numbers = false;
                        break;
                    }
                }
            }
            if numbers {
                return Ok(count);
            }
        }
        Ok(usize::from(self.truth(chosen)?))
    }
}

fn literal_index(predicate: &Node) -> Option<f64> {
    match &predicate.kind {
        Kind::Literal(Value::Number(number)) => Some(number.as_f64()),
        _ => None,
    }
}

/// The position an index means; a negative one counts from the end.
fn place(index: f64, length: usize) -> Option<usize> {
    let index = index.floor();
    let index = if index < 0.0 { length as f64 + index } else { index };
    (index >= 0.0 && index < length as f64).then_some(index as usize)
}
