//! What machines of type EXPRESS cannot do, and EXPRESS children of a Distributed Map likewise.

use super::outline::{Mode, RawScope};
use super::{MachineType, Options};
use crate::definition::{Integration, ServicePattern};
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::parse::resource::{Recognised, integration};
use crate::value::Value;

/// Seconds after which AWS ends an EXPRESS execution.
const LONGEST_EXECUTION: i64 = 300;

pub(super) fn check(scopes: &[RawScope<'_>], options: &Options, findings: &mut Vec<Diagnostic>) {
    let mut express = Vec::with_capacity(scopes.len());
    for scope in scopes {
        let is_express = match (scope.parent, scope.mode) {
            (_, Mode::Express) => true,
            (_, Mode::Standard) => false,
            (None, Mode::Inline) => options.machine_type == MachineType::Express,
            (Some((parent, _)), Mode::Inline) => express[parent],
        };
        let parent_is_express = scope.parent.is_some_and(|(parent, _)| express[parent]);
        express.push(is_express);
        if parent_is_express && scope.mode != Mode::Inline {
            let location = scope.location.key("ProcessorConfig").key("Mode");
            let message = "Express state machine does not support 'DISTRIBUTED' mode";
            findings.push(Diagnostic::new(Code::SchemaValidationFailed, location, message));
        }
        if is_express {
            if scope.parent.is_none() {
                duration(scope.object.get("TimeoutSeconds"), scope.location.key("TimeoutSeconds"), findings);
            }
            for state in &scope.states {
                for field in ["TimeoutSeconds", "HeartbeatSeconds", "Seconds"] {
                    duration(state.object.get(field), state.location.key(field), findings);
                }
                if let Some(resource) = state.object.get("Resource").and_then(Value::as_str)
                    && let Recognised::Yes(integration) = integration(resource, options)
                    && let Some(message) = refusal(&integration)
                {
                    let location = state.location.key("Resource");
                    findings.push(Diagnostic::new(Code::SchemaValidationFailed, location, message));
                }
            }
        }
    }
}

/// Warns of times that an EXPRESS execution does not live to see.
fn duration(seconds: Option<&Value>, location: Location, findings: &mut Vec<Diagnostic>) {
    if let Some(seconds) = seconds.and_then(Value::as_i64).filter(|seconds| *seconds > LONGEST_EXECUTION) {
        let message = format!("{seconds} seconds are never over: an EXPRESS execution ends after {LONGEST_EXECUTION}");
        findings.push(Diagnostic::new(Code::ExpressDuration, location, message));
    }
}

/// Why a task cannot run in EXPRESS; the blank at the end is AWS's.
fn refusal(integration: &Integration) -> Option<&'static str> {
    match integration {
        Integration::Activity => Some("Express state machine does not support Activity ARN"),
        Integration::Service { pattern: ServicePattern::Sync, .. } => {
            Some("Express state machine does not support '.sync' service integration")
        }
        Integration::Service { pattern: ServicePattern::WaitForTaskToken, .. } => {
            Some("Express state machine does not support '.waitForTaskToken' service integration ")
        }
        _ => None,
    }
}
