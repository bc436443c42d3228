//! Whole numbers that stay in the range of their Rust type, and doubles that stay finite.
//!
//! JSON has one kind of number. A result that leaves its type ends the execution, as a panic would; where the ranges of
//! the operands show that it cannot, nothing is checked.

use sfn_asl::Value;
use sfn_asl::value::Number;

use super::{Bound, Expression, Operator};
use crate::data::Schema;
use crate::gate::{EXACT, Problem, bounds};

/// An arithmetic operator of Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

/// What a check says when it fails.
#[derive(Clone, Copy, Debug)]
pub(in crate::lower) struct Failing<'a> {
    /// The type of the result.
    pub(in crate::lower) kind: &'a str,
    /// The expression in Rust.
    pub(in crate::lower) source: &'a str,
}

impl Failing<'_> {
    fn error(&self, problem: Problem) -> Expression {
        Expression::Failure(problem.message(self.kind, self.source))
    }
}

impl Expression {
    /// The whole number is known to lie between two bounds.
    pub(in crate::lower) fn ranged(self, low: i128, high: i128) -> Expression {
        Expression::Ranged { value: Box::new(self), low, high }
    }

    /// Between which bounds a whole number of a type lies.
    pub(in crate::lower) fn range(&self, schema: &Schema) -> (i128, i128) {
        match self {
            Expression::Ranged { low, high, .. } => (*low, *high),
            Expression::Constant(value) if value.as_i64().is_some() => {
                let value = value.as_i64().map_or(0, i128::from);
                (value, value)
            }
            _ => match schema {
                Schema::Integer(name) => bounds(name),
                Schema::Newtype { inner, .. } => self.range(&inner()),
                _ => (i128::MIN, i128::MAX),
            },
        }
    }
}

/// `left operator right` in whole numbers of one type.
pub(in crate::lower) fn integers(
    operator: Arithmetic,
    left: Expression,
    right: Expression,
    schema: &Schema,
    failing: Failing<'_>,
) -> Expression {
    let (a, b) = (left.range(schema), right.range(schema));
    match operator {
        Arithmetic::Add => within(sum(left, right), (a.0 + b.0, a.1 + b.1), failing),
        Arithmetic::Subtract => {
            within(Expression::operation(Operator::Subtract, left, right), (a.0 - b.1, a.1 - b.0), failing)
        }
        Arithmetic::Multiply => {
            let corners = [a.0, a.1].map(|x| [b.0, b.1].map(|y| x.saturating_mul(y)));
            let (low, high) = extremes(corners.concat());
            let product = Expression::operation(Operator::Multiply, left, right);
            within(product, (low, high), failing)
        }
        Arithmetic::Divide | Arithmetic::Remainder => divided(operator, left, right, (a, b), failing),
    }
}

fn divided(
    operator: Arithmetic,
    left: Expression,
    right: Expression,
    (a, b): ((i128, i128), (i128, i128)),
    failing: Failing<'_>,
) -> Expression {
    let may_be_zero = b.0 <= 0 && 0 <= b.1;
    let type_bounds = bounds(failing.kind);
    // The one quotient that its type does not hold; of 64 bits, it is no number that JSON has exactly.
    let narrow = -EXACT <= type_bounds.0 && type_bounds.0 < 0;
    let may_overflow = narrow && a.0 <= type_bounds.0 && b.0 <= -1 && -1 <= b.1;
    let result = match operator {
        Arithmetic::Divide => {
            let most = a.0.saturating_abs().max(a.1.saturating_abs());
            (if a.0 < 0 || b.0 < 0 { -most } else { 0 }, most)
        }
        _ => {
            let most = b.0.saturating_abs().max(b.1.saturating_abs());
            (if a.0 < 0 { -most } else { 0 }, if a.1 > 0 { most } else { 0 })
        }
    };
    let signed = a.0 < 0 || b.0 < 0;
    let whole = |left: Expression, right: Expression| match operator {
        Arithmetic::Divide if signed => Expression::operation(Operator::Divide, left, right).bind("q", |quotient| {
            let negative = Expression::operation(Operator::Less, quotient.clone(), Expression::constant(0));
            // The negative zero of `$ceil(-0.5)` is zero as soon as it is a JSON value.
            let up = Expression::function("ceil", [quotient.clone()]);
            Expression::conditional(negative, up, Expression::function("floor", [quotient]))
        }),
        Arithmetic::Divide => Expression::function("floor", [Expression::operation(Operator::Divide, left, right)]),
        _ => Expression::operation(Operator::Remainder, left, right),
    };
    if !may_be_zero && !may_overflow {
        return whole(left, right).ranged(result.0, result.1);
    }
    let checked = left.bind("n", |left| {
        right.bind("d", |right| {
            let mut value = whole(left.clone(), right.clone());
            if may_overflow {
                let least = Expression::operation(Operator::Equal, left, number(type_bounds.0));
                let by = Expression::operation(Operator::Equal, right.clone(), Expression::constant(-1));
                let both = Expression::operation(Operator::And, least, by);
                value = Expression::conditional(both, failing.error(Problem::Overflow), value);
            }
            if may_be_zero {
                let zero = Expression::operation(Operator::Equal, right, Expression::constant(0));
                value = Expression::conditional(zero, failing.error(Problem::DivisionByZero), value);
            }
            value
        })
    });
    checked.ranged(result.0.max(type_bounds.0), result.1.min(type_bounds.1))
}

/// `-value` of a whole number.
pub(in crate::lower) fn negated(value: Expression, schema: &Schema, failing: Failing<'_>) -> Expression {
    let (low, high) = value.range(schema);
    within(Expression::operation(Operator::Subtract, Expression::constant(0), value), (-high, -low), failing)
}

/// `value.abs()` of a whole number.
pub(in crate::lower) fn absolute(value: Expression, schema: &Schema, failing: Failing<'_>) -> Expression {
    let (low, high) = value.range(schema);
    let most = low.saturating_abs().max(high.saturating_abs());
    within(Expression::function("abs", [value]), (0, most), failing)
}

/// The lesser or the greater of two numbers.
pub(in crate::lower) fn chosen(operator: Operator, left: Expression, right: Expression) -> Expression {
    left.bind("n", |left| {
        right.bind("m", |right| {
            let condition = Expression::operation(operator, left.clone(), right.clone());
            Expression::conditional(condition, left, right)
        })
    })
}

/// The number where it lies between two bounds, else `null`.
pub(in crate::lower) fn narrowed(value: Expression, from: &Schema, to: &str) -> Expression {
    let (low, high) = value.range(from);
    beyond(value, (low, high), (bounds(to).0, bounds(to).1.min(EXACT)), Expression::null(), Expression::null())
}

/// `left.checked_add(right)` and its kin.
pub(in crate::lower) fn checked(
    operator: Arithmetic,
    left: Expression,
    right: Expression,
    schema: &Schema,
    failing: Failing<'_>,
) -> Expression {
    let sign = match operator {
        Arithmetic::Add => Operator::Add,
        Arithmetic::Subtract => Operator::Subtract,
        Arithmetic::Multiply => Operator::Multiply,
        Arithmetic::Divide | Arithmetic::Remainder => {
            return left.bind("n", |left| {
                right.bind("d", |right| {
                    let (low, high) = bounds(failing.kind);
                    let divisor = if low == 0 { right.clone().ranged(1, high) } else { right.clone() };
                    let mut value = integers(operator, left.clone(), divisor, schema, failing);
                    if (-EXACT..0).contains(&low) {
                        let least = Expression::operation(Operator::Equal, left, number(low));
                        let by = Expression::operation(Operator::Equal, right.clone(), Expression::constant(-1));
                        let both = Expression::operation(Operator::And, least, by);
                        value = Expression::conditional(both, Expression::null(), value);
                    }
                    let zero = Expression::operation(Operator::Equal, right, Expression::constant(0));
                    Expression::conditional(zero, Expression::null(), value)
                })
            });
        }
    };
    let (low, high) = exact(failing.kind);
    let none = |wide: bool| if wide { failing.error(Problem::Overflow) } else { Expression::null() };
    let (wide_low, wide_high) = (bounds(failing.kind).0 < -EXACT, bounds(failing.kind).1 > EXACT);
    let value = Expression::operation(sign, left, right);
    beyond(value, (i128::MIN, i128::MAX), (low, high), none(wide_low), none(wide_high))
}

/// `left.saturating_add(right)` and its kin.
pub(in crate::lower) fn saturating(
    operator: Arithmetic,
    left: Expression,
    right: Expression,
    failing: Failing<'_>,
) -> Expression {
    let sign = match operator {
        Arithmetic::Add => Operator::Add,
        Arithmetic::Subtract => Operator::Subtract,
        _ => Operator::Multiply,
    };
    let (low, high) = exact(failing.kind);
    let bound = |bound: i128, at: i128| if bound == at { number(at) } else { failing.error(Problem::Overflow) };
    let (below, above) = (bound(bounds(failing.kind).0, low), bound(bounds(failing.kind).1, high));
    let value = Expression::operation(sign, left, right);
    beyond(value, (i128::MIN, i128::MAX), (low, high), below, above).ranged(low, high)
}

/// The bounds of a type that JSON has exactly.
fn exact(kind: &str) -> (i128, i128) {
    (bounds(kind).0.max(-EXACT), bounds(kind).1.min(EXACT))
}

/// The number where it lies between two bounds, else what is given for the side where it does not; `reach` is what it can be.
fn beyond(
    value: Expression,
    reach: (i128, i128),
    (low, high): (i128, i128),
    below: Expression,
    above: Expression,
) -> Expression {
    if low <= reach.0 && reach.1 <= high {
        return value;
    }
    value.bind("r", |result| {
        let mut chosen = result.clone();
        if reach.1 > high {
            let is_above = Expression::operation(Operator::Greater, result.clone(), number(high));
            chosen = Expression::conditional(is_above, above, chosen);
        }
        if reach.0 < low {
            let is_below = Expression::operation(Operator::Less, result, number(low));
            chosen = Expression::conditional(is_below, below, chosen);
        }
        chosen
    })
}

/// The sum of a list of whole numbers: like Rust's, it fails as soon as it leaves the type.
pub(in crate::lower) fn total(list: Expression, failing: Failing<'_>) -> Expression {
    let bounds = bounds(failing.kind);
    if bounds.0 == 0 {
        return within(Expression::function("sum", [list]), (0, i128::MAX), failing);
    }
    let (so_far, item) = (Bound::new("a"), Bound::new("x"));
    let next = sum(Expression::Bound(so_far), Expression::Bound(item));
    let step = Expression::lambda([so_far, item], within(next, (i128::MIN, i128::MAX), failing));
    Expression::function("reduce", [list, step, Expression::constant(0)]).ranged(bounds.0, bounds.1)
}

/// `left operator right` in doubles.
pub(in crate::lower) fn floats(
    operator: Arithmetic,
    left: Expression,
    right: Expression,
    failing: Failing<'_>,
) -> Expression {
    let sign = match operator {
        Arithmetic::Add => Operator::Add,
        Arithmetic::Subtract => Operator::Subtract,
        Arithmetic::Multiply => Operator::Multiply,
        Arithmetic::Divide => Operator::Divide,
        Arithmetic::Remainder => Operator::Remainder,
    };
    if !matches!(operator, Arithmetic::Divide | Arithmetic::Remainder) {
        return finite(Expression::operation(sign, left, right), failing);
    }
    left.bind_fallible("n", |left| {
        right.bind("d", |right| {
            let zero = Expression::operation(Operator::Equal, right.clone(), Expression::constant(0));
            let value = finite(Expression::operation(sign, left, right), failing);
            Expression::conditional(zero, failing.error(Problem::DivisionByZero), value)
        })
    })
}

/// A double that ends the execution when it is not finite.
pub(in crate::lower) fn finite(value: Expression, failing: Failing<'_>) -> Expression {
    value.bind("r", |result| {
        let least = float(-f64::MAX);
        let most = float(f64::MAX);
        let above = Expression::operation(Operator::GreaterOrEqual, result.clone(), least);
        let below = Expression::operation(Operator::LessOrEqual, result.clone(), most);
        let inside = Expression::operation(Operator::And, above, below);
        Expression::conditional(inside, result, failing.error(Problem::NotFinite))
    })
}

/// A whole number that ends the execution when it leaves its type; `reach` is what it can be.
fn within(value: Expression, reach: (i128, i128), failing: Failing<'_>) -> Expression {
    let bounds = bounds(failing.kind);
    let (low, high) = (bounds.0.max(-EXACT), bounds.1.min(EXACT));
    if low <= reach.0 && reach.1 <= high {
        return value.ranged(reach.0, reach.1);
    }
    value
        .bind("r", |result| {
            let above =
                (reach.0 < low).then(|| Expression::operation(Operator::GreaterOrEqual, result.clone(), number(low)));
            let below =
                (reach.1 > high).then(|| Expression::operation(Operator::LessOrEqual, result.clone(), number(high)));
            let inside = match (above, below) {
                (Some(above), Some(below)) => Expression::operation(Operator::And, above, below),
                (Some(one), None) | (None, Some(one)) => one,
                (None, None) => Expression::constant(true),
            };
            Expression::conditional(inside, result, failing.error(Problem::Overflow))
        })
        .ranged(low.max(reach.0), high.min(reach.1))
}

fn sum(left: Expression, right: Expression) -> Expression {
    Expression::operation(Operator::Add, left, right)
}

fn extremes(numbers: Vec<i128>) -> (i128, i128) {
    let low = numbers.iter().copied().min().unwrap_or(0);
    (low, numbers.into_iter().max().unwrap_or(0))
}

/// INVARIANT: only bounds of 53 bits and of smaller types are written.
fn number(value: i128) -> Expression {
    Expression::constant(i64::try_from(value).expect("a bound that is written has at most 64 bits"))
}

fn float(value: f64) -> Expression {
    Expression::Constant(Number::from_float(value).map_or(Value::Null, Value::Number))
}
