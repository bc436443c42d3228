use std::fmt;

use super::Requirement;

/// Why a state machine has no definition.
///
/// What rustc and the macro let through has one, except for the limits of AWS, bindings that are missing, and types whose
/// hand-written [`Data`](crate::data::Data) is not what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DefinitionError {
    /// Names that the bindings do not resolve.
    MissingBindings {
        /// The machine.
        machine: String,
        /// All of them, each once, with what the machine's role must allow.
        needs: Vec<Requirement>,
    },
    /// Two names that are one key of `DefinitionSubstitutions`.
    SubstitutionClash {
        /// The key.
        key: String,
        /// The names.
        names: [String; 2],
    },
    /// The name of a state or a variable is longer than AWS allows (SFN050).
    NameTooLong {
        /// The name.
        name: String,
        /// Most characters it may have.
        limit: usize,
    },
    /// A machine awaits the end of itself, by way of others (SFN023).
    Recursion {
        /// The machines, each calling the next; the last is the first.
        machines: Vec<String>,
    },
    /// The document is larger than AWS allows (SFN060).
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The largest there may be.
        limit: usize,
    },
    /// A type's schema has no such field.
    NoField {
        /// The type.
        structure: String,
        /// The field.
        field: String,
    },
    /// The default of a field has no JSON value.
    NoDefault {
        /// The type.
        structure: String,
        /// The field.
        field: String,
    },
    /// A constant has no JSON value.
    Constant {
        /// Why.
        message: String,
    },
    /// A constant is larger than what AWS passes from state to state (SFN061).
    ConstantTooLarge {
        /// Its size.
        bytes: usize,
        /// The largest there may be.
        limit: usize,
    },
    /// The syntax tree is none that the macro writes.
    Syntax {
        /// The machine.
        machine: String,
        /// What stands in it.
        what: String,
    },
    /// The validator refuses the document.
    Invalid {
        /// Its findings.
        findings: Vec<String>,
    },
}

impl fmt::Display for DefinitionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DefinitionError::MissingBindings { machine, needs } => {
                let needs: Vec<String> = needs.iter().map(ToString::to_string).collect();
                write!(f, "`{machine}` needs bindings for: {}", needs.join(", "))
            }
            DefinitionError::SubstitutionClash { key, names: [first, second] } => {
                write!(f, "`{first}` and `{second}` would both be the placeholder `${{{key}}}`")
            }
            DefinitionError::NameTooLong { name, limit } => {
                write!(f, "SFN050: the name `{name}` is longer than {limit} characters")
            }
            DefinitionError::Recursion { machines } => {
                let machines: Vec<String> = machines.iter().map(|machine| format!("`{machine}`")).collect();
                write!(f, "SFN023: a machine awaits itself: {}; start one with `.start()`", machines.join(" calls "))
            }
            DefinitionError::TooLarge { bytes, limit } => {
                write!(f, "SFN060: the definition has {bytes} bytes, AWS takes {limit}")
            }
            DefinitionError::NoField { structure, field } => {
                write!(f, "the schema of `{structure}` has no field `{field}`")
            }
            DefinitionError::NoDefault { structure, field } => {
                write!(f, "the default of `{structure}.{field}` has no JSON value")
            }
            DefinitionError::Constant { message } => write!(f, "a constant has no JSON value: {message}"),
            DefinitionError::ConstantTooLarge { bytes, limit } => {
                write!(f, "SFN061: a constant has {bytes} bytes, AWS passes at most {limit} from state to state")
            }
            DefinitionError::Syntax { machine, what } => write!(f, "`{machine}` contains {what}"),
            DefinitionError::Invalid { findings } => {
                f.write_str("the definition is not valid:")?;
                findings.iter().try_for_each(|finding| write!(f, "\n  {finding}"))
            }
        }
    }
}

impl std::error::Error for DefinitionError {}
