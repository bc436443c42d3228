use std::time::Duration;

use super::{RetryPolicy, TaskDescription};

/// What a call sets for itself: `.timeout(..)`, `.heartbeat(..)`, `.retry(on!(..), backoff(..))`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallSettings {
    timeout_seconds: Option<u64>,
    heartbeat_seconds: Option<u64>,
    retry: Vec<RetryPolicy>,
}

impl CallSettings {
    /// Sets `TimeoutSeconds`.
    pub fn timeout(mut self, length: Duration) -> Self {
        self.timeout_seconds = Some(length.as_secs());
        self
    }

    /// Sets `HeartbeatSeconds`.
    pub fn heartbeat(mut self, length: Duration) -> Self {
        self.heartbeat_seconds = Some(length.as_secs());
        self
    }

    /// Adds a policy before those of the task.
    pub fn retry(mut self, errors: Vec<&'static str>, backoff: Backoff) -> Self {
        self.retry.push(RetryPolicy { errors, ..backoff.policy });
        self
    }

    /// The task with these settings.
    pub(crate) fn applied(&self, mut task: TaskDescription) -> TaskDescription {
        task.timeout_seconds = self.timeout_seconds.or(task.timeout_seconds);
        task.heartbeat_seconds = self.heartbeat_seconds.or(task.heartbeat_seconds);
        if self.retry.is_empty() { task } else { task.retry(self.retry.iter().cloned()) }
    }
}

/// How long a retry waits. Made by [`backoff`].
#[derive(Clone, Debug, PartialEq)]
pub struct Backoff {
    policy: RetryPolicy,
}

/// Retries after this long, doubled each time, at most 3 times.
pub fn backoff(interval: Duration) -> Backoff {
    let interval_seconds = interval.as_secs();
    Backoff { policy: RetryPolicy { interval_seconds, ..RetryPolicy::new(Vec::new()) } }
}

impl Backoff {
    /// At most so many retries.
    pub fn max(mut self, attempts: u64) -> Self {
        self.policy.max_attempts = attempts;
        self
    }

    /// What the wait is multiplied with each time.
    pub fn rate(mut self, rate: f64) -> Self {
        self.policy.backoff_rate = rate;
        self
    }

    /// The longest wait.
    pub fn cap(mut self, longest: Duration) -> Self {
        self.policy.max_delay_seconds = Some(longest.as_secs());
        self
    }

    /// Spreads the waits at random between nothing and their length.
    pub fn jitter(mut self) -> Self {
        self.policy.full_jitter = true;
        self
    }
}
