//! What a run gave.

use std::time::Duration;

use sfn_asl::Value;

use crate::history::HistoryEvent;
use crate::lower::Machine;
use crate::task::{Error, Task, TaskFunction, TaskKey};

/// How a run ended that did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It failed.
    Failed(Error),
    /// It took longer than the timeout of the machine.
    TimedOut,
}

/// One attempt to call a task.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The task's function.
    pub task: &'static str,
    pub(super) key: TaskKey,
    /// True when a machine was run as itself.
    pub(super) begins_execution: bool,
    /// The payload.
    pub input: Value,
    /// When, since the run began.
    pub at: Duration,
}

/// What is known of one of the two runs.
pub(super) struct Trace<T> {
    pub(super) outcome: Result<T, Ended>,
    pub(super) calls: Vec<Call>,
    pub(super) elapsed: Duration,
}

/// A run in which body and document agreed. Made by [`Env::run`](super::Env::run).
pub struct Run<M: Machine> {
    outcome: Result<M::Output, Ended>,
    calls: Vec<Call>,
    elapsed: Duration,
    history: Vec<HistoryEvent>,
}

impl<M: Machine> Run<M> {
    /// Both agreed; what is told is the document's.
    pub(super) fn new(document: Trace<M::Output>, history: Vec<HistoryEvent>) -> Self {
        Run { outcome: document.outcome, calls: document.calls, elapsed: document.elapsed, history }
    }

    /// The output, or how the run ended without one.
    pub fn result(&self) -> Result<&M::Output, &Ended> {
        self.outcome.as_ref()
    }

    /// True when the run failed or timed out.
    pub fn failed(&self) -> bool {
        self.outcome.is_err()
    }

    /// The virtual time that the run took.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The attempts to call a task, in order.
    pub fn calls(&self) -> &[Call] {
        &self.calls
    }

    /// The names of the states that were entered, in order.
    pub fn path(&self) -> Vec<&str> {
        let entered = self.history.iter().filter(|event| event.kind.ends_with("StateEntered"));
        entered.filter_map(|event| event.details.as_ref()?.get("name")?.as_str()).collect()
    }

    /// The history of the document's run, in AWS's shape.
    pub fn history(&self) -> &[HistoryEvent] {
        &self.history
    }

    /// True when the task was called at least once.
    pub fn called<Arguments, F: TaskFunction<Arguments>>(&self, task: F) -> bool {
        self.count(task) > 0
    }

    /// The output.
    ///
    /// # Panics
    /// When the run did not succeed.
    #[track_caller]
    pub fn assert_succeeded(&self) -> &M::Output {
        match &self.outcome {
            Ok(output) => output,
            Err(ended) => panic!("`{}` did not succeed: {}", M::NAME, told(ended)),
        }
    }

    /// The run failed with this error.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn assert_failed(&self, error: &str) -> &Self {
        match &self.outcome {
            Err(Ended::Failed(failure)) if failure.error == error => self,
            Err(ended) => panic!("`{}` should fail with `{error}`, but {}", M::NAME, told(ended)),
            Ok(_) => panic!("`{}` should fail with `{error}`, but it succeeded", M::NAME),
        }
    }

    /// The run took longer than the timeout of the machine.
    ///
    /// # Panics
    /// When it did not.
    #[track_caller]
    pub fn assert_timed_out(&self) -> &Self {
        match &self.outcome {
            Err(Ended::TimedOut) => self,
            Err(ended) => panic!("`{}` should time out, but {}", M::NAME, told(ended)),
            Ok(_) => panic!("`{}` should time out, but it succeeded", M::NAME),
        }
    }

    /// The task was called so often, its retries included.
    ///
    /// # Panics
    /// When it was not.
    #[track_caller]
    pub fn assert_calls<Arguments, F: TaskFunction<Arguments>>(&self, task: F, count: usize) -> &Self {
        let made = self.count(task);
        let name = <F::Task as crate::task::Callable>::NAME;
        assert!(made == count, "`{name}` should be called {count} times, it was called {made} times: {:?}", self.calls);
        self
    }

    /// The states with these names were entered, in this order.
    ///
    /// # Panics
    /// When they were not.
    #[track_caller]
    pub fn assert_path<'a>(&self, states: impl IntoIterator<Item = &'a str>) -> &Self {
        let expected: Vec<&str> = states.into_iter().collect();
        let path = self.path();
        assert!(path == expected, "`{}` should go {expected:?}, it went {path:?}", M::NAME);
        self
    }

    fn count<Arguments, F: TaskFunction<Arguments>>(&self, _task: F) -> usize {
        let key = <F::Task as Task>::describe().key();
        self.calls.iter().filter(|call| call.key == key).count()
    }
}

fn told(ended: &Ended) -> String {
    match ended {
        Ended::Failed(error) => format!("it failed with `{}`: {}", error.error, error.message()),
        Ended::TimedOut => "it timed out".to_owned(),
    }
}
