//! The functions on arrays.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::function::{array_argument, integer_argument};
use crate::query::Budget;
use crate::value::Value;

/// Most items `States.ArrayRange` makes.
const LONGEST_RANGE: i128 = 1000;

pub(super) fn partition(array: &Value, size: &Value) -> Result<Value, String> {
    let array = array_argument(array, 1)?;
    let size = usize::try_from(integer_argument(size, 2)?).unwrap_or(0);
    if size == 0 {
        return Err("The chunk size must be a positive integer".to_owned());
    }
    Ok(Value::array(array.chunks(size).map(|chunk| Value::array(chunk.iter().cloned()))))
}

pub(super) fn contains(array: &Value, value: &Value, budget: &Budget) -> Result<Value, String> {
    let array = array_argument(array, 1)?;
    if array.json_size().min(array.len().saturating_mul(value.json_size())) > budget.bytes {
        return Err(format!("The array and the value are larger than {} bytes", budget.bytes));
    }
    Ok(Value::Bool(array.contains(value)))
}

pub(super) fn range(first: &Value, last: &Value, step: &Value) -> Result<Value, String> {
    let first = i128::from(integer_argument(first, 1)?);
    let last = i128::from(integer_argument(last, 2)?);
    let step = i128::from(integer_argument(step, 3)?);
    if step == 0 {
        return Err("The step of the range must not be 0".to_owned());
    }
    let steps = (last - first).checked_div(step).unwrap_or(0);
    if (last - first) != 0 && (last - first).signum() != step.signum() {
        return Ok(Value::array([]));
    }
    if steps >= LONGEST_RANGE {
        return Err(format!("The range has more than {LONGEST_RANGE} items"));
    }
    let items = (0..=steps).filter_map(|index| i64::try_from(first + index * step).ok());
    Ok(Value::array(items.map(Value::from)))
}

pub(super) fn get_item(array: &Value, index: &Value) -> Result<Value, String> {
    let array = array_argument(array, 1)?;
    let index = integer_argument(index, 2)?;
    let item = usize::try_from(index).ok().and_then(|index| array.get(index));
    item.cloned().ok_or_else(|| format!("The index {index} is out of bounds for an array of {} items", array.len()))
}

pub(super) fn length(array: &Value) -> Result<Value, String> {
    array_argument(array, 1).map(|array| Value::from(array.len()))
}

/// The items without those that equal an earlier one.
pub(super) fn unique(array: &Value, budget: &Budget) -> Result<Value, String> {
    let array = array_argument(array, 1)?;
    let mut seen: HashMap<u64, Vec<&Value>> = HashMap::with_capacity(array.len());
    let mut kept = Vec::new();
    let mut steps = 0_u64;
    for item in array {
        let like = seen.entry(likeness(item)).or_default();
        steps = steps.saturating_add(1 + like.len() as u64 * (1 + item.json_size() as u64 / 8));
        if steps > budget.steps {
            return Err("The array has too many items that are alike".to_owned());
        }
        if !like.contains(&item) {
            like.push(item);
            kept.push(item.clone());
        }
    }
    Ok(Value::from(kept))
}

/// A hash that equal values share, of what stands in the two uppermost levels.
fn likeness(value: &Value) -> u64 {
    let children = match value {
        // The order of members does not count, so theirs is a sum.
        Value::Object(object) => object.iter().fold(0_u64, |sum, (key, value)| {
            let mut hasher = DefaultHasher::new();
            key.hash(&mut hasher);
            surface(value).hash(&mut hasher);
            sum.wrapping_add(hasher.finish())
        }),
        Value::Array(array) => array.iter().fold(0, |hash, item| {
            let mut hasher = DefaultHasher::new();
            (hash, surface(item)).hash(&mut hasher);
            hasher.finish()
        }),
        _ => 0,
    };
    surface(value).wrapping_add(children)
}

fn surface(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.type_name().hash(&mut hasher);
    match value {
        Value::Null => {}
        Value::Bool(value) => value.hash(&mut hasher),
        // `0.0` makes one of `0` and `-0`.
        Value::Number(number) => (number.as_f64() + 0.0).to_bits().hash(&mut hasher),
        Value::String(text) => text.as_str().hash(&mut hasher),
        Value::Array(array) => array.len().hash(&mut hasher),
        Value::Object(object) => object.len().hash(&mut hasher),
    }
    hasher.finish()
}
