//! Activities: tasks that wait until a worker asks for them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sfn_asl::value::Value;
use tokio::sync::Notify;

use crate::machine::TaskRequest;

/// A task of an activity, given to a worker.
#[derive(Clone, Debug, PartialEq)]
pub struct ActivityTask {
    /// What it is answered with.
    pub token: Arc<str>,
    /// Its input.
    pub input: Value,
}

/// The tasks that no worker has asked for yet, by the name of their activity, each in the order it was scheduled.
#[derive(Default)]
pub(super) struct Activities {
    waiting: Mutex<HashMap<String, VecDeque<ActivityTask>>>,
    arrived: Notify,
}

impl Activities {
    /// Offers a task to the workers of its activity.
    pub(super) fn offer(&self, activity: &str, request: &TaskRequest) {
        // INVARIANT: the machine gives every task of an activity a token.
        let Some(token) = request.token.clone() else { return };
        let task = ActivityTask { token, input: request.parameters.clone() };
        self.waiting().entry(activity.to_owned()).or_default().push_back(task);
        self.arrived.notify_waiters();
    }

    /// Takes back a task that nobody waits for any more.
    pub(super) fn withdraw(&self, token: &str) {
        self.waiting().retain(|_, tasks| {
            tasks.retain(|task| &*task.token != token);
            !tasks.is_empty()
        });
    }

    /// The next task of the activity, as soon as there is one.
    pub(super) async fn take(&self, activity: &str) -> ActivityTask {
        loop {
            let mut arrived = std::pin::pin!(self.arrived.notified());
            // From here on an arrival counts, so that none is missed after the look below.
            arrived.as_mut().enable();
            let next = self.waiting().get_mut(activity).and_then(VecDeque::pop_front);
            if let Some(task) = next {
                return task;
            }
            arrived.await;
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<String, VecDeque<ActivityTask>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
