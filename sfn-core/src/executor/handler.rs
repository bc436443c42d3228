//! The functions that do the work of tasks, and which of them does which.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sfn_asl::definition::{self, Integration};
use sfn_asl::value::Value;

use super::address::Address;
use super::known::Known;
use super::nested::Runner;
use super::{TaskContext, lambda};
use crate::machine::TaskRequest;
use crate::task::{BoxFuture, Channel, Error, Nested, TaskDescription, TaskResource, TaskToken, WAIT_FOR_TASK_TOKEN};

/// A handler at work.
pub(crate) type Handling = BoxFuture<Result<Value, Error>>;

/// A handler whose types are JSON values.
pub(crate) type Handler = Arc<dyn Fn(Value, TaskContext) -> Handling + Send + Sync>;

/// The handlers of an executor.
#[derive(Clone, Default)]
pub(super) struct Handlers {
    pub(super) states: HashMap<Arc<str>, Handler>,
    /// Those of `#[task]` functions.
    pub(super) typed: Vec<Typed>,
    pub(super) functions: HashMap<Arc<str>, Handler>,
    pub(super) activities: HashMap<Arc<str>, Handler>,
    pub(super) resources: HashMap<Arc<str>, Handler>,
    pub(super) fallback: Option<Handler>,
    /// The state machines that documents may start.
    pub(super) machines: Vec<Nested>,
    /// Does all tasks of a `#[state_machine]`: the test kit.
    pub(super) kit: Option<Kit>,
}

/// The handler of a `#[task]` function: payload in, output out.
#[derive(Clone)]
pub(super) struct Typed {
    pub(super) task: TaskDescription,
    pub(super) handler: Handler,
    /// True when it only delivers the request, and somebody answers by the token.
    pub(super) delivers: bool,
}

/// What does a task, given by its description and the arguments of its state; a state machine for which it gives nothing
/// runs as itself.
pub(crate) type Kit = Arc<dyn Fn(&TaskDescription, Option<Nested>, &Value) -> Option<Handler> + Send + Sync>;

/// What becomes of a handler's result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It is the task's; of one with a token it is what the service answered to the request.
    Whole,
    /// It goes into the response of `lambda:invoke`.
    Response,
    /// It is the answer to the token.
    Answer,
    /// It is the output of an execution that was started.
    Output,
    /// An execution was started, whatever it is.
    Started,
}

/// What becomes of a scheduled task.
pub(super) enum Plan {
    /// A handler works on this input.
    Handle { handler: Handler, input: Value, outcome: Outcome },
    /// It waits for a worker to ask for it.
    Activity(String),
    /// It fails: nobody works on it.
    Missing(Error),
}

impl Handlers {
    /// Who does the work of a task: the handler of its state, of its `#[task]` function, of its function or activity, of
    /// its resource, its own body, or the handler for all others.
    ///
    /// A state machine that no handler stands in for is run by what `runner` makes of it.
    pub(super) fn plan(&self, request: &TaskRequest, known: &Known, runner: impl FnOnce(Nested) -> Runner) -> Plan {
        let whole = |handler: &Handler| Plan::Handle {
            handler: handler.clone(),
            input: request.parameters.clone(),
            outcome: Outcome::Whole,
        };
        let task = known.task(&request.state);
        let machine = task.and_then(|task| known.nested(task.key()));
        if let (Some(kit), Some(task)) = (&self.kit, task) {
            if let Some(handler) = kit(task, machine, &request.parameters) {
                let outcome = match outcome(task) {
                    Outcome::Started => Outcome::Whole,
                    outcome => outcome,
                };
                return Plan::Handle { handler, input: task.payload_of(&request.parameters), outcome };
            }
            if let Some(machine) = machine {
                return nested(request, runner(machine));
            }
        }
        if let Some(handler) = self.states.get(&request.state) {
            return whole(handler);
        }
        match self.typed(request, task) {
            Ok(None) => {}
            Ok(Some(typed)) => {
                let outcome = if typed.delivers { Outcome::Whole } else { outcome(task.unwrap_or(&typed.task)) };
                let is_direct = request.resource.integration == Integration::Lambda;
                return match is_direct {
                    true => whole(&typed.handler),
                    false => {
                        let input = typed.task.payload_of(&request.parameters);
                        Plan::Handle { handler: typed.handler.clone(), input, outcome }
                    }
                };
            }
            Err(error) => return Plan::Missing(error),
        }
        let function = lambda::function(request);
        if let Some(function) = &function
            && let Some(handler) = self.functions.get(function.name)
        {
            let outcome = if function.wrapped { Outcome::Response } else { Outcome::Whole };
            return Plan::Handle { handler: handler.clone(), input: function.payload.clone(), outcome };
        }
        let activity = activity_name(request);
        if let Some(handler) = activity.and_then(|name| self.activities.get(name)) {
            return whole(handler);
        }
        if let Some(handler) = self.resources.get(&request.resource.text) {
            return whole(handler);
        }
        if let Some(machine) = machine.or_else(|| self.machine_of(request)) {
            return nested(request, runner(machine));
        }
        if let Some(task) = task
            && let Some(body) = known.body(task.key())
        {
            let handler: Handler = Arc::new(move |payload, context: TaskContext| {
                body.serve(payload, TaskToken::new(context.token().unwrap_or_default()))
            });
            return Plan::Handle { handler, input: task.payload_of(&request.parameters), outcome: outcome(task) };
        }
        if let Some(handler) = &self.fallback {
            return whole(handler);
        }
        if let Some(name) = activity {
            return Plan::Activity(name.to_owned());
        }
        let advice = match function {
            Some(function) => {
                format!("no handler for the function `{0}`; register one with `.function(\"{0}\", ..)`", function.name)
            }
            None => format!("no handler for `{0}`; register one with `.resource(\"{0}\", ..)`", request.resource.text),
        };
        Plan::Missing(Error::new("Sfn.HandlerMissing", format!("state `{}`: {advice}", request.state)))
    }

    /// The handler of the `#[task]` that a request calls: of a machine's state the one of its task, else the only one at its
    /// address.
    fn typed(&self, request: &TaskRequest, task: Option<&TaskDescription>) -> Result<Option<&Typed>, Error> {
        if let Some(task) = task {
            return Ok(self.typed.iter().find(|typed| typed.task.key() == task.key()));
        }
        let mut there = self.typed.iter().filter(|typed| Address::of_task(&typed.task).is_of(request));
        let Some(first) = there.next() else { return Ok(None) };
        match there.next() {
            None => Ok(Some(first)),
            Some(other) => {
                let message = format!(
                    "state `{}`: the tasks `{}` and `{}` have one address, and a document does not say which of them it \
                     calls; register a handler with `.state(\"{0}\", ..)`",
                    request.state, first.task.name, other.task.name
                );
                Err(Error::new("Sfn.HandlerAmbiguous", message))
            }
        }
    }

    /// The state machine that a document starts.
    fn machine_of(&self, request: &TaskRequest) -> Option<Nested> {
        if request.resource.text.ends_with(WAIT_FOR_TASK_TOKEN) {
            return None;
        }
        let is_of = |machine: &&Nested| Address::of_task(&(machine.describe)()).is_of(request);
        self.machines.iter().find(is_of).copied()
    }

    /// True when somebody does this task of a machine.
    pub(super) fn serve(&self, state: &str, task: &TaskDescription, known: &Known) -> bool {
        let is_there = match task.resource {
            TaskResource::Activity { .. } => true,
            TaskResource::Lambda { function }
            | TaskResource::Message { channel: Channel::Lambda, target: function, .. } => {
                self.functions.contains_key(function)
            }
            _ => false,
        };
        is_there
            || self.kit.is_some()
            || self.fallback.is_some()
            || self.states.contains_key(state)
            || self.typed.iter().any(|typed| typed.task.key() == task.key())
            || self.resources.contains_key(&*task.resource.resource())
            || known.body(task.key()).is_some()
    }
}

/// An execution of a state machine.
fn nested(request: &TaskRequest, runner: Runner) -> Plan {
    let runner = Mutex::new(Some(runner));
    let handler: Handler = Arc::new(move |arguments, context| {
        let runner = runner.lock().unwrap_or_else(PoisonError::into_inner).take();
        runner.expect("a plan is carried out once").run(arguments, context)
    });
    Plan::Handle { handler, input: request.parameters.clone(), outcome: Outcome::Whole }
}

/// What becomes of the output of a task.
fn outcome(task: &TaskDescription) -> Outcome {
    match task.resource {
        TaskResource::Lambda { .. } => Outcome::Response,
        TaskResource::Machine { awaited: true, .. } => Outcome::Output,
        TaskResource::Machine { awaited: false, .. } => Outcome::Started,
        _ if task.resource.is_callback() => Outcome::Answer,
        _ => Outcome::Whole,
    }
}

/// The name of the activity that a task waits for.
pub(super) fn activity_name(request: &TaskRequest) -> Option<&str> {
    match request.resource.integration {
        Integration::Activity => Some(definition::activity_name(&request.resource.text)),
        _ => None,
    }
}
