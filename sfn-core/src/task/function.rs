use super::{Call, Task};
use crate::lower::Machine;

/// The function that `#[task]` makes: what a mock or a handler is registered for.
///
/// `Arguments` is the tuple of its parameters; it is inferred.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a task function", note = "annotate it with `#[task]`")]
pub trait TaskFunction<Arguments> {
    /// The task that the function calls.
    type Task: Task;
}

/// The function that `#[state_machine]` makes: what an execution is started with.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a state machine",
    note = "annotate the function with `#[state_machine]`"
)]
pub trait MachineFunction<Arguments> {
    /// The machine that the function starts.
    type Machine: Machine;
}

macro_rules! functions {
    ($(($($argument:ident),*))*) => {$(
        impl<T: Task, Function: Fn($($argument),*) -> Call<T>, $($argument),*> TaskFunction<($($argument,)*)> for Function {
            type Task = T;
        }
    )*};
}
functions! {
    ()
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}

impl<M: Machine, A, Function: Fn(A) -> Call<M>> MachineFunction<(A,)> for Function {
    type Machine = M;
}
