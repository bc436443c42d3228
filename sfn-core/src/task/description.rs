use std::sync::Arc;

use sfn_asl::Value;
use sfn_asl::definition::{JitterStrategy, Retrier};
use sfn_asl::value::ObjectBuilder;

use crate::data::{Data, DataError};

/// The `Resource` of a Lambda call through the service integration.
pub(crate) const LAMBDA_INVOKE: &str = "arn:aws:states:::lambda:invoke";

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
    /// `TimeoutSeconds`
    pub timeout_seconds: Option<u64>,
    /// `HeartbeatSeconds`
    pub heartbeat_seconds: Option<u64>,
    /// `Retry`: the task's own policies first, then those of its kind.
    pub retry: Vec<Retrier>,
}

/// What does the work of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskResource {
    /// A Lambda function.
    Lambda {
        /// Its name.
        function: &'static str,
    },
}

impl TaskResource {
    /// The name that bindings resolve: `ChargeCard`.
    pub fn binding(&self) -> &'static str {
        match self {
            TaskResource::Lambda { function } => function,
        }
    }

    /// The action that the machine's role must allow on the resource.
    pub fn action(&self) -> &'static str {
        match self {
            TaskResource::Lambda { .. } => "lambda:InvokeFunction",
        }
    }

    /// True when whoever does the work can send heartbeats; a Lambda function that is invoked cannot.
    pub fn has_heartbeats(&self) -> bool {
        match self {
            TaskResource::Lambda { .. } => false,
        }
    }

    /// The text of `Resource`.
    pub fn resource(&self) -> &'static str {
        match self {
            TaskResource::Lambda { .. } => LAMBDA_INVOKE,
        }
    }
}

/// How the parameters of a task make its payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// One parameter: the payload itself.
    Whole,
    /// None or several: an object with a member a parameter.
    Named(&'static [&'static str]),
}

impl TaskDescription {
    /// A Lambda task with the default policy: the errors of the Lambda service are retried.
    pub fn lambda(name: &'static str, function: &'static str) -> Self {
        TaskDescription {
            name,
            resource: TaskResource::Lambda { function },
            parameters: Parameters::Whole,
            timeout_seconds: None,
            heartbeat_seconds: None,
            retry: vec![lambda_retrier()],
        }
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

    /// The payload of a call with `input`.
    pub fn payload<I: Data>(&self, input: &I) -> Result<Value, DataError> {
        let value = input.encode()?;
        let Parameters::Named(names) = self.parameters else { return Ok(value) };
        let mut members = ObjectBuilder::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            members.insert(*name, value.at(index).cloned().unwrap_or_default());
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
        I::decode(&Value::array(names.iter().map(|name| object.get(name).cloned().unwrap_or_default())))
    }

    /// The payload in the arguments of a Task state with this `resource`, `None` when the state calls something else.
    ///
    /// The function is known by its name, by the placeholder of that name and by the last part of an ARN.
    pub fn payload_of(&self, resource: &str, arguments: &Value) -> Option<Value> {
        if resource != self.resource.resource() {
            return None;
        }
        let function = arguments.get("FunctionName")?.as_str()?;
        self.is_named(function).then(|| arguments.get("Payload").cloned().unwrap_or_else(Value::empty_object))
    }

    /// The result of a Task state whose task returned `output`.
    pub fn result_of(&self, output: Value) -> Value {
        match self.resource {
            TaskResource::Lambda { .. } => Value::object([
                ("ExecutedVersion", Value::from("$LATEST")),
                ("Payload", output),
                ("StatusCode", Value::from(200)),
            ]),
        }
    }

    fn is_named(&self, function: &str) -> bool {
        let binding = self.resource.binding();
        if let Some(placeholder) = function.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
            return placeholder == crate::lower::substitution_key(binding);
        }
        // arn:partition:lambda:region:account:function:name[:alias]
        let name = function.split(':').nth(6).unwrap_or(function);
        name == binding
    }
}

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
