//! How a check that fails ends a run.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::task::{Error, TaskError};

/// The error that AWS gives an expression that fails.
pub(crate) const EVALUATION: &str = "States.QueryEvaluationError";

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A whole number left its type, or the 53 bits up to which JSON is exact.
    Overflow,
    /// A divisor was zero.
    DivisionByZero,
    /// A double was infinite or no number.
    NotFinite,
    /// An index was beyond the end of a list.
    OutOfBounds,
}

impl Problem {
    /// What the execution ends with: names the type and the expression, no place in a file, so that an edit above does
    /// not change the document.
    pub(crate) fn message(self, kind: &str, source: &str) -> String {
        match self {
            Problem::Overflow if matches!(kind, "i64" | "u64" | "isize" | "usize") => {
                format!("{kind} overflow in `{source}`: whole numbers are exact up to 2^53")
            }
            Problem::Overflow => format!("{kind} overflow in `{source}`"),
            Problem::DivisionByZero => format!("division by zero in `{source}`"),
            Problem::NotFinite => format!("{kind} is not finite in `{source}`"),
            Problem::OutOfBounds => format!("index out of bounds in `{source}`"),
        }
    }
}

/// The panic that ends a run.
struct Stopped(Error);

/// Ends the run of the body. No message is printed: the error is the result of the run.
pub(crate) fn stop(problem: Problem, kind: &str, source: &str) -> ! {
    resume_unwind(Box::new(Stopped(Error::new(EVALUATION, problem.message(kind, source)))))
}

/// A body whose checks end it: compensations do not run then, in the document neither.
pub struct Guarded<F> {
    body: Option<Pin<Box<F>>>,
}

impl<F> Guarded<F> {
    /// The body with its checks.
    pub fn new(body: F) -> Self {
        Guarded { body: Some(Box::pin(body)) }
    }
}

impl<T, E: TaskError, F: Future<Output = Result<T, E>>> Future for Guarded<F> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(body) = self.body.as_mut() else { return Poll::Pending };
        // A body that has panicked is dropped, so nobody sees what it left behind.
        match catch_unwind(AssertUnwindSafe(|| body.as_mut().poll(context))) {
            Ok(poll) => poll,
            Err(panic) => {
                self.body = None;
                Poll::Ready(Err(E::from_error(stopped(panic))))
            }
        }
    }
}

fn stopped(panic: Box<dyn Any + Send>) -> Error {
    match panic.downcast::<Stopped>() {
        Ok(stopped) => stopped.0,
        Err(other) => resume_unwind(other),
    }
}

/// What a check says that ends `f`.
#[cfg(test)]
pub(crate) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(f)).map_err(|panic| stopped(panic).cause)
}
