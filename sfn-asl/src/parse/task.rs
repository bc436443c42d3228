//! The Task state.

use super::reader::{Fields, Read, Reader};
use super::setting::{LONGEST_SECONDS, Literal, has_placeholder};
use crate::definition::{Credentials, Integration, QueryLanguage, Resource, Setting, Task};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

pub(super) fn task(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Task> {
    let resource = resource(reader, fields);
    let known_to_aws = !matches!(&resource, Ok(Resource { integration: Integration::Unknown, .. }));
    let credentials = match known_to_aws {
        true => credentials(reader, fields, language),
        false => foreign_credentials(reader, fields, language),
    };
    let timeout_seconds = reader.integer_setting(fields, "TimeoutSeconds", 1..=LONGEST_SECONDS, language);
    let heartbeat_seconds = reader.integer_setting(fields, "HeartbeatSeconds", 1..=LONGEST_SECONDS, language);
    let heartbeat = heartbeat(reader, fields, &timeout_seconds, &heartbeat_seconds);
    let flow = reader.flow(fields, language);
    let retry = reader.retry(fields);
    let catch = reader.catch(fields, language);
    let transition = reader.transition(fields);
    heartbeat?;
    let task = Task {
        resource: resource?,
        credentials: credentials?,
        timeout_seconds: timeout_seconds?,
        heartbeat_seconds: heartbeat_seconds?,
        flow: flow?,
        retry: retry?,
        catch: catch?,
        transition: transition?,
    };
    Ok(task)
}

/// A heartbeat is of use only while the timeout has not come.
fn heartbeat(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    timeout: &Read<Option<Setting<u64>>>,
    heartbeat: &Read<Option<Setting<u64>>>,
) -> Read<()> {
    let (Ok(Some(Setting::Literal(timeout))), Ok(Some(Setting::Literal(heartbeat)))) = (timeout, heartbeat) else {
        return Ok(());
    };
    let place = fields.at("HeartbeatSeconds");
    match heartbeat.cmp(timeout) {
        std::cmp::Ordering::Less => Ok(()),
        std::cmp::Ordering::Equal => {
            let message = "the timeout comes as soon as this heartbeat is missed";
            reader.report(Diagnostic::new(Code::FieldHasNoEffect, place.location(), message));
            Ok(())
        }
        std::cmp::Ordering::Greater => {
            Err(reader.schema(place, "The value of 'HeartbeatSeconds' must be less than 'TimeoutSeconds'"))
        }
    }
}

fn resource(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<Resource> {
    reader.require(fields, &["Resource"])?;
    let place = fields.at("Resource");
    let text = match fields.get("Resource") {
        Some(Value::String(text)) => text.as_str(),
        // CloudFormation puts the ARN in the place of such an object.
        Some(value @ Value::Object(_)) if is_cloudformation_function(value) => {
            return Ok(Resource { text: value.to_json().into(), integration: Integration::Unknown });
        }
        _ => return Err(reader.expected(place, "String")),
    };
    match super::resource::integration(text, reader.options) {
        super::resource::Recognised::Yes(integration) => Ok(Resource { text: text.into(), integration }),
        super::resource::Recognised::Perhaps(help) => {
            let finding = Diagnostic::new(Code::UnknownResource, place.location(), not_recognised(text));
            reader.report(finding.help(help));
            Ok(Resource { text: text.into(), integration: Integration::Unknown })
        }
        super::resource::Recognised::No => {
            let finding = Diagnostic::new(Code::SchemaValidationFailed, place.location(), not_recognised(text));
            Err(reader.report(finding))
        }
    }
}

pub(super) fn not_recognised(text: &str) -> String {
    format!(
        "The resource provided {text} is not recognized. The value is not a valid resource ARN, or the resource is not \
         available in this region."
    )
}

fn is_cloudformation_function(value: &Value) -> bool {
    value.as_object().is_some_and(|object| {
        object.len() == 1 && object.keys().all(|key| key.as_ref() == "Ref" || key.as_ref().starts_with("Fn::"))
    })
}

fn credentials(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<Credentials>> {
    let Some(value) = fields.get("Credentials") else { return Ok(None) };
    let place = fields.at("Credentials");
    let members = reader.object(value, place)?;
    for key in members.object.keys() {
        let known = key.as_ref() == "RoleArn" || language == QueryLanguage::JsonPath && key.as_ref() == "RoleArn.$";
        if !known {
            let message = format!("credentials have no use for `{key}`");
            let finding = Diagnostic::new(Code::FieldHasNoEffect, place.location(), message);
            reader.report(finding.at_key(key));
        }
    }
    reader.exclusive(&members, &["RoleArn", "RoleArn.$"])?;
    if language == QueryLanguage::JsonPath
        && let Some(path) = reader.path_or_intrinsic(&members, "RoleArn.$")?
    {
        return Ok(Some(Credentials { role_arn: Setting::Path(path) }));
    }
    let role_arn = match reader.expression_or(&members, "RoleArn", language)? {
        None => return Err(reader.schema(place, "The field 'RoleArn' is required but was missing")),
        Some(Literal::Expression(expression)) => Setting::Jsonata(expression),
        Some(Literal::Value) => match reader.text(&members, "RoleArn")? {
            Some(text) if text.starts_with("arn:") || has_placeholder(&text) => Setting::Literal(text),
            _ => {
                return Err(reader.schema(members.at("RoleArn"), "The value of 'RoleArn' must be the ARN of a role"));
            }
        },
    };
    Ok(Some(Credentials { role_arn }))
}

/// The credentials of a resource that AWS does not know: what they hold is its own affair, as long as it is an object.
fn foreign_credentials(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    language: QueryLanguage,
) -> Read<Option<Credentials>> {
    match fields.get("Credentials") {
        Some(value @ Value::Object(_)) if value.get("RoleArn").is_none() && value.get("RoleArn.$").is_none() => {
            let message = "credentials without a `RoleArn` mean nothing here";
            reader.report(Diagnostic::new(Code::FieldHasNoEffect, fields.at("Credentials").location(), message));
            reader.template(fields, "Credentials", language).map(|_| None)
        }
        _ => credentials(reader, fields, language),
    }
}
