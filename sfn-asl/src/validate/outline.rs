//! The scopes and states of a raw document, as far as they can be made out.

use std::collections::HashMap;

use crate::definition::QueryLanguage;
use crate::location::Location;
use crate::parse::scope::SINGLE_STATE;
use crate::value::{Object, Value};

/// `States` with the `StartAt` beside it.
pub(crate) struct RawScope<'a> {
    /// Where the object with `States` stands.
    pub(crate) location: Location,
    pub(crate) object: &'a Object,
    /// The position of the scope around this one, and the state of it that holds this one.
    pub(crate) parent: Option<(usize, usize)>,
    pub(crate) mode: Mode,
    pub(crate) states: Vec<RawState<'a>>,
}

/// How the states of a scope run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// In the execution around them.
    Inline,
    /// In STANDARD executions of their own.
    Standard,
    /// In EXPRESS executions of their own.
    Express,
}

impl RawScope<'_> {
    /// The position of each state by its name.
    pub(crate) fn positions(&self) -> HashMap<&str, usize> {
        self.states.iter().enumerate().map(|(index, state)| (state.name, index)).collect()
    }

    /// The positions that each state leads to; targets that do not exist are left out.
    pub(crate) fn successors(&self) -> Vec<Vec<usize>> {
        let index = self.positions();
        let targets = |state: &RawState<'_>| state.targets().filter_map(|(_, name)| index.get(name).copied()).collect();
        self.states.iter().map(targets).collect()
    }
}

/// Which positions can be reached from `start` along `edges`, `start` itself only by a way that returns to it.
pub(crate) fn reachable(edges: &[Vec<usize>], start: usize) -> Vec<bool> {
    let mut reached = vec![false; edges.len()];
    let mut pending = vec![start];
    while let Some(at) = pending.pop() {
        for &next in &edges[at] {
            if !std::mem::replace(&mut reached[next], true) {
                pending.push(next);
            }
        }
    }
    reached
}

/// A member of `States` that is an object.
pub(crate) struct RawState<'a> {
    pub(crate) name: &'a str,
    /// The language of its expressions.
    pub(crate) language: QueryLanguage,
    pub(crate) location: Location,
    pub(crate) object: &'a Object,
}

/// Every scope of the document, outer ones before inner ones, in document order.
pub(crate) fn scopes(document: &Value) -> Vec<RawScope<'_>> {
    let language = language(document, QueryLanguage::JsonPath);
    continue_with(Vec::new(), vec![(Location::root(), document, None, Mode::Inline)], language)
}

/// A scope that is still to be looked at: its place, the value, the position of its parent, how it runs.
type Pending<'a> = (Location, &'a Value, Option<(usize, usize)>, Mode);

fn continue_with<'a>(
    mut scopes: Vec<RawScope<'a>>,
    mut pending: Vec<Pending<'a>>,
    language: QueryLanguage,
) -> Vec<RawScope<'a>> {
    while let Some((location, value, parent, mode)) = pending.pop() {
        let Some(object) = value.as_object() else { continue };
        let states_location = location.key("States");
        let states = object.get("States").and_then(Value::as_object).into_iter().flat_map(Object::iter);
        let states: Vec<RawState<'_>> = states
            .filter_map(|(name, value)| RawState::new(name, value, states_location.key(name.clone()), language))
            .collect();
        let at = scopes.len();
        for (index, state) in states.iter().enumerate().rev() {
            let inner = state.inner_scopes().into_iter().rev();
            pending.extend(inner.map(|(location, value, mode)| (location, value, Some((at, index)), mode)));
        }
        scopes.push(RawScope { location, object, parent, mode, states });
    }
    scopes
}

fn language(value: &Value, default: QueryLanguage) -> QueryLanguage {
    match value.get("QueryLanguage").map(Value::as_str) {
        None => default,
        Some(Some("JSONPath")) => QueryLanguage::JsonPath,
        Some(_) => QueryLanguage::Jsonata,
    }
}

/// The field that names a successor.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    list: Option<(&'static str, usize)>,
    key: &'static str,
}

impl Target {
    /// The lists whose entries name successors.
    pub(crate) const LISTS: [&'static str; 2] = ["Choices", "Catch"];

    /// The list and the entry that name the successor, if not a field of the state does.
    pub(crate) fn entry(self) -> Option<(&'static str, usize)> {
        self.list
    }

    /// The place of the field in the state at `location`.
    pub(crate) fn location(self, location: &Location) -> Location {
        match self.list {
            Some((list, index)) => location.key(list).index(index).key(self.key),
            None => location.key(self.key),
        }
    }
}

impl<'a> RawState<'a> {
    /// The state, if it is an object.
    pub(crate) fn new(name: &'a str, value: &'a Value, location: Location, machine: QueryLanguage) -> Option<Self> {
        Some(RawState { name, language: language(value, machine), location, object: value.as_object()? })
    }

    fn inner_scopes(&self) -> Vec<(Location, &'a Value, Mode)> {
        let mut inner = Vec::new();
        for key in ["ItemProcessor", "Iterator"] {
            if let Some(processor) = self.object.get(key) {
                inner.push((self.location.key(key), processor, mode(processor)));
            }
        }
        if let Some(branches) = self.object.get("Branches").and_then(Value::as_array) {
            let location = self.location.key("Branches");
            let branches = branches.iter().enumerate();
            inner.extend(branches.map(|(index, branch)| (location.index(index), branch, Mode::Inline)));
        }
        inner
    }

    /// `Type`, if it is a text.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.object.get("Type").and_then(Value::as_str)
    }

    /// Every state that this one names as its successor, and where it does.
    pub(crate) fn targets(&self) -> impl Iterator<Item = (Target, &'a str)> + use<'a> {
        let object = self.object;
        let own = ["Next", "Default"].into_iter().filter_map(|key| {
            let target = object.get(key).and_then(Value::as_str)?;
            Some((Target { list: None, key }, target))
        });
        let listed = Target::LISTS.into_iter().flat_map(|list| {
            let entries = object.get(list).and_then(Value::as_array);
            entries.into_iter().flat_map(|entries| entries.iter()).enumerate().filter_map(move |(index, entry)| {
                let target = entry.get("Next").and_then(Value::as_str)?;
                Some((Target { list: Some((list, index)), key: "Next" }, target))
            })
        });
        own.chain(listed)
    }

    /// True when the scope can end here.
    pub(crate) fn is_terminal(&self) -> bool {
        let ends = match self.object.get("End") {
            Some(Value::Bool(end)) => *end,
            Some(Value::String(text)) => text.contains("${"),
            _ => false,
        };
        ends || matches!(self.kind(), Some("Succeed" | "Fail"))
    }
}

fn mode(processor: &Value) -> Mode {
    let field = |key| processor.get("ProcessorConfig").and_then(|config| config.get(key)).and_then(Value::as_str);
    match (field("Mode"), field("ExecutionType")) {
        (Some("DISTRIBUTED"), Some("EXPRESS")) => Mode::Express,
        (Some("DISTRIBUTED"), _) => Mode::Standard,
        _ => Mode::Inline,
    }
}

/// A state that stands alone, and the states inside it.
pub(crate) fn single(document: &Value) -> Vec<RawScope<'_>> {
    let location = Location::root().key("States").key(SINGLE_STATE);
    let Some(state) = RawState::new(SINGLE_STATE, document, location, QueryLanguage::JsonPath) else {
        return Vec::new();
    };
    let Some(object) = document.as_object() else { return Vec::new() };
    let pending = state.inner_scopes().into_iter().rev();
    let pending = pending.map(|(location, value, mode)| (location, value, Some((0, 0)), mode)).collect();
    let outer = RawScope { location: Location::root(), object, parent: None, mode: Mode::Inline, states: vec![state] };
    continue_with(vec![outer], pending, QueryLanguage::JsonPath)
}
