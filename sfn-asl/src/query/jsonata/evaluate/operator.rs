//! Operators.

use std::cmp::Ordering;
use std::rc::Rc;

use super::super::ast::{Node, Operator, OperatorKind};
use super::super::failure::{Failure, Outcome};
use super::super::frame::Frame;
use super::super::functions::string::string_of;
use super::super::item::{Flags, Item, List};
use super::Machine;
use crate::value::Value;

impl Machine<'_> {
    /// Operators of a left-hand chain: `a + b - c`, `a or b or c`.
    #[inline(never)]
    pub(super) fn chain(
        &self,
        first: &Node,
        rest: &[(Operator, Node)],
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let mut left = self.eval(first, input, frame)?;
        // A string that `&` is putting together.
        let mut text: Option<String> = None;
        for (operator, node) in rest {
            if operator.kind == OperatorKind::Concatenate {
                let mut joined = match text.take() {
                    Some(text) => text,
                    None => self.concatenated(&left, operator)?,
                };
                let right = self.eval(node, input, frame)?;
                joined.push_str(&self.concatenated(&right, operator)?);
                text = Some(joined);
                continue;
            }
            if let Some(text) = text.take() {
                left = Item::text(text);
            }
            left = match operator.kind {
                OperatorKind::And if !self.at(self.truth(&left), operator)? => Item::bool(false),
                OperatorKind::Or if self.at(self.truth(&left), operator)? => Item::bool(true),
                OperatorKind::And | OperatorKind::Or => {
                    // What goes wrong on the right is told as a fault of the operator.
                    let right = self.eval(node, input, frame).map_err(|failure| failure.of_operator(operator))?;
                    Item::bool(self.at(self.truth(&right), operator)?)
                }
                _ => {
                    let right = self.eval(node, input, frame)?;
                    self.at(self.binary(operator.kind, &left, &right), operator)?
                }
            };
        }
        Ok(text.map_or(left, Item::text))
    }

    fn at<T>(&self, outcome: Outcome<T>, operator: &Operator) -> Outcome<T> {
        outcome.map_err(|failure| failure.or_position(operator.position).or_token(operator.kind.text()))
    }

    #[inline(never)]
    fn concatenated(&self, item: &Item, operator: &Operator) -> Outcome<String> {
        let text = match item {
            Item::Undefined => String::new(),
            Item::Json(Value::String(text)) => text.as_str().to_owned(),
            _ => self.at(string_of(self, item, false), operator)?,
        };
        self.charge(text.len())?;
        Ok(text)
    }

    fn binary(&self, operator: OperatorKind, left: &Item, right: &Item) -> Outcome<Item> {
        match operator {
            OperatorKind::Add
            | OperatorKind::Subtract
            | OperatorKind::Multiply
            | OperatorKind::Divide
            | OperatorKind::Remainder => arithmetic(operator, left, right),
            OperatorKind::Equal => {
                self.look_at(left, right)?;
                Ok(Item::bool(!left.is_undefined() && !right.is_undefined() && left.equals(right)))
            }
            OperatorKind::NotEqual => {
                self.look_at(left, right)?;
                Ok(Item::bool(!left.is_undefined() && !right.is_undefined() && !left.equals(right)))
            }
            OperatorKind::In => self.is_in(left, right),
            _ => compare(operator, left, right),
        }
    }

    /// Comparing costs what there is to compare.
    fn look_at(&self, left: &Item, right: &Item) -> Outcome<()> {
        match (left, right) {
            (Item::Json(a), Item::Json(b)) => self.work(a.json_size().min(b.json_size()) / 16),
            _ => self.work(left.weight().min(right.weight())),
        }
    }

    fn is_in(&self, left: &Item, right: &Item) -> Outcome<Item> {
        if left.is_undefined() || right.is_undefined() {
            return Ok(Item::bool(false));
        }
        let Some(items) = right.list() else { return Ok(Item::bool(left.is_same(right))) };
        self.work(items.len())?;
        Ok(Item::bool(items.iter().any(|item| item.is_same(left))))
    }

    #[inline(never)]
    pub(super) fn negate(&self, operand: &Node, position: u32, input: &Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let value = self.eval(operand, input, frame)?;
        if value.is_undefined() {
            return Ok(value);
        }
        match value.numeric().map_err(|failure| failure.or_position(position))? {
            Some(number) => Ok(Item::number(-number)),
            None => Err(Failure::at("D1002", position).token("-").value(value.shown())),
        }
    }

    #[inline(never)]
    pub(super) fn range(
        &self,
        first: &Node,
        last: &Node,
        position: u32,
        input: &Item,
        frame: &Rc<Frame>,
    ) -> Outcome<Item> {
        let first = self.eval(first, input, frame)?;
        let last = self.eval(last, input, frame)?;
        let integer = |item: &Item, code| match item.as_f64() {
            Some(number) if number.is_finite() && number.fract() == 0.0 => Ok(Some(number)),
            _ if item.is_undefined() => Ok(None),
            _ => Err(Failure::at(code, position).token("..").value(item.shown())),
        };
        let (Some(first), Some(last)) = (integer(&first, "T2003")?, integer(&last, "T2004")?) else {
            // Both are looked at before one that is nothing decides.
            return Ok(Item::Undefined);
        };
        if first > last {
            return Ok(Item::Undefined);
        }
        let size = last - first + 1.0;
        if size > 1e7 {
            let size = super::super::item::number_text(size);
            return Err(Failure::at("D2014", position).token("..").value(size));
        }
        let size = size as usize;
        self.charge_items(size)?;
        let items = (0..size).map(|step| Item::number(first + step as f64)).collect();
        List::flagged(items, Flags { sequence: true, ..Flags::default() })
    }
}

fn arithmetic(operator: OperatorKind, left: &Item, right: &Item) -> Outcome<Item> {
    let a = operand(left, "T2001")?;
    let b = operand(right, "T2002")?;
    let (Some(a), Some(b)) = (a, b) else { return Ok(Item::Undefined) };
    Ok(Item::number(match operator {
        OperatorKind::Add => a + b,
        OperatorKind::Subtract => a - b,
        OperatorKind::Multiply => a * b,
        OperatorKind::Divide => a / b,
        _ => a % b,
    }))
}

fn operand(item: &Item, code: &'static str) -> Outcome<Option<f64>> {
    match item {
        Item::Undefined => Ok(None),
        _ => match item.numeric()? {
            Some(number) => Ok(Some(number)),
            None => Err(Failure::new(code).value(item.shown())),
        },
    }
}

fn compare(operator: OperatorKind, left: &Item, right: &Item) -> Outcome<Item> {
    let comparable = |item: &Item| item.is_undefined() || item.as_f64().is_some() || item.as_str().is_some();
    if !comparable(left) || !comparable(right) {
        let culprit = if left.as_f64().is_some() || left.as_str().is_some() { right } else { left };
        return Err(Failure::new("T2010").value(culprit.shown()));
    }
    if left.is_undefined() || right.is_undefined() {
        return Ok(Item::Undefined);
    }
    let order = match (left.as_f64(), right.as_f64()) {
        (Some(a), Some(b)) => a.partial_cmp(&b),
        _ => match (left.as_str(), right.as_str()) {
            (Some(a), Some(b)) => Some(text_order(a, b)),
            _ => return Err(Failure::new("T2009").value(left.shown()).value2(right.shown())),
        },
    };
    Ok(Item::bool(match operator {
        OperatorKind::Less => order == Some(Ordering::Less),
        OperatorKind::LessEqual => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        OperatorKind::Greater => order == Some(Ordering::Greater),
        _ => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }))
}

/// The order of two texts by UTF-16 units, as JavaScript and Java have it.
pub(in super::super) fn text_order(left: &str, right: &str) -> Ordering {
    match left.chars().zip(right.chars()).find(|(a, b)| a != b) {
        Some((a, b)) => {
            let unit = |character: char| character.encode_utf16(&mut [0; 2])[0];
            unit(a).cmp(&unit(b)).then(a.cmp(&b))
        }
        None => left.len().cmp(&right.len()),
    }
}
