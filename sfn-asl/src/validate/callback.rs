//! Tasks that wait for somebody's answer: how long they do, and whether anybody can answer.

use super::outline::RawState;
use super::reads::StateReads;
use crate::definition::{Integration, ServicePattern};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::resource::{Recognised, integration};
use crate::validate::Options;
use crate::value::Value;

const LIMITS: [&str; 4] = ["TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"];

/// Checks a state; `limited` is true when the machine has a timeout of its own.
pub(super) fn check(
    state: &RawState<'_>,
    reads: &StateReads,
    limited: bool,
    options: &Options,
    findings: &mut Vec<Diagnostic>,
) {
    if state.kind() != Some("Task") {
        return;
    }
    let Some(resource) = state.object.get("Resource").and_then(Value::as_str) else { return };
    let what = match integration(resource, options) {
        Recognised::Yes(Integration::Service { pattern: ServicePattern::WaitForTaskToken, .. }) => "answer",
        Recognised::Yes(Integration::Activity) => "worker",
        _ => return,
    };
    let location = || state.location.key("Resource");
    if !limited && !LIMITS.iter().any(|field| state.object.contains_key(field)) {
        let message = format!("this task waits for its {what} as long as the execution may run, up to a year");
        let finding = Diagnostic::new(Code::CallbackWithoutTimeout, location(), message);
        findings.push(finding.help("set `TimeoutSeconds` or `HeartbeatSeconds`, and catch `States.Timeout`"));
    }
    if what == "answer" && !reads.context && !reads.unknown {
        let finding =
            Diagnostic::new(Code::TaskTokenNotSent, location(), "nobody is told the task token, so nobody can answer");
        let help = match state.language {
            crate::definition::QueryLanguage::JsonPath => "pass `\"TaskToken.$\": \"$$.Task.Token\"` in `Parameters`",
            crate::definition::QueryLanguage::Jsonata => {
                "pass `\"TaskToken\": \"{% $states.context.Task.Token %}\"` in `Arguments`"
            }
        };
        findings.push(finding.help(help));
    }
}
