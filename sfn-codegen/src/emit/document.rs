//! The document, as it was written.

use proc_macro2::TokenStream;
use quote::quote;

use super::literal;

/// The function that gives the document.
pub(crate) fn definition(is_verbatim: bool) -> TokenStream {
    let doc = super::doc(&[if is_verbatim {
        "The definition in the Amazon States Language, byte for byte."
    } else {
        "The definition in the Amazon States Language: the JSON of the document that this module was made from."
    }]);
    quote! {
        #doc
        #[must_use]
        #[allow(dead_code, unreachable_pub)]
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
