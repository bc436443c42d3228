//! `inspectionData`: the data on its way through the state, as far as AWS shows it for the type of state.

use sfn_asl::value::Value;

use super::Status;
use crate::machine::{End, Note, Seen};
use crate::program::{Kind, Node};

/// `inspectionData`: what each field of the state made of the data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InspectionData {
    /// The raw input.
    pub input: Option<Value>,
    /// After `Arguments`; JSONata only.
    pub after_arguments: Option<Value>,
    /// After `InputPath`; JSONPath only, as all that is named after a path.
    pub after_input_path: Option<Value>,
    /// After `Parameters`.
    pub after_parameters: Option<Value>,
    /// The result of a Task, or of a Pass that has one.
    pub result: Option<Value>,
    /// After `ResultSelector`.
    pub after_result_selector: Option<Value>,
    /// After `ResultPath`.
    pub after_result_path: Option<Value>,
    /// The items of a Map.
    pub after_items_path: Option<Value>,
    /// The inputs of its iterations, where there is an `ItemSelector`.
    pub after_item_selector: Option<Value>,
    /// The inputs of its batches, where there is an `ItemBatcher`.
    pub after_item_batcher: Option<Value>,
    /// The items in what its `ItemReader` has read, where there is an `ItemsPointer`.
    pub after_items_pointer: Option<Value>,
    /// `ToleratedFailureCount`, where there is one.
    pub tolerated_failure_count: Option<u64>,
    /// `ToleratedFailurePercentage`, where there is one.
    pub tolerated_failure_percentage: Option<f64>,
    /// `MaxConcurrency` of a Map; 0 is no limit.
    pub max_concurrency: Option<u64>,
    /// All variables after the state, if there are any.
    pub variables: Option<Value>,
    /// What was made of an error.
    pub error_details: Option<ErrorDetails>,
}

/// `errorDetails`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ErrorDetails {
    /// Which Catcher took the error, from 0.
    pub catch_index: Option<usize>,
    /// Which Retrier names the error, from 0.
    pub retry_index: Option<usize>,
    /// Whole seconds until the state would be tried again.
    pub retry_backoff_interval_seconds: Option<i64>,
}

impl InspectionData {
    /// The members of AWS's answer; data that AWS sends as JSON text stand here as values.
    pub fn to_value(&self) -> Value {
        let number = |number: Option<u64>| number.map(|number| Value::from(i64::try_from(number).unwrap_or(i64::MAX)));
        let members = [
            ("input", self.input.clone()),
            ("afterArguments", self.after_arguments.clone()),
            ("afterInputPath", self.after_input_path.clone()),
            ("afterParameters", self.after_parameters.clone()),
            ("result", self.result.clone()),
            ("afterResultSelector", self.after_result_selector.clone()),
            ("afterResultPath", self.after_result_path.clone()),
            ("variables", self.variables.clone()),
            ("errorDetails", self.error_details.map(ErrorDetails::to_value)),
            ("afterItemsPath", self.after_items_path.clone()),
            ("afterItemSelector", self.after_item_selector.clone()),
            ("afterItemBatcher", self.after_item_batcher.clone()),
            ("afterItemsPointer", self.after_items_pointer.clone()),
            ("toleratedFailureCount", number(self.tolerated_failure_count)),
            ("toleratedFailurePercentage", self.tolerated_failure_percentage.and_then(decimal)),
            ("maxConcurrency", number(self.max_concurrency)),
        ];
        Value::object(members.into_iter().filter_map(|(name, value)| Some((name, value?))))
    }
}

impl ErrorDetails {
    fn to_value(self) -> Value {
        let index = |index: Option<usize>| index.and_then(|index| i64::try_from(index).ok());
        let members = [
            ("catchIndex", index(self.catch_index)),
            ("retryIndex", index(self.retry_index)),
            ("retryBackoffIntervalSeconds", self.retry_backoff_interval_seconds),
        ];
        Value::object(members.into_iter().filter_map(|(name, value)| Some((name, Value::from(value?)))))
    }
}

fn decimal(number: f64) -> Option<Value> {
    sfn_asl::value::Number::from_float(number).map(Value::Number)
}

/// What was seen of the state, in AWS's selection.
pub(super) fn inspection_data(node: &Node, input: Value, status: Status, seen: &Seen) -> InspectionData {
    let mut data = InspectionData::default();
    let mut details = ErrorDetails::default();
    for note in &seen.notes {
        match note.clone() {
            Note::AfterInputPath(value) => data.after_input_path = Some(value),
            Note::AfterParameters(value) => data.after_parameters = Some(value),
            Note::AfterArguments(value) => data.after_arguments = Some(value),
            Note::Result(value) => data.result = Some(value),
            Note::AfterResultSelector(value) => data.after_result_selector = Some(value),
            Note::AfterResultPath(value) => data.after_result_path = Some(value),
            Note::AfterItemsPath(value) => data.after_items_path = Some(value),
            Note::AfterItemsPointer(value) => data.after_items_pointer = Some(value),
            Note::AfterItemSelector(value) => data.after_item_selector = Some(value),
            Note::AfterItemBatcher(value) => data.after_item_batcher = Some(value),
            Note::MaxConcurrency(number) => data.max_concurrency = Some(number),
            Note::Tolerance { count, percentage } => {
                data.tolerated_failure_count = count;
                data.tolerated_failure_percentage = percentage;
            }
            Note::Retrier(index) => details.retry_index = Some(index),
            Note::Caught(index) => details.catch_index = Some(index),
            Note::Items(_) | Note::Failed(_) => {}
        }
    }
    match &node.kind {
        Kind::Pass(pass) if pass.result.is_some() => {
            data.result = pass.result.clone();
            data.after_input_path = None;
            data.after_parameters = None;
        }
        Kind::Parallel(_) => {
            data.after_input_path = None;
            data.after_parameters = None;
            data.after_arguments = None;
        }
        Kind::Fail(_) if !node.is_jsonata() => data.after_input_path = Some(input.clone()),
        _ => {}
    }
    if let End::Retried { delay } = seen.end {
        details.retry_backoff_interval_seconds = Some(delay / 1000);
    }
    data.input = Some(input);
    data.variables = (!seen.variables.is_empty()).then(|| Value::Object(seen.variables.clone()));
    data.error_details = (status != Status::Succeeded && details != ErrorDetails::default()).then_some(details);
    data
}
