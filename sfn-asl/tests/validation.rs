//! What AWS answered about definitions: recorded validations come out with its codes and texts, and every definition that
//! it executed is accepted.

mod reference;

use std::path::Path;

use sfn_asl::validate::{self, MachineType, Options, Resources};
use sfn_asl::{Definition, Diagnostic, Format, Value, diagnostic, parse};

fn rows(folder: &Path, name: &str) -> Vec<Value> {
    let file = folder.join("conformance").join(name);
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    text.lines().map(|line| Value::parse(line).expect("a case is JSON")).collect()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn options(case: &Value) -> Options {
    let machine_type = if text(case, "type") == "EXPRESS" { MachineType::Express } else { MachineType::Standard };
    Options { machine_type, resources: Resources::Aws }
}

/// The errors of an operation that are about something else than the definition.
const OTHER_ERRORS: [&str; 4] =
    ["StateMachineAlreadyExists", "InvalidLoggingConfiguration", "ValidationException", "StateMachineDoesNotExist"];

#[test]
#[allow(clippy::print_stderr, reason = "whoever reads the test's output should know that nothing was tested")]
fn recorded_validations() {
    let folder = match reference::folder() {
        Ok(folder) => folder,
        Err(reason) => return eprintln!("SKIPPED, {reason}"),
    };
    let mut wrong = Vec::new();
    let cases = rows(&folder, "validation.jsonl");
    for case in &cases {
        let definition = text(case, "definition_text");
        let findings = validate::check(definition, &options(case));
        let errors: Vec<&Diagnostic> = findings.iter().filter(|finding| finding.is_error()).collect();
        let expected = case.get("expected").expect("a case has an expectation");
        let error = expected.get("error").map(|error| (text(error, "code"), text(error, "message")));
        let problem = if let Some(response) = expected.get("response") {
            let answer = Value::object([(
                "diagnostics",
                errors.iter().map(|finding| as_aws(finding)).collect::<Vec<Value>>().into(),
            )]);
            (answer.get("diagnostics") != response.get("diagnostics")).then(|| answer.to_json())
        } else {
            match error {
                Some(("InvalidDefinition", message)) => {
                    let ours = diagnostic::aws_message(&findings);
                    (ours != message).then_some(ours)
                }
                Some((code, _)) if !OTHER_ERRORS.contains(&code) => Some(format!("what is {code}?")),
                _ => (!errors.is_empty()).then(|| diagnostic::aws_message(&findings)),
            }
        };
        if let Some(problem) = problem {
            wrong.push(format!("{}\n  expected {}\n  answered {problem}", text(case, "id"), expected.to_json()));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

fn as_aws(finding: &Diagnostic) -> Value {
    let mut members = vec![("code", Value::from(finding.code.name()))];
    members.extend(finding.aws_location().map(|location| ("location", Value::from(location))));
    members.push(("message", Value::from(finding.message.as_str())));
    members.push(("severity", Value::from(finding.severity.name())));
    Value::object(members)
}

#[test]
#[allow(clippy::print_stderr, reason = "whoever reads the test's output should know that nothing was tested")]
fn executed_definitions_are_accepted() {
    let folder = match reference::folder() {
        Ok(folder) => folder,
        Err(reason) => return eprintln!("SKIPPED, {reason}"),
    };
    let mut files: Vec<String> = std::fs::read_dir(folder.join("conformance"))
        .expect("the folder of cases can be read")
        .map(|entry| entry.expect("an entry can be read").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".jsonl") && !matches!(&**name, "validation.jsonl" | "api.jsonl"))
        .collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        for case in rows(&folder, &file) {
            let Some(definition) = case.get("definition") else { continue };
            let options = options(&case);
            let answer = if file == "test_state.jsonl" && definition.get("States").is_none() {
                let refused = case.get("expected").and_then(|expected| expected.get("error"));
                if refused.is_some_and(|error| text(error, "code") == "InvalidDefinition") {
                    continue;
                }
                parse::parse_state(&definition.to_json(), &options).map(|_| ())
            } else {
                let refused = case.get("expected").and_then(|expected| expected.get("error"));
                if refused.is_some_and(|error| text(error, "code") == "InvalidDefinition") {
                    continue;
                }
                Definition::parse_with(&definition.to_json(), Format::Json, &options).map(|_| ())
            };
            count += 1;
            if let Err(errors) = answer {
                wrong.push(format!("{}\n  {errors}", text(&case, "id")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count} refused\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 0, "there are definitions to accept");
}

#[test]
#[allow(clippy::print_stderr, reason = "whoever reads the test's output should know that nothing was tested")]
fn states_that_test_state_refuses() {
    let folder = match reference::folder() {
        Ok(folder) => folder,
        Err(reason) => return eprintln!("SKIPPED, {reason}"),
    };
    let mut wrong = Vec::new();
    for case in rows(&folder, "test_state.jsonl") {
        let (Some(definition), Some(error)) =
            (case.get("definition"), case.get("expected").and_then(|expected| expected.get("error")))
        else {
            continue;
        };
        let message = text(error, "message");
        if !message.starts_with("Invalid State Machine Definition") {
            continue;
        }
        let answer = match definition.get("States") {
            Some(_) => Definition::parse_with(&definition.to_json(), Format::Json, &options(&case)).err(),
            None => parse::parse_state(&definition.to_json(), &options(&case)).err(),
        };
        let answer = answer.map(|errors| errors.aws_message()).unwrap_or_default();
        if answer != message {
            wrong.push(format!("{}\n  expected {message}\n  answered {answer}", text(&case, "id")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
