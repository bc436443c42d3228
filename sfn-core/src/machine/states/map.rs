use sfn_asl::definition::{DataFlow, Items, ProcessorMode, Setting};
use sfn_asl::query::{EvaluationError, Scope};
use sfn_asl::value::Value;

use crate::item_reader::{Collection, Item};
use crate::machine::context_object::ItemInView;
use crate::machine::data_flow::{Evaluated, Given, query_failure, shown};
use crate::machine::observe::Note;
use crate::machine::step::Turn;
use crate::machine::{Event, FrameId};
use crate::program::MapNode;

impl Turn<'_> {
    pub(super) fn run_map(&mut self, id: FrameId, node: &MapNode) {
        if node.mode != ProcessorMode::Inline {
            return self.run_distributed_map(id, node);
        }
        match self.map_items(id, node) {
            Ok((input, items, max_concurrency)) => {
                let started = self.emit(Event::MapStarted { frame: id, input, items, max_concurrency });
                if started && let Err(error) = self.check_tolerance(id, node) {
                    self.fail_evaluation(id, error);
                }
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    /// The effective input, the items, and how many iterations may run at once.
    fn map_items(&self, id: FrameId, node: &MapNode) -> Evaluated<(Value, Collection, u32)> {
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id);
        let scope = self.scope(&view, &effective);
        let items = self.items(node, &scope)?;
        let max_concurrency = self.max_concurrency(node, &scope, self.machine.quotas.inline_map_concurrency)?;
        Ok((effective.into_owned(), items, max_concurrency))
    }

    /// `MaxConcurrency`; `most` when it sets no lower limit.
    pub(super) fn max_concurrency(&self, node: &MapNode, scope: &Scope<'_>, most: u32) -> Evaluated<u32> {
        let given = match &node.max_concurrency {
            None => 0,
            Some(setting) => self.map_number(setting, "MaxConcurrency", scope)?,
        };
        self.note(|| Note::MaxConcurrency(given));
        let given = u32::try_from(given).unwrap_or(u32::MAX);
        Ok(if given == 0 { most } else { given.min(most) })
    }

    pub(super) fn items(&self, node: &MapNode, scope: &Scope<'_>) -> Evaluated<Collection> {
        let not_an_array = |value: &Value| match &node.items {
            // An expression that is the whole of the field; a literal has none to name.
            Items::Jsonata(template) => match template.expressions().next() {
                Some((place, expression)) if place.steps().is_empty() => {
                    EvaluationError::unexpected_type(expression, "Items", "array", value)
                }
                _ => query_failure(format!("Map state items must be an array but were: {value}"), Some("Items")),
            },
            Items::Path(path) => {
                // AWS prints a path into the context object with one `$`.
                let text = path.text();
                let text = if text.starts_with("$$") { &text[1..] } else { text };
                EvaluationError::runtime(format!("Reference path \"{text}\" must point to array."))
            }
            Items::Input if node_is_jsonata(node) => {
                query_failure(format!("Map state input must be an array but was: {value}"), None)
            }
            Items::Input => EvaluationError::runtime("Reference path \"$\" must point to array.".to_owned()),
        };
        let value = match &node.items {
            Items::Input => scope.input.clone(),
            Items::Path(path) => self.follow(path, scope)?,
            Items::Jsonata(template) => template.evaluate(scope, "Items")?,
        };
        match value {
            Value::Array(items) => {
                if !node_is_jsonata(node) {
                    self.note(|| Note::AfterItemsPath(items.clone().into()));
                }
                Ok(Collection::Array(items))
            }
            Value::Object(members)
                if self.machine.quotas.items_of_objects && matches!(node.items, Items::Jsonata(_)) =>
            {
                Ok(Collection::Object(members))
            }
            value => Err(not_an_array(&value)),
        }
    }

    /// Starts the next iteration, or ends the Map.
    pub(super) fn continue_map(&mut self, id: FrameId, node: &MapNode) {
        let children = self.machine.children(id);
        if children.can_start() {
            let index = children.started;
            match self.iteration_input(id, node, index) {
                Ok(input) => {
                    if self.fails_by_size(id, &input) {
                        return;
                    }
                    let frame = self.machine.frames.next_id();
                    let start = node.processor.start;
                    self.emit(Event::IterationStarted { parent: id, frame, index, start, input });
                }
                Err(error) => self.fail_evaluation(id, error),
            }
        } else if children.is_complete() {
            self.emit(Event::ChildrenSucceeded { frame: id });
        }
    }

    /// The item, or what the `ItemSelector` makes of it.
    pub(in crate::machine) fn iteration_input(&self, id: FrameId, node: &MapNode, index: u32) -> Evaluated<Value> {
        let children = self.machine.children(id);
        let items = children.items.as_ref().expect("a Map has items");
        let (key, value) = items.get(index as usize).expect("only as many iterations start as there are items");
        let Some(selector) = &node.item_selector else {
            return Ok(Item::input(key.map(|key| &**key), value.clone()));
        };
        let view = self.view(id).with_item(ItemInView { index, key, value });
        selector.evaluate(&self.scope(&view, &children.input), "ItemSelector")
    }

    /// AWS reads the tolerance of an inline Map, and refuses bad values, though it changes nothing there that is known.
    fn check_tolerance(&self, id: FrameId, node: &MapNode) -> Evaluated<()> {
        let input = &self.machine.children(id).input;
        let view = self.view(id);
        self.tolerance(node, &self.scope(&view, input)).map(drop)
    }

    /// `ToleratedFailureCount` and `ToleratedFailurePercentage`, as far as the Map says them.
    pub(in crate::machine) fn tolerance(
        &self,
        node: &MapNode,
        scope: &Scope<'_>,
    ) -> Evaluated<(Option<u64>, Option<f64>)> {
        let count = node.tolerated_failure_count.as_ref();
        let count = count.map(|setting| self.map_number(setting, "ToleratedFailureCount", scope)).transpose()?;
        let percentage = node.tolerated_failure_percentage.as_ref();
        let percentage = percentage.map(|setting| self.map_percentage(setting, scope)).transpose()?;
        self.note(|| Note::Tolerance { count, percentage });
        Ok((count, percentage))
    }

    /// A whole number from 0.
    pub(super) fn map_number(&self, setting: &Setting<u64>, field: &str, scope: &Scope<'_>) -> Evaluated<u64> {
        let number = self.map_integer(setting, field, scope)?;
        u64::try_from(number).map_err(|_| EvaluationError::runtime(format!("{field} cannot be negative.")))
    }

    /// A whole number.
    pub(super) fn map_integer(&self, setting: &Setting<u64>, field: &str, scope: &Scope<'_>) -> Evaluated<i64> {
        match self.setting(setting, field, scope)? {
            Given::Literal(number) => Ok(i64::try_from(number).unwrap_or(i64::MAX)),
            Given::FromPath(path, value) => whole(&value).ok_or_else(|| not_a(&value, field, "integer", path.text())),
            Given::Computed(expression, value) => {
                whole(&value).ok_or_else(|| EvaluationError::unexpected_type(expression, field, "integer", &value))
            }
        }
    }

    pub(in crate::machine) fn map_percentage(&self, setting: &Setting<f64>, scope: &Scope<'_>) -> Evaluated<f64> {
        let field = "ToleratedFailurePercentage";
        let percentage = match self.setting(setting, field, scope)? {
            Given::Literal(number) => number,
            Given::FromPath(path, value) => {
                decimal(&value).ok_or_else(|| not_a(&value, field, "float", path.text()))?
            }
            Given::Computed(expression, value) => {
                decimal(&value).ok_or_else(|| EvaluationError::unexpected_type(expression, field, "number", &value))?
            }
        };
        if (0.0..=100.0).contains(&percentage) {
            Ok(percentage)
        } else {
            Err(EvaluationError::runtime(format!("{field} must be between 0 and 100.")))
        }
    }
}

fn node_is_jsonata(node: &MapNode) -> bool {
    matches!(node.flow, DataFlow::Jsonata(_))
}

/// A whole number, or a text that holds one.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) if number.is_integer() => number.as_i64(),
        _ => None,
    }
}

fn decimal(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.parse().ok().filter(|number: &f64| number.is_finite()),
        _ => value.as_f64(),
    }
}

fn not_a(value: &Value, field: &str, expected: &str, path: &str) -> EvaluationError {
    let value = shown(value);
    EvaluationError::runtime(format!(
        "The {field}Path field refers to value \"{value}\" which is not a valid {expected}: {path}"
    ))
}
