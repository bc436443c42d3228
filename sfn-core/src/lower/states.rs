//! Steps become states: pure values move into the state before them, the parameter is read from the input of the first
//! state, and a return into the state that it follows.

use std::collections::HashMap;

use super::DefinitionError;
use super::expression::{Expression, Variable};
use super::flow::{Call, Flow, Step};

/// A state without a name, its expressions seen from the moment it is entered.
pub(super) struct State {
    pub(super) work: Work,
    pub(super) assign: Vec<(Variable, Expression)>,
    pub(super) output: Option<Expression>,
    pub(super) catch: Option<Catch>,
    /// `None`: the state ends the machine.
    pub(super) next: Option<usize>,
}

/// What a state does.
pub(super) enum Work {
    Task { call: Call, undoes: Option<usize> },
    Succeed,
    Fail { error: Variable },
}

/// `Catch` of any error; while states are formed, `next` is a step.
pub(super) struct Catch {
    pub(super) assign: Vec<(Variable, Expression)>,
    pub(super) next: usize,
}

/// The states of a flow, those of the good way first.
pub(super) fn form(flow: &Flow) -> Result<Vec<State>, DefinitionError> {
    let mut former = Former { flow, states: Vec::new(), state_of: HashMap::new() };
    former.walk(flow.entry, Origin::Entry(vec![(flow.parameter, Expression::Input)]))?;
    former.handlers()?;
    Ok(former.states)
}

struct Former<'a> {
    flow: &'a Flow,
    states: Vec<State>,
    /// The state that a step has become.
    state_of: HashMap<usize, usize>,
}

/// What comes before a step.
enum Origin {
    /// Nothing but these values.
    Entry(Vec<(Variable, Expression)>),
    /// A state.
    After(usize),
    /// Somewhere else; all values are in variables.
    Handler,
}

impl Former<'_> {
    /// Forms what the states formed so far lead to in failure, in the order of the steps.
    fn handlers(&mut self) -> Result<(), DefinitionError> {
        loop {
            let targets = self.states.iter().filter_map(|state| state.catch.as_ref().map(|catch| catch.next));
            match targets.filter(|step| !self.state_of.contains_key(step)).min() {
                Some(step) => self.walk(step, Origin::Handler)?,
                None => break,
            }
        }
        for catch in self.states.iter_mut().filter_map(|state| state.catch.as_mut()) {
            catch.next = self.state_of[&catch.next];
        }
        Ok(())
    }

    fn walk(&mut self, mut step: usize, mut origin: Origin) -> Result<(), DefinitionError> {
        loop {
            if let Some(state) = self.state_of.get(&step) {
                self.link(&origin, *state);
                return Ok(());
            }
            match self.flow.steps.get(step) {
                None => return Err(incomplete("a body that does not end")),
                Some(Step::Assign { variable, value, next }) => {
                    match &mut origin {
                        Origin::Entry(values) => values.push((*variable, value.substitute(&replacements(values)))),
                        Origin::After(state) => {
                            let assign = &mut self.states[*state].assign;
                            assign.push((*variable, value.substitute(&replacements(assign))));
                        }
                        Origin::Handler => return Err(incomplete("a handler that begins with an assignment")),
                    }
                    step = *next;
                }
                Some(Step::Task { call, result, on_error, next }) => {
                    let (entry, before) = match &origin {
                        Origin::Entry(values) => (values.clone(), replacements(values)),
                        _ => (Vec::new(), HashMap::new()),
                    };
                    let mut call = call.clone();
                    call.payload = call.payload.substitute(&before);
                    let catch = on_error.map(|on_error| {
                        let mut assign = entry.clone();
                        assign.extend(on_error.error.map(|error| (error, Expression::ErrorOutput)));
                        Catch { assign, next: on_error.next }
                    });
                    let mut assign = entry;
                    assign.extend(result.map(|result| (result, Expression::Result)));
                    let undoes = call.undoes.and_then(|step| self.state_of.get(&step).copied());
                    let work = Work::Task { call, undoes };
                    let state = self.add(step, &origin, State { work, assign, output: None, catch, next: None });
                    origin = Origin::After(state);
                    step = *next;
                }
                Some(Step::Return { value }) => {
                    match &origin {
                        Origin::After(state) => {
                            let state = &mut self.states[*state];
                            state.output = Some(value.substitute(&replacements(&state.assign)));
                        }
                        Origin::Entry(values) => {
                            let output = Some(value.substitute(&replacements(values)));
                            self.add(step, &origin, end(Work::Succeed, output));
                        }
                        Origin::Handler => {
                            self.add(step, &origin, end(Work::Succeed, Some(value.clone())));
                        }
                    }
                    return Ok(());
                }
                Some(Step::Rethrow { error }) => {
                    self.add(step, &origin, end(Work::Fail { error: *error }, None));
                    return Ok(());
                }
            }
        }
    }

    fn add(&mut self, step: usize, origin: &Origin, state: State) -> usize {
        let index = self.states.len();
        self.states.push(state);
        self.state_of.insert(step, index);
        self.link(origin, index);
        index
    }

    fn link(&mut self, origin: &Origin, next: usize) {
        if let Origin::After(state) = origin {
            self.states[*state].next = Some(next);
        }
    }
}

/// INVARIANT: a later value of the list does not read an earlier variable of it, it was substituted.
fn replacements(values: &[(Variable, Expression)]) -> HashMap<Variable, Expression> {
    values.iter().cloned().collect()
}

fn end(work: Work, output: Option<Expression>) -> State {
    State { work, assign: Vec::new(), output, catch: None, next: None }
}

fn incomplete(what: &str) -> DefinitionError {
    DefinitionError::Syntax { machine: "the state machine".into(), what: what.into() }
}
