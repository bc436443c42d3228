use std::borrow::Cow;

use crate::lower::{BindingKind, Requirement};

/// What does the work of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TaskResource {
    /// A Lambda function, called through `lambda:invoke`.
    Lambda {
        /// Its name.
        function: &'static str,
    },
    /// Whatever this ARN names; the payload is its `Arguments`.
    Arn {
        /// The ARN, as `Resource` has it.
        resource: &'static str,
    },
    /// An action of a service; the payload is its `Arguments`.
    Sdk {
        /// The service: `dynamodb`.
        service: &'static str,
        /// The action: `getItem`.
        action: &'static str,
        /// How its end is awaited: nothing, `.sync`, `.sync:2` or `.waitForTaskToken`.
        pattern: &'static str,
    },
    /// A message that carries the payload.
    Message {
        /// How it is sent.
        channel: Channel,
        /// Where to: the name that bindings resolve.
        target: &'static str,
        /// True when the task ends with an answer to its token, false when the message is sent.
        callback: bool,
    },
    /// An activity, whose workers ask for work.
    Activity {
        /// The name that bindings resolve.
        activity: &'static str,
    },
    /// An execution of another state machine.
    Machine {
        /// The name that bindings resolve.
        machine: &'static str,
        /// True when its end is awaited.
        awaited: bool,
    },
}

/// How a message is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Channel {
    /// Into an SQS queue.
    Sqs,
    /// To an SNS topic.
    Sns,
    /// As the payload of a Lambda function.
    Lambda,
    /// As an event on an EventBridge bus.
    EventBridge {
        /// `Source`
        source: &'static str,
        /// `DetailType`
        detail_type: &'static str,
    },
}

/// The suffix of a `Resource` whose task ends with an answer to its token.
pub(crate) const WAIT_FOR_TASK_TOKEN: &str = ".waitForTaskToken";

impl TaskResource {
    /// What has to be bound, by its kind and the name that bindings resolve; `None` for what is reached by its own ARN.
    pub fn bound(&self) -> Option<(BindingKind, &'static str)> {
        match *self {
            TaskResource::Lambda { function } => Some((BindingKind::Function, function)),
            TaskResource::Message { channel, target, .. } => Some((channel.target(), target)),
            TaskResource::Activity { activity } => Some((BindingKind::Activity, activity)),
            TaskResource::Machine { machine, .. } => Some((BindingKind::StateMachine, machine)),
            TaskResource::Arn { .. } | TaskResource::Sdk { .. } => None,
        }
    }

    /// What the machine's role must allow.
    ///
    /// AWS asks for more where it watches a job: `.sync` needs a rule of EventBridge, see its documentation. Workers of an
    /// activity have a role of their own; the machine's role needs nothing for it.
    pub fn requirements(&self) -> Vec<Requirement> {
        let (kind, name) = match (self.bound(), *self) {
            (Some(bound), _) => bound,
            (None, TaskResource::Sdk { action, .. }) => (BindingKind::Service, action),
            (None, TaskResource::Arn { resource }) => (BindingKind::Service, resource),
            (None, _) => return Vec::new(),
        };
        let actions: Vec<String> = match *self {
            TaskResource::Lambda { .. } => vec!["lambda:InvokeFunction".into()],
            TaskResource::Message { channel, .. } => vec![channel.action().into()],
            TaskResource::Activity { .. } => vec!["states:GetActivityTask".into()],
            TaskResource::Machine { awaited: false, .. } => vec!["states:StartExecution".into()],
            TaskResource::Machine { awaited: true, .. } => {
                ["states:StartExecution", "states:DescribeExecution", "states:StopExecution"].map(String::from).into()
            }
            TaskResource::Sdk { service, action, .. } => vec![iam_action(service, action)],
            TaskResource::Arn { resource } => {
                integration(resource).map(|(service, action)| vec![iam_action(service, action)]).unwrap_or_default()
            }
        };
        actions.into_iter().map(|action| Requirement { name, kind, action }).collect()
    }

    /// True when the task ends with an answer to its token.
    pub fn is_callback(&self) -> bool {
        match self {
            TaskResource::Message { callback, .. } => *callback,
            TaskResource::Arn { resource } => resource.ends_with(WAIT_FOR_TASK_TOKEN),
            TaskResource::Sdk { pattern, .. } => *pattern == WAIT_FOR_TASK_TOKEN,
            TaskResource::Lambda { .. } | TaskResource::Activity { .. } | TaskResource::Machine { .. } => false,
        }
    }

    /// True when whoever does the work can send heartbeats: workers of an activity, and who holds a token.
    pub fn has_heartbeats(&self) -> bool {
        matches!(self, TaskResource::Activity { .. }) || self.is_callback()
    }

    /// True when a Lambda function answers, whose errors come in an envelope and whose result in a response.
    pub(crate) fn is_function(&self) -> bool {
        matches!(self, TaskResource::Lambda { .. })
    }

    /// The text of `Resource`; for an activity, which has none before it is bound, its name.
    ///
    /// An action of a service goes through the integration that AWS has made for it, where there is one, and else through
    /// the SDK: `dynamodb:getItem` is `arn:aws:states:::dynamodb:getItem`, `s3:getObject` is
    /// `arn:aws:states:::aws-sdk:s3:getObject`.
    pub fn resource(&self) -> Cow<'static, str> {
        match *self {
            TaskResource::Lambda { .. } => "arn:aws:states:::lambda:invoke".into(),
            TaskResource::Arn { resource } => resource.into(),
            TaskResource::Sdk { service, action, pattern } => {
                let sdk = if sfn_asl::parse::is_optimized(service, action) { "" } else { "aws-sdk:" };
                format!("arn:aws:states:::{sdk}{service}:{action}{pattern}").into()
            }
            TaskResource::Message { channel, callback, .. } => {
                let suffix = if callback { WAIT_FOR_TASK_TOKEN } else { "" };
                format!("arn:aws:states:::{}{suffix}", channel.integration()).into()
            }
            TaskResource::Activity { activity } => activity.into(),
            TaskResource::Machine { awaited, .. } => match awaited {
                true => "arn:aws:states:::states:startExecution.sync:2".into(),
                false => "arn:aws:states:::states:startExecution".into(),
            },
        }
    }
}

impl Channel {
    fn target(self) -> BindingKind {
        match self {
            Channel::Sqs => BindingKind::Queue,
            Channel::Sns => BindingKind::Topic,
            Channel::Lambda => BindingKind::Function,
            Channel::EventBridge { .. } => BindingKind::EventBus,
        }
    }

    fn action(self) -> &'static str {
        match self {
            Channel::Sqs => "sqs:SendMessage",
            Channel::Sns => "sns:Publish",
            Channel::Lambda => "lambda:InvokeFunction",
            Channel::EventBridge { .. } => "events:PutEvents",
        }
    }

    fn integration(self) -> &'static str {
        match self {
            Channel::Sqs => "sqs:sendMessage",
            Channel::Sns => "sns:publish",
            Channel::Lambda => "lambda:invoke",
            Channel::EventBridge { .. } => "events:putEvents",
        }
    }
}

/// Service and action of a service integration's ARN.
fn integration(resource: &str) -> Option<(&str, &str)> {
    let rest = resource.splitn(6, ':').nth(5)?;
    let rest = rest.strip_prefix("aws-sdk:").unwrap_or(rest);
    let (service, action) = rest.split_once(':')?;
    Some((service, action.split('.').next()?))
}

/// The action as policies name it: `dynamodb:GetItem`.
fn iam_action(service: &str, action: &str) -> String {
    // Services whose name in the SDK is another one in policies.
    let prefix = match service {
        "sfn" => "states",
        "eventbridge" => "events",
        "cloudwatchlogs" => "logs",
        "sesv2" => "ses",
        "elasticloadbalancingv2" => "elasticloadbalancing",
        _ => service,
    };
    let mut letters = action.chars();
    let action: String = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    format!("{prefix}:{action}")
}
