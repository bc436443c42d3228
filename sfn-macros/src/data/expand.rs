//! The impl of `Data` for a struct whose shape is known.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::serde::{Default, Field, Shape};

pub(super) fn expand(input: &syn::DeriveInput, shape: &Shape, core: &TokenStream) -> TokenStream {
    let private = quote!(#core::__private);
    let name = &input.ident;
    let text = name.unraw().to_string();
    let schema = match shape {
        Shape::Unit => quote!(#private::Schema::Unit),
        Shape::Newtype(kind) => {
            quote!(#private::Schema::Newtype { name: #text, inner: <#kind as #private::Data>::schema })
        }
        Shape::Tuple(types) => {
            quote!(#private::Schema::Tuple(::std::vec![#(<#types as #private::Data>::schema),*]))
        }
        Shape::Fields(fields) => {
            let fields = fields.iter().map(|field| field_tokens(field, name, &private));
            quote!(#private::Schema::Structure(#private::Structure {
                name: #text,
                fields: ::std::vec![#(#fields),*],
            }))
        }
    };
    let mut generics = input.generics.clone();
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    if !parameters.is_empty() {
        let arguments = generics.clone();
        let (_, arguments, _) = arguments.split_for_impl();
        let clause = generics.make_where_clause();
        for parameter in &parameters {
            clause.predicates.push(syn::parse_quote!(#parameter: #private::Data + 'static));
        }
        clause.predicates.push(syn::parse_quote!(#name #arguments: #private::Coded));
    }
    let (generics, arguments, clause) = generics.split_for_impl();
    quote! {
        const _: () = {
            impl #generics #private::Data for #name #arguments #clause {
                fn schema() -> #private::Schema {
                    #schema
                }

                fn encode(&self) -> ::core::result::Result<#private::Value, #private::DataError> {
                    #private::encode(self)
                }

                fn decode(value: &#private::Value) -> ::core::result::Result<Self, #private::DataError> {
                    #private::decode(value)
                }
            }
        };
    }
}

fn field_tokens(field: &Field, structure: &syn::Ident, private: &TokenStream) -> TokenStream {
    let Field { name, wire, kind, default, skipped_if_none } = field;
    let text = name.unraw().to_string();
    let default = match default {
        None => quote!(::core::option::Option::None),
        Some(default) => {
            let value = match default {
                Default::OfType => quote!(<#kind as ::core::default::Default>::default()),
                Default::OfStruct => quote!(<#structure as ::core::default::Default>::default().#name),
                Default::Function(function) => quote!({ let value: #kind = #function(); value }),
            };
            quote!(::core::option::Option::Some(|| #private::Data::encode(&#value).ok()))
        }
    };
    let schema = quote::quote_spanned!(kind.span()=> <#kind as #private::Data>::schema);
    quote! {
        #private::Field {
            name: #text,
            wire: #wire,
            schema: #schema,
            default: #default,
            skipped_if_none: #skipped_if_none,
        }
    }
}
