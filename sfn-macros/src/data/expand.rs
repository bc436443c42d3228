//! The impls for a type whose shape is known.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::generics;
use super::shape::{Default, Field, Shape, Tagging, Variant, VariantShape};

pub(super) fn expand(input: &syn::DeriveInput, shape: &Shape, core: &TokenStream) -> TokenStream {
    let private = quote!(#core::__private);
    let name = &input.ident;
    let schema = schema(shape, name, &private);
    let generics = generics::bounded(input, shape, &private);
    let never_null = never_null(name, shape, &generics, &private);
    let fields = match shape {
        Shape::Fields { fields, .. } => fields_impl(name, fields, &generics, &private),
        _ => TokenStream::new(),
    };
    let clashes = if generics.params.is_empty() { clashes(shape, &private) } else { TokenStream::new() };
    let (generics, arguments, clause) = generics.split_for_impl();
    quote! {
        const _: () = {
            impl #generics #private::Data for #name #arguments #clause {
                fn schema() -> #private::Schema {
                    #schema
                }

                fn encode(&self) -> ::core::result::Result<#private::Value, #private::DataError> {
                    <Self as #private::Coded>::write(self)
                }

                fn decode(value: &#private::Value) -> ::core::result::Result<Self, #private::DataError> {
                    <Self as #private::Coded>::read(value)
                }
            }
            #never_null
            #fields
            #clashes
        };
    }
}

fn schema(shape: &Shape, name: &syn::Ident, private: &TokenStream) -> TokenStream {
    let text = name.unraw().to_string();
    match shape {
        Shape::Unit => quote!(#private::Schema::Unit),
        Shape::Newtype { field, kind, transparent } => {
            let inner = of_type(kind, private);
            quote!(#private::Schema::Newtype {
                name: #text,
                field: #field,
                inner: #inner,
                transparent: #transparent,
            })
        }
        Shape::Tuple(types) => {
            let types = types.iter().map(|kind| of_type(kind, private));
            quote!(#private::Schema::Tuple(::std::vec![#(#types),*]))
        }
        Shape::Fields { fields, closed } => {
            let fields = fields.iter().map(|field| field_tokens(field, private));
            quote!(#private::Schema::Structure(#private::Structure {
                name: #text,
                fields: ::std::vec![#(#fields),*],
                closed: #closed,
            }))
        }
        Shape::Enumeration { tagging, variants, closed } => {
            let variants = variants.iter().map(|variant| variant_tokens(variant, tagging, private));
            let tagging = match tagging {
                Tagging::External => quote!(External),
                Tagging::Internal(tag) => quote!(Internal { tag: #tag }),
                Tagging::Adjacent(tag, content) => quote!(Adjacent { tag: #tag, content: #content }),
            };
            quote!(#private::Schema::Enumeration(#private::Enumeration {
                name: #text,
                tagging: #private::Tagging::#tagging,
                variants: ::std::vec![#(#variants),*],
                closed: #closed,
            }))
        }
    }
}

fn variant_tokens(variant: &Variant, tagging: &Tagging, private: &TokenStream) -> TokenStream {
    let text = variant.name.unraw().to_string();
    let wire = &variant.wire.name;
    let shape = match &variant.shape {
        VariantShape::Unit => quote!(Unit),
        VariantShape::Newtype(kind) => {
            // Beside the tag, only fields can stand.
            let inner = match tagging {
                Tagging::Internal(_) => of_fields(kind, private),
                Tagging::External | Tagging::Adjacent(..) => of_type(kind, private),
            };
            quote!(Newtype(#inner))
        }
        VariantShape::Tuple(types) => {
            let types = types.iter().map(|kind| of_type(kind, private));
            quote!(Tuple(::std::vec![#(#types),*]))
        }
        VariantShape::Fields(fields) => {
            let fields = fields.iter().map(|field| field_tokens(field, private));
            quote!(Structure(::std::vec![#(#fields),*]))
        }
    };
    quote!(#private::Variant { name: #text, wire: #wire, shape: #private::Shape::#shape })
}

fn field_tokens(field: &Field, private: &TokenStream) -> TokenStream {
    let Field { name, wire, kind, default, skipped_if_none } = field;
    let text = name.unraw().to_string();
    let default = match default {
        None => quote!(::core::option::Option::None),
        Some(default) => {
            let value = match default {
                Default::OfType => quote!(<#kind as ::core::default::Default>::default()),
                Default::OfStruct => quote!(<Self as ::core::default::Default>::default().#name),
                Default::OfStructFunction(function) => quote!({ let value: Self = #function(); value.#name }),
                Default::Function(function) => quote!({ let value: #kind = #function(); value }),
            };
            quote!(::core::option::Option::Some(|| #private::Data::encode(&#value).ok()))
        }
    };
    let flattened = wire.is_none();
    let schema = if flattened { of_fields(kind, private) } else { of_type(kind, private) };
    let wire = wire.as_ref().map_or("", |wire| &wire.name);
    quote! {
        #private::Field {
            name: #text,
            wire: #wire,
            schema: #schema,
            default: #default,
            skipped_if_none: #skipped_if_none,
            flattened: #flattened,
        }
    }
}

fn of_type(kind: &syn::Type, private: &TokenStream) -> TokenStream {
    quote_spanned!(kind.span()=> <#kind as #private::Data>::schema)
}

fn of_fields(kind: &syn::Type, private: &TokenStream) -> TokenStream {
    quote_spanned!(kind.span()=> <#kind as #private::Fields>::fields)
}

fn never_null(name: &syn::Ident, shape: &Shape, generics: &syn::Generics, private: &TokenStream) -> TokenStream {
    let mut generics = generics.clone();
    match shape {
        Shape::Unit => return TokenStream::new(),
        // The lifetime keeps rustc from asking now whether a type without parameters is.
        Shape::Newtype { kind, .. } => {
            generics.make_where_clause().predicates.push(syn::parse_quote!(for<'__sfn> #kind: #private::NeverNull))
        }
        Shape::Tuple(_) | Shape::Fields { .. } | Shape::Enumeration { .. } => {}
    }
    let (generics, arguments, clause) = generics.split_for_impl();
    quote!(impl #generics #private::NeverNull for #name #arguments #clause {})
}

fn fields_impl(name: &syn::Ident, fields: &[Field], generics: &syn::Generics, private: &TokenStream) -> TokenStream {
    let (generics, arguments, clause) = generics.split_for_impl();
    let names = names(fields, private);
    quote! {
        impl #generics #private::Fields for #name #arguments #clause {
            const NAMES: &'static #private::Names = &#names;
        }
    }
}

fn names<'a>(fields: impl IntoIterator<Item = &'a Field>, private: &TokenStream) -> TokenStream {
    let (mut own, mut flattened) = (Vec::new(), Vec::new());
    for field in fields {
        match &field.wire {
            Some(wire) => own.push(&wire.name),
            None => {
                let kind = &field.kind;
                flattened.push(quote_spanned!(kind.span()=> <#kind as #private::Fields>::NAMES));
            }
        }
    }
    quote!(#private::Names { own: &[#(#own),*], flattened: &[#(#flattened),*] })
}

/// What stops the compiler where a flattened struct has a name that another field beside it has.
fn clashes(shape: &Shape, private: &TokenStream) -> TokenStream {
    match shape {
        Shape::Fields { fields, .. } => clashes_of(fields, &[], private),
        Shape::Enumeration { tagging, variants, .. } => {
            let tag = match tagging {
                Tagging::Internal(tag) => vec![tag.as_str()],
                Tagging::External | Tagging::Adjacent(..) => Vec::new(),
            };
            variants
                .iter()
                .map(|variant| match &variant.shape {
                    VariantShape::Fields(fields) => clashes_of(fields, &tag, private),
                    VariantShape::Newtype(kind) if !tag.is_empty() => {
                        let others = quote!(#private::Names { own: &[#(#tag),*], flattened: &[] });
                        clash(kind, &others, private)
                    }
                    VariantShape::Unit | VariantShape::Newtype(_) | VariantShape::Tuple(_) => TokenStream::new(),
                })
                .collect()
        }
        Shape::Unit | Shape::Newtype { .. } | Shape::Tuple(_) => TokenStream::new(),
    }
}

fn clashes_of(fields: &[Field], tag: &[&str], private: &TokenStream) -> TokenStream {
    let own: Vec<_> = fields.iter().filter_map(|field| field.wire.as_ref().map(|wire| wire.name.as_str())).collect();
    let flattened = fields.iter().filter(|field| field.wire.is_none()).enumerate();
    flattened
        .map(|(index, field)| {
            let before = fields.iter().filter(|field| field.wire.is_none()).take(index);
            let before = before.map(|field| &field.kind);
            let others = quote!(#private::Names {
                own: &[#(#own,)* #(#tag),*],
                flattened: &[#(<#before as #private::Fields>::NAMES),*],
            });
            clash(&field.kind, &others, private)
        })
        .collect()
}

fn clash(kind: &syn::Type, others: &TokenStream, private: &TokenStream) -> TokenStream {
    quote_spanned! {kind.span()=>
        const _: () = if <#kind as #private::Fields>::NAMES.overlaps(&#others) {
            ::core::panic!("SFN043: a field of this struct has a name on the wire that stands beside it already")
        };
    }
}
