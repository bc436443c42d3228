//! One state run by itself, by the code that runs it in an execution: what TestState needs of the machine.
//!
//! The machine is put into the state and makes its moves one at a time, until it leaves the state, would try it again, or
//! fails. Where it would do something outside, the answer comes from a mock; a Wait is over at once.

mod map;

use std::sync::Arc;

use sfn_asl::value::{Object, Value};

use super::frame::{FailedState, Phase};
use super::observe::{ContextObject, Note, Observer};
use super::step::Turn;
use super::{
    Effects, Event, Failure, FrameId, Identity, Input, Machine, Now, Quotas, Rejected, TaskId, TaskPhase, TaskRequest,
    retry,
};
use crate::program::{Kind, Program, StateId};

/// What is run, and under which conditions.
pub(crate) struct Probe<'a> {
    /// The program begins with the state.
    pub(crate) program: Arc<Program>,
    pub(crate) input: Value,
    pub(crate) variables: Object,
    pub(crate) context: ContextObject,
    pub(crate) now: Now,
    /// Retries so far of the Retrier that names the error the state fails with.
    pub(crate) retry_count: u32,
    pub(crate) answer: Answer<'a>,
    /// How many iterations of a Map failed.
    pub(crate) failed_iterations: Option<u64>,
    /// What the `ItemReader` of a Map has read.
    pub(crate) reader_data: Option<&'a str>,
}

/// What the task, the branches or the iterations of the state end with.
pub(crate) enum Answer<'a> {
    /// This result.
    Result(Value),
    /// This failure.
    Failure(Failure),
    /// The task is done now.
    Call(&'a mut Call<'a>),
}

/// Does a task.
pub(crate) type Call<'a> = dyn FnMut(&TaskRequest) -> Result<Value, Failure> + 'a;

/// How the state ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// It was left, by its own transition or by that of a Catcher.
    Left { output: Value, next: Option<StateId> },
    /// It would be tried again after so many milliseconds.
    Retried { delay: i64 },
    /// It failed for good.
    Failed(Failure),
}

/// The result of a run, with all that could be seen.
pub(crate) struct Seen {
    pub(crate) end: End,
    pub(crate) notes: Vec<Note>,
    /// The variables as the next state would see them.
    pub(crate) variables: Object,
}

impl Probe<'_> {
    /// Runs the state; refused if its input is too large.
    pub(crate) fn run(mut self) -> Result<Seen, Rejected> {
        let identity = Arc::new(Identity::local("TestState", "TestState"));
        let mut machine = Machine::new(self.program.clone(), identity, Quotas::default());
        let mut effects = Effects::default();
        let observer = Observer::new(self.context.clone());
        let mut turn = Turn::new(&mut machine, &mut effects, self.now, Some(&observer));
        turn.take(Input::Start { input: self.input.clone() })?;
        turn.machine.assign(FrameId::ROOT, Some(&self.variables));
        let end = self.drive(&mut turn);
        let variables = match machine.frames.get(FrameId::ROOT) {
            Some(frame) if matches!(end, End::Left { .. }) => frame.variables.iter().cloned().collect(),
            _ => self.variables,
        };
        Ok(Seen { end, notes: observer.into_notes(), variables })
    }

    /// Makes one move after the other, until it is clear what becomes of the state.
    fn drive(&mut self, turn: &mut Turn<'_>) -> End {
        let program = self.program.clone();
        let kind = &program.node(program.start()).kind;
        loop {
            if let Some(end) = end(turn) {
                return end;
            }
            match (&turn.machine.frames[FrameId::ROOT].phase, kind) {
                (Phase::Children(_) | Phase::MapRun(_), _) => self.end_children(turn, kind),
                (Phase::Task(run), _) => {
                    let (task, request) = (run.id, turn.machine.task_request(FrameId::ROOT, run));
                    self.end_task(turn, kind, task, &request);
                }
                (Phase::Waiting(until), _) => {
                    turn.time = *until;
                    turn.emit(Event::WaitEnded { frame: FrameId::ROOT });
                }
                _ => turn.advance(FrameId::ROOT),
            }
        }
    }

    fn end_task(&mut self, turn: &mut Turn<'_>, kind: &Kind, task: TaskId, request: &TaskRequest) {
        let answer = match &mut self.answer {
            Answer::Result(result) => Ok(result.clone()),
            Answer::Failure(failure) => Err(failure.clone()),
            Answer::Call(call) => call(request),
        };
        let input = match answer {
            Ok(output) => {
                turn.note(|| Note::Result(output.clone()));
                Input::TaskSucceeded { task, output }
            }
            Err(failure) => {
                self.count_retries(turn, kind, &failure);
                Input::TaskFailed { task, phase: TaskPhase::Run, error: failure.error, cause: failure.cause }
            }
        };
        turn.take(input).expect("the task is out, and no time has passed");
    }

    /// Ends the branches or iterations, none of which ever ran.
    fn end_children(&mut self, turn: &mut Turn<'_>, kind: &Kind) {
        if let Kind::Map(node) = kind {
            let iterations = match turn.machine.frames[FrameId::ROOT].phase {
                Phase::Children(_) => turn.observe_iterations(FrameId::ROOT, node).map_err(Failure::from),
                _ => turn.observe_map_run(FrameId::ROOT, node, self.reader_data),
            };
            match (iterations, &self.answer, self.failed_iterations) {
                (Err(failure), ..) => self.answer = Answer::Failure(failure),
                (Ok(iterations), Answer::Result(result), Some(failed)) if iterations.fail_the_map(failed, result) => {
                    let cause = "The specified tolerated failure threshold was exceeded";
                    self.answer = Answer::Failure(Failure::new("States.ExceedToleratedFailureThreshold", cause));
                }
                _ => {}
            }
        }
        let phase = match &self.answer {
            Answer::Result(result) => Phase::Result(result.clone()),
            Answer::Failure(failure) => {
                self.count_retries(turn, kind, failure);
                failed(failure.clone())
            }
            Answer::Call(_) => unreachable!("a Map or Parallel without a mock is refused"),
        };
        turn.machine.set_phase(FrameId::ROOT, phase);
    }

    /// Makes the Retrier that is about to see the failure believe that it was asked before.
    fn count_retries(&self, turn: &mut Turn<'_>, kind: &Kind, failure: &Failure) {
        let (retriers, _) = kind.error_handling();
        let names_it = |retrier: &sfn_asl::definition::Retrier| retry::matches(&retrier.error_equals, failure);
        if let Some(index) = retriers.iter().position(names_it) {
            let retries = &mut turn.machine.frames[FrameId::ROOT].retries;
            retries.resize(retriers.len(), 0);
            retries[index] = self.retry_count;
        }
    }
}

/// The state failed; Retry and Catch are asked unless nothing helps against the failure.
fn failed(failure: Failure) -> Phase {
    let closed = !failure.is_catchable();
    Phase::Failed(Box::new(FailedState { failure, settled: false, closed }))
}

/// What the last event says about the end of the state.
fn end(turn: &Turn<'_>) -> Option<End> {
    match &turn.effects.events.last()?.event {
        Event::StateExited { output, next, .. } => Some(End::Left { output: output.clone(), next: *next }),
        Event::RetryScheduled { until, .. } => Some(End::Retried { delay: until.saturating_sub(turn.time) }),
        Event::ExecutionFailed { failure } => Some(End::Failed(failure.clone())),
        event if event.is_terminal() => Some(End::Failed(Failure::default())),
        _ => None,
    }
}
