//! `#[task]` on an `async fn`, with and without a body.

mod address;
mod check;
mod expand;
mod syntax;

use darling::ast::NestedMeta;
use darling::{Error, FromMeta};
use proc_macro2::TokenStream;
use quote::quote;

use crate::crate_path;
use crate::errors::Errors;

pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let arguments = NestedMeta::parse_meta_list(arguments)
        .map_err(Error::from)
        .and_then(|list| syntax::Arguments::from_list(&list))
        .unwrap_or_else(|error| {
            errors.arguments(error);
            syntax::Arguments { broken: true, ..syntax::Arguments::default() }
        });
    let function: syntax::TaskFunction = match syn::parse2(item) {
        Ok(function) => function,
        Err(error) => {
            errors.syntax(error);
            return errors.into_tokens();
        }
    };
    let core = crate_path::core(arguments.core.as_ref());
    check::check(&function, &arguments, &mut errors);
    if !function.is_describable() {
        let errors = errors.into_tokens();
        let (visibility, name) = (&function.visibility, &function.signature.ident);
        return quote!(#errors #[allow(non_camel_case_types)] #visibility struct #name {});
    }
    // What could be read is expanded in any case: the calls of a broken task are not to be reported, too.
    let items = expand::expand(&function, &arguments, &core, errors.is_empty());
    let errors = errors.into_tokens();
    quote!(#errors #items)
}
