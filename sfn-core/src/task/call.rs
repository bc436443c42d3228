use super::{Callable, Task};

/// A call that nobody has made yet: awaited inside a `#[state_machine]` it becomes a Task state.
#[must_use = "a call does nothing until it is awaited in a `#[state_machine]`"]
pub struct Call<T: Callable> {
    pub(crate) input: T::Input,
}

impl<T: Callable> Call<T> {
    /// The call with these parameters.
    pub fn new(input: T::Input) -> Self {
        Call { input }
    }

    /// The parameters of the call.
    pub fn into_input(self) -> T::Input {
        self.input
    }
}

impl<T: Task> Call<T> {
    /// Makes `compensation` run when the workflow fails at a later point, with the output of this call.
    ///
    /// Compensations run in reverse order; each is retried as its task says, and one that fails is passed over. The
    /// workflow then fails with the error that began it. Where the call itself fails, its compensation does not run.
    pub fn undo<U: Task, F: FnOnce(T::Output) -> Call<U>>(self, compensation: F) -> Undo<T, U, F> {
        Undo { call: self, compensation, undone_by: std::marker::PhantomData }
    }
}

/// A call with its compensation. Made by [`Call::undo`].
#[must_use = "a call does nothing until it is awaited in a `#[state_machine]`"]
pub struct Undo<T: Task, U: Task, F> {
    pub(crate) call: Call<T>,
    pub(crate) compensation: F,
    undone_by: std::marker::PhantomData<fn() -> U>,
}
