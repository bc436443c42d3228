use std::sync::Arc;

use super::{
    Catcher, DataFlow, ExecutionType, ItemBatcher, ItemReader, ResultWriter, Retrier, Setting, StateScope, Transition,
};
use crate::query::path::Path;
use crate::query::template::{JsonataTemplate, Template};

/// A Map state.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    /// `ItemProcessor`, or `Iterator` of old documents.
    pub processor: ItemProcessor,
    /// `Items`, `ItemsPath`
    pub items: Items,
    /// `ItemSelector`, or `Parameters` of old documents.
    pub item_selector: Option<Template>,
    /// `MaxConcurrency`, `MaxConcurrencyPath`; 0 is no limit.
    pub max_concurrency: Option<Setting<u64>>,
    /// `ToleratedFailurePercentage`, `ToleratedFailurePercentagePath`
    pub tolerated_failure_percentage: Option<Setting<f64>>,
    /// `ToleratedFailureCount`, `ToleratedFailureCountPath`
    pub tolerated_failure_count: Option<Setting<u64>>,
    /// `ItemReader`
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`
    pub result_writer: Option<ResultWriter>,
    /// `Label`
    pub label: Option<Arc<str>>,
    /// Input, output and variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<Catcher>,
    /// `Next` or `End`
    pub transition: Transition,
}

/// Where the items come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Items {
    /// The effective input itself.
    Input,
    /// `ItemsPath`
    Path(Path),
    /// `Items`
    Jsonata(JsonataTemplate),
}

/// `ItemProcessor`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemProcessor {
    /// `ProcessorConfig`
    pub mode: ProcessorMode,
    /// `StartAt` and `States`
    pub scope: StateScope,
}

/// `ProcessorConfig`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProcessorMode {
    /// `INLINE`: iterations are part of the execution.
    Inline,
    /// `DISTRIBUTED`: iterations are executions of their own.
    Distributed(ExecutionType),
}
