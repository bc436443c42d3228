//! Objects: constructors, and grouping by key.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::ast::Group;
use super::super::failure::{Failure, Outcome};
use super::super::frame::Frame;
use super::super::item::{Item, Items, List, Record, Tuple, number_text};
use super::Machine;
use crate::value::Key;

/// The items that gave one key.
struct Entry<T> {
    key: Key,
    pair: usize,
    data: Vec<T>,
}

/// Entries in the order of their first item.
struct Entries<T> {
    entries: Vec<Entry<T>>,
    index: HashMap<Key, usize>,
}

/// With more entries than this they are searched through an index.
const INDEXED: usize = 12;

impl<T> Entries<T> {
    fn new() -> Self {
        Entries { entries: Vec::new(), index: HashMap::new() }
    }

    /// Adds an item under its key; the key must come from the same pair each time.
    fn add(&mut self, key: Key, pair: usize, item: T, position: u32) -> Outcome<()> {
        let known = if self.index.is_empty() {
            self.entries.iter().position(|entry| entry.key == key)
        } else {
            self.index.get(&key).copied()
        };
        match known {
            Some(at) if self.entries[at].pair != pair => {
                Err(Failure::at("D1009", position).value(super::super::failure::quoted(&key)))
            }
            Some(at) => {
                self.entries[at].data.push(item);
                Ok(())
            }
            None => {
                self.entries.push(Entry { key, pair, data: vec![item] });
                let count = self.entries.len();
                if count > INDEXED {
                    let from = if self.index.is_empty() { 0 } else { count - 1 };
                    for at in from..count {
                        self.index.insert(self.entries[at].key.clone(), at);
                    }
                }
                Ok(())
            }
        }
    }
}

impl Machine<'_> {
    /// An object with a member for each key the items give; each value is evaluated once, for all items of its key.
    #[inline(never)]
    pub(super) fn group(&self, group: &Group, input: Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if let Item::Tuples(tuples) = &input {
            return self.group_tuples(group, tuples, frame);
        }
        let items = match input.list() {
            Some(items) if items.len() == 0 => Items::List(Rc::new(List::one(Item::Undefined))),
            Some(items) => items,
            None => return self.object(group, &input, frame),
        };
        let mut entries = Entries::new();
        for item in items.iter() {
            for (pair, (key, _)) in group.pairs.iter().enumerate() {
                if let Some(key) = self.key(self.eval(key, &item, frame)?, group.position)? {
                    self.charge_items(2)?;
                    entries.add(key, pair, item.clone(), group.position)?;
                }
            }
        }
        let mut members = Vec::with_capacity(entries.entries.len());
        for Entry { key, pair, mut data } in entries.entries {
            let context = if data.len() == 1 {
                data.remove(0)
            } else {
                let mut all = Vec::with_capacity(data.len());
                for item in data {
                    self.append(&mut all, item)?;
                }
                List::plain(all)?
            };
            self.member(&mut members, key, self.eval(&group.pairs[pair].1, &context, frame)?)?;
        }
        Record::object(members)
    }

    /// The usual case: an object constructor with a single context.
    #[inline(never)]
    fn object(&self, group: &Group, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut keys: Vec<(Key, usize)> = Vec::with_capacity(group.pairs.len());
        let mut seen = std::collections::HashSet::new();
        for (pair, (key, _)) in group.pairs.iter().enumerate() {
            let Some(key) = self.key(self.eval(key, input, frame)?, group.position)? else { continue };
            let repeated = match group.pairs.len() <= INDEXED {
                true => keys.iter().any(|(known, _)| *known == key),
                false => !seen.insert(key.clone()),
            };
            if repeated {
                return Err(Failure::at("D1009", group.position).value(super::super::failure::quoted(&key)));
            }
            keys.push((key, pair));
        }
        let mut members = Vec::with_capacity(keys.len());
        for (key, pair) in keys {
            self.member(&mut members, key, self.eval(&group.pairs[pair].1, input, frame)?)?;
        }
        Record::object(members)
    }

    fn member(&self, members: &mut Vec<(Key, Item)>, key: Key, value: Item) -> Outcome<()> {
        if !value.is_undefined() {
            self.charge(48 + key.len() + value.list().map_or(0, |items| items.len() * size_of::<Item>()))?;
            members.push((key, value));
        }
        Ok(())
    }

    fn key(&self, key: Item, position: u32) -> Outcome<Option<Key>> {
        match (&key, key.as_str()) {
            (_, Some(text)) => Ok(Some(text.into())),
            (Item::Undefined, _) => Ok(None),
            _ => Err(Failure::at("T1003", position).value(key.as_f64().map_or_else(|| key.shown(), number_text))),
        }
    }

    #[inline(never)]
    fn group_tuples(&self, group: &Group, tuples: &[Tuple], frame: &Rc<Frame>) -> Outcome<Item> {
        let mut entries: Entries<&Tuple> = Entries::new();
        for tuple in tuples {
            let inner = Frame::with(frame, tuple.bindings.clone());
            for (pair, (key, _)) in group.pairs.iter().enumerate() {
                if let Some(key) = self.key(self.eval(key, &tuple.at, &inner)?, group.position)? {
                    self.charge_tuple(tuple)?;
                    entries.add(key, pair, tuple, group.position)?;
                }
            }
        }
        let mut members = Vec::with_capacity(entries.entries.len());
        for Entry { key, pair, data } in entries.entries {
            let joined = self.joined(&data)?;
            let inner = Frame::with(frame, joined.bindings);
            self.member(&mut members, key, self.eval(&group.pairs[pair].1, &joined.at, &inner)?)?;
        }
        Record::object(members)
    }

    /// One tuple whose values are those of all tuples.
    fn joined(&self, tuples: &[&Tuple]) -> Outcome<Tuple> {
        let [single] = tuples else {
            let mut at = Vec::new();
            let mut bindings: Vec<(u32, Vec<Item>, usize)> = Vec::new();
            for tuple in tuples {
                self.append(&mut at, tuple.at.clone())?;
                for (symbol, item) in &tuple.bindings {
                    let slot = match bindings.iter().position(|(known, ..)| known == symbol) {
                        Some(slot) => slot,
                        None => {
                            bindings.push((*symbol, Vec::new(), 0));
                            bindings.len() - 1
                        }
                    };
                    self.append(&mut bindings[slot].1, item.clone())?;
                    bindings[slot].2 += 1;
                }
            }
            let bindings = bindings
                .into_iter()
                .map(|(symbol, items, _)| Ok((symbol, List::plain(items)?)))
                .collect::<Outcome<_>>()?;
            return Ok(Tuple { at: List::plain(at)?, bindings });
        };
        Ok((*single).clone())
    }
}
