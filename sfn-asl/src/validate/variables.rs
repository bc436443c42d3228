//! `Assign`: names that can be variables, no name twice along nested scopes, none read before it is assigned, none that
//! nobody reads.
//!
//! What a state reads it reads when it is entered; what it assigns is there from the next state on. So the transitions
//! carry the assignments, and two walks over them tell what is assigned on some way and on every way to a state, and what
//! is read on some way from it.

use std::collections::HashMap;
use std::sync::Arc;

use super::outline::{Mode, RawScope, RawState, Target};
use super::reads::{StateReads, VariableRead};
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::parse::setting::has_placeholder;
use crate::value::Value;

/// Most characters of a name.
const LONGEST: usize = 80;

/// Most words of 64 variables that are looked at, over all states: a document beyond is no work of people.
const MOST_WORK: usize = 1 << 22;

/// Checks the variables of a machine; `reads` are those of the states of each scope.
pub(super) fn check(scopes: &[RawScope<'_>], reads: &[Vec<StateReads>], findings: &mut Vec<Diagnostic>) {
    names(scopes, findings);
    let mut symbols = Symbols::default();
    let graphs: Vec<Graph<'_>> =
        scopes.iter().zip(reads).map(|(scope, reads)| Graph::new(scope, reads, &mut symbols)).collect();
    let words = symbols.count().div_ceil(64);
    let transitions: usize =
        graphs.iter().flat_map(|graph| &graph.transitions).map(|transitions| transitions.len() + 1).sum();
    if words * transitions > MOST_WORK {
        return;
    }
    for word in 0..words {
        let walk = Walk { scopes, graphs: &graphs, word };
        walk.forward(findings);
        if reads.iter().flatten().all(|reads| !reads.unknown) {
            walk.backward(findings);
        }
    }
}

/// Checks the names alone, as those of a state that stands by itself: its variables come from outside.
pub(super) fn names(scopes: &[RawScope<'_>], findings: &mut Vec<Diagnostic>) {
    for state in scopes.iter().flat_map(|scope| &scope.states) {
        for assigning in assigning(state) {
            for key in assigning.keys() {
                if let Some(message) = fault(variable(state, key)) {
                    let finding = Diagnostic::new(Code::InvalidVariable, assigning.location.clone(), message);
                    findings.push(finding.at_key(key));
                }
            }
        }
    }
}

/// Numbers for names, in the order in which they are met.
#[derive(Default)]
struct Symbols {
    numbers: HashMap<Arc<str>, usize>,
}

impl Symbols {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.numbers.insert(name.into(), self.numbers.len());
        self.numbers.len() - 1
    }

    fn count(&self) -> usize {
        self.numbers.len()
    }
}

/// The transitions of a scope with what they assign, and what its states read.
struct Graph<'a> {
    start: Option<usize>,
    transitions: Vec<Vec<Transition<'a>>>,
    reads: Vec<Vec<(usize, &'a VariableRead)>>,
}

/// A way out of a state.
struct Transition<'a> {
    /// The state it leads to; none when the scope ends, or when there is no such state.
    target: Option<usize>,
    /// The scope ends.
    ends: bool,
    /// The variables it assigns, each with its key as written.
    assigned: Vec<(usize, &'a str)>,
    /// Where the `Assign` stands.
    location: Location,
    /// The names are not all known: an expression makes the object, or a placeholder stands for a name.
    unknown: bool,
}

impl<'a> Graph<'a> {
    fn new(scope: &RawScope<'a>, reads: &'a [StateReads], symbols: &mut Symbols) -> Self {
        let positions = scope.positions();
        let start = scope.object.get("StartAt").and_then(Value::as_str).and_then(|name| positions.get(name).copied());
        let transitions = scope.states.iter().map(|state| transitions(state, &positions, symbols)).collect();
        let reads = reads
            .iter()
            .map(|reads| reads.variables.iter().map(|read| (symbols.number(&read.name), read)).collect())
            .collect();
        Graph { start, transitions, reads }
    }
}

fn transitions<'a>(
    state: &RawState<'a>,
    positions: &HashMap<&str, usize>,
    symbols: &mut Symbols,
) -> Vec<Transition<'a>> {
    let mut ways: Vec<(Option<&str>, Option<&'static str>, usize)> = Vec::new();
    for (place, target) in state.targets() {
        let (list, index) = place.entry().map_or((None, 0), |(list, index)| (Some(list), index));
        ways.push((Some(target), list, index));
    }
    if state.is_terminal() && state.object.get("Next").is_none() {
        ways.push((None, None, 0));
    }
    let assigning = assigning(state);
    let mut transitions = Vec::with_capacity(ways.len());
    for (target, list, index) in ways {
        let own = assigning.iter().find(|assigning| assigning.list == list.map(|list| (list, index)));
        let mut transition = Transition {
            target: target.and_then(|target| positions.get(target).copied()),
            ends: target.is_none(),
            assigned: Vec::new(),
            location: own.map_or_else(Location::root, |own| own.location.clone()),
            unknown: own.is_some_and(|own| own.value.as_str().is_some()),
        };
        for key in own.into_iter().flat_map(Assigning::keys) {
            let name = variable(state, key);
            transition.unknown |= has_placeholder(name);
            if fault(name).is_none() && !has_placeholder(name) {
                transition.assigned.push((symbols.number(name), key));
            }
        }
        transitions.push(transition);
    }
    transitions
}

/// What the transitions to a state have assigned, 64 variables at a time.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Assigned {
    on_some_way: u64,
    on_every_way: u64,
    /// Any variable may be assigned besides.
    unknown: bool,
}

/// The walks for the variables whose numbers lie in one word of 64.
struct Walk<'w, 'a> {
    scopes: &'w [RawScope<'a>],
    graphs: &'w [Graph<'a>],
    word: usize,
}

impl Walk<'_, '_> {
    /// The bit of a variable, if it belongs to this word.
    fn bit(&self, number: usize) -> Option<u64> {
        (number / 64 == self.word).then(|| 1 << (number % 64))
    }

    fn bits(&self, transition: &Transition<'_>) -> u64 {
        transition.assigned.iter().filter_map(|(number, _)| self.bit(*number)).fold(0, |all, bit| all | bit)
    }

    /// The state around a scope that runs in the same execution.
    fn around(&self, scope: usize) -> Option<(usize, usize)> {
        let scope = &self.scopes[scope];
        if scope.mode == Mode::Inline { scope.parent } else { None }
    }

    /// From the start on: what is there when a state is entered.
    fn forward(&self, findings: &mut Vec<Diagnostic>) {
        let mut entered: Vec<Vec<Option<Assigned>>> = Vec::with_capacity(self.graphs.len());
        for (at, graph) in self.graphs.iter().enumerate() {
            let outer = self.around(at).map_or(Some(Assigned::default()), |(scope, state)| entered[scope][state]);
            // A scope that is never entered has a finding of its own.
            let here = match outer {
                Some(outer) => self.spread(graph, outer),
                None => vec![None; graph.transitions.len()],
            };
            if let Some(outer) = outer {
                self.shadowing(graph, &outer, findings);
            }
            for (reads, assigned) in graph.reads.iter().zip(&here) {
                let Some(assigned) = assigned.filter(|assigned| !assigned.unknown) else { continue };
                for (number, read) in reads {
                    if let Some(bit) = self.bit(*number)
                        && !read.optional
                        && assigned.on_every_way & bit == 0
                    {
                        findings.push(self.unassigned(at, *number, read, assigned.on_some_way & bit != 0));
                    }
                }
            }
            entered.push(here);
        }
    }

    fn spread(&self, graph: &Graph<'_>, outer: Assigned) -> Vec<Option<Assigned>> {
        let mut entered: Vec<Option<Assigned>> = vec![None; graph.transitions.len()];
        let Some(start) = graph.start else { return entered };
        entered[start] = Some(outer);
        let mut pending = vec![start];
        while let Some(at) = pending.pop() {
            let Some(before) = entered[at] else { continue };
            for transition in &graph.transitions[at] {
                let Some(target) = transition.target else { continue };
                let bits = self.bits(transition);
                let after = Assigned {
                    on_some_way: before.on_some_way | bits,
                    on_every_way: before.on_every_way | bits,
                    unknown: before.unknown | transition.unknown,
                };
                let merged = entered[target].map_or(after, |known| Assigned {
                    on_some_way: known.on_some_way | after.on_some_way,
                    on_every_way: known.on_every_way & after.on_every_way,
                    unknown: known.unknown | after.unknown,
                });
                if entered[target] != Some(merged) {
                    entered[target] = Some(merged);
                    pending.push(target);
                }
            }
        }
        entered
    }

    /// A variable of a scope around cannot be assigned.
    fn shadowing(&self, graph: &Graph<'_>, outer: &Assigned, findings: &mut Vec<Diagnostic>) {
        for transition in graph.transitions.iter().flatten() {
            for (number, key) in &transition.assigned {
                if self.bit(*number).is_some_and(|bit| outer.on_some_way & bit != 0) {
                    let name = plain(key);
                    let message =
                        format!("the variable `{name}` belongs to an outer scope and cannot be assigned here");
                    let finding =
                        Diagnostic::new(Code::ShadowedVariable, transition.location.clone(), message).at_key(key);
                    findings.push(finding.help("hand the value out as output, and assign it in the outer scope"));
                }
            }
        }
    }

    fn unassigned(&self, scope: usize, number: usize, read: &VariableRead, sometimes: bool) -> Diagnostic {
        let name = &read.name;
        if sometimes {
            let message =
                format!("the variable `{name}` may not be assigned yet: a way leads here past what assigns it");
            return Diagnostic::new(Code::UnassignedVariable, read.location.clone(), message)
                .help("assign it on every way to this state, at the start for instance");
        }
        let message = format!("the variable `{name}` is read here and assigned on no way to this state");
        let finding = Diagnostic::new(Code::UnassignedVariable, read.location.clone(), message);
        let assigns = |scope: usize| {
            self.graphs[scope]
                .transitions
                .iter()
                .flatten()
                .any(|transition| transition.assigned.iter().any(|(assigned, _)| *assigned == number))
        };
        let mut around = Vec::new();
        let mut at = Some(scope);
        let mut is_child = false;
        while let Some(scope) = at {
            let parent = self.scopes[scope].parent.map(|(parent, _)| parent);
            is_child |= self.scopes[scope].mode != Mode::Inline;
            around.extend(parent.map(|parent| (parent, is_child)));
            at = parent;
        }
        if around.iter().any(|(parent, is_child)| *is_child && assigns(*parent)) {
            return finding.help(
                "the children of a Distributed Map do not see the variables around it: hand the value in by `ItemSelector` \
                 or `BatchInput`",
            );
        }
        let elsewhere = (0..self.graphs.len()).filter(|other| *other != scope).any(assigns);
        match elsewhere && !assigns(scope) && !around.iter().any(|(parent, _)| assigns(*parent)) {
            true => finding.help(
                "it belongs to a branch or a Map, and ends with it: hand the value out as output, and assign it in this scope",
            ),
            false => finding,
        }
    }

    /// From the ends on: what is still read after a transition.
    fn backward(&self, findings: &mut Vec<Diagnostic>) {
        let mut inner: Vec<Vec<u64>> = self.graphs.iter().map(|graph| vec![0; graph.transitions.len()]).collect();
        let mut dead = Vec::new();
        for (at, graph) in self.graphs.iter().enumerate().rev() {
            let live = self.live(graph, &inner[at]);
            if let (Some((scope, state)), Some(start)) = (self.around(at), graph.start) {
                inner[scope][state] |= live[start];
            }
            for transition in graph.transitions.iter().flatten().rev() {
                // What a state that does not exist would read is not known.
                let after = transition.target.map_or(if transition.ends { 0 } else { !0 }, |target| live[target]);
                for (number, key) in transition.assigned.iter().rev() {
                    if self.bit(*number).is_some_and(|bit| after & bit == 0) {
                        let name = plain(key);
                        let message = format!("nothing reads the variable `{name}` after it is assigned here");
                        dead.push(
                            Diagnostic::new(Code::UnusedVariable, transition.location.clone(), message).at_key(key),
                        );
                    }
                }
            }
        }
        dead.reverse();
        findings.append(&mut dead);
    }

    fn live(&self, graph: &Graph<'_>, inner: &[u64]) -> Vec<u64> {
        let own = graph.reads.iter().zip(inner).map(|(reads, inner)| {
            reads.iter().filter_map(|(number, _)| self.bit(*number)).fold(*inner, |all, bit| all | bit)
        });
        let mut live: Vec<u64> = own.collect();
        let mut predecessors: Vec<Vec<(usize, u64)>> = vec![Vec::new(); live.len()];
        for (from, transitions) in graph.transitions.iter().enumerate() {
            for transition in transitions {
                if let Some(target) = transition.target {
                    predecessors[target].push((from, self.bits(transition)));
                }
            }
        }
        let mut pending: Vec<usize> = (0..live.len()).filter(|at| live[*at] != 0).collect();
        while let Some(at) = pending.pop() {
            for &(from, assigned) in &predecessors[at] {
                let before = live[from] | live[at] & !assigned;
                if before != live[from] {
                    live[from] = before;
                    pending.push(from);
                }
            }
        }
        live
    }
}

/// The variable that a key assigns; the keys of JSONata cannot end in `.$` and be variables.
fn plain(key: &str) -> &str {
    key.strip_suffix(".$").unwrap_or(key)
}

/// An `Assign` of a state, or of one of its rules or catchers.
struct Assigning<'a> {
    list: Option<(&'static str, usize)>,
    location: Location,
    value: &'a Value,
}

impl<'a> Assigning<'a> {
    fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.value.as_object().into_iter().flat_map(|object| object.keys()).map(|key| &**key)
    }
}

fn assigning<'a>(state: &RawState<'a>) -> Vec<Assigning<'a>> {
    let own = state.object.get("Assign");
    let mut found: Vec<Assigning<'a>> =
        Vec::from_iter(own.map(|value| Assigning { list: None, location: state.location.key("Assign"), value }));
    for list in Target::LISTS {
        let entries = state.object.get(list).and_then(Value::as_array);
        for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
            if let Some(value) = entry.get("Assign") {
                let location = state.location.key(list).index(index).key("Assign");
                found.push(Assigning { list: Some((list, index)), location, value });
            }
        }
    }
    found
}

/// The variable that a key of `Assign` names.
fn variable<'k>(state: &RawState<'_>, key: &'k str) -> &'k str {
    match state.language {
        QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
        QueryLanguage::Jsonata => key,
    }
}

fn fault(name: &str) -> Option<String> {
    if name.contains("${") {
        return None;
    }
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_alphanumeric() || c == '_') {
        return Some(format!("`{name}` cannot name a variable: a letter comes first, then letters, digits and `_`"));
    }
    if name == "states" {
        return Some("`states` is reserved and cannot name a variable".to_owned());
    }
    (name.chars().count() > LONGEST).then(|| format!("the variable name `{name}` exceeds {LONGEST} characters"))
}
