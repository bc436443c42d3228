//! The Amazon States Language: the value type, the model, the parser, the validator and the query languages.
//!
//! This crate never runs anything: no clock, no randomness, no files, no async. It is used at compile time, too.

pub mod value;

pub mod definition;
pub mod location;
pub mod query;

pub mod diagnostic;
pub mod graph;
pub mod parse;
pub mod validate;

pub use definition::{Definition, StateMachine};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use location::Location;
pub use parse::Format;
pub use value::Value;
