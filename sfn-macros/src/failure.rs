//! `#[derive(SfnError)]` on an enum.

mod expand;
mod syntax;

use proc_macro2::TokenStream;
use quote::quote;

use crate::crate_path;
use crate::errors::Errors;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let input: syn::DeriveInput = match syn::parse2(item) {
        Ok(input) => input,
        Err(error) => {
            errors.syntax(error);
            return errors.into_tokens();
        }
    };
    let enumeration = syntax::read(&input, &mut errors);
    let core = crate_path::core(enumeration.core.as_ref());
    let item = match &enumeration.other {
        Some(other) if errors.is_empty() => expand::expand(&input.ident, &enumeration.variants, other, &core),
        _ => expand::skeleton(&input.ident, &enumeration.variants, &core),
    };
    let errors = errors.into_tokens();
    quote!(#errors #item)
}
