//! Comparisons.

/// `left == right`, `left != right`
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` cannot be compared in a state machine",
    label = "`==` takes numbers, texts, truth values, and options and lists of them",
    note = "for an enum write a `match`, for a struct compare its fields"
)]
pub trait Same<R: ?Sized>: PartialEq<R> {}

/// `left < right`, `left <= right`, `left > right`, `left >= right`
#[diagnostic::on_unimplemented(
    message = "`{Self}` and `{R}` have no order in a state machine",
    label = "`<` takes two whole numbers of one type, or two `f64`",
    note = "SFN032: texts have no order here, because JSONata's is another than Rust's; compare them in a task"
)]
pub trait Ordered<R: ?Sized>: PartialOrd<R> {}

macro_rules! same {
    ($($kind:ty),*) => {$( impl Same<$kind> for $kind {} )*};
}
same!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64, bool, char, str, String, ());

impl Same<str> for String {}
impl Same<&str> for String {}
impl Same<String> for str {}
impl Same<String> for &str {}
impl<A: Same<B> + ?Sized, B: ?Sized> Same<&B> for &A {}
impl<T: Same<T>> Same<Option<T>> for Option<T> {}
impl<T: Same<T>> Same<Vec<T>> for Vec<T> {}

macro_rules! ordered {
    ($($kind:ty),*) => {$( impl Ordered<$kind> for $kind {} )*};
}
ordered!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64);

impl<A: Ordered<B> + ?Sized, B: ?Sized> Ordered<&B> for &A {}

/// `left == right`
pub fn equal<A: Same<B>, B>(left: A, right: B) -> bool {
    left == right
}

/// `left != right`
pub fn not_equal<A: Same<B>, B>(left: A, right: B) -> bool {
    left != right
}

/// `left < right`
pub fn less<A: Ordered<B>, B>(left: A, right: B) -> bool {
    left < right
}

/// `left <= right`
pub fn less_or_equal<A: Ordered<B>, B>(left: A, right: B) -> bool {
    left <= right
}

/// `left > right`
pub fn greater<A: Ordered<B>, B>(left: A, right: B) -> bool {
    left > right
}

/// `left >= right`
pub fn greater_or_equal<A: Ordered<B>, B>(left: A, right: B) -> bool {
    left >= right
}
