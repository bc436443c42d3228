//! What optimized integrations check about their arguments before a task is scheduled.

use sfn_asl::definition::Integration;
use sfn_asl::query::EvaluationError;
use sfn_asl::value::Value;

use crate::machine::data_flow::Evaluated;

/// Fails when an argument has a form that the integration cannot send.
pub(super) fn check_arguments(integration: &Integration, is_jsonata: bool, arguments: &Value) -> Evaluated<()> {
    let Integration::Service { resource_type, .. } = integration else { return Ok(()) };
    let invalid = match &**resource_type {
        "apigateway" => {
            ["Headers", "QueryParameters"].into_iter().filter(|field| !lists(arguments.get(field))).collect()
        }
        _ => Vec::new(),
    };
    if invalid.is_empty() { Ok(()) } else { Err(invalid_format(is_jsonata, arguments, &invalid)) }
}

/// True for an absent member, and for an object all of whose members are arrays.
fn lists(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::Object(object)) => object.values().all(|value| value.as_array().is_some()),
        Some(_) => false,
    }
}

fn invalid_format(is_jsonata: bool, arguments: &Value, fields: &[&str]) -> EvaluationError {
    let field = if is_jsonata { "Arguments" } else { "Parameters" };
    let problems: Vec<_> =
        fields.iter().map(|field| format!("The value of the field '{field}' has an invalid format")).collect();
    EvaluationError::runtime(format!(
        "The {field} '{arguments}' could not be used to start the Task: [{}]",
        problems.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use sfn_asl::definition::ServicePattern;

    use super::*;

    #[test]
    fn arguments_of_api_gateway() {
        let integration = |name: &str| Integration::Service {
            resource_type: name.into(),
            resource: "invoke".into(),
            pattern: ServicePattern::RequestResponse,
        };
        let check = |name: &str, arguments: &str, expected: &str| {
            let arguments = Value::parse(arguments).unwrap();
            let answer = check_arguments(&integration(name), false, &arguments);
            assert_eq!(answer.err().map(|error| error.cause).unwrap_or_default(), expected);
        };
        check("apigateway", r#"{"Path":"p"}"#, "");
        check("apigateway", r#"{"Headers":{"a":["b"]},"QueryParameters":{}}"#, "");
        check("lambda", r#"{"Headers":{"a":"b"}}"#, "");
        check(
            "apigateway",
            r#"{"Headers":{"a":"b"}}"#,
            "The Parameters '{\"Headers\":{\"a\":\"b\"}}' could not be used to start the Task: \
             [The value of the field 'Headers' has an invalid format]",
        );
    }
}
