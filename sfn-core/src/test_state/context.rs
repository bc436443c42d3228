//! The context object of a test: the given one, or what AWS makes up.

use sfn_asl::query::Random;
use sfn_asl::value::{ObjectBuilder, Value};

use super::{TestStateError, TestStateRequest, waits_for_others};
use crate::machine::{ContextObject, timestamp};
use crate::program::{Kind, Node};

/// The members of the context object's members, with the type each must have; `any` takes everything.
const KNOWN: [(&str, &[(&str, &str)]); 4] = [
    (
        "Execution",
        &[
            ("Id", "string"),
            ("Input", "any"),
            ("Name", "string"),
            ("RoleArn", "string"),
            ("StartTime", "string"),
            ("RedriveCount", "number"),
            ("RedriveTime", "string"),
        ],
    ),
    ("State", &[("EnteredTime", "string"), ("Name", "string"), ("RetryCount", "number")]),
    ("StateMachine", &[("Id", "string"), ("Name", "string")]),
    ("Task", &[("Token", "string")]),
];

/// The context object that the expressions of the state see.
pub(super) fn context(
    request: &TestStateRequest<'_>,
    node: &Node,
    input: &Value,
) -> Result<ContextObject, TestStateError> {
    let Some(text) = request.context else { return Ok(ContextObject::Made(made(request, node, input))) };
    let context = super::json(text, TestStateError::context)?;
    check(&context, node)?;
    Ok(ContextObject::Given(context))
}

fn check(context: &Value, node: &Node) -> Result<(), TestStateError> {
    let Some(context) = context.as_object() else {
        return Err(TestStateError::context("Context object must be a JSON object"));
    };
    for (name, value) in context.iter() {
        if &**name == "Map" {
            return Err(TestStateError::context("'Map' field is not supported when mocking a Context object"));
        }
        let Some((_, members)) = KNOWN.iter().find(|(known, _)| *known == &**name) else {
            return Err(not_allowed(name));
        };
        if &**name == "Task" && !waits_for_others(node) {
            return Err(TestStateError::context(
                "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' \
                 service integration pattern",
            ));
        }
        let Some(object) = value.as_object() else { return Err(wrong_type(name, "an object")) };
        for (name, value) in object.iter() {
            let Some((_, expected)) = members.iter().find(|(known, _)| *known == &**name) else {
                return Err(not_allowed(name));
            };
            match *expected {
                "string" if value.as_str().is_none() => return Err(wrong_type(name, "a string")),
                "number" if value.as_number().is_none() => return Err(wrong_type(name, "a number")),
                _ => {}
            }
        }
    }
    Ok(())
}

fn not_allowed(field: &str) -> TestStateError {
    TestStateError::context(format!("Field '{field}' is not allowed"))
}

fn wrong_type(field: &str, expected: &str) -> TestStateError {
    TestStateError::context(format!("Field '{field}' must be {expected}"))
}

/// What AWS makes up: an Express execution of a machine that does not exist.
fn made(request: &TestStateRequest<'_>, node: &Node, input: &Value) -> Value {
    // A stream of its own, so that the names change nothing in what expressions draw.
    let random = Random::new(!request.seed);
    let (machine, execution) = (random.next_uuid(), random.next_uuid());
    let caller = request.caller;
    let arn = |kind: &str, name: &str| {
        format!("arn:{}:states:{}:{}:{kind}:{name}", caller.partition, caller.region, caller.account)
    };
    let role = || format!("arn:{}:iam::{}:role/TestState", caller.partition, caller.account);
    let now = timestamp(request.now);
    let run = Value::object([
        ("Id", Value::from(arn("express", &format!("{machine}:{execution}")))),
        ("Input", input.clone()),
        ("Name", Value::from(execution)),
        ("RoleArn", Value::from(request.role_arn.map_or_else(role, str::to_owned))),
        ("StartTime", Value::from(now.as_str())),
    ]);
    let state_machine =
        Value::object([("Id", Value::from(arn("stateMachine", &machine))), ("Name", Value::from(machine.as_str()))]);
    let mut state = ObjectBuilder::with_capacity(3);
    state.insert("Name", &*node.name).insert("EnteredTime", now);
    if matches!(node.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_)) {
        state.insert("RetryCount", request.state_configuration.retrier_retry_count.unwrap_or(0));
    }
    let state = Value::Object(state.build());
    Value::object([("Execution", run), ("StateMachine", state_machine), ("State", state)])
}
