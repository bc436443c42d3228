//! Conversions that lose nothing, and texts of values.

use sfn_asl::Value;

use crate::data::{Data, DataError, NeverNull, Schema};

/// `x as T`, `T::from(x)`: every number of the one type is one of the other.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not widen to `{T}` in a state machine",
    label = "only a number that always fits is converted",
    note = "`as` to a smaller or a signed type cuts numbers off; convert in a task"
)]
pub trait Widens<T> {
    /// The same number.
    fn widen(self) -> T;
}

/// `x.into()`
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not convert into `{T}` in a state machine",
    label = "`into` widens numbers and makes a `String` of a text"
)]
pub trait Converts<T> {
    /// The same value.
    fn convert(self) -> T;
}

/// `String::from(x)`
#[diagnostic::on_unimplemented(message = "`{Self}` is no text", label = "`String::from` takes a text")]
pub trait Text {
    /// The text.
    fn text(self) -> String;
}

/// What `{}` in `format!` and `to_string` take.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown in a text of a state machine",
    label = "a text shows `String`, whole numbers, `bool` and `char`",
    note = "SFN033: floats print differently in JSONata; format them in a task"
)]
pub trait Shown {
    /// The text.
    fn show(&self) -> String;
}

/// `value as T`, `T::from(value)`
pub fn widen<T, A: Widens<T>>(value: A) -> T {
    value.widen()
}

/// `value.into()`
pub fn into<A: Converts<T>, T>(value: A) -> T {
    value.convert()
}

/// `String::from(value)`
pub fn text<A: Text>(value: A) -> String {
    value.text()
}

/// `{}` in `format!`, `value.to_string()`
pub fn show<A: Shown>(value: A) -> String {
    value.show()
}

/// What stands between the values of a `format!`.
pub fn literal(text: &str) -> String {
    text.to_owned()
}

/// `format!`
pub fn texts<const COUNT: usize>(pieces: [String; COUNT]) -> String {
    pieces.concat()
}

macro_rules! widens {
    ($($from:ident => $($to:ident),*;)*) => {$($(
        impl Widens<$to> for $from {
            #[allow(clippy::unnecessary_cast, reason = "a type also widens to itself")]
            fn widen(self) -> $to {
                self as $to
            }
        }

        impl Widens<$to> for &$from {
            #[allow(clippy::unnecessary_cast, reason = "a type also widens to itself")]
            fn widen(self) -> $to {
                *self as $to
            }
        }

        impl Converts<$to> for $from {
            fn convert(self) -> $to {
                self.widen()
            }
        }

        impl Converts<$to> for &$from {
            fn convert(self) -> $to {
                self.widen()
            }
        }
    )*)*};
}
widens! {
    u8 => u8, u16, u32, u64, usize, i16, i32, i64, f64;
    u16 => u16, u32, u64, usize, i32, i64, f64;
    u32 => u32, u64, usize, i64, f64;
    u64 => u64, usize;
    usize => usize, u64;
    i8 => i8, i16, i32, i64, isize, f64;
    i16 => i16, i32, i64, isize, f64;
    i32 => i32, i64, isize, f64;
    i64 => i64, isize;
    isize => isize, i64;
    f64 => f64;
}

macro_rules! texts {
    ($($kind:ty),*) => {$(
        impl Text for $kind {
            fn text(self) -> String {
                self.to_owned()
            }
        }

        impl Converts<String> for $kind {
            fn convert(self) -> String {
                self.to_owned()
            }
        }
    )*};
}
texts!(&str, String, &String);

macro_rules! shown {
    ($($kind:ty),*) => {$(
        impl Shown for $kind {
            fn show(&self) -> String {
                self.to_string()
            }
        }
    )*};
}
shown!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, bool, char, str, String);

impl<T: Shown + ?Sized> Shown for &T {
    fn show(&self) -> String {
        (**self).show()
    }
}

/// A borrowed text is data inside a body; nothing decodes to one.
impl Data for &str {
    fn schema() -> Schema {
        Schema::String
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::from(*self))
    }

    fn decode(_value: &Value) -> Result<Self, DataError> {
        Err(DataError::new("a reference cannot be read from JSON"))
    }
}

impl NeverNull for &str {}
