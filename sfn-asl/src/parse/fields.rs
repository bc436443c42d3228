//! Which fields a state may have, by its type and its query language.

use super::reader::{Fields, Read, Reader};
use crate::definition::QueryLanguage;
use crate::diagnostic::{Code, Diagnostic};

/// The eight values of `Type`, in the order in which AWS lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StateType {
    Task,
    Wait,
    Pass,
    Succeed,
    Fail,
    Choice,
    Parallel,
    Map,
}

impl StateType {
    pub(crate) const ALL: [(&'static str, StateType); 8] = [
        ("Task", StateType::Task),
        ("Wait", StateType::Wait),
        ("Pass", StateType::Pass),
        ("Succeed", StateType::Succeed),
        ("Fail", StateType::Fail),
        ("Choice", StateType::Choice),
        ("Parallel", StateType::Parallel),
        ("Map", StateType::Map),
    ];
}

/// The languages in which a field can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    Both,
    Only(QueryLanguage),
}

const P: In = In::Only(QueryLanguage::JsonPath);
const N: In = In::Only(QueryLanguage::Jsonata);
const B: In = In::Both;

/// Field names with their languages.
pub(super) type Matrix = [(&'static str, In)];

const TASK: &Matrix = &[
    ("Resource", B),
    ("Credentials", B),
    ("TimeoutSeconds", B),
    ("TimeoutSecondsPath", P),
    ("HeartbeatSeconds", B),
    ("HeartbeatSecondsPath", P),
    ("Next", B),
    ("End", B),
    ("InputPath", P),
    ("OutputPath", P),
    ("Parameters", P),
    ("ResultSelector", P),
    ("ResultPath", P),
    ("Arguments", N),
    ("Output", N),
    ("Assign", B),
    ("Retry", B),
    ("Catch", B),
];

const PARALLEL: &Matrix = &[
    ("Branches", B),
    ("Next", B),
    ("End", B),
    ("InputPath", P),
    ("OutputPath", P),
    ("Parameters", P),
    ("ResultSelector", P),
    ("ResultPath", P),
    ("Arguments", N),
    ("Output", N),
    ("Assign", B),
    ("Retry", B),
    ("Catch", B),
];

const MAP: &Matrix = &[
    ("ItemProcessor", B),
    ("Iterator", B),
    ("Items", N),
    ("ItemsPath", P),
    ("ItemSelector", B),
    ("Parameters", P),
    ("MaxConcurrency", B),
    ("MaxConcurrencyPath", P),
    ("ToleratedFailurePercentage", B),
    ("ToleratedFailurePercentagePath", P),
    ("ToleratedFailureCount", B),
    ("ToleratedFailureCountPath", P),
    ("ItemReader", B),
    ("ItemBatcher", B),
    ("ResultWriter", B),
    ("Label", B),
    ("Next", B),
    ("End", B),
    ("InputPath", P),
    ("OutputPath", P),
    ("ResultSelector", P),
    ("ResultPath", P),
    ("Output", N),
    ("Assign", B),
    ("Retry", B),
    ("Catch", B),
];

const PASS: &Matrix = &[
    ("Result", P),
    ("Next", B),
    ("End", B),
    ("InputPath", P),
    ("OutputPath", P),
    ("Parameters", P),
    ("ResultPath", P),
    ("Output", N),
    ("Assign", B),
];

const WAIT: &Matrix = &[
    ("Seconds", B),
    ("SecondsPath", P),
    ("Timestamp", B),
    ("TimestampPath", P),
    ("Next", B),
    ("End", B),
    ("InputPath", P),
    ("OutputPath", P),
    ("Output", N),
    ("Assign", B),
];

const CHOICE: &Matrix =
    &[("Choices", B), ("Default", B), ("InputPath", P), ("OutputPath", P), ("Output", N), ("Assign", B)];

const SUCCEED: &Matrix = &[("InputPath", P), ("OutputPath", P), ("Output", N)];

const FAIL: &Matrix = &[("Error", B), ("ErrorPath", P), ("Cause", B), ("CausePath", P)];

/// The fields every state can have.
const ALL_STATES: &[&str] = &["Type", "Comment", "QueryLanguage"];

fn matrix(kind: StateType) -> &'static Matrix {
    match kind {
        StateType::Task => TASK,
        StateType::Parallel => PARALLEL,
        StateType::Map => MAP,
        StateType::Pass => PASS,
        StateType::Wait => WAIT,
        StateType::Choice => CHOICE,
        StateType::Succeed => SUCCEED,
        StateType::Fail => FAIL,
    }
}

impl Reader<'_> {
    /// Reports the fields of a state that its type does not have, or not in its language.
    pub(super) fn state_fields(&mut self, fields: &Fields<'_>, kind: StateType, language: QueryLanguage) -> Read<()> {
        let mut result = Ok(());
        for key in fields.object.keys() {
            if !ALL_STATES.contains(&key.as_ref()) {
                result = self.field(fields, key, matrix(kind), language).and(result);
            }
        }
        result
    }

    /// Reports the fields of an object that `matrix` does not have, or not in this language.
    pub(super) fn fields(&mut self, fields: &Fields<'_>, matrix: &Matrix, language: QueryLanguage) -> Read<()> {
        let mut result = Ok(());
        for key in fields.object.keys() {
            result = self.field(fields, key, matrix, language).and(result);
        }
        result
    }

    fn field(&mut self, fields: &Fields<'_>, key: &str, matrix: &Matrix, language: QueryLanguage) -> Read<()> {
        match matrix.iter().find(|(name, _)| *name == key) {
            None => Err(self.unsupported(fields, key)),
            Some((_, In::Only(only))) if *only != language => Err(self.wrong_language(fields, key, language)),
            Some(_) => Ok(()),
        }
    }

    pub(super) fn wrong_language(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        language: QueryLanguage,
    ) -> super::reader::Reported {
        let other = match language {
            QueryLanguage::JsonPath => QueryLanguage::Jsonata,
            QueryLanguage::Jsonata => QueryLanguage::JsonPath,
        };
        let message = format!(
            "The QueryLanguage is set to '{}', but field '{key}' is only supported for the '{}' QueryLanguage",
            language.name(),
            other.name()
        );
        self.report(Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message).at_key(key))
    }
}
