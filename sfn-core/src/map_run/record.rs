//! What stands in a result for one child.

use sfn_asl::definition::WriterTransformation;
use sfn_asl::value::{ObjectBuilder, Value};

use super::{Child, MapRun};
use crate::machine::context_object::timestamp;
use crate::machine::{Failure, Status};

impl MapRun {
    /// The result of a child that ended at `time`: its output, or, for `NONE` and for every child that did not succeed,
    /// the execution with all that is known of it.
    pub(super) fn record(&self, child: &Child, status: &Status, time: i64) -> Value {
        match (status, self.plan.writer.transformation) {
            (Status::Succeeded { output }, WriterTransformation::Compact | WriterTransformation::Flatten) => {
                output.clone()
            }
            _ => self.execution(child, status, time),
        }
    }

    fn execution(&self, child: &Child, status: &Status, time: i64) -> Value {
        let identity = self.child_identity(&child.name);
        let included = || Value::object([("Included", Value::from(true))]);
        let (failure, output) = match status {
            Status::Succeeded { output } => (None, Some(output.to_json())),
            Status::Failed(failure) | Status::Aborted(failure) => (Some(failure.clone()), None),
            Status::TimedOut | Status::NotStarted | Status::Running => (None, None),
        };
        let Failure { error, cause, .. } = failure.unwrap_or_default();
        let mut record = ObjectBuilder::with_capacity(14);
        record.insert_some("Cause", cause.as_deref());
        record.insert_some("Error", error.as_deref());
        record.insert("ExecutionArn", identity.execution_arn());
        record.insert("Input", child.input.to_json()).insert("InputDetails", included());
        record.insert("Name", &*child.name);
        if let Some(output) = output {
            record.insert("Output", output).insert("OutputDetails", included());
            record.insert("RedriveCount", child.redrive_count).insert("RedriveStatus", "NOT_REDRIVABLE");
            record.insert("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven");
        } else {
            record.insert("RedriveCount", child.redrive_count).insert("RedriveStatus", "REDRIVABLE_BY_MAP_RUN");
        }
        record.insert("StartDate", timestamp(child.started_at));
        record.insert("StateMachineArn", identity.state_machine_arn());
        record.insert("Status", status.name()).insert("StopDate", timestamp(time));
        Value::Object(record.build())
    }

    /// What `PENDING_n` holds for input that no child was started with.
    pub(super) fn pending_record(&self, input: &Value) -> Value {
        Value::object([("Input", Value::from(input.to_json()))])
    }

    /// The results in the order of the items, as the Map's result.
    pub(super) fn collected(&self) -> Value {
        let flatten = self.plan.writer.transformation == WriterTransformation::Flatten;
        let mut all = Vec::with_capacity(self.results.len());
        for result in self.results.values() {
            match result {
                Value::Array(items) if flatten => all.extend(items.iter().cloned()),
                result => all.push(result.clone()),
            }
        }
        Value::from(all)
    }
}
