//! The shapes of task inputs, as far as the templates in the definition make them certain.
//!
//! A template tells the members of the input for certain: each of them is there when the task is called, since an
//! expression that finds nothing fails the state before. What an expression gives is mostly unknown, so most members
//! are plain values.

use sfn_asl::Value;
use sfn_asl::definition::QueryLanguage;

/// Objects nested deeper than this are plain values.
const DEEPEST: usize = 8;
/// Objects with more members are plain values.
const WIDEST: usize = 100;

/// What is known of a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Shape {
    /// Nothing.
    Value,
    /// A string.
    String,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A list of items of one shape.
    List(Box<Shape>),
    /// An object of exactly these members, at least one.
    Object(Vec<(String, Shape)>),
}

impl Shape {
    /// What is known of a value that has the one shape or the other.
    pub(crate) fn or(self, other: Shape) -> Shape {
        match (self, other) {
            (one, other) if one == other => one,
            (Shape::Integer | Shape::Number, Shape::Integer | Shape::Number) => Shape::Number,
            (Shape::List(one), Shape::List(other)) => Shape::List(Box::new(one.or(*other))),
            (Shape::Object(one), Shape::Object(mut other)) if one.len() == other.len() => {
                let mut members = Vec::with_capacity(one.len());
                for (key, shape) in one {
                    let Some(index) = other.iter().position(|(name, _)| *name == key) else { return Shape::Value };
                    members.push((key, shape.or(other.swap_remove(index).1)));
                }
                Shape::Object(members)
            }
            _ => Shape::Value,
        }
    }
}

/// The shape of what `template` gives.
pub(crate) fn template(template: &Value, language: QueryLanguage) -> Shape {
    shape(template, language, DEEPEST)
}

fn shape(template: &Value, language: QueryLanguage, levels: usize) -> Shape {
    match template {
        Value::Null => Shape::Value,
        Value::Bool(_) => Shape::Bool,
        Value::Number(number) if number.is_integer() && number.as_i64().is_some() => Shape::Integer,
        Value::Number(_) => Shape::Number,
        Value::String(text) if language == QueryLanguage::Jsonata && is_expression(text) => Shape::Value,
        Value::String(_) => Shape::String,
        Value::Array(_) | Value::Object(_) if levels == 0 => Shape::Value,
        Value::Array(items) => {
            let items = items.iter().map(|item| shape(item, language, levels - 1));
            Shape::List(Box::new(items.reduce(Shape::or).unwrap_or(Shape::Value)))
        }
        Value::Object(members) if members.is_empty() || members.len() > WIDEST => Shape::Value,
        Value::Object(members) => {
            let mut known: Vec<(String, Shape)> = Vec::with_capacity(members.len());
            for (key, value) in members.iter() {
                let (key, shape) = match (key.strip_suffix(".$"), value.as_str()) {
                    (Some(key), Some(text)) if language == QueryLanguage::JsonPath => (key, path_or_call(text)),
                    _ => (&**key, shape(value, language, levels - 1)),
                };
                // `a` beside `a.$`: whichever wins is not for us to say.
                if known.iter().any(|(known, _)| known == key) {
                    return Shape::Value;
                }
                known.push((key.to_owned(), shape));
            }
            Shape::Object(known)
        }
    }
}

/// `{% … %}`
pub(crate) fn is_expression(text: &str) -> bool {
    text.starts_with("{%") && text.ends_with("%}")
}

/// The shape of a path or of an intrinsic function's answer.
fn path_or_call(text: &str) -> Shape {
    let text = text.trim();
    if let Some((function, _)) = text.split_once('(') {
        return match function.trim() {
            "States.Format" | "States.JsonToString" | "States.UUID" | "States.Hash" => Shape::String,
            "States.Base64Encode" | "States.Base64Decode" => Shape::String,
            "States.ArrayLength" | "States.MathRandom" => Shape::Integer,
            "States.ArrayContains" => Shape::Bool,
            "States.StringSplit" => Shape::List(Box::new(Shape::String)),
            "States.Array" | "States.ArrayUnique" => Shape::List(Box::new(Shape::Value)),
            _ => Shape::Value,
        };
    }
    match text {
        "$$.Execution.Id" | "$$.Execution.Name" | "$$.Execution.RoleArn" | "$$.Execution.StartTime" => Shape::String,
        "$$.State.Name" | "$$.State.EnteredTime" | "$$.StateMachine.Id" | "$$.StateMachine.Name" => Shape::String,
        "$$.Task.Token" => Shape::String,
        "$$.State.RetryCount" | "$$.Map.Item.Index" => Shape::Integer,
        _ => Shape::Value,
    }
}

#[cfg(test)]
mod tests;
