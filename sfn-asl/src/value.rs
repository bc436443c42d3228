//! The payload type: a JSON document that is shared, immutable and cheap to clone.
//!
//! Everything that travels through a state machine is a [`Value`]. Cloning one copies a pointer, whatever its size.
//! Objects keep the order of their members, numbers keep their text, and every array, object and string knows the size
//! of its JSON text, so that a payload is held against the 256 KiB quota in constant time.
//!
//! INVARIANT: building, cloning, dropping, comparing and printing never recurse on the depth of a value; a document that
//! nests a hundred thousand levels deep is ordinary data.

mod array;
mod number;
mod object;
mod parse;
mod print;
mod serde;
#[cfg(test)]
mod tests;
mod text;

pub use array::Array;
pub use number::Number;
pub use object::{Key, Object, ObjectBuilder};
pub use parse::{Limits, Node, ParseError, ParseErrorKind, Span, SpanTree};
pub use serde::ConversionError;
pub use text::Text;

/// A JSON value: shared, immutable, `Send + Sync`.
#[derive(Clone, Default)]
pub enum Value {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, with the text it was written in.
    Number(Number),
    /// A string.
    String(Text),
    /// A list of values.
    Array(Array),
    /// Members in the order they were written.
    Object(Object),
}

impl Value {
    /// Reads a JSON text within the default [`Limits`].
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        parse::parse(text, &Limits::default())
    }

    /// Reads a JSON text within `limits`.
    pub fn parse_within(text: &str, limits: &Limits) -> Result<Self, ParseError> {
        parse::parse(text, limits)
    }

    /// Reads a JSON text and tells where in it every value and every key stands.
    pub fn parse_with_spans(text: &str, limits: &Limits) -> Result<(Self, SpanTree), ParseError> {
        parse::parse_with_spans(text, limits)
    }

    /// An array of the given values.
    pub fn array(items: impl IntoIterator<Item = Value>) -> Self {
        Value::Array(items.into_iter().collect())
    }

    /// An object of the given members; of two members with one key the later value stays, in the place of the first.
    pub fn object<K: Into<Key>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// The object `{}`.
    pub fn empty_object() -> Self {
        Value::Object(Object::default())
    }

    /// Length in bytes of the compact JSON text, in constant time.
    pub fn json_size(&self) -> usize {
        match self {
            Value::Null => 4,
            Value::Bool(true) => 4,
            Value::Bool(false) => 5,
            Value::Number(number) => number.json_size(),
            Value::String(text) => text.json_size(),
            Value::Array(array) => array.json_size(),
            Value::Object(object) => object.json_size(),
        }
    }

    /// Levels of arrays and objects: 0 for a scalar, 1 for `[]`, 2 for `[[]]`.
    pub fn depth(&self) -> u32 {
        match self {
            Value::Array(array) => array.depth(),
            Value::Object(object) => object.depth(),
            _ => 0,
        }
    }

    /// The compact JSON text.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.json_size());
        print::compact(self, &mut out).expect("writing to a String does not fail");
        out
    }

    /// The JSON text with an indentation of two blanks.
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::with_capacity(self.json_size() * 2);
        print::pretty(self, &mut out).expect("writing to a String does not fail");
        out
    }

    /// The member `key`, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// The item at `index`, if this is an array that reaches so far.
    pub fn at(&self, index: usize) -> Option<&Value> {
        self.as_array()?.get(index)
    }

    /// True for `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(value) = self { Some(*value) } else { None }
    }

    /// The number, if this is one.
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = self { Some(number) } else { None }
    }

    /// The whole number, if this is a number without a fraction that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number()?.as_i64()
    }

    /// The number as the nearest double, if this is a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// The string, if this is one.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = self { Some(text) } else { None }
    }

    /// The array, if this is one.
    pub fn as_array(&self) -> Option<&Array> {
        if let Value::Array(array) = self { Some(array) } else { None }
    }

    /// The object, if this is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = self { Some(object) } else { None }
    }

    /// The JSON name of the type: `null`, `boolean`, `number`, `string`, `array` or `object`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }
}

impl PartialEq for Value {
    /// JSON equality: the order of members does not count, `1` equals `1.0`.
    fn eq(&self, other: &Self) -> bool {
        let mut pending = Vec::new();
        let mut pair = Some((self, other));
        while let Some((left, right)) = pair {
            match (left, right) {
                (Value::Null, Value::Null) => {}
                (Value::Bool(a), Value::Bool(b)) if a == b => {}
                (Value::Number(a), Value::Number(b)) if a == b => {}
                (Value::String(a), Value::String(b)) if a == b => {}
                (Value::Array(a), Value::Array(b)) => {
                    if !a.is_same(b) {
                        if a.len() != b.len() {
                            return false;
                        }
                        pending.extend(a.iter().zip(b.iter()));
                    }
                }
                (Value::Object(a), Value::Object(b)) => {
                    if !a.is_same(b) {
                        if a.len() != b.len() {
                            return false;
                        }
                        for (key, value) in a.iter() {
                            match b.get(key) {
                                Some(other) => pending.push((value, other)),
                                None => return false,
                            }
                        }
                    }
                }
                _ => return false,
            }
            pair = pending.pop();
        }
        true
    }
}

impl Eq for Value {}

impl std::fmt::Display for Value {
    /// The compact JSON text; with `{:#}` an indented one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if f.alternate() { print::pretty(self, f) } else { print::compact(self, f) }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        print::compact(self, f)
    }
}

impl std::str::FromStr for Value {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Value::parse(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Value::Number(number)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Value::String(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::String(Text::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::String(Text::from(text))
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Value::Array(array)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Value::Object(object)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Value::Array(Array::from(items))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Value::Null, Into::into)
    }
}

macro_rules! from_integer {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Value {
            fn from(value: $integer) -> Self {
                Value::Number(Number::from(value))
            }
        }
    )*};
}
from_integer!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

/// Takes a value apart without recursion; called by the nodes when they are dropped.
fn dismantle(mut pending: Vec<Value>) {
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(array) => array.take_children(&mut pending),
            Value::Object(object) => object.take_children(&mut pending),
            _ => {}
        }
    }
}

/// Values nested less deep than this are dropped by plain recursion.
const SHALLOW: u32 = 64;
