use std::time::Duration;

/// Time that passes. Made by [`sleep`] and [`sleep_until`].
#[must_use = "time passes when this is awaited in a `#[state_machine]`"]
#[derive(Clone, Debug, PartialEq)]
pub struct Pause(pub(crate) PauseLength);

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum PauseLength {
    For(Duration),
    Until(String),
}

/// Waits so long: `sleep(secs(30)).await` in a `#[state_machine]`.
pub fn sleep(length: Duration) -> Pause {
    Pause(PauseLength::For(length))
}

/// Waits until a time in RFC 3339, say `2026-05-01T12:00:00Z`; a time that is past is no wait.
pub fn sleep_until(time: String) -> Pause {
    Pause(PauseLength::Until(time))
}

/// So many seconds.
pub const fn secs(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// So many minutes.
pub const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(60))
}

/// So many hours.
pub const fn hours(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(3_600))
}

/// So many days.
pub const fn days(count: u64) -> Duration {
    Duration::from_secs(count.saturating_mul(86_400))
}
