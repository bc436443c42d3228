//! What each type of state does.

mod choice;
mod distributed_map;
mod integration;
mod map;
mod parallel;
mod task;
mod wait;

use sfn_asl::definition::{DataFlow, Fail, FailText, Setting};
use sfn_asl::query::EvaluationError;
use sfn_asl::value::Value;

use super::data_flow::{Evaluated, Outcome};
use super::frame::{FailedState, Phase};
use super::step::Turn;
use super::{Failure, FailureKind, FrameId};
use crate::program::{Kind, PassNode};

impl Turn<'_> {
    /// Runs the state that frame `id` has entered, or whose retry is due.
    pub(super) fn run_state(&mut self, id: FrameId) {
        let program = self.machine.program.clone();
        match &program.node(self.machine.frames[id].state).kind {
            Kind::Task(node) => self.run_task(id, node),
            Kind::Pass(node) => {
                let outcome = self.pass(id, node);
                self.leave(id, outcome, node.next);
            }
            Kind::Choice(node) => self.run_choice(id, node),
            Kind::Wait(node) => self.run_wait(id, node),
            Kind::Parallel(node) => self.run_parallel(id, node),
            Kind::Map(node) => self.run_map(id, node),
            Kind::Succeed(flow) => {
                let outcome = self.succeed_state(id, flow);
                self.leave(id, outcome, None);
            }
            Kind::Fail(fail) => self.run_fail(id, fail),
        }
    }

    /// Leaves a state whose task, branches or iterations succeeded.
    pub(super) fn finish_with_result(&mut self, id: FrameId, result: Value) {
        let program = self.machine.program.clone();
        let (flow, next) = match &program.node(self.machine.frames[id].state).kind {
            Kind::Task(node) => (&node.flow, node.next),
            Kind::Parallel(node) => (&node.flow, node.next),
            Kind::Map(node) => (&node.flow, node.next),
            _ => unreachable!("only these states have a result"),
        };
        let outcome = self.outcome_of_result(id, flow, &result);
        self.leave(id, outcome, next);
    }

    /// Goes on with the branches or iterations of the state in frame `id`.
    pub(super) fn run_children(&mut self, id: FrameId) {
        let frame = &self.machine.frames[id];
        let Phase::Children(children) = &frame.phase else { return };
        if let Some(failure) = children.failure.clone() {
            return self.run_failed_children(id, failure);
        }
        if self.redrive_next_child(id) {
            return;
        }
        let program = self.machine.program.clone();
        match &program.node(self.machine.frames[id].state).kind {
            Kind::Parallel(node) => self.continue_parallel(id, node),
            Kind::Map(node) => self.continue_map(id, node),
            _ => unreachable!("only Parallel and Map have children"),
        }
    }

    /// Leaves the state with what was made of its input or result, or fails it.
    pub(super) fn leave(&mut self, id: FrameId, outcome: Evaluated<Outcome>, next: Option<crate::program::StateId>) {
        match outcome {
            Ok((output, assigned)) => self.exit(id, output, assigned, next),
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    fn pass(&self, id: FrameId, node: &PassNode) -> Evaluated<Outcome> {
        match &node.flow {
            DataFlow::Jsonata(_) => self.outcome_of_input(id, &node.flow, &self.machine.frames[id].input),
            DataFlow::JsonPath(_) => {
                let effective = self.effective_input(id, &node.flow)?;
                let parameters = self.parameters(&self.view(id), &node.flow, &effective)?;
                self.outcome_of_result(id, &node.flow, node.result.as_ref().unwrap_or(&parameters))
            }
        }
    }

    fn succeed_state(&self, id: FrameId, flow: &DataFlow) -> Evaluated<Outcome> {
        let effective = self.effective_input(id, flow)?;
        self.outcome_of_input(id, flow, &effective)
    }

    fn run_fail(&mut self, id: FrameId, fail: &Fail) {
        let texts = || {
            let error = self.fail_text(id, fail.error.as_ref(), "Error")?;
            let cause = self.fail_text(id, fail.cause.as_ref(), "Cause")?;
            Ok((error, cause))
        };
        match texts() {
            Ok((error, cause)) => {
                let failure = Failure { error, cause, kind: FailureKind::Ordinary };
                self.settle(id, FailedState { failure, settled: false, closed: false });
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    fn fail_text(&self, id: FrameId, text: Option<&FailText>, field: &str) -> Evaluated<Option<std::sync::Arc<str>>> {
        let view = self.view(id);
        let input = &self.machine.frames[id].input;
        let scope = self.scope(&view, input);
        let value = match text {
            None => return Ok(None),
            Some(Setting::Literal(text)) => return Ok(Some(text.clone())),
            Some(Setting::Path(path)) => path.evaluate(&scope, &format!("{field}Path"))?,
            Some(Setting::Jsonata(expression)) => {
                let value = self.compute(expression, field, &scope)?;
                if value.as_str().is_none() {
                    return Err(EvaluationError::unexpected_type(expression, field, "string", &value));
                }
                value
            }
        };
        match value.as_str() {
            Some(text) => Ok(Some(text.into())),
            None => {
                Err(EvaluationError::runtime(format!("The {field}Path field must refer to a string but was: {value}")))
            }
        }
    }
}
