//! `#[derive(SfnData)]` on a struct or an enum.

mod attributes;
mod expand;
mod fallback;
mod generics;
mod read;
mod shape;

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
    let shape = read::read(&input, &mut errors);
    let item = if errors.is_empty() { expand::expand(&input, &shape, &core) } else { fallback::expand(&input, &core) };
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
