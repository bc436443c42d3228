//! The page of each code: what it is about, with a definition that has it and one that does not.

use super::Code;

impl Code {
    /// The page about this kind of finding, in Markdown: what it means, an example that has it, and the same put right.
    pub fn explain(self) -> &'static str {
        match self {
            Code::InvalidJsonDescription => include_str!("pages/INVALID_JSON_DESCRIPTION.md"),
            Code::MissingDescription => include_str!("pages/MISSING_DESCRIPTION.md"),
            Code::SchemaValidationFailed => include_str!("pages/SCHEMA_VALIDATION_FAILED.md"),
            Code::MissingEndState => include_str!("pages/MISSING_END_STATE.md"),
            Code::DuplicateStateName => include_str!("pages/DUPLICATE_STATE_NAME.md"),
            Code::InvalidStateName => include_str!("pages/INVALID_STATE_NAME.md"),
            Code::MissingTransitionTarget => include_str!("pages/MISSING_TRANSITION_TARGET.md"),
            Code::DuplicateLabelName => include_str!("pages/DUPLICATE_LABEL_NAME.md"),
            Code::InvalidLabelName => include_str!("pages/INVALID_LABEL_NAME.md"),
            Code::TooDeeplyNested => include_str!("pages/TOO_DEEPLY_NESTED.md"),
            Code::UnsupportedJsonataExpression => include_str!("pages/UNSUPPORTED_JSONATA_EXPRESSION.md"),
            Code::InvalidJsonataExpression => include_str!("pages/INVALID_JSONATA_EXPRESSION.md"),
            Code::NoDollar => include_str!("pages/NO_DOLLAR.md"),
            Code::NoPath => include_str!("pages/NO_PATH.md"),
            Code::PassResultIsStatic => include_str!("pages/PASS_RESULT_IS_STATIC.md"),
            Code::DuplicateKey => include_str!("pages/DUPLICATE_KEY.md"),
            Code::DefinitionTooLarge => include_str!("pages/DEFINITION_TOO_LARGE.md"),
            Code::InvalidVariable => include_str!("pages/INVALID_VARIABLE.md"),
            Code::ShadowedVariable => include_str!("pages/SHADOWED_VARIABLE.md"),
            Code::UnknownResource => include_str!("pages/UNKNOWN_RESOURCE.md"),
            Code::FieldHasNoEffect => include_str!("pages/FIELD_HAS_NO_EFFECT.md"),
            Code::UnassignedVariable => include_str!("pages/UNASSIGNED_VARIABLE.md"),
            Code::UnusedVariable => include_str!("pages/UNUSED_VARIABLE.md"),
            Code::UnknownFunction => include_str!("pages/UNKNOWN_FUNCTION.md"),
            Code::NeverMatches => include_str!("pages/NEVER_MATCHES.md"),
            Code::CallbackWithoutTimeout => include_str!("pages/CALLBACK_WITHOUT_TIMEOUT.md"),
            Code::TaskTokenNotSent => include_str!("pages/TASK_TOKEN_NOT_SENT.md"),
            Code::EventQuota => include_str!("pages/EVENT_QUOTA.md"),
            Code::PayloadQuota => include_str!("pages/PAYLOAD_QUOTA.md"),
            Code::ExpressDuration => include_str!("pages/EXPRESS_DURATION.md"),
        }
    }
}

#[cfg(test)]
mod tests;
