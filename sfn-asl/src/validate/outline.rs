//! The scopes and states of a raw document, as far as they can be made out.

use crate::location::Location;
use crate::value::{Object, Value};

/// `States` with the `StartAt` beside it.
pub(crate) struct RawScope<'a> {
    /// Where the object with `States` stands.
    pub(crate) location: Location,
    pub(crate) object: &'a Object,
    pub(crate) states: Vec<RawState<'a>>,
}

/// A member of `States` that is an object.
pub(crate) struct RawState<'a> {
    pub(crate) name: &'a str,
    pub(crate) location: Location,
    pub(crate) object: &'a Object,
}

/// Every scope of the document, outer ones before inner ones, in document order.
pub(crate) fn scopes(document: &Value) -> Vec<RawScope<'_>> {
    let mut scopes = Vec::new();
    let mut pending: Vec<(Location, &Value)> = vec![(Location::root(), document)];
    while let Some((location, value)) = pending.pop() {
        let Some(object) = value.as_object() else { continue };
        let states = object.get("States").and_then(Value::as_object);
        let states_location = location.key("States");
        let mut inner = Vec::new();
        let states = states.into_iter().flat_map(Object::iter).filter_map(|(name, value)| {
            let object = value.as_object()?;
            let location = states_location.key(name.clone());
            inner_scopes(object, &location, &mut inner);
            Some(RawState { name, location, object })
        });
        let states = states.collect();
        pending.extend(inner.into_iter().rev());
        scopes.push(RawScope { location, object, states });
    }
    scopes
}

/// The scopes inside a single state.
pub(crate) fn inner_scopes<'a>(state: &'a Object, location: &Location, out: &mut Vec<(Location, &'a Value)>) {
    for key in ["ItemProcessor", "Iterator"] {
        if let Some(processor) = state.get(key) {
            out.push((location.key(key), processor));
        }
    }
    if let Some(branches) = state.get("Branches").and_then(Value::as_array) {
        let location = location.key("Branches");
        out.extend(branches.iter().enumerate().map(|(index, branch)| (location.index(index), branch)));
    }
}

impl RawState<'_> {
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
