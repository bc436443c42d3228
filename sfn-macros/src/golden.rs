//! `golden!(machine, "file.asl.json")`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};

use crate::crate_path;

struct Golden {
    machine: syn::Path,
    file: syn::LitStr,
}

impl Parse for Golden {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let machine = input.parse()?;
        input.parse::<syn::Token![,]>()?;
        let file = input.parse()?;
        input.parse::<Option<syn::Token![,]>>()?;
        Ok(Golden { machine, file })
    }
}

pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let Golden { machine, file } = match syn::parse2(input) {
        Ok(golden) => golden,
        Err(error) => return error.to_compile_error(),
    };
    let core = crate_path::core(None);
    let name = machine.segments.last().map(|segment| segment.ident.unraw().to_string()).unwrap_or_default();
    let test = syn::Ident::new(&format!("__sfn_{name}_golden_document_is_up_to_date"), Span::mixed_site());
    quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn #test() {
            #core::__private::check_golden::<#machine>(
                ::core::env!("CARGO_MANIFEST_DIR"),
                ::core::file!(),
                #file,
            );
        }
    }
}
