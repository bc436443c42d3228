use crate::query::jsonata::Expression;
use crate::query::path::{Path, ReferencePath};
use crate::query::template::{JsonataTemplate, PayloadTemplate};

/// `QueryLanguage`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Paths, payload templates, intrinsic functions.
    #[default]
    JsonPath,
    /// Expressions in `{% … %}`.
    Jsonata,
}

impl QueryLanguage {
    /// The text of the field.
    pub fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}

/// How a state makes its effective input, its output and its variables; fields a type of state lacks are at their default.
#[derive(Clone, Debug, PartialEq)]
pub enum DataFlow {
    /// The fields of JSONPath.
    JsonPath(JsonPathFlow),
    /// The fields of JSONata.
    Jsonata(JsonataFlow),
}

/// `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`, `Assign`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonPathFlow {
    /// `InputPath`
    pub input_path: PathSelection,
    /// `Parameters`; of a Map its `ItemSelector` is not here.
    pub parameters: Option<PayloadTemplate>,
    /// `ResultSelector`
    pub result_selector: Option<PayloadTemplate>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `OutputPath`
    pub output_path: PathSelection,
    /// `Assign`
    pub assign: Option<PayloadTemplate>,
}

/// `Arguments`, `Output`, `Assign`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonataFlow {
    /// `Arguments`
    pub arguments: Option<JsonataTemplate>,
    /// `Output`
    pub output: Option<JsonataTemplate>,
    /// `Assign`
    pub assign: Option<JsonataTemplate>,
}

/// `InputPath` and `OutputPath`: a path, or `null` for `{}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PathSelection {
    /// Absent or `$`.
    #[default]
    Whole,
    /// `null`: `{}`.
    Nothing,
    /// A path.
    Path(Path),
}

/// `ResultPath`: where the result goes in the raw input.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultPath {
    /// Absent or `$`: the result replaces the input.
    #[default]
    Replace,
    /// `null`: the result is dropped.
    Discard,
    /// The place it is written to.
    At(ReferencePath),
}

/// A field with a fixed value, or one that is read when the state runs: `TimeoutSeconds`, `TimeoutSecondsPath`,
/// `"{% … %}"`.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting<T, P = Path> {
    /// The value as written.
    Literal(T),
    /// The `…Path` twin of the field.
    Path(P),
    /// An expression.
    Jsonata(Expression),
}

/// An RFC 3339 date-time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// As written.
    pub text: std::sync::Arc<str>,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub milliseconds: i64,
}
