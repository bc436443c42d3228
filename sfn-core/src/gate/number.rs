//! Arithmetic: checked whole numbers and finite doubles.

use super::EXACT;
use super::stop::{Problem, stop};
use crate::lower::Arithmetic;

/// `left + right`
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be added in a state machine",
    label = "`+` takes two whole numbers of one type, two `f64`, or a `String` and a `&str`",
    note = "widen the smaller number: `u64::from(x)`"
)]
pub trait Add<R> {
    /// The type of the sum.
    type Output;

    /// The sum; ends the run when its type does not hold it.
    fn add(self, right: R, source: &'static str) -> Self::Output;
}

/// `left - right`, `left * right`, `left / right`, `left % right`
#[diagnostic::on_unimplemented(
    message = "a state machine cannot calculate with `{Self}` and `{R}`",
    label = "arithmetic takes two whole numbers of one type, or two `f64`",
    note = "widen the smaller number: `u64::from(x)`"
)]
pub trait Calculate<R> {
    /// The type of the result.
    type Output;

    /// The result; ends the run when its type does not hold it.
    fn calculate(self, operator: Arithmetic, right: R, source: &'static str) -> Self::Output;
}

/// `-value`
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be negated in a state machine",
    label = "`-` takes a signed whole number or an `f64`"
)]
pub trait Negate {
    /// The type of the result.
    type Output;

    /// The negative; ends the run when its type does not hold it.
    fn negate(self, source: &'static str) -> Self::Output;
}

/// `left + right`
pub fn add<A: Add<B>, B>(left: A, right: B, source: &'static str) -> A::Output {
    left.add(right, source)
}

/// `left - right`
pub fn subtract<A: Calculate<B>, B>(left: A, right: B, source: &'static str) -> A::Output {
    left.calculate(Arithmetic::Subtract, right, source)
}

/// `left * right`
pub fn multiply<A: Calculate<B>, B>(left: A, right: B, source: &'static str) -> A::Output {
    left.calculate(Arithmetic::Multiply, right, source)
}

/// `left / right`
pub fn divide<A: Calculate<B>, B>(left: A, right: B, source: &'static str) -> A::Output {
    left.calculate(Arithmetic::Divide, right, source)
}

/// `left % right`
pub fn remainder<A: Calculate<B>, B>(left: A, right: B, source: &'static str) -> A::Output {
    left.calculate(Arithmetic::Remainder, right, source)
}

/// `-value`
pub fn negate<A: Negate>(value: A, source: &'static str) -> A::Output {
    value.negate(source)
}

macro_rules! calculate {
    ($($kind:ident $body:ident),*) => {$(
        calculate!(@ $kind, $kind, $kind, $body);
        calculate!(@ $kind, &$kind, $kind, $body);
        calculate!(@ $kind, $kind, &$kind, $body);
        calculate!(@ $kind, &$kind, &$kind, $body);
    )*};
    (@ $kind:ident, $left:ty, $right:ty, $body:ident) => {
        impl Add<$right> for $left {
            type Output = $kind;

            fn add(self, right: $right, source: &'static str) -> $kind {
                self.calculate(Arithmetic::Add, right, source)
            }
        }

        impl Calculate<$right> for $left {
            type Output = $kind;

            fn calculate(self, operator: Arithmetic, right: $right, source: &'static str) -> $kind {
                let (left, right): ($kind, $kind) = (self.clone(), right.clone());
                let result = $body(operator, left.into_wide(), right.into_wide(), stringify!($kind), source);
                $kind::from_wide(result)
            }
        }
    };
}
calculate!(
    i8 whole, i16 whole, i32 whole, i64 whole, isize whole,
    u8 whole, u16 whole, u32 whole, u64 whole, usize whole,
    f64 double
);

macro_rules! negate {
    ($($kind:ident),*) => {$(
        impl Negate for $kind {
            type Output = $kind;

            fn negate(self, source: &'static str) -> $kind {
                let result = whole(Arithmetic::Subtract, 0, self.into_wide(), stringify!($kind), source);
                $kind::from_wide(result)
            }
        }

        impl Negate for &$kind {
            type Output = $kind;

            fn negate(self, source: &'static str) -> $kind {
                Negate::negate(*self, source)
            }
        }
    )*};
}
negate!(i8, i16, i32, i64, isize);

impl Negate for f64 {
    type Output = f64;

    fn negate(self, _source: &'static str) -> f64 {
        0.0 - self
    }
}

impl Negate for &f64 {
    type Output = f64;

    fn negate(self, _source: &'static str) -> f64 {
        0.0 - *self
    }
}

impl Add<&str> for String {
    type Output = String;

    fn add(self, right: &str, _source: &'static str) -> String {
        self + right
    }
}

impl Add<&String> for String {
    type Output = String;

    fn add(self, right: &String, _source: &'static str) -> String {
        self + right
    }
}

/// A type in which the results of a kind of number fit before they are checked.
pub(super) trait Wide: Copy {
    type Wide;

    fn into_wide(self) -> Self::Wide;

    /// INVARIANT: the number is one of the type.
    fn from_wide(wide: Self::Wide) -> Self;
}

macro_rules! wide {
    ($($kind:ident),*) => {$(
        impl Wide for $kind {
            type Wide = i128;

            fn into_wide(self) -> i128 {
                self as i128
            }

            fn from_wide(wide: i128) -> Self {
                $kind::try_from(wide).expect("a checked number is one of its type")
            }
        }
    )*};
}
wide!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl Wide for f64 {
    type Wide = f64;

    fn into_wide(self) -> f64 {
        self
    }

    fn from_wide(wide: f64) -> Self {
        wide
    }
}

/// The least and the greatest number of a type.
pub(crate) fn bounds(kind: &str) -> (i128, i128) {
    let bits = match kind {
        "i8" | "u8" => 8,
        "i16" | "u16" => 16,
        "i32" | "u32" => 32,
        _ => 64,
    };
    if kind.starts_with('u') { (0, (1 << bits) - 1) } else { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) }
}

pub(super) fn whole(operator: Arithmetic, left: i128, right: i128, kind: &str, source: &str) -> i128 {
    let divides = matches!(operator, Arithmetic::Divide | Arithmetic::Remainder);
    if divides && right == 0 {
        stop(Problem::DivisionByZero, kind, source);
    }
    let (low, high) = bounds(kind);
    // The remainder itself would fit, but Rust computes it with the quotient.
    let overflows = divides && left == low && right == -1 && low < 0;
    let result = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left.saturating_mul(right),
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    };
    let (low, high) = if divides { (low, high) } else { (low.max(-EXACT), high.min(EXACT)) };
    if overflows || result < low || result > high {
        stop(Problem::Overflow, kind, source);
    }
    result
}

pub(super) fn double(operator: Arithmetic, left: f64, right: f64, kind: &str, source: &str) -> f64 {
    if matches!(operator, Arithmetic::Divide | Arithmetic::Remainder) && right == 0.0 {
        stop(Problem::DivisionByZero, kind, source);
    }
    let result = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        Arithmetic::Multiply => left * right,
        Arithmetic::Divide => left / right,
        Arithmetic::Remainder => left % right,
    };
    if !result.is_finite() {
        stop(Problem::NotFinite, kind, source);
    }
    result
}
