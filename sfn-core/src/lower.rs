//! From a Rust function to a document: the syntax that a macro recorded and the types that rustc inferred become a
//! definition in the States Language.
//!
//! ```text
//! Function (untyped, const) + Types (witnessed) -> flow (typed steps) -> states (formed, live) -> document
//! ```

mod arguments;
mod bindings;
mod counters;
mod document;
mod error;
mod expression;
mod flow;
mod golden;
mod liveness;
mod machine;
mod names;
mod parameter;
mod states;
pub mod syntax;
#[cfg(test)]
#[cfg(feature = "macros")]
mod tests;
mod witness;

pub use bindings::{BindingKind, Bindings, Requirement};
pub use error::DefinitionError;
pub use golden::{GoldenError, check_golden};
#[cfg(feature = "executor")]
pub(crate) use machine::{Local, local};
pub use machine::{Machine, assert_valid, definition};
pub use witness::{Site, Witness, effect, pause, read, see, see_effect, seen};

#[cfg(feature = "executor")]
pub(crate) use bindings::bare;
pub(crate) use bindings::substitution_key;
#[doc(hidden)]
pub use expression::Arithmetic;
