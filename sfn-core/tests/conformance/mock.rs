//! The other side of the tasks: answers each scheduled task as it was answered when the case was recorded.

use sfn_core::asl::value::Value;

use crate::case::{Case, at, items};
use crate::compare::{Comparison, shortened};
use crate::lambda;

/// A task as the machine scheduled it.
pub(crate) struct Scheduled<'a> {
    /// The name of its state.
    pub(crate) state: &'a str,
    /// `Resource`, as the definition says it.
    pub(crate) resource: &'a str,
    /// What is sent.
    pub(crate) parameters: &'a Value,
}

/// What happens to a scheduled task.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Answer {
    /// The service begins with it; an activity tells its worker's name.
    pub(crate) started: Option<Worker>,
    /// The service accepted the request and said this.
    pub(crate) submitted: Option<Value>,
    /// How it ends.
    pub(crate) end: End,
    /// Seconds until it ends.
    pub(crate) after_seconds: i64,
}

/// Who began with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Worker {
    /// The name of an activity's worker.
    pub(crate) name: Option<String>,
}

/// How a task ends.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// With a result.
    Succeeded(Value),
    /// With an error, each part of which may be absent.
    Failed { error: Option<String>, cause: Option<String>, phase: Phase },
    /// It is never heard of again.
    Silent,
}

/// Where a task failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// It could not be scheduled.
    Schedule,
    /// It could not be started.
    Start,
    /// The request was not accepted.
    Submit,
    /// While it ran.
    Run,
}

/// The recorded outcomes of a case, each used once, and the behaviour of its handlers.
#[derive(Clone)]
pub(crate) struct Mocks {
    tasks: Vec<Value>,
    used: Vec<bool>,
    functions: Value,
    lambdas: Value,
    workers: Vec<String>,
    use_behaviour: bool,
}

impl Mocks {
    /// The mocks of a case; `lambdas` is the folder's `lambdas.json`.
    pub(crate) fn new(case: &Case, lambdas: &Value) -> Self {
        let tasks = items(case.at(&["tasks"])).to_vec();
        // Whoever polled an activity told its name; that is known from nowhere else but the recorded history.
        let workers = items(case.at(&["expected", "history"]))
            .iter()
            .filter_map(|event| at(event, &["details", "workerName"]).as_str().map(str::to_owned))
            .collect();
        Mocks {
            used: vec![false; tasks.len()],
            tasks,
            functions: case.at(&["lambdas"]).clone(),
            lambdas: lambdas.clone(),
            workers,
            use_behaviour: case.notes("tasks_not_recorded_use_lambda_behaviour")
                || case.notes("child_tasks_not_recorded_use_lambda_behaviour"),
        }
    }

    /// The answer to the next scheduled task, or why the case has none.
    pub(crate) fn answer(&mut self, scheduled: &Scheduled<'_>) -> Result<Answer, String> {
        if let Some(index) = self.entry(scheduled) {
            self.used[index] = true;
            let task = self.tasks[index].clone();
            return self.recorded(&task);
        }
        if self.use_behaviour {
            return lambda::answer(scheduled, &self.functions, &self.lambdas);
        }
        Err(format!(
            "no outcome is left for the task of state `{}` ({}) with {}",
            scheduled.state,
            scheduled.resource,
            shortened(scheduled.parameters)
        ))
    }

    /// The first unused entry of the state whose parameters match, else its first unused one: the n-th scheduling of a
    /// state takes its n-th entry, and concurrent ones find theirs.
    fn entry(&self, scheduled: &Scheduled<'_>) -> Option<usize> {
        let unused = || {
            (0..self.tasks.len()).filter(|&index| !self.used[index] && is_of_state(&self.tasks[index], scheduled.state))
        };
        let matching = unused().find(|&index| {
            Comparison::default().matches(at(&self.tasks[index], &["parameters"]), scheduled.parameters, "$")
        });
        matching.or_else(|| unused().find(|&index| !at(&self.tasks[index], &["state"]).is_null()))
    }

    fn recorded(&mut self, task: &Value) -> Result<Answer, String> {
        let outcome = at(task, &["outcome"]);
        let text = |key: &str| at(outcome, &[key]).as_str().map(str::to_owned);
        let is_activity = at(task, &["kind"]).as_str() == Some("activity");
        let mut started = match is_activity {
            true if self.workers.is_empty() => None,
            true => Some(Worker { name: Some(self.workers.remove(0)) }),
            false => Some(Worker { name: None }),
        };
        let mut submitted = task.get("submitted").cloned();
        let end = match at(outcome, &["result"]).as_str() {
            Some("succeeded") => End::Succeeded(at(outcome, &["output"]).clone()),
            Some("failed") => {
                let phase = match at(outcome, &["phase"]).as_str() {
                    None => Phase::Run,
                    Some("schedule") => Phase::Schedule,
                    Some("start") => Phase::Start,
                    Some("submit") => Phase::Submit,
                    Some(other) => return Err(format!("unknown phase `{other}` of a recorded outcome")),
                };
                if matches!(phase, Phase::Schedule | Phase::Start) {
                    started = None;
                }
                if phase != Phase::Run {
                    submitted = None;
                }
                End::Failed { error: text("error"), cause: text("cause"), phase }
            }
            Some("timed_out" | "never") => End::Silent,
            _ => return Err(format!("unknown outcome {}", shortened(outcome))),
        };
        Ok(Answer { started, submitted, end, after_seconds: 0 })
    }
}

fn is_of_state(task: &Value, state: &str) -> bool {
    match at(task, &["state"]).as_str() {
        Some(name) => name == state,
        None => items(at(task, &["state_any_of"])).iter().any(|name| name.as_str() == Some(state)),
    }
}
