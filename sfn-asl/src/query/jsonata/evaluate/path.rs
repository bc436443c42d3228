//! Paths: `a.b[c].d`.

use std::rc::Rc;

use super::super::ast::{Kind, Node, Path, Stage};
use super::super::failure::Outcome;
use super::super::frame::Frame;
use super::super::item::{Flags, Item, Items, List, Tuple};
use super::{Machine, context};
use crate::value::Value;

/// What goes from step to step.
pub(super) enum Sequence {
    /// A sequence of one item that is no array.
    One(Item),
    /// A sequence.
    Many(Vec<Item>),
    /// A sequence of the items of an array that nobody copied yet.
    Flat(Items),
    /// An array that was found as it is.
    Found(Items),
}

impl Sequence {
    pub(super) fn len(&self) -> usize {
        match self {
            Sequence::One(_) => 1,
            Sequence::Many(items) => items.len(),
            Sequence::Flat(items) | Sequence::Found(items) => items.len(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Item {
        match self {
            Sequence::One(item) => item.clone(),
            Sequence::Many(items) => items[index].clone(),
            Sequence::Flat(items) | Sequence::Found(items) => items.get(index),
        }
    }

    fn into_item(self, keep: bool) -> Outcome<Item> {
        match self {
            Sequence::One(item) if !keep => Ok(item),
            Sequence::One(item) => List::flagged(vec![item], Flags { sequence: true, keep, ..Flags::default() }),
            Sequence::Many(items) => List::flagged(items, Flags { sequence: true, keep, ..Flags::default() }),
            Sequence::Flat(items) => Sequence::Many(items.iter().collect()).into_item(keep),
            Sequence::Found(Items::Json(array)) => Ok(Item::Json(Value::Array(array))),
            Sequence::Found(Items::List(list)) if !keep => Ok(Item::List(list)),
            Sequence::Found(Items::List(list)) if list.flags.cons && !list.flags.sequence => {
                List::flagged(vec![Item::List(list)], Flags { sequence: true, keep, ..Flags::default() })
            }
            Sequence::Found(Items::List(list)) => List::flagged(list.items.clone(), Flags { keep, ..list.flags }),
        }
    }
}

impl Machine<'_> {
    pub(super) fn path(&self, node: &Node, path: &Path, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        if path.plain && node.group().is_none() {
            return self.plain_path(path, input, frame);
        }
        self.full_path(node, path, input, frame)
    }

    /// A path of bare names: goes down through shared values, and asks for more only where an array comes in between.
    #[inline(never)]
    fn plain_path(&self, path: &Path, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let (start, from) = self.plain_start(path, input, frame);
        let steps = &path.steps;
        let mut index = from;
        let mut item = start;
        while let Some(step) = steps.get(index) {
            let Kind::Name(name) = &step.kind else { break };
            match &item {
                Item::Json(value) => {
                    let mut value = value;
                    // Down to the end, or to the first array, without touching a counter.
                    while let (Value::Object(object), Some(Node { kind: Kind::Name(name), .. })) =
                        (value, steps.get(index))
                    {
                        match object.get(name) {
                            Some(member) => value = member,
                            None => return Ok(Item::Undefined),
                        }
                        index += 1;
                    }
                    if index == steps.len() {
                        return Ok(Item::Json(value.clone()));
                    }
                    let Value::Array(array) = value else { return Ok(Item::Undefined) };
                    let array = Items::Json(array.clone());
                    return self.steps(&steps[index..], Sequence::Found(array), frame)?.into_item(false);
                }
                Item::List(list) => {
                    let items = Items::List(list.clone());
                    return self.steps(&steps[index..], Sequence::Found(items), frame)?.into_item(false);
                }
                Item::Record(record) => {
                    let member = record.get(name).cloned().unwrap_or_default();
                    item = member;
                    index += 1;
                }
                _ => return Ok(Item::Undefined),
            }
        }
        if let Item::List(list) = &item
            && list.flags.sequence
        {
            return List::sequence(list.items.clone());
        }
        Ok(item)
    }

    fn plain_start(&self, path: &Path, input: &Item, frame: &Rc<Frame>) -> (Item, usize) {
        let first = &path.steps[0];
        match &first.kind {
            Kind::Variable(symbol) => {
                if let Some(item) = frame.lookup(*symbol) {
                    return (item, 1);
                }
                if &*self.ast.symbols[*symbol as usize].name == "states"
                    && let Some(Node { kind: Kind::Name(name), .. }) = path.steps.get(1)
                    && let Some(item) = self.surroundings.states_member(name)
                {
                    return (item, 2);
                }
                (self.variable(*symbol, frame), 1)
            }
            Kind::Context => (context(input), 1),
            _ => (input.clone(), 0),
        }
    }

    #[inline(never)]
    fn full_path(&self, node: &Node, path: &Path, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let start = match input.list() {
            Some(items) if !matches!(path.steps[0].kind, Kind::Variable(_) | Kind::Context) => Sequence::Found(items),
            _ => Sequence::One(input.clone()),
        };
        if path.tuples {
            let result = self.tuple_path(node, path, start, frame)?;
            return self.grouped(node, result, frame);
        }
        let result = match &path.steps[0] {
            first if first.cons_array => {
                let result = self.eval(first, &start.into_item(true)?, frame)?;
                let rest = &path.steps[1..];
                match result.list() {
                    Some(items) if rest.is_empty() || items.len() == 0 => Sequence::Found(items),
                    Some(items) => self.steps(rest, Sequence::Found(items), frame)?,
                    None if result.is_undefined() || rest.is_empty() => {
                        return self.grouped(node, result, frame);
                    }
                    // As the reference has it: a list in brackets that a filter made one value of is looked through by its
                    // length. A text has one, and is taken apart; `[$a, $b][0].name` is nothing.
                    None => {
                        let text = result.as_str().unwrap_or_default();
                        self.charge(text.len().saturating_mul(64))?;
                        let characters = text.chars().map(|character| Item::text(String::from(character)));
                        self.steps(rest, Sequence::Many(characters.collect()), frame)?
                    }
                }
            }
            _ => self.steps(&path.steps, start, frame)?,
        };
        let keep = node.keep_array && !matches!(result, Sequence::Found(_));
        let result = result.into_item(path.keep_singleton || keep)?;
        self.grouped(node, result, frame)
    }

    fn grouped(&self, node: &Node, result: Item, frame: &Rc<Frame>) -> Outcome<Item> {
        match node.group() {
            Some(group) => self.group(group, result, frame),
            None => Ok(result),
        }
    }

    /// Takes each step in turn, until nothing is left.
    fn steps(&self, steps: &[Node], start: Sequence, frame: &Rc<Frame>) -> Outcome<Sequence> {
        let mut sequence = start;
        for (index, step) in steps.iter().enumerate() {
            sequence = self.step(step, sequence, frame, index + 1 == steps.len())?;
            if sequence.len() == 0 && index + 1 < steps.len() {
                return Ok(Sequence::Many(Vec::new()));
            }
        }
        Ok(sequence)
    }

    #[inline(never)]
    pub(super) fn step(&self, step: &Node, input: Sequence, frame: &Rc<Frame>, last: bool) -> Outcome<Sequence> {
        if let Kind::Sort(terms) = &step.kind {
            let mut sorted = self.sorted(terms, step.position, input, frame)?;
            for stage in step.stages() {
                if let Stage::Filter(predicate) = stage {
                    let item = self.filter(predicate, sorted.into_item(false)?, frame)?;
                    sorted = match item.list() {
                        Some(items) => Sequence::Found(items),
                        None => Sequence::One(item),
                    };
                }
            }
            return Ok(sorted);
        }
        let mut results = Vec::new();
        for index in 0..input.len() {
            let mut result = self.eval(step, &input.get(index), frame)?;
            for stage in step.stages() {
                if let Stage::Filter(predicate) = stage {
                    result = self.filter(predicate, result, frame)?;
                }
            }
            if !result.is_undefined() {
                self.charge_items(1)?;
                results.push(result);
            }
        }
        self.flat(results, last)
    }

    /// The results of a step as one sequence: arrays are flattened into it.
    fn flat(&self, mut results: Vec<Item>, last: bool) -> Outcome<Sequence> {
        let flattens = |item: &Item| item.is_array() && !item.flags().cons;
        if results.len() == 1 {
            let result = &results[0];
            if !result.is_array() {
                return Ok(Sequence::One(results.remove(0)));
            }
            if let Some(items) = result.list() {
                if last && !result.flags().sequence {
                    return Ok(Sequence::Found(items));
                }
                if flattens(result) {
                    // An array on its way to the next step: looked at as it is.
                    if !last {
                        return Ok(Sequence::Flat(items));
                    }
                    self.charge_items(items.len())?;
                    return Ok(Sequence::Many(items.iter().collect()));
                }
            }
        }
        if !results.iter().any(flattens) {
            return Ok(Sequence::Many(results));
        }
        let mut items = Vec::with_capacity(results.len());
        for result in results {
            if result.flags().cons {
                items.push(result);
            } else {
                self.append(&mut items, result)?;
            }
        }
        Ok(Sequence::Many(items))
    }

    pub(super) fn charge_tuple(&self, tuple: &Tuple) -> Outcome<()> {
        self.charge(size_of::<Tuple>() + tuple.bindings.len() * 32)
    }

    /// The end of a path: what it found as an item.
    pub(super) fn sequence_item(&self, items: Vec<Item>, keep: bool) -> Outcome<Item> {
        Sequence::Many(items).into_item(keep)
    }
}
