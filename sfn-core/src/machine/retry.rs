//! When a Retrier or Catcher applies, and how long a retry waits.

use std::sync::Arc;

use sfn_asl::definition::{JitterStrategy, Retrier};

use super::{Failure, FailureKind};

/// True when a list of `ErrorEquals` names the failure.
///
/// `States.ALL` stands for every failure that can be caught at all, `States.TaskFailed` for every one but
/// `States.Timeout`, `States.HeartbeatTimeout` also for a missed heartbeat, which carries the name `States.Timeout`.
pub fn matches(error_equals: &[Arc<str>], failure: &Failure) -> bool {
    failure.is_catchable() && error_equals.iter().any(|name| names(name, failure))
}

fn names(name: &str, failure: &Failure) -> bool {
    let error = failure.error.as_deref();
    match name {
        "States.ALL" => true,
        "States.TaskFailed" => error != Some("States.Timeout"),
        "States.HeartbeatTimeout" if failure.kind == FailureKind::HeartbeatTimeout => true,
        _ => error == Some(name),
    }
}

/// Milliseconds until the retry number `attempt` (from 0) of a Retrier.
///
/// `min(IntervalSeconds * BackoffRate^attempt, MaxDelaySeconds)`; with `"JitterStrategy": "FULL"` a share of it, which
/// `jitter` (0 to 1) says.
pub fn delay_milliseconds(retrier: &Retrier, attempt: u32, jitter: f64) -> i64 {
    let exponent = i32::try_from(attempt).unwrap_or(i32::MAX);
    let mut seconds = retrier.interval_seconds as f64 * retrier.backoff_rate.powi(exponent);
    if let Some(longest) = retrier.max_delay_seconds {
        seconds = seconds.min(longest as f64);
    }
    if retrier.jitter_strategy == JitterStrategy::Full {
        seconds *= jitter;
    }
    // The cast saturates: a backoff beyond any clock is as long as the clock can say.
    ((seconds * 1000.0).round() as i64).min(LONGEST_MILLISECONDS)
}

/// A hundred thousand years: no sum with a clock reading overflows.
const LONGEST_MILLISECONDS: i64 = 100_000 * 366 * 86_400 * 1000;
