//! The compiled states: the fields of the model, with transitions as numbers.

use std::sync::Arc;

use sfn_asl::definition::{
    Condition, Credentials, DataFlow, Fail, ItemBatcher, ItemReader, Items, ProcessorMode, QueryLanguage, Resource,
    ResultPath, ResultWriter, Retrier, Setting, WaitDuration,
};
use sfn_asl::query::{JsonataTemplate, Template};
use sfn_asl::value::Value;

use super::StateId;

/// A compiled state.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: Arc<str>,
    /// The language of its expressions.
    pub language: QueryLanguage,
    /// Its type and fields.
    pub kind: Kind,
}

/// The eight types of state, compiled.
#[derive(Debug)]
pub enum Kind {
    /// Task
    Task(Box<TaskNode>),
    /// Pass
    Pass(PassNode),
    /// Choice
    Choice(ChoiceNode),
    /// Wait
    Wait(WaitNode),
    /// Parallel
    Parallel(Box<ParallelNode>),
    /// Map
    Map(Box<MapNode>),
    /// Succeed
    Succeed(DataFlow),
    /// Fail
    Fail(Fail),
}

impl Kind {
    /// The text of `Type`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Kind::Task(_) => "Task",
            Kind::Pass(_) => "Pass",
            Kind::Choice(_) => "Choice",
            Kind::Wait(_) => "Wait",
            Kind::Parallel(_) => "Parallel",
            Kind::Map(_) => "Map",
            Kind::Succeed(_) => "Succeed",
            Kind::Fail(_) => "Fail",
        }
    }

    /// `Retry` and `Catch`, of the types that have them.
    pub fn error_handling(&self) -> (&[Retrier], &[CatchNode]) {
        match self {
            Kind::Task(node) => (&node.retry, &node.catch),
            Kind::Parallel(node) => (&node.retry, &node.catch),
            Kind::Map(node) => (&node.retry, &node.catch),
            _ => (&[], &[]),
        }
    }
}

/// A compiled Task.
#[derive(Debug)]
pub struct TaskNode {
    /// `Resource`
    pub resource: Resource,
    /// `Credentials`
    pub credentials: Option<Credentials>,
    /// `TimeoutSeconds`
    pub timeout_seconds: Option<Setting<u64>>,
    /// `HeartbeatSeconds`
    pub heartbeat_seconds: Option<Setting<u64>>,
    /// Input, output, variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<CatchNode>,
    /// `Next`; `None` is `End`.
    pub next: Option<StateId>,
}

/// A compiled Pass.
#[derive(Debug)]
pub struct PassNode {
    /// `Result`
    pub result: Option<Value>,
    /// Input, output, variables.
    pub flow: DataFlow,
    /// `Next`; `None` is `End`.
    pub next: Option<StateId>,
}

/// A compiled Choice.
#[derive(Debug)]
pub struct ChoiceNode {
    /// `Choices`
    pub rules: Vec<RuleNode>,
    /// `Default`
    pub default: Option<StateId>,
    /// Input, and output and variables of the default.
    pub flow: DataFlow,
}

/// A compiled Choice rule.
#[derive(Debug)]
pub struct RuleNode {
    /// When it applies.
    pub condition: Condition,
    /// `Assign`
    pub assign: Option<Template>,
    /// `Output`
    pub output: Option<JsonataTemplate>,
    /// `Next`
    pub next: StateId,
}

/// A compiled Wait.
#[derive(Debug)]
pub struct WaitNode {
    /// How long.
    pub duration: WaitDuration,
    /// Input, output, variables.
    pub flow: DataFlow,
    /// `Next`; `None` is `End`.
    pub next: Option<StateId>,
}

/// A branch of a Parallel, or the processor of a Map.
#[derive(Debug)]
pub struct BranchNode {
    /// `StartAt`
    pub start: StateId,
}

/// A compiled Parallel.
#[derive(Debug)]
pub struct ParallelNode {
    /// `Branches`
    pub branches: Vec<BranchNode>,
    /// Input, output, variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<CatchNode>,
    /// `Next`; `None` is `End`.
    pub next: Option<StateId>,
}

/// A compiled Map.
#[derive(Debug)]
pub struct MapNode {
    /// `ProcessorConfig`
    pub mode: ProcessorMode,
    /// `ItemProcessor`
    pub processor: BranchNode,
    /// `Items`, `ItemsPath`
    pub items: Items,
    /// `ItemSelector`
    pub item_selector: Option<Template>,
    /// `MaxConcurrency`
    pub max_concurrency: Option<Setting<u64>>,
    /// `ToleratedFailurePercentage`
    pub tolerated_failure_percentage: Option<Setting<f64>>,
    /// `ToleratedFailureCount`
    pub tolerated_failure_count: Option<Setting<u64>>,
    /// `ItemReader`
    pub item_reader: Option<ItemReader>,
    /// `ItemBatcher`
    pub item_batcher: Option<ItemBatcher>,
    /// `ResultWriter`
    pub result_writer: Option<ResultWriter>,
    /// `Label`
    pub label: Option<Arc<str>>,
    /// Input, output, variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<CatchNode>,
    /// `Next`; `None` is `End`.
    pub next: Option<StateId>,
}

/// A compiled Catcher.
#[derive(Debug)]
pub struct CatchNode {
    /// `ErrorEquals`
    pub error_equals: Vec<Arc<str>>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `Output`
    pub output: Option<JsonataTemplate>,
    /// `Assign`
    pub assign: Option<Template>,
    /// `Next`
    pub next: StateId,
}
