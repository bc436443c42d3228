//! Functions at the end of a path: `$.items.length()`.

use super::PathError;
use super::reference::position;
use crate::value::{Key, Number, Object, Value};

/// A function of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Length,
    Size,
    Min,
    Max,
    Average,
    StandardDeviation,
    Sum,
    Concat,
    Append,
    Keys,
    First,
    Last,
    Index,
}

const NAMES: [(&str, Function); 13] = [
    ("length", Function::Length),
    ("size", Function::Size),
    ("min", Function::Min),
    ("max", Function::Max),
    ("avg", Function::Average),
    ("stddev", Function::StandardDeviation),
    ("sum", Function::Sum),
    ("concat", Function::Concat),
    ("append", Function::Append),
    ("keys", Function::Keys),
    ("first", Function::First),
    ("last", Function::Last),
    ("index", Function::Index),
];

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, function)| *function)
    }

    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    /// The answer for `target`, the value before the dot.
    pub(super) fn apply(self, target: &Value, arguments: &[Value]) -> Result<Value, PathError> {
        match self {
            Function::Length | Function::Size => {
                let target = arguments.first().unwrap_or(target);
                Ok(match target {
                    Value::Array(array) => Value::from(array.len()),
                    Value::Object(object) => Value::from(object.len()),
                    _ => Value::Null,
                })
            }
            Function::Min => aggregate(target, arguments, |numbers| numbers.iter().copied().fold(f64::MAX, f64::min)),
            Function::Max => aggregate(target, arguments, |numbers| numbers.iter().copied().fold(f64::MIN, f64::max)),
            Function::Sum => aggregate(target, arguments, |numbers| numbers.iter().sum()),
            Function::Average => {
                aggregate(target, arguments, |numbers| numbers.iter().sum::<f64>() / numbers.len() as f64)
            }
            Function::StandardDeviation => aggregate(target, arguments, |numbers| {
                let count = numbers.len() as f64;
                let squares: f64 = numbers.iter().map(|number| number * number).sum();
                let sum: f64 = numbers.iter().sum();
                (squares / count - sum * sum / count / count).max(0.0).sqrt()
            }),
            Function::Concat => {
                let own = target.as_array().map(|array| array.as_slice()).unwrap_or_default();
                let texts = own.iter().chain(arguments).filter_map(Value::as_str);
                Ok(Value::from(texts.collect::<String>()))
            }
            Function::Append => Ok(match target {
                Value::Array(array) => Value::array(array.iter().chain(arguments).cloned()),
                other => other.clone(),
            }),
            Function::Keys => Ok(match target {
                Value::Object(object) => Value::array(object.keys().map(|key| Value::from(&**key))),
                _ => Value::Null,
            }),
            Function::First => item(target, 0),
            Function::Last => item(target, -1),
            Function::Index => item(target, arguments.first().and_then(Value::as_i64).unwrap_or(0)),
        }
    }
}

fn item(target: &Value, index: i64) -> Result<Value, PathError> {
    let array = target.as_array().filter(|array| !array.is_empty());
    let array = array.ok_or_else(|| {
        PathError::Function("Aggregation function attempted to calculate value using empty array".to_owned())
    })?;
    Ok(position(array, index).map_or(Value::Null, |index| array[index].clone()))
}

fn aggregate(target: &Value, arguments: &[Value], compute: impl FnOnce(&[f64]) -> f64) -> Result<Value, PathError> {
    let mut numbers = Vec::new();
    for value in std::iter::once(target).chain(arguments) {
        match value {
            Value::Array(array) => numbers.extend(array.iter().filter_map(Value::as_f64)),
            Value::Number(number) => numbers.push(number.as_f64()),
            _ => {}
        }
    }
    let result = if numbers.is_empty() { None } else { Number::from_float(compute(&numbers)) };
    result.map(Value::Number).ok_or_else(|| {
        PathError::Function("Aggregation function attempted to calculate value using empty array".to_owned())
    })
}

/// The members `names` of `object` that exist, as one object.
pub(super) fn pick(object: &Object, names: &[Key]) -> Value {
    Value::object(names.iter().filter_map(|name| Some((name.clone(), object.get(name)?.clone()))))
}
