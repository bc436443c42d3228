//! What emitted code names. No part of the interface.

pub use sfn_asl::Value;

pub use crate::data::{Data, DataError, Field, Presence, Schema, Structure};
pub use crate::lower::syntax;
pub use crate::lower::{
    Bindings, DefinitionError, Machine, Site, Witness, assert_valid, definition_document, effect, read, see,
};
pub use crate::task::{
    BoxFuture, Call, Callable, Error, ErrorEnum, ErrorFields, ErrorSchema, ErrorVariant, Handler, Outcome, RetryPolicy,
    Run, Task, TaskDescription, TaskError,
};
