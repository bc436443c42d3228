//! The model of the language: what a well-formed definition says, field by field.
//!
//! A [`StateMachine`] holds parsed expressions, not their texts: whatever has one need not check it again. It is made from
//! a document by the parser, which keeps the document itself beside it, so that nothing is lost in between.

mod choice;
mod data_flow;
mod distributed_map;
mod document;
mod map;
mod name;
mod parallel;
mod retry;
mod state;
mod task;
mod wait;

use std::sync::Arc;

pub use choice::{Choice, ChoiceRule, Comparison, Condition, Operand, Operator, Relation, Test, TypeTest};
pub use data_flow::{
    DataFlow, JsonPathFlow, JsonataFlow, PathSelection, QueryLanguage, ResultPath, Setting, Timestamp,
};
pub use distributed_map::{
    CsvDelimiter, CsvHeaders, ExecutionType, InputType, ItemBatcher, ItemReader, ManifestType, OutputType,
    ReaderConfig, ReaderTransformation, ResultWriter, WriterTransformation,
};
pub use document::Definition;
pub use map::{ItemProcessor, Items, Map, ProcessorMode};
pub use name::StateName;
pub use parallel::Parallel;
pub use retry::{Catcher, JitterStrategy, Retrier};
pub use state::{Fail, FailText, Pass, State, StateKind, Succeed, Transition};
pub use task::{Credentials, Integration, Resource, ServicePattern, Task, activity_name, function_name};
pub use wait::{Wait, WaitDuration};

/// The states of one scope, in the order of the document.
pub type States = indexmap::IndexMap<StateName, State>;

/// A whole definition.
#[derive(Clone, Debug, PartialEq)]
pub struct StateMachine {
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// `QueryLanguage` of the machine, JSONPath unless said.
    pub query_language: QueryLanguage,
    /// `TimeoutSeconds` of the whole execution.
    pub timeout_seconds: Option<u64>,
    /// `StartAt` and `States`.
    pub scope: StateScope,
}

/// States that run one after the other: the machine itself, a branch of a Parallel, the processor of a Map.
#[derive(Clone, Debug, PartialEq)]
pub struct StateScope {
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// `StartAt`: a state of `states`.
    pub start_at: StateName,
    /// `States`: every transition in them stays within.
    pub states: States,
}
