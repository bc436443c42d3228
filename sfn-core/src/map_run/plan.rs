use std::sync::Arc;

use sfn_asl::definition::{ExecutionType, OutputType, WriterTransformation};
use sfn_asl::query::Environment;
use sfn_asl::value::{Object, Value};

use crate::item_reader::{Dataset, Item};
use crate::program::StateId;

/// What a Map Run is to do: every setting of its Map evaluated, and what the `ItemSelector` reads.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunPlan {
    /// The Map Run's ARN.
    pub arn: Arc<str>,
    /// `Label` of the Map, or the one made for it.
    pub label: Arc<str>,
    /// The last part of the ARN.
    pub id: Arc<str>,
    /// The Map.
    pub state: StateId,
    /// `ExecutionType`
    pub execution_type: ExecutionType,
    /// Where the items come from.
    pub items: Dataset,
    /// `MaxItems`: 0 is no limit, and a negative one fails the run.
    pub max_items: i64,
    /// Child executions at once.
    pub max_concurrency: u32,
    /// How many items may fail.
    pub tolerance: Tolerance,
    /// `ItemBatcher`
    pub batching: Option<Batching>,
    /// `ResultWriter`
    pub writer: WriterPlan,
    /// The Map's effective input: what `$` is in the `ItemSelector`.
    pub input: Value,
    /// The context object of the Map.
    pub context: Value,
    /// The variables that the Map sees. Children see none.
    pub variables: Object,
    /// Number of the Map's Entered event, which error texts name.
    pub entered_id: u32,
}

/// How many items may fail before the run does. Where neither is said, none may.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tolerance {
    /// `ToleratedFailureCount`
    pub count: Option<u64>,
    /// `ToleratedFailurePercentage`
    pub percentage: Option<f64>,
}

impl Tolerance {
    /// True when `failed` items are too many. A share of the items can be told only when their `total` is known.
    pub fn is_exceeded(&self, failed: u64, total: Option<u64>) -> bool {
        let by_count = self.count.is_some_and(|most| failed > most);
        let by_percentage = match (self.percentage, total) {
            (Some(most), Some(total)) => failed as f64 * 100.0 > most * total as f64,
            // Not even a run in which everything fails exceeds 100 percent; 0 percent is exceeded by the first failure.
            (Some(most), None) => most == 0.0 && failed > 0,
            (None, _) => false,
        };
        let by_default = self.count.is_none() && self.percentage.is_none() && failed > 0;
        by_count || by_percentage || by_default
    }
}

/// `ItemBatcher`, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct Batching {
    /// `MaxItemsPerBatch`
    pub max_items: Option<u64>,
    /// `MaxInputBytesPerBatch`
    pub max_bytes: Option<u64>,
    /// `BatchInput`
    pub input: Option<Value>,
}

/// `ResultWriter`, evaluated.
#[derive(Clone, Debug, PartialEq)]
pub struct WriterPlan {
    /// `Transformation`
    pub transformation: WriterTransformation,
    /// `OutputType`
    pub output_type: OutputType,
    /// Where results go, when they do not become the Map's result.
    pub export: Option<Export>,
}

impl Default for WriterPlan {
    /// What a Map without `ResultWriter` does.
    fn default() -> Self {
        WriterPlan { transformation: WriterTransformation::Compact, output_type: OutputType::Json, export: None }
    }
}

/// Where results are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// `Bucket`
    pub bucket: Arc<str>,
    /// `Prefix`
    pub prefix: Arc<str>,
}

impl Export {
    /// The key of a file of the Map Run `run`.
    pub fn key(&self, run: &str, file: &str) -> Arc<str> {
        let prefix = self.prefix.strip_suffix('/').unwrap_or(&self.prefix);
        let folder = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        format!("{folder}{run}/{file}").into()
    }
}

/// What the `ItemSelector` sees for one item.
pub(super) struct ItemView<'a> {
    pub(super) plan: &'a MapRunPlan,
    pub(super) index: u64,
    pub(super) item: &'a Item,
}

impl Environment for ItemView<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        self.plan.variables.get(name).cloned()
    }

    fn context(&self) -> Value {
        let item = self.item.context(self.index);
        let map = Value::object([("Item", item)]);
        match &self.plan.context {
            Value::Object(context) => Value::Object(context.with("Map", map)),
            _ => Value::object([("Map", map)]),
        }
    }
}
