//! A value that others watch. `tokio::sync::watch` does the same and takes four hundred bytes, which counts where a
//! million executions wait.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Sets the value.
pub(super) struct Owner<T>(Arc<Cell<T>>);

/// Watches the value.
pub(super) struct Watch<T>(Arc<Cell<T>>);

/// Nobody sets the value any more.
#[derive(Debug)]
pub(super) struct Gone;

struct Cell<T> {
    state: Mutex<State<T>>,
    changed: Notify,
}

struct State<T> {
    value: T,
    is_gone: bool,
}

/// A value with the one who sets it and the first who watches it.
pub(super) fn watched<T: Clone + PartialEq>(value: T) -> (Owner<T>, Watch<T>) {
    let cell = Arc::new(Cell { state: Mutex::new(State { value, is_gone: false }), changed: Notify::new() });
    (Owner(cell.clone()), Watch(cell))
}

impl<T: Clone + PartialEq> Owner<T> {
    /// Sets the value; who waits is told if it is another one.
    pub(super) fn set(&self, value: &T) {
        let mut state = self.0.state();
        if state.value != *value {
            state.value = value.clone();
            drop(state);
            self.0.changed.notify_waiters();
        }
    }
}

impl<T: Clone> Watch<T> {
    pub(super) fn get(&self) -> T {
        self.0.state().value.clone()
    }

    /// Waits until the value is so.
    pub(super) async fn wait_for(&self, is_so: impl Fn(&T) -> bool) -> Result<T, Gone> {
        loop {
            let mut changed = pin!(self.0.changed.notified());
            // From here on a change counts, so that none is missed after the look below.
            changed.as_mut().enable();
            {
                let state = self.0.state();
                if is_so(&state.value) {
                    return Ok(state.value.clone());
                }
                if state.is_gone {
                    return Err(Gone);
                }
            }
            changed.await;
        }
    }
}

impl<T> Cell<T> {
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Drop for Owner<T> {
    fn drop(&mut self) {
        self.0.state().is_gone = true;
        self.0.changed.notify_waiters();
    }
}

impl<T> Clone for Watch<T> {
    fn clone(&self) -> Self {
        Watch(self.0.clone())
    }
}
