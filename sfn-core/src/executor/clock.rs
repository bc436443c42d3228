//! Clocks: the one on the wall, and one that jumps.

use std::any::Any;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::oneshot;

/// What tells an executor the time and wakes it.
///
/// Times are milliseconds since 1970-01-01T00:00Z. A clock that does not follow the wall may pass time only while nobody
/// has a [`Hold`] on it: whoever works keeps one, whoever waits for the clock gives it back.
pub trait Clock: Send + Sync + 'static {
    /// The time.
    fn now(&self) -> i64;

    /// Completes once it is `deadline`, at once if that is over, with a hold on the time for whoever was woken.
    ///
    /// The wish is known to the clock when this returns, before the timer is polled. A timer that is dropped wakes nobody.
    fn sleep_until(&self, deadline: i64) -> Timer;

    /// As [`sleep_until`](Self::sleep_until), for the deadlines that an execution keeps itself: those of waits, retries and
    /// timeouts. Where time is virtual, an answer at the very moment of a deadline comes before it.
    fn deadline(&self, deadline: i64) -> Timer {
        self.sleep_until(deadline)
    }

    /// Keeps a virtual clock where it stands for as long as the hold lives. A clock on the wall gives [`Hold::none`].
    fn hold(&self) -> Hold;

    /// Completes once a handler that nobody waits for has had its time to tidy up. A virtual clock lets it go on for a
    /// number of polls instead, so that no time passes.
    fn grace(&self, duration: Duration) -> Timer {
        self.sleep_until(self.now().saturating_add(milliseconds(duration)))
    }
}

/// A duration in whole milliseconds.
pub(super) fn milliseconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// What [`Clock::sleep_until`] gives.
pub type Timer = Pin<Box<dyn Future<Output = Hold> + Send + Sync>>;

/// Keeps the time of a virtual clock from passing until it is dropped.
#[must_use = "the time passes again as soon as the hold is dropped"]
pub struct Hold(#[expect(dead_code, reason = "it acts when it is dropped")] Option<Box<dyn Any + Send + Sync>>);

impl Hold {
    /// A hold on nothing.
    pub fn none() -> Self {
        Hold(None)
    }

    /// A hold that ends when `guard` is dropped.
    pub fn new(guard: impl Send + Sync + 'static) -> Self {
        Hold(Some(Box::new(guard)))
    }
}

impl std::fmt::Debug for Hold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hold")
    }
}

/// The clock on the wall. It needs a runtime whose timers are enabled.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// A sleeper on the wall looks at it at least this often: it may be set, and a machine may have slept.
const LOOK: Duration = Duration::from_secs(3600);

impl Clock for SystemClock {
    fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn sleep_until(&self, deadline: i64) -> Timer {
        Box::pin(async move {
            loop {
                let left = deadline.saturating_sub(SystemClock.now());
                match u64::try_from(left) {
                    Ok(left) if left > 0 => tokio::time::sleep(Duration::from_millis(left).min(LOOK)).await,
                    _ => return Hold::none(),
                }
            }
        })
    }

    fn hold(&self) -> Hold {
        Hold::none()
    }
}

/// A clock that stands still while somebody works and jumps to the next deadline when everybody waits.
///
/// A workflow that waits for a year takes no time. Sleepers wake one after the other, by their deadline and, where that
/// is one, handlers before executions, in the order in which they began to sleep; so a run under a virtual clock on a single thread goes the same way
/// each time. The time cannot pass while a task's handler runs, except where the handler waits through its
/// [`TaskContext`](super::TaskContext); a test that wants to act at a certain moment takes a [`hold`](Clock::hold).
///
/// Clones are the same clock.
#[derive(Clone)]
pub struct VirtualClock {
    state: Arc<Mutex<State>>,
}

struct State {
    now: i64,
    holds: usize,
    sequence: u64,
    sleepers: BTreeMap<Key, oneshot::Sender<Hold>>,
}

/// When somebody is to be woken; at one moment handlers come before deadlines, and those who came first before others.
type Key = (i64, bool, u64);

impl VirtualClock {
    /// A clock that stands at 2024-01-01T00:00Z.
    pub fn new() -> Self {
        VirtualClock::starting_at(1_704_067_200_000)
    }

    /// A clock that stands at the given time.
    pub fn starting_at(now: i64) -> Self {
        let state = State { now, holds: 0, sequence: 0, sleepers: BTreeMap::new() };
        VirtualClock { state: Arc::new(Mutex::new(state)) }
    }

    fn sleeper(&self, deadline: i64, is_deadline: bool) -> Timer {
        let (sender, woken) = oneshot::channel();
        let key = {
            let mut state = self.state();
            let key = (deadline, is_deadline, state.sequence);
            state.sequence += 1;
            state.sleepers.insert(key, sender);
            key
        };
        let sleeper = Sleeper { clock: self.clone(), key, woken };
        self.advance();
        Box::pin(sleeper)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the next sleeper if nobody holds the time.
    fn advance(&self) {
        let sleeper = {
            let mut state = self.state();
            if state.holds > 0 {
                return;
            }
            let next = loop {
                match state.sleepers.pop_first() {
                    Some((_, sleeper)) if sleeper.is_closed() => {}
                    Some(((deadline, ..), sleeper)) => break Some((deadline, sleeper)),
                    None => break None,
                }
            };
            let Some((deadline, sleeper)) = next else { return };
            state.now = state.now.max(deadline);
            state.holds = 1;
            sleeper
        };
        // A sleeper that went away in this very moment lets go of its hold, which wakes the one after it.
        let _ = sleeper.send(Hold::new(Held(self.clone())));
    }

    fn release(&self) {
        let last = {
            let mut state = self.state();
            state.holds -= 1;
            state.holds == 0
        };
        if last {
            self.advance();
        }
    }
}

impl Default for VirtualClock {
    fn default() -> Self {
        VirtualClock::new()
    }
}

impl std::fmt::Debug for VirtualClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualClock").field("now", &self.now()).finish_non_exhaustive()
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> i64 {
        self.state().now
    }

    fn sleep_until(&self, deadline: i64) -> Timer {
        self.sleeper(deadline, false)
    }

    fn deadline(&self, deadline: i64) -> Timer {
        self.sleeper(deadline, true)
    }

    fn hold(&self) -> Hold {
        self.state().holds += 1;
        Hold::new(Held(self.clone()))
    }

    fn grace(&self, duration: Duration) -> Timer {
        let polls = if duration.is_zero() { 0 } else { POLLS };
        Box::pin(async move {
            for _ in 0..polls {
                tokio::task::yield_now().await;
            }
            Hold::none()
        })
    }
}

/// How often a handler that nobody waits for may go on under a virtual clock.
const POLLS: u32 = 64;

/// One hold on a virtual clock.
struct Held(VirtualClock);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.release();
    }
}

/// Somebody who waits for a virtual clock.
struct Sleeper {
    clock: VirtualClock,
    key: Key,
    woken: oneshot::Receiver<Hold>,
}

impl Future for Sleeper {
    type Output = Hold;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Hold> {
        match Pin::new(&mut self.woken).poll(context) {
            Poll::Ready(Ok(hold)) => Poll::Ready(hold),
            // The clock keeps the other end until it wakes the sleeper.
            Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
        }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let sleeper = self.clock.state().sleepers.remove(&self.key);
        drop(sleeper);
    }
}
