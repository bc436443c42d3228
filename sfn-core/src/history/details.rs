//! The details of history events.

use std::sync::Arc;

use sfn_asl::definition::Integration;
use sfn_asl::value::{ObjectBuilder, Value};

use super::HistoryReader;
use crate::machine::{Event, Failure, FrameId};

impl HistoryReader<'_> {
    pub(super) fn details(&self, event: &Event) -> Option<Value> {
        let mut details = ObjectBuilder::default();
        match event {
            Event::ExecutionStarted { input } => {
                details.insert("input", input.clone());
            }
            Event::StateEntered { frame, input, .. } => {
                details.insert("name", &*self.node(*frame).name).insert("input", input.clone());
            }
            Event::StateExited { frame, output, assigned, .. } => {
                details.insert("name", &*self.node(*frame).name).insert("output", output.clone());
                let assigned = assigned.clone().filter(|assigned| !assigned.is_empty());
                details.insert_some("assignedVariables", assigned);
            }
            Event::TaskScheduled { .. } => self.scheduled(event, &mut details),
            Event::TaskStarted { frame, worker } => match self.integration(*frame) {
                Some(Integration::Lambda) => return None,
                Some(Integration::Activity) => {
                    details.insert_some("workerName", worker.as_deref());
                }
                _ => self.resource(*frame, &mut details),
            },
            Event::TaskSubmitted { frame, output } | Event::TaskSucceeded { frame, output } => {
                self.resource(*frame, &mut details);
                details.insert("output", output.clone());
            }
            Event::TaskFailed { frame, failure, .. } | Event::TaskTimedOut { frame, failure } => {
                self.resource(*frame, &mut details);
                error(failure, &mut details);
            }
            Event::EvaluationFailed { frame, failure, location, .. } => {
                error(failure, &mut details);
                details.insert_some("location", location.as_deref());
                details.insert("state", &*self.node(*frame).name);
            }
            Event::MapRunStarted { plan, .. } => {
                details.insert("mapRunArn", &*plan.arn);
            }
            Event::MapRunRedriven { plan, redrive_count, .. } => {
                details.insert("mapRunArn", &*plan.arn).insert("redriveCount", *redrive_count);
            }
            Event::ExecutionRedriven { redrive_count } => {
                details.insert("redriveCount", *redrive_count);
            }
            Event::MapRunFailed { failure, .. } => error(failure, &mut details),
            Event::MapStarted { items, .. } | Event::DistributedMapStarted { items, .. } => {
                details.insert("length", items.len());
            }
            Event::IterationStarted { frame, .. }
            | Event::IterationSucceeded { frame, .. }
            | Event::IterationFailed { frame, .. }
            | Event::IterationAborted { frame } => {
                let track = &self.frames[frame];
                let name = track.parent.map(|parent| self.node(parent).name.clone());
                details.insert_some("name", name.as_deref());
                details.insert("index", track.index);
            }
            Event::ExecutionSucceeded { output } => {
                details.insert("output", output.clone());
            }
            Event::ExecutionFailed { failure } | Event::ExecutionAborted { failure } => error(failure, &mut details),
            Event::ExecutionTimedOut => {
                details.insert("error", "States.Timeout");
            }
            _ => return None,
        }
        Some(Value::Object(details.build()))
    }

    fn scheduled(&self, event: &Event, details: &mut ObjectBuilder) {
        let Event::TaskScheduled { frame, parameters, timeout_seconds, heartbeat_seconds, role_arn, .. } = event else {
            return;
        };
        let credentials = role_arn.as_deref().map(|arn| Value::object([("roleArn", Value::from(arn))]));
        if let Some(integration @ (Integration::Lambda | Integration::Activity)) = self.integration(*frame) {
            details.insert("resource", self.resource_text(*frame)).insert("input", parameters.clone());
            details.insert_some("timeoutInSeconds", *timeout_seconds);
            if *integration == Integration::Activity {
                details.insert_some("heartbeatInSeconds", *heartbeat_seconds);
            }
        } else {
            self.resource(*frame, details);
            details.insert("region", &*self.identity.region).insert("parameters", parameters.clone());
            details.insert_some("timeoutInSeconds", *timeout_seconds);
            details.insert_some("heartbeatInSeconds", *heartbeat_seconds);
        }
        details.insert_some("taskCredentials", credentials);
    }

    /// `resourceType` and `resource`, which the events of services have.
    fn resource(&self, frame: FrameId, details: &mut ObjectBuilder) {
        match self.integration(frame) {
            Some(Integration::Service { resource_type, resource, .. }) => {
                details.insert("resourceType", &**resource_type).insert("resource", &**resource);
            }
            Some(Integration::Unknown) => {
                details.insert("resourceType", "").insert("resource", self.resource_text(frame));
            }
            _ => {}
        }
    }

    fn resource_text(&self, frame: FrameId) -> &str {
        match &self.node(frame).kind {
            crate::program::Kind::Task(task) => &task.resource.text,
            _ => "",
        }
    }
}

fn error(failure: &Failure, details: &mut ObjectBuilder) {
    let text = |text: &Option<Arc<str>>| text.as_deref().map(Value::from);
    details.insert_some("error", text(&failure.error));
    details.insert_some("cause", text(&failure.cause));
}
