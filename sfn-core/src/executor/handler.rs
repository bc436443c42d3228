//! The functions that do the work of tasks, and which of them does which.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::{self, Integration};
use sfn_asl::value::Value;

use super::TaskContext;
use super::lambda;
use crate::lower::substitution_key;
use crate::machine::TaskRequest;
use crate::task::{BoxFuture, Error, TaskBody};

/// A handler at work.
pub(super) type Handling = BoxFuture<Result<Value, Error>>;

/// A handler whose types are JSON values.
pub(super) type Handler = Arc<dyn Fn(Value, TaskContext) -> Handling + Send + Sync>;

/// The handlers of an executor.
#[derive(Clone, Default)]
pub(super) struct Handlers {
    pub(super) states: HashMap<Arc<str>, Handler>,
    pub(super) functions: HashMap<Arc<str>, Handler>,
    pub(super) activities: HashMap<Arc<str>, Handler>,
    pub(super) resources: HashMap<Arc<str>, Handler>,
    pub(super) fallback: Option<Handler>,
}

/// What becomes of a scheduled task.
pub(super) enum Plan {
    /// A handler works on this input; its result is the task's, or goes into a Lambda response.
    Handle { handler: Handler, input: Value, wrap: bool },
    /// It waits for a worker to ask for it.
    Activity(String),
    /// It fails: nobody works on it.
    Missing(Error),
}

impl Handlers {
    /// Who does the work of a task: the handler of its state, of its function or activity, of its resource, its own body,
    /// or the handler for all others.
    pub(super) fn plan(&self, request: &TaskRequest, bodies: &[TaskBody]) -> Plan {
        let whole = |handler: &Handler| Plan::Handle {
            handler: handler.clone(),
            input: request.parameters.clone(),
            wrap: false,
        };
        if let Some(handler) = self.states.get(&request.state) {
            return whole(handler);
        }
        let function = lambda::function(request);
        if let Some(function) = &function
            && let Some(handler) = self.functions.get(function.name)
        {
            return Plan::Handle { handler: handler.clone(), input: function.payload.clone(), wrap: function.wrapped };
        }
        let activity = activity_name(request);
        if let Some(handler) = activity.and_then(|name| self.activities.get(name)) {
            return whole(handler);
        }
        if let Some(handler) = self.resources.get(&request.resource.text) {
            return whole(handler);
        }
        let is_of = |name: &str, body: &&TaskBody| body.binding() == name || substitution_key(body.binding()) == name;
        if let Some(function) = &function
            && let Some(body) = bodies.iter().find(|body| is_of(function.name, body)).copied()
        {
            let handler: Handler = Arc::new(move |payload, _| body.serve(payload));
            return Plan::Handle { handler, input: function.payload.clone(), wrap: function.wrapped };
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
}

/// The name of the activity that a task waits for.
pub(super) fn activity_name(request: &TaskRequest) -> Option<&str> {
    match request.resource.integration {
        Integration::Activity => Some(definition::activity_name(&request.resource.text)),
        _ => None,
    }
}
