//! The attributes and derives of `sfn-core`. They know tokens, nothing of types.
//!
//! Each macro goes the same way: syntax (tokens to a tree), check (all findings of a run), expand (tree to tokens), and
//! where something was found a skeleton, so that callers of what is broken stay quiet.

mod crate_path;
mod data;
mod errors;
mod failure;
mod golden;
mod meta;
mod rename;
mod state_machine;
mod task;

use proc_macro::TokenStream;

/// `#[state_machine]`; documented where `sfn-core` re-exports it.
#[proc_macro_attribute]
pub fn state_machine(arguments: TokenStream, item: TokenStream) -> TokenStream {
    state_machine::expand(arguments.into(), item.into()).into()
}

/// `#[task]`; documented where `sfn-core` re-exports it.
#[proc_macro_attribute]
pub fn task(arguments: TokenStream, item: TokenStream) -> TokenStream {
    task::expand(arguments.into(), item.into()).into()
}

/// `#[derive(SfnData)]`; documented where `sfn-core` re-exports it.
#[proc_macro_derive(SfnData, attributes(sfn, serde))]
pub fn derive_data(item: TokenStream) -> TokenStream {
    data::expand(item.into()).into()
}

/// `#[derive(SfnError)]`; documented where `sfn-core` re-exports it.
#[proc_macro_derive(SfnError, attributes(sfn))]
pub fn derive_error(item: TokenStream) -> TokenStream {
    failure::expand(item.into()).into()
}

/// `golden!`; documented where `sfn-core` re-exports it.
#[proc_macro]
pub fn golden(input: TokenStream) -> TokenStream {
    golden::expand(input.into()).into()
}
