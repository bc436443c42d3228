//! What the operators of filters mean.

use super::filter::{self, Operator};
use crate::value::{Array, Value};

/// About how many values a comparison looks at.
pub(super) fn cost(left: Option<&Value>, operator: Operator, right: Option<&Value>) -> u64 {
    let (Some(left), Some(right)) = (left, right) else { return 1 };
    let items = |value: &Value| value.as_array().map_or(1, |array| array.len().max(1)) as u64;
    let by_item = !matches!(operator, Operator::Equal | Operator::NotEqual | Operator::Size | Operator::Empty);
    let pairs = if by_item { items(left).saturating_mul(items(right)) } else { 1 };
    pairs.saturating_add(left.json_size().min(right.json_size()) as u64 / 8)
}

pub(super) fn compare(left: Option<&Value>, operator: Operator, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        // What does not exist equals nothing.
        return matches!(operator, Operator::NotEqual | Operator::SameTypeNotEqual | Operator::NotIn);
    };
    let order = || match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.partial_cmp(b),
        (Value::String(a), Value::String(b)) => Some(a.encode_utf16().cmp(b.encode_utf16())),
        _ => None,
    };
    let same_type = left.type_name() == right.type_name();
    match operator {
        Operator::Equal => equal(left, right),
        Operator::NotEqual => !equal(left, right),
        Operator::SameTypeEqual => same_type && equal(left, right),
        Operator::SameTypeNotEqual => !(same_type && equal(left, right)),
        Operator::Less => order().is_some_and(|order| order.is_lt()),
        Operator::LessOrEqual => order().is_some_and(|order| order.is_le()),
        Operator::Greater => order().is_some_and(|order| order.is_gt()),
        Operator::GreaterOrEqual => order().is_some_and(|order| order.is_ge()),
        Operator::Matches => false,
        Operator::In => holds(right, left),
        Operator::NotIn => !holds(right, left),
        Operator::SubsetOf => lists(left, right).is_some_and(|(a, b)| a.iter().all(|item| listed(b, item))),
        Operator::All => lists(left, right).is_some_and(|(a, b)| b.iter().all(|item| listed(a, item))),
        Operator::AnyOf => lists(left, right).is_some_and(|(a, b)| a.iter().any(|item| listed(b, item))),
        Operator::NoneOf => lists(left, right).is_some_and(|(a, b)| !a.iter().any(|item| listed(b, item))),
        Operator::Size => {
            let size = match left {
                Value::String(text) => text.encode_utf16().count(),
                Value::Array(array) => array.len(),
                Value::Object(object) => object.len(),
                _ => return false,
            };
            right.as_i64() == i64::try_from(size).ok()
        }
        Operator::Empty => {
            let empty = match left {
                Value::String(text) => text.is_empty(),
                Value::Array(array) => array.is_empty(),
                Value::Object(object) => object.is_empty(),
                _ => return false,
            };
            right.as_bool() == Some(empty)
        }
        Operator::Contains => match (left, right) {
            (Value::String(text), Value::String(part)) => text.contains(part.as_str()),
            _ => holds(left, right),
        },
    }
}

/// Equality; a number also equals the text that spells it.
fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::String(text), Value::Number(number)) => **text == number.to_string(),
        (Value::Number(number), Value::String(text)) => filter::number(text).is_some_and(|other| other == *number),
        _ => left == right,
    }
}

fn holds(list: &Value, item: &Value) -> bool {
    list.as_array().is_some_and(|list| listed(list, item))
}

fn listed(list: &[Value], item: &Value) -> bool {
    list.iter().any(|other| equal(item, other))
}

fn lists<'v>(left: &'v Value, right: &'v Value) -> Option<(&'v Array, &'v Array)> {
    left.as_array().zip(right.as_array())
}
