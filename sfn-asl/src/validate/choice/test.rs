//! What a rule of JSONPath asks, as far as one rule can be held against another.

use std::cmp::Ordering;
use std::ops::Bound;

use crate::definition::Timestamp;
use crate::parse::setting::has_placeholder;
use crate::value::Value;

/// A tree of comparisons.
pub(super) enum Test<'a> {
    All(Vec<Test<'a>>),
    Any(Vec<Test<'a>>),
    Not(Box<Test<'a>>),
    /// One comparison; without a predicate it can only be held against the same one.
    Is {
        variable: &'a str,
        operator: &'a str,
        operand: &'a Value,
        predicate: Option<Predicate<'a>>,
    },
}

/// How many comparisons may still be made: a document beyond is no work of people.
pub(super) struct Effort(usize);

impl Effort {
    pub(super) fn new(most: usize) -> Self {
        Effort(most)
    }

    fn spend(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }
}

impl<'a> Test<'a> {
    /// The test of a rule, if it is one.
    pub(super) fn read(rule: &'a Value) -> Option<Self> {
        let rule = rule.as_object()?;
        let all = |list: &'a Value| list.as_array()?.iter().map(Test::read).collect::<Option<Vec<_>>>();
        for (key, value) in rule.iter() {
            return Some(match &**key {
                "And" => Test::All(all(value)?),
                "Or" => Test::Any(all(value)?),
                "Not" => Test::Not(Box::new(Test::read(value)?)),
                "Variable" | "Next" | "Comment" | "Assign" => continue,
                operator => {
                    let variable = rule.get("Variable")?.as_str()?;
                    let predicate = Predicate::read(operator, value);
                    Test::Is { variable, operator, operand: value, predicate }
                }
            });
        }
        None
    }

    /// True when it holds only where `other` holds, as far as can be seen.
    pub(super) fn implies(&self, other: &Test<'a>, effort: &mut Effort) -> bool {
        if !effort.spend() {
            return false;
        }
        match (self, other) {
            (Test::Any(tests), _) => tests.iter().all(|test| test.implies(other, effort)),
            (_, Test::All(tests)) => tests.iter().all(|test| self.implies(test, effort)),
            (Test::Not(this), Test::Not(other)) if other.implies(this, effort) => true,
            (_, Test::Not(other)) if self.excludes(other, effort) => true,
            (_, Test::Any(tests)) if tests.iter().any(|test| self.implies(test, effort)) => true,
            (Test::All(tests), _) => tests.iter().any(|test| test.implies(other, effort)),
            (
                Test::Is { variable, operator, operand, predicate },
                Test::Is {
                    variable: other_variable,
                    operator: other_operator,
                    operand: other_operand,
                    predicate: other,
                },
            ) => {
                variable == other_variable
                    && (operator == other_operator && operand == other_operand
                        || matches!((predicate, other), (Some(this), Some(other)) if this.implies(other)))
            }
            _ => false,
        }
    }

    /// True when no input makes both hold, as far as can be seen.
    fn excludes(&self, other: &Test<'a>, effort: &mut Effort) -> bool {
        if !effort.spend() {
            return false;
        }
        match (self, other) {
            (Test::Any(tests), _) => tests.iter().all(|test| test.excludes(other, effort)),
            (_, Test::Any(tests)) => tests.iter().all(|test| self.excludes(test, effort)),
            (Test::Not(inner), _) if other.implies(inner, effort) => true,
            (_, Test::Not(inner)) if self.implies(inner, effort) => true,
            (Test::All(tests), _) => tests.iter().any(|test| test.excludes(other, effort)),
            (_, Test::All(tests)) => tests.iter().any(|test| self.excludes(test, effort)),
            (
                Test::Is { variable, predicate: Some(this), .. },
                Test::Is { variable: other_variable, predicate: Some(other), .. },
            ) => variable == other_variable && this.excludes(other),
            _ => false,
        }
    }

    /// True when no input makes it hold, as far as can be seen.
    pub(super) fn contradicts_itself(&self, effort: &mut Effort) -> bool {
        match self {
            Test::All(tests) => {
                tests.iter().any(|test| test.contradicts_itself(effort))
                    || (1..tests.len()).any(|at| tests[..at].iter().any(|test| test.excludes(&tests[at], effort)))
            }
            Test::Any(tests) => !tests.is_empty() && tests.iter().all(|test| test.contradicts_itself(effort)),
            Test::Not(_) | Test::Is { .. } => false,
        }
    }
}

/// What a comparison with a literal asks of its variable.
///
/// INVARIANT: it is true of values only, never of a missing one, unless it asks whether there is one: every other
/// operator fails the execution then.
pub(super) enum Predicate<'a> {
    Number(Range<f64>),
    Text(Range<&'a str>),
    Instant(Range<i64>),
    Truth(bool),
    /// The value is of one of these kinds, and of any value of them.
    Kinds(u8),
    /// The value is a text that is a date-time.
    DateTime,
}

const MISSING: u8 = 1;
const NULL: u8 = 2;
const NUMBER: u8 = 4;
const TEXT: u8 = 8;
const TRUTH: u8 = 16;
const OTHER: u8 = 32;
const PRESENT: u8 = NULL | NUMBER | TEXT | TRUTH | OTHER;

impl<'a> Predicate<'a> {
    fn read(operator: &str, operand: &'a Value) -> Option<Self> {
        if operand.as_str().is_some_and(has_placeholder) {
            return None;
        }
        if let (Some(kind), Some(holds)) = (operator.strip_prefix("Is"), operand.as_bool()) {
            let kinds = match kind {
                "Present" => return Some(Predicate::Kinds(if holds { PRESENT } else { MISSING })),
                "Timestamp" => return holds.then_some(Predicate::DateTime),
                "Null" => NULL,
                "Numeric" => NUMBER,
                "String" => TEXT,
                "Boolean" => TRUTH,
                _ => return None,
            };
            return Some(Predicate::Kinds(if holds { kinds } else { PRESENT & !kinds }));
        }
        if operator == "BooleanEquals" {
            return operand.as_bool().map(Predicate::Truth);
        }
        if let Some(relation) = operator.strip_prefix("Numeric") {
            return Some(Predicate::Number(Range::of(relation, operand.as_f64()?)?));
        }
        if let Some(relation) = operator.strip_prefix("String") {
            let text = operand.as_str()?;
            // In what order AWS has other letters is not known.
            let range = Range::of(relation, text)?;
            return (relation == "Equals" || text.is_ascii()).then_some(Predicate::Text(range));
        }
        let instant = Timestamp::parse(operand.as_str()?)?.milliseconds;
        Some(Predicate::Instant(Range::of(operator.strip_prefix("Timestamp")?, instant)?))
    }

    fn kinds(&self) -> u8 {
        match self {
            Predicate::Number(_) => NUMBER,
            Predicate::Text(_) | Predicate::Instant(_) | Predicate::DateTime => TEXT,
            Predicate::Truth(_) => TRUTH,
            Predicate::Kinds(kinds) => *kinds,
        }
    }

    fn implies(&self, other: &Predicate<'a>) -> bool {
        match (self, other) {
            (_, Predicate::Kinds(kinds)) => self.kinds() & !kinds == 0,
            (Predicate::Number(this), Predicate::Number(other)) => this.lies_within(other),
            (Predicate::Text(this), Predicate::Text(other)) => this.lies_within(other),
            (Predicate::Instant(this), Predicate::Instant(other)) => this.lies_within(other),
            (Predicate::Instant(_) | Predicate::DateTime, Predicate::DateTime) => true,
            (Predicate::Truth(this), Predicate::Truth(other)) => this == other,
            _ => false,
        }
    }

    fn excludes(&self, other: &Predicate<'a>) -> bool {
        match (self, other) {
            _ if self.kinds() & other.kinds() == 0 => true,
            (Predicate::Number(this), Predicate::Number(other)) => this.is_apart(other),
            (Predicate::Text(this), Predicate::Text(other)) => this.is_apart(other),
            (Predicate::Instant(this), Predicate::Instant(other)) => this.is_apart(other),
            (Predicate::Truth(this), Predicate::Truth(other)) => this != other,
            _ => false,
        }
    }
}

/// Values from one bound to another.
pub(super) struct Range<T> {
    from: Bound<T>,
    to: Bound<T>,
}

impl<T: PartialOrd + Copy> Range<T> {
    /// The values that stand in `relation` to `value`.
    fn of(relation: &str, value: T) -> Option<Self> {
        let (from, to) = match relation {
            "Equals" => (Bound::Included(value), Bound::Included(value)),
            "LessThan" => (Bound::Unbounded, Bound::Excluded(value)),
            "LessThanEquals" => (Bound::Unbounded, Bound::Included(value)),
            "GreaterThan" => (Bound::Excluded(value), Bound::Unbounded),
            "GreaterThanEquals" => (Bound::Included(value), Bound::Unbounded),
            _ => return None,
        };
        Some(Range { from, to })
    }

    fn lies_within(&self, other: &Range<T>) -> bool {
        let from = match (self.from, other.from) {
            (_, Bound::Unbounded) => true,
            (Bound::Unbounded, _) => false,
            (Bound::Included(this), Bound::Excluded(other)) => this > other,
            (Bound::Included(this) | Bound::Excluded(this), Bound::Included(other) | Bound::Excluded(other)) => {
                this >= other
            }
        };
        let to = match (self.to, other.to) {
            (_, Bound::Unbounded) => true,
            (Bound::Unbounded, _) => false,
            (Bound::Included(this), Bound::Excluded(other)) => this < other,
            (Bound::Included(this) | Bound::Excluded(this), Bound::Included(other) | Bound::Excluded(other)) => {
                this <= other
            }
        };
        from && to
    }

    fn is_apart(&self, other: &Range<T>) -> bool {
        ends_before(self.to, other.from) || ends_before(other.to, self.from)
    }
}

fn ends_before<T: PartialOrd>(to: Bound<T>, from: Bound<T>) -> bool {
    match (to, from) {
        (Bound::Unbounded, _) | (_, Bound::Unbounded) => false,
        (Bound::Included(to), Bound::Included(from)) => to.partial_cmp(&from) == Some(Ordering::Less),
        (Bound::Included(to) | Bound::Excluded(to), Bound::Included(from) | Bound::Excluded(from)) => to <= from,
    }
}
