//! Write AWS Step Functions workflows as typed Rust functions; export them as ASL and run them natively.

// Emitted code says `::sfn_core`, in this crate's own tests, too.
extern crate self as sfn_core;

pub use client::callback;
/// The serde that the types of generated code derive from.
pub use serde;
pub use sfn_asl as asl;
pub use sfn_asl::Value;
#[cfg(feature = "macros")]
#[doc = include_str!("docs/data.md")]
pub use sfn_macros::SfnData;
#[cfg(feature = "macros")]
#[doc = include_str!("docs/error.md")]
pub use sfn_macros::SfnError;
#[cfg(feature = "macros")]
#[doc = include_str!("docs/golden.md")]
pub use sfn_macros::golden;
#[cfg(feature = "macros")]
#[doc = include_str!("docs/state_machine.md")]
pub use sfn_macros::state_machine;
#[cfg(feature = "macros")]
#[doc = include_str!("docs/task.md")]
pub use sfn_macros::task;
pub use task::{Error, TaskToken, map};

#[doc(hidden)]
pub mod __private;
#[cfg(feature = "executor")]
pub mod activity;
pub mod client;
pub mod data;
#[cfg(feature = "executor")]
pub mod executor;
#[doc(hidden)]
pub mod gate;
pub mod history;
pub mod item_reader;
pub mod lower;
pub mod machine;
pub mod map_run;
pub mod object_store;
pub mod prelude;
pub mod program;
pub mod task;
pub mod test_state;
#[cfg(feature = "testing")]
pub mod testing;

/// Ends a workflow with an error: `fail!("JobFailed", "after {tries} polls")`.
///
/// The first argument is the name of the error, the second its cause: a text with `{}` and `{name}` for values that are
/// strings, whole numbers, truth values or characters. It is a part of the language of `#[state_machine]`, which reads
/// it; anywhere else it is an error.
#[macro_export]
macro_rules! fail {
    ($($anything:tt)*) => {
        ::core::compile_error!("`fail!` is used inside of a `#[state_machine]`")
    };
}

/// Runs branches side by side and waits for all of them: `let (a, b) = try_join!(first(x), second(y))?;`
///
/// In a `#[state_machine]` it becomes a Parallel state; it is not awaited, for it yields the result itself. A branch is
/// the call of a task, with its settings, `map(..).each(..)`, or an `async { .. }` block that ends in a `Result`. A branch
/// reads what is around it, each its own copy, and assigns to nothing outside of itself; `return`, and `break` out of a
/// loop around it, are refused. One to 8 branches may have different types: the result is a tuple of their values.
///
/// When one branch fails, the others are stopped where they are, and the whole fails with its error as an
/// [`Error`]: name and cause are kept. `match try_join!(..) { Ok((a, b)) => .., Err(error) => .. }` catches it. The
/// compensations of [`Call::undo`](task::Call::undo) that were registered before are run, inside of a branch none is
/// registered.
///
/// ```
/// # #[cfg(feature = "macros")] mod doc {
/// use sfn_core::prelude::*;
///
/// #[task(lambda = "Flights")]
/// async fn flights(city: String) -> Result<u32, Error>;
/// #[task(lambda = "Hotels")]
/// async fn hotels(city: String) -> Result<u32, Error>;
///
/// #[state_machine]
/// async fn quote(city: String) -> Result<u32, Error> {
///     let (flight, hotel) = try_join!(
///         flights(city),
///         async {
///             sleep(secs(5)).await;
///             Ok(hotels(city).await?)
///         },
///     )?;
///     Ok(flight + hotel)
/// }
/// # }
/// ```
#[macro_export]
macro_rules! try_join {
    (@sfn $body:expr) => {
        $body
    };
    ($($anything:tt)*) => {
        ::core::compile_error!("`try_join!` is used inside of a `#[state_machine]`")
    };
}

#[doc = include_str!("docs/errors.md")]
pub mod errors {}

/// The README's code compiles as shown.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
