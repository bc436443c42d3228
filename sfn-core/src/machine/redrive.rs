//! Redrive: an execution that ended without success goes on with what did not succeed.
//!
//! What a state had brought about when it failed or was stopped is kept with its frame ([`Remains`]), and a branch or
//! iteration that did not succeed with its Parallel or Map. So a redrive knows all it needs from the machine alone, and
//! `apply` can do it: states that succeeded are not run again, a task is scheduled anew, a Parallel or Map goes on with
//! the branches and iterations that did not succeed, and a Distributed Map with its Map Run. What failed because data
//! were too large is done from its beginning.

use super::apply::after;
use super::frame::{Frame, MapRunOut, Parent, Phase, Remains};
use super::step::Turn;
use super::{Command, Event, ExecutionKind, Failure, FrameId, Machine, MapRunId, Rejected, Status};

/// Why an execution cannot be redriven, in AWS's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotRedrivable {
    /// It has not ended.
    #[error("Execution is RUNNING and cannot be redriven")]
    Running,
    /// It succeeded.
    #[error("Execution is SUCCEEDED and cannot be redriven")]
    Succeeded,
    /// It is an Express execution.
    #[error("This operation is not supported by this type of state machine")]
    Express,
    /// Its history has no room for more: at most 24,998 events may stand there.
    #[error("Execution history event limit exceeded")]
    TooManyEvents,
    /// It ended more than 14 days ago.
    #[error("Execution redrivable period exceeded")]
    TooLate,
    /// It is a child of a Map Run: its Map Run can be redriven, with the execution that the Map is part of.
    #[error("Execution can be redriven by its Map Run only")]
    ByMapRun,
}

impl Machine {
    /// Whether [`Input::Redrive`](super::Input::Redrive) would have an effect at `now`: AWS's `redriveStatus`, and its
    /// reason.
    ///
    /// A child of a Map Run counts like any other execution; its driver knows that only its Map Run may redrive it.
    pub fn redrivable(&self, now: i64) -> Result<(), NotRedrivable> {
        match self.status {
            Status::NotStarted | Status::Running => return Err(NotRedrivable::Running),
            Status::Succeeded { .. } => return Err(NotRedrivable::Succeeded),
            Status::Failed(_) | Status::Aborted(_) | Status::TimedOut => {}
        }
        if !self.is_standard() {
            return Err(NotRedrivable::Express);
        }
        if self.history_id.saturating_add(1) >= self.quotas.history_events {
            return Err(NotRedrivable::TooManyEvents);
        }
        if now > after(self.ended_at, self.quotas.redrive_seconds) {
            return Err(NotRedrivable::TooLate);
        }
        Ok(())
    }

    /// How often it was redriven.
    pub fn redrive_count(&self) -> u32 {
        self.redrive_count
    }

    /// When it was redriven last, in milliseconds since 1970-01-01T00:00Z.
    pub fn redriven_at(&self) -> Option<i64> {
        (self.redrive_count > 0).then_some(self.redriven_at)
    }

    pub(super) fn is_standard(&self) -> bool {
        matches!(self.identity.kind, ExecutionKind::Standard)
    }

    /// Takes `ExecutionRedriven` in: every frame there is goes on.
    pub(super) fn redrive(&mut self, redrive_count: u32, time: i64) {
        self.status = Status::Running;
        self.redrive_count = redrive_count;
        self.redriven_at = time;
        self.deadline = self.deadline_from(time);
        let frames: Vec<_> = self.frames.iter().map(|(id, _)| id).collect();
        for id in frames {
            self.frames[id].resume();
            if self.frames[id].phase.is_ready() {
                self.ready.push_back(id);
            }
        }
    }

    /// Takes `ChildRedriven` in.
    pub(super) fn redrive_child(&mut self, parent: FrameId, id: FrameId, index: u32) {
        let mut revived = None;
        self.alter_children(parent, |children| {
            revived = children.unsuccessful.remove(&index);
            children.running.insert(id);
        });
        let Some(mut frame) = revived else { return };
        frame.parent = frame.parent.map(|known| Parent { frame: parent, ..known });
        frame.resume();
        for (_, value) in &frame.variables {
            self.variable_bytes = self.variable_bytes.saturating_add(value.json_size());
        }
        let is_ready = frame.phase.is_ready();
        self.frames.insert(id, *frame);
        if is_ready {
            self.ready.push_back(id);
        }
    }

    /// Takes `MapRunRedriven` in.
    pub(super) fn redrive_map_run(&mut self, id: FrameId, redrive_count: u32) {
        let Phase::MapRunStopped(out) = &self.frames[id].phase else { return };
        let plan = out.plan.clone();
        let run = MapRunOut { id: MapRunId { frame: id, sequence: self.history_id }, plan, redrive_count };
        self.set_phase(id, Phase::MapRun(run));
    }

    /// Keeps what is left of the work in the phase that a state in frame `id` has just left without success. `failure`
    /// says why, if it failed.
    pub(super) fn set_aside(&mut self, id: FrameId, before: Phase, failure: Option<&Failure>) {
        let frame = &mut self.frames[id];
        if failure.is_some_and(|failure| failure.error.as_deref() == Some("States.DataLimitExceeded")) {
            frame.remains = None;
            return;
        }
        match before {
            Phase::Children(children) => frame.remains = Some(Box::new(Remains::Children(*children))),
            Phase::MapRun(run) | Phase::MapRunStopped(run) => frame.remains = Some(Box::new(Remains::MapRun(run))),
            _ => {}
        }
    }

    /// Makes a frame whose scope ends without success one that a redrive can go on with. `failure` says why, if it
    /// failed: what is halfway through its state then is run again.
    pub(super) fn fall(&mut self, id: FrameId, failure: Option<&Failure>) {
        let frame = &mut self.frames[id];
        if matches!(frame.phase, Phase::Entering | Phase::Ended(_)) {
            return;
        }
        let before = std::mem::replace(&mut frame.phase, Phase::Running);
        self.set_aside(id, before, failure);
    }
}

impl Frame {
    /// Goes on after a redrive; a frame that ran when its execution was stopped does as well.
    fn resume(&mut self) {
        self.retries.clear();
        self.phase = match std::mem::replace(&mut self.phase, Phase::Running) {
            Phase::Children(mut children) => {
                children.failure = None;
                Phase::Children(children)
            }
            Phase::MapRun(run) | Phase::MapRunStopped(run) => Phase::MapRunStopped(run),
            phase @ (Phase::Entering
            | Phase::Waited
            | Phase::DistributedMap(_)
            | Phase::MapRunSucceeded(_)
            | Phase::Result(_)
            | Phase::Ended(_)) => phase,
            Phase::Running
            | Phase::Task(_)
            | Phase::Waiting(_)
            | Phase::BackingOff(_)
            | Phase::Failed(_)
            | Phase::Aborted => match self.remains.take().map(|remains| *remains) {
                None => Phase::Running,
                Some(Remains::Children(mut children)) => {
                    children.failure = None;
                    Phase::Children(Box::new(children))
                }
                Some(Remains::MapRun(run)) => Phase::MapRunStopped(run),
            },
        };
    }
}

impl Turn<'_> {
    pub(super) fn redrive(&mut self) -> Result<(), Rejected> {
        if self.machine.status == Status::NotStarted {
            return Err(Rejected::NotStarted);
        }
        self.machine.redrivable(self.time)?;
        let redrive_count = self.machine.redrive_count.saturating_add(1);
        self.record(Event::ExecutionRedriven { redrive_count });
        Ok(())
    }

    /// Goes on with a branch or iteration that did not succeed; false when there is none.
    pub(super) fn redrive_next_child(&mut self, id: FrameId) -> bool {
        let children = self.machine.children(id);
        let Some(index) = children.redrivable() else { return false };
        let state = children.unsuccessful[&index].state;
        let frame = self.machine.frames.next_id();
        self.emit(Event::ChildRedriven { parent: id, frame, index, state });
        true
    }

    /// Goes on with the Map Run of the Map in frame `id`.
    pub(super) fn redrive_stopped_map_run(&mut self, id: FrameId) {
        let Phase::MapRunStopped(run) = &self.machine.frames[id].phase else { return };
        let limit = self.machine.quotas.map_run_redrives;
        if run.redrive_count >= limit {
            let cause = format!("The Map Run {} reached the maximum number of redrives ({limit}).", run.plan.arn);
            return self.fail_for_good(id, Failure::fatal("States.Runtime", cause));
        }
        let (plan, redrive_count) = (run.plan.clone(), run.redrive_count + 1);
        let redriven = self.emit(Event::MapRunRedriven { frame: id, plan, redrive_count });
        if redriven && let Phase::MapRun(run) = &self.machine.frames[id].phase {
            let request = self.machine.map_run_request(run);
            self.effects.commands.push(Command::StartMapRun(Box::new(request)));
        }
    }
}
