//! The only code that changes a machine: facts in, new state out, nothing evaluated.

use std::collections::{BTreeMap, BTreeSet};

use sfn_asl::value::{Object, Value};

use super::frame::{
    ChildKind, Children, DistributedMap, FailedState, Frame, IterationItem, MapRunOut, Parent, Phase, TaskRun,
};
use super::{Event, Failure, FrameId, Machine, MapRunId, Record, Status, TaskId};
use crate::item_reader::Collection;
use crate::program::{Kind, StateId};

impl Machine {
    /// Takes an event in. Applying the events of an execution to a new machine, one after the other, gives the machine
    /// that made them.
    pub fn apply(&mut self, record: &Record) {
        if record.event.is_recorded() {
            self.history_id += 1;
        }
        let time = record.time;
        match &record.event {
            Event::ExecutionStarted { input } => {
                self.status = Status::Running;
                self.started_at = time;
                self.input = input.clone();
                self.deadline = self.deadline_from(time);
                self.frames.insert(FrameId::ROOT, Frame::new(None, self.program.start(), input.clone(), None));
                self.ready.push_back(FrameId::ROOT);
            }
            Event::StateEntered { frame, state, input } => {
                let entered_id = self.history_id;
                let entered = &mut self.frames[*frame];
                entered.state = *state;
                entered.input = input.clone();
                entered.entered_id = entered_id;
                entered.entered_at = time;
                entered.retries.clear();
                entered.remains = None;
                self.set_phase(*frame, Phase::Running);
            }
            Event::StateExited { frame, output, assigned, next } => {
                self.assign(*frame, assigned.as_ref());
                self.frames[*frame].remains = None;
                match next {
                    Some(next) => {
                        let left = &mut self.frames[*frame];
                        left.state = *next;
                        left.input = output.clone();
                        self.set_phase(*frame, Phase::Entering);
                    }
                    None => self.set_phase(*frame, Phase::Ended(output.clone())),
                }
            }
            Event::TaskScheduled { frame, parameters, timeout_seconds, heartbeat_seconds, role_arn, token } => {
                let run = TaskRun {
                    id: TaskId { frame: *frame, sequence: self.history_id },
                    token: token.clone(),
                    started: false,
                    submitted: false,
                    parameters: parameters.clone(),
                    role_arn: role_arn.clone(),
                    timeout_seconds: *timeout_seconds,
                    timeout_at: timeout_seconds.map(|seconds| after(time, u64::from(seconds))),
                    heartbeat_seconds: *heartbeat_seconds,
                    has_heartbeats: self.has_heartbeats(*frame),
                    heartbeat_at: None,
                };
                let run = TaskRun { heartbeat_at: run.next_heartbeat(time), ..run };
                self.set_phase(*frame, Phase::Task(Box::new(run)));
            }
            Event::TaskStarted { frame, .. } => self.alter_task(*frame, time, |task| task.started = true),
            Event::TaskSubmitted { frame, .. } => self.alter_task(*frame, time, |task| task.submitted = true),
            Event::TaskHeartbeat { frame } => self.alter_task(*frame, time, |_| {}),
            Event::TaskSucceeded { frame, output } => self.set_phase(*frame, Phase::Result(output.clone())),
            Event::TaskFailed { frame, failure, .. } | Event::TaskTimedOut { frame, failure } => {
                self.fail(*frame, failure, false, false);
            }
            Event::EvaluationFailed { frame, failure, settled, .. } => self.fail(*frame, failure, *settled, false),
            Event::RetryScheduled { frame, retrier, until } => {
                let retriers = self.program.node(self.frames[*frame].state).kind.error_handling().0.len();
                let retries = &mut self.frames[*frame].retries;
                retries.resize(retriers, 0);
                retries[*retrier as usize] += 1;
                self.frames[*frame].remains = None;
                self.set_phase(*frame, Phase::BackingOff(*until));
            }
            Event::RetryStarted { frame } => self.set_phase(*frame, Phase::Running),
            Event::WaitEnded { frame } => self.set_phase(*frame, Phase::Waited),
            Event::WaitStarted { frame, until } => self.set_phase(*frame, Phase::Waiting(*until)),
            Event::ParallelStarted { frame, input, branches } => {
                self.set_phase(*frame, Phase::Children(Box::new(Children::new(input, None, *branches, *branches))));
            }
            Event::MapStarted { frame, input, items, max_concurrency } => {
                let total = u32::try_from(items.len()).expect("an array in memory has less than 2^32 items");
                let children = Children::new(input, Some(items.clone()), total, *max_concurrency);
                self.set_phase(*frame, Phase::Children(Box::new(children)));
            }
            Event::DistributedMapStarted { frame, input, items, max_concurrency } => {
                let (input, items, max_concurrency) = (input.clone(), items.clone(), *max_concurrency);
                let map = DistributedMap { input, items, max_concurrency };
                self.set_phase(*frame, Phase::DistributedMap(Box::new(map)));
            }
            Event::MapRunStarted { frame, plan } => {
                let id = MapRunId { frame: *frame, sequence: self.history_id };
                self.set_phase(*frame, Phase::MapRun(MapRunOut { id, plan: plan.clone(), redrive_count: 0 }));
            }
            Event::MapRunRedriven { frame, redrive_count, .. } => self.redrive_map_run(*frame, *redrive_count),
            Event::MapRunAborted { frame } => {
                if let Phase::MapRun(run) = &self.frames[*frame].phase {
                    let run = run.clone();
                    self.set_phase(*frame, Phase::MapRunStopped(run));
                }
            }
            Event::MapRunSucceeded { frame, output } => self.set_phase(*frame, Phase::MapRunSucceeded(output.clone())),
            Event::MapRunFailed { frame, failure } => self.fail(*frame, failure, false, false),
            Event::BranchStarted { parent, frame, index, start } => {
                let input = self.children(*parent).input.clone();
                self.start_child(*parent, *frame, *index, ChildKind::Branch, *start, input, None);
            }
            Event::IterationStarted { parent, frame, index, start, input } => {
                let items = self.children(*parent).items.as_ref().expect("a Map has items");
                let item = items.get(*index as usize);
                let item = item.map(|(key, value)| IterationItem { key: key.cloned(), value: value.clone() });
                self.start_child(*parent, *frame, *index, ChildKind::Iteration, *start, input.clone(), item);
            }
            Event::ChildRedriven { parent, frame, index, .. } => self.redrive_child(*parent, *frame, *index),
            Event::BranchSucceeded { frame, output } | Event::IterationSucceeded { frame, output } => {
                self.end_child(*frame, Some(output), None);
            }
            Event::BranchFailed { frame, failure } | Event::IterationFailed { frame, failure } => {
                self.end_child(*frame, None, Some(failure));
            }
            Event::BranchAborted { frame } | Event::IterationAborted { frame } => self.end_child(*frame, None, None),
            Event::IterationStartFailed { frame, failure } => self.fail(*frame, failure, false, false),
            Event::ChildrenSucceeded { frame } => {
                if let Phase::MapRunSucceeded(output) = &self.frames[*frame].phase {
                    let output = output.clone();
                    return self.set_phase(*frame, Phase::Result(output));
                }
                let outputs = self.children(*frame).outputs.iter();
                let result = outputs.map(|output| output.clone().expect("every child has succeeded")).collect();
                self.set_phase(*frame, Phase::Result(Value::Array(result)));
            }
            Event::ChildrenFailed { frame, failure } => self.fail(*frame, failure, false, true),
            Event::StateAborted { frame } => match &self.frames[*frame].phase {
                Phase::Failed(failed) => {
                    let failure = failed.failure.clone();
                    self.fail(*frame, &failure, true, true);
                }
                _ => {
                    let before = self.replace_phase(*frame, Phase::Aborted);
                    self.set_aside(*frame, before, None);
                }
            },
            Event::ExecutionSucceeded { output } => self.end(Status::Succeeded { output: output.clone() }, time),
            Event::ExecutionFailed { failure } => {
                self.fall(FrameId::ROOT, Some(failure));
                self.end(Status::Failed(failure.clone()), time);
            }
            Event::ExecutionAborted { failure } => self.end(Status::Aborted(failure.clone()), time),
            Event::ExecutionTimedOut => self.end(Status::TimedOut, time),
            Event::ExecutionRedriven { redrive_count } => self.redrive(*redrive_count, time),
        }
    }

    /// When an execution times out that begins, or goes on, at `time`.
    pub(super) fn deadline_from(&self, time: i64) -> Option<i64> {
        let express = (!self.is_standard()).then_some(self.quotas.express_seconds).filter(|most| *most < u64::MAX);
        let seconds = self.program.timeout_seconds().into_iter().chain(express).min();
        seconds.map(|seconds| after(time, seconds))
    }

    /// Changes what goes on in a frame, and keeps the queue and the deadlines right.
    pub(super) fn set_phase(&mut self, id: FrameId, phase: Phase) {
        self.replace_phase(id, phase);
    }

    /// The same; answers what went on before.
    fn replace_phase(&mut self, id: FrameId, phase: Phase) -> Phase {
        let frame = &mut self.frames[id];
        let was_ready = frame.phase.is_ready();
        let is_ready = phase.is_ready();
        let before = std::mem::replace(&mut frame.phase, phase);
        for deadline in before.deadlines() {
            self.deadlines.remove(&(deadline, id));
        }
        for deadline in self.frames[id].phase.deadlines() {
            self.deadlines.insert((deadline, id));
        }
        self.requeue(id, was_ready, is_ready);
        before
    }

    fn requeue(&mut self, id: FrameId, was_ready: bool, is_ready: bool) {
        if is_ready && !was_ready {
            self.ready.push_back(id);
        } else if was_ready && !is_ready {
            if self.ready.front() == Some(&id) {
                self.ready.pop_front();
            } else if let Some(position) = self.ready.iter().position(|ready| *ready == id) {
                self.ready.remove(position);
            }
        }
    }

    /// Changes a running task; every sign of life begins its heartbeat anew.
    fn alter_task(&mut self, id: FrameId, time: i64, change: impl FnOnce(&mut TaskRun)) {
        let Phase::Task(task) = &self.frames[id].phase else { return };
        let mut task = task.clone();
        change(&mut task);
        task.heartbeat_at = task.next_heartbeat(time);
        self.set_phase(id, Phase::Task(task));
    }

    fn has_heartbeats(&self, id: FrameId) -> bool {
        match &self.program.node(self.frames[id].state).kind {
            Kind::Task(task) => task.resource.integration.has_heartbeats(),
            _ => false,
        }
    }

    /// Bytes of all variables once the frame has assigned these.
    pub(super) fn variable_bytes_with(&self, id: FrameId, assigned: &Object) -> usize {
        let held = &self.frames[id].variables;
        let replaced = held.iter().filter(|(name, _)| assigned.contains_key(name)).map(|(_, value)| value.json_size());
        let added = assigned.values().map(Value::json_size);
        self.variable_bytes.saturating_sub(replaced.sum()).saturating_add(added.sum())
    }

    pub(super) fn assign(&mut self, id: FrameId, assigned: Option<&Object>) {
        let Some(assigned) = assigned else { return };
        let variables = &mut self.frames[id].variables;
        for (name, value) in assigned.iter() {
            self.variable_bytes = self.variable_bytes.saturating_add(value.json_size());
            match variables.iter_mut().find(|(known, _)| known == name) {
                Some((_, held)) => {
                    self.variable_bytes = self.variable_bytes.saturating_sub(held.json_size());
                    *held = value.clone();
                }
                None => variables.push((name.clone(), value.clone())),
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "they are the members of the two events that start a child")]
    fn start_child(
        &mut self,
        parent: FrameId,
        id: FrameId,
        index: u32,
        kind: ChildKind,
        start: StateId,
        input: Value,
        item: Option<IterationItem>,
    ) {
        self.frames.insert(id, Frame::new(Some(Parent { frame: parent, index, kind }), start, input, item));
        self.ready.push_back(id);
        self.alter_children(parent, |children| {
            children.started += 1;
            children.running.insert(id);
        });
    }

    fn fail(&mut self, id: FrameId, failure: &Failure, settled: bool, closed: bool) {
        if matches!(&self.frames[id].phase, Phase::Children(children) if !children.running.is_empty()) {
            // Those that run are stopped first; what follows is decided when they are.
            return self.alter_children(id, |children| children.failure = Some(failure.clone()));
        }
        // A failure on the way out of another, such as a Catcher's own, finds the state as settled and closed as it was.
        let (was_settled, was_closed) = match &self.frames[id].phase {
            Phase::Failed(failed) => (failed.settled, failed.closed),
            _ => (false, false),
        };
        let failed =
            FailedState { failure: failure.clone(), settled: settled || was_settled, closed: closed || was_closed };
        let before = self.replace_phase(id, Phase::Failed(Box::new(failed)));
        self.set_aside(id, before, Some(failure));
    }

    fn end_child(&mut self, id: FrameId, output: Option<&Value>, failure: Option<&Failure>) {
        let frame = &self.frames[id];
        let Some(parent) = frame.parent else { return };
        let was_ready = frame.phase.is_ready();
        for deadline in frame.phase.deadlines() {
            self.deadlines.remove(&(deadline, id));
        }
        for (_, value) in &frame.variables {
            self.variable_bytes = self.variable_bytes.saturating_sub(value.json_size());
        }
        self.requeue(id, was_ready, false);
        if output.is_none() {
            self.fall(id, failure);
        }
        let ended = self.frames.remove(id);
        self.alter_children(parent.frame, |children| {
            children.running.remove(&id);
            children.outputs[parent.index as usize] = output.cloned();
            if output.is_none() {
                children.unsuccessful.extend(ended.map(|frame| (parent.index, frame)));
            }
            if children.failure.is_none() {
                children.failure = failure.cloned();
            }
        });
    }

    pub(super) fn alter_children(&mut self, id: FrameId, change: impl FnOnce(&mut Children)) {
        let Phase::Children(children) = &mut self.frames[id].phase else { return };
        let (was_ready, had_failed) = (children.is_ready(), children.failure.is_some());
        change(children);
        let (is_ready, has_failed) = (children.is_ready(), children.failure.is_some());
        self.requeue(id, was_ready, is_ready);
        if has_failed && !had_failed {
            // The others are stopped before any of them goes on.
            self.ready.retain(|ready| *ready != id);
            self.ready.push_front(id);
        }
    }

    fn end(&mut self, status: Status, time: i64) {
        let is_redrivable = self.is_standard() && !matches!(status, Status::Succeeded { .. });
        self.status = status;
        self.ended_at = time;
        if !is_redrivable {
            self.frames.clear();
        }
        self.ready.clear();
        self.deadlines.clear();
        self.deadline = None;
    }
}

/// `seconds` after `time`, at most the end of the clock.
pub(super) fn after(time: i64, seconds: u64) -> i64 {
    time.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX).saturating_mul(1000))
}

impl TaskRun {
    /// When the next sign of life is due after one at `time`.
    fn next_heartbeat(&self, time: i64) -> Option<i64> {
        let seconds = self.heartbeat_seconds.filter(|_| self.has_heartbeats);
        seconds.map(|seconds| after(time, u64::from(seconds)))
    }
}

impl Frame {
    fn new(parent: Option<Parent>, state: StateId, input: Value, item: Option<IterationItem>) -> Self {
        Frame {
            parent,
            state,
            input,
            entered_id: 0,
            entered_at: 0,
            phase: Phase::Entering,
            retries: Vec::new(),
            variables: Vec::new(),
            item,
            remains: None,
        }
    }
}

impl Children {
    fn new(input: &Value, items: Option<Collection>, total: u32, max_concurrency: u32) -> Self {
        Children {
            input: input.clone(),
            items,
            total,
            max_concurrency,
            started: 0,
            running: BTreeSet::new(),
            outputs: vec![None; total as usize],
            failure: None,
            unsuccessful: BTreeMap::new(),
        }
    }
}
