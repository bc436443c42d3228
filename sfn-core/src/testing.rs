//! The test kit: a workflow's Rust body and its document run side by side under virtual time, and must agree.
//!
//! ```
//! # #[cfg(feature = "macros")] mod doc {
//! use sfn_core::prelude::*;
//! use sfn_core::testing::{after, env, secs};
//!
//! #[task(lambda = "Greet", timeout = "30s")]
//! async fn greet(name: String) -> Result<String, Error>;
//!
//! #[state_machine]
//! async fn welcome(name: String) -> Result<String, Error> {
//!     let text = greet(name).await?;
//!     Ok(text)
//! }
//!
//! # pub
//! async fn says_hello() {
//!     let run = env()
//!         .mock(greet, |name| after(secs(5), Ok(format!("hello {name}"))))
//!         .run(welcome, "you".to_string())
//!         .await;
//!     assert_eq!(run.assert_succeeded(), "hello you");
//!     run.assert_calls(greet, 1).assert_path(["Greet"]);
//!     assert_eq!(run.elapsed(), secs(5));
//! }
//! # }
//! # #[cfg(feature = "macros")] #[tokio::main(flavor = "current_thread")] async fn main() { doc::says_hello().await }
//! # #[cfg(not(feature = "macros"))] fn main() {}
//! ```
//!
//! The body runs first, on a clock of its own that jumps from one event to the next; retries, timeouts and the matching
//! of errors are the functions of the [machine](crate::machine). A mock is asked once for each attempt of the body's run,
//! and its answer is given again to the same attempt of the document's run, which goes through the
//! [executor](crate::executor). Then result or error, the sequence of task calls with their inputs and the elapsed time
//! are compared, after decoding to the types of the workflow.
//!
//! Jitter is fixed at its upper bound. An answer that comes at the very moment of a timeout is too late. Values outside
//! of a task's declared types lie outside of the comparison.

mod body;
mod clock;
mod compare;
mod document;
mod mock;
mod run;
#[cfg(test)]
#[cfg(feature = "macros")]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

pub use crate::task::{days, hours, minutes, secs};
pub use mock::{After, Answer, Never, after, never};
pub use run::{Call, Ended, Run};

use crate::data::Data;
use crate::lower::{Bindings, Machine, definition};
use crate::task::{Callable, MachineFunction, Signature, Task, TaskFunction};
use mock::{Mock, Mocks};

/// An environment without any mock.
pub fn env() -> Env {
    Env { mocks: HashMap::new() }
}

/// What stands in for the tasks of a workflow. Made by [`env()`].
#[must_use = "an environment does nothing until a workflow is run in it"]
pub struct Env {
    mocks: HashMap<&'static str, Arc<Mock>>,
}

impl Env {
    /// Answers the calls of a task.
    ///
    /// The closure takes the task's parameters, several of them as a tuple, and gives a `Result` of the task's types, such
    /// a result [`after()`] a while, or an answer that [`never()`] comes. It is asked once for every attempt.
    pub fn mock<Arguments, F, H, A>(mut self, _task: F, answer: H) -> Self
    where
        F: TaskFunction<Arguments>,
        H: FnMut(<F::Task as Callable>::Input) -> A + Send + 'static,
        A: Answer<F::Task>,
    {
        self.mocks.insert(binding::<F::Task>(), Arc::new(Mock::answering::<F::Task, H, A>(answer)));
        self
    }

    /// Lets the body of a `#[task]` do its work; it takes no virtual time.
    ///
    /// # Panics
    /// When the task has no body.
    pub fn real<Arguments, F: TaskFunction<Arguments>>(mut self, _task: F) -> Self {
        let name = <F::Task as Callable>::NAME;
        let Some(handler) = <F::Task as Task>::HANDLER else { panic!("the task `{name}` has no body") };
        self.mocks.insert(binding::<F::Task>(), Arc::new(Mock::real::<F::Task>(handler)));
        self
    }

    /// Runs the body and the document of a workflow on `input`.
    ///
    /// # Panics
    /// When the two do not agree, when the workflow has no valid definition, when it calls a task that has no mock, and
    /// when it waits for an answer that never comes and nothing times out.
    pub async fn run<Arguments, F>(&self, _machine: F, input: <F::Machine as Signature>::Parameters) -> Run<F::Machine>
    where
        F: MachineFunction<Arguments>,
    {
        let definition = match definition::<F::Machine>(&Bindings::substitutions()) {
            Ok(definition) => definition,
            Err(error) => panic!("`{}` has no definition: {error}", <F::Machine as Callable>::NAME),
        };
        let payload = match input.encode() {
            Ok(payload) => payload,
            Err(error) => panic!("the input has no JSON value: {error}"),
        };
        let mocks = Arc::new(Mocks::new(self.mocks.clone(), <F::Machine as Machine>::SYNTAX.timeout_seconds.is_some()));
        let body = body::run::<F::Machine>(input, &mocks).await;
        let (document, history) = document::run::<F::Machine>(&definition, payload, &mocks).await;
        if let Err(difference) = compare::compare(&body, &document) {
            panic!("body and document of `{}` do not agree: {difference}", <F::Machine as Callable>::NAME);
        }
        Run::new(document, history)
    }
}

fn binding<T: Task>() -> &'static str {
    T::describe().resource.binding()
}
