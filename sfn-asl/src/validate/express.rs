//! What machines of type EXPRESS cannot do, and EXPRESS children of a Distributed Map likewise.

use super::outline::{Mode, RawScope};
use super::{MachineType, Options};
use crate::definition::{Integration, ServicePattern};
use crate::diagnostic::{Code, Diagnostic};
use crate::parse::resource::{Recognised, integration};
use crate::value::Value;

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
            for state in &scope.states {
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
