//! `Assign`: names that can be variables, and no name twice along nested scopes.

use std::collections::HashMap;

use super::outline::{Mode, RawScope, RawState, reachable};
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::value::Value;

/// Most characters of a name.
const LONGEST: usize = 80;

pub(super) fn check(scopes: &[RawScope<'_>], findings: &mut Vec<Diagnostic>) {
    let mut variables: Vec<Variables> = Vec::with_capacity(scopes.len());
    let mut predecessors: Vec<Option<Vec<Vec<usize>>>> = vec![None; scopes.len()];
    for scope in scopes {
        let mut own = Variables::default();
        let mut outer = Outer::new(scopes, scope);
        for (position, state) in scope.states.iter().enumerate() {
            for (location, name, key) in assignments(state) {
                if let Some(message) = fault(&name) {
                    findings.push(Diagnostic::new(Code::InvalidVariable, location, message).at_key(&key));
                } else if outer.assigns(&variables, &mut predecessors, &name) {
                    let message =
                        format!("the variable `{name}` belongs to an outer scope and cannot be assigned here");
                    let finding = Diagnostic::new(Code::ShadowedVariable, location, message).at_key(&key);
                    findings.push(finding.help("hand the value out as output, and assign it in the outer scope"));
                }
                own.entry(name).or_default().push(position);
            }
        }
        variables.push(own);
    }
}

/// The variables of a scope, each with the positions of the states that assign it.
type Variables = HashMap<String, Vec<usize>>;

/// The scopes whose variables a scope can see, from the inside out. A child execution sees none.
struct Outer<'s, 'a> {
    scopes: &'s [RawScope<'a>],
    /// The scope, the state of it that holds the inner one, and which states lead to that one, once it was asked.
    around: Vec<(usize, usize, Option<Vec<bool>>)>,
}

impl<'s, 'a> Outer<'s, 'a> {
    fn new(scopes: &'s [RawScope<'a>], scope: &RawScope<'_>) -> Self {
        let visible = |scope: &RawScope<'_>| if scope.mode == Mode::Inline { scope.parent } else { None };
        let around = std::iter::successors(visible(scope), |&(parent, _)| visible(&scopes[parent]));
        Outer { scopes, around: around.map(|(parent, holder)| (parent, holder, None)).collect() }
    }

    /// True when a state that runs before the inner scope may have assigned `name`.
    fn assigns(&mut self, variables: &[Variables], predecessors: &mut [Option<Vec<Vec<usize>>>], name: &str) -> bool {
        let scopes = self.scopes;
        self.around.iter_mut().any(|(parent, holder, before)| {
            let Some(positions) = variables[*parent].get(name) else { return false };
            let before = before.get_or_insert_with(|| {
                let predecessors = predecessors[*parent].get_or_insert_with(|| scopes[*parent].predecessors());
                reachable(predecessors, *holder)
            });
            positions.iter().any(|&position| before[position])
        })
    }
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
