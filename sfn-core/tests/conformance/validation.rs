//! Judges the definition of a case and compares the findings with AWS's.

use sfn_core::asl::definition::Definition;
use sfn_core::asl::diagnostic::{Diagnostic, Severity};
use sfn_core::asl::parse::Format;
use sfn_core::asl::validate::{MachineType, Options, Resources};
use sfn_core::asl::value::Value;

use crate::case::{Case, at};
use crate::compare::Comparison;

/// Validates the definition of the case; the error says what differs.
pub(crate) fn check(case: &Case) -> Result<(), String> {
    let outcome = Definition::parse_with(case.text("definition_text")?, Format::Json, &options(case.text("type")?)?);
    let refused = outcome.as_ref().err();
    let findings = match &outcome {
        Ok(definition) => definition.diagnostics(),
        Err(findings) => findings.as_slice(),
    };
    let expected = case.at(&["expected"]);
    if let Some(response) = expected.get("response") {
        let actual = validate_response(findings, at(case.at(&["request"]), &["severity"]).as_str());
        return compare(response, &actual, "response");
    }
    let Some(error) = expected.get("error") else {
        return match refused {
            None => Ok(()),
            Some(findings) => Err(format!("refused: {}", findings.aws_message())),
        };
    };
    let code = at(error, &["code"]).as_str().unwrap_or_default();
    match refused {
        _ if code != "InvalidDefinition" => {
            Err(format!("{code} is a finding of the API, not of the definition: it waits for the server"))
        }
        None => Err(format!("accepted, expected {}", at(error, &["message"]))),
        Some(findings) => compare(at(error, &["message"]), &Value::from(findings.aws_message()), "message"),
    }
}

/// The options of a machine of this type: `STANDARD` or `EXPRESS`.
pub(crate) fn options(machine_type: &str) -> Result<Options, String> {
    let machine_type = match machine_type {
        "STANDARD" => MachineType::Standard,
        "EXPRESS" => MachineType::Express,
        other => return Err(format!("unknown type `{other}`")),
    };
    Ok(Options { machine_type, resources: Resources::Aws })
}

/// The answer of `ValidateStateMachineDefinition`, which tells warnings only to those who ask for them.
fn validate_response(findings: &[Diagnostic], severity: Option<&str>) -> Value {
    let told = findings.iter().filter(|finding| finding.is_error() || severity == Some(Severity::Warning.name()));
    let diagnostics = told.map(|finding| {
        let location = finding.aws_location().map(|location| ("location", Value::from(location)));
        let rest = [
            ("code", Value::from(finding.code.name())),
            ("message", Value::from(finding.message.as_str())),
            ("severity", Value::from(finding.severity.name())),
        ];
        Value::object(rest.into_iter().chain(location))
    });
    let failed = findings.iter().any(Diagnostic::is_error);
    Value::object([
        ("diagnostics", Value::array(diagnostics)),
        ("result", Value::from(if failed { "FAIL" } else { "OK" })),
        ("truncated", Value::from(false)),
    ])
}

fn compare(expected: &Value, actual: &Value, place: &str) -> Result<(), String> {
    let mut comparison = Comparison::default();
    if comparison.matches(expected, actual, place) { Ok(()) } else { Err(comparison.difference().to_owned()) }
}
