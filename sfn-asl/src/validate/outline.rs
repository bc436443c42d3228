//! The scopes and states of a raw document, as far as they can be made out.

use crate::definition::QueryLanguage;
use crate::location::Location;
use crate::parse::scope::SINGLE_STATE;
use crate::value::{Object, Value};

/// `States` with the `StartAt` beside it.
pub(crate) struct RawScope<'a> {
    /// Where the object with `States` stands.
    pub(crate) location: Location,
    pub(crate) object: &'a Object,
    /// The position of the scope around this one, and whether this one runs as an execution of its own.
    pub(crate) parent: Option<usize>,
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
type Pending<'a> = (Location, &'a Value, Option<usize>, Mode);

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
        let inner: Vec<_> = states.iter().flat_map(RawState::inner_scopes).collect();
        pending.extend(inner.into_iter().rev().map(|(location, value, mode)| (location, value, Some(at), mode)));
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

    /// Every state that this one names as its successor, with the place where it does.
    pub(crate) fn targets(&self) -> Vec<(Location, &str)> {
        let mut targets = Vec::new();
        for key in ["Next", "Default"] {
            if let Some(target) = self.object.get(key).and_then(Value::as_str) {
                targets.push((self.location.key(key), target));
            }
        }
        for key in ["Choices", "Catch"] {
            let entries = self.object.get(key).and_then(Value::as_array);
            for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
                if let Some(target) = entry.get("Next").and_then(Value::as_str) {
                    targets.push((self.location.key(key).index(index).key("Next"), target));
                }
            }
        }
        targets
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
    let pending = pending.map(|(location, value, mode)| (location, value, Some(0), mode)).collect();
    let outer = RawScope { location: Location::root(), object, parent: None, mode: Mode::Inline, states: vec![state] };
    continue_with(vec![outer], pending, QueryLanguage::JsonPath)
}
