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
//! A `#[state_machine]` that another one calls runs as itself, its body within the body and its document within the document,
//! unless a mock stands in for it. One that is only started, `.start()`, runs after the run that started it, body and document
//! compared; its calls follow those of the run.
//!
//! Branches of `try_join!` and iterations of `map(..).each(..)` run side by side in both. What happens at one moment happens in
//! the order of the machine: answers in the order in which they come, then waits that end, retries and timeouts; so the order
//! of the calls is compared, too, and which of two failures counts is the same.
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

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use sfn_asl::Value;

pub use crate::task::{days, hours, minutes, secs};
pub use mock::{After, Answer, Beating, Given, Never, RawAnswer, after, never};
pub use run::{Call, Ended, Run};

use crate::data::Data;
use crate::history::HistoryEvent;
use crate::task::{Callable, CallbackTask, MachineFunction, Nested, Signature, Task, TaskFunction, TaskKey, TaskToken};
use mock::{Fired, Mock, Mocks, milliseconds};
use run::Trace;

/// An environment without any mock.
pub fn env() -> Env {
    Env { mocks: HashMap::new() }
}

/// What stands in for the tasks of a workflow. Made by [`env()`].
#[must_use = "an environment does nothing until a workflow is run in it"]
pub struct Env {
    mocks: HashMap<TaskKey, Arc<Mock>>,
}

impl Env {
    /// Answers the calls of a task.
    ///
    /// The closure takes the task's parameters, several of them as a tuple, and gives a `Result` of the task's types, such
    /// a result [`after()`] a while, or an answer that [`never()`] comes; of an `Option` of those, `None` never comes. It is
    /// asked once for every attempt.
    pub fn mock<Arguments, F, H, A>(mut self, _task: F, answer: H) -> Self
    where
        F: TaskFunction<Arguments>,
        H: FnMut(<F::Task as Callable>::Input) -> A + Send + 'static,
        A: Answer<F::Task>,
    {
        let mut answer = answer;
        let mock = Mock::answering::<F::Task, _, A>(move |input, _| answer(input));
        self.mocks.insert(key::<F::Task>(), Arc::new(mock));
        self
    }

    /// Answers the calls of a callback task as whoever holds its token: the closure takes the token, too.
    ///
    /// It gives what [`mock`](Self::mock) takes; `after(days(2), Ok(..))` answers after two days, with the heartbeats that the
    /// task asks for, [`silent`](After::silent) without.
    pub fn callback<Arguments, F, H, A>(mut self, _task: F, answer: H) -> Self
    where
        F: TaskFunction<Arguments>,
        F::Task: CallbackTask,
        H: FnMut(<F::Task as Callable>::Input, TaskToken) -> A + Send + 'static,
        A: Answer<F::Task>,
    {
        self.mocks.insert(key::<F::Task>(), Arc::new(Mock::answering::<F::Task, H, A>(answer)));
        self
    }

    /// Answers the calls of a task with JSON that need not be of its types: payload in, `Result<Value, Error>` out, now,
    /// [`after()`] a while or [`never()`].
    ///
    /// What is not of the declared types the body cannot be given, so a workflow that calls such a task runs as a document
    /// alone: it shows for instance how an unknown variant ends in `Sfn.UnknownVariant`.
    pub fn raw<Arguments, F, H, A>(mut self, _task: F, answer: H) -> Self
    where
        F: TaskFunction<Arguments>,
        H: FnMut(Value) -> A + Send + 'static,
        A: RawAnswer,
    {
        self.mocks.insert(key::<F::Task>(), Arc::new(Mock::raw::<F::Task, H, A>(answer)));
        self
    }

    /// Lets the body of a `#[task]` do its work; it takes no virtual time.
    ///
    /// # Panics
    /// When the task has no body.
    pub fn real<Arguments, F: TaskFunction<Arguments>>(mut self, _task: F) -> Self {
        let name = <F::Task as Callable>::NAME;
        let has_body = <F::Task as Task>::HANDLER.is_some() || <F::Task as Task>::ANSWERER.is_some();
        assert!(has_body, "the task `{name}` has no body");
        self.mocks.insert(key::<F::Task>(), Arc::new(Mock::real::<F::Task>()));
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
        let machine = Nested::alone::<F::Machine>();
        let payload = match input.encode() {
            Ok(payload) => payload,
            Err(error) => panic!("the input has no JSON value: {error}"),
        };
        let (mut trace, history, fired) = self.both(&machine, payload).await;
        // Executions that nobody awaits run by themselves, each after the one that started it.
        let mut fired = VecDeque::from(fired);
        for run in 0.. {
            let Some(next) = fired.pop_front() else { break };
            assert!(run < MOST_FIRED, "`{}` was started {MOST_FIRED} times and still starts itself", next.machine.name);
            let (child, _, more) = self.both(&next.machine, next.input).await;
            let began = milliseconds(next.at);
            trace.calls.extend(child.calls.into_iter().map(|call| Call { at: began + call.at, ..call }));
            fired.extend(more.into_iter().map(|more| Fired { at: next.at + more.at, ..more }));
        }
        let outcome = trace.outcome.map(|output| match <F::Machine as Callable>::Output::decode(&output) {
            Ok(output) => output,
            Err(error) => panic!("the output of the document is not of the declared type: {error}\n{output}"),
        });
        Run::new(Trace { outcome, calls: trace.calls, elapsed: trace.elapsed }, history)
    }

    /// Runs body and document, which must agree, and tells what they started besides.
    async fn both(&self, machine: &Nested, input: Value) -> (Trace<Value>, Vec<HistoryEvent>, Vec<Fired>) {
        let mocks = Arc::new(Mocks::new(self.mocks.clone()));
        match mocks.are_raw(machine) {
            Ok(false) => {}
            Ok(true) => {
                let (document, history) = document::run(machine, input, &mocks).await;
                return (document, history, Vec::new());
            }
            Err(error) => panic!("`{}` has no definition: {error}", machine.name),
        }
        let body = body::run(machine, &input, &mocks).await;
        let (document, history) = document::run(machine, input, &mocks).await;
        if let Err(difference) = compare::compare(&body, &document) {
            panic!("body and document of `{}` do not agree: {difference}", machine.name);
        }
        (document, history, mocks.take_fired())
    }
}

/// Most executions that a run may start without awaiting them, and these in turn.
const MOST_FIRED: usize = 1_000;

fn key<T: Task>() -> TaskKey {
    T::describe().key()
}
