use std::sync::Arc;

use super::{Catcher, DataFlow, Retrier, Setting, Transition};
use crate::query::template::PathOrIntrinsic;

/// A Task state.
#[derive(Clone, Debug, PartialEq)]
pub struct Task {
    /// `Resource`
    pub resource: Resource,
    /// `Credentials`
    pub credentials: Option<Credentials>,
    /// `TimeoutSeconds`, `TimeoutSecondsPath`
    pub timeout_seconds: Option<Setting<u64>>,
    /// `HeartbeatSeconds`, `HeartbeatSecondsPath`
    pub heartbeat_seconds: Option<Setting<u64>>,
    /// Input, output and variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<Catcher>,
    /// `Next` or `End`
    pub transition: Transition,
}

/// `Resource`: what does the work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// As written.
    pub text: Arc<str>,
    /// What it names.
    pub integration: Integration,
}

/// The ways a task is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Integration {
    /// A Lambda function by its ARN: events `LambdaFunction…`.
    Lambda,
    /// An activity by its ARN: events `Activity…`.
    Activity,
    /// A service: events `Task…`.
    Service {
        /// `resourceType` of the events: `lambda`, `aws-sdk:s3`.
        resource_type: Arc<str>,
        /// `resource` of the events: `invoke`, `startExecution.sync:2`.
        resource: Arc<str>,
        /// How its end is awaited.
        pattern: ServicePattern,
    },
    /// Anything else, for instance a `${Placeholder}` that is filled in at deployment.
    Unknown,
}

impl Integration {
    /// True for tasks whose holder can send heartbeats: activities, and services that wait for a token. On other tasks
    /// AWS accepts `HeartbeatSeconds` and records it, but nothing can be missed.
    pub fn has_heartbeats(&self) -> bool {
        matches!(self, Integration::Activity | Integration::Service { pattern: ServicePattern::WaitForTaskToken, .. })
    }
}

/// How the end of a service call is awaited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServicePattern {
    /// The answer of the call is the result.
    RequestResponse,
    /// `.sync`, `.sync:2`: the job's end.
    Sync,
    /// `.waitForTaskToken`: whoever holds the token answers.
    WaitForTaskToken,
}

/// `Credentials`
#[derive(Clone, Debug, PartialEq)]
pub struct Credentials {
    /// `RoleArn`, `RoleArn.$`
    pub role_arn: Setting<Arc<str>, PathOrIntrinsic>,
}

/// The name of a Lambda function that is given as a name, an ARN, part of one, or a placeholder.
///
/// Account and version are left out, and of a name that is a placeholder `${Name}` the inner text remains: whoever does the
/// work of a function is looked up by this name. A colon within `${…}` separates nothing.
pub fn function_name(function: &str) -> &str {
    let name = function.rsplit_once("function:").map_or(function, |(_, name)| name);
    let mut depth = 0usize;
    let mut before = '\0';
    let end = name.char_indices().find_map(|(index, character)| {
        match character {
            '{' if before == '$' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some(index),
            _ => {}
        }
        before = character;
        None
    });
    let name = &name[..end.unwrap_or(name.len())];
    let inner = name.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inner.filter(|inner| !inner.contains('}')).unwrap_or(name)
}

/// The name of an activity that is given as a name or an ARN.
pub fn activity_name(activity: &str) -> &str {
    activity.rsplit_once(":activity:").map_or(activity, |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_known_by_one_name() {
        let check = |function: &str, expected: &str| {
            assert_eq!(function_name(function), expected, "{function}");
            assert_eq!(function_name(expected), expected, "{function}, twice");
        };
        check("Resize", "Resize");
        check("Resize:$LATEST", "Resize");
        check("111111111111:function:Resize", "Resize");
        check("arn:aws:lambda:us-east-1:111111111111:function:Resize:live", "Resize");
        check("${Resize}", "Resize");
        check("${ResizeArn}:$LATEST", "ResizeArn");
        check("arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:${Resize}", "Resize");
        check("${AWS::StackName}-resize:live", "${AWS::StackName}-resize");
        check("${Stage}-${Name}", "${Stage}-${Name}");
        check("", "");
        check("${", "${");
        check("${}", "");
    }

    #[test]
    fn activities_are_known_by_one_name() {
        assert_eq!(activity_name("arn:aws:states:us-east-1:111111111111:activity:approve"), "approve");
        assert_eq!(activity_name("approve"), "approve");
    }
}
