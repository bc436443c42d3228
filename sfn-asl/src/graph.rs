//! The graph of a scope: which state leads to which.

use crate::definition::{State, StateKind, StateName, StateScope, Transition};

#[cfg(test)]
mod tests;

/// Why a state leads to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Edge {
    /// `Next`
    Next,
    /// `Next` of the rule at this index of `Choices`.
    Choice(usize),
    /// `Default` of a Choice.
    Default,
    /// `Next` of the entry at this index of `Catch`.
    Catch(usize),
}

/// The states that `state` can lead to, in the order of the document, each with the reason.
pub fn successors(state: &State) -> Vec<(Edge, &StateName)> {
    let (transition, catch) = match &state.kind {
        StateKind::Task(task) => (&task.transition, task.catch.as_slice()),
        StateKind::Parallel(parallel) => (&parallel.transition, parallel.catch.as_slice()),
        StateKind::Map(map) => (&map.transition, map.catch.as_slice()),
        StateKind::Pass(pass) => (&pass.transition, [].as_slice()),
        StateKind::Wait(wait) => (&wait.transition, [].as_slice()),
        StateKind::Choice(choice) => {
            let rules = choice.choices.iter().enumerate().map(|(index, rule)| (Edge::Choice(index), &rule.next));
            return rules.chain(choice.default.iter().map(|default| (Edge::Default, default))).collect();
        }
        StateKind::Succeed(_) | StateKind::Fail(_) => return Vec::new(),
    };
    let next = match transition {
        Transition::Next(next) => Some((Edge::Next, next)),
        Transition::End => None,
    };
    let catch = catch.iter().enumerate().map(|(index, catcher)| (Edge::Catch(index), &catcher.next));
    next.into_iter().chain(catch).collect()
}

/// True when a scope can end with `state`.
pub fn is_terminal(state: &State) -> bool {
    match &state.kind {
        StateKind::Succeed(_) | StateKind::Fail(_) => true,
        StateKind::Choice(_) => false,
        StateKind::Task(task) => task.transition == Transition::End,
        StateKind::Parallel(parallel) => parallel.transition == Transition::End,
        StateKind::Map(map) => map.transition == Transition::End,
        StateKind::Pass(pass) => pass.transition == Transition::End,
        StateKind::Wait(wait) => wait.transition == Transition::End,
    }
}

/// The scopes inside a state: the branches of a Parallel, the processor of a Map.
pub fn inner_scopes(state: &State) -> &[StateScope] {
    match &state.kind {
        StateKind::Parallel(parallel) => &parallel.branches,
        StateKind::Map(map) => std::slice::from_ref(&map.processor.scope),
        _ => &[],
    }
}

/// The transitions of one scope, by the positions of its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    start: usize,
    successors: Vec<Vec<(Edge, usize)>>,
    terminal: Vec<bool>,
}

impl Graph {
    /// The graph of `scope`; inner scopes have graphs of their own.
    ///
    /// A transition to a state that the scope does not have is left out; a checked definition has none.
    pub fn new(scope: &StateScope) -> Self {
        let position = |name: &StateName| scope.states.get_index_of(name);
        let successors = scope.states.values().map(|state| {
            successors(state).into_iter().filter_map(|(edge, name)| Some((edge, position(name)?))).collect()
        });
        Graph {
            start: position(&scope.start_at).unwrap_or(0),
            successors: successors.collect(),
            terminal: scope.states.values().map(is_terminal).collect(),
        }
    }

    /// The position of the state that `StartAt` names.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Number of states.
    pub fn len(&self) -> usize {
        self.successors.len()
    }

    /// True for a scope without states.
    pub fn is_empty(&self) -> bool {
        self.successors.is_empty()
    }

    /// Where the state at `position` leads.
    pub fn successors(&self, position: usize) -> &[(Edge, usize)] {
        self.successors.get(position).map_or(&[], Vec::as_slice)
    }

    /// The positions of the states that lead to each state, in order, each once.
    pub fn predecessors(&self) -> Vec<Vec<usize>> {
        let mut predecessors = vec![Vec::new(); self.len()];
        for (from, successors) in self.successors.iter().enumerate() {
            for &(_, to) in successors {
                if predecessors[to].last() != Some(&from) {
                    predecessors[to].push(from);
                }
            }
        }
        predecessors
    }

    /// True when the scope can end with the state at `position`.
    pub fn is_terminal(&self, position: usize) -> bool {
        self.terminal.get(position).copied().unwrap_or(false)
    }

    /// Which states can be reached from `position`, itself included.
    pub fn reachable_from(&self, position: usize) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut pending = if position < self.len() { vec![position] } else { Vec::new() };
        while let Some(at) = pending.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                pending.extend(self.successors[at].iter().map(|&(_, to)| to));
            }
        }
        reached
    }
}
