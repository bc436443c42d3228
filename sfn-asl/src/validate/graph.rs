//! Transitions: they lead to states of their scope, every state can be reached, and every scope can end.

use std::collections::HashSet;

use super::outline::{RawScope, reachable};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

pub(crate) fn check(scopes: &[RawScope<'_>], findings: &mut Vec<Diagnostic>) {
    let everywhere: HashSet<&str> = scopes.iter().flat_map(|scope| &scope.states).map(|state| state.name).collect();
    for scope in scopes.iter().filter(|scope| !scope.states.is_empty()) {
        check_scope(scope, &everywhere, findings);
    }
}

fn check_scope(scope: &RawScope<'_>, everywhere: &HashSet<&str>, findings: &mut Vec<Diagnostic>) {
    let named = |name: &str| scope.object.get("States").and_then(|states| states.get(name)).is_some();
    let missing = |location, target: &str| {
        let finding =
            Diagnostic::new(Code::MissingTransitionTarget, location, format!("Missing 'Next' target: {target}"));
        match everywhere.contains(target) {
            true => finding
                .help("this state belongs to another scope; a transition cannot leave or enter a branch or a Map"),
            false => finding,
        }
    };
    let start = scope.object.get("StartAt").and_then(Value::as_str);
    if let Some(start) = start
        && !named(start)
    {
        findings.push(missing(scope.location.key("StartAt"), start));
    }
    for state in &scope.states {
        for (place, target) in state.targets() {
            // An empty name has a finding of its own.
            if !target.is_empty() && !named(target) {
                findings.push(missing(place.location(&state.location), target));
            }
        }
    }
    if !scope.states.iter().any(|state| state.is_terminal()) {
        let finding =
            Diagnostic::new(Code::MissingEndState, scope.location.key("States"), "Workflow has no terminal state");
        findings.push(
            finding
                .on_key()
                .without_location()
                .help("end one state with `\"End\": true`, or add a Succeed or Fail state"),
        );
        return;
    }
    let Some(start) = start.and_then(|start| scope.states.iter().position(|state| state.name == start)) else {
        return;
    };
    let mut reached = reachable(&scope.successors(), start);
    reached[start] = true;
    for (state, _) in scope.states.iter().zip(reached).filter(|(_, reached)| !reached) {
        let message = format!("State \"{}\" is not reachable.", state.name);
        findings.push(Diagnostic::new(Code::MissingTransitionTarget, state.location.clone(), message).on_key());
    }
}
