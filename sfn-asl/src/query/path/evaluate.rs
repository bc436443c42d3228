//! Segments against a document.

use super::compare::{compare, cost};
use super::filter::{Filter, Operator};
use super::function::pick;
use super::operand::{Inner, Operand};
use super::reference::position;
use super::segment::{Segment, canonical, fragment};
use super::{Budget, PathError};
use crate::value::{Array, Value};

/// The place that names and indexes alone lead to; `None` is an index past the end of an array.
pub(super) fn single<'v>(segments: &[Segment], root: &'v Value) -> Result<Option<&'v Value>, PathError> {
    lead(segments, segments.len(), root)
}

/// Follows the first `count` of `segments`, which are single.
fn lead<'v>(segments: &[Segment], count: usize, root: &'v Value) -> Result<Option<&'v Value>, PathError> {
    let mut current = Some(root);
    for (index, segment) in segments[..count].iter().enumerate() {
        current = match (segment, current) {
            (Segment::Name(name), Some(Value::Object(object))) => match object.get(name) {
                Some(value) => Some(value),
                None => return Err(missing(segments, index)),
            },
            (Segment::Index(index), Some(Value::Array(array))) => position(array, *index).map(|index| &array[index]),
            (_, found) => return Err(wrong_kind(segments, index, found)),
        };
    }
    Ok(current)
}

#[cold]
fn missing(segments: &[Segment], index: usize) -> PathError {
    let path = canonical(&segments[..=index]);
    PathError::NotFound(if index + 1 == segments.len() {
        format!("No results for path: {path}")
    } else {
        format!("Missing property in path {path}")
    })
}

#[cold]
fn wrong_kind(segments: &[Segment], index: usize, found: Option<&Value>) -> PathError {
    let path = canonical(&segments[..index]);
    let mut step = String::new();
    fragment(&segments[index], &mut step);
    let unwrapped = index > 0 && matches!(segments[index - 1], Segment::Name(_));
    PathError::NotFound(if matches!(segments[index], Segment::Index(_)) {
        match found {
            None => format!("The path {path} is null"),
            Some(Value::Null) if unwrapped => format!("The path {path} is null"),
            Some(Value::String(text)) if unwrapped => {
                format!("Filter: {step} can only be applied to arrays. Current context is: {text}")
            }
            Some(value) => format!("Filter: {step} can only be applied to arrays. Current context is: {value}"),
        }
    } else {
        format!(
            "Expected to find an object with property {step} in path {path} but found '{}'. This is not a json object \
             according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
            java_class(found, unwrapped)
        )
    })
}

/// The Java class that holds a value: members of objects are unwrapped from their tree nodes, items of arrays are not.
fn java_class(value: Option<&Value>, unwrapped: bool) -> &'static str {
    let Some(value) = value else { return "null" };
    let integer = value.as_number().filter(|number| number.is_integer()).map(|number| number.as_i64());
    let (plain, node) = match (value, integer) {
        (Value::Null, _) => ("null", "NullNode"),
        (Value::Bool(_), _) => ("java.lang.Boolean", "BooleanNode"),
        (Value::String(_), _) => ("java.lang.String", "TextNode"),
        (Value::Number(_), Some(Some(whole))) if i32::try_from(whole).is_ok() => ("java.lang.Integer", "IntNode"),
        (Value::Number(_), Some(Some(_))) => ("java.lang.Long", "LongNode"),
        (Value::Number(_), Some(None)) => ("java.math.BigInteger", "BigIntegerNode"),
        (Value::Number(_), None) => ("java.lang.Double", "DoubleNode"),
        (Value::Array(_), _) => ("", "ArrayNode"),
        (Value::Object(_), _) => ("", "ObjectNode"),
    };
    if unwrapped && !plain.is_empty() {
        return plain;
    }
    match node {
        "NullNode" => "com.fasterxml.jackson.databind.node.NullNode",
        "BooleanNode" => "com.fasterxml.jackson.databind.node.BooleanNode",
        "TextNode" => "com.fasterxml.jackson.databind.node.TextNode",
        "IntNode" => "com.fasterxml.jackson.databind.node.IntNode",
        "LongNode" => "com.fasterxml.jackson.databind.node.LongNode",
        "BigIntegerNode" => "com.fasterxml.jackson.databind.node.BigIntegerNode",
        "DoubleNode" => "com.fasterxml.jackson.databind.node.DoubleNode",
        "ArrayNode" => "com.fasterxml.jackson.databind.node.ArrayNode",
        _ => "com.fasterxml.jackson.databind.node.ObjectNode",
    }
}

/// What any path selects in `root`.
pub(super) fn select(
    segments: &[Segment],
    definite: bool,
    root: &Value,
    budget: &Budget,
) -> Result<Option<Value>, PathError> {
    Walk { root, budget, steps: 0, bytes: 0, missed: false }.select(segments, definite, root)
}

/// One evaluation: the document, and what it has used up.
struct Walk<'a> {
    root: &'a Value,
    budget: &'a Budget,
    steps: u64,
    bytes: usize,
    /// An object without the member that was asked for came along.
    missed: bool,
}

impl Walk<'_> {
    fn select(&mut self, segments: &[Segment], definite: bool, from: &Value) -> Result<Option<Value>, PathError> {
        if !definite {
            return self.all(segments, from).map(Some);
        }
        if let Some((Segment::Function(function, arguments), before)) = segments.split_last()
            && before.iter().any(|segment| matches!(segment, Segment::Descent))
        {
            let target = self.all(before, from)?;
            let arguments = self.arguments(arguments, from)?;
            return function.apply(&target, &arguments).map(Some);
        }
        let plain = segments.iter().take_while(|segment| segment.is_single()).count();
        let mut current = lead(segments, plain, from)?.cloned();
        for (index, segment) in segments.iter().enumerate().skip(plain) {
            self.spend(1)?;
            current = match (segment, &current) {
                (Segment::Function(function, arguments), found) => {
                    let arguments = self.arguments(arguments, from)?;
                    Some(function.apply(found.as_ref().unwrap_or(&Value::Null), &arguments)?)
                }
                (Segment::Names(names), Some(Value::Object(object))) => Some(pick(object, names)),
                (Segment::Name(name), Some(Value::Object(object))) => {
                    Some(object.get(name).ok_or_else(|| missing(segments, index))?.clone())
                }
                (Segment::Index(index), Some(Value::Array(array))) => {
                    position(array, *index).map(|index| array[index].clone())
                }
                (_, found) => return Err(wrong_kind(segments, index, found.as_ref())),
            };
        }
        Ok(current)
    }

    fn all(&mut self, segments: &[Segment], from: &Value) -> Result<Value, PathError> {
        let mut found = Vec::new();
        self.walk(segments, from, &mut found)?;
        Ok(Value::from(found))
    }

    /// Adds everything that `segments` select below `node`; what does not exist is passed over.
    fn walk(&mut self, segments: &[Segment], node: &Value, found: &mut Vec<Value>) -> Result<(), PathError> {
        let (mut segments, mut node) = (segments, node);
        loop {
            self.spend(1)?;
            let Some((segment, rest)) = segments.split_first() else { return self.add(node, found) };
            match (segment, node) {
                (Segment::Name(name), Value::Object(object)) => match object.get(name) {
                    Some(value) => (segments, node) = (rest, value),
                    None => {
                        self.missed = true;
                        return Ok(());
                    }
                },
                (Segment::Names(names), Value::Object(object)) if rest.is_empty() => {
                    self.missed |= !names.iter().all(|name| object.contains_key(name));
                    return self.add(&pick(object, names), found);
                }
                (Segment::Names(names), Value::Object(object)) => {
                    for name in names {
                        match object.get(name) {
                            Some(value) => self.walk(rest, value, found)?,
                            None => self.missed = true,
                        }
                    }
                    return Ok(());
                }
                (Segment::Index(index), Value::Array(array)) => return self.item(rest, array, *index, found),
                (Segment::Indexes(indexes), Value::Array(array)) => {
                    for index in indexes {
                        self.item(rest, array, *index, found)?;
                    }
                    return Ok(());
                }
                (Segment::Slice(from, to), Value::Array(array)) => {
                    let (from, to) = slice(array.len(), *from, *to);
                    for index in from..to {
                        self.item(rest, array, index, found)?;
                    }
                    return Ok(());
                }
                (Segment::Wildcard, Value::Array(array)) => {
                    for item in array {
                        self.walk(rest, item, found)?;
                    }
                    return Ok(());
                }
                (Segment::Wildcard, Value::Object(object)) => {
                    for value in object.values() {
                        self.walk(rest, value, found)?;
                    }
                    return Ok(());
                }
                (Segment::Filter(filter), Value::Array(array)) => {
                    for item in array {
                        if self.accepts(filter, item)? {
                            self.walk(rest, item, found)?;
                        }
                    }
                    return Ok(());
                }
                (Segment::Filter(filter), Value::Object(_)) => {
                    if !self.accepts(filter, node)? {
                        return Ok(());
                    }
                    segments = rest;
                }
                (Segment::Function(function, arguments), _) => {
                    let arguments = self.arguments(arguments, node)?;
                    let Ok(value) = function.apply(node, &arguments) else { return Ok(()) };
                    return self.walk(rest, &value, found);
                }
                (Segment::Descent, _) => return self.descend(rest, node, found),
                _ => return Ok(()),
            }
        }
    }

    /// One item; past the end of the array there is `null`.
    fn item(&mut self, rest: &[Segment], array: &Array, index: i64, found: &mut Vec<Value>) -> Result<(), PathError> {
        match position(array, index) {
            Some(index) => self.walk(rest, &array[index], found),
            None => self.walk(rest, &Value::Null, found),
        }
    }

    /// Applies `segments`, of which the first follows `..`, to `node` and everything below it, parents first.
    fn descend(&mut self, segments: &[Segment], node: &Value, found: &mut Vec<Value>) -> Result<(), PathError> {
        let Some((target, after)) = segments.split_first() else { return Ok(()) };
        let mut pending = vec![node];
        while let Some(node) = pending.pop() {
            self.spend(1)?;
            match node {
                Value::Object(object) => {
                    let applies = match target {
                        Segment::Name(name) => object.contains_key(name),
                        Segment::Names(names) => {
                            !after.is_empty() || names.iter().all(|name| object.contains_key(name))
                        }
                        Segment::Wildcard | Segment::Filter(_) => true,
                        _ => false,
                    };
                    if applies {
                        self.walk(segments, node, found)?;
                    }
                    pending.extend(object.values().rev());
                }
                Value::Array(array) => {
                    match target {
                        Segment::Index(_) | Segment::Indexes(_) | Segment::Slice(..) if !after.is_empty() => {
                            for item in array {
                                self.walk(after, item, found)?;
                            }
                        }
                        Segment::Index(_) | Segment::Indexes(_) | Segment::Slice(..) | Segment::Wildcard => {
                            self.walk(segments, node, found)?;
                        }
                        Segment::Filter(filter) if self.accepts(filter, node)? => {
                            if after.is_empty() {
                                self.walk(segments, node, found)?;
                            } else {
                                for item in array {
                                    self.walk(after, item, found)?;
                                }
                            }
                        }
                        _ => {}
                    }
                    pending.extend(array.iter().rev());
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn accepts(&mut self, filter: &Filter, item: &Value) -> Result<bool, PathError> {
        self.spend(1)?;
        match filter {
            Filter::Or(conditions) => {
                for condition in conditions {
                    if self.accepts(condition, item)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Filter::And(conditions) => {
                for condition in conditions {
                    if !self.accepts(condition, item)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Filter::Not(condition) => self.accepts(condition, item).map(|accepts| !accepts),
            Filter::Exists(path) => self.exists(path, item),
            Filter::Comparison(left, operator, Operand::Pattern(pattern)) if *operator == Operator::Matches => {
                self.matches(left, pattern, item)
            }
            Filter::Comparison(Operand::Pattern(pattern), operator, right) if *operator == Operator::Matches => {
                self.matches(right, pattern, item)
            }
            Filter::Comparison(left, operator, right) => {
                let left = self.operand(left, item)?;
                let right = self.operand(right, item)?;
                self.spend(cost(left.as_ref(), *operator, right.as_ref()))?;
                Ok(compare(left.as_ref(), *operator, right.as_ref()))
            }
        }
    }

    fn exists(&mut self, path: &Inner, item: &Value) -> Result<bool, PathError> {
        let from = if path.from_root { self.root } else { item };
        let plain = path.segments.iter().take_while(|segment| segment.is_single()).count();
        if lead(&path.segments, plain, from).is_err() {
            return Ok(false);
        }
        let before = std::mem::replace(&mut self.missed, false);
        let result = self.select(&path.segments, path.definite, from);
        let missed = std::mem::replace(&mut self.missed, before);
        match result {
            Ok(_) => Ok(!missed),
            Err(error @ PathError::Exhausted(_)) => Err(error),
            Err(_) => Ok(false),
        }
    }

    /// The value of an operand; `None` where a path leads nowhere.
    fn operand(&mut self, operand: &Operand, item: &Value) -> Result<Option<Value>, PathError> {
        match operand {
            Operand::Literal(value) => Ok(Some(value.clone())),
            Operand::Pattern(_) => Ok(None),
            Operand::Path(path) => {
                let from = if path.from_root { self.root } else { item };
                match self.select(&path.segments, path.definite, from) {
                    Ok(value) => Ok(Some(value.unwrap_or_default())),
                    Err(error @ PathError::Exhausted(_)) => Err(error),
                    Err(_) => Ok(None),
                }
            }
        }
    }

    fn arguments(&mut self, arguments: &[Operand], item: &Value) -> Result<Vec<Value>, PathError> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.operand(argument, item)?.unwrap_or_default());
        }
        Ok(values)
    }

    fn matches(&mut self, operand: &Operand, pattern: &fancy_regex::Regex, item: &Value) -> Result<bool, PathError> {
        let subject = self.operand(operand, item)?.unwrap_or_default();
        // Of a list it is enough that one item matches.
        let texts = if let Value::Array(items) = &subject { items.as_slice() } else { std::slice::from_ref(&subject) };
        for text in texts {
            let text = match text {
                Value::String(text) => text.to_string(),
                Value::Number(_) | Value::Bool(_) => text.to_string(),
                _ => String::new(),
            };
            self.spend(1 + text.len() as u64 / 8)?;
            if pattern.is_match(&text).map_err(|_| PathError::Exhausted("steps in a pattern"))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn add(&mut self, node: &Value, found: &mut Vec<Value>) -> Result<(), PathError> {
        self.bytes = self.bytes.saturating_add(node.json_size());
        if self.bytes > self.budget.bytes {
            return Err(PathError::Exhausted("bytes"));
        }
        found.push(node.clone());
        Ok(())
    }

    fn spend(&mut self, steps: u64) -> Result<(), PathError> {
        self.steps += steps;
        if self.steps > self.budget.steps { Err(PathError::Exhausted("steps")) } else { Ok(()) }
    }
}

/// The indexes a slice runs over; negative ones count from the end.
///
/// A negative end counts from the end only when there is no beginning: `[0:-1]` is empty, `[:-1]` is not.
fn slice(length: usize, from: Option<i64>, to: Option<i64>) -> (i64, i64) {
    let length = length as i64;
    match (from, to) {
        (None, None) => (0, length),
        (Some(from), None) => ((if from < 0 { length + from } else { from }).max(0), length),
        (None, Some(to)) => (0, (if to < 0 { length + to } else { to }).min(length)),
        // Below `-length` there is nothing but `null`s, which Jayway would hand out one by one.
        (Some(from), Some(to)) => (from.max(-length), to.min(length)),
    }
}
