//! The clock of a body's run: it stands while somebody works and jumps to the next event when all wait.
//!
//! What happens at one moment happens in the machine's order, so that branches which run side by side meet as they do in
//! the document: answers first, in the order in which they come, then what the machine's own clock says is due; after each
//! of these, whoever can go on does, one branch until it waits, then the next. A branch has the number that its frame has
//! in the machine.

use std::collections::{BTreeSet, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use crate::task::Turn;

/// Milliseconds since the run began; clones are the same clock, seen by the same branch.
#[derive(Clone)]
pub(super) struct Clock {
    state: Arc<Mutex<State>>,
    branch: Branch,
}

/// The number of a branch; the body itself is the first.
type Branch = usize;

struct State {
    now: i64,
    next_number: u64,
    /// Answers that are there.
    answers: VecDeque<Sleeper>,
    /// Answers that take their time, in the order in which they were begun.
    handlers: BTreeSet<(i64, u64, Branch)>,
    /// What the machine waits for: the ends of waits, of delays before a retry, and of what takes too long.
    deadlines: BTreeSet<(i64, Branch, u64)>,
    next_deadline: u64,
    /// Who was woken and has not noticed.
    woken: Option<Sleeper>,
    /// True while what is due at one moment by the machine's clock is dealt with.
    ticking: bool,
    /// How many wait for something that is not the time.
    working: usize,
    /// The branches that can go on; the first does.
    ready: VecDeque<Branch>,
    branches: usize,
    free: Vec<Branch>,
    /// Counts whatever happens.
    moves: u64,
}

/// Somebody who waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sleeper {
    Answer(u64, Branch),
    Handler(i64, u64, Branch),
    Deadline(i64, Branch, u64),
}

impl Default for Clock {
    fn default() -> Self {
        let state = State {
            now: 0,
            next_number: 0,
            answers: VecDeque::new(),
            handlers: BTreeSet::new(),
            deadlines: BTreeSet::new(),
            next_deadline: 0,
            woken: None,
            ticking: false,
            working: 0,
            ready: VecDeque::from([0]),
            branches: 1,
            free: Vec::new(),
            moves: 0,
        };
        Clock { state: Arc::new(Mutex::new(state)), branch: 0 }
    }
}

impl Clock {
    pub(super) fn now(&self) -> i64 {
        self.state().now
    }

    /// The clock of a branch that begins now.
    pub(super) fn branch(&self) -> Self {
        let mut state = self.state();
        let branch = state.free.pop().unwrap_or_else(|| {
            state.branches += 1;
            state.branches - 1
        });
        state.ready.push_back(branch);
        state.moves += 1;
        drop(state);
        Clock { state: self.state.clone(), branch }
    }

    /// Waits for an answer that comes after so many milliseconds.
    pub(super) fn answer(&self, delay: i64) -> Sleep {
        let mut state = self.state();
        let number = state.next_number;
        state.next_number += 1;
        let sleeper = if delay > 0 {
            let at = state.now.saturating_add(delay);
            state.handlers.insert((at, number, self.branch));
            Sleeper::Handler(at, number, self.branch)
        } else {
            let sleeper = Sleeper::Answer(number, self.branch);
            state.answers.push_back(sleeper);
            sleeper
        };
        state.blocked(self.branch);
        drop(state);
        Sleep { clock: self.clone(), sleeper }
    }

    /// Waits so many milliseconds by the machine's clock.
    pub(super) fn wait(&self, duration: i64) -> Sleep {
        let mut state = self.state();
        let at = state.now.saturating_add(duration);
        let number = state.next_deadline;
        state.next_deadline += 1;
        state.deadlines.insert((at, self.branch, number));
        state.blocked(self.branch);
        drop(state);
        Sleep { clock: self.clone(), sleeper: Sleeper::Deadline(at, self.branch, number) }
    }

    /// Waits for ever: something else ends the run.
    pub(super) async fn never<T>(&self) -> T {
        self.state().blocked(self.branch);
        std::future::pending().await
    }

    /// Keeps the clock where it stands while `work` is not done.
    pub(super) async fn hold<T>(&self, work: impl Future<Output = T>) -> T {
        {
            let mut state = self.state();
            state.working += 1;
            state.blocked(self.branch);
        }
        let held = Held(self.clone());
        let done = work.await;
        drop(held);
        done
    }

    /// Does `work`, `None` when it is not over after so many milliseconds.
    pub(super) async fn within<T>(&self, work: impl Future<Output = T>, limit: Option<i64>) -> Option<T> {
        let mut work = Box::pin(work);
        let mut end = limit.map(|limit| {
            let end = self.wait(limit);
            // It waits besides going on.
            self.resume(true);
            end
        });
        std::future::poll_fn(|context| {
            if let Poll::Ready(done) = work.as_mut().poll(context) {
                return Poll::Ready(Some(done));
            }
            match &mut end {
                Some(end) => Pin::new(end).poll(context).map(|()| {
                    self.resume(true);
                    None
                }),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// Runs `body` to its end, `None` when it is not over at `deadline`.
    pub(super) async fn drive<T>(&self, body: impl Future<Output = T>, deadline: Option<i64>) -> Option<T> {
        let mut body = Box::pin(body);
        std::future::poll_fn(|context| {
            loop {
                let moves = self.state().moves;
                if let Poll::Ready(done) = body.as_mut().poll(context) {
                    return Poll::Ready(Some(done));
                }
                let mut state = self.state();
                if !state.ready.is_empty() {
                    assert!(state.moves > moves, "a branch that can go on does");
                    continue;
                }
                if state.working > 0 {
                    return Poll::Pending;
                }
                if !state.wake(deadline) {
                    return Poll::Ready(None);
                }
            }
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// The branch waits for something.
    fn blocked(&mut self, branch: Branch) {
        self.moves += 1;
        self.ready.retain(|ready| *ready != branch);
    }

    /// Wakes whoever is next; false when the machine times out first. An answer at that very moment counts.
    fn wake(&mut self, timeout: Option<i64>) -> bool {
        let due = self.deadlines.first().copied();
        if let Some((at, branch, number)) = due.filter(|(at, ..)| self.ticking && *at <= self.now) {
            self.deadlines.remove(&(at, branch, number));
            self.woken = Some(Sleeper::Deadline(at, branch, number));
            self.ready.push_back(branch);
            return true;
        }
        self.ticking = false;
        if let Some(answer) = self.answers.pop_front() {
            self.woken = Some(answer);
            self.ready.push_back(answer.branch());
            return true;
        }
        let handler = self.handlers.first().copied();
        let passes = |at: i64| timeout.is_none_or(|timeout| at <= timeout);
        if let Some((at, number, branch)) =
            handler.filter(|(at, ..)| due.is_none_or(|(due, ..)| *at <= due) && passes(*at))
        {
            self.now = self.now.max(at);
            self.handlers.remove(&(at, number, branch));
            self.woken = Some(Sleeper::Handler(at, number, branch));
            self.ready.push_back(branch);
            return true;
        }
        match (due, timeout) {
            (Some((at, ..)), timeout) if timeout.is_none_or(|timeout| at < timeout) => {
                self.now = self.now.max(at);
                self.ticking = true;
                self.wake(timeout)
            }
            (_, Some(timeout)) => {
                self.now = timeout;
                false
            }
            (_, None) => unreachable!("a body waits for calls only, and each has an end"),
        }
    }
}

impl Sleeper {
    fn branch(self) -> Branch {
        match self {
            Sleeper::Answer(_, branch) | Sleeper::Handler(_, _, branch) | Sleeper::Deadline(_, branch, _) => branch,
        }
    }
}

impl Turn for Clock {
    fn number(&self) -> usize {
        self.branch
    }

    fn is_due(&self) -> bool {
        self.state().ready.front() == Some(&self.branch)
    }

    fn rest(&self) {
        self.state().blocked(self.branch);
    }

    fn resume(&self, first: bool) {
        let mut state = self.state();
        state.blocked(self.branch);
        if first {
            state.ready.push_front(self.branch);
        } else {
            state.ready.push_back(self.branch);
        }
    }

    fn end(&self) {
        let mut state = self.state();
        state.blocked(self.branch);
        state.free.push(self.branch);
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
    sleeper: Sleeper,
}

impl Future for Sleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if state.woken == Some(self.sleeper) {
            state.woken = None;
            state.moves += 1;
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        let mut state = self.clock.state();
        match self.sleeper {
            Sleeper::Answer(..) => {
                let sleeper = self.sleeper;
                state.answers.retain(|answer| *answer != sleeper);
            }
            Sleeper::Handler(at, number, branch) => drop(state.handlers.remove(&(at, number, branch))),
            Sleeper::Deadline(at, branch, number) => drop(state.deadlines.remove(&(at, branch, number))),
        }
    }
}
