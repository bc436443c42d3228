/// What a Map Run counts, as `DescribeMapRun` tells it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MapRunCounts {
    /// `itemCounts`. The total grows while items are read.
    pub items: Counts,
    /// `executionCounts`. A child counts once it is started.
    pub executions: Counts,
}

/// Items or child executions by how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// `pending`
    pub pending: u64,
    /// `running`
    pub running: u64,
    /// `succeeded`
    pub succeeded: u64,
    /// `failed`
    pub failed: u64,
    /// `timedOut`
    pub timed_out: u64,
    /// `aborted`
    pub aborted: u64,
    /// `total`
    pub total: u64,
    /// `resultsWritten`
    pub results_written: u64,
    /// `failuresNotRedrivable`: those that failed and that a redrive does not take up, because there are too many.
    pub failures_not_redrivable: u64,
    /// `pendingRedrive`: those that a redrive is still to take up.
    pub pending_redrive: u64,
}

impl Counts {
    /// Those that failed, whatever the way.
    pub fn unsuccessful(&self) -> u64 {
        self.failed + self.timed_out + self.aborted
    }
}
