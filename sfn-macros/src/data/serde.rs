//! What serde's attributes make of a struct. Whatever is not modelled is refused where it stands.

use syn::ext::IdentExt;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use crate::errors::Errors;

/// The wire form of a struct.
pub(super) enum Shape {
    Unit,
    Newtype(Box<syn::Type>),
    Tuple(Vec<syn::Type>),
    Fields(Vec<Field>),
}

/// A named field.
pub(super) struct Field {
    pub(super) name: syn::Ident,
    pub(super) wire: String,
    pub(super) kind: syn::Type,
    pub(super) default: Option<Default>,
    pub(super) skipped_if_none: bool,
}

/// What a missing field is read as.
pub(super) enum Default {
    /// `#[serde(default)]` on the field.
    OfType,
    /// `#[serde(default)]` on the struct.
    OfStruct,
    /// `#[serde(default = "path")]` on the field.
    Function(syn::ExprPath),
}

const READ: &str = "`rename`, `rename_all`, `default` and `skip_serializing_if = \"Option::is_none\"` are";

pub(super) fn read(input: &syn::DeriveInput, errors: &mut Errors) -> Shape {
    if let Some(lifetime) = input.generics.lifetimes().next() {
        errors.at(lifetime, "SFN040", "workflow data owns what it has: no lifetimes");
    }
    let container = container(&input.attrs, errors);
    let data = match &input.data {
        syn::Data::Struct(data) => data,
        syn::Data::Enum(data) => {
            errors.at(data.enum_token, "SFN040", "enums are not supported as workflow data yet, only structs");
            return Shape::Unit;
        }
        syn::Data::Union(data) => {
            errors.at(data.union_token, "SFN040", "a union is no workflow data, only structs are");
            return Shape::Unit;
        }
    };
    match &data.fields {
        syn::Fields::Unit => Shape::Unit,
        syn::Fields::Unnamed(fields) => {
            let types: Vec<_> = fields.unnamed.iter().map(|field| field.ty.clone()).collect();
            for field in &fields.unnamed {
                for meta in serde_metas(&field.attrs, errors) {
                    errors.at(&meta, "SFN040", "serde's attributes are not modelled on a field without a name");
                }
            }
            match <[syn::Type; 1]>::try_from(types) {
                Ok([kind]) => Shape::Newtype(Box::new(kind)),
                Err(types) => Shape::Tuple(types),
            }
        }
        syn::Fields::Named(fields) => {
            Shape::Fields(fields.named.iter().filter_map(|field| read_field(field, &container, errors)).collect())
        }
    }
}

#[derive(std::default::Default)]
struct Container {
    rename_all: Option<Rule>,
    default: bool,
}

fn container(attributes: &[syn::Attribute], errors: &mut Errors) -> Container {
    let mut container = Container::default();
    for meta in serde_metas(attributes, errors) {
        let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match (name.as_str(), &meta) {
            ("rename_all", syn::Meta::NameValue(value)) => match text(&value.value).map(|text| Rule::named(&text)) {
                Some(Some(rule)) => container.rename_all = Some(rule),
                _ => errors.at(&value.value, "SFN040", "not a rule of serde's `rename_all`"),
            },
            ("default", syn::Meta::Path(_)) => container.default = true,
            // The name of a struct does not travel, and what is unknown to it is read over or refused by serde alone.
            ("rename", syn::Meta::NameValue(_)) | ("deny_unknown_fields", syn::Meta::Path(_)) | ("crate", _) => {}
            _ => refuse(&meta, "struct", errors),
        }
    }
    container
}

fn read_field(field: &syn::Field, container: &Container, errors: &mut Errors) -> Option<Field> {
    let name = field.ident.clone()?;
    let rust_name = name.unraw().to_string();
    let mut read = Field {
        wire: container.rename_all.as_ref().map_or_else(|| rust_name.clone(), |rule| rule.apply(&rust_name)),
        name,
        kind: field.ty.clone(),
        default: container.default.then_some(Default::OfStruct),
        skipped_if_none: false,
    };
    for meta in serde_metas(&field.attrs, errors) {
        let name = meta.path().get_ident().map(ToString::to_string).unwrap_or_default();
        match (name.as_str(), &meta) {
            ("rename", syn::Meta::NameValue(value)) => match text(&value.value) {
                Some(text) => read.wire = text,
                None => refuse(&meta, "field", errors),
            },
            ("default", syn::Meta::Path(_)) => read.default = Some(Default::OfType),
            ("default", syn::Meta::NameValue(value)) => match text_path(&value.value) {
                Some(path) => read.default = Some(Default::Function(path)),
                None => refuse(&meta, "field", errors),
            },
            ("skip_serializing_if", syn::Meta::NameValue(value)) if is_option_is_none(&value.value) => {
                read.skipped_if_none = true;
            }
            _ => refuse(&meta, "field", errors),
        }
    }
    Some(read)
}

fn refuse(meta: &syn::Meta, on: &str, errors: &mut Errors) {
    let name = meta.path().segments.iter().map(|segment| segment.ident.to_string()).collect::<Vec<_>>().join("::");
    errors.at(meta, "SFN040", format!("serde's `{name}` on a {on} is not modelled in workflow data; {READ}"));
}

fn serde_metas(attributes: &[syn::Attribute], errors: &mut Errors) -> Vec<syn::Meta> {
    let mut metas = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        match attribute.parse_args_with(Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated) {
            Ok(found) => metas.extend(found),
            // serde's own derive reports what cannot be parsed.
            Err(_) if attribute.meta.require_list().is_err() => {}
            Err(error) => errors.syntax(error),
        }
    }
    metas
}

fn text(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

fn text_path(value: &syn::Expr) -> Option<syn::ExprPath> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => {
            let mut path: syn::ExprPath = text.parse().ok()?;
            if let Some(last) = path.path.segments.last_mut() {
                last.ident.set_span(value.span());
            }
            Some(path)
        }
        _ => None,
    }
}

fn is_option_is_none(value: &syn::Expr) -> bool {
    text(value).is_some_and(|text| {
        let text = text.replace(' ', "");
        text == "Option::is_none" || text.ends_with("::Option::is_none")
    })
}

/// A rule of `rename_all`, as it applies to the names of fields.
enum Rule {
    Unchanged,
    Upper,
    Pascal,
    Camel,
    Kebab,
    ScreamingKebab,
}

impl Rule {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" | "snake_case" => Rule::Unchanged,
            "UPPERCASE" | "SCREAMING_SNAKE_CASE" => Rule::Upper,
            "PascalCase" => Rule::Pascal,
            "camelCase" => Rule::Camel,
            "kebab-case" => Rule::Kebab,
            "SCREAMING-KEBAB-CASE" => Rule::ScreamingKebab,
            _ => return None,
        })
    }

    fn apply(&self, name: &str) -> String {
        match self {
            Rule::Unchanged => name.to_owned(),
            Rule::Upper => name.to_ascii_uppercase(),
            Rule::Kebab => name.replace('_', "-"),
            Rule::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
            Rule::Pascal => pascal(name),
            Rule::Camel => {
                let pascal = pascal(name);
                let mut letters = pascal.chars();
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
            }
        }
    }
}

fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut capitalize = true;
    for letter in name.chars() {
        if letter == '_' {
            capitalize = true;
        } else if std::mem::take(&mut capitalize) {
            out.push(letter.to_ascii_uppercase());
        } else {
            out.push(letter);
        }
    }
    out
}
