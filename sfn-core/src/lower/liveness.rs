//! Which variables a later state still reads. An assignment that nobody reads is dropped, and so is what only it read.

use std::collections::{BTreeMap, BTreeSet};

use super::expression::Variable;
use super::flow::Until;
use super::states::{Edge, State, Work};

/// Drops the assignments whose variable is read by no later state.
pub(super) fn drop_dead_assignments(states: &mut [State]) {
    let live = live_at_entry(states);
    for edge in states.iter_mut().flat_map(State::edges_mut) {
        edge.assign.retain(|(variable, _)| live[edge.next].contains(variable));
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
        if live.contains(variable) {
            value.variables(here);
        }
    }
    if let Some(output) = &edge.output {
        output.variables(here);
    }
}

fn own_reads(state: &State) -> Live {
    let mut reads = Live::new();
    match &state.work {
        Work::Task { call, .. } => call.payload.variables(&mut reads),
        Work::Wait(Until::Seconds(value) | Until::Timestamp(value)) => value.variables(&mut reads),
        Work::Fail { error, cause } => {
            error.variables(&mut reads);
            cause.variables(&mut reads);
        }
        Work::Pass | Work::Choice | Work::Succeed => {}
        Work::Parallel(branches) => branches.iter().for_each(|states| reads.extend(inner_reads(states))),
        Work::Map(map) => {
            map.items.variables(&mut reads);
            map.concurrency.iter().for_each(|count| count.variables(&mut reads));
            reads.extend(inner_reads(&map.states));
        }
    }
    for (condition, _) in &state.rules {
        condition.variables(&mut reads);
    }
    if let Some(output) = &state.output {
        output.variables(&mut reads);
    }
    reads
}
