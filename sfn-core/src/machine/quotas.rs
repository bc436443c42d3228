//! The limits that AWS sets an execution.

use std::sync::{Arc, LazyLock};

/// The limits of an execution; AWS's unless lifted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotas {
    /// Bytes of an input or output, as JSON text: 262,144.
    pub payload_bytes: usize,
    /// Events of the history of a Standard execution, the last one included: 25,000.
    pub history_events: u32,
    /// Events after which an Express execution is taken to have run out of its time: 1,000,000. AWS counts none; it is more than
    /// five minutes are enough for there, and a loop under a clock that stands still ends by it.
    pub express_events: u32,
    /// Bytes of all variables an execution holds: 10 MiB.
    pub variable_bytes: usize,
    /// Iterations of an inline Map that run at once when `MaxConcurrency` sets no lower limit: 40.
    pub inline_map_concurrency: u32,
    /// Child executions of a Distributed Map that run at once when `MaxConcurrency` sets no lower limit: 10,000.
    pub distributed_map_concurrency: u32,
    /// Whether the `Items` of a Map may be an object, whose members are then iterated over. AWS refused it until 2025.
    pub items_of_objects: bool,
    /// Seconds that an Express execution may take: 300. A Standard one has no limit but its `TimeoutSeconds`.
    pub express_seconds: u64,
    /// Seconds after its end in which an execution can be redriven: 14 days.
    pub redrive_seconds: u64,
    /// How often a Map Run can be redriven: 1,000 times.
    pub map_run_redrives: u32,
}

impl Default for Quotas {
    fn default() -> Self {
        Quotas {
            payload_bytes: 256 << 10,
            history_events: 25_000,
            express_events: 1_000_000,
            variable_bytes: 10 << 20,
            inline_map_concurrency: 40,
            distributed_map_concurrency: 10_000,
            items_of_objects: true,
            express_seconds: 300,
            redrive_seconds: 14 * 86_400,
            map_run_redrives: 1000,
        }
    }
}

impl Quotas {
    /// The same limits, shared where they are AWS's.
    pub(crate) fn shared(self) -> Arc<Quotas> {
        static DEFAULT: LazyLock<Arc<Quotas>> = LazyLock::new(Arc::default);
        if self == **DEFAULT { DEFAULT.clone() } else { Arc::new(self) }
    }

    /// No limits: for workflows that never go to AWS.
    pub fn unlimited() -> Self {
        Quotas {
            payload_bytes: usize::MAX,
            history_events: u32::MAX,
            express_events: u32::MAX,
            variable_bytes: usize::MAX,
            items_of_objects: true,
            inline_map_concurrency: u32::MAX,
            distributed_map_concurrency: 10_000,
            express_seconds: u64::MAX,
            redrive_seconds: u64::MAX,
            map_run_redrives: u32::MAX,
        }
    }
}
