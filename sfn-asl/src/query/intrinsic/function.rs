//! The eighteen functions: their names, how many arguments they take, where each is computed.

use super::{array, math, text};
use crate::query::Scope;
use crate::value::Value;

/// An intrinsic function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Format,
    StringToJson,
    JsonToString,
    Array,
    ArrayPartition,
    ArrayContains,
    ArrayRange,
    ArrayGetItem,
    ArrayLength,
    ArrayUnique,
    Base64Encode,
    Base64Decode,
    Hash,
    JsonMerge,
    MathRandom,
    MathAdd,
    StringSplit,
    Uuid,
}

const ANY: usize = usize::MAX;

/// Name, and the least and most number of arguments.
const FUNCTIONS: [(&str, Function, usize, usize); 18] = [
    ("States.Format", Function::Format, 1, ANY),
    ("States.StringToJson", Function::StringToJson, 1, 1),
    ("States.JsonToString", Function::JsonToString, 1, 1),
    ("States.Array", Function::Array, 0, ANY),
    ("States.ArrayPartition", Function::ArrayPartition, 2, 2),
    ("States.ArrayContains", Function::ArrayContains, 2, 2),
    ("States.ArrayRange", Function::ArrayRange, 3, 3),
    ("States.ArrayGetItem", Function::ArrayGetItem, 2, 2),
    ("States.ArrayLength", Function::ArrayLength, 1, 1),
    ("States.ArrayUnique", Function::ArrayUnique, 1, 1),
    ("States.Base64Encode", Function::Base64Encode, 1, 1),
    ("States.Base64Decode", Function::Base64Decode, 1, 1),
    ("States.Hash", Function::Hash, 2, 2),
    ("States.JsonMerge", Function::JsonMerge, 3, 3),
    ("States.MathRandom", Function::MathRandom, 2, 3),
    ("States.MathAdd", Function::MathAdd, 2, 2),
    ("States.StringSplit", Function::StringSplit, 2, 2),
    ("States.UUID", Function::Uuid, 0, 0),
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        FUNCTIONS.iter().find(|(known, ..)| *known == name).map(|(_, function, ..)| *function)
    }

    fn entry(self) -> &'static (&'static str, Function, usize, usize) {
        FUNCTIONS.iter().find(|(_, function, ..)| *function == self).expect("every function stands in the table")
    }

    pub(super) fn name(self) -> &'static str {
        self.entry().0
    }

    pub(super) fn arity(self) -> (usize, usize) {
        (self.entry().2, self.entry().3)
    }

    /// True when every argument is a number, so that a text can be refused before anything runs.
    pub(super) fn wants_numbers(self) -> bool {
        matches!(self, Function::MathAdd | Function::MathRandom | Function::ArrayRange)
    }

    pub(super) fn returns_text(self) -> bool {
        matches!(
            self,
            Function::ArrayGetItem
                | Function::Base64Encode
                | Function::Base64Decode
                | Function::Format
                | Function::JsonToString
                | Function::Hash
                | Function::Uuid
        )
    }

    /// The answer for arguments of the right number; an error is the reason in words.
    pub(super) fn apply(self, arguments: &[Value], scope: &Scope<'_>) -> Result<Value, String> {
        let budget = scope.budget;
        match (self, arguments) {
            (Function::Format, [template, values @ ..]) => text::format(template, values, budget),
            (Function::StringToJson, [text]) => text::string_to_json(text),
            (Function::JsonToString, [value]) => text::json_to_string(value, budget),
            (Function::Array, items) => Ok(Value::array(items.iter().cloned())),
            (Function::ArrayPartition, [array, size]) => array::partition(array, size),
            (Function::ArrayContains, [array, value]) => array::contains(array, value, budget),
            (Function::ArrayRange, [first, last, step]) => array::range(first, last, step),
            (Function::ArrayGetItem, [array, index]) => array::get_item(array, index),
            (Function::ArrayLength, [array]) => array::length(array),
            (Function::ArrayUnique, [array]) => array::unique(array, budget),
            (Function::Base64Encode, [text]) => text::base64_encode(text),
            (Function::Base64Decode, [text]) => text::base64_decode(text),
            (Function::Hash, [data, algorithm]) => text::hash(data, algorithm),
            (Function::JsonMerge, [first, second, deep]) => text::json_merge(first, second, deep),
            (Function::MathRandom, [start, end]) => math::random(start, end, None, scope.random),
            (Function::MathRandom, [start, end, seed]) => math::random(start, end, Some(seed), scope.random),
            (Function::MathAdd, [a, b]) => math::add(a, b),
            (Function::StringSplit, [text, splitters]) => text::string_split(text, splitters),
            (Function::Uuid, []) => Ok(Value::from(scope.random.next_uuid())),
            _ => Err(format!("Invalid number of arguments for {}", self.name())),
        }
    }
}

/// The array that argument number `place` has to be.
pub(super) fn array_argument(value: &Value, place: usize) -> Result<&crate::value::Array, String> {
    value.as_array().ok_or_else(|| format!("Argument {place} must be an array, but was: {}", shown(value)))
}

/// The string that argument number `place` has to be.
pub(super) fn string_argument(value: &Value, place: usize) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("Argument {place} must be a string, but was: {}", shown(value)))
}

/// The whole number that argument number `place` has to be; a fraction is rounded half up.
pub(super) fn integer_argument(value: &Value, place: usize) -> Result<i64, String> {
    let number =
        value.as_number().ok_or_else(|| format!("Argument {place} must be a number, but was: {}", shown(value)))?;
    if let Some(whole) = number.as_i64() {
        return Ok(whole);
    }
    // Adding one half first would round 0.49999999999999994 up.
    let (exact, floor) = (number.as_f64(), number.as_f64().floor());
    let rounded = if exact - floor >= 0.5 { floor + 1.0 } else { floor };
    if rounded.abs() < 9.2e18 {
        Ok(rounded as i64)
    } else {
        Err(format!("Argument {place} is out of range: {}", shown(value)))
    }
}

/// A value in an error text, long ones cut.
pub(super) fn shown(value: &Value) -> String {
    const LONGEST: usize = 256;
    if value.json_size() > 64 * LONGEST {
        return format!("{} of {} bytes", value.type_name(), value.json_size());
    }
    let text = value.to_json();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
