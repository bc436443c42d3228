use sfn_asl::definition::{Setting, Timestamp, WaitDuration};
use sfn_asl::query::{EvaluationError, Scope};

use crate::machine::apply::after;
use crate::machine::data_flow::{Evaluated, Given, instant, query_failure, shown};
use crate::machine::step::Turn;
use crate::machine::{Event, FrameId};
use crate::program::{Kind, WaitNode};

/// The longest wait AWS takes: 24,855 days.
const LONGEST_SECONDS: u64 = 24_855 * 86_400;

impl Turn<'_> {
    pub(super) fn run_wait(&mut self, id: FrameId, node: &WaitNode) {
        match self.wait_until(id, node) {
            Ok(until) if until <= self.time => self.finish_wait(id),
            Ok(until) => {
                self.emit(Event::WaitStarted { frame: id, until });
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    /// Leaves a Wait whose time has come.
    pub(in crate::machine) fn finish_wait(&mut self, id: FrameId) {
        let program = self.machine.program.clone();
        let Kind::Wait(node) = &program.node(self.machine.frames[id].state).kind else {
            unreachable!("only a Wait state waits")
        };
        let outcome = self
            .effective_input(id, &node.flow)
            .and_then(|effective| self.outcome_of_input(id, &node.flow, &effective));
        self.leave(id, outcome, node.next);
    }

    fn wait_until(&self, id: FrameId, node: &WaitNode) -> Evaluated<i64> {
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id);
        let scope = self.scope(&view, &effective);
        let until = match &node.duration {
            WaitDuration::Seconds(seconds) => after(self.time, self.seconds(seconds, &scope)?),
            WaitDuration::Timestamp(timestamp) => self.timestamp(timestamp, &scope)?,
        };
        if until > after(self.time, LONGEST_SECONDS) {
            return Err(EvaluationError::runtime(format!(
                "The wait would end at {}, more than 24855 days from now",
                crate::machine::context_object::timestamp(until)
            )));
        }
        Ok(until)
    }

    fn seconds(&self, seconds: &Setting<u64>, scope: &Scope<'_>) -> Evaluated<u64> {
        if let Setting::Path(path) = seconds {
            let text = path.text();
            let Ok(value) = path.evaluate(scope) else {
                return Err(EvaluationError::runtime(format!(
                    "The SecondsPath parameter does not reference an input value: {text}"
                )));
            };
            let Some(seconds) = value.as_number().filter(|number| number.is_integer()).and_then(|n| n.as_i64()) else {
                let value = shown(&value);
                return Err(EvaluationError::runtime(format!(
                    "The SecondsPath parameter cannot be parsed as a long value: {text} == {value}"
                )));
            };
            return u64::try_from(seconds).map_err(|_| {
                EvaluationError::runtime(format!("The SecondsPath parameter must not be negative: {text} == {seconds}"))
            });
        }
        match self.setting(seconds, "Seconds", scope)? {
            Given::Literal(seconds) => Ok(seconds),
            Given::Computed(expression, value) => match value.as_i64().map(u64::try_from) {
                Some(Ok(seconds)) => Ok(seconds),
                Some(Err(_)) => {
                    Err(query_failure(format!("The Seconds field must not be negative: {value}"), Some("Seconds")))
                }
                None => Err(EvaluationError::unexpected_type(expression, "Seconds", "integer", &value)),
            },
            Given::FromPath(..) => unreachable!("paths are dealt with above"),
        }
    }

    fn timestamp(&self, timestamp: &Setting<Timestamp>, scope: &Scope<'_>) -> Evaluated<i64> {
        if let Setting::Path(path) = timestamp {
            let text = path.text();
            let Ok(value) = path.evaluate(scope) else {
                return Err(EvaluationError::runtime(format!(
                    "The TimestampPath parameter does not reference an input value: {text}"
                )));
            };
            return instant(&value).ok_or_else(|| {
                EvaluationError::runtime(format!(
                    "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format \
                     string: {text} == {}",
                    shown(&value)
                ))
            });
        }
        match self.setting(timestamp, "Timestamp", scope)? {
            Given::Literal(timestamp) => Ok(timestamp.milliseconds),
            Given::Computed(_, value) => instant(&value).ok_or_else(|| {
                let cause = format!(
                    "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: {}",
                    shown(&value)
                );
                query_failure(cause, Some("Timestamp"))
            }),
            Given::FromPath(..) => unreachable!("paths are dealt with above"),
        }
    }
}
