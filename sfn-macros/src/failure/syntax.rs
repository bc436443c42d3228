//! The variants of an error enum.

use std::collections::HashMap;

use syn::ext::IdentExt;

use crate::errors::Errors;

/// What was read of the enum.
#[derive(Default)]
pub(super) struct Enumeration {
    pub(super) core: Option<syn::Path>,
    pub(super) variants: Vec<Variant>,
    /// The variant for all other errors.
    pub(super) other: Option<syn::Ident>,
}

/// A variant with the names of its errors.
pub(super) struct Variant {
    pub(super) ident: syn::Ident,
    pub(super) errors: Vec<String>,
    pub(super) fields: Fields,
}

/// What a variant carries.
pub(super) enum Fields {
    None,
    Whole(Box<syn::Type>),
    Named(Vec<(syn::Ident, syn::Type)>),
}

/// The errors of a call that took too long.
const TIMEOUTS: [&str; 2] = ["States.Timeout", "States.HeartbeatTimeout"];

pub(super) fn read(input: &syn::DeriveInput, errors: &mut Errors) -> Enumeration {
    let mut enumeration =
        Enumeration { core: crate::data::crate_argument(&input.attrs, errors), ..Enumeration::default() };
    if !input.generics.params.is_empty() {
        errors.at(&input.generics, "SFN002", "an error type has no type parameters and no lifetimes");
    }
    let syn::Data::Enum(data) = &input.data else {
        errors.at(&input.ident, "SFN041", "`SfnError` is derived for an enum with a variant an error");
        return enumeration;
    };
    let mut known: HashMap<String, syn::Ident> = HashMap::new();
    for variant in &data.variants {
        let marks = marks(variant, errors);
        if marks.other {
            other(variant, &marks, &mut enumeration, errors);
            continue;
        }
        let names = match marks.name {
            _ if marks.timeout => TIMEOUTS.map(str::to_owned).to_vec(),
            Some(name) => vec![name.value()],
            None => vec![variant.ident.unraw().to_string()],
        };
        for name in &names {
            if let Some(first) = known.insert(name.clone(), variant.ident.clone()) {
                let message = format!("`{first}` is the error `{name}`, too");
                errors.at(&variant.ident, "SFN042", message);
            }
        }
        let fields = fields(variant, errors);
        if marks.timeout && !matches!(fields, Fields::None) {
            errors.at(&variant.fields, "SFN041", "a timeout has no fields: nothing comes with it");
        }
        enumeration.variants.push(Variant { ident: variant.ident.clone(), errors: names, fields });
    }
    if enumeration.other.is_none() && !data.variants.iter().any(is_marked_other) {
        let message = "an error type needs a variant for all other errors: `#[sfn(other)] Other(sfn_core::Error)`";
        errors.at(&input.ident, "SFN041", message);
    }
    enumeration
}

#[derive(Default)]
struct Marks {
    name: Option<syn::LitStr>,
    timeout: bool,
    other: bool,
}

fn marks(variant: &syn::Variant, errors: &mut Errors) -> Marks {
    let mut marks = Marks::default();
    for attribute in sfn_attributes(variant) {
        let read = attribute.parse_nested_meta(|meta| {
            if meta.path.is_ident("name") {
                let name: syn::LitStr = meta.value()?.parse()?;
                if name.value().is_empty() {
                    return Err(syn::Error::new(name.span(), "SFN042: the name of an error is not empty"));
                }
                marks.name = Some(name);
            } else if meta.path.is_ident("timeout") {
                marks.timeout = true;
            } else if meta.path.is_ident("other") {
                marks.other = true;
            } else {
                return Err(meta.error("SFN009: expected `name = \"..\"`, `timeout` or `other`"));
            }
            Ok(())
        });
        if let Err(error) = read {
            errors.syntax(error);
        }
    }
    if let (Some(name), true) = (&marks.name, marks.timeout || marks.other) {
        errors.at(name, "SFN042", "a variant has a name, or is `timeout`, or is `other`");
    } else if marks.timeout && marks.other {
        errors.at(&variant.ident, "SFN042", "a variant is `timeout` or `other`, not both");
    }
    marks
}

fn other(variant: &syn::Variant, _marks: &Marks, enumeration: &mut Enumeration, errors: &mut Errors) {
    match &variant.fields {
        syn::Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {}
        _ => {
            let message = "the variant for all other errors has one field: `Other(sfn_core::Error)`";
            errors.at(&variant.ident, "SFN041", message);
        }
    }
    if let Some(first) = enumeration.other.replace(variant.ident.clone()) {
        let message = format!("`{first}` takes all other errors already");
        errors.at(&variant.ident, "SFN041", message);
    }
}

fn fields(variant: &syn::Variant, errors: &mut Errors) -> Fields {
    match &variant.fields {
        syn::Fields::Unit => Fields::None,
        syn::Fields::Unnamed(fields) => match fields.unnamed.first() {
            Some(field) if fields.unnamed.len() == 1 => Fields::Whole(Box::new(field.ty.clone())),
            _ => {
                errors.at(&variant.fields, "SFN041", "several fields of an error have names: `{ reason: String, .. }`");
                Fields::None
            }
        },
        syn::Fields::Named(fields) => Fields::Named(
            fields.named.iter().filter_map(|field| field.ident.clone().map(|name| (name, field.ty.clone()))).collect(),
        ),
    }
}

fn sfn_attributes(variant: &syn::Variant) -> impl Iterator<Item = &syn::Attribute> {
    variant.attrs.iter().filter(|attribute| attribute.path().is_ident("sfn"))
}

fn is_marked_other(variant: &syn::Variant) -> bool {
    sfn_attributes(variant).any(|attribute| {
        let mut found = false;
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("other");
            Ok(())
        });
        found
    })
}
