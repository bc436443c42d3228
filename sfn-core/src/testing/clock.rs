//! The clock of a body's run: it stands while somebody works and jumps to the next event when all wait.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Milliseconds since the run began; clones are the same clock.
#[derive(Clone, Default)]
pub(super) struct Clock(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    now: i64,
    next_sleeper: u64,
    /// Whoever waits, by the time to be woken and in the order in which they fell asleep.
    sleepers: BTreeSet<(i64, u64)>,
    /// How many wait for something that is not the time.
    working: usize,
}

impl Clock {
    pub(super) fn now(&self) -> i64 {
        self.state().now
    }

    /// Waits so many milliseconds.
    pub(super) fn sleep(&self, duration: i64) -> Sleep {
        let mut state = self.state();
        let key = (state.now.saturating_add(duration), state.next_sleeper);
        state.next_sleeper += 1;
        state.sleepers.insert(key);
        Sleep { clock: self.clone(), key }
    }

    /// Keeps the clock where it stands while `work` is not done.
    pub(super) async fn hold<T>(&self, work: impl Future<Output = T>) -> T {
        self.state().working += 1;
        let held = Held(self.clone());
        let done = work.await;
        drop(held);
        done
    }

    /// Runs `body` to its end, `None` when it is not over at `deadline`.
    pub(super) async fn drive<T>(&self, body: impl Future<Output = T>, deadline: Option<i64>) -> Option<T> {
        let mut body = Box::pin(body);
        std::future::poll_fn(|context| {
            loop {
                if let Poll::Ready(done) = body.as_mut().poll(context) {
                    return Poll::Ready(Some(done));
                }
                let mut state = self.state();
                if state.working > 0 {
                    return Poll::Pending;
                }
                let next = state.sleepers.first().map(|(at, _)| *at);
                match (next, deadline) {
                    (Some(next), None) => state.now = state.now.max(next),
                    (Some(next), Some(deadline)) if next < deadline => state.now = state.now.max(next),
                    (_, Some(deadline)) => {
                        state.now = deadline;
                        return Poll::Ready(None);
                    }
                    (None, None) => unreachable!("a body waits for calls only, and each has an end"),
                }
            }
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Held(Clock);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.state().working -= 1;
    }
}

/// Somebody who waits for a [`Clock`].
pub(super) struct Sleep {
    clock: Clock,
    key: (i64, u64),
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        // The one that is woken is the first that sleeps: events of one moment happen one after the other.
        if state.now >= self.key.0 && state.sleepers.first() == Some(&self.key) {
            state.sleepers.remove(&self.key);
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        self.clock.state().sleepers.remove(&self.key);
    }
}
