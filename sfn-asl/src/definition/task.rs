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
