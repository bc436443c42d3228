//! The official JSONata suite, and what AWS has otherwise.

use std::path::PathBuf;

use sfn_asl::Value;
use sfn_asl::query::jsonata::{Expression, JsonataError};
use sfn_asl::query::{Budget, Random};

/// Cases that are to end otherwise than in the reference, each with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("function-encodeUrl/case002.json#405", "half of a surrogate pair is no Unicode text"),
    ("function-encodeUrlComponent/case002.json#408", "half of a surrogate pair is no Unicode text"),
];

#[test]
fn official_suite() {
    let Some(text) = reference("jsonata/cases.jsonl") else {
        println!("SKIPPED: no reference data");
        return;
    };
    let mut passed = 0;
    let mut total = 0;
    let mut surprises = Vec::new();
    for line in text.lines() {
        let case = Value::parse(line).unwrap();
        let name = format!("{}/{}#{}", text_of(&case, "group"), text_of(&case, "file"), case.get("i").unwrap());
        let exception = EXCEPTIONS.iter().find(|(known, _)| *known == name);
        let result = check(&case);
        total += 1;
        passed += usize::from(result.is_ok());
        match (result, exception) {
            (Err(why), None) => surprises.push(format!("{name}: {}\n    {why}", text_of(&case, "expr"))),
            (Ok(()), Some(_)) => surprises.push(format!("{name}: passes, though an exception is listed")),
            _ => {}
        }
    }
    println!("{passed}/{total}");
    assert!(surprises.is_empty(), "{}\n{} surprises, {passed}/{total}", surprises.join("\n"), surprises.len());
}

fn text_of<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn check(case: &Value) -> Result<(), String> {
    let outcome = evaluate(case);
    // AWS has no `$eval`: calling it is calling what is no function.
    let evals = text_of(case, "group") == "function-eval";
    let code = case.get("code").or_else(|| case.get("error")?.get("code")).and_then(Value::as_str);
    if let Some(code) = if evals { Some("T1006") } else { code } {
        let message = case.get("error").and_then(|error| error.get("message")).and_then(Value::as_str);
        return match outcome {
            Err(error) if message.is_some_and(|message| message != error.message) => {
                Err(format!("expected {message:?}, got {}", error.message))
            }
            // The suite's code for exceeded bounds, which have none here.
            Err(error) if error.code == Some(code) || (code == "U1001" && error.code.is_none()) => Ok(()),
            Err(error) => Err(format!("expected {code}, got {:?}: {}", error.code, error.message)),
            Ok(value) => Err(format!("expected {code}, got {value:?}")),
        };
    }
    let value = outcome.map_err(|error| format!("{:?}: {}", error.code, error.message))?;
    match (case.get("result"), value) {
        (Some(expected), Some(value)) if *expected == value => Ok(()),
        (Some(expected), value) => Err(format!("expected {expected}, got {value:?}")),
        (None, None) => Ok(()),
        (None, Some(value)) => Err(format!("expected nothing, got {value}")),
    }
}

fn evaluate(case: &Value) -> Result<Option<Value>, JsonataError> {
    let expression = Expression::parse_coded(text_of(case, "expr"))?;
    let bindings = case.get("bindings").cloned().unwrap_or_default();
    let mut budget = Budget { bytes: 512 << 20, ..Budget::default() };
    if let Some(depth) = case.get("depth").and_then(Value::as_i64) {
        budget.depth = u32::try_from(depth).expect("a depth is small");
    }
    if let Some(millis) = case.get("timelimit").and_then(Value::as_i64) {
        budget.steps = u64::try_from(millis).expect("a time is positive") * 1_000;
        if budget.steps > 5_000_000 {
            budget.steps *= 5;
        }
    }
    let data = case.get("data");
    expression.evaluate_data(data, &|name| bindings.get(name).cloned(), 1_500_000_000_000, &Random::new(7), &budget)
}

/// A file of the reference data, if it is there.
fn reference(file: &str) -> Option<String> {
    let root = std::env::var_os("SFN_REFERENCE")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    std::fs::read_to_string(root.join(file)).ok()
}
