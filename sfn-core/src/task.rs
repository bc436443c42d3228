//! What a task is: its types, its address, its errors, and the call that a workflow awaits.
//!
//! `#[task]` makes a type and a function of one name; the type implements [`Task`], the function makes the [`Call`].
//! A call does nothing by itself: inside a `#[state_machine]` it is awaited, and there it becomes a Task state of the
//! document and, in the test kit, a call that the body's driver answers.

mod beats;
mod body;
mod branch;
mod call;
mod description;
mod effect;
mod error;
mod function;
mod nested;
mod outcome;
mod pause;
mod resource;
mod settings;
mod start;
#[cfg(all(test, feature = "macros"))]
mod tests;
mod token;

pub use beats::{Beats, beating};
pub use body::TaskBody;
#[cfg(feature = "executor")]
pub(crate) use body::answer;
#[cfg(feature = "testing")]
pub(crate) use body::work;
pub use branch::{
    AtOnce, Branch, Branches, Each, Iteration, Map, Turn, branch, branch_result, iteration, map, map_each, try_join,
};
pub use call::{Call, Undo};
pub use description::{Parameters, RetryPolicy, TaskDescription, TokenMember};
pub(crate) use description::{STARTED_BY, TaskKey};
pub use effect::{
    BoxFuture, Called, Dispatch, Effect, EffectDescription, EffectKind, Performing, Run, TaskCall, Underway,
    UndoPerforming, Undone,
};
pub use error::{Error, ErrorEnum, ErrorFields, ErrorSchema, ErrorVariant, TaskError, lambda_cause, passed_on};
pub use function::{MachineFunction, TaskFunction};
pub use nested::Nested;
pub use outcome::Outcome;
#[cfg(feature = "testing")]
pub(crate) use pause::PauseLength;
pub use pause::{Pause, days, hours, minutes, secs, sleep, sleep_until};
#[cfg(feature = "executor")]
pub(crate) use resource::WAIT_FOR_TASK_TOKEN;
pub use resource::{Channel, TaskResource};
pub use settings::{Backoff, CallSettings, backoff};
pub use start::{Start, Started};
pub use token::{ActivityTask, CallbackTask, TaskToken};

use crate::data::Data;

/// The signature of a task or state machine, as its macro wrote it; [`Callable`] is what the rest of the crate reads.
///
/// The type that is returned stands in one place, so that one which is none of a workflow is reported once.
pub trait Signature: Sized + Send + Sync + 'static {
    /// The parameters: none is `()`, one is the type itself, several are a tuple.
    type Parameters: Data + 'static;
    /// What the function returns.
    type Returned: Outcome + Send + 'static;

    /// The name of the function.
    const FUNCTION: &'static str;
}

/// What a [`Call`] can be made of: a [`Task`], or a state machine.
pub trait Callable: Sized + Send + Sync + 'static {
    /// The parameters: none is `()`, one is the type itself, several are a tuple.
    type Input: Data + 'static;
    /// What it returns when it succeeds.
    type Output: Data + 'static;
    /// How it may fail.
    type Error: TaskError;

    /// The name of the function.
    const NAME: &'static str;
}

impl<S: Signature> Callable for S {
    type Input = S::Parameters;
    type Output = <S::Returned as Outcome>::Output;
    type Error = <S::Returned as Outcome>::Error;

    const NAME: &'static str = S::FUNCTION;
}

/// A task of a workflow. Written by `#[task]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a task",
    label = "not a task",
    note = "annotate the function with `#[task(lambda = \"..\")]`"
)]
pub trait Task: Callable {
    /// The body of the function, when it has one: the handler that serves the task where no other is given.
    const HANDLER: Option<Handler<Self>> = None;
    /// The same of a task with a token.
    const ANSWERER: Option<Answerer<Self>> = None;

    /// The state machine that does the work, when the task is one.
    fn nested() -> Option<Nested> {
        None
    }

    /// Address, limits and retry policy.
    fn describe() -> TaskDescription;
}

/// A function that does the work of the task `T`.
pub type Handler<T> = fn(<T as Callable>::Input) -> BoxFuture<Result<<T as Callable>::Output, <T as Callable>::Error>>;

/// A function that does the work of the task `T`, which has a token.
pub type Answerer<T> =
    fn(<T as Callable>::Input, TaskToken) -> BoxFuture<Result<<T as Callable>::Output, <T as Callable>::Error>>;
