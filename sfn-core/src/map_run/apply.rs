//! The only code that changes a Map Run.

use sfn_asl::definition::WriterTransformation;
use sfn_asl::value::Value;

use super::redrive::{End, Unsuccessful};
use super::writer::Outcome;
use super::{Child, ChildId, Counts, Ending, MapRun, MapRunEvent, MapRunRecord, MapRunStatus};
use crate::machine::{Failure, Status};

impl MapRun {
    /// Takes an event in. Applying the events of a run to a new one gives the run that made them.
    pub fn apply(&mut self, record: &MapRunRecord) {
        let time = record.time;
        match &record.event {
            MapRunEvent::Started => self.status = MapRunStatus::Running,
            MapRunEvent::ItemsRequested { most } => self.requested = Some(*most),
            MapRunEvent::ItemsRead { items, is_last } => {
                self.requested = None;
                self.all_read = *is_last;
                let count = items.len() as u64;
                self.items_read += count;
                self.counts.items.total += count;
                self.counts.items.pending += count;
                self.items.extend(items.iter().cloned());
            }
            MapRunEvent::ChildStarted { child, name, input, items } => {
                self.items.drain(..(*items as usize).min(self.items.len()));
                self.children_started += 1;
                let (items, started_at) = (*items, time);
                let (name, input) = (name.clone(), input.clone());
                let started = Child { name, input, items, started_at, resumed_at: started_at, redrive_count: 0 };
                self.children.insert(*child, started);
                self.counts.items.pending -= u64::from(items);
                self.counts.items.running += u64::from(items);
                self.counts.executions.total += 1;
                self.counts.executions.running += 1;
            }
            MapRunEvent::ChildEnded { child, status } => self.end_child(*child, status, time),
            MapRunEvent::ChildStopped { child } => {
                self.end_child(*child, &Status::Aborted(Failure::default()), time);
            }
            MapRunEvent::ResultsClosed => self.close(),
            MapRunEvent::PartStarted => {
                if let Some(writer) = &mut self.writer {
                    writer.part_started();
                }
            }
            MapRunEvent::PartWritten => {
                if let Some(writer) = &mut self.writer {
                    writer.part_written();
                }
            }
            MapRunEvent::Updated { max_concurrency, tolerance } => {
                self.max_concurrency = *max_concurrency;
                self.tolerance = *tolerance;
            }
            MapRunEvent::Failing { failure, without_results } => {
                self.ending = Some(Ending::Failing(failure.clone()));
                self.requested = None;
                self.is_without_results |= *without_results;
            }
            MapRunEvent::Aborting => {
                self.ending = Some(Ending::Aborting);
                self.requested = None;
                self.is_without_results = true;
            }
            MapRunEvent::Succeeded { output } => self.end(MapRunStatus::Succeeded { output: output.clone() }),
            MapRunEvent::Failed { failure } => self.end(MapRunStatus::Failed(failure.clone())),
            MapRunEvent::Aborted => self.end(MapRunStatus::Aborted),
            MapRunEvent::Redriven => self.redrive(time),
            MapRunEvent::ChildRedriven { child } => self.redrive_child(*child, time),
        }
    }

    fn end_child(&mut self, id: ChildId, status: &Status, time: i64) {
        let Some(child) = self.children.remove(&id) else { return };
        let end = End::of(status);
        let tally = |counts: &mut Counts, number: u64| {
            counts.running -= number;
            *counts.of_end(end) += number;
        };
        tally(&mut self.counts.items, u64::from(child.items));
        tally(&mut self.counts.executions, 1);
        let record = self.record(&child, status, time);
        let outcome = match status {
            Status::Succeeded { .. } => Outcome::Succeeded,
            _ => Outcome::Failed,
        };
        let flatten = self.plan.writer.transformation == WriterTransformation::Flatten;
        if let Some(writer) = &mut self.writer {
            match &record {
                Value::Array(items) if flatten => items.iter().for_each(|item| writer.add(outcome, item)),
                record => writer.add(outcome, record),
            }
            writer.children += 1;
        } else {
            self.keep(id, record);
        }
        if let Some(end) = end {
            let items = u64::from(child.items);
            if !self.unsuccessful.keep(id, child, end) {
                self.counts.items.failures_not_redrivable += items;
                self.counts.executions.failures_not_redrivable += 1;
            }
        }
    }

    /// Keeps a result that becomes part of the Map's, unless they are too large already.
    fn keep(&mut self, id: ChildId, record: Value) {
        if let Some(before) = self.results.remove(&id) {
            self.result_bytes = self.result_bytes.saturating_sub(before.json_size()).saturating_sub(1);
        }
        self.result_bytes = self.result_bytes.saturating_add(record.json_size()).saturating_add(1);
        if self.result_bytes > self.quotas.payload_bytes {
            self.results.clear();
        } else {
            self.results.insert(id, record);
        }
    }

    /// True when the results are larger than a payload may be.
    pub(super) fn is_too_large(&self) -> bool {
        self.result_bytes > self.quotas.payload_bytes
    }

    fn close(&mut self) {
        self.closed = true;
        let Some(mut writer) = self.writer.take() else { return };
        for input in &self.items {
            writer.add(Outcome::Pending, &self.pending_record(input));
        }
        writer.close(&self.plan.arn);
        self.writer = Some(writer);
    }

    fn end(&mut self, status: MapRunStatus) {
        if let Some(writer) = self.writer.as_ref().filter(|_| !self.is_without_results) {
            self.counts.executions.results_written = writer.children;
            self.counts.items.results_written = self.counts.items.total - self.counts.items.running;
        }
        if matches!(status, MapRunStatus::Succeeded { .. }) {
            self.items.clear();
            self.results.clear();
            self.unsuccessful = Unsuccessful::default();
        }
        self.put_off();
        self.status = status;
        self.requested = None;
    }
}
