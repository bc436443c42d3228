//! The impls of an error enum.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::syntax::{Fields, Variant};

pub(super) fn expand(name: &Ident, variants: &[Variant], other: &Ident, core: &TokenStream) -> TokenStream {
    let private = quote!(#core::__private);
    let text = name.unraw().to_string();
    let names = names(name, variants);
    let into = variants.iter().map(|variant| into_arm(variant, &private));
    let from = variants.iter().map(|variant| from_arm(variant, &private));
    let schema = variants.iter().map(|variant| schema(variant, &private));
    let error = Ident::new("__sfn_error", Span::mixed_site());
    quote! {
        #names

        impl #private::TaskError for #name {
            fn into_error(self) -> #private::Error {
                match self {
                    #(#into)*
                    Self::#other(#error) => #error,
                }
            }

            fn from_error(#error: #private::Error) -> Self {
                match #error.error.as_str() {
                    #(#from)*
                    _ => {}
                }
                Self::#other(#error)
            }

            fn schema() -> #private::ErrorSchema {
                #private::ErrorSchema { name: #text, variants: ::std::vec![#(#schema),*] }
            }
        }

        impl #private::ErrorEnum for #name {}

        impl ::core::convert::From<#private::Error> for #name {
            fn from(#error: #private::Error) -> Self {
                <Self as #private::TaskError>::from_error(#error)
            }
        }
    }
}

/// The impls of an enum with findings.
pub(super) fn skeleton(name: &Ident, variants: &[Variant], core: &TokenStream) -> TokenStream {
    let private = quote!(#core::__private);
    let names = names(name, variants);
    quote! {
        #names

        impl #private::TaskError for #name {
            fn into_error(self) -> #private::Error {
                ::core::unreachable!()
            }

            fn from_error(_: #private::Error) -> Self {
                ::core::unreachable!()
            }

            fn schema() -> #private::ErrorSchema {
                ::core::unreachable!()
            }
        }

        impl #private::ErrorEnum for #name {}

        impl ::core::convert::From<#private::Error> for #name {
            fn from(_: #private::Error) -> Self {
                ::core::unreachable!()
            }
        }
    }
}

/// The names of each variant's errors, for `retry(on = [Enum::Variant])`.
fn names(name: &Ident, variants: &[Variant]) -> TokenStream {
    let constants = variants.iter().map(|variant| {
        let constant = Ident::new(&format!("__SFN_{}", variant.ident.unraw()), variant.ident.span());
        let errors = &variant.errors;
        quote! {
            #[doc(hidden)]
            pub const #constant: &'static [&'static str] = &[#(#errors),*];
        }
    });
    quote! {
        #[allow(non_upper_case_globals, dead_code)]
        impl #name {
            #(#constants)*
        }
    }
}

fn into_arm(variant: &Variant, private: &TokenStream) -> TokenStream {
    let ident = &variant.ident;
    let error = variant.errors.first();
    match &variant.fields {
        Fields::None => quote! {
            Self::#ident => #private::Error::of_variant(#error, ::core::option::Option::None),
        },
        Fields::Whole(_) => {
            let value = Ident::new("__sfn_value", Span::mixed_site());
            quote! {
                Self::#ident(#value) => #private::Error::of_variant(
                    #error,
                    ::core::option::Option::Some(#private::Data::encode(&#value)),
                ),
            }
        }
        Fields::Named(fields) => {
            let names: Vec<_> = fields.iter().map(|(name, _)| name).collect();
            let values = (0..fields.len()).map(value_name);
            let members = names.iter().enumerate().map(|(index, name)| {
                let (key, value) = (name.unraw().to_string(), value_name(index));
                quote!((#key, #private::Data::encode(&#value)))
            });
            quote! {
                Self::#ident { #(#names: #values),* } => #private::Error::of_variant(
                    #error,
                    ::core::option::Option::Some(#private::members([#(#members),*])),
                ),
            }
        }
    }
}

fn from_arm(variant: &Variant, private: &TokenStream) -> TokenStream {
    let (ident, errors) = (&variant.ident, &variant.errors);
    let error = Ident::new("__sfn_error", Span::mixed_site());
    let found = Ident::new("__sfn_fields", Span::mixed_site());
    let value = Ident::new("__sfn_value", Span::mixed_site());
    match &variant.fields {
        Fields::None => quote!(#(#errors)|* => return Self::#ident,),
        Fields::Whole(kind) => quote! {
            #(#errors)|* => {
                if let ::core::option::Option::Some(#found) = #error.fields() {
                    if let ::core::result::Result::Ok(#value) = <#kind as #private::Data>::decode(&#found) {
                        return Self::#ident(#value);
                    }
                }
            }
        },
        Fields::Named(fields) => {
            let values: Vec<_> = (0..fields.len()).map(value_name).collect();
            let names = fields.iter().map(|(name, _)| name);
            let read = fields.iter().map(|(name, kind)| {
                let key = name.unraw().to_string();
                quote!(#private::member::<#kind>(&#found, #key))
            });
            quote! {
                #(#errors)|* => {
                    if let ::core::option::Option::Some(#found) = #error.fields() {
                        if let (#(::core::option::Option::Some(#values),)*) = (#(#read,)*) {
                            return Self::#ident { #(#names: #values),* };
                        }
                    }
                }
            }
        }
    }
}

fn schema(variant: &Variant, private: &TokenStream) -> TokenStream {
    let (text, errors) = (variant.ident.unraw().to_string(), &variant.errors);
    let fields = match &variant.fields {
        Fields::None => quote!(#private::ErrorFields::None),
        Fields::Whole(kind) => quote!(#private::ErrorFields::Whole(<#kind as #private::Data>::schema)),
        Fields::Named(fields) => {
            let fields = fields.iter().map(|(name, kind)| {
                let key = name.unraw().to_string();
                quote!(#private::Field {
                    name: #key,
                    wire: #key,
                    schema: <#kind as #private::Data>::schema,
                    default: ::core::option::Option::None,
                    skipped_if_none: false,
                    flattened: false,
                })
            });
            quote!(#private::ErrorFields::Named(#private::Structure {
                name: #text,
                fields: ::std::vec![#(#fields),*],
                closed: false,
            }))
        }
    };
    quote!(#private::ErrorVariant { name: #text, errors: &[#(#errors),*], fields: #fields })
}

fn value_name(index: usize) -> Ident {
    Ident::new(&format!("__sfn_value_{index}"), Span::mixed_site())
}
