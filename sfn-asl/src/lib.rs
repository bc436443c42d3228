//! The Amazon States Language: the value type, the model, the parser, the validator and the query languages.
//!
//! This crate never runs anything: no clock, no randomness, no files, no async. It is used at compile time, too.

pub mod definition;
pub mod location;
pub mod query;
pub mod value;

pub use definition::StateMachine;
pub use location::Location;
pub use value::Value;
