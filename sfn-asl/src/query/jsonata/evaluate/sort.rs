//! Ordering: `a^(<b, >c)` and the merge sort below `$sort`.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::ast::Term;
use super::super::failure::{Failure, Outcome};
use super::super::frame::Frame;
use super::super::item::{Item, List, Tuple};
use super::Machine;
use super::operator::text_order;
use super::path::Sequence;

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn sorted(
        &self,
        terms: &[Term],
        position: u32,
        input: Sequence,
        frame: &Rc<Frame>,
    ) -> Outcome<Sequence> {
        if input.len() <= 1 {
            return Ok(input);
        }
        let items: Vec<Item> = (0..input.len()).map(|index| input.get(index)).collect();
        let mut keys = Keys::new(items.len(), terms.len());
        let order = self.merge_sort(items.len(), &mut |left, right| {
            keys.swaps(self, terms, position, left, right, |term, index| {
                self.eval(&term.expression, &items[index], frame)
            })
        })?;
        self.charge_items(items.len())?;
        // Two items or more: an array for good.
        let sorted = List::plain(order.into_iter().map(|index| items[index].clone()).collect())?;
        Ok(sorted.list().map_or(Sequence::One(sorted), Sequence::Found))
    }

    #[inline(never)]
    pub(super) fn sorted_tuples(
        &self,
        terms: &[Term],
        position: u32,
        tuples: Vec<Tuple>,
        frame: &Rc<Frame>,
    ) -> Outcome<Vec<Tuple>> {
        let mut keys = Keys::new(tuples.len(), terms.len());
        let order = self.merge_sort(tuples.len(), &mut |left, right| {
            keys.swaps(self, terms, position, left, right, |term, index| {
                let tuple = &tuples[index];
                self.eval(&term.expression, &tuple.at, &Frame::with(frame, tuple.bindings.clone()))
            })
        })?;
        Ok(order.into_iter().map(|index| tuples[index].clone()).collect())
    }

    /// The positions in order, by a stable merge sort: `swaps` tells whether the right one comes before the left one.
    pub(in super::super) fn merge_sort(
        &self,
        count: usize,
        swaps: &mut dyn FnMut(usize, usize) -> Outcome<bool>,
    ) -> Outcome<Vec<usize>> {
        self.charge(count.saturating_mul(2 * size_of::<usize>()))?;
        let mut order: Vec<usize> = (0..count).collect();
        let mut merged = Vec::with_capacity(count);
        self.merge_sort_part(&mut order, &mut merged, swaps)?;
        Ok(order)
    }

    fn merge_sort_part(
        &self,
        order: &mut [usize],
        merged: &mut Vec<usize>,
        swaps: &mut dyn FnMut(usize, usize) -> Outcome<bool>,
    ) -> Outcome<()> {
        if order.len() <= 1 {
            return Ok(());
        }
        let middle = order.len() / 2;
        self.merge_sort_part(&mut order[..middle], merged, swaps)?;
        self.merge_sort_part(&mut order[middle..], merged, swaps)?;
        merged.clear();
        let (mut left, mut right) = (0, middle);
        while left < middle && right < order.len() {
            self.work(1)?;
            if swaps(order[left], order[right])? {
                merged.push(order[right]);
                right += 1;
            } else {
                merged.push(order[left]);
                left += 1;
            }
        }
        merged.extend_from_slice(&order[left..middle]);
        merged.extend_from_slice(&order[right..]);
        order.copy_from_slice(merged);
        Ok(())
    }
}

/// The values items are ordered by, each evaluated when it is first asked for.
struct Keys {
    terms: usize,
    values: Vec<Option<Item>>,
}

impl Keys {
    fn new(items: usize, terms: usize) -> Self {
        Keys { terms, values: vec![None; items.saturating_mul(terms)] }
    }

    fn swaps(
        &mut self,
        machine: &Machine<'_>,
        terms: &[Term],
        position: u32,
        left: usize,
        right: usize,
        evaluate: impl Fn(&Term, usize) -> Outcome<Item>,
    ) -> Outcome<bool> {
        for (index, term) in terms.iter().enumerate() {
            for item in [left, right] {
                let place = item * self.terms + index;
                if self.values[place].is_none() {
                    machine.charge_items(1)?;
                    self.values[place] = Some(evaluate(term, item)?);
                }
            }
            let value = |item: usize| self.values[item * self.terms + index].as_ref().expect("it was evaluated above");
            let order = compare(value(left), value(right), position)?;
            match if term.descending && order.1 { order.0.reverse() } else { order.0 } {
                Ordering::Equal => {}
                Ordering::Less => return Ok(false),
                Ordering::Greater => return Ok(true),
            }
        }
        Ok(false)
    }
}

/// The order of two keys, and whether `>` turns it round: nothing comes last either way.
fn compare(left: &Item, right: &Item, position: u32) -> Outcome<(Ordering, bool)> {
    match (left.is_undefined(), right.is_undefined()) {
        (true, true) => return Ok((Ordering::Equal, false)),
        (true, false) => return Ok((Ordering::Greater, false)),
        (false, true) => return Ok((Ordering::Less, false)),
        (false, false) => {}
    }
    for item in [left, right] {
        if item.as_f64().is_none() && item.as_str().is_none() {
            return Err(Failure::at("T2008", position).value(item.shown()));
        }
    }
    match (left.as_f64(), right.as_f64(), left.as_str(), right.as_str()) {
        (Some(a), Some(b), ..) => Ok((a.partial_cmp(&b).unwrap_or(Ordering::Greater), true)),
        (_, _, Some(a), Some(b)) => Ok((text_order(a, b), true)),
        _ => Err(Failure::at("T2007", position).value(left.shown()).value2(right.shown())),
    }
}
