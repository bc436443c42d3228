//! Steps become states: pure values move into the state before them, the parameter is read from the input of the first
//! state, and a return into the state that it follows.

mod branch;

use std::collections::{HashMap, HashSet};

use super::DefinitionError;
use super::expression::{Expression, Member, Variable};
use super::flow::{Call, Catcher, Flow, Step, Until};
use crate::task::{TaskDescription, TaskResource};

/// A state without a name, its expressions seen from the moment it is entered.
pub(super) struct State {
    pub(super) work: Work,
    /// The name that it would like to have; empty where its work says it.
    pub(super) label: String,
    pub(super) comment: Option<&'static str>,
    /// The rules of a choice.
    pub(super) rules: Vec<(Expression, Edge)>,
    pub(super) catch: Vec<(Vec<&'static str>, Edge)>,
    /// Where it goes on; the default of a choice. `None`: the state ends the machine.
    pub(super) next: Option<Edge>,
    /// `Output` of a state that ends the machine.
    pub(super) output: Option<Expression>,
}

/// What a state does.
pub(super) enum Work {
    Task { call: Box<Call>, undoes: Option<usize> },
    Pass,
    Wait(Until),
    Choice,
    Succeed,
    Fail { error: Expression, cause: Expression },
    Parallel(Vec<Vec<State>>),
    Map(Box<MapWork>),
}

/// What a Map does.
pub(super) struct MapWork {
    pub(super) items: Expression,
    pub(super) selector: Vec<Member>,
    pub(super) concurrency: Option<Expression>,
    pub(super) states: Vec<State>,
}

/// A way from one state to another.
pub(super) struct Edge {
    pub(super) assign: Vec<(Variable, Expression)>,
    /// `Output` of a rule that leads to the end.
    pub(super) output: Option<Expression>,
    /// While states are formed, a step.
    pub(super) next: usize,
}

/// A value that was moved into another may make it this large; what would be larger becomes a state.
const LARGEST_VALUE: usize = 40;

/// The states of a flow, those of the good way first. `variables` are the names that the variables would like to have.
pub(super) fn form(flow: &Flow, variables: &mut Vec<String>) -> Result<Vec<State>, DefinitionError> {
    let (state_of, entered) = (HashMap::new(), entered(flow));
    let mut former = Former { flow, variables, states: Vec::new(), state_of, ends: Vec::new(), entered };
    former.start()?;
    former.all()?;
    Ok(former.states)
}

struct Former<'a> {
    flow: &'a Flow,
    variables: &'a mut Vec<String>,
    states: Vec<State>,
    /// The state that a step has become.
    state_of: HashMap<usize, usize>,
    /// Successful ends that several ways share, as steps behind those of the flow.
    ends: Vec<End>,
    /// How many ways lead to each step.
    entered: Vec<usize>,
}

/// A successful end.
#[derive(Clone)]
struct End {
    label: String,
    comment: Option<&'static str>,
    /// Without one it passes on what it is given.
    output: Option<Expression>,
}

impl End {
    fn is_same(&self, other: &End) -> bool {
        let same_output = match (&self.output, &other.output) {
            (Some(output), Some(other)) => output.is_same(other),
            (None, None) => true,
            _ => false,
        };
        self.label == other.label && same_output
    }
}

/// What a way begins at.
#[derive(Clone, Copy, PartialEq)]
enum From {
    /// A state that may end the machine with an output of its own.
    Ending,
    /// The same, with catchers or a retry of all errors: nothing that may fail is evaluated in it.
    Guarded,
    /// A rule of a choice, which may have an output.
    Rule,
    /// A catcher, which may have an output; nothing that may fail is evaluated in it.
    Catcher,
    /// The default of a choice.
    Plain,
}

/// Where a way leads.
enum Way {
    On(Edge),
    End { output: Expression },
}

impl Former<'_> {
    fn start(&mut self) -> Result<(), DefinitionError> {
        let input = self.flow.inputs.iter().map(|given| (given.variable, given.value.clone())).collect();
        let (values, first) = match self.way(input, self.flow.entry, From::Plain, false)? {
            Way::On(edge) => (edge.assign, edge.next),
            Way::End { .. } => return Err(incomplete("an end before the beginning")),
        };
        let is_loop_head = self.entered.get(first).is_some_and(|count| *count > 1);
        let guarded = match self.flow.steps.get(first) {
            Some(Step::Task { call, catch, .. }) => !catch.is_empty() || call.task.retries_all(),
            Some(Step::Branches { catch, .. }) => !catch.is_empty(),
            _ => false,
        };
        // What may fail does so before the first state does anything.
        let fails =
            values.iter().any(|(_, value)| value.is_fallible() && (guarded || !self.evaluates(first, &values, value)));
        if is_loop_head || fails || self.needs_variables(first, &values) {
            let edge = Edge { assign: values, output: None, next: first };
            self.states.push(State { label: "init".to_owned(), ..state(Work::Pass, Some(edge)) });
        } else {
            self.state(first, values)?;
        }
        Ok(())
    }

    /// True when a step evaluates the value before it does anything, after `values`.
    fn evaluates(&self, step: usize, values: &[(Variable, Expression)], value: &Expression) -> bool {
        let read = |expression: &Expression| expression.substitute(&replacements(values)).always_evaluates(value);
        match self.flow.steps.get(step) {
            Some(Step::Task { call, .. }) => read(&call.payload),
            Some(Step::Wait { until: Until::Seconds(value) | Until::Timestamp(value), .. }) => read(value),
            Some(Step::Choice { rules, .. }) => rules.first().is_some_and(|rule| read(&rule.condition)),
            Some(Step::Return { value }) => read(value),
            Some(Step::Fail { error, cause }) => read(error) || read(cause),
            Some(Step::Assign { .. } | Step::Join { .. } | Step::Branches { .. }) | None => false,
        }
    }

    /// Forms what the states formed so far lead to, until nothing is left.
    fn all(&mut self) -> Result<(), DefinitionError> {
        let mut last = 0;
        while let Some(step) = self.missing(last) {
            last = self.states.len();
            self.state(step, Vec::new())?;
        }
        let state_of = &self.state_of;
        for edge in self.states.iter_mut().flat_map(State::edges_mut) {
            edge.next = state_of[&edge.next];
        }
        let undone: Vec<Option<usize>> = self
            .states
            .iter()
            .map(|state| match &state.work {
                Work::Task { call, .. } => call.undoes.and_then(|step| self.state_of.get(&step).copied()),
                _ => None,
            })
            .collect();
        for (state, undone) in self.states.iter_mut().zip(undone) {
            if let Work::Task { undoes, .. } = &mut state.work {
                *undoes = undone;
            }
        }
        Ok(())
    }

    /// A step that has no state yet: the one that the last state goes on with, else the first in the order of the body.
    fn missing(&self, last: usize) -> Option<usize> {
        let unformed = |step: &usize| !self.state_of.contains_key(step);
        if let Some(state) = self.states.get(last) {
            let following = state.rules.first().map(|(_, edge)| edge).or(state.next.as_ref()).map(|edge| edge.next);
            if let Some(step) = following.filter(|step| unformed(step) && *step < self.flow.steps.len()) {
                return Some(step);
            }
        }
        self.states.iter().flat_map(State::edges).map(|edge| edge.next).filter(unformed).min()
    }

    fn state(&mut self, step: usize, entry: Vec<(Variable, Expression)>) -> Result<(), DefinitionError> {
        let index = self.states.len();
        self.state_of.insert(step, index);
        let before = replacements(&entry);
        let flow = self.flow;
        let mut formed = match flow.steps.get(step) {
            None => {
                let End { label, comment, output } = self.ends[step - flow.steps.len()].clone();
                State { output, label, comment, ..state(Work::Succeed, None) }
            }
            Some(Step::Join { .. }) => return Err(incomplete("a loop in which nothing happens")),
            Some(Step::Assign { .. }) => {
                let way = self.way(entry, step, From::Ending, true)?;
                ended_by(state(Work::Pass, None), way)
            }
            Some(Step::Task { call, result, catch, next }) => {
                let mut call = call.clone();
                call.payload = call.payload.substitute(&before);
                let mut assign = entry.clone();
                assign.push((*result, result_of(&call.task)));
                let guarded = !catch.is_empty() || call.task.retries_all();
                let from = if guarded { From::Guarded } else { From::Ending };
                let way = self.way(assign, *next, from, false)?;
                let mut formed = ended_by(state(Work::Task { call, undoes: None }, None), way);
                formed.catch = self.catchers(catch, &entry)?;
                formed
            }
            Some(Step::Branches { work, result, catch, next }) => {
                let work = self.branches(work, &entry)?;
                let mut assign = entry.clone();
                assign.push((*result, Expression::Verbatim("$states.result")));
                let from = if catch.is_empty() { From::Ending } else { From::Guarded };
                let way = self.way(assign, *next, from, false)?;
                let mut formed = ended_by(state(work, None), way);
                formed.catch = self.catchers(catch, &entry)?;
                formed
            }
            Some(Step::Wait { until, next }) => {
                let until = match until {
                    Until::Seconds(seconds) => Until::Seconds(seconds.substitute(&before)),
                    Until::Timestamp(time) => Until::Timestamp(time.substitute(&before)),
                };
                let way = self.way(entry, *next, From::Ending, false)?;
                ended_by(state(Work::Wait(until), None), way)
            }
            Some(Step::Choice { rules, default }) => {
                let mut formed = state(Work::Choice, None);
                for rule in rules {
                    let condition = rule.condition.substitute(&before);
                    if let Way::On(edge) = self.way(entry.clone(), rule.next, From::Rule, false)? {
                        formed.rules.push((condition, edge));
                    }
                }
                let way = self.way(entry, *default, From::Plain, false)?;
                ended_by(formed, way)
            }
            Some(Step::Return { value }) => {
                State { output: Some(value.substitute(&before)), ..state(Work::Succeed, None) }
            }
            Some(Step::Fail { error, cause }) => {
                let (error, cause) = (error.substitute(&before), cause.substitute(&before));
                state(Work::Fail { error, cause }, None)
            }
        };
        formed.comment = formed.comment.or_else(|| flow.comments.get(&step).copied());
        if let Some(label) = flow.labels.get(step) {
            formed.label.clone_from(label);
        }
        self.states.push(formed);
        Ok(())
    }

    /// The ways of the errors that a state catches.
    fn catchers(
        &mut self,
        catch: &[Catcher],
        entry: &[(Variable, Expression)],
    ) -> Result<Vec<(Vec<&'static str>, Edge)>, DefinitionError> {
        let mut formed = Vec::with_capacity(catch.len());
        for catcher in catch {
            let mut assign = entry.to_vec();
            assign.extend(catcher.error.map(|error| (error, Expression::ErrorOutput)));
            if let Way::On(edge) = self.way(assign, catcher.next, From::Catcher, false)? {
                formed.push((catcher.errors.clone(), edge));
            }
        }
        Ok(formed)
    }

    /// The way from a state to the next: the values on it belong to that state. `begun` lets the first value be one that
    /// the state has to take.
    fn way(
        &mut self,
        mut assign: Vec<(Variable, Expression)>,
        mut step: usize,
        from: From,
        mut begun: bool,
    ) -> Result<Way, DefinitionError> {
        let mut seen = HashSet::new();
        loop {
            if !seen.insert(step) {
                return Ok(Way::On(Edge { assign, output: None, next: step }));
            }
            match self.flow.steps.get(step) {
                None => return Err(incomplete("a body that does not end")),
                Some(Step::Join { next }) => step = *next,
                Some(Step::Assign { variable, value, next }) => {
                    let size = value.size();
                    let value = value.substitute(&replacements(&assign));
                    let grows = value.size() > size.max(LARGEST_VALUE);
                    let too_late = from == From::Guarded && value.is_fallible();
                    // What may fail is evaluated, even if another value takes its place.
                    let lost = assign.iter().any(|(known, before)| {
                        known == variable && before.is_fallible() && !value.always_evaluates(before)
                    });
                    if (grows || too_late || lost) && !std::mem::take(&mut begun) {
                        return Ok(Way::On(Edge { assign, output: None, next: step }));
                    }
                    begun = false;
                    match assign.iter_mut().find(|(known, _)| known == variable) {
                        Some((_, known)) => *known = value,
                        None => assign.push((*variable, value)),
                    }
                    step = *next;
                }
                Some(Step::Return { value }) => {
                    let size = value.size();
                    let output = value.substitute(&replacements(&assign));
                    // What may fail and is no part of the output would not be evaluated.
                    let is_lost = |value: &Expression| value.is_fallible() && !output.always_evaluates(value);
                    let fits =
                        output.size() <= size.max(LARGEST_VALUE) && !assign.iter().any(|(_, value)| is_lost(value));
                    return Ok(match from {
                        From::Ending if fits => Way::End { output },
                        From::Guarded if fits && !output.is_fallible() => Way::End { output },
                        // A catcher would only assign what the end then reads.
                        From::Catcher if !fits || output.is_fallible() || output == *value => {
                            Way::On(Edge { assign, output: None, next: self.shared_end(step, value) })
                        }
                        From::Rule | From::Catcher if fits => {
                            let next = self.end(step, None);
                            Way::On(Edge { assign: Vec::new(), output: Some(output), next })
                        }
                        _ => Way::On(Edge { assign, output: None, next: self.shared_end(step, value) }),
                    });
                }
                Some(
                    Step::Task { .. }
                    | Step::Wait { .. }
                    | Step::Choice { .. }
                    | Step::Fail { .. }
                    | Step::Branches { .. },
                ) => {
                    return Ok(Way::On(Edge { assign, output: None, next: self.representative(step) }));
                }
            }
        }
    }

    /// True when another return has the same value and the same name.
    fn shares(&self, step: usize) -> bool {
        let Some(Step::Return { value }) = self.flow.steps.get(step) else { return false };
        let mut others = self.flow.steps.iter().zip(&self.flow.labels).enumerate().filter(|(index, _)| *index != step);
        others.any(|(_, (other, label))| {
            matches!(other, Step::Return { value: other } if other.is_same(value)) && *label == self.flow.labels[step]
        })
    }

    /// The state that returns a value: ways with the same output share their end.
    fn shared_end(&mut self, step: usize, value: &Expression) -> usize {
        if self.entered[step] > 0 && self.shares(step) { self.end(step, Some(value.clone())) } else { step }
    }

    /// The end of a return with this output.
    fn end(&mut self, step: usize, output: Option<Expression>) -> usize {
        let comment = self.flow.comments.get(&step).copied();
        let end = End { label: self.flow.labels[step].clone(), comment, output };
        let known = self.ends.iter().position(|known| known.is_same(&end));
        let index = known.unwrap_or_else(|| {
            self.ends.push(end);
            self.ends.len() - 1
        });
        self.flow.steps.len() + index
    }

    /// Failures that are the same are one state.
    fn representative(&self, step: usize) -> usize {
        let Some(Step::Fail { error, cause }) = self.flow.steps.get(step) else { return step };
        let same = self.flow.steps.iter().zip(&self.flow.labels).position(|(other, label)| {
            matches!(other, Step::Fail { error: name, cause: text } if name.is_same(error) && text.is_same(cause))
                && *label == self.flow.labels[step]
        });
        same.unwrap_or(step)
    }
}

impl State {
    /// The name of the task that the state calls; empty when it calls none.
    pub(super) fn task_name(&self) -> &'static str {
        match &self.work {
            Work::Task { call, .. } => call.task.name,
            _ => "",
        }
    }

    /// The states inside of the state, branch by branch.
    pub(super) fn branches(&self) -> &[Vec<State>] {
        match &self.work {
            Work::Parallel(branches) => branches,
            Work::Map(map) => std::slice::from_ref(&map.states),
            _ => &[],
        }
    }

    /// The ways out of the state.
    pub(super) fn edges(&self) -> impl Iterator<Item = &Edge> {
        let rules = self.rules.iter().map(|(_, edge)| edge);
        rules.chain(&self.next).chain(self.catch.iter().map(|(_, edge)| edge))
    }

    /// All that is evaluated in the state.
    ///
    /// What is evaluated in the states inside of it is among it.
    pub(super) fn expressions(&self) -> Vec<&Expression> {
        let mut found = match &self.work {
            Work::Task { call, .. } => vec![&call.payload],
            Work::Wait(Until::Seconds(value) | Until::Timestamp(value)) => vec![value],
            Work::Fail { error, cause } => vec![error, cause],
            Work::Pass | Work::Choice | Work::Succeed => Vec::new(),
            Work::Parallel(branches) => branches.iter().flatten().flat_map(State::expressions).collect(),
            Work::Map(map) => map.expressions(),
        };
        found.extend(self.rules.iter().map(|(condition, _)| condition));
        found.extend(self.edges().flat_map(|edge| edge.assign.iter().map(|(_, value)| value).chain(&edge.output)));
        found.extend(&self.output);
        found
    }

    pub(super) fn expressions_mut(&mut self) -> Vec<&mut Expression> {
        let mut found = match &mut self.work {
            Work::Task { call, .. } => vec![&mut call.payload],
            Work::Wait(Until::Seconds(value) | Until::Timestamp(value)) => vec![value],
            Work::Fail { error, cause } => vec![error, cause],
            Work::Pass | Work::Choice | Work::Succeed => Vec::new(),
            Work::Parallel(branches) => branches.iter_mut().flatten().flat_map(State::expressions_mut).collect(),
            Work::Map(map) => map.expressions_mut(),
        };
        let mut edges = Vec::new();
        for (condition, edge) in &mut self.rules {
            found.push(condition);
            edges.push(edge);
        }
        edges.extend(&mut self.next);
        edges.extend(self.catch.iter_mut().map(|(_, edge)| edge));
        for edge in edges {
            found.extend(edge.assign.iter_mut().map(|(_, value)| value).chain(&mut edge.output));
        }
        found.extend(&mut self.output);
        found
    }

    pub(super) fn edges_mut(&mut self) -> impl Iterator<Item = &mut Edge> {
        let rules = self.rules.iter_mut().map(|(_, edge)| edge);
        rules.chain(&mut self.next).chain(self.catch.iter_mut().map(|(_, edge)| edge))
    }
}

/// How many ways lead to each step, joins and values passed over.
fn entered(flow: &Flow) -> Vec<usize> {
    let mut entered = vec![0; flow.steps.len()];
    let mut reached = HashSet::new();
    let mut open = vec![flow.entry];
    while let Some(step) = open.pop() {
        let Some(found) = flow.steps.get(step) else { continue };
        entered[step] += 1;
        if !reached.insert(step) {
            // A way through values ends at the same state as the one before.
            if let Step::Assign { next, .. } | Step::Join { next } = found {
                let mut following = *next;
                let mut passed = HashSet::from([step]);
                while let Some(Step::Assign { next, .. } | Step::Join { next }) = flow.steps.get(following) {
                    if !passed.insert(following) {
                        break;
                    }
                    following = *next;
                }
                if let Some(count) = entered.get_mut(following) {
                    *count += 1;
                }
            }
            continue;
        }
        match found {
            Step::Assign { next, .. } | Step::Join { next } | Step::Wait { next, .. } => open.push(*next),
            Step::Task { catch, next, .. } | Step::Branches { catch, next, .. } => {
                open.push(*next);
                open.extend(catch.iter().map(|catcher| catcher.next));
            }
            Step::Choice { rules, default } => {
                open.push(*default);
                open.extend(rules.iter().map(|rule| rule.next));
            }
            Step::Return { .. } | Step::Fail { .. } => {}
        }
    }
    entered
}

/// What the task of a state returned.
fn result_of(task: &TaskDescription) -> Expression {
    match task.resource {
        TaskResource::Lambda { .. } => Expression::Result,
        TaskResource::Machine { awaited: true, .. } => Expression::Verbatim("$states.result.Output"),
        _ => Expression::Verbatim("$states.result"),
    }
}

/// INVARIANT: a later value of the list does not read an earlier variable of it, it was substituted.
fn replacements(values: &[(Variable, Expression)]) -> HashMap<Variable, Expression> {
    values.iter().cloned().collect()
}

fn state(work: Work, next: Option<Edge>) -> State {
    State { work, label: String::new(), comment: None, rules: Vec::new(), catch: Vec::new(), next, output: None }
}

fn ended_by(state: State, way: Way) -> State {
    match way {
        Way::On(edge) => State { next: Some(edge), ..state },
        Way::End { output } => State { output: Some(output), ..state },
    }
}

fn incomplete(what: &str) -> DefinitionError {
    DefinitionError::Syntax { machine: "the state machine".into(), what: what.into() }
}
