//! Lists: indexes and what is computed of all items.

use super::number::{Wide, double, whole};
use super::stop::{Problem, stop};
use crate::lower::{Arithmetic, Site};

/// `list[index]`
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no index in a state machine",
    label = "only a `Vec` is indexed, by a `usize`"
)]
pub trait Indexed {
    /// What the list holds.
    type Item: Clone;

    /// The items.
    fn items(&self) -> &[Self::Item];
}

impl<T: Clone> Indexed for Vec<T> {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }
}

impl<T: Clone> Indexed for [T] {
    type Item = T;

    fn items(&self) -> &[T] {
        self
    }
}

impl<L: Indexed + ?Sized> Indexed for &L {
    type Item = L::Item;

    fn items(&self) -> &[L::Item] {
        (**self).items()
    }
}

/// `list[index]`: ends the run when there is no such item.
pub fn index<L: Indexed>(list: L, index: usize, source: &'static str) -> L::Item {
    match list.items().get(index) {
        Some(item) => item.clone(),
        None => stop(Problem::OutOfBounds, "usize", source),
    }
}

/// `for item in items`: tells `site` the type of the items.
pub fn walked<I: Iterator>(_site: &Site<I::Item>, items: I) -> I {
    items
}

/// What `.sum()` yields.
#[diagnostic::on_unimplemented(
    message = "`{A}` cannot be summed up to `{Self}` in a state machine",
    label = "`sum` takes whole numbers or `f64`, and yields their type",
    note = "widen the numbers before: `.map(|x| u64::from(x.count)).sum::<u64>()`"
)]
pub trait Summed<A>: Sized {
    /// The sum; ends the run when its type does not hold it.
    fn sum(items: impl Iterator<Item = A>, source: &'static str) -> Self;
}

/// What `.max()` and `.min()` take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no greatest and no least in a state machine",
    label = "`max` and `min` take whole numbers"
)]
pub trait Extreme: Ord {}

/// `items.sum()`
pub fn sum<S: Summed<I::Item>, I: Iterator>(items: I, source: &'static str) -> S {
    S::sum(items, source)
}

/// `items.max()`
pub fn greatest<I: Iterator<Item: Extreme>>(items: I) -> Option<I::Item> {
    items.max()
}

/// `items.min()`
pub fn least<I: Iterator<Item: Extreme>>(items: I) -> Option<I::Item> {
    items.min()
}

macro_rules! summed {
    ($($kind:ident $body:ident $zero:literal),*) => {$(
        impl Summed<$kind> for $kind {
            fn sum(items: impl Iterator<Item = $kind>, source: &'static str) -> $kind {
                let kind = stringify!($kind);
                let add = |sum, item: $kind| $body(Arithmetic::Add, sum, item.into_wide(), kind, source);
                $kind::from_wide(items.fold($zero, add))
            }
        }

        impl<'a> Summed<&'a $kind> for $kind {
            fn sum(items: impl Iterator<Item = &'a $kind>, source: &'static str) -> $kind {
                <$kind as Summed<$kind>>::sum(items.copied(), source)
            }
        }
    )*};
}
summed!(
    i8 whole 0, i16 whole 0, i32 whole 0, i64 whole 0, isize whole 0,
    u8 whole 0, u16 whole 0, u32 whole 0, u64 whole 0, usize whole 0,
    f64 double 0.0
);

macro_rules! extreme {
    ($($kind:ident),*) => {$(
        impl Extreme for $kind {}
        impl Extreme for &$kind {}
    )*};
}
extreme!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);
