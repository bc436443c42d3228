//! What emitted code names. No part of the interface.

pub use sfn_asl::Value;
pub use sfn_asl::definition::Definition;

pub use crate::data::{
    Data, DataError, Enumeration, Field, Fields, Names, NeverNull, Schema, Shape, Structure, Tagging, Variant,
};
pub use crate::gate;
pub use crate::lower::syntax;
pub use crate::lower::{
    Bindings, DefinitionError, Machine, Site, Witness, assert_valid, check_golden, definition, effect, pause, read,
    see, see_effect, seen,
};
pub use crate::task::{
    ActivityTask, Answerer, Beats, BoxFuture, Branch, Branches, Call, CallSettings, Callable, CallbackTask, Channel,
    Error, ErrorEnum, ErrorFields, ErrorSchema, ErrorVariant, Handler, Iteration, Nested, Outcome, RetryPolicy, Run,
    Signature, Task, TaskDescription, TaskError, TaskResource, TaskToken, beating, branch, branch_result, iteration,
    map_each, passed_on, try_join,
};

/// What serde can write and read.
#[diagnostic::on_unimplemented(
    message = "serde cannot write and read `{Self}`",
    label = "not without serde's traits",
    note = "derive them, too: `#[derive(SfnData, Clone, Serialize, Deserialize)]`"
)]
pub trait Coded: Sized {
    /// The value that serde writes, maps in the order of their keys.
    fn write(&self) -> Result<Value, DataError>
    where
        Self: Data;

    /// The datum that serde reads.
    fn read(value: &Value) -> Result<Self, DataError>;
}

#[diagnostic::do_not_recommend]
impl<T: serde::Serialize + serde::de::DeserializeOwned> Coded for T {
    fn write(&self) -> Result<Value, DataError>
    where
        Self: Data,
    {
        if let Some(float) = crate::data::finite::not_finite(self) {
            return Err(DataError::new(format!("JSON has no number `{float}`")));
        }
        Ok(crate::data::order::ordered(&T::schema(), Value::from_data(self)?))
    }

    fn read(value: &Value) -> Result<Self, DataError> {
        Ok(value.to_data()?)
    }
}

/// An object of the members, unless one of them has no value.
pub fn members<const COUNT: usize>(
    members: [(&'static str, Result<Value, DataError>); COUNT],
) -> Result<Value, DataError> {
    let members = members.into_iter().map(|(key, value)| Ok((key, value?))).collect::<Result<Vec<_>, DataError>>()?;
    Ok(Value::object(members))
}

/// A member of an object; a missing one counts as `null`.
pub fn member<T: Data>(object: &Value, key: &str) -> Option<T> {
    let object = object.as_object()?;
    T::decode(object.get(key).unwrap_or(&Value::Null)).ok()
}

/// The lists of error names as one.
pub fn names(lists: &[&[&'static str]]) -> Vec<&'static str> {
    lists.concat()
}

/// The future of a body that got an input.
pub fn boxed<F: Future + Send + 'static>(body: Option<F>) -> BoxFuture<F::Output> {
    Box::pin(body.expect("a body that got an input is a future"))
}
