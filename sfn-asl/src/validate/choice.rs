//! Choice rules that can never match: an earlier one takes what they ask for, or they contradict themselves.

mod test;

use std::collections::HashMap;

use super::outline::RawState;
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::setting::{expression_text, has_placeholder};
use crate::value::Value;
use test::{Effort, Test};

/// Most comparisons of two tests, over all rules of a state.
const MOST_COMPARISONS: usize = 100_000;

pub(super) fn check(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) {
    if state.kind() != Some("Choice") {
        return;
    }
    let Some(rules) = state.object.get("Choices").and_then(Value::as_array) else { return };
    let dead = match state.language {
        QueryLanguage::JsonPath => of_tests(rules.iter()),
        QueryLanguage::Jsonata => of_conditions(rules.iter()),
    };
    for (index, reason) in dead {
        let location = state.location.key("Choices").index(index);
        let message = match &reason {
            Reason::Contradiction => "this rule can never match: its parts exclude each other".to_owned(),
            Reason::False => "this rule can never match: its condition is always false".to_owned(),
            Reason::Taken(by) => format!("this rule can never match: rule {by} takes whatever it asks for"),
        };
        let finding = Diagnostic::new(Code::NeverMatches, location, message);
        findings.push(match reason {
            Reason::Taken(_) => finding.help("rules are tried in order, from 0: put the narrower one first"),
            _ => finding,
        });
    }
}

enum Reason {
    Contradiction,
    False,
    /// By the rule at this position.
    Taken(usize),
}

fn of_tests<'a>(rules: impl Iterator<Item = &'a Value>) -> Vec<(usize, Reason)> {
    let mut effort = Effort::new(MOST_COMPARISONS);
    let mut earlier: Vec<(usize, Test<'a>)> = Vec::new();
    let mut dead = Vec::new();
    for (index, rule) in rules.enumerate() {
        let Some(test) = Test::read(rule) else { continue };
        if test.contradicts_itself(&mut effort) {
            dead.push((index, Reason::Contradiction));
        } else if let Some((by, _)) = earlier.iter().find(|(_, earlier)| test.implies(earlier, &mut effort)) {
            dead.push((index, Reason::Taken(*by)));
        } else {
            earlier.push((index, test));
        }
    }
    dead
}

fn of_conditions<'a>(rules: impl Iterator<Item = &'a Value>) -> Vec<(usize, Reason)> {
    let mut earlier: HashMap<&str, usize> = HashMap::new();
    let mut always = None;
    let mut dead = Vec::new();
    for (index, rule) in rules.enumerate() {
        let condition = rule.get("Condition");
        let text = condition.and_then(Value::as_str).and_then(expression_text);
        let literal = match (condition, text) {
            (Some(Value::Bool(literal)), _) => Some(*literal),
            (_, Some("true")) => Some(true),
            (_, Some("false")) => Some(false),
            _ => None,
        };
        if let Some(by) = always {
            dead.push((index, Reason::Taken(by)));
        } else if literal == Some(false) {
            dead.push((index, Reason::False));
        } else if let Some(text) = text.filter(|text| is_repeatable(text)) {
            match earlier.get(text) {
                Some(by) => dead.push((index, Reason::Taken(*by))),
                None => {
                    earlier.insert(text, index);
                }
            }
        }
        always = always.or((literal == Some(true)).then_some(index));
    }
    dead
}

/// Whether an expression has the same value each time it is asked.
fn is_repeatable(text: &str) -> bool {
    !has_placeholder(text) && !["$random", "$uuid", "$now", "$millis"].iter().any(|name| text.contains(name))
}
