//! `Resource`: what a task's ARN names.
//!
//! The table is AWS's list of optimized integrations. AWS adds services to it; one that is not listed is a doubt, an
//! action that a listed service does not have is an error.

use crate::definition::{Integration, ServicePattern};
use crate::validate::{Options, Resources};

/// What a resource turned out to be.
pub(crate) enum Recognised {
    Yes(Integration),
    /// Nothing that is known here; the text says what could be meant.
    Perhaps(&'static str),
    No,
}

/// What the resource `text` names.
pub(crate) fn integration(text: &str, options: &Options) -> Recognised {
    match classify(text) {
        Recognised::Perhaps(_) if options.resources == Resources::Aws => Recognised::No,
        recognised => recognised,
    }
}

fn classify(text: &str) -> Recognised {
    // Colons within a placeholder do not divide the ARN.
    let masked = mask(text);
    let parts: Vec<&str> = masked.splitn(6, ':').collect();
    match parts[..] {
        _ if masked.contains('\u{1}') && !masked.starts_with("arn:") => Recognised::Yes(Integration::Unknown),
        ["arn", partition, service, region, account, rest] => {
            if !partition.starts_with("aws") && !partition.starts_with('\u{1}') {
                return Recognised::No;
            }
            match service {
                "lambda" => lambda(rest),
                "states" => states(region, account, rest),
                _ if service.contains('\u{1}') || rest.is_empty() => Recognised::Yes(Integration::Unknown),
                _ => Recognised::Perhaps("AWS takes ARNs of Lambda functions, activities and service integrations"),
            }
        }
        ["arn", ..] => Recognised::No,
        [scheme, _, ..] if is_scheme(scheme) => {
            Recognised::Perhaps("the States Language allows any URI here, AWS takes ARNs only")
        }
        _ => Recognised::No,
    }
}

/// Each `${Placeholder}`, and `#{Placeholder}` of the Serverless Framework, as one character that stands in no ARN.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${").into_iter().chain(rest.find("#{")).min() {
        let Some(length) = rest[start..].find('}') else { break };
        out.push_str(&rest[..start]);
        out.push('\u{1}');
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// `function:NAME` or `function:NAME:QUALIFIER`.
fn lambda(rest: &str) -> Recognised {
    let is_word = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '\u{1}'))
    };
    let parts: Vec<&str> = rest.split(':').collect();
    match parts[..] {
        ["function", name] if is_word(name) => Recognised::Yes(Integration::Lambda),
        ["function", name, qualifier] if is_word(name) && (is_word(qualifier) || qualifier == "$LATEST") => {
            Recognised::Yes(Integration::Lambda)
        }
        _ if rest.contains('\u{1}') => Recognised::Yes(Integration::Unknown),
        _ => Recognised::No,
    }
}

fn states(_region: &str, account: &str, rest: &str) -> Recognised {
    if let Some(name) = rest.strip_prefix("activity:") {
        return match name.is_empty() || account.is_empty() {
            false => Recognised::Yes(Integration::Activity),
            true => Recognised::No,
        };
    }
    let (service, action) = match rest.strip_prefix("aws-sdk:") {
        Some(call) => match call.split_once(':') {
            Some((service, action)) => (format!("aws-sdk:{service}"), action),
            None => return Recognised::No,
        },
        None => match rest.split_once(':') {
            Some((service, action)) => (service.to_owned(), action),
            None => return if rest.contains('\u{1}') { Recognised::Yes(Integration::Unknown) } else { Recognised::No },
        },
    };
    if rest.contains('\u{1}') {
        return Recognised::Yes(Integration::Unknown);
    }
    let (name, pattern) = if let Some(name) = action.strip_suffix(".waitForTaskToken") {
        (name, ServicePattern::WaitForTaskToken)
    } else if let Some(name) = action.strip_suffix(".sync").or_else(|| action.strip_suffix(".sync:2")) {
        (name, ServicePattern::Sync)
    } else {
        (action, ServicePattern::RequestResponse)
    };
    let known = match service.strip_prefix("aws-sdk:") {
        Some(sdk) if is_service(sdk) && is_camel(&decapitalized(name)) && !is_camel(name) => {
            return Recognised::Perhaps("actions of the SDK are written in camel case, with a small first letter");
        }
        Some(sdk) => sdk_call(sdk, name, pattern),
        None => optimized(&service, name, pattern, action.ends_with(":2")),
    };
    match known {
        Some(true) => {
            Recognised::Yes(Integration::Service { resource_type: service.into(), resource: action.into(), pattern })
        }
        Some(false) => Recognised::No,
        None if is_camel(name) && is_service(&service) => {
            Recognised::Perhaps("this service is not in the list of optimized integrations")
        }
        None => Recognised::No,
    }
}

/// Any service of the SDK, by its shape: the list of services grows each month.
fn sdk_call(service: &str, action: &str, pattern: ServicePattern) -> Option<bool> {
    Some(is_service(service) && is_camel(action) && pattern != ServicePattern::Sync)
}

fn decapitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn is_service(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_camel(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Whether the service has the action under the pattern; `None` for a service that is not listed.
fn optimized(service: &str, action: &str, pattern: ServicePattern, second_version: bool) -> Option<bool> {
    let mut listed = OPTIMIZED.iter().filter(|entry| entry.service == service).peekable();
    listed.peek()?;
    let Some(entry) = listed.find(|entry| entry.actions.contains(&action)) else { return Some(false) };
    Some(match pattern {
        ServicePattern::RequestResponse => true,
        ServicePattern::Sync => entry.sync && (!second_version || service == "states"),
        ServicePattern::WaitForTaskToken => entry.callback,
    })
}

/// True when AWS has an integration of its own for the action, `arn:aws:states:::dynamodb:getItem`; the actions of all
/// other services are reached through the SDK, `arn:aws:states:::aws-sdk:s3:getObject`.
pub fn is_optimized(service: &str, action: &str) -> bool {
    OPTIMIZED.iter().any(|entry| entry.service == service && entry.actions.contains(&action))
}

struct Optimized {
    service: &'static str,
    actions: &'static [&'static str],
    sync: bool,
    callback: bool,
}

const fn row(service: &'static str, actions: &'static [&'static str], sync: bool, callback: bool) -> Optimized {
    Optimized { service, actions, sync, callback }
}

#[rustfmt::skip]
const OPTIMIZED: &[Optimized] = &[
    row("apigateway", &["invoke"], false, true),
    row("athena", &["startQueryExecution"], true, false),
    row("athena", &["stopQueryExecution", "getQueryExecution", "getQueryResults"], false, false),
    row("batch", &["submitJob"], true, false),
    row("bedrock", &["invokeModel", "invokeAgent", "createModelCustomizationJob"], true, true),
    row("codebuild", &["startBuild", "startBuildBatch", "retryBuild", "retryBuildBatch"], true, false),
    row("codebuild", &["stopBuild", "stopBuildBatch", "batchDeleteBuilds", "batchGetReports", "deleteBuildBatch"], false, false),
    row("databrew", &["startJobRun"], true, false),
    row("dynamodb", &["getItem", "putItem", "updateItem", "deleteItem"], false, false),
    row("ecs", &["runTask"], true, true),
    row("eks", &["call"], false, true),
    row("eks", &["runJob", "createCluster", "deleteCluster", "createNodegroup", "deleteNodegroup", "createFargateProfile", "deleteFargateProfile"], true, true),
    row("elasticmapreduce", &["createCluster", "terminateCluster", "addStep"], true, false),
    row("elasticmapreduce", &["cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName", "modifyInstanceGroupByName"], false, false),
    row("emr-containers", &["createVirtualCluster", "deleteVirtualCluster", "startJobRun"], true, false),
    row("emr-serverless", &["createApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"], true, false),
    row("events", &["putEvents"], false, true),
    row("glue", &["startJobRun"], true, false),
    row("http", &["invoke"], false, false),
    row("lambda", &["invoke"], false, true),
    row("mediaconvert", &["createJob"], true, false),
    row("sagemaker", &["createTrainingJob", "createTransformJob", "createProcessingJob", "createLabelingJob", "createHyperParameterTuningJob", "createAutoMLJob"], true, false),
    row("sagemaker", &["createModel", "createEndpoint", "createEndpointConfig", "updateEndpoint"], false, false),
    row("sns", &["publish"], false, true),
    row("sqs", &["sendMessage"], false, true),
    row("states", &["startExecution"], true, true),
];
