use super::{DataFlow, Setting, Timestamp, Transition};

/// A Wait state.
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// How long.
    pub duration: WaitDuration,
    /// Input, output and variables.
    pub flow: DataFlow,
    /// `Next` or `End`
    pub transition: Transition,
}

/// How long a Wait state waits.
#[derive(Clone, Debug, PartialEq)]
pub enum WaitDuration {
    /// `Seconds`, `SecondsPath`
    Seconds(Setting<u64>),
    /// `Timestamp`, `TimestampPath`
    Timestamp(Setting<Timestamp>),
}
