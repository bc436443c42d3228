//! What a task is reached by, whether it is read from a request or told by a `#[task]`.

use sfn_asl::definition::{Integration, activity_name, function_name};
use sfn_asl::value::Value;

use crate::lower::{BindingKind, bare, substitution_key};
use crate::machine::TaskRequest;
use crate::task::TaskDescription;

/// A function, a queue, an activity and their kin by their name, or a service by the text of `Resource`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Address {
    kind: BindingKind,
    name: String,
}

impl Address {
    /// Where a task is reached.
    pub(super) fn of_task(task: &TaskDescription) -> Self {
        match task.resource.bound() {
            Some((kind, name)) => Address::named(kind, name),
            None => Address { kind: BindingKind::Service, name: task.resource.resource().into_owned() },
        }
    }

    /// True when a request goes there.
    pub(super) fn is_of(&self, request: &TaskRequest) -> bool {
        match self.kind {
            BindingKind::Service => *self.name == *request.resource.text,
            _ => of_request(request).is_some_and(|address| address == *self),
        }
    }

    fn named(kind: BindingKind, name: &str) -> Self {
        let name = name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(name);
        Address { kind, name: substitution_key(bare(kind, name)) }
    }
}

/// The name in the arguments of a request, where there is one.
fn of_request(request: &TaskRequest) -> Option<Address> {
    let argument = |name: &str| request.parameters.get(name).and_then(Value::as_str);
    match &request.resource.integration {
        Integration::Lambda => Some(Address::named(BindingKind::Function, function_name(&request.resource.text))),
        Integration::Activity => Some(Address::named(BindingKind::Activity, activity_name(&request.resource.text))),
        Integration::Unknown => None,
        Integration::Service { resource_type, resource, .. } => {
            let action = resource.split('.').next().unwrap_or_default();
            match (&**resource_type, action) {
                ("lambda", "invoke") => {
                    Some(Address::named(BindingKind::Function, function_name(argument("FunctionName")?)))
                }
                ("sqs", "sendMessage") => Some(Address::named(BindingKind::Queue, after(argument("QueueUrl")?, '/'))),
                ("sns", "publish") => Some(Address::named(BindingKind::Topic, after(argument("TopicArn")?, ':'))),
                ("events", "putEvents") => {
                    let bus = request.parameters.get("Entries")?.at(0)?.get("EventBusName")?.as_str()?;
                    Some(Address::named(BindingKind::EventBus, after(bus, '/')))
                }
                ("states", "startExecution") => {
                    Some(Address::named(BindingKind::StateMachine, machine_name(argument("StateMachineArn")?)))
                }
                _ => None,
            }
        }
    }
}

/// The name of a state machine from its ARN, that of a version or that of an alias.
pub(super) fn machine_name(arn: &str) -> &str {
    let name = arn.rsplit_once(":stateMachine:").map_or(arn, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

/// What stands behind the last `separator`, unless that stands in a placeholder.
fn after(text: &str, separator: char) -> &str {
    if text.starts_with("${") && text.ends_with('}') {
        return text;
    }
    text.rsplit_once(separator).map_or(text, |(_, name)| name)
}
