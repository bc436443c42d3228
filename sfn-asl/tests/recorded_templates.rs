//! Every payload template of a recorded Pass or Task state, against the output and the task parameters of AWS.
//!
mod reference;

use std::path::PathBuf;

use sfn_asl::Value;
use sfn_asl::query::path::{Path, ReferencePath};
use sfn_asl::query::{Budget, Environment, PayloadTemplate, Random, Scope};

/// The context object of a recorded run.
struct Recorded<'a> {
    case: &'a Value,
    state: &'a str,
    is_task: bool,
}

impl Environment for Recorded<'_> {
    fn variable(&self, _name: &str) -> Option<Value> {
        None
    }

    fn context(&self) -> Value {
        let member = |key: &str| self.case.get(key).cloned().unwrap_or_default();
        let text = |key: &str| member(key).as_str().unwrap_or_default().to_owned();
        let machine = text("state_machine_name");
        let account = "arn:aws:states:us-east-1:111111111111";
        let execution = text("execution_name");
        let mut members = Vec::from([
            (
                "Execution",
                Value::object([
                    ("Id", Value::from(format!("{account}:execution:{machine}:{execution}"))),
                    ("Input", member("input")),
                    ("StartTime", Value::from("2024-01-01T00:00:00Z")),
                    ("Name", Value::from(execution)),
                    ("RoleArn", member("role_arn")),
                    ("RedriveCount", Value::from(0)),
                ]),
            ),
            (
                "StateMachine",
                Value::object([
                    ("Id", Value::from(format!("{account}:stateMachine:{machine}"))),
                    ("Name", Value::from(machine)),
                ]),
            ),
            (
                "State",
                Value::object([
                    ("Name", Value::from(self.state)),
                    ("EnteredTime", Value::from("2024-01-01T00:00:00Z")),
                ]),
            ),
        ]);
        if self.is_task {
            members.push(("Task", Value::object([("Token", Value::from("token"))])));
        }
        Value::object(members)
    }
}

#[test]
fn recorded_templates_evaluate_as_on_aws() {
    let folder = match reference::folder() {
        Ok(folder) => folder.join("conformance"),
        Err(reason) => {
            println!("SKIPPED: {reason}");
            return;
        }
    };
    let mut checked = 0;
    let mut failures = Vec::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "jsonl")) {
        for line in std::fs::read_to_string(file).unwrap().lines() {
            let case = Value::parse(line).unwrap();
            for (state, definition, input, output) in recorded_states(&case) {
                checked += 1;
                let actual = run(&case, &state, &definition, &input);
                if !actual.as_ref().is_ok_and(|actual| agrees(&output, actual)) {
                    let id = case.get("id").and_then(Value::as_str).unwrap_or_default();
                    failures.push(format!("{id}, state {state}\n  expected {output}\n  actual   {actual:?}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {checked} differ:\n{}", failures.len(), failures.join("\n"));
    assert!(checked > 150, "only {checked} states were found");
}

/// Name, definition, recorded input and result of every top-level JSONPath state with `Parameters`, run once: the output
/// of a Pass state, the parameters of a Task.
fn recorded_states(case: &Value) -> Vec<(String, Value, Value, Value)> {
    let mut found = Vec::new();
    let (Some(definition), Some(history)) =
        (case.get("definition"), case.get("expected").and_then(|e| e.get("history")))
    else {
        return found;
    };
    if definition.get("QueryLanguage").is_some() || case.get("tasks").is_none() {
        return found;
    }
    let history = history.as_array().expect("a history is a list");
    // The details of the one event of a kind that `chosen` finds.
    let only = |kind: &str, chosen: &dyn Fn(&Value) -> bool| {
        let mut details = history
            .iter()
            .filter(|event| event.get("type").and_then(Value::as_str) == Some(kind))
            .filter_map(|event| event.get("details"))
            .filter(|details| chosen(details));
        details.next().filter(|_| details.next().is_none()).cloned()
    };
    let states = definition.get("States").and_then(Value::as_object).expect("a definition has states");
    for (name, state) in states.iter() {
        let kind = state.get("Type").and_then(Value::as_str).unwrap_or_default();
        let plain = state.get("QueryLanguage").is_none()
            && state.get("Assign").is_none()
            && state.get("Parameters").is_some_and(|parameters| !reads_variables(parameters));
        if !plain {
            continue;
        }
        let named = |details: &Value| details.get("name").and_then(Value::as_str) == Some(name);
        let result = match kind {
            "Pass" => only("PassStateExited", &named).and_then(|details| details.get("output").cloned()),
            "Task" => only("TaskScheduled", &|_| true).and_then(|details| details.get("parameters").cloned()),
            _ => None,
        };
        let input = only(&format!("{kind}StateEntered"), &named).and_then(|details| details.get("input").cloned());
        if let (Some(input), Some(result)) = (input, result) {
            found.push((name.to_string(), state.clone(), input, result));
        }
    }
    found
}

fn reads_variables(parameters: &Value) -> bool {
    let template = PayloadTemplate::parse(parameters).expect("AWS accepted the template");
    template.paths().any(|(_, path)| path.variable().is_some())
}

fn run(case: &Value, state: &str, definition: &Value, input: &Value) -> Result<Value, String> {
    let (random, budget) = (Random::new(1), Budget::default());
    let is_task = definition.get("Type").and_then(Value::as_str) == Some("Task");
    let environment = Recorded { case, state, is_task };
    let mut scope = Scope {
        input,
        result: None,
        error_output: None,
        environment: &environment,
        now: 0,
        random: &random,
        budget: &budget,
    };
    let path = |field: &str| {
        definition.get(field).and_then(Value::as_str).map(|text| Path::parse(text).expect("AWS accepted the path"))
    };
    let effective = match path("InputPath") {
        Some(path) => path.evaluate(&scope).map_err(|error| error.to_string())?,
        None => input.clone(),
    };
    scope.input = &effective;
    let template = PayloadTemplate::parse(definition.get("Parameters").expect("only states with Parameters are run"))
        .expect("AWS accepted the template");
    let mut result = template.evaluate(&scope).map_err(|error| error.to_string())?;
    if is_task {
        return Ok(result);
    }
    if let Some(fixed) = definition.get("Result") {
        result = fixed.clone();
    }
    if let Some(text) = definition.get("ResultPath").and_then(Value::as_str) {
        let place = ReferencePath::parse(text).expect("AWS accepted the path");
        result = place.inject(input, result).map_err(|error| error.to_string())?;
    }
    scope.input = &result;
    match path("OutputPath") {
        Some(path) => path.evaluate(&scope).map_err(|error| error.to_string()),
        None => Ok(result),
    }
}

/// Equality in which a text `<…>` of the recording stands for any scalar: a time, a random number.
fn agrees(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::String(text), actual) if text.starts_with('<') && text.ends_with('>') => {
            !matches!(actual, Value::Array(_) | Value::Object(_))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            // The order of the members is AWS's, too.
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a.0 == b.0 && agrees(a.1, b.1))
        }
        // Texts that hold JSON were recorded parsed.
        (expected @ Value::Object(_), Value::String(text)) => {
            Value::parse(text).is_ok_and(|actual| agrees(expected, &actual))
        }
        _ => expected == actual,
    }
}
