//! The types of task inputs.

use proc_macro2::TokenStream;
use quote::quote;

use super::{doc, ident, literal};
use crate::plan::{FieldPlan, FieldType, InputPlan};

/// The structs.
pub(crate) fn inputs(inputs: &[InputPlan]) -> TokenStream {
    inputs.iter().map(|input| structure(input, inputs)).collect()
}

fn structure(input: &InputPlan, inputs: &[InputPlan]) -> TokenStream {
    let doc = doc(&[&input.doc]);
    let name = ident(&input.name);
    let fields = input.fields.iter().map(|field| self::field(field, inputs));
    quote! {
        #doc
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(crate = "::sfn_core::serde")]
        #[allow(dead_code, unreachable_pub)]
        pub struct #name {
            #(#fields,)*
        }
    }
}

fn field(field: &FieldPlan, inputs: &[InputPlan]) -> TokenStream {
    let name = ident(&field.name);
    let ty = ty(&field.ty, inputs);
    let doc = doc(&[format!("{} in the input.", super::code(&field.key))]);
    let rename = (field.name != field.key).then(|| {
        let key = literal::string(&field.key);
        quote! { #[serde(rename = #key)] }
    });
    quote! { #doc #rename pub #name: #ty }
}

/// A type of an input.
pub(crate) fn ty(ty: &FieldType, inputs: &[InputPlan]) -> TokenStream {
    match ty {
        FieldType::Value => quote! { Value },
        FieldType::String => quote! { String },
        FieldType::Bool => quote! { bool },
        FieldType::Integer => quote! { i64 },
        FieldType::Number => quote! { f64 },
        FieldType::List(item) => {
            let item = self::ty(item, inputs);
            quote! { Vec<#item> }
        }
        FieldType::Struct(place) => {
            let name = ident(&inputs[*place].name);
            quote! { #name }
        }
    }
}
