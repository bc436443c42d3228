//! The few words of JSONata that names on the wire become.

use sfn_asl::Value;

use super::Step;

/// The way from `value`, an expression that may stand before a dot, to a part of it.
pub(crate) fn path(value: &str, steps: &[Step]) -> String {
    steps.iter().fold(value.to_owned(), |path, step| match step {
        // A name in backquotes cannot contain one.
        Step::Member(key) if key.contains('`') => format!("$lookup({path}, {})", string(key)),
        Step::Member(key) => format!("{path}.{}", name(key)),
        Step::Item(index) => format!("{path}[{index}]"),
    })
}

/// A step of a path: the key itself when it is a plain name, else in backquotes.
pub(crate) fn name(key: &str) -> String {
    let mut characters = key.chars();
    let plain = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !matches!(key, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    if plain { key.to_owned() } else { format!("`{key}`") }
}

/// A string literal.
pub(crate) fn string(text: &str) -> String {
    Value::from(text).to_json()
}
