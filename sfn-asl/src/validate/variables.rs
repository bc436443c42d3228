//! `Assign`: names that can be variables, and no name twice along nested scopes.

use std::collections::HashSet;

use super::outline::{Mode, RawScope, RawState};
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::value::Value;

/// Most characters of a name.
const LONGEST: usize = 80;

pub(super) fn check(scopes: &[RawScope<'_>], findings: &mut Vec<Diagnostic>) {
    let mut assigned: Vec<HashSet<String>> = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let mut names = HashSet::new();
        let outer: Vec<&HashSet<String>> = ancestors(scopes, scope).map(|at| &assigned[at]).collect();
        for state in &scope.states {
            for (location, name, key) in assignments(state) {
                if let Some(message) = fault(&name) {
                    findings.push(Diagnostic::new(Code::InvalidVariable, location.clone(), message).at_key(&key));
                } else if outer.iter().any(|names| names.contains(&name)) {
                    let message =
                        format!("the variable `{name}` belongs to an outer scope and cannot be assigned here");
                    let finding = Diagnostic::new(Code::InvalidVariable, location.clone(), message).at_key(&key);
                    findings.push(finding.help("hand the value out as output, and assign it in the outer scope"));
                }
                names.insert(name);
            }
        }
        assigned.push(names);
    }
}

/// The scopes whose variables `scope` can see, from the inside out. A child execution sees none.
fn ancestors<'a>(scopes: &'a [RawScope<'a>], scope: &RawScope<'_>) -> impl Iterator<Item = usize> + 'a {
    let visible = |scope: &RawScope<'_>| if scope.mode == Mode::Inline { scope.parent } else { None };
    std::iter::successors(visible(scope), move |&at| visible(&scopes[at]))
}

/// Every assignment of a state and of its rules and catchers: the object, the variable, and the key as written.
fn assignments(state: &RawState<'_>) -> Vec<(Location, String, String)> {
    let mut objects = vec![(state.location.key("Assign"), state.object.get("Assign"))];
    for field in ["Choices", "Catch"] {
        let entries = state.object.get(field).and_then(Value::as_array);
        for (index, entry) in entries.into_iter().flat_map(|entries| entries.iter()).enumerate() {
            objects.push((state.location.key(field).index(index).key("Assign"), entry.get("Assign")));
        }
    }
    let mut assignments = Vec::new();
    for (location, value) in objects {
        for key in value.and_then(Value::as_object).into_iter().flat_map(|object| object.keys()) {
            let name = match state.language {
                QueryLanguage::JsonPath => key.strip_suffix(".$").unwrap_or(key),
                QueryLanguage::Jsonata => key,
            };
            assignments.push((location.clone(), name.to_owned(), key.to_string()));
        }
    }
    assignments
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
