//! Answers expressions of JSONata: a line `{"expr": "...", "data": ...}` in, a line `{"value": ...}`, `{}` or `{"code": "...",
//! "message": "..."}` out. `tests/differential.mjs` sets its answers beside those of jsonata-js.

use std::io::{BufRead, Write};

use sfn_asl::Value;
use sfn_asl::query::jsonata::{Expression, JsonataError};
use sfn_asl::query::{Budget, Random};

/// The instant at which every expression is evaluated: 2017-07-14T02:40:00Z.
const NOW: i64 = 1_500_000_000_000;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let answer = match answer(&line?) {
            Ok(None) => Value::Object(sfn_asl::value::Object::default()),
            Ok(Some(value)) => Value::object([("value", value)]),
            Err(error) => {
                let code = error.code.map_or(Value::Null, Value::from);
                Value::object([("code", code), ("message", Value::from(&*error.message))])
            }
        };
        writeln!(out, "{}", answer.to_json())?;
        out.flush()?;
    }
    Ok(())
}

fn answer(line: &str) -> Result<Option<Value>, JsonataError> {
    let wrong = |message: String| JsonataError { code: None, message, offset: 0 };
    let case = Value::parse(line).map_err(|error| wrong(error.to_string()))?;
    let text = case.get("expr").and_then(Value::as_str).ok_or_else(|| wrong("a line has no `expr`".to_owned()))?;
    let expression = Expression::parse_coded(text)?;
    expression.evaluate_data(case.get("data"), &|_| None, NOW, &Random::new(7), &Budget::default())
}
