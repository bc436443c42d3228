//! Calls of Lambda functions: whose function is called, with what, and what AWS makes of its result.

use sfn_asl::definition::{Integration, function_name};
use sfn_asl::value::Value;

use super::clock::Clock;
use crate::machine::TaskRequest;

/// The call of a Lambda function.
pub(super) struct Function<'a> {
    /// Its name, without account and version; of `${Name}` the inner text.
    pub(super) name: &'a str,
    /// What it receives.
    pub(super) payload: Value,
    /// True when its result comes back in the response of `lambda:invoke`.
    pub(super) wrapped: bool,
}

/// The function that a task calls, directly or by `lambda:invoke`.
pub(super) fn function(request: &TaskRequest) -> Option<Function<'_>> {
    match &request.resource.integration {
        Integration::Lambda => Some(Function {
            name: function_name(&request.resource.text),
            payload: request.parameters.clone(),
            wrapped: false,
        }),
        Integration::Service { resource_type, resource, .. }
            if &**resource_type == "lambda" && resource.split('.').next() == Some("invoke") =>
        {
            let name = request.parameters.get("FunctionName")?.as_str()?;
            let payload = request.parameters.get("Payload").cloned().unwrap_or_else(Value::empty_object);
            Some(Function { name: function_name(name), payload, wrapped: true })
        }
        _ => None,
    }
}

/// The response of `lambda:invoke` around a function's result.
///
/// Its members and headers are those that AWS answers with, in their order.
pub(super) fn response(payload: Value, request: &TaskRequest, clock: &dyn Clock) -> Value {
    let request_id = format!("00000000-0000-4000-8000-{:012x}", request.task.sequence());
    let date = jiff::Timestamp::from_millisecond(clock.now()).unwrap_or_default();
    let headers: [(&str, String); 8] = [
        ("X-Amz-Executed-Version", "$LATEST".to_owned()),
        ("x-amzn-Remapped-Content-Length", "0".to_owned()),
        ("Connection", "keep-alive".to_owned()),
        ("x-amzn-RequestId", request_id.clone()),
        ("Content-Length", payload.json_size().to_string()),
        ("Date", date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
        ("X-Amzn-Trace-Id", format!("Root=1-00000000-{:024x};Sampled=0", request.task.sequence())),
        ("Content-Type", "application/json".to_owned()),
    ];
    let of = |value: &String| Value::from(value.as_str());
    let metadata = Value::object([
        ("AllHttpHeaders", Value::object(headers.iter().map(|(name, value)| (*name, Value::array([of(value)]))))),
        ("HttpHeaders", Value::object(headers.iter().map(|(name, value)| (*name, of(value))))),
        ("HttpStatusCode", Value::from(200)),
    ]);
    Value::object([
        ("ExecutedVersion", Value::from("$LATEST")),
        ("Payload", payload),
        ("SdkHttpMetadata", metadata),
        ("SdkResponseMetadata", Value::object([("RequestId", Value::from(request_id))])),
        ("StatusCode", Value::from(200)),
    ])
}
