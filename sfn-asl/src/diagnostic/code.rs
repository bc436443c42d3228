use std::fmt;

use super::Severity;

/// The kind of a finding: stable names that tools can rely on.
///
/// A kind that AWS's `ValidateStateMachineDefinition` has bears AWS's name. What AWS refuses under its general
/// `SCHEMA_VALIDATION_FAILED` stays under that name here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// The text is no JSON, or no YAML.
    InvalidJsonDescription,
    /// There is no definition.
    MissingDescription,
    /// A field is missing, unknown, of the wrong type or out of range.
    SchemaValidationFailed,
    /// No state ends the workflow.
    MissingEndState,
    /// A name stands for two states.
    DuplicateStateName,
    /// A name is empty or too long.
    InvalidStateName,
    /// A transition leads nowhere, or nothing leads to a state.
    MissingTransitionTarget,
    /// Two Map states have one label.
    DuplicateLabelName,
    /// A label is too long or has characters it may not have.
    InvalidLabelName,
    /// Arrays, objects or states stand in each other too deep.
    TooDeeplyNested,
    /// A JSONata expression reads what it cannot have.
    UnsupportedJsonataExpression,
    /// A text between `{%` and `%}` is no JSONata.
    InvalidJsonataExpression,
    /// A text looks like a path, but its field does not end in `.$`.
    NoDollar,
    /// A field that is no path field holds what looks like a path.
    NoPath,
    /// The `Result` of a Pass state holds what looks like a path.
    PassResultIsStatic,
    /// An object has a key twice.
    DuplicateKey,
    /// The definition is longer than AWS takes.
    DefinitionTooLarge,
    /// A name cannot be that of a variable.
    InvalidVariable,
    /// A variable of an outer scope is assigned in an inner one.
    ShadowedVariable,
    /// A task names a service or action that is not known here.
    UnknownResource,
    /// A field has no effect here.
    FieldHasNoEffect,
    /// A variable is read where it may not have been assigned.
    UnassignedVariable,
    /// Nothing reads what is assigned to a variable.
    UnusedVariable,
    /// An expression calls a function that does not exist.
    UnknownFunction,
    /// A rule, a name of an error or an entry can never match.
    NeverMatches,
    /// A task waits for an answer without a limit.
    CallbackWithoutTimeout,
    /// A task waits for an answer, and tells nobody the token that one needs to answer.
    TaskTokenNotSent,
    /// An execution is bound to record more events than it can.
    EventQuota,
    /// A text or a value is longer than can be passed on.
    PayloadQuota,
    /// A time is longer than an EXPRESS execution runs.
    ExpressDuration,
}

impl Code {
    /// Every code, in the order of their declaration.
    pub const ALL: [Code; 30] = [
        Code::InvalidJsonDescription,
        Code::MissingDescription,
        Code::SchemaValidationFailed,
        Code::MissingEndState,
        Code::DuplicateStateName,
        Code::InvalidStateName,
        Code::MissingTransitionTarget,
        Code::DuplicateLabelName,
        Code::InvalidLabelName,
        Code::TooDeeplyNested,
        Code::UnsupportedJsonataExpression,
        Code::InvalidJsonataExpression,
        Code::NoDollar,
        Code::NoPath,
        Code::PassResultIsStatic,
        Code::DuplicateKey,
        Code::DefinitionTooLarge,
        Code::InvalidVariable,
        Code::ShadowedVariable,
        Code::UnknownResource,
        Code::FieldHasNoEffect,
        Code::UnassignedVariable,
        Code::UnusedVariable,
        Code::UnknownFunction,
        Code::NeverMatches,
        Code::CallbackWithoutTimeout,
        Code::TaskTokenNotSent,
        Code::EventQuota,
        Code::PayloadQuota,
        Code::ExpressDuration,
    ];

    /// The name: AWS's where AWS has such a check.
    pub fn name(self) -> &'static str {
        match self {
            Code::InvalidJsonDescription => "INVALID_JSON_DESCRIPTION",
            Code::MissingDescription => "MISSING_DESCRIPTION",
            Code::SchemaValidationFailed => "SCHEMA_VALIDATION_FAILED",
            Code::MissingEndState => "MISSING_END_STATE",
            Code::DuplicateStateName => "DUPLICATE_STATE_NAME",
            Code::InvalidStateName => "INVALID_STATE_NAME",
            Code::MissingTransitionTarget => "MISSING_TRANSITION_TARGET",
            Code::DuplicateLabelName => "DUPLICATE_LABEL_NAME",
            Code::InvalidLabelName => "INVALID_LABEL_NAME",
            Code::TooDeeplyNested => "TOO_DEEPLY_NESTED",
            Code::UnsupportedJsonataExpression => "UNSUPPORTED_JSONATA_EXPRESSION",
            Code::InvalidJsonataExpression => "INVALID_JSONATA_EXPRESSION",
            Code::NoDollar => "NO_DOLLAR",
            Code::NoPath => "NO_PATH",
            Code::PassResultIsStatic => "PASS_RESULT_IS_STATIC",
            Code::DuplicateKey => "DUPLICATE_KEY",
            Code::DefinitionTooLarge => "DEFINITION_TOO_LARGE",
            Code::InvalidVariable => "INVALID_VARIABLE",
            Code::ShadowedVariable => "SHADOWED_VARIABLE",
            Code::UnknownResource => "UNKNOWN_RESOURCE",
            Code::FieldHasNoEffect => "FIELD_HAS_NO_EFFECT",
            Code::UnassignedVariable => "UNASSIGNED_VARIABLE",
            Code::UnusedVariable => "UNUSED_VARIABLE",
            Code::UnknownFunction => "UNKNOWN_FUNCTION",
            Code::NeverMatches => "NEVER_MATCHES",
            Code::CallbackWithoutTimeout => "CALLBACK_WITHOUT_TIMEOUT",
            Code::TaskTokenNotSent => "TASK_TOKEN_NOT_SENT",
            Code::EventQuota => "EVENT_QUOTA",
            Code::PayloadQuota => "PAYLOAD_QUOTA",
            Code::ExpressDuration => "EXPRESS_DURATION",
        }
    }

    /// The severity of every finding of this kind.
    pub fn severity(self) -> Severity {
        match self {
            Code::NoDollar
            | Code::NoPath
            | Code::PassResultIsStatic
            | Code::UnknownResource
            | Code::FieldHasNoEffect
            | Code::UnassignedVariable
            | Code::UnusedVariable
            | Code::UnknownFunction
            | Code::NeverMatches
            | Code::CallbackWithoutTimeout
            | Code::TaskTokenNotSent
            | Code::EventQuota
            | Code::PayloadQuota
            | Code::ExpressDuration => Severity::Warning,
            _ => Severity::Error,
        }
    }
}

/// There is no code of this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no code `{0}`")]
pub struct UnknownCode(pub String);

impl std::str::FromStr for Code {
    type Err = UnknownCode;

    /// Reads the name of a code, in capitals or not, with `_` or `-` between its words.
    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        let name = text.trim().to_ascii_uppercase().replace('-', "_");
        Code::ALL.into_iter().find(|code| code.name() == name).ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
