//! The functions that do the work of tasks, and which of them does which.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::{self, Integration};
use sfn_asl::value::Value;

use super::TaskContext;
use super::lambda;
use crate::machine::TaskRequest;
use crate::task::{BoxFuture, Error};

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
    /// Who does the work of a task: the handler of its state, of its function or activity, of its resource, or the one
    /// for all others.
    pub(super) fn plan(&self, request: &TaskRequest) -> Plan {
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
        if let Some(handler) = self.resources.get(&request.resource.text).or(self.fallback.as_ref()) {
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
