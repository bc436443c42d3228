//! Nothing is assumed to be in scope.
#![allow(dead_code, non_camel_case_types)]

mod std {}
mod core {}
mod alloc {}
mod serde {}
struct Option;
struct Vec;
struct Some;
struct None;
struct Ok;
struct Err;
trait Clone {}
trait Default {}
trait Data {}
trait Fields {}
trait NeverNull {}
struct Result;
struct Value;

#[derive(::sfn_core::SfnData, ::serde::Serialize, ::serde::Deserialize, ::core::clone::Clone)]
struct Inner {
    id: u8,
}

#[derive(::sfn_core::SfnData, ::serde::Serialize, ::serde::Deserialize, ::core::clone::Clone)]
struct Newtype(Inner);

#[derive(::sfn_core::SfnData, ::serde::Serialize, ::serde::Deserialize, ::core::clone::Clone)]
#[serde(tag = "type")]
enum State {
    Open,
    Named {
        #[serde(default)]
        value: u8,
        #[serde(flatten)]
        inner: Inner,
    },
    Whole(Inner),
}

#[derive(::sfn_core::SfnData, ::serde::Serialize, ::serde::Deserialize, ::core::clone::Clone)]
enum Either<T> {
    One(T),
    Two(::core::option::Option<T>, u8),
}

fn main() {}
