//! `#[derive(SfnData)]` on a struct.

mod expand;
mod serde;

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
    let core = crate_path::core(crate_argument(&input.attrs, &mut errors).as_ref());
    let shape = serde::read(&input, &mut errors);
    // The schema of a struct with findings is never read, but its impl keeps its users from being reported.
    let is_borrowed = input.generics.lifetimes().next().is_some();
    let item = if is_borrowed { TokenStream::new() } else { expand::expand(&input, &shape, &core) };
    let errors = errors.into_tokens();
    quote!(#errors #item)
}

/// `#[sfn(crate = path)]`
pub(crate) fn crate_argument(attributes: &[syn::Attribute], errors: &mut Errors) -> Option<syn::Path> {
    let mut given = None;
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sfn")) {
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("crate") {
                given = Some(meta.value()?.parse()?);
                return Ok(());
            }
            Err(meta.error("SFN009: expected `crate = path`"))
        });
        if let Err(error) = read {
            errors.syntax(error);
        }
    }
    given
}
