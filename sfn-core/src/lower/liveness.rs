//! Which variables a later state still reads. An assignment that nobody reads is dropped, and so is what only it read.

use std::collections::BTreeSet;

use super::expression::{Expression, Variable};
use super::states::{State, Work};

/// Drops the assignments whose variable is read by no later state.
pub(super) fn drop_dead_assignments(states: &mut [State]) {
    let live = live_at_entry(states);
    for state in states.iter_mut() {
        let next = state.next.map(|next| &live[next]);
        state.assign.retain(|(variable, _)| next.is_some_and(|live| live.contains(variable)));
        if let Some(catch) = &mut state.catch {
            catch.assign.retain(|(variable, _)| live[catch.next].contains(variable));
        }
    }
}

type Live = BTreeSet<Variable>;

/// The variables that are read from each state on, by a rising iteration to the least solution.
fn live_at_entry(states: &[State]) -> Vec<Live> {
    let mut live = vec![Live::new(); states.len()];
    loop {
        let mut changed = false;
        for (index, state) in states.iter().enumerate().rev() {
            let mut here = own_reads(state);
            if let Some(next) = state.next {
                pass_edge(&mut here, &state.assign, &live[next]);
            }
            if let Some(catch) = &state.catch {
                pass_edge(&mut here, &catch.assign, &live[catch.next]);
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

/// Adds what must be live before an edge that makes `assign` and after which `live` are read.
fn pass_edge(here: &mut Live, assign: &[(Variable, Expression)], live: &Live) {
    let assigned: Live = assign.iter().map(|(variable, _)| *variable).collect();
    here.extend(live.difference(&assigned));
    for (variable, value) in assign {
        if live.contains(variable) {
            value.variables(here);
        }
    }
}

fn own_reads(state: &State) -> Live {
    let mut reads = Live::new();
    match &state.work {
        Work::Task { call, .. } => call.payload.variables(&mut reads),
        Work::Fail { error } => {
            reads.insert(*error);
        }
        Work::Succeed => {}
    }
    if let Some(output) = &state.output {
        output.variables(&mut reads);
    }
    reads
}
