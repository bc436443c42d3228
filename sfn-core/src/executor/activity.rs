//! Activities: tasks that wait until a worker asks for them.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sfn_asl::value::Value;
use tokio::sync::Notify;

use super::clock::{Clock, Hold};
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
    queues: Mutex<HashMap<String, Queue>>,
    arrived: Notify,
}

#[derive(Default)]
struct Queue {
    /// A task that a worker is waiting for keeps the time from passing until it is taken.
    tasks: VecDeque<(ActivityTask, Option<Hold>)>,
    /// How many workers are waiting.
    workers: usize,
}

impl Activities {
    /// Offers a task to the workers of its activity.
    pub(super) fn offer(&self, activity: &str, request: &TaskRequest, clock: &dyn Clock) {
        // INVARIANT: the machine gives every task of an activity a token.
        let Some(token) = request.token.clone() else { return };
        let task = ActivityTask { token, input: request.parameters.clone() };
        let mut queues = self.queues();
        let queue = queues.entry(activity.to_owned()).or_default();
        let hold = (queue.workers > 0).then(|| clock.hold());
        queue.tasks.push_back((task, hold));
        drop(queues);
        self.arrived.notify_waiters();
    }

    /// Takes back a task that nobody waits for any more.
    pub(super) fn withdraw(&self, token: &str) {
        let mut gone = Vec::new();
        self.queues().retain(|_, queue| {
            let tasks = std::mem::take(&mut queue.tasks);
            let (others, withdrawn): (VecDeque<_>, _) = tasks.into_iter().partition(|(task, _)| &*task.token != token);
            queue.tasks = others;
            gone.push(withdrawn);
            !queue.tasks.is_empty() || queue.workers > 0
        });
        // The clock may wake somebody in here: nothing is locked.
        drop(gone);
    }

    /// The next task of the activity, as soon as there is one, with a hold on the time.
    pub(super) async fn take(&self, activity: &str, clock: &dyn Clock) -> (ActivityTask, Hold) {
        let _waiting = Waiting::new(self, activity);
        loop {
            let mut arrived = std::pin::pin!(self.arrived.notified());
            // From here on an arrival counts, so that none is missed after the look below.
            arrived.as_mut().enable();
            let next = self.queues().get_mut(activity).and_then(|queue| queue.tasks.pop_front());
            if let Some((task, hold)) = next {
                return (task, hold.unwrap_or_else(|| clock.hold()));
            }
            arrived.await;
        }
    }

    fn queues(&self) -> MutexGuard<'_, HashMap<String, Queue>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A worker that waits for a task.
struct Waiting<'a> {
    activities: &'a Activities,
    activity: &'a str,
}

impl<'a> Waiting<'a> {
    fn new(activities: &'a Activities, activity: &'a str) -> Self {
        activities.queues().entry(activity.to_owned()).or_default().workers += 1;
        Waiting { activities, activity }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut queues = self.activities.queues();
        let mut let_go = Vec::new();
        if let Some(queue) = queues.get_mut(self.activity) {
            queue.workers -= 1;
            if queue.workers == 0 {
                // Nobody is about to take the others: the time may pass.
                let_go.extend(queue.tasks.iter_mut().map(|(_, hold)| hold.take()));
                if queue.tasks.is_empty() {
                    queues.remove(self.activity);
                }
            }
        }
        drop(queues);
        // The clock may wake somebody in here: nothing is locked.
        drop(let_go);
    }
}
