//! Tests of what the official suite does not ask: AWS's additions, bounds, reads, texts of errors.

mod aws;
mod bounds;
mod properties;
mod reads;
mod reference;
mod texts;

use super::{Expression, JsonataError};
use crate::query::{Budget, NoEnvironment, Random, Scope};
use crate::value::Value;

/// The value under a workflow's scope with `input`.
fn evaluate(text: &str, input: &Value) -> Result<Option<Value>, JsonataError> {
    evaluate_within(text, input, &Budget::default())
}

fn evaluate_within(text: &str, input: &Value, budget: &Budget) -> Result<Option<Value>, JsonataError> {
    let random = Random::new(1);
    let scope = Scope {
        input,
        result: None,
        error_output: None,
        environment: &NoEnvironment,
        now: 1_500_000_000_000,
        random: &random,
        budget,
    };
    Expression::parse_coded(text)?.evaluate(&scope)
}

/// Expressions and the JSON texts of their values over the input; `undefined` for nothing.
fn check(input: &str, cases: &[(&str, &str)]) {
    let input: Value = input.parse().unwrap();
    for (text, expected) in cases {
        let shown = match evaluate(text, &input) {
            Ok(Some(value)) => value.to_json(),
            Ok(None) => "undefined".to_owned(),
            Err(error) => format!("{}: {}", error.code.unwrap_or("-"), error.message),
        };
        assert_eq!(shown, *expected, "{text}");
    }
}
