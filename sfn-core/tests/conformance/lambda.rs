//! Handlers by their declared behaviour (`lambdas.json`), for the cases whose task outcomes were not recorded.

use sfn_core::asl::value::Value;

use crate::case::at;
use crate::mock::{Answer, End, Phase, Scheduled, Worker};

/// Runs the function that a scheduled task calls, directly or by `lambda:invoke`.
pub(crate) fn answer(scheduled: &Scheduled<'_>, functions: &Value, lambdas: &Value) -> Result<Answer, String> {
    let invoked = scheduled.resource.contains(":::lambda:invoke");
    let (function, payload) = if invoked {
        let name = at(scheduled.parameters, &["FunctionName"]).as_str().unwrap_or_default();
        (name, at(scheduled.parameters, &["Payload"]).clone())
    } else {
        (scheduled.resource, scheduled.parameters.clone())
    };
    let name = function_name(function);
    let key = at(functions, &[name]).as_str().ok_or_else(|| format!("the case has no function `{name}`"))?;
    let lambda = lambdas.get(key).ok_or_else(|| format!("lambdas.json has no `{key}`"))?;
    let behaviour = at(lambda, &["behaviour"]);
    let after_seconds = at(behaviour, &["delay_seconds"]).as_i64().unwrap_or(0);
    let end = match run(behaviour, at(lambda, &["python"]).as_str().unwrap_or_default(), payload)? {
        Ok(result) if invoked => End::Succeeded(invoke_output(result)),
        Ok(result) => End::Succeeded(result),
        Err((error, cause)) => End::Failed { error: Some(error), cause: Some(cause), phase: Phase::Run },
    };
    Ok(Answer { started: Some(Worker { name: None }), submitted: None, end, after_seconds })
}

/// A function's result, or its error and cause.
type Outcome = Result<Value, (String, String)>;

fn run(behaviour: &Value, source: &str, payload: Value) -> Result<Outcome, String> {
    let text = |key: &str| at(behaviour, &[key]).as_str().unwrap_or_default().to_owned();
    Ok(match at(behaviour, &["kind"]).as_str() {
        Some("echo") => Ok(payload),
        Some("const") => Ok(at(behaviour, &["output"]).clone()),
        Some("const_large") => {
            let bytes = at(behaviour, &["bytes"]).as_i64().and_then(|bytes| usize::try_from(bytes).ok());
            Ok(Value::from("a".repeat(bytes.ok_or("a large constant tells no number of bytes")?)))
        }
        Some("python_fstring") => {
            let format = text("format");
            let before = format.split('{').next().unwrap_or_default();
            Ok(Value::from(format!("{before}{}", python_repr(&payload))))
        }
        Some("raise") => Err((text("error"), raised(&text("error"), &text("message"), source))),
        other => return Err(format!("unknown behaviour {other:?} in lambdas.json")),
    })
}

/// The name of a function given by name, by ARN, or by either with a version or alias.
fn function_name(function: &str) -> &str {
    let name = function.split_once(":function:").map_or(function, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

/// The `Cause` of an error that the Python runtime reports: the line that raised it is the top of its stack.
fn raised(error: &str, message: &str, source: &str) -> String {
    let raising = source.lines().enumerate().find(|(_, line)| line.trim_start().starts_with("raise "));
    let stack = raising.map(|(index, line)| {
        let (number, statement) = (index + 1, line.trim());
        Value::from(format!("  File \"/var/task/handler.py\", line {number}, in handler\n    {statement}\n"))
    });
    Value::object([
        ("errorMessage", Value::from(message)),
        ("errorType", Value::from(error)),
        ("requestId", Value::from("00000000-0000-4000-8000-0000000000ff")),
        ("stackTrace", Value::array(stack)),
    ])
    .to_json()
}

/// The answer of `lambda:invoke`; what differs from call to call holds the words that the recorder put in its place.
fn invoke_output(payload: Value) -> Value {
    let length = Value::from(python_json(&payload).len().to_string());
    let headers = |many: bool, names: &[(&str, Value)]| {
        let several = |value: &Value| if many { Value::array([value.clone()]) } else { value.clone() };
        Value::object(names.iter().map(|(name, value)| match *name {
            "x-amzn-RequestId" | "Date" | "X-Amzn-Trace-Id" => (*name, value.clone()),
            _ => (*name, several(value)),
        }))
    };
    let executed = ("X-Amz-Executed-Version", Value::from("$LATEST"));
    let remapped = ("x-amzn-Remapped-Content-Length", Value::from("0"));
    let connection = ("Connection", Value::from("keep-alive"));
    let request_id = ("x-amzn-RequestId", Value::from("x-amzn-RequestId"));
    let content_length = ("Content-Length", length);
    let date = ("Date", Value::from("date"));
    let trace = ("X-Amzn-Trace-Id", Value::from("X-Amzn-Trace-Id"));
    let content_type = ("Content-Type", Value::from("application/json"));
    let fields = [executed, remapped, connection, request_id, content_length, date, trace, content_type];
    Value::object([
        ("ExecutedVersion", Value::from("$LATEST")),
        ("Payload", payload),
        (
            "SdkHttpMetadata",
            Value::object([
                ("AllHttpHeaders", headers(true, &fields)),
                ("HttpHeaders", headers(false, &fields)),
                ("HttpStatusCode", Value::from(200)),
            ]),
        ),
        ("SdkResponseMetadata", Value::object([("RequestId", Value::from("RequestId"))])),
        ("StatusCode", Value::from(200)),
    ])
}

/// The JSON text that Python's runtime makes: blanks after `,` and `:`.
fn python_json(value: &Value) -> String {
    let list = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Array(items) => format!("[{}]", list(items.iter().map(python_json).collect())),
        Value::Object(members) => {
            let member = |(key, value): (&std::sync::Arc<str>, &Value)| {
                format!("{}: {}", Value::from(&**key).to_json(), python_json(value))
            };
            format!("{{{}}}", list(members.iter().map(member).collect()))
        }
        scalar => scalar.to_json(),
    }
}

/// What Python's `repr` says of a value.
fn python_repr(value: &Value) -> String {
    let text = |text: &str| {
        let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
        let mut out = String::from(quote);
        for character in text.chars() {
            match character {
                '\\' => out.push_str("\\\\"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                other if other == quote => out.extend(['\\', other]),
                other => out.push(other),
            }
        }
        out.push(quote);
        out
    };
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(_) => value.to_json(),
        Value::String(string) => text(string),
        Value::Array(items) => format!("[{}]", items.iter().map(python_repr).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| format!("{}: {}", text(key), python_repr(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}
