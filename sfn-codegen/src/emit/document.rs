//! The document, as it was written.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal;

/// The function that gives the document.
pub(crate) fn definition() -> TokenStream {
    quote! {
        /// The definition in the Amazon States Language, byte for byte.
        #[must_use]
        pub const fn definition() -> &'static str {
            DEFINITION
        }
    }
}

/// The constant that holds it.
pub(crate) fn document(text: &str) -> TokenStream {
    let text = literal::raw_string(text);
    quote! { const DEFINITION: &str = #text; }
}
