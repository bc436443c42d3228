use std::sync::Arc;

use sfn_asl::definition::{DataFlow, Integration, ServicePattern, Setting};
use sfn_asl::query::{EvaluationError, Scope};
use sfn_asl::value::Value;

use super::integration::check_arguments;
use crate::machine::data_flow::Evaluated;
use crate::machine::frame::Phase;
use crate::machine::step::Turn;
use crate::machine::{Command, Event, FrameId};
use crate::program::{Kind, TaskNode};

/// The longest timeout and heartbeat.
const LONGEST_SECONDS: u32 = 99_999_999;

/// What a Task state sends out.
struct Request {
    parameters: Value,
    timeout_seconds: Option<u32>,
    heartbeat_seconds: Option<u32>,
    role_arn: Option<Arc<str>>,
}

impl Turn<'_> {
    pub(super) fn run_task(&mut self, id: FrameId, node: &TaskNode) {
        let token: Option<Arc<str>> = has_token(&node.resource.integration).then(|| self.new_token().into());
        match self.request(id, node, token.as_deref()) {
            Ok(Request { parameters, timeout_seconds, heartbeat_seconds, role_arn }) => {
                if self.fails_by_size(id, &parameters) {
                    return;
                }
                let scheduled = self.emit(Event::TaskScheduled {
                    frame: id,
                    parameters,
                    timeout_seconds,
                    heartbeat_seconds,
                    role_arn,
                    token,
                });
                if scheduled && let Phase::Task(task) = &self.machine.frames[id].phase {
                    let request = self.machine.task_request(id, task);
                    self.effects.commands.push(Command::Schedule(Box::new(request)));
                }
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    fn request(&self, id: FrameId, node: &TaskNode, token: Option<&str>) -> Evaluated<Request> {
        let in_context = token.filter(|_| matches!(node.resource.integration, Integration::Service { .. }));
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id).with_token(in_context);
        let scope = self.scope(&view, &effective);
        let number = |setting: &Option<Setting<u64>>, field: &str| {
            let Some(setting) = setting else { return Ok(None) };
            let seconds = self.whole_number(setting, field, &scope)?;
            match u32::try_from(seconds).ok().filter(|seconds| (1..=LONGEST_SECONDS).contains(seconds)) {
                Some(seconds) => Ok(Some(seconds)),
                None => Err(EvaluationError::runtime(format!(
                    "The value of {field} must be between 1 and {LONGEST_SECONDS} but was: {seconds}"
                ))),
            }
        };
        let timeout_seconds = number(&node.timeout_seconds, "TimeoutSeconds")?;
        let heartbeat_seconds = number(&node.heartbeat_seconds, "HeartbeatSeconds")?;
        let parameters = self.parameters(&view, &node.flow, &effective)?;
        let is_jsonata = matches!(node.flow, DataFlow::Jsonata(_));
        check_arguments(&node.resource.integration, is_jsonata, &parameters)?;
        Ok(Request {
            parameters: parameters.into_owned(),
            timeout_seconds,
            heartbeat_seconds,
            role_arn: self.role_arn(node, &scope)?,
        })
    }

    fn role_arn(&self, node: &TaskNode, scope: &Scope<'_>) -> Evaluated<Option<Arc<str>>> {
        let Some(credentials) = &node.credentials else { return Ok(None) };
        let value = match &credentials.role_arn {
            Setting::Literal(arn) => return Ok(Some(arn.clone())),
            Setting::Path(path) => path.evaluate(scope, "RoleArn.$")?,
            Setting::Jsonata(expression) => {
                let value = self.compute(expression, "Credentials/RoleArn", scope)?;
                if value.as_str().is_none() {
                    return Err(EvaluationError::unexpected_type(expression, "Credentials/RoleArn", "string", &value));
                }
                value
            }
        };
        match value.as_str() {
            Some(arn) => Ok(Some(arn.into())),
            None => Err(EvaluationError::runtime(format!("The field 'RoleArn' must be a string but was: {value}"))),
        }
    }

    /// What a message calls the resource of the task that is out in frame `id`.
    pub(in crate::machine) fn resource_name(&self, id: FrameId) -> Arc<str> {
        let node = self.machine.program.node(self.machine.frames[id].state);
        let Kind::Task(task) = &node.kind else { return node.name.clone() };
        match &task.resource.integration {
            Integration::Service { resource_type, .. } => resource_type.clone(),
            _ => task.resource.text.clone(),
        }
    }

    /// A token that nobody guesses, from the step's randomness.
    fn new_token(&self) -> String {
        let words = std::iter::repeat_with(|| format!("{:016x}", self.random.next_u64()));
        words.take(2).collect()
    }
}

/// Tasks whose end somebody else tells, by their token.
fn has_token(integration: &Integration) -> bool {
    match integration {
        Integration::Activity => true,
        Integration::Service { pattern, .. } => *pattern != ServicePattern::RequestResponse,
        Integration::Lambda | Integration::Unknown => false,
    }
}
