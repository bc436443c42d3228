//! The plan as tokens. Nothing is decided here.

mod document;
mod entry;
mod inputs;
mod literal;
mod states;
mod tasks;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::Plan;

/// The whole module.
pub(crate) fn module(plan: &Plan) -> TokenStream {
    let imports = entry::imports(plan);
    let definition = document::definition(plan.is_verbatim);
    let states = states::states(&plan.states);
    let inputs = inputs::inputs(&plan.inputs);
    let tasks = tasks::tasks(plan);
    let entry = entry::entry(plan);
    // The document comes last: it is long, and nobody reads on behind it.
    let document = document::document(&plan.document);
    quote! { #imports #definition #entry #tasks #inputs #states #document }
}

/// An identifier that the plan made.
fn ident(name: &str) -> proc_macro2::Ident {
    format_ident!("{name}")
}

/// A doc comment: one line for each of `lines`.
fn doc<S: AsRef<str>>(lines: &[S]) -> TokenStream {
    let lines = lines.iter().map(|line| literal::string(&format!(" {}", line.as_ref())));
    quote! { #(#[doc = #lines])* }
}

/// Text of the document within a doc comment.
fn code(text: &str) -> String {
    let text = crate::plan::one_line(text);
    // A run of backticks is enclosed in a longer one.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}
