//! Methods of numbers: what they give where the result does not fit, and the greater and the lesser of two.

use super::EXACT;
use super::list::Extreme;
use super::number::{Wide, bounds, whole};
use super::stop::{Problem, stop};
use crate::lower::Arithmetic;

/// What `checked_add`, `saturating_sub` and their kin are called on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no method of this name in a state machine",
    label = "the method is one of whole numbers"
)]
pub trait Bounded<R> {
    /// The result, where it is one of the type.
    fn checked(self, operator: Arithmetic, right: R, source: &'static str) -> Option<R>;

    /// The result, or the bound that it is beyond.
    fn saturating(self, operator: Arithmetic, right: R, source: &'static str) -> R;
}

/// What `abs` is called on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no absolute value in a state machine",
    label = "`abs` is a method of signed whole numbers and of `f64`"
)]
pub trait Absolute<R> {
    /// The absolute value; ends the run when its type does not hold it.
    fn absolute(self, source: &'static str) -> R;
}

/// What a number is converted to that may be too large or too small for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not converted to `{T}` in a state machine",
    label = "`try_from` and `try_into` convert whole numbers"
)]
pub trait Narrows<T> {
    /// The same number, where the type holds it.
    fn narrow(self) -> Option<T>;
}

/// `T::try_from(value).ok()`, `value.try_into().ok()`
pub fn narrow<T, A: Narrows<T>>(value: A) -> Option<T> {
    value.narrow()
}

/// `value.abs()`
pub fn absolute<A: Absolute<R>, R>(value: A, source: &'static str) -> R {
    value.absolute(source)
}

/// `left.max(right)`
pub fn larger<T: Extreme>(left: T, right: T) -> T {
    left.max(right)
}

/// `left.min(right)`
pub fn smaller<T: Extreme>(left: T, right: T) -> T {
    left.min(right)
}

macro_rules! methods {
    ($($function:ident $method:ident $operator:ident -> $result:ty;)*) => {$(
        #[doc = concat!("`left.", stringify!($function), "(right)`")]
        pub fn $function<A: Bounded<R>, R>(left: A, right: R, source: &'static str) -> $result {
            left.$method(Arithmetic::$operator, right, source)
        }
    )*};
}
methods! {
    checked_add checked Add -> Option<R>;
    checked_sub checked Subtract -> Option<R>;
    checked_mul checked Multiply -> Option<R>;
    checked_div checked Divide -> Option<R>;
    checked_rem checked Remainder -> Option<R>;
    saturating_add saturating Add -> R;
    saturating_sub saturating Subtract -> R;
    saturating_mul saturating Multiply -> R;
}

/// The result before it is held against its type; what is beyond the 53 bits of JSON but not of the type ends the run.
fn computed(operator: Arithmetic, left: i128, right: i128, kind: &str, source: &str) -> i128 {
    let result = match operator {
        Arithmetic::Add => left + right,
        Arithmetic::Subtract => left - right,
        _ => left.saturating_mul(right),
    };
    let (low, high) = bounds(kind);
    if (low < -EXACT && result < -EXACT) || (high > EXACT && result > EXACT) {
        stop(Problem::Overflow, kind, source);
    }
    result
}

macro_rules! bounded {
    ($($kind:ident),*) => {$(
        impl Bounded<$kind> for $kind {
            fn checked(self, operator: Arithmetic, right: $kind, source: &'static str) -> Option<$kind> {
                match operator {
                    Arithmetic::Divide => self.checked_div(right),
                    Arithmetic::Remainder => self.checked_rem(right),
                    _ => {
                        let result =
                            computed(operator, self.into_wide(), right.into_wide(), stringify!($kind), source);
                        $kind::try_from(result).ok()
                    }
                }
            }

            fn saturating(self, operator: Arithmetic, right: $kind, source: &'static str) -> $kind {
                let result = computed(operator, self.into_wide(), right.into_wide(), stringify!($kind), source);
                let (low, high) = bounds(stringify!($kind));
                $kind::from_wide(result.clamp(low, high))
            }
        }

        impl Bounded<$kind> for &$kind {
            fn checked(self, operator: Arithmetic, right: $kind, source: &'static str) -> Option<$kind> {
                Bounded::checked(*self, operator, right, source)
            }

            fn saturating(self, operator: Arithmetic, right: $kind, source: &'static str) -> $kind {
                Bounded::saturating(*self, operator, right, source)
            }
        }

        narrows!($kind => i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
    )*};
}

macro_rules! narrows {
    ($from:ident => $($to:ident),*) => {$(
        impl Narrows<$to> for $from {
            fn narrow(self) -> Option<$to> {
                $to::try_from(self).ok()
            }
        }

        impl Narrows<$to> for &$from {
            fn narrow(self) -> Option<$to> {
                $to::try_from(*self).ok()
            }
        }
    )*};
}
bounded!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

macro_rules! absolute {
    ($($kind:ident),*) => {$(
        impl Absolute<$kind> for $kind {
            fn absolute(self, source: &'static str) -> $kind {
                let value = self.into_wide();
                let negative = || whole(Arithmetic::Subtract, 0, value, stringify!($kind), source);
                $kind::from_wide(if value < 0 { negative() } else { value })
            }
        }

        impl Absolute<$kind> for &$kind {
            fn absolute(self, source: &'static str) -> $kind {
                Absolute::absolute(*self, source)
            }
        }
    )*};
}
absolute!(i8, i16, i32, i64, isize);

impl Absolute<f64> for f64 {
    fn absolute(self, _source: &'static str) -> f64 {
        self.abs()
    }
}

impl Absolute<f64> for &f64 {
    fn absolute(self, _source: &'static str) -> f64 {
        self.abs()
    }
}
