//! The bounds under which a generic type is workflow data.

use proc_macro2::TokenStream;
use quote::quote;
use syn::visit::{self, Visit};

use super::shape::{Default, Field, Shape, Tagging, VariantShape};

/// The generics of the type with what its impls ask of them.
pub(super) fn bounded(input: &syn::DeriveInput, shape: &Shape, private: &TokenStream) -> syn::Generics {
    let mut generics = input.generics.clone();
    let parameters: Vec<_> = generics.type_params().map(|parameter| parameter.ident.clone()).collect();
    if parameters.is_empty() {
        return generics;
    }
    let name = &input.ident;
    let (_, arguments, _) = input.generics.split_for_impl();
    let whole: syn::Type = syn::parse_quote!(#name #arguments);
    let mut found = Found { parameters: &parameters, in_option: Vec::new() };
    match &input.data {
        syn::Data::Struct(data) => found.visit_fields(&data.fields),
        syn::Data::Enum(data) => data.variants.iter().for_each(|variant| found.visit_fields(&variant.fields)),
        syn::Data::Union(_) => {}
    }
    let in_option = found.in_option;
    let clause = generics.make_where_clause();
    let mut ask = |what: &dyn quote::ToTokens, bound: TokenStream| {
        clause.predicates.push(syn::parse_quote!(#what: #bound));
    };
    for parameter in &parameters {
        ask(parameter, quote!(#private::Data + 'static));
    }
    for parameter in &in_option {
        ask(parameter, quote!(#private::NeverNull));
    }
    for kind in spread(shape).into_iter().filter(|kind| is_one_of(kind, &parameters)) {
        ask(kind, quote!(#private::Fields));
    }
    for field in fields(shape) {
        match &field.default {
            Some(Default::OfType) => ask(&field.kind, quote!(::core::default::Default)),
            Some(Default::OfStruct) => ask(&whole, quote!(::core::default::Default)),
            Some(Default::OfStructFunction(_) | Default::Function(_)) | None => {}
        }
    }
    ask(&whole, quote!(#private::Coded));
    generics
}

/// The types whose fields stand among others.
fn spread(shape: &Shape) -> Vec<&syn::Type> {
    let mut kinds: Vec<_> =
        fields(shape).into_iter().filter(|field| field.wire.is_none()).map(|field| &field.kind).collect();
    if let Shape::Enumeration { tagging: Tagging::Internal(_), variants, .. } = shape {
        kinds.extend(variants.iter().filter_map(|variant| match &variant.shape {
            VariantShape::Newtype(kind) => Some(&**kind),
            VariantShape::Unit | VariantShape::Tuple(_) | VariantShape::Fields(_) => None,
        }));
    }
    kinds
}

fn fields(shape: &Shape) -> Vec<&Field> {
    match shape {
        Shape::Fields { fields, .. } => fields.iter().collect(),
        Shape::Enumeration { variants, .. } => variants
            .iter()
            .flat_map(|variant| match &variant.shape {
                VariantShape::Fields(fields) => &fields[..],
                VariantShape::Unit | VariantShape::Newtype(_) | VariantShape::Tuple(_) => &[],
            })
            .collect(),
        Shape::Unit | Shape::Newtype { .. } | Shape::Tuple(_) => Vec::new(),
    }
}

fn is_one_of(kind: &syn::Type, parameters: &[syn::Ident]) -> bool {
    matches!(kind, syn::Type::Path(path) if parameters.iter().any(|parameter| path.path.is_ident(parameter)))
}

/// Finds the parameters that stand in `Option<T>`.
struct Found<'a> {
    parameters: &'a [syn::Ident],
    in_option: Vec<syn::Ident>,
}

impl<'a> Visit<'a> for Found<'_> {
    fn visit_path_segment(&mut self, segment: &'a syn::PathSegment) {
        if segment.ident == "Option"
            && let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments
            && let Some(syn::GenericArgument::Type(syn::Type::Path(path))) = arguments.args.first()
            && let Some(parameter) = self.parameters.iter().find(|parameter| path.path.is_ident(*parameter))
            && !self.in_option.contains(parameter)
        {
            self.in_option.push(parameter.clone());
        }
        visit::visit_path_segment(self, segment);
    }
}
