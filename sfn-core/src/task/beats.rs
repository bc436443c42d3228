use super::{Call, Callable};

/// A task whose work can send heartbeats: one with a token, or an activity. Written by `#[task]`.
#[diagnostic::on_unimplemented(
    message = "SFN055: a heartbeat of `{Self}` has no effect: only who holds a token and workers of an activity send some",
    label = "sends no heartbeats",
    note = "use `.timeout(..)`, or make it a task with `callback` or `activity`"
)]
pub trait Beats {}

/// Refuses `.heartbeat(..)` on calls that send none. Named by emitted code.
pub fn beating<T: Callable + Beats>(call: Call<T>) -> Call<T> {
    call
}
