//! Expressions of JSONata: where each can stand, and what it can read there.

use super::outline::RawState;
use super::reads::StateReads;
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::parse::setting::{expression_text, has_placeholder};
use crate::query::jsonata::Expression;
use crate::value::Value;

/// Fields that hold no expressions.
const CONSTANT: [&str; 12] = [
    "Type",
    "Comment",
    "QueryLanguage",
    "Resource",
    "Next",
    "Default",
    "Label",
    "ItemProcessor",
    "Iterator",
    "Branches",
    "Retry",
    "ErrorEquals",
];

/// What an expression can read besides `$states.input` and `$states.context`.
#[derive(Clone, Copy, Default)]
struct Readable {
    result: bool,
    error_output: bool,
}

/// Checks the expressions of a JSONata state, and tells what they read.
pub(super) fn check(state: &RawState<'_>, findings: &mut Vec<Diagnostic>) -> StateReads {
    let mut reads = StateReads::default();
    let has_result = matches!(state.kind(), Some("Task" | "Parallel" | "Map"));
    for (key, value) in state.object.iter() {
        let location = state.location.key(key.clone());
        match &**key {
            key if CONSTANT.contains(&key) => {}
            "Output" | "Assign" => {
                expressions(
                    value,
                    location,
                    Readable { result: has_result, error_output: false },
                    &mut reads,
                    findings,
                );
            }
            "Catch" => {
                for (index, catcher) in value.as_array().into_iter().flat_map(|list| list.iter()).enumerate() {
                    for key in ["Output", "Assign"] {
                        if let Some(value) = catcher.get(key) {
                            let location = location.index(index).key(key);
                            let readable = Readable { result: false, error_output: true };
                            expressions(value, location, readable, &mut reads, findings);
                        }
                    }
                }
            }
            _ => expressions(value, location, Readable::default(), &mut reads, findings),
        }
    }
    reads
}

/// Goes through a value without recursion.
fn expressions(
    value: &Value,
    location: Location,
    readable: Readable,
    reads: &mut StateReads,
    findings: &mut Vec<Diagnostic>,
) {
    let mut pending = vec![(value, location)];
    while let Some((value, location)) = pending.pop() {
        match value {
            Value::String(text) => expression(text, location, readable, reads, findings),
            Value::Array(items) => {
                pending.extend(items.iter().enumerate().rev().map(|(index, item)| (item, location.index(index))));
            }
            Value::Object(members) => {
                let members = members.iter().filter(|(key, _)| !matches!(&***key, "Comment" | "Next" | "Resource"));
                pending.extend(members.rev().map(|(key, value)| (value, location.key(key.clone()))));
            }
            _ => {}
        }
    }
}

fn expression(
    text: &str,
    location: Location,
    readable: Readable,
    state_reads: &mut StateReads,
    findings: &mut Vec<Diagnostic>,
) {
    let Some(inner) = expression_text(text) else {
        // With anything outside of the delimiters, a blank even, the text is a literal; with one of them alone, a slip.
        if text.starts_with("{%") && !text.contains("%}") || text.ends_with("%}") && !text.contains("{%") {
            let message = "an expression begins with `{%` and ends with `%}`, with nothing before or after";
            findings.push(Diagnostic::new(Code::InvalidJsonataExpression, location, message));
        }
        return;
    };
    let placeholder = has_placeholder(inner);
    state_reads.unknown |= placeholder;
    let Ok(expression) = Expression::parse(inner) else {
        state_reads.unknown = true;
        return;
    };
    let reads = expression.reads();
    state_reads.context |= reads.context || reads.states;
    if !placeholder {
        let optional = ["$exists(", "$boolean(", "$type("].iter().any(|ask| inner.contains(ask));
        let called: std::collections::HashSet<_> = reads.unknown_functions.iter().collect();
        for name in &reads.variables {
            state_reads.variable(name, optional || called.contains(name), || location.clone());
        }
        for name in &reads.functions {
            state_reads.variable(name, true, || location.clone());
        }
        for name in &reads.unknown_functions {
            let message = format!("there is no function `${name}`");
            let finding = Diagnostic::new(Code::UnknownFunction, location.clone(), message);
            findings.push(match &**name {
                "eval" => finding.help("AWS has JSONata without `$eval`; `$parse` reads a text of JSON"),
                _ => finding.help("the call fails with T1006 when the state runs; a variable holds no function"),
            });
        }
    }
    let mut report = |message: String| {
        findings.push(Diagnostic::new(Code::UnsupportedJsonataExpression, location.clone(), message));
    };
    if !placeholder {
        for (name, _) in &reads.unqualified {
            report(format!("Reference to '{name}' at the top level is not supported."));
        }
        for name in &reads.unknown_members {
            report(format!("Field '$states.{name}' does not exist."));
        }
    }
    if reads.result && !readable.result {
        report("Field '$states.result' does not exist.".to_owned());
    }
    if reads.error_output && !readable.error_output {
        report("Field '$states.errorOutput' does not exist.".to_owned());
    }
}
