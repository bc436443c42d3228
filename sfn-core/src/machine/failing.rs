//! What follows when a state fails: Retry, Catch, and the way up.

use std::sync::Arc;

use sfn_asl::query::{EvaluationError, Scope};
use sfn_asl::value::{Object, Value};

use super::data_flow::{Evaluated, Outcome, jsonata, variables};
use super::frame::{ChildKind, FailedState, Phase};
use super::observe::Note;
use super::step::Turn;
use super::{Command, Event, Failure, FrameId, retry};
use crate::program::{CatchNode, Kind, StateId};

/// The cause of a failure while a state was executed.
pub(crate) fn cause_in_state(name: &str, entered_id: u32, cause: &str) -> String {
    format!("An error occurred while executing the state '{name}' (entered at the event id #{entered_id}). {cause}")
}

/// The failure of a state or task whose result is too large; `name` is the state's, or the task's resource.
pub(crate) fn result_too_large(name: &str) -> Failure {
    let cause = format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
    );
    Failure::new("States.DataLimitExceeded", cause)
}

impl Turn<'_> {
    /// An expression of the state in frame `id` could not be evaluated.
    pub(super) fn fail_evaluation(&mut self, id: FrameId, error: EvaluationError) {
        self.fail_evaluation_within(id, error, false);
    }

    /// The same; `settled` when Retry and Catch of the state must not see it.
    fn fail_evaluation_within(&mut self, id: FrameId, error: EvaluationError, settled: bool) {
        let frame = &self.machine.frames[id];
        let name = &self.machine.program.node(frame.state).name;
        let cause = match self.observer {
            // A state that is tested by itself has no history to point at.
            Some(_) => error.cause,
            None => cause_in_state(name, frame.entered_id, &error.cause),
        };
        let is_query = error.error == "States.QueryEvaluationError";
        let location: Option<Arc<str>> = error.location.as_deref().map(Arc::from);
        let failure = Failure::from(EvaluationError { cause, ..error });
        let runs_children = matches!(&frame.phase, Phase::Children(children) if !children.running.is_empty());
        if is_query {
            self.emit(Event::EvaluationFailed { frame: id, failure, location, settled });
        } else if runs_children {
            self.emit(Event::IterationStartFailed { frame: id, failure });
        } else {
            self.settle(id, FailedState { closed: !failure.is_catchable(), settled, failure });
        }
    }

    /// Decides what follows from a failed state, by one event.
    pub(super) fn settle(&mut self, id: FrameId, failed: FailedState) {
        let FailedState { failure, settled, closed } = failed;
        self.note(|| Note::Failed(failure.clone()));
        let node_state = self.machine.frames[id].state;
        let program = self.machine.program.clone();
        let kind = &program.node(node_state).kind;
        let (retriers, catchers) = kind.error_handling();
        if !settled
            && !closed
            && let Some(event) = self.retry(id, retriers, &failure)
        {
            self.emit(event);
            return;
        }
        if !closed && matches!(kind, Kind::Parallel(_) | Kind::Map(_)) {
            self.emit(Event::ChildrenFailed { frame: id, failure });
            return;
        }
        if !settled {
            let catcher = catchers.iter().enumerate().find(|(_, node)| retry::matches(&node.error_equals, &failure));
            if let Some((index, catcher)) = catcher {
                return self.catch(id, index, catcher, &failure);
            }
        }
        let parent = self.machine.frames[id].parent.map(|parent| parent.kind);
        if parent.is_some() && !closed && matches!(kind, Kind::Task(_)) && self.machine.frames[id].is_failed() {
            self.emit(Event::StateAborted { frame: id });
            return;
        }
        match parent {
            None => self.end(Event::ExecutionFailed { failure }),
            Some(ChildKind::Branch) => {
                self.emit(Event::BranchFailed { frame: id, failure });
            }
            Some(ChildKind::Iteration) => {
                self.emit(Event::IterationFailed { frame: id, failure });
            }
        }
    }

    fn retry(&self, id: FrameId, retriers: &[sfn_asl::definition::Retrier], failure: &Failure) -> Option<Event> {
        // The first Retrier that names the error decides, also when its attempts are used up.
        let index = retriers.iter().position(|retrier| retry::matches(&retrier.error_equals, failure))?;
        self.note(|| Note::Retrier(index));
        let retrier = &retriers[index];
        let attempts = self.machine.frames[id].retries.get(index).copied().unwrap_or(0);
        if u64::from(attempts) >= retrier.max_attempts {
            return None;
        }
        let delay = retry::delay_milliseconds(retrier, attempts, self.random.next_f64());
        let retrier = u32::try_from(index).expect("a definition of a megabyte has less than 2^32 retriers");
        Some(Event::RetryScheduled { frame: id, retrier, until: self.time.saturating_add(delay) })
    }

    fn catch(&mut self, id: FrameId, index: usize, catcher: &CatchNode, failure: &Failure) {
        match self.caught(id, index, catcher, &failure.error_output()) {
            Ok((output, assigned)) => {
                self.note(|| Note::Caught(index));
                self.exit(id, output, assigned, Some(catcher.next));
            }
            Err(error) => self.fail_evaluation_within(id, error, true),
        }
    }

    /// Output and variables of a Catcher: only its own fields count, the state's are not applied.
    fn caught(&self, id: FrameId, index: usize, catcher: &CatchNode, error_output: &Value) -> Evaluated<Outcome> {
        let frame = &self.machine.frames[id];
        let view = self.view(id);
        if self.machine.program.node(frame.state).is_jsonata() {
            let scope = Scope { error_output: Some(error_output), ..self.scope(&view, &frame.input) };
            let place = format_args!("Catch[{index}]/");
            let assign = jsonata(catcher.assign.as_ref());
            return self.jsonata_outcome(&scope, catcher.output.as_ref(), assign, place, || error_output.clone());
        }
        let scope = self.scope(&view, error_output);
        let assigned = catcher.assign.as_ref().map(|template| template.evaluate(&scope, "Assign")).transpose()?;
        let output = self.merge(&catcher.result_path, &frame.input, error_output.clone())?;
        Ok((output, assigned.map(variables)))
    }

    /// Leaves the state in frame `id`, unless what it hands on is too large.
    pub(super) fn exit(&mut self, id: FrameId, output: Value, assigned: Option<Object>, next: Option<StateId>) {
        let quotas = *self.machine.quotas;
        let name = || &self.machine.program.node(self.machine.frames[id].state).name;
        let limit = quotas.payload_bytes;
        if output.json_size() > limit || assigned.as_ref().is_some_and(|object| object.json_size() > limit) {
            let failure = result_too_large(name());
            return self.fail_for_good(id, Failure { kind: super::FailureKind::Fatal, ..failure });
        }
        if let Some(assigned) = &assigned
            && self.machine.variable_bytes_with(id, assigned) > quotas.variable_bytes
        {
            let cause = format!(
                "The variables of the execution are larger than {} bytes after the state '{}'.",
                quotas.variable_bytes,
                name()
            );
            return self.fail_for_good(id, Failure::fatal("States.DataLimitExceeded", cause));
        }
        self.emit(Event::StateExited { frame: id, output, assigned, next });
    }

    /// Fails the state in frame `id` if what it sends out, or hands to a branch or an iteration, is too large; true if so.
    pub(super) fn fails_by_size(&mut self, id: FrameId, value: &Value) -> bool {
        if value.json_size() <= self.machine.quotas.payload_bytes {
            return false;
        }
        let frame = &self.machine.frames[id];
        let failure = result_too_large(&self.machine.program.node(frame.state).name);
        let failure = Failure { kind: super::FailureKind::Fatal, ..failure };
        if matches!(&frame.phase, Phase::Children(children) if !children.running.is_empty()) {
            self.emit(Event::IterationStartFailed { frame: id, failure });
        } else {
            self.fail_for_good(id, failure);
        }
        true
    }

    pub(super) fn fail_for_good(&mut self, id: FrameId, failure: Failure) {
        self.settle(id, FailedState { failure, settled: true, closed: true });
    }

    /// Goes on with a Parallel or Map one of whose children failed: stops the others, one event a move, then settles it.
    pub(super) fn run_failed_children(&mut self, id: FrameId, failure: Failure) {
        let Some(&child) = self.machine.children(id).running.last() else {
            return self.settle(id, FailedState { failure, settled: false, closed: false });
        };
        self.abort(child);
    }

    /// Stops what goes on in a child by one event: first its own children, then its state, then itself.
    fn abort(&mut self, child: FrameId) {
        let frame = &self.machine.frames[child];
        if let Phase::Children(children) = &frame.phase
            && let Some(&inner) = children.running.last()
        {
            return self.abort(inner);
        }
        let node = self.machine.program.node(frame.state);
        let stops = matches!(node.kind, Kind::Task(_) | Kind::Wait(_) | Kind::Parallel(_) | Kind::Map(_));
        let entered = !matches!(frame.phase, Phase::Entering | Phase::Ended(_) | Phase::Aborted | Phase::Failed(_));
        if let Phase::MapRun(run) = &frame.phase {
            let stop = Command::StopMapRun(run.id);
            if self.emit(Event::MapRunAborted { frame: child }) {
                self.effects.commands.push(stop);
            }
            return;
        }
        if stops && entered {
            let cancellation = frame.phase.cancellation();
            if self.emit(Event::StateAborted { frame: child }) {
                self.effects.commands.extend(cancellation);
            }
            return;
        }
        match frame.parent.map(|parent| parent.kind) {
            Some(ChildKind::Iteration) => self.emit(Event::IterationAborted { frame: child }),
            _ => self.emit(Event::BranchAborted { frame: child }),
        };
    }
}
