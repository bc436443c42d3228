//! What a Map evaluates before its iterations start, and after they have ended.

use sfn_asl::definition::{InputType, ItemReader, Setting};
use sfn_asl::query::{EvaluationError, Scope};
use sfn_asl::value::{Array, Value};

use crate::machine::FrameId;
use crate::machine::data_flow::Evaluated;
use crate::machine::observe::Note;
use crate::machine::states::node_is_jsonata;
use crate::machine::step::Turn;
use crate::program::MapNode;

/// What decides whether failed iterations fail the Map.
pub(super) struct Tolerance {
    iterations: Option<usize>,
    count: Option<u64>,
    percentage: Option<f64>,
}

impl Tolerance {
    /// True when so many failed iterations are more than a threshold that the Map sets; without one they never are.
    pub(super) fn fails(&self, failed: u64, result: &Value) -> bool {
        let results = || result.as_array().map(|results| results.len());
        let iterations = self.iterations.or_else(results).unwrap_or(0);
        let share = |percentage: f64| failed as f64 * 100.0 > percentage * iterations as f64;
        self.count.is_some_and(|count| failed > count) || self.percentage.is_some_and(share)
    }
}

impl Turn<'_> {
    /// Evaluates the fields of a Map in the order in which a run does, and tells the observer of each.
    pub(super) fn observe_map(&self, id: FrameId, node: &MapNode, reader_data: Option<&str>) -> Evaluated<Tolerance> {
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id);
        let scope = self.scope(&view, &effective);
        let items = match &node.item_reader {
            None => {
                let items = self.items(node, &scope)?;
                if !node_is_jsonata(node) {
                    self.note(|| Note::AfterItemsPath(Value::Array(items.clone())));
                }
                Some(items)
            }
            Some(reader) => reader_data.map(|data| self.read_items(reader, data)).transpose()?,
        };
        if let Some(items) = &items {
            self.note(|| Note::Items(items.clone()));
            if node.item_selector.is_some() {
                let inputs =
                    items.iter().zip(0..).map(|(item, index)| self.item_input(id, node, &effective, item, index));
                let inputs: Array = inputs.collect::<Evaluated<Vec<_>>>()?.into_iter().collect();
                self.note(|| Note::AfterItemSelector(Value::Array(inputs)));
            }
        }
        let max_concurrency = self.map_setting(node.max_concurrency.as_ref(), "MaxConcurrency", &scope)?;
        self.note(|| Note::MaxConcurrency(max_concurrency.unwrap_or(0)));
        let count = self.map_setting(node.tolerated_failure_count.as_ref(), "ToleratedFailureCount", &scope)?;
        if let Some(count) = count {
            self.note(|| Note::ToleratedFailureCount(count));
        }
        let percentage = node.tolerated_failure_percentage.as_ref();
        let percentage = percentage.map(|setting| self.map_percentage(setting, &scope)).transpose()?;
        if let Some(percentage) = percentage {
            self.note(|| Note::ToleratedFailurePercentage(percentage));
        }
        Ok(Tolerance { iterations: items.map(|items| items.len()), count, percentage })
    }

    fn map_setting(&self, setting: Option<&Setting<u64>>, field: &str, scope: &Scope<'_>) -> Evaluated<Option<u64>> {
        setting.map(|setting| self.map_number(setting, field, scope)).transpose()
    }

    /// The items in what an `ItemReader` has read, as it stands in its source.
    fn read_items(&self, reader: &ItemReader, data: &str) -> Evaluated<Array> {
        let failed = |cause: String| EvaluationError { error: "States.ItemReaderFailed", cause, location: None };
        let parse = |text: &str| Value::parse(text).map_err(|error| failed(error.to_string()));
        let value = match reader.config.input_type {
            None | Some(InputType::Json) => parse(data)?,
            Some(InputType::JsonLines) => {
                let lines = data.lines().filter(|line| !line.trim().is_empty());
                Value::Array(lines.map(parse).collect::<Evaluated<Vec<_>>>()?.into_iter().collect())
            }
            Some(other) => return Err(failed(format!("reader data of the type {other:?} cannot be read yet"))),
        };
        let value = match &reader.config.items_pointer {
            None => value,
            Some(pointer) => {
                let found = follow_pointer(&value, pointer)
                    .ok_or_else(|| failed(format!("The ItemsPointer '{pointer}' selects nothing in the data.")))?;
                self.note(|| Note::AfterItemsPointer(found.clone()));
                found
            }
        };
        match value {
            Value::Array(items) => Ok(items),
            _ => Err(failed("Attempting to map over non-iterable node.".to_owned())),
        }
    }
}

/// What a JSON Pointer (RFC 6901) selects.
fn follow_pointer(value: &Value, pointer: &str) -> Option<Value> {
    let mut found = value;
    let mut tokens = pointer.split('/');
    tokens.next();
    for token in tokens {
        let token = token.replace("~1", "/").replace("~0", "~");
        found = match found {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
            value => value.get(&token)?,
        };
    }
    Some(found.clone())
}
