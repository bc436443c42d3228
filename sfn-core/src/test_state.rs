//! AWS's operation TestState: one state run by itself, with its task, branches or iterations mocked.
//!
//! The state is run by the machine that runs executions, so a test sees what an execution does. Like the machine this is
//! pure: the clock and the randomness come with the request, a Wait is over at once, and a task without a mock is done by
//! a function that the caller brings ([`test_state_with`]).
//!
//! # Where the behaviour comes from
//! Recordings of AWS show the members of the inspection data, the statuses, the made-up context object, and most refusals.
//! A mocked result is checked against the output of the service's API: names, types, required members, enumerations and
//! bounds as botocore 1.41.5 has them, for the services of `tools/service_models.py` and with the feature
//! `service-models`; what is not checked says so in [`TestStateResponse::unchecked_mock`]. These points are inferred:
//!
//! | point | what is done here |
//! | --- | --- |
//! | inspection data of a JSONata Task that succeeds | input, afterArguments, result |
//! | inspection data of a JSONPath Map that succeeds | that of a failing one, and afterResultSelector, afterResultPath |
//! | a Retrier whose attempts are used up, then a Catcher | `errorDetails` has both indexes |
//! | `variables` of the inspection data | all variables after the state, where there are any |
//! | the mock of a `.sync` task | is what the operation that polls answers: `DescribeExecution`, `GetJobRun` … |
//! | a `.waitForTaskToken` task, an activity, a function by its ARN | any result: no API says what it is |
//! | `errorCausedByState` | names a state within the Map or Parallel, else it is not found |
//! | `State.RetryCount` of the made-up context object | `retrierRetryCount` |
//! | `null` in a mocked result | is no string, number, array or object |
//! | texts for bad JSON, for wrong types in a context object, for a missing role | ours |
//!
//! Not there: `request` and `response` of HTTP tasks (level TRACE), and the limit of five minutes.

mod context;
mod inspection;
mod mock;
mod models;
mod refusal;
mod request;
mod schema;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use sfn_asl::definition::{Definition, State, StateKind, StateScope};
use sfn_asl::parse::{Format, parse_state};
use sfn_asl::validate::{MachineType, Options, Resources};
use sfn_asl::value::{Object, Value};

pub use inspection::{ErrorDetails, InspectionData};
use mock::Mocked;
pub use refusal::TestStateError;

use crate::machine::{Answer, Call, End, Failure, Note, Now, Probe, TaskRequest};
use crate::program::{Kind, Node, Program};

/// What TestState is asked.
#[derive(Clone, Debug, Default)]
pub struct TestStateRequest<'a> {
    /// One state, or a whole machine if `state_name` is given, in JSON.
    pub definition: &'a str,
    /// The state of the machine to be run, which may stand within a Map or Parallel.
    pub state_name: Option<&'a str>,
    /// The role; a Task without a mock needs one.
    pub role_arn: Option<&'a str>,
    /// The input in JSON, `{}` unless given.
    pub input: Option<&'a str>,
    /// How much is told.
    pub inspection_level: InspectionLevel,
    /// Whether secrets of HTTP tasks are told; not together with a mock.
    pub reveal_secrets: bool,
    /// Variables that the state sees: a JSON object.
    pub variables: Option<&'a str>,
    /// What the task, the branches or the iterations end with.
    pub mock: Option<Mock<'a>>,
    /// The context object in JSON, only together with a mock; AWS makes one up otherwise.
    pub context: Option<&'a str>,
    /// What went before.
    pub state_configuration: StateConfiguration<'a>,
    /// Who asks.
    pub caller: Caller<'a>,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub now: i64,
    /// What names, tokens and random numbers are made from.
    pub seed: u64,
}

/// `inspectionLevel`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InspectionLevel {
    /// Only how the state ended.
    #[default]
    Info,
    /// The data on its way, too.
    Debug,
    /// As `DEBUG`: what else HTTP tasks show is not there.
    Trace,
}

/// `mock`: a result or an error.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mock<'a> {
    /// The result in JSON.
    pub result: Option<&'a str>,
    /// The error.
    pub error_output: Option<ErrorOutput<'a>>,
    /// How closely a result is checked.
    pub field_validation_mode: FieldValidationMode,
}

/// `errorOutput`
#[derive(Clone, Copy, Debug, Default)]
pub struct ErrorOutput<'a> {
    /// Name of the error.
    pub error: Option<&'a str>,
    /// Its cause.
    pub cause: Option<&'a str>,
}

/// `fieldValidationMode`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidationMode {
    /// Required members must be there, and those that are there must fit the API.
    #[default]
    Strict,
    /// The members that are there must fit the API.
    Present,
    /// Nothing is checked.
    None,
}

/// `stateConfiguration`
#[derive(Clone, Copy, Debug, Default)]
pub struct StateConfiguration<'a> {
    /// Retries so far of the Retrier that names the error.
    pub retrier_retry_count: Option<u32>,
    /// The state within a Map or Parallel that a mocked error comes from.
    pub error_caused_by_state: Option<&'a str>,
    /// How many iterations of a Map failed.
    pub map_iteration_failure_count: Option<u64>,
    /// What the `ItemReader` of a Map has read, as it stands in its source.
    pub map_item_reader_data: Option<&'a str>,
}

/// Whose account the made-up context object names.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// `aws`, `aws-cn`, …
    pub partition: &'a str,
    /// `us-east-1`, …
    pub region: &'a str,
    /// Twelve digits.
    pub account: &'a str,
}

impl Default for Caller<'_> {
    fn default() -> Self {
        Caller { partition: "aws", region: "us-east-1", account: "123456789012" }
    }
}

/// How the state ended.
#[derive(Clone, Debug, PartialEq)]
pub struct TestStateResponse {
    /// In a word.
    pub status: Status,
    /// The output, if the state was left.
    pub output: Option<Value>,
    /// Name of the error the state failed with, also if it was caught or would be tried again.
    pub error: Option<Arc<str>>,
    /// Its cause.
    pub cause: Option<Arc<str>>,
    /// The state that follows.
    pub next_state: Option<Arc<str>>,
    /// The data on its way, from the level `DEBUG` on.
    pub inspection_data: Option<InspectionData>,
    /// Why a mocked result was not checked although it was to be; no member of AWS's answer.
    pub unchecked_mock: Option<String>,
}

/// `status`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// The state was left by its own transition.
    Succeeded,
    /// It failed for good.
    Failed,
    /// It would be tried again.
    Retriable,
    /// A Catcher took its error.
    CaughtError,
}

impl Status {
    /// AWS's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Status::Succeeded => "SUCCEEDED",
            Status::Failed => "FAILED",
            Status::Retriable => "RETRIABLE",
            Status::CaughtError => "CAUGHT_ERROR",
        }
    }
}

impl TestStateResponse {
    /// The members of AWS's answer; data that AWS sends as JSON text stand here as values.
    pub fn to_value(&self) -> Value {
        let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
        let members = [
            ("output", self.output.clone()),
            ("error", text(&self.error)),
            ("cause", text(&self.cause)),
            ("inspectionData", self.inspection_data.as_ref().map(InspectionData::to_value)),
            ("nextState", text(&self.next_state)),
            ("status", Some(Value::from(self.status.name()))),
        ];
        Value::object(members.into_iter().filter_map(|(name, value)| Some((name, value?))))
    }
}

/// Runs one state by itself. A Task without a mock is refused, as there is nothing that could do it.
///
/// Fails as AWS does: with `InvalidDefinition` and all findings about the definition, with `InvalidExecutionInput`, and
/// with `ValidationException` for everything else. A state that fails is an answer, not an error.
///
/// ```
/// use sfn_core::test_state::{Mock, Status, TestStateRequest, test_state};
///
/// let answer = test_state(&TestStateRequest {
///     definition: r#"{"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "ResultPath": "$.sent", "Next": "Done"}"#,
///     input: Some(r#"{"order": 7}"#),
///     mock: Some(Mock { result: Some(r#"{"MessageId": "m-1"}"#), ..Mock::default() }),
///     ..TestStateRequest::default()
/// })?;
/// assert_eq!(answer.status, Status::Succeeded);
/// assert_eq!(answer.next_state.as_deref(), Some("Done"));
/// assert_eq!(answer.output.unwrap().to_json(), r#"{"order":7,"sent":{"MessageId":"m-1"}}"#);
/// # Ok::<(), sfn_core::test_state::TestStateError>(())
/// ```
pub fn test_state(request: &TestStateRequest<'_>) -> Result<TestStateResponse, TestStateError> {
    run(request, None)
}

/// Runs one state by itself; `call` does a Task that has no mock.
pub fn test_state_with(
    request: &TestStateRequest<'_>,
    call: &mut dyn FnMut(&TaskRequest) -> Result<Value, Failure>,
) -> Result<TestStateResponse, TestStateError> {
    run(request, Some(call))
}

fn run<'c>(
    request: &TestStateRequest<'_>,
    call: Option<&'c mut Call<'c>>,
) -> Result<TestStateResponse, TestStateError> {
    mock::check_request(request)?;
    let program = program(request)?;
    let node = program.node(program.start());
    let Mocked { answer, unchecked } = mock::answer(request, node)?;
    let input = json(request.input.unwrap_or("{}"), TestStateError::invalid_input)?;
    let answer = match (answer, call) {
        (Some(Ok(result)), _) => Answer::Result(result),
        (Some(Err(failure)), _) => Answer::Failure(failure),
        (None, Some(call)) => Answer::Call(call),
        (None, None) if matches!(node.kind, Kind::Task(_)) => {
            return Err(TestStateError::validation("There is nothing here that does a Task: it needs a mock."));
        }
        // No other state without a mock asks for an answer.
        (None, None) => Answer::Failure(Failure::default()),
    };
    let probe = Probe {
        input: input.clone(),
        variables: variables(request)?,
        context: context::context(request, node, &input)?,
        now: Now { time: request.now, seed: request.seed },
        retry_count: request.state_configuration.retrier_retry_count.unwrap_or(0),
        answer,
        failed_iterations: request.state_configuration.map_iteration_failure_count,
        reader_data: request.state_configuration.map_item_reader_data,
        program: program.clone(),
    };
    let seen = probe.run().map_err(TestStateError::invalid_input)?;
    let iterations = seen.notes.iter().find_map(|note| match note {
        Note::Items(count) => Some(*count),
        _ => None,
    });
    mock::check_failure_count(request, iterations)?;

    let caught = seen.notes.iter().any(|note| matches!(note, Note::Caught(_)));
    let failure = seen.notes.iter().rev().find_map(|note| match note {
        Note::Failed(failure) => Some(failure.clone()),
        _ => None,
    });
    let (status, output, next) = match &seen.end {
        End::Left { output, next } if caught => (Status::CaughtError, Some(output.clone()), *next),
        End::Left { output, next } => (Status::Succeeded, Some(output.clone()), *next),
        End::Retried { .. } => (Status::Retriable, None, None),
        End::Failed(_) => (Status::Failed, None, None),
    };
    let failure = match &seen.end {
        End::Failed(failure) => Some(failure.clone()),
        _ => failure.filter(|_| status != Status::Succeeded),
    };
    let (error, cause) = failure.map(|failure| (failure.error, failure.cause)).unwrap_or_default();
    let inspected = request.inspection_level != InspectionLevel::Info;
    Ok(TestStateResponse {
        status,
        output,
        error,
        cause,
        next_state: next.map(|next| program.node(next).name.clone()),
        inspection_data: inspected.then(|| inspection::inspection_data(node, input, status, &seen)),
        unchecked_mock: unchecked,
    })
}

/// The program, which begins with the state under test.
fn program(request: &TestStateRequest<'_>) -> Result<Arc<Program>, TestStateError> {
    let options = Options { machine_type: MachineType::Standard, resources: Resources::Aws };
    let program = match request.state_name {
        None => {
            let single = parse_state(request.definition, &options).map_err(TestStateError::definition)?;
            check_origin(request, &single.state)?;
            Program::compile_state(&single.state)
        }
        Some(name) => {
            let definition = Definition::parse_with(request.definition, Format::Json, &options);
            let definition = definition.map_err(TestStateError::definition)?;
            let state = find(&definition.machine().scope, name).ok_or_else(not_found)?;
            check_origin(request, state)?;
            Program::compile(&definition).starting_at(name).ok_or_else(not_found)?
        }
    };
    Ok(Arc::new(program))
}

fn not_found() -> TestStateError {
    TestStateError::validation("State not found in definition")
}

/// The state `name`, wherever it stands. The parser bounds how deep states stand in each other.
fn find<'a>(scope: &'a StateScope, name: &str) -> Option<&'a State> {
    scope.states.get(name).or_else(|| scope.states.values().find_map(|state| find_within(state, name)))
}

/// The state `name` within a Map or Parallel.
fn find_within<'a>(state: &'a State, name: &str) -> Option<&'a State> {
    match &state.kind {
        StateKind::Map(map) => find(&map.processor.scope, name),
        StateKind::Parallel(parallel) => parallel.branches.iter().find_map(|branch| find(branch, name)),
        _ => None,
    }
}

/// `errorCausedByState` must stand within the Map or Parallel that it makes fail.
fn check_origin(request: &TestStateRequest<'_>, state: &State) -> Result<(), TestStateError> {
    match request.state_configuration.error_caused_by_state {
        Some(name) if find_within(state, name).is_none() => Err(not_found()),
        _ => Ok(()),
    }
}

fn variables(request: &TestStateRequest<'_>) -> Result<Object, TestStateError> {
    let Some(text) = request.variables else { return Ok(Object::default()) };
    let refused = |error: String| TestStateError::validation(format!("Invalid variables provided: {error}"));
    match json(text, refused)? {
        Value::Object(variables) => Ok(variables),
        _ => Err(refused("they must be a JSON object".to_owned())),
    }
}

/// Reads JSON; what is wrong with it goes into the refusal.
fn json(text: &str, refusal: impl FnOnce(String) -> TestStateError) -> Result<Value, TestStateError> {
    Value::parse(text).map_err(|error| refusal(error.to_string()))
}

/// True for a Task whose end somebody else tells, by a token or by a job's end.
fn waits_for_others(node: &Node) -> bool {
    use sfn_asl::definition::{Integration, ServicePattern};
    let Kind::Task(task) = &node.kind else { return false };
    match &task.resource.integration {
        Integration::Service { pattern, .. } => *pattern != ServicePattern::RequestResponse,
        _ => false,
    }
}
