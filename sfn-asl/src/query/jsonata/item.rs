//! Values while they are evaluated: JSON values, sequences, and what JSON has no room for.

use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Lambda, Symbol, Transform};
use super::failure::{Failure, Outcome};
use super::frame::Frame;
use super::functions::Builtin;
use super::regex::Pattern;
use crate::value::{Array, Key, Number, Object, Value};

/// A value, or none.
#[derive(Clone, Debug, Default)]
pub(super) enum Item {
    /// Nothing.
    #[default]
    Undefined,
    Json(Value),
    /// An infinity, or not a number.
    NonFinite(f64),
    /// An array made by the expression.
    List(Rc<List>),
    /// An object that holds what JSON cannot.
    Record(Rc<Record>),
    Function(Rc<Function>),
    /// A stream of tuples on its way to the path around.
    Tuples(Rc<Vec<Tuple>>),
    /// A call that the caller of the current function makes in its stead.
    TailCall(Rc<TailCall>),
}

/// An array made by the expression.
#[derive(Debug, Default)]
pub(super) struct List {
    pub(super) items: Vec<Item>,
    pub(super) flags: Flags,
    /// Levels of lists; bounded, deeper ones become JSON values, which do not mind.
    depth: u32,
    /// Functions or objects of ours are in here: it is taken apart with care.
    careful: bool,
    /// Number of values in here, shared ones counted wherever they stand.
    weight: usize,
    /// Bytes that may live because this does.
    retained: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    /// The result of a path: unpacked when it has one item, nothing when it has none.
    pub(super) sequence: bool,
    /// A sequence that stays an array.
    pub(super) keep: bool,
    /// Made by an array constructor in a path: it is not flattened.
    pub(super) cons: bool,
    /// The wrapper around an input that is an array.
    pub(super) outer: bool,
}

/// Lists nest this deep at most.
const DEPTH: u32 = 48;
/// Lists hold at most this many values: what walks one takes no longer than that.
const WEIGHT: usize = 20_000_000;

impl List {
    /// An array.
    pub(super) fn plain(items: Vec<Item>) -> Outcome<Item> {
        List::flagged(items, Flags::default())
    }

    /// The result of a path or a function: may be nothing or a single value once it is looked at.
    pub(super) fn sequence(items: Vec<Item>) -> Outcome<Item> {
        List::flagged(items, Flags { sequence: true, ..Flags::default() })
    }

    pub(super) fn flagged(items: Vec<Item>, flags: Flags) -> Outcome<Item> {
        let (mut depth, mut weight, mut retained, mut careful) = (0, 1usize, 64usize, false);
        for item in &items {
            retained = retained.saturating_add(item.retained());
            depth = depth.max(item.list_depth());
            weight = weight.saturating_add(item.weight());
            careful |= item.needs_care();
        }
        let depth = depth + 1;
        if weight > WEIGHT {
            return Err(Failure::memory());
        }
        if depth > DEPTH {
            let values: Option<Vec<Value>> = items.iter().map(Item::pure_value).collect();
            return values.map(|values| Item::Json(Value::from(values))).ok_or_else(Failure::stack);
        }
        Ok(Item::List(Rc::new(List { items, flags, depth, careful, weight, retained })))
    }

    /// Adds items at the end of an array that nobody else has; what it was flagged as is over.
    pub(super) fn extended(mut self, more: Vec<Item>) -> Outcome<Item> {
        for item in &more {
            self.depth = self.depth.max(item.list_depth() + 1);
            self.weight = self.weight.saturating_add(item.weight());
            self.retained = self.retained.saturating_add(item.retained());
            self.careful |= item.needs_care();
        }
        self.items.extend(more);
        self.flags = Flags::default();
        if self.weight > WEIGHT || self.depth > DEPTH {
            return List::plain(std::mem::take(&mut self.items));
        }
        Ok(Item::List(Rc::new(self)))
    }

    /// A sequence of one item.
    pub(super) fn one(item: Item) -> List {
        let flags = Flags { sequence: true, ..Flags::default() };
        List {
            depth: 1 + item.list_depth(),
            careful: item.needs_care(),
            weight: 1 + item.weight(),
            retained: item.retained().saturating_add(64),
            items: vec![item],
            flags,
        }
    }
}

impl Drop for List {
    fn drop(&mut self) {
        if self.careful {
            dismantle(std::mem::take(&mut self.items), Vec::new());
        }
    }
}

/// An object that holds functions, or arrays with flags.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) members: Vec<(Key, Item)>,
    depth: u32,
    weight: usize,
    retained: usize,
}

impl Record {
    /// The object of these members, whose keys differ.
    pub(super) fn object(members: Vec<(Key, Item)>) -> Outcome<Item> {
        if members.iter().all(|(_, item)| item.is_pure()) {
            let members =
                members.into_iter().filter_map(|(key, item)| Some((key, item.pure_value()?))).collect::<Object>();
            return Ok(Item::Json(Value::Object(members)));
        }
        let depth = 1 + members.iter().map(|(_, item)| item.list_depth()).max().unwrap_or(0);
        if depth > DEPTH {
            return Err(Failure::stack());
        }
        let weight = members.iter().fold(1usize, |sum, (_, item)| sum.saturating_add(item.weight()));
        if weight > WEIGHT {
            return Err(Failure::memory());
        }
        let retained = members
            .iter()
            .fold(64usize, |sum, (key, item)| sum.saturating_add(item.retained()).saturating_add(key.len() + 64));
        Ok(Item::Record(Rc::new(Record { members, depth, weight, retained })))
    }

    pub(super) fn get(&self, key: &str) -> Option<&Item> {
        self.members.iter().find(|(name, _)| &**name == key).map(|(_, item)| item)
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        dismantle(std::mem::take(&mut self.members).into_iter().map(|(_, item)| item).collect(), Vec::new());
    }
}

/// One element of a stream that carries variables with it.
#[derive(Clone, Debug)]
pub(super) struct Tuple {
    /// The value itself.
    pub(super) at: Item,
    pub(super) bindings: Vec<(Symbol, Item)>,
}

impl Tuple {
    pub(super) fn bind(&mut self, symbol: Symbol, item: Item) {
        match self.bindings.iter_mut().find(|(known, _)| *known == symbol) {
            Some((_, place)) => *place = item,
            None => self.bindings.push((symbol, item)),
        }
    }
}

#[derive(Debug)]
pub(super) struct TailCall {
    pub(super) procedure: Item,
    pub(super) arguments: Vec<Item>,
    pub(super) position: u32,
    pub(super) name: Option<Arc<str>>,
}

/// A function as a value.
#[derive(Debug)]
pub(super) enum Function {
    Builtin(&'static Builtin),
    Lambda {
        lambda: Arc<Lambda>,
        frame: Option<Rc<Frame>>,
        input: Item,
        /// The steps that were left when the function was made: the more, the older.
        born: u64,
    },
    /// A function with some of its arguments; `None` is left open.
    Partial {
        function: Item,
        arguments: Vec<Option<Item>>,
    },
    /// `f ~> g`
    Chain(Item, Item),
    Transform {
        transform: Arc<Transform>,
        frame: Option<Rc<Frame>>,
    },
    Regex(Arc<Pattern>),
    /// The `next` of a match: text, pattern and where to go on.
    NextMatch(Arc<Pattern>, crate::value::Text, usize),
}

impl Function {
    /// How many arguments the function takes.
    pub(super) fn arity(&self) -> usize {
        match self {
            Function::Builtin(builtin) => builtin.arity,
            Function::Lambda { lambda, .. } => lambda.parameters.len(),
            Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
            Function::Chain(..) | Function::Transform { .. } => 1,
            Function::Regex(_) => 2,
            Function::NextMatch(..) => 0,
        }
    }

    fn take_parts(&mut self, items: &mut Vec<Item>, frames: &mut Vec<Rc<Frame>>) {
        match self {
            Function::Lambda { frame, input, .. } => {
                frames.extend(frame.take());
                items.push(std::mem::take(input));
            }
            Function::Partial { function, arguments } => {
                items.push(std::mem::take(function));
                items.extend(std::mem::take(arguments).into_iter().flatten());
            }
            Function::Chain(first, second) => items.extend([std::mem::take(first), std::mem::take(second)]),
            Function::Transform { frame, .. } => frames.extend(frame.take()),
            Function::Builtin(_) | Function::Regex(_) | Function::NextMatch(..) => {}
        }
    }
}

impl Drop for Function {
    fn drop(&mut self) {
        if let Function::Partial { .. } | Function::Chain(..) | Function::Lambda { .. } = self {
            let (mut items, mut frames) = (Vec::new(), Vec::new());
            self.take_parts(&mut items, &mut frames);
            dismantle(items, frames);
        }
    }
}

/// Takes values apart without recursion. Every place where a chain of closures, frames or lists could die at once
/// comes here, so that a chain of a million links does not overflow the stack.
pub(super) fn dismantle(mut items: Vec<Item>, mut frames: Vec<Rc<Frame>>) {
    loop {
        if let Some(item) = items.pop() {
            match item {
                Item::List(list) => {
                    if let Ok(mut list) = Rc::try_unwrap(list) {
                        items.append(&mut list.items);
                    }
                }
                Item::Record(record) => {
                    if let Ok(mut record) = Rc::try_unwrap(record) {
                        items.extend(std::mem::take(&mut record.members).into_iter().map(|(_, item)| item));
                    }
                }
                Item::Function(function) => {
                    if let Ok(mut function) = Rc::try_unwrap(function) {
                        function.take_parts(&mut items, &mut frames);
                    }
                }
                Item::TailCall(call) => {
                    if let Ok(call) = Rc::try_unwrap(call) {
                        items.push(call.procedure);
                        items.extend(call.arguments);
                    }
                }
                Item::Tuples(tuples) => {
                    if let Ok(tuples) = Rc::try_unwrap(tuples) {
                        for tuple in tuples {
                            items.push(tuple.at);
                            items.extend(tuple.bindings.into_iter().map(|(_, item)| item));
                        }
                    }
                }
                Item::Undefined | Item::Json(_) | Item::NonFinite(_) => {}
            }
        } else if let Some(frame) = frames.pop() {
            if let Ok(frame) = Rc::try_unwrap(frame) {
                frame.take_parts(&mut items, &mut frames);
            }
        } else {
            return;
        }
    }
}

/// An array of either kind.
#[derive(Clone, Debug)]
pub(super) enum Items {
    Json(Array),
    List(Rc<List>),
}

impl Items {
    pub(super) fn len(&self) -> usize {
        match self {
            Items::Json(array) => array.len(),
            Items::List(list) => list.items.len(),
        }
    }

    pub(super) fn get(&self, index: usize) -> Item {
        match self {
            Items::Json(array) => array.get(index).map_or(Item::Undefined, |value| Item::Json(value.clone())),
            Items::List(list) => list.items.get(index).cloned().unwrap_or_default(),
        }
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = Item> + '_ {
        (0..self.len()).map(|index| self.get(index))
    }
}

impl Item {
    pub(super) fn is_undefined(&self) -> bool {
        matches!(self, Item::Undefined)
    }

    pub(super) fn number(value: f64) -> Self {
        match Number::from_f64(value) {
            Some(number) => Item::Json(Value::Number(number)),
            None => Item::NonFinite(value),
        }
    }

    pub(super) fn bool(value: bool) -> Self {
        Item::Json(Value::Bool(value))
    }

    pub(super) fn text(text: impl Into<Value>) -> Self {
        Item::Json(text.into())
    }

    /// The array, of either kind.
    pub(super) fn list(&self) -> Option<Items> {
        match self {
            Item::Json(Value::Array(array)) => Some(Items::Json(array.clone())),
            Item::List(list) => Some(Items::List(list.clone())),
            Item::Tuples(tuples) => List::plain(tuples.iter().map(|tuple| tuple.at.clone()).collect()).ok()?.list(),
            _ => None,
        }
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Item::Json(Value::Array(_)) | Item::List(_) | Item::Tuples(_))
    }

    pub(super) fn flags(&self) -> Flags {
        if let Item::List(list) = self { list.flags } else { Flags::default() }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Item::Json(value) = self { value.as_str() } else { None }
    }

    /// The number, infinities included.
    pub(super) fn as_f64(&self) -> Option<f64> {
        match self {
            Item::Json(Value::Number(number)) => Some(number.as_f64()),
            Item::NonFinite(number) => Some(*number),
            _ => None,
        }
    }

    /// The number an operator or function works on: an infinity is an error, not-a-number is none.
    pub(super) fn numeric(&self) -> Outcome<Option<f64>> {
        match self {
            Item::Json(Value::Number(number)) => Ok(Some(number.as_f64())),
            Item::NonFinite(number) if number.is_infinite() => Err(Failure::new("D1001").value("null")),
            _ => Ok(None),
        }
    }

    pub(super) fn as_function(&self) -> Option<&Rc<Function>> {
        if let Item::Function(function) = self { Some(function) } else { None }
    }

    /// The members, if this is an object.
    pub(super) fn members(&self) -> Option<Vec<(Key, Item)>> {
        match self {
            Item::Json(Value::Object(object)) => {
                Some(object.iter().map(|(key, value)| (key.clone(), Item::Json(value.clone()))).collect())
            }
            Item::Record(record) => Some(record.members.clone()),
            _ => None,
        }
    }

    /// The member `key`, if this is an object that has it.
    pub(super) fn member(&self, key: &str) -> Item {
        match self {
            Item::Json(Value::Object(object)) => {
                object.get(key).map_or(Item::Undefined, |value| Item::Json(value.clone()))
            }
            Item::Record(record) => record.get(key).cloned().unwrap_or_default(),
            _ => Item::Undefined,
        }
    }

    fn list_depth(&self) -> u32 {
        match self {
            Item::List(list) => list.depth,
            Item::Record(record) => record.depth,
            _ => 0,
        }
    }

    /// Number of values a walk would meet.
    pub(super) fn weight(&self) -> usize {
        match self {
            Item::List(list) => list.weight,
            Item::Record(record) => record.weight,
            _ => 1,
        }
    }

    /// Bytes that may live because this does, rather too many than too few.
    pub(super) fn retained(&self) -> usize {
        match self {
            Item::Undefined | Item::NonFinite(_) | Item::Json(Value::Null | Value::Bool(_) | Value::Number(_)) => 16,
            Item::Json(Value::String(text)) => text.json_size() + 80,
            Item::Json(value) => value.json_size().saturating_mul(16),
            Item::List(list) => list.retained,
            Item::Record(record) => record.retained,
            // Nobody knows what a function holds.
            Item::Function(_) | Item::Tuples(_) | Item::TailCall(_) => usize::MAX,
        }
    }

    fn needs_care(&self) -> bool {
        match self {
            Item::List(list) => list.careful,
            Item::Undefined | Item::Json(_) | Item::NonFinite(_) => false,
            _ => true,
        }
    }

    /// True when nothing is lost by making this a JSON value.
    fn is_pure(&self) -> bool {
        match self {
            Item::Json(_) => true,
            Item::List(list) => {
                !(list.flags.keep || list.flags.cons || list.flags.outer) && list.items.iter().all(Item::is_pure)
            }
            _ => false,
        }
    }

    fn pure_value(&self) -> Option<Value> {
        match self {
            Item::Json(value) => Some(value.clone()),
            Item::List(list) => Some(Value::from(list.items.iter().map(Item::pure_value).collect::<Option<Vec<_>>>()?)),
            _ => None,
        }
    }

    /// The JSON value that leaves the expression: what JSON lacks becomes `null` in arrays, vanishes from objects, and
    /// an infinity becomes its name, as AWS has it. `None` for nothing and for functions.
    pub(super) fn to_value(&self) -> Option<Value> {
        match self {
            Item::Json(value) => Some(value.clone()),
            Item::NonFinite(number) => Some(Value::from(non_finite_text(*number))),
            Item::List(list) if list.flags.outer => list.items.first()?.to_value(),
            Item::List(list) => {
                Some(Value::from(list.items.iter().map(|item| item.to_value().unwrap_or_default()).collect::<Vec<_>>()))
            }
            Item::Record(record) => Some(Value::Object(
                record.members.iter().filter_map(|(key, item)| Some((key.clone(), item.to_value()?))).collect(),
            )),
            Item::Tuples(tuples) => Some(Value::from(
                tuples.iter().map(|tuple| tuple.at.to_value().unwrap_or_default()).collect::<Vec<_>>(),
            )),
            Item::Undefined | Item::Function(_) | Item::TailCall(_) => None,
        }
    }

    /// The text messages show.
    pub(super) fn shown(&self) -> String {
        match self {
            Item::NonFinite(_) => "null".to_owned(),
            _ => match self.to_value() {
                Some(value) if value.json_size() < 64 << 10 => value.to_json(),
                Some(value) => format!("{} of {} bytes", value.type_name(), value.json_size()),
                None => "undefined".to_owned(),
            },
        }
    }

    /// JavaScript's `===`: an object or array is the same as itself only.
    pub(super) fn is_same(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Json(Value::Object(a)), Item::Json(Value::Object(b))) => a.identity() == b.identity(),
            (Item::Json(Value::Array(a)), Item::Json(Value::Array(b))) => std::ptr::eq(a.as_slice(), b.as_slice()),
            (Item::List(a), Item::List(b)) => Rc::ptr_eq(a, b),
            (Item::Record(a), Item::Record(b)) => Rc::ptr_eq(a, b),
            (Item::Json(_), Item::Json(_)) | (Item::NonFinite(_), _) | (Item::Function(_), _) => self.equals(other),
            _ => false,
        }
    }

    /// JavaScript's `===` on what is no object, deep equality on the rest.
    pub(super) fn equals(&self, other: &Item) -> bool {
        match (self, other) {
            (Item::Undefined, Item::Undefined) => true,
            (Item::Json(a), Item::Json(b)) => a == b,
            (Item::NonFinite(a), Item::NonFinite(b)) => a == b,
            (Item::Function(a), Item::Function(b)) => Rc::ptr_eq(a, b),
            (Item::Record(a), Item::Record(b)) if Rc::ptr_eq(a, b) => true,
            _ => {
                if let (Some(a), Some(b)) = (self.list(), other.list()) {
                    return a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.equals(&b));
                }
                match (self.members(), other.members()) {
                    (Some(a), Some(b)) => {
                        a.len() == b.len()
                            && a.iter()
                                .all(|(key, value)| b.iter().any(|(name, other)| name == key && value.equals(other)))
                    }
                    _ => false,
                }
            }
        }
    }
}

pub(super) fn non_finite_text(number: f64) -> &'static str {
    if number.is_nan() {
        "NaN"
    } else if number > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// A number as JavaScript prints it.
pub(super) fn number_text(number: f64) -> String {
    if !number.is_finite() {
        return non_finite_text(number).to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let magnitude = number.abs();
    if (1e-6..1e21).contains(&magnitude) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => format!("{mantissa}e+{exponent}"),
        _ => text,
    }
}
