//! What operators and methods do in the body of a state machine: what the document does, checks included.
//!
//! Every operator and method that a body may use goes through a function here. Its bound says which types it takes, so
//! that another type is one error at the user's token; a check that fails ends the run with the error that the document
//! ends with, as a panic would: nothing in the body can catch it.

mod bounded;
mod change;
mod compare;
mod convert;
mod list;
mod number;
mod receiver;
mod stop;

pub use bounded::*;
pub use change::{Cleared, Inserted, Pushed, clear, extend, insert, push, push_str};
pub use compare::{Ordered, Same, equal, greater, greater_or_equal, less, less_or_equal, not_equal};
pub use convert::{Converts, Shown, Text, Widens, into, literal, show, text, texts, widen};
pub use list::{Extreme, Indexed, Summed, greatest, index, least, sum, walked};
pub use number::{Add, Calculate, Negate, add, divide, multiply, negate, remainder, subtract};
pub use receiver::*;
pub use stop::Guarded;

pub(crate) use number::bounds;
#[cfg(feature = "testing")]
pub(crate) use stop::EVALUATION;
pub(crate) use stop::Problem;
#[cfg(test)]
pub(crate) use stop::caught;

/// The greatest whole number up to which a double, and so every number of JSONata, is exact.
pub(crate) const EXACT: i128 = (1 << 53) - 1;

/// `!value`
pub fn not(value: bool) -> bool {
    !value
}

/// `left && right`, `left || right`
pub fn truth(value: bool) -> bool {
    value
}

/// `Some(value)`
pub fn option<T>(value: Option<T>) -> Option<T> {
    value
}
