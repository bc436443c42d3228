//! Findings of one run of a macro, all of which are reported.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// Collects findings; each names its code.
#[derive(Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
    elsewhere: bool,
}

impl Errors {
    /// Adds a finding that covers `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, code: &str, message: impl Display) {
        self.found.push(syn::Error::new_spanned(tokens, format!("{code}: {message}")));
    }

    /// Adds a finding at one place.
    pub(crate) fn at_span(&mut self, span: Span, code: &str, message: impl Display) {
        self.found.push(syn::Error::new(span, format!("{code}: {message}")));
    }

    /// Adds what darling found in the arguments of an attribute.
    pub(crate) fn arguments(&mut self, error: darling::Error) {
        for error in error.flatten() {
            let span = error.span();
            // darling adds the way to the argument, which the span shows.
            let text = error.to_string();
            let text = match text.rsplit_once(" at ") {
                Some((text, way)) if !way.contains(char::is_whitespace) => text.to_owned(),
                _ => text,
            };
            let coded = if text.starts_with("SFN") { text } else { format!("SFN009: {text}") };
            self.found.push(syn::Error::new(span, coded));
        }
    }

    /// Adds a finding of the parser.
    pub(crate) fn syntax(&mut self, error: syn::Error) {
        self.found.push(error);
    }

    /// Remembers a finding that another macro reports.
    pub(crate) fn elsewhere(&mut self) {
        self.elsewhere = true;
    }

    /// True when nothing was found.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty() && !self.elsewhere
    }

    /// The findings as tokens that make rustc report them.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.found.iter().map(syn::Error::to_compile_error).collect()
    }
}
