use std::sync::Arc;

use sfn_asl::Value;
use sfn_asl::definition::{JitterStrategy, Retrier};
use sfn_asl::value::ObjectBuilder;

use super::Callable;
use super::resource::{Channel, TaskResource};
use crate::data::{Data, DataError, Schema};

/// The errors of the Lambda service itself, which a call may meet at any time and which pass by themselves.
const LAMBDA_SERVICE_ERRORS: [&str; 4] = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
];

/// Address, limits and retry policy of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskDescription {
    /// The name of the Rust function.
    pub name: &'static str,
    /// What does the work.
    pub resource: TaskResource,
    /// How the parameters make the payload.
    pub parameters: Parameters,
    /// The member of the payload that is the task's token.
    pub token: Option<TokenMember>,
    /// True when the payload says which execution made the call: AWS links a nested execution to it.
    pub linked: bool,
    /// `TimeoutSeconds`
    pub timeout_seconds: Option<u64>,
    /// `HeartbeatSeconds`
    pub heartbeat_seconds: Option<u64>,
    /// `Retry`: the task's own policies first, then those of its kind.
    pub retry: Vec<Retrier>,
}

/// How the parameters of a task make its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// One parameter: the payload itself.
    Whole,
    /// None or several, or one beside a token: an object with a member a parameter.
    Named(&'static [&'static str]),
}

/// The place of the token in the payload of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenMember {
    /// The name of the member.
    pub name: &'static str,
    /// Its place among the members.
    pub index: usize,
}

impl TaskDescription {
    /// A Lambda task with the default policy: the errors of the Lambda service are retried.
    pub fn lambda(name: &'static str, function: &'static str) -> Self {
        let task = TaskDescription::new(name, TaskResource::Lambda { function });
        TaskDescription { retry: vec![lambda_retrier()], ..task }
    }

    /// A state machine, whose end is awaited; `machine` is the name that bindings resolve.
    pub fn machine(name: &'static str, machine: &'static str) -> Self {
        TaskDescription::new(name, TaskResource::Machine { machine, awaited: true })
    }

    /// Says which execution made the call, where the machine's input has a place for it: it is an object with named fields
    /// that takes others, too.
    pub fn linked<M: Callable>(mut self) -> Self {
        self.linked = matches!(M::Input::schema(), Schema::Structure(structure) if !structure.closed);
        self
    }

    /// The state machine, whose end is not awaited.
    pub(crate) fn fired(mut self) -> Self {
        if let TaskResource::Machine { machine, .. } = self.resource {
            self.resource = TaskResource::Machine { machine, awaited: false };
        }
        self
    }

    /// A task of another kind; nothing is retried.
    pub fn new(name: &'static str, resource: TaskResource) -> Self {
        TaskDescription {
            name,
            resource,
            parameters: Parameters::Whole,
            token: None,
            linked: false,
            timeout_seconds: None,
            heartbeat_seconds: None,
            retry: Vec::new(),
        }
    }

    /// What the task is known by: two tasks may have one name, or one address.
    pub(crate) fn key(&self) -> TaskKey {
        match self.resource {
            // Whether its end is awaited is a matter of the call.
            TaskResource::Machine { machine, .. } => (self.name, TaskResource::Machine { machine, awaited: true }),
            resource => (self.name, resource),
        }
    }

    /// Puts the task's token into the payload.
    pub fn token(mut self, name: &'static str, index: usize) -> Self {
        self.token = Some(TokenMember { name, index });
        self
    }

    /// Makes the payload an object with these members.
    pub fn named_parameters(mut self, names: &'static [&'static str]) -> Self {
        self.parameters = Parameters::Named(names);
        self
    }

    /// Sets `TimeoutSeconds`.
    pub fn timeout_seconds(mut self, seconds: u64) -> Self {
        self.timeout_seconds = Some(seconds);
        self
    }

    /// Sets `HeartbeatSeconds`.
    pub fn heartbeat_seconds(mut self, seconds: u64) -> Self {
        self.heartbeat_seconds = Some(seconds);
        self
    }

    /// Drops the policies of the kind of task.
    pub fn without_default_retry(mut self) -> Self {
        self.retry.clear();
        self
    }

    /// Puts the task's own policies before those of its kind; a policy for `States.ALL` leaves nothing to those behind it.
    pub fn retry(mut self, policies: impl IntoIterator<Item = RetryPolicy>) -> Self {
        let own: Vec<Retrier> = policies.into_iter().map(RetryPolicy::into_retrier).collect();
        self.retry.splice(0..0, own);
        let all = self.retry.iter().position(|retrier| retrier.error_equals.iter().any(|name| &**name == "States.ALL"));
        self.retry.truncate(all.map_or(usize::MAX, |index| index + 1));
        self
    }

    /// True when a policy retries whatever goes wrong, an expression of the state among that.
    pub(crate) fn retries_all(&self) -> bool {
        let mut names = self.retry.iter().flat_map(|retrier| &retrier.error_equals);
        names.any(|name| matches!(&**name, "States.ALL" | "States.TaskFailed" | "States.QueryEvaluationError"))
    }

    /// The payload of a call with `input`, the token not in it.
    pub fn payload<I: Data>(&self, input: &I) -> Result<Value, DataError> {
        let value = input.encode()?;
        let Parameters::Named(names) = self.parameters else { return Ok(value) };
        let mut members = ObjectBuilder::with_capacity(names.len());
        match names {
            [name] => drop(members.insert(*name, value)),
            names => {
                for (index, name) in names.iter().enumerate() {
                    members.insert(*name, value.at(index).cloned().unwrap_or_default());
                }
            }
        }
        Ok(Value::from(members.build()))
    }

    /// The input that `payload` stands for; a missing member counts as `null`.
    pub fn input<I: Data>(&self, payload: &Value) -> Result<I, DataError> {
        let Parameters::Named(names) = self.parameters else { return I::decode(payload) };
        if names.is_empty() {
            return I::decode(&Value::Null);
        }
        let object = payload.as_object().ok_or_else(|| {
            DataError::new(format!("expected an object of parameters, found {}", payload.type_name()))
        })?;
        let member = |name: &str| object.get(name).cloned().unwrap_or_default();
        match names {
            [name] => I::decode(&member(name)),
            names => I::decode(&Value::array(names.iter().map(|name| member(name)))),
        }
    }

    /// The payload in the arguments of a Task state of this task.
    pub fn payload_of(&self, arguments: &Value) -> Value {
        let member = |name: &str| arguments.get(name).cloned();
        let payload = match self.resource {
            TaskResource::Lambda { .. } | TaskResource::Message { channel: Channel::Lambda, .. } => member("Payload"),
            TaskResource::Message { channel: Channel::Sqs, .. } => member("MessageBody"),
            TaskResource::Message { channel: Channel::Sns, .. } => member("Message"),
            TaskResource::Message { channel: Channel::EventBridge { .. }, .. } => {
                member("Entries").and_then(|entries| entries.at(0)?.get("Detail").cloned())
            }
            TaskResource::Machine { .. } => member("Input").map(|input| match input.as_object() {
                Some(object) => Value::from(object.without(STARTED_BY)),
                None => input,
            }),
            TaskResource::Arn { .. } | TaskResource::Sdk { .. } | TaskResource::Activity { .. } => {
                Some(arguments.clone())
            }
        };
        payload.unwrap_or_else(Value::empty_object)
    }

    /// The result of a Task state whose task returned `output`.
    pub fn result_of(&self, output: Value) -> Value {
        match self.resource {
            TaskResource::Lambda { .. } => Value::object([
                ("ExecutedVersion", Value::from("$LATEST")),
                ("Payload", output),
                ("StatusCode", Value::from(200)),
            ]),
            TaskResource::Machine { awaited: true, .. } => Value::object([("Output", output)]),
            _ => output,
        }
    }

    /// What the task returns, from what it is read from: where nothing is returned, nothing is looked at.
    pub(crate) fn read<T: Data>(&self, output: &Value) -> Result<T, DataError> {
        match T::schema() {
            Schema::Unit if !self.resource.is_function() => T::decode(&Value::Null),
            _ => T::decode(output),
        }
    }
}

/// The member that tells a nested execution which one started it; AWS links the two by it.
pub(crate) const STARTED_BY: &str = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

/// What a task is known by.
pub(crate) type TaskKey = (&'static str, TaskResource);

/// One policy of `#[task(retry(..))]`.
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// The names of the errors.
    pub errors: Vec<&'static str>,
    /// `IntervalSeconds`
    pub interval_seconds: u64,
    /// `MaxAttempts`
    pub max_attempts: u64,
    /// `BackoffRate`
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<u64>,
    /// `JitterStrategy`: `FULL` when true.
    pub full_jitter: bool,
}

impl RetryPolicy {
    /// The policy of the States Language for what is not said: 3 attempts, 1 second, doubled each time.
    pub fn new(errors: Vec<&'static str>) -> Self {
        RetryPolicy {
            errors,
            interval_seconds: 1,
            max_attempts: 3,
            backoff_rate: 2.0,
            max_delay_seconds: None,
            full_jitter: false,
        }
    }

    fn into_retrier(self) -> Retrier {
        Retrier {
            error_equals: self.errors.into_iter().map(Arc::from).collect(),
            interval_seconds: self.interval_seconds,
            max_attempts: self.max_attempts,
            backoff_rate: self.backoff_rate,
            max_delay_seconds: self.max_delay_seconds,
            jitter_strategy: if self.full_jitter { JitterStrategy::Full } else { JitterStrategy::None },
        }
    }
}

fn lambda_retrier() -> Retrier {
    RetryPolicy { full_jitter: true, ..RetryPolicy::new(LAMBDA_SERVICE_ERRORS.to_vec()) }.into_retrier()
}
