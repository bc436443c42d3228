use std::sync::Arc;

use super::{ResultPath, StateName};
use crate::query::template::{JsonataTemplate, Template};

/// One entry of `Retry`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retrier {
    /// `ErrorEquals`
    pub error_equals: Vec<Arc<str>>,
    /// `IntervalSeconds`, 1 unless said.
    pub interval_seconds: u64,
    /// `MaxAttempts`, 3 unless said; 0 is never.
    pub max_attempts: u64,
    /// `BackoffRate`, 2 unless said.
    pub backoff_rate: f64,
    /// `MaxDelaySeconds`
    pub max_delay_seconds: Option<u64>,
    /// `JitterStrategy`
    pub jitter_strategy: JitterStrategy,
}

/// `JitterStrategy`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JitterStrategy {
    /// The delay as computed.
    #[default]
    None,
    /// A random delay between zero and the computed one.
    Full,
}

/// One entry of `Catch`.
#[derive(Clone, Debug, PartialEq)]
pub struct Catcher {
    /// `ErrorEquals`
    pub error_equals: Vec<Arc<str>>,
    /// `ResultPath`. JSONPath only.
    pub result_path: ResultPath,
    /// `Output`. JSONata only.
    pub output: Option<JsonataTemplate>,
    /// `Assign`
    pub assign: Option<Template>,
    /// `Next`
    pub next: StateName,
}
