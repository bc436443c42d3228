//! The inbox of an execution: it takes next to no memory while nothing is in it, because a million of them may wait.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::actor::Message;

/// Messages that may wait; whoever sends one more lets others go on first.
const MOST: usize = 256;

/// The end that messages are put in at.
#[derive(Clone)]
pub(super) struct Sender(Arc<Mutex<State>>);

/// The end that they are taken out at.
pub(super) struct Inbox(Arc<Mutex<State>>);

/// Nobody takes messages any more.
#[derive(Debug)]
pub(super) struct Closed;

#[derive(Default)]
struct State {
    messages: VecDeque<Message>,
    is_closed: bool,
    waker: Option<Waker>,
}

/// An inbox with nothing in it.
pub(super) fn inbox() -> (Sender, Inbox) {
    let state = Arc::<Mutex<State>>::default();
    (Sender(state.clone()), Inbox(state))
}

impl Sender {
    pub(super) async fn send(&self, message: Message) -> Result<(), Closed> {
        let mut message = Some(message);
        while let Some(unsent) = message.take() {
            match self.try_send(unsent)? {
                None => {}
                refused => {
                    message = refused;
                    tokio::task::yield_now().await;
                }
            }
        }
        Ok(())
    }

    /// Gives the message back when there is no room for it.
    fn try_send(&self, message: Message) -> Result<Option<Message>, Closed> {
        let mut state = lock(&self.0);
        if state.is_closed {
            return Err(Closed);
        }
        if state.messages.len() >= MOST {
            return Ok(Some(message));
        }
        state.messages.push_back(message);
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        Ok(None)
    }
}

impl Inbox {
    /// The next message, as soon as there is one. A message is never lost when the future is dropped.
    pub(super) async fn recv(&mut self) -> Message {
        std::future::poll_fn(|context| {
            let mut state = lock(&self.0);
            match state.pop() {
                Some(message) => Poll::Ready(message),
                None => {
                    if !state.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
                        state.waker = Some(context.waker().clone());
                    }
                    Poll::Pending
                }
            }
        })
        .await
    }

    /// The next message, if there is one.
    pub(super) fn try_recv(&mut self) -> Option<Message> {
        lock(&self.0).pop()
    }

    /// Takes no more messages; those that are in it are dropped.
    pub(super) fn close(&mut self) {
        let mut state = lock(&self.0);
        state.is_closed = true;
        let dropped = std::mem::take(&mut state.messages);
        drop(state);
        // Whoever hears of it may send again: nothing is locked.
        drop(dropped);
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.close();
    }
}

impl State {
    fn pop(&mut self) -> Option<Message> {
        let message = self.messages.pop_front();
        if self.messages.is_empty() {
            self.messages = VecDeque::new();
        }
        message
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
