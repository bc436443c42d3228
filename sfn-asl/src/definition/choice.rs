use std::sync::Arc;

use super::{DataFlow, StateName, Timestamp};
use crate::query::jsonata::Expression;
use crate::query::path::Path;
use crate::query::template::{JsonataTemplate, Template};

/// A Choice state.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// `Choices`, tried in order, at least one.
    pub choices: Vec<ChoiceRule>,
    /// `Default`
    pub default: Option<StateName>,
    /// Input, and the output and variables of the default.
    pub flow: DataFlow,
}

/// One entry of `Choices`.
#[derive(Clone, Debug, PartialEq)]
pub struct ChoiceRule {
    /// `Comment`
    pub comment: Option<Arc<str>>,
    /// When it applies.
    pub condition: Condition,
    /// `Assign`
    pub assign: Option<Template>,
    /// `Output`. JSONata only.
    pub output: Option<JsonataTemplate>,
    /// `Next`
    pub next: StateName,
}

/// When a rule applies.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// `"Condition": true`
    Literal(bool),
    /// `"Condition": "{% … %}"`
    Jsonata(Expression),
    /// The comparisons of JSONPath.
    Test(Test),
}

/// A tree of comparisons.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// `And`: all of them.
    And(Vec<Test>),
    /// `Or`: any of them.
    Or(Vec<Test>),
    /// `Not`
    Not(Box<Test>),
    /// `Variable` with one operator.
    Comparison(Comparison),
}

/// `Variable` with one operator.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// `Variable`
    pub variable: Path,
    /// The operator with its operand.
    pub operator: Operator,
}

/// What a [`Comparison`] asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Operator {
    /// `StringEquals`, `StringLessThanPath`, …
    String(Relation, Operand<Arc<str>>),
    /// `StringMatches`: `*` is any text, `\\*` a star.
    StringMatches(Arc<str>),
    /// `NumericEquals`, …
    Numeric(Relation, Operand<crate::value::Number>),
    /// `BooleanEquals`, `BooleanEqualsPath`
    Boolean(Operand<bool>),
    /// `TimestampEquals`, …
    Timestamp(Relation, Operand<Timestamp>),
    /// `IsNull`, `IsPresent`, …: the test, and whether it should hold.
    Is(TypeTest, bool),
}

/// The value a comparison compares with.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand<T> {
    /// As written.
    Literal(T),
    /// The `…Path` twin of the operator.
    Path(Path),
}

/// How two values relate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `…Equals`
    Equals,
    /// `…LessThan`
    LessThan,
    /// `…GreaterThan`
    GreaterThan,
    /// `…LessThanEquals`
    LessThanEquals,
    /// `…GreaterThanEquals`
    GreaterThanEquals,
}

/// The type tests of a Choice rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTest {
    /// `IsNull`
    Null,
    /// `IsPresent`
    Present,
    /// `IsNumeric`
    Numeric,
    /// `IsString`
    String,
    /// `IsBoolean`
    Boolean,
    /// `IsTimestamp`
    Timestamp,
}
