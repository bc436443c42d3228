use super::{Catcher, DataFlow, Retrier, StateScope, Transition};

/// A Parallel state.
#[derive(Clone, Debug, PartialEq)]
pub struct Parallel {
    /// `Branches`, at least one.
    pub branches: Vec<StateScope>,
    /// Input, output and variables.
    pub flow: DataFlow,
    /// `Retry`
    pub retry: Vec<Retrier>,
    /// `Catch`
    pub catch: Vec<Catcher>,
    /// `Next` or `End`
    pub transition: Transition,
}
