//! Redrive: a Map Run that failed or was stopped goes on with the children that did not succeed, and with the items
//! that no child was started with.

use std::collections::BTreeMap;

use sfn_asl::definition::ExecutionType;

use super::{Child, ChildId, Counts, MapRun, MapRunStatus};
use crate::machine::Status;

/// Children that a run keeps for a redrive; more of them are counted as not redrivable.
const CHILDREN: usize = 10_000;
/// Bytes of their inputs together.
const BYTES: usize = 16 << 20;

/// The children that did not succeed and can be redriven, with how they ended.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Unsuccessful {
    children: BTreeMap<ChildId, (Child, End)>,
    /// Those that a redrive is still to start again.
    due: BTreeMap<ChildId, (Child, End)>,
    /// Bytes of the inputs of all.
    bytes: usize,
}

/// How a child ended that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Failed,
    TimedOut,
    Aborted,
}

impl End {
    /// `None` of a child that succeeded.
    pub(super) fn of(status: &Status) -> Option<End> {
        match status {
            Status::Succeeded { .. } => None,
            Status::TimedOut => Some(End::TimedOut),
            Status::Aborted(_) => Some(End::Aborted),
            Status::Failed(_) | Status::NotStarted | Status::Running => Some(End::Failed),
        }
    }
}

impl Unsuccessful {
    /// Keeps a child; false when there is no room for it.
    pub(super) fn keep(&mut self, id: ChildId, child: Child, end: End) -> bool {
        let bytes = self.bytes.saturating_add(child.input.json_size());
        if self.children.len() + self.due.len() >= CHILDREN || bytes > BYTES {
            return false;
        }
        self.bytes = bytes;
        self.children.insert(id, (child, end));
        true
    }

    /// The child to be started again next.
    pub(super) fn due(&self) -> Option<ChildId> {
        self.due.keys().next().copied()
    }

    fn take(&mut self, id: ChildId) -> Option<Child> {
        let (child, _) = self.due.remove(&id)?;
        self.bytes -= child.input.json_size();
        Some(child)
    }
}

impl Counts {
    pub(super) fn of_end(&mut self, end: Option<End>) -> &mut u64 {
        match end {
            None => &mut self.succeeded,
            Some(End::Failed) => &mut self.failed,
            Some(End::TimedOut) => &mut self.timed_out,
            Some(End::Aborted) => &mut self.aborted,
        }
    }
}

impl MapRun {
    /// How often it was redriven.
    pub fn redrive_count(&self) -> u32 {
        self.redrive_count
    }

    /// When it was redriven last, in milliseconds since 1970-01-01T00:00Z.
    pub fn redriven_at(&self) -> Option<i64> {
        (self.redrive_count > 0).then_some(self.redriven_at)
    }

    /// Whether [`MapRunInput::Redrive`](super::MapRunInput::Redrive) would have an effect: the run failed or was stopped.
    pub fn is_redrivable(&self) -> bool {
        matches!(self.status, MapRunStatus::Failed(_) | MapRunStatus::Aborted)
    }

    /// True when a redrive of the run takes up the child again, which did not succeed: whoever has its log keeps it.
    pub fn keeps(&self, child: ChildId) -> bool {
        self.unsuccessful.children.contains_key(&child) || self.unsuccessful.due.contains_key(&child)
    }

    /// Takes `Redriven` in.
    pub(super) fn redrive(&mut self, time: i64) {
        self.status = MapRunStatus::Running;
        self.redrive_count += 1;
        self.redriven_at = time;
        self.ending = None;
        self.closed = false;
        self.is_without_results = false;
        self.unsuccessful.due = std::mem::take(&mut self.unsuccessful.children);
        for (child, end) in self.unsuccessful.due.values() {
            for (counts, number) in [(&mut self.counts.items, u64::from(child.items)), (&mut self.counts.executions, 1)]
            {
                *counts.of_end(Some(*end)) -= number;
                counts.pending_redrive += number;
            }
        }
        let is_complete = self.counts.executions.failures_not_redrivable == 0;
        if let Some(writer) = &mut self.writer {
            writer.reopen(is_complete);
        }
    }

    /// Takes `ChildRedriven` in.
    pub(super) fn redrive_child(&mut self, id: ChildId, time: i64) {
        let Some(mut child) = self.unsuccessful.take(id) else { return };
        for (counts, number) in [(&mut self.counts.items, u64::from(child.items)), (&mut self.counts.executions, 1)] {
            counts.pending_redrive -= number;
            counts.running += number;
        }
        if let Some(writer) = &mut self.writer {
            writer.children = writer.children.saturating_sub(1);
        }
        child.resumed_at = time;
        match self.plan.execution_type {
            ExecutionType::Standard => child.redrive_count += 1,
            // Express executions are not redriven, but run again.
            ExecutionType::Express => child.started_at = time,
        }
        self.children.insert(id, child);
    }

    /// What is due but was not started stays as it was when the run ends again.
    pub(super) fn put_off(&mut self) {
        let mut due = std::mem::take(&mut self.unsuccessful.due);
        for (child, end) in due.values() {
            for (counts, number) in [(&mut self.counts.items, u64::from(child.items)), (&mut self.counts.executions, 1)]
            {
                counts.pending_redrive -= number;
                *counts.of_end(Some(*end)) += number;
            }
        }
        self.unsuccessful.children.append(&mut due);
    }
}
