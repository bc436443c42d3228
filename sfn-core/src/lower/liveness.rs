//! Which variables a later state still reads. An assignment that nobody reads is dropped, and so is what only it read.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::{Expression, Variable};
use super::flow::Until;
use super::states::{Edge, State, Work};

/// Drops the assignments whose variable is read by no later state, unless evaluating the value may end the execution: nobody
/// else does it then.
pub(super) fn drop_dead_assignments(states: &mut [State]) {
    let live = live_at_entry(states);
    for state in states {
        let evaluated: Vec<Expression> = first_evaluated(state).into_iter().cloned().collect();
        for edge in state.edges_mut() {
            let live = &live[edge.next];
            let mut kept: Vec<(Variable, Expression)> = Vec::new();
            for (variable, value) in std::mem::take(&mut edge.assign).into_iter().rev() {
                let mut others = evaluated.iter().chain(&edge.output).chain(kept.iter().map(|(_, value)| value));
                let mut is_check = || value.is_fallible() && !others.any(|other| other.always_evaluates(&value));
                if live.contains(&variable) || is_check() {
                    kept.push((variable, value));
                }
            }
            kept.reverse();
            edge.assign = kept;
        }
    }
}

/// The variables that may not share a name with each variable: those that are read after it got its value.
pub(super) fn interferences(states: &[State]) -> BTreeMap<Variable, BTreeSet<Variable>> {
    let live = live_at_entry(states);
    let mut found: BTreeMap<Variable, BTreeSet<Variable>> = BTreeMap::new();
    for edge in states.iter().flat_map(State::edges) {
        for (variable, _) in &edge.assign {
            let assigned = edge.assign.iter().map(|(variable, _)| variable);
            for other in assigned.chain(&live[edge.next]).filter(|other| *other != variable) {
                found.entry(*variable).or_default().insert(*other);
                found.entry(*other).or_default().insert(*variable);
            }
        }
    }
    found
}

/// The variables of the outside that the states of a branch read.
fn inner_reads(states: &[State]) -> Live {
    let mut reads = Live::new();
    states.iter().flat_map(State::expressions).for_each(|expression| expression.variables(&mut reads));
    for (variable, _) in states.iter().flat_map(State::edges).flat_map(|edge| &edge.assign) {
        reads.remove(variable);
    }
    reads
}

type Live = BTreeSet<Variable>;

/// The variables that are read from each state on, by a rising iteration to the least solution.
fn live_at_entry(states: &[State]) -> Vec<Live> {
    let mut live = vec![Live::new(); states.len()];
    loop {
        let mut changed = false;
        for (index, state) in states.iter().enumerate().rev() {
            let mut here = own_reads(state);
            for edge in state.edges() {
                pass_edge(&mut here, edge, &live[edge.next]);
            }
            if here != live[index] {
                live[index] = here;
                changed = true;
            }
        }
        if !changed {
            return live;
        }
    }
}

/// Adds what must be live before an edge after which `live` are read.
fn pass_edge(here: &mut Live, edge: &Edge, live: &Live) {
    let assigned: Live = edge.assign.iter().map(|(variable, _)| *variable).collect();
    here.extend(live.difference(&assigned));
    for (variable, value) in &edge.assign {
        if live.contains(variable) || value.is_fallible() {
            value.variables(here);
        }
    }
    if let Some(output) = &edge.output {
        output.variables(here);
    }
}

fn own_reads(state: &State) -> Live {
    let mut reads = Live::new();
    own_expressions(state).into_iter().for_each(|expression| expression.variables(&mut reads));
    match &state.work {
        Work::Parallel(branches) => branches.iter().for_each(|states| reads.extend(inner_reads(states))),
        Work::Map(map) => reads.extend(inner_reads(&map.states)),
        _ => {}
    }
    reads
}

/// What a state evaluates besides its assignments.
/// What a state evaluates before it goes anywhere: of a choice the first condition alone.
fn first_evaluated(state: &State) -> Vec<&Expression> {
    match &state.work {
        Work::Choice => state.rules.first().map(|(condition, _)| condition).into_iter().collect(),
        _ => own_expressions(state),
    }
}

fn own_expressions(state: &State) -> Vec<&Expression> {
    let mut expressions = match &state.work {
        Work::Task { call, .. } => vec![&call.payload],
        Work::Wait(Until::Seconds(value) | Until::Timestamp(value)) => vec![value],
        Work::Fail { error, cause } => vec![error, cause],
        Work::Map(map) => std::iter::once(&map.items).chain(&map.concurrency).collect(),
        Work::Pass | Work::Choice | Work::Succeed | Work::Parallel(_) => Vec::new(),
    };
    expressions.extend(state.rules.iter().map(|(condition, _)| condition));
    expressions.extend(&state.output);
    expressions
}
