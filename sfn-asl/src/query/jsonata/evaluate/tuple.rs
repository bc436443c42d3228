//! Paths that carry variables from step to step: `@$x`, `#$i` and `%`.

use std::rc::Rc;

use super::super::ast::{Extra, Kind, Node, Path, Stage};
use super::super::failure::Outcome;
use super::super::frame::Frame;
use super::super::item::{Item, Tuple};
use super::Machine;
use super::path::Sequence;

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn tuple_path(&self, node: &Node, path: &Path, start: Sequence, frame: &Rc<Frame>) -> Outcome<Item> {
        let mut sequence = start;
        let mut tuples: Option<Vec<Tuple>> = None;
        let mut in_tuples = false;
        for (index, step) in path.steps.iter().enumerate() {
            in_tuples |= step.is_tuple();
            // As the reference has it: what a list in brackets at the beginning binds is lost.
            let is_list = index == 0 && step.cons_array;
            if in_tuples && !is_list {
                tuples = Some(self.tuple_step(step, &sequence, tuples, frame)?);
                continue;
            }
            if is_list {
                let result = self.eval(
                    step,
                    &self.sequence_item((0..sequence.len()).map(|at| sequence.get(at)).collect(), true)?,
                    frame,
                )?;
                sequence = match result.list() {
                    Some(items) => Sequence::Found(items),
                    None => Sequence::Many(Vec::new()),
                };
            } else {
                sequence = self.step(step, sequence, frame, index + 1 == path.steps.len())?;
            }
            if sequence.len() == 0 && !in_tuples {
                break;
            }
        }
        let Some(tuples) = tuples else {
            let items = (0..sequence.len()).map(|at| sequence.get(at)).collect();
            return self.sequence_item(items, path.keep_singleton);
        };
        if node.is_tuple() || node.group().is_some() {
            return Ok(Item::Tuples(Rc::new(tuples)));
        }
        self.sequence_item(tuples.into_iter().map(|tuple| tuple.at).collect(), path.keep_singleton)
    }

    #[inline(never)]
    fn tuple_step(
        &self,
        step: &Node,
        input: &Sequence,
        tuples: Option<Vec<Tuple>>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        let none = Extra::default();
        let extra = step.extra.as_deref().unwrap_or(&none);
        if let Kind::Sort(terms) = &step.kind {
            let mut sorted = match tuples {
                Some(tuples) => self.sorted_tuples(terms, step.position, tuples, frame)?,
                None => {
                    let items = (0..input.len()).map(|index| input.get(index)).collect();
                    let sorted = self.sorted(terms, step.position, Sequence::Many(items), frame)?;
                    let bound = |index: usize| extra.index.map(|symbol| (symbol, Item::number(index as f64)));
                    (0..sorted.len())
                        .map(|index| Tuple { at: sorted.get(index), bindings: bound(index).into_iter().collect() })
                        .collect()
                }
            };
            self.stages(&extra.stages, &mut sorted, frame)?;
            return Ok(sorted);
        }
        let tuples = tuples.unwrap_or_else(|| {
            (0..input.len()).map(|index| Tuple { at: input.get(index), bindings: Vec::new() }).collect()
        });
        let mut result = Vec::new();
        for tuple in &tuples {
            let inner = Frame::with(frame, tuple.bindings.clone());
            match self.eval(step, &tuple.at, &inner)? {
                Item::Undefined => {}
                Item::Tuples(found) => {
                    for found in found.iter() {
                        let mut joined = tuple.clone();
                        joined.at = found.at.clone();
                        for (symbol, item) in &found.bindings {
                            joined.bind(*symbol, item.clone());
                        }
                        self.charge_tuple(&joined)?;
                        result.push(joined);
                    }
                }
                item => {
                    let items = item.list();
                    let count = items.as_ref().map_or(1, |items| items.len());
                    for index in 0..count {
                        let value = items.as_ref().map_or_else(|| item.clone(), |items| items.get(index));
                        let next = self.next_tuple(extra, tuple, value, index);
                        self.charge_tuple(&next)?;
                        result.push(next);
                    }
                }
            }
        }
        self.stages(&extra.stages, &mut result, frame)?;
        Ok(result)
    }

    fn next_tuple(&self, extra: &Extra, tuple: &Tuple, value: Item, index: usize) -> Tuple {
        let mut next = tuple.clone();
        match extra.focus {
            Some(symbol) => next.bind(symbol, value),
            None => next.at = value,
        }
        if let Some(symbol) = extra.index {
            next.bind(symbol, Item::number(index as f64));
        }
        if let Some(slot) = extra.ancestor {
            next.bind(self.ast.labels[slot], tuple.at.clone());
        }
        next
    }

    fn stages(&self, stages: &[Stage], tuples: &mut Vec<Tuple>, frame: &Rc<Frame>) -> Outcome<()> {
        for stage in stages {
            match stage {
                Stage::Filter(predicate) => *tuples = self.filter_tuples(predicate, tuples, frame)?,
                Stage::Index(symbol) => {
                    for (index, tuple) in tuples.iter_mut().enumerate() {
                        tuple.bind(*symbol, Item::number(index as f64));
                    }
                }
            }
        }
        Ok(())
    }
}
