//! The impls for a type in which something was found: its users stay quiet.

use proc_macro2::TokenStream;
use quote::quote;

pub(super) fn expand(input: &syn::DeriveInput, core: &TokenStream) -> TokenStream {
    let private = quote!(#core::__private);
    let name = &input.ident;
    let mut generics = input.generics.clone();
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    for parameter in &parameters {
        generics.make_where_clause().predicates.push(syn::parse_quote!(#parameter: #private::Data + 'static));
    }
    let (generics, arguments, clause) = generics.split_for_impl();
    quote! {
        const _: () = {
            impl #generics #private::Data for #name #arguments #clause {
                fn schema() -> #private::Schema {
                    #private::Schema::Any
                }

                fn encode(&self) -> ::core::result::Result<#private::Value, #private::DataError> {
                    ::core::result::Result::Err(#private::DataError::new("the type did not compile"))
                }

                fn decode(_: &#private::Value) -> ::core::result::Result<Self, #private::DataError> {
                    ::core::result::Result::Err(#private::DataError::new("the type did not compile"))
                }
            }
            impl #generics #private::NeverNull for #name #arguments #clause {}
            impl #generics #private::Fields for #name #arguments #clause {
                const NAMES: &'static #private::Names = &#private::Names { own: &[], flattened: &[] };
            }
        };
    }
}
