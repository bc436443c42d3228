//! `Resource` and `Arguments` of a Task state: the payload in the form that its kind of task takes.

use super::Bindings;
use super::expression::{Expression, Member};
use crate::data::Arrays;
use crate::task::{Channel, STARTED_BY, TaskDescription, TaskResource};

/// `Resource`
pub(super) fn resource(task: &TaskDescription, bindings: &Bindings) -> String {
    match (task.resource, task.resource.bound()) {
        (TaskResource::Activity { .. }, Some((kind, name))) => bindings.resolve(kind, name).unwrap_or_default(),
        _ => task.resource.resource().into_owned(),
    }
}

/// `Arguments`
pub(super) fn arguments(task: &TaskDescription, payload: &Expression, bindings: &Bindings) -> Expression {
    let payload = match task.token {
        Some(token) => with_member(payload, token.name, token.index, "$states.context.Task.Token"),
        None if task.linked => with_member(payload, STARTED_BY, usize::MAX, "$states.context.Execution.Id"),
        None => payload.clone(),
    };
    let target = || {
        let target = task.resource.bound().and_then(|(kind, name)| bindings.resolve(kind, name));
        Expression::Constant(target.unwrap_or_default().into())
    };
    match task.resource {
        TaskResource::Arn { .. } | TaskResource::Sdk { .. } | TaskResource::Activity { .. } => payload,
        TaskResource::Lambda { .. } | TaskResource::Message { channel: Channel::Lambda, .. } => {
            object([("FunctionName", target()), ("Payload", payload)])
        }
        TaskResource::Message { channel: Channel::Sqs, .. } => {
            object([("QueueUrl", target()), ("MessageBody", payload)])
        }
        TaskResource::Message { channel: Channel::Sns, .. } => object([("TopicArn", target()), ("Message", payload)]),
        TaskResource::Message { channel: Channel::EventBridge { source, detail_type }, .. } => {
            let entry = object([
                ("EventBusName", target()),
                ("Source", Expression::constant(source)),
                ("DetailType", Expression::constant(detail_type)),
                ("Detail", payload),
            ]);
            object([("Entries", Expression::Array(vec![(entry, Arrays::Never)]))])
        }
        TaskResource::Machine { .. } => object([("StateMachineArn", target()), ("Input", payload)]),
    }
}

/// The object with one more member.
fn with_member(object: &Expression, name: &str, index: usize, code: &'static str) -> Expression {
    let member = Member { key: name.to_owned(), value: Expression::Verbatim(code), skipped_if_none: false };
    let mut members = match object {
        Expression::Object(members) => members.clone(),
        Expression::Constant(sfn_asl::Value::Object(object)) => {
            let member = |(key, value): (_, &sfn_asl::Value)| Member {
                key: String::from(key),
                value: Expression::Constant(value.clone()),
                skipped_if_none: false,
            };
            object.iter().map(|(key, value)| member((&**key, value))).collect()
        }
        other => {
            let more = Expression::Array(vec![
                (other.clone(), Arrays::Never),
                (Expression::Object(vec![member]), Arrays::Never),
            ]);
            return Expression::function("merge", [more]);
        }
    };
    members.insert(index.min(members.len()), member);
    Expression::Object(members)
}

fn object<const COUNT: usize>(members: [(&str, Expression); COUNT]) -> Expression {
    let member = |(key, value): (&str, Expression)| Member { key: key.to_owned(), value, skipped_if_none: false };
    Expression::Object(members.map(member).into())
}
