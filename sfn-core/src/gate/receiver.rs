//! What methods are called on: each has a trait, so that a type of one's own with a method of that name is told apart
//! from the type of Rust that the document knows.

use std::collections::{BTreeMap, HashMap};

macro_rules! receiver {
    ($function:ident $name:ident $on:literal: $([$($parameter:ident $(: $bound:path)?),*] $kind:ty);+) => {
        #[doc = concat!("What `", stringify!($function), "` is called on.")]
        #[diagnostic::on_unimplemented(
            message = "`{Self}` has no method of this name in a state machine",
            label = $on,
            note = "SFN031: do what the method does in a task"
        )]
        pub trait $name {}

        impl<Receiver: $name + ?Sized> $name for &Receiver {}

        $(impl<$($parameter $(: $bound)?),*> $name for $kind {})+

        #[doc = concat!("The receiver of `", stringify!($function), "`.")]
        #[inline(always)]
        pub fn $function<Receiver: $name>(receiver: Receiver) -> Receiver {
            receiver
        }
    };
}

receiver!(on_text OnText "the method is one of texts": [] String; [] str);
receiver!(on_option OnOption "the method is one of `Option`": [T] Option<T>);
receiver!(on_list OnList "this goes through a `Vec`; SFN034: a map has no order to go through": [T] Vec<T>; [T] [T]);
receiver!(on_items OnItems "`len` is a method of `Vec` and of maps; the length of a text is `chars().count()`":
    [T] Vec<T>; [T] [T]; [T] BTreeMap<String, T>; [T] HashMap<String, T>);
receiver!(on_filled OnFilled "`is_empty` is a method of texts, of `Vec` and of maps":
    [] String; [] str; [T] Vec<T>; [T] [T]; [T] BTreeMap<String, T>; [T] HashMap<String, T>);
receiver!(on_members OnMembers "`get` is a method of `Vec` and of maps":
    [T] Vec<T>; [T] [T]; [T] BTreeMap<String, T>; [T] HashMap<String, T>);
receiver!(on_map OnMap "the method is one of maps": [T] BTreeMap<String, T>; [T] HashMap<String, T>);
receiver!(on_containing OnContaining "`contains` is a method of texts, and of lists of numbers, texts or truth values":
    [] String; [] str; [T: Scalar] Vec<T>; [T: Scalar] [T]);
receiver!(on_joined OnJoined "`join` is a method of lists of texts": [] Vec<String>; [] Vec<&str>; [] [String]);
receiver!(on_lists OnLists "`concat` is a method of lists of lists and of lists of texts":
    [T] Vec<Vec<T>>; [T] [Vec<T>]; [] Vec<String>; [] [String]);

/// What `contains` finds in a list.
pub trait Scalar {}

macro_rules! scalar {
    ($($kind:ty),*) => {$( impl Scalar for $kind {} )*};
}
scalar!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, bool, char, String, &str);

/// What `unwrap_or_default` falls back to.
#[diagnostic::on_unimplemented(
    message = "the default of `{Self}` is not known to a state machine",
    label = "known are those of numbers, texts, truth values, options and lists",
    note = "write the value: `.unwrap_or(..)`"
)]
pub trait Defaulted: Default {}

macro_rules! defaulted {
    ($($kind:ty),*) => {$( impl Defaulted for $kind {} )*};
}
defaulted!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64, bool, String, ());

impl<T> Defaulted for Option<T> {}
impl<T> Defaulted for Vec<T> {}

/// `option.unwrap_or_default()`
pub fn unwrap_or_default<T: Defaulted>(option: Option<T>) -> T {
    option.unwrap_or_default()
}
