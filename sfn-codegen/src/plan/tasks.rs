//! The methods of the trait: one for each thing that does work.
//!
//! A function and an activity are one method however many states call them. A call of a service, and a call of a
//! function that is chosen at run time, belong to their state: what they are called with differs from state to state.

use std::collections::HashMap;

use sfn_asl::Value;
use sfn_asl::definition::{
    self, DataFlow, Integration, JsonPathFlow, JsonataFlow, QueryLanguage, ServicePattern, State, StateKind, StateName,
    Task,
};

use super::function::short_name;
use super::inputs::{FieldType, InputPlan, Inputs};
use crate::infer::{self, Shape};
use crate::naming::{distinct, value_name};

/// A method of the trait.
#[derive(Debug)]
pub(crate) struct TaskPlan {
    /// Its name.
    pub(crate) method: String,
    /// What it is called with.
    pub(crate) input: FieldType,
    /// What it does the work of.
    pub(crate) target: Target,
    /// What does the work, as the first of its states writes it.
    pub(crate) resource: String,
    /// The states that call it, in the order of the document, each once.
    pub(crate) states: Vec<String>,
    /// Some of these states go on only when somebody reports the result with the task's token.
    pub(crate) awaits_token: bool,
}

/// What a method does the work of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Target {
    /// A Lambda function, by the key under which executors know it.
    Function(String),
    /// An activity, by the key under which executors know it.
    Activity(String),
    /// A `Resource` of which nothing is known, a placeholder for instance.
    Resource(String),
    /// The call of a service in the state of this name.
    Service(String),
}

/// The names that the module has besides those of inputs.
const RESERVED: &[&str] = &["State", "Tasks", "UnknownState"];

/// The methods for the tasks among `states`, and the types of their inputs.
pub(crate) fn plan(states: &[(&StateName, &State)]) -> (Vec<TaskPlan>, Vec<InputPlan>) {
    let calls = calls(states);
    let wanted = calls.iter().map(|call| call.wanted_name()).collect();
    let mut inputs = Inputs::default();
    let tasks = distinct(wanted, &[])
        .into_iter()
        .zip(calls)
        .map(|(method, call)| TaskPlan {
            input: inputs.of_task(&method, &call.shape),
            method,
            target: call.target,
            resource: call.resource,
            states: call.states,
            awaits_token: call.awaits_token,
        })
        .collect();
    (tasks, inputs.finish(RESERVED))
}

/// All the states that do their work with one target.
struct Call {
    target: Target,
    resource: String,
    shape: Shape,
    states: Vec<String>,
    awaits_token: bool,
}

impl Call {
    fn wanted_name(&self) -> String {
        match &self.target {
            Target::Function(_) | Target::Activity(_) | Target::Resource(_) => {
                value_name(&short_name(&self.resource), "task")
            }
            Target::Service(state) => value_name(state, "task"),
        }
    }
}

fn calls(states: &[(&StateName, &State)]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut places: HashMap<Target, usize> = HashMap::new();
    for (name, state) in states {
        let StateKind::Task(task) = &state.kind else { continue };
        let (target, resource, shape) = target(name, task, state.query_language);
        let awaits_token =
            matches!(task.resource.integration, Integration::Service { pattern: ServicePattern::WaitForTaskToken, .. });
        let name = name.as_str().to_owned();
        match places.get(&target) {
            Some(&place) => {
                let call = &mut calls[place];
                call.shape = std::mem::replace(&mut call.shape, Shape::Value).or(shape);
                call.awaits_token |= awaits_token;
                if !call.states.contains(&name) {
                    call.states.push(name);
                }
            }
            None => {
                places.insert(target.clone(), calls.len());
                calls.push(Call { target, resource, shape, states: vec![name], awaits_token });
            }
        }
    }
    calls
}

/// What does the work of a task, how the task names it, and the shape of what it is called with.
fn target(state: &StateName, task: &Task, language: QueryLanguage) -> (Target, String, Shape) {
    let template = template(&task.flow);
    let whole = || template.map_or(Shape::Value, |template| infer::template(template, language));
    let resource = task.resource.text.to_string();
    match &task.resource.integration {
        Integration::Lambda => (Target::Function(definition::function_name(&resource).to_owned()), resource, whole()),
        Integration::Activity => (Target::Activity(definition::activity_name(&resource).to_owned()), resource, whole()),
        Integration::Unknown => (Target::Resource(resource.clone()), resource, whole()),
        Integration::Service { resource_type, resource: action, .. } => {
            let is_invoke = &**resource_type == "lambda" && action.split('.').next() == Some("invoke");
            match template.filter(|_| is_invoke).and_then(|template| function_name(template, language)) {
                Some(function) => (
                    Target::Function(definition::function_name(&function).to_owned()),
                    function,
                    payload(template, language),
                ),
                None => (Target::Service(state.as_str().to_owned()), resource, whole()),
            }
        }
    }
}

/// `Parameters` or `Arguments`.
fn template(flow: &DataFlow) -> Option<&Value> {
    match flow {
        DataFlow::JsonPath(JsonPathFlow { parameters, .. }) => parameters.as_ref().map(|template| template.source()),
        DataFlow::Jsonata(JsonataFlow { arguments, .. }) => arguments.as_ref().map(|template| template.source()),
    }
}

/// The function that a call of `lambda:invoke` names, unless it is chosen at run time.
fn function_name(template: &Value, language: QueryLanguage) -> Option<String> {
    let name = template.get("FunctionName")?.as_str()?;
    let is_computed = language == QueryLanguage::Jsonata && infer::is_expression(name);
    (!is_computed && !name.is_empty()).then(|| name.to_owned())
}

fn payload(template: Option<&Value>, language: QueryLanguage) -> Shape {
    let payload = template.and_then(|template| template.get("Payload"));
    payload.map_or(Shape::Value, |payload| infer::template(payload, language))
}
