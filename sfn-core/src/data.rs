//! What a Rust type needs to travel through a workflow.
//!
//! [`Data`] is implemented for the plain types of the language of workflows and derived for structs and enums with
//! `#[derive(SfnData)]`. Its [`Schema`] tells the lowering the names that serde gives on the wire; the value itself
//! goes through serde.

mod check;
mod enumeration;
mod fields;
pub(crate) mod finite;
mod implementations;
pub(crate) mod jsonata;
pub(crate) mod order;
mod schema;
#[cfg(test)]
#[cfg(feature = "macros")]
mod tests;

pub use check::{Mismatch, Mismatches};
pub use enumeration::{Enumeration, Part, Place, Shape, Step, Tagging, Template, Variant};
pub use fields::{Fields, Names, NeverNull};
pub use schema::{Arrays, Field, Schema, Structure};

use sfn_asl::Value;

/// A type whose values can be kept in a variable of a workflow, passed to a task and returned by one.
///
/// Derive it with `#[derive(SfnData)]` on a struct or an enum that also derives `Clone`, `Serialize` and `Deserialize`. A read of
/// a variable is always a copy, in the States Language as in the body, hence `Clone`; a workflow may wait on any
/// thread, hence `Send + Sync`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot live in a state machine variable",
    label = "not workflow data",
    note = "derive it: `#[derive(SfnData, Clone, Serialize, Deserialize)]`",
    note = "workflow data is: String, char, bool, i8 to i64, u8 to u64, usize, isize, f64, Vec, Option, tuples, Box, Arc, HashMap and BTreeMap with String keys, Value, and structs and enums that derive it",
    note = "not f32, i128 and u128: JSON and JSONata have doubles; use f64, i64, u64 or a String"
)]
pub trait Data: Clone + Send + Sync {
    /// The shape of the type on the wire.
    fn schema() -> Schema;

    /// The JSON value of this datum; fails for a float that is not finite and for data that nests too deep.
    fn encode(&self) -> Result<Value, DataError>;

    /// The datum that `value` stands for.
    fn decode(value: &Value) -> Result<Self, DataError>;
}

/// A JSON value does not have the shape of the type, or the datum has no JSON value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DataError {
    message: String,
}

impl DataError {
    /// An error with the given text.
    pub fn new(message: impl Into<String>) -> Self {
        DataError { message: message.into() }
    }
}

impl From<sfn_asl::value::ConversionError> for DataError {
    fn from(error: sfn_asl::value::ConversionError) -> Self {
        DataError::new(error.to_string())
    }
}
