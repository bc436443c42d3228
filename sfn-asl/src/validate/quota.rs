//! Estimates against AWS's quotas: what an execution is bound to record, and texts that are bound to be too long.
//!
//! Both are lower bounds. The events of a workflow are those of its shortest way to an end; the items of a Map are counted
//! where the definition lists them. So a finding is about every execution that gets there, never about an unlucky one.

use super::outline::{Mode, RawScope, RawState, reachable};
use super::{MachineType, Options};
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::setting::{expression_text, has_placeholder};
use crate::value::{Array, Value};

/// Most events in the history of a STANDARD execution.
const MOST_EVENTS: u64 = 25_000;
/// Most bytes of an input, an output or a variable.
const MOST_BYTES: usize = 262_144;
/// Most characters of an error name, and of a cause.
const LONGEST_ERROR: usize = 256;
const LONGEST_CAUSE: usize = 32_768;

/// Checks a machine.
pub(super) fn check(scopes: &[RawScope<'_>], options: &Options, findings: &mut Vec<Diagnostic>) {
    let mut express = Vec::with_capacity(scopes.len());
    for scope in scopes {
        express.push(match (scope.mode, scope.parent) {
            (Mode::Express, _) => true,
            (Mode::Standard, _) => false,
            (Mode::Inline, None) => options.machine_type == MachineType::Express,
            (Mode::Inline, Some((parent, _))) => express[parent],
        });
    }
    events(scopes, &express, findings);
    for (scope, express) in scopes.iter().zip(express) {
        if !express {
            endless(scope, findings);
        }
    }
    for state in scopes.iter().flat_map(|scope| &scope.states) {
        texts(state, findings);
    }
}

/// The least number of events of each scope and state, from the innermost out.
fn events(scopes: &[RawScope<'_>], express: &[bool], findings: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    // What the scopes inside of each state record.
    let mut inner: Vec<Vec<u64>> = scopes.iter().map(|scope| vec![0; scope.states.len()]).collect();
    for (at, scope) in scopes.iter().enumerate().rev() {
        let least: Vec<u64> =
            scope.states.iter().zip(&inner[at]).map(|(state, inner)| state_events(state, *inner)).collect();
        if !express[at] {
            for ((state, least), inner) in scope.states.iter().zip(&least).zip(&inner[at]) {
                // The execution begins and ends with an event each.
                let whole = least.saturating_add(2);
                let is_innermost = *inner <= MOST_EVENTS;
                if whole > MOST_EVENTS && is_innermost {
                    let message =
                        format!("this state records at least {least} events, an execution has room for {MOST_EVENTS}");
                    let finding = Diagnostic::new(Code::EventQuota, state.location.clone(), message).on_key();
                    found.push(finding.help(
                        "run the items as executions of their own: `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", \
                         \"ExecutionType\": \"STANDARD\"}`",
                    ));
                }
                retries(state, *least, &mut found);
            }
        }
        if let (Mode::Inline, Some((parent, holder))) = (scope.mode, scope.parent) {
            let shortest = shortest(scope, &least);
            let state = &scopes[parent].states[holder];
            let once = shortest.saturating_mul(iterations(state));
            inner[parent][holder] = inner[parent][holder].saturating_add(once);
        }
    }
    found.reverse();
    findings.append(&mut found);
}

/// Events of a state that goes well, its inner scopes included.
fn state_events(state: &RawState<'_>, inner: u64) -> u64 {
    let own: u64 = match state.kind() {
        // Entered, scheduled, started, succeeded, exited.
        Some("Task") => 5,
        // Entered, started, succeeded, exited.
        Some("Parallel") => 4,
        // An iteration begins and ends with an event each.
        Some("Map") => 4 + iterations(state).saturating_mul(2),
        Some("Fail") => 1,
        _ => 2,
    };
    own.saturating_add(inner)
}

/// How often the inner scopes of a state run, as far as the definition says.
fn iterations(state: &RawState<'_>) -> u64 {
    match (state.kind(), state.object.get("Items")) {
        (Some("Map"), Some(Value::Array(items))) => items.len() as u64,
        (Some("Map"), Some(Value::String(text))) => expression_text(text).and_then(range_length).unwrap_or(0),
        (Some("Map"), _) => 0,
        _ => 1,
    }
}

/// The number of items of `[1..1000]`.
fn range_length(text: &str) -> Option<u64> {
    let (from, to) = text.strip_prefix('[')?.strip_suffix(']')?.split_once("..")?;
    let (from, to): (i64, i64) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
    Some(to.checked_sub(from)?.checked_add(1)?.max(0).unsigned_abs())
}

/// Events of the shortest way through a scope; 0 if there is none.
fn shortest(scope: &RawScope<'_>, least: &[u64]) -> u64 {
    let start = scope.object.get("StartAt").and_then(Value::as_str);
    let Some(start) = start.and_then(|start| scope.states.iter().position(|state| state.name == start)) else {
        return 0;
    };
    let successors = scope.successors();
    let mut distance = vec![u64::MAX; least.len()];
    let mut queue = std::collections::BinaryHeap::new();
    distance[start] = least[start];
    queue.push(std::cmp::Reverse((least[start], start)));
    while let Some(std::cmp::Reverse((events, at))) = queue.pop() {
        if events > distance[at] {
            continue;
        }
        if scope.states[at].is_terminal() {
            return events;
        }
        for &next in &successors[at] {
            let events = events.saturating_add(least[next]);
            if events < distance[next] {
                distance[next] = events;
                queue.push(std::cmp::Reverse((events, next)));
            }
        }
    }
    0
}

/// Retries that cannot all be recorded.
fn retries(state: &RawState<'_>, least: u64, findings: &mut Vec<Diagnostic>) {
    // A retry of a task is scheduled, started and fails; of other states, it is at least what fails in them.
    let each = if state.kind() == Some("Task") { 3 } else { 1 };
    let entries = state.object.get("Retry").and_then(Value::as_array);
    for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
        let Some(attempts) = entry.get("MaxAttempts").and_then(Value::as_i64).and_then(|n| u64::try_from(n).ok())
        else {
            continue;
        };
        let events = attempts.saturating_mul(each).saturating_add(least);
        if events > MOST_EVENTS {
            let location = state.location.key("Retry").index(index).key("MaxAttempts");
            let message =
                format!("{attempts} retries record at least {events} events, an execution has room for {MOST_EVENTS}");
            let finding = Diagnostic::new(Code::EventQuota, location, message);
            findings.push(finding.help("let the workflow fail earlier, or retry within an execution of its own"));
        }
    }
}

/// States from which no end can be reached.
fn endless(scope: &RawScope<'_>, findings: &mut Vec<Diagnostic>) {
    let ends: Vec<usize> = (0..scope.states.len()).filter(|at| scope.states[*at].is_terminal()).collect();
    if ends.is_empty() {
        // That has a finding of its own.
        return;
    }
    let successors = scope.successors();
    let mut backward = vec![Vec::new(); successors.len() + 1];
    for (from, targets) in successors.iter().enumerate() {
        targets.iter().for_each(|to| backward[*to].push(from));
    }
    backward[successors.len()] = ends;
    let leads_to_an_end = reachable(&backward, successors.len());
    let dangling = |at: usize| scope.states[at].targets().count() != successors[at].len();
    let endless: Vec<usize> = (0..successors.len()).filter(|at| !leads_to_an_end[*at]).collect();
    if endless.iter().any(|at| dangling(*at)) {
        return;
    }
    // One finding for each way in tells enough: the first state of it.
    let mut told = vec![false; successors.len()];
    for at in endless {
        if std::mem::replace(&mut told[at], true) {
            continue;
        }
        for (state, reached) in reachable(&successors, at).into_iter().enumerate() {
            told[state] |= reached;
        }
        let state = &scope.states[at];
        let message = format!(
            "no way leads from this state to an end: the execution goes on until it has recorded {MOST_EVENTS} events"
        );
        let finding = Diagnostic::new(Code::EventQuota, state.location.clone(), message).on_key();
        findings.push(finding.help("lead one way out of the loop, or start the next round as a new execution"));
    }
}

/// Texts of the definition that are too long to be passed on.
fn texts(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) {
    let fields: &[&str] = match state.language {
        QueryLanguage::JsonPath => &["Parameters", "Result", "ResultSelector", "ItemSelector"],
        QueryLanguage::Jsonata => &["Arguments", "Output", "Items", "ItemSelector"],
    };
    let mut too_large = |location: crate::Location, bytes: usize, what: &str| {
        if bytes > MOST_BYTES {
            let message = format!("{what} has at least {bytes} bytes, {MOST_BYTES} are allowed");
            findings.push(Diagnostic::new(Code::PayloadQuota, location, message));
        }
    };
    for field in fields {
        if let Some(value) = state.object.get(field) {
            too_large(state.location.key(*field), least_bytes(value), &format!("the value of `{field}`"));
        }
    }
    if let Some(members) = state.object.get("Assign").and_then(Value::as_object) {
        let location = state.location.key("Assign");
        let whole: usize = members.values().map(least_bytes).sum();
        too_large(location, whole, "what `Assign` assigns");
    }
    if state.kind() == Some("Fail") {
        for (field, most) in [("Error", LONGEST_ERROR), ("Cause", LONGEST_CAUSE)] {
            let text = state.object.get(field).and_then(Value::as_str).unwrap_or_default();
            let is_literal = state.language == QueryLanguage::JsonPath || expression_text(text).is_none();
            let length = text.chars().count();
            if length > most && is_literal && !has_placeholder(text) {
                let message = format!("the text of `{field}` has {length} characters, {most} are allowed");
                findings.push(Diagnostic::new(Code::PayloadQuota, state.location.key(field), message));
            }
        }
    }
}

/// Bytes that a template has at least: those of its literal parts.
fn least_bytes(template: &Value) -> usize {
    match template {
        Value::String(text) if text.starts_with("{%") || has_placeholder(text) => 0,
        Value::Array(items) => 2 + separators(items) + items.iter().map(least_bytes).sum::<usize>(),
        Value::Object(members) => {
            let each = members.iter().map(|(key, value)| match key.ends_with(".$") {
                true => key.len() + 1,
                false => key.len() + 3 + least_bytes(value),
            });
            2 + members.len().saturating_sub(1) + each.sum::<usize>()
        }
        value => value.json_size(),
    }
}

fn separators(items: &Array) -> usize {
    items.len().saturating_sub(1)
}
