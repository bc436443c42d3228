//! What serde's attributes make of a type. Whatever is not modelled is refused where it stands.

use std::collections::HashSet;

use quote::ToTokens;
use syn::ext::IdentExt;

use super::attributes::{self, Argument, On};
use super::shape::{Default, Field, Shape, Tagging, Variant, VariantShape, Wire};
use crate::errors::Errors;
use crate::rename::Rule;

pub(super) fn read(input: &syn::DeriveInput, errors: &mut Errors) -> Shape {
    if let Some(lifetime) = input.generics.lifetimes().next() {
        errors.at(lifetime, "SFN040", "workflow data owns what it has: no lifetimes");
    }
    let on = if matches!(input.data, syn::Data::Enum(_)) { On::Enum } else { On::Struct };
    let container = Container::read(&input.attrs, on, errors);
    match &input.data {
        syn::Data::Struct(data) => structure(&data.fields, &container, errors),
        syn::Data::Enum(data) => {
            if data.variants.is_empty() {
                errors.at(&input.ident, "SFN040", "an enum without variants has no values");
            }
            let variants: Vec<_> =
                data.variants.iter().map(|variant| read_variant(variant, &container, errors)).collect();
            distinct(variants.iter().map(|variant| &variant.wire), "two variants have", errors);
            let tagging = container.tagging(errors);
            if variants.iter().any(|variant| !goes_with(&tagging, variant)) {
                errors.elsewhere();
            }
            Shape::Enumeration { tagging, variants, closed: container.closed.is_some() }
        }
        syn::Data::Union(data) => {
            errors.at(data.union_token, "SFN040", "a union is no workflow data, only structs and enums are");
            Shape::Unit
        }
    }
}

/// What the attributes of the type say.
#[derive(std::default::Default)]
struct Container {
    /// Of the fields of a struct, of the variants of an enum.
    rename_all: Option<Rule>,
    rename_all_fields: Option<Rule>,
    tag: Option<String>,
    content: Option<String>,
    default: Option<ContainerDefault>,
    transparent: bool,
    closed: Option<Argument>,
}

enum ContainerDefault {
    OfStruct,
    Function(syn::ExprPath),
}

impl Container {
    fn read(attributes: &[syn::Attribute], on: On, errors: &mut Errors) -> Self {
        let mut container = Container::default();
        for argument in attributes::arguments(attributes, errors) {
            match (argument.name.as_str(), on, &argument.meta) {
                // The name of a type does not travel.
                ("rename", ..) => {}
                ("rename_all", ..) => container.rename_all = attributes::rule(&argument, errors),
                ("rename_all_fields", On::Enum, _) => {
                    container.rename_all_fields = attributes::rule(&argument, errors);
                }
                ("tag", On::Enum, _) => container.tag = attributes::one_text(&argument, errors),
                ("content", On::Enum, _) => container.content = attributes::one_text(&argument, errors),
                ("default", On::Struct, syn::Meta::Path(_)) => container.default = Some(ContainerDefault::OfStruct),
                ("default", On::Struct, _) => {
                    container.default = attributes::path(&argument).map(ContainerDefault::Function);
                }
                ("transparent", On::Struct, _) => container.transparent = true,
                ("deny_unknown_fields", ..) => container.closed = Some(argument),
                _ => attributes::refuse(&argument, on, errors),
            }
        }
        container
    }

    fn tagging(&self, errors: &mut Errors) -> Tagging {
        match (&self.tag, &self.content) {
            (Some(tag), Some(content)) => {
                // serde reports two members of one name.
                if tag == content {
                    errors.elsewhere();
                }
                Tagging::Adjacent(tag.clone(), content.clone())
            }
            (Some(tag), None) => Tagging::Internal(tag.clone()),
            (None, content) => {
                // serde reports a `content` without a `tag`.
                if content.is_some() {
                    errors.elsewhere();
                }
                Tagging::External
            }
        }
    }
}

/// False where serde reports that nothing of this variant can stand beside the tag.
fn goes_with(tagging: &Tagging, variant: &Variant) -> bool {
    match (tagging, &variant.shape) {
        (Tagging::Internal(_), VariantShape::Tuple(_)) => false,
        (Tagging::Internal(tag), VariantShape::Fields(fields)) => {
            fields.iter().all(|field| field.wire.as_ref().is_none_or(|wire| wire.name != *tag))
        }
        _ => true,
    }
}

fn structure(fields: &syn::Fields, container: &Container, errors: &mut Errors) -> Shape {
    if container.transparent {
        match transparent(fields, errors) {
            Some(shape) => return shape,
            None => errors.elsewhere(),
        }
    }
    match fields {
        syn::Fields::Unit => Shape::Unit,
        syn::Fields::Unnamed(fields) => match <[syn::Type; 1]>::try_from(types(fields, errors)) {
            Ok([kind]) => Shape::Newtype { field: "0".into(), kind, transparent: false },
            Err(types) => Shape::Tuple(types),
        },
        syn::Fields::Named(fields) => Shape::Fields {
            fields: named(fields, container.rename_all, container, errors),
            closed: container.closed.is_some(),
        },
    }
}

/// A struct that is written as its one field; `None` where serde reports that it has another number of fields.
fn transparent(fields: &syn::Fields, errors: &mut Errors) -> Option<Shape> {
    let mut kept = None;
    for (index, field) in fields.iter().enumerate() {
        let arguments = attributes::arguments(&field.attrs, errors);
        if let [Argument { name, .. }] = &arguments[..]
            && name == "skip"
        {
            continue;
        }
        arguments.iter().for_each(|argument| attributes::refuse(argument, On::Field, errors));
        let name = field.ident.as_ref().map_or_else(|| index.to_string(), |name| name.unraw().to_string());
        if kept.replace((name, field.ty.clone())).is_some() {
            return None;
        }
    }
    kept.map(|(field, kind)| Shape::Newtype { field, kind, transparent: true })
}

fn types(fields: &syn::FieldsUnnamed, errors: &mut Errors) -> Vec<syn::Type> {
    for field in &fields.unnamed {
        for argument in attributes::arguments(&field.attrs, errors) {
            attributes::refuse(&argument, On::UnnamedField, errors);
        }
    }
    fields.unnamed.iter().map(|field| field.ty.clone()).collect()
}

fn read_variant(variant: &syn::Variant, container: &Container, errors: &mut Errors) -> Variant {
    let rust_name = variant.ident.unraw().to_string();
    let mut wire = Wire {
        name: container.rename_all.map_or_else(|| rust_name.clone(), |rule| rule.variant(&rust_name)),
        tokens: variant.ident.to_token_stream(),
    };
    let mut rename_fields = container.rename_all_fields;
    for argument in attributes::arguments(&variant.attrs, errors) {
        match argument.name.as_str() {
            "rename" => rename(&mut wire, &argument, errors),
            "rename_all" => rename_fields = attributes::rule(&argument, errors).or(rename_fields),
            _ => attributes::refuse(&argument, On::Variant, errors),
        }
    }
    let shape = match &variant.fields {
        syn::Fields::Unit => VariantShape::Unit,
        syn::Fields::Unnamed(fields) => match <[syn::Type; 1]>::try_from(types(fields, errors)) {
            Ok([kind]) => VariantShape::Newtype(Box::new(kind)),
            Err(types) => VariantShape::Tuple(types),
        },
        syn::Fields::Named(fields) => VariantShape::Fields(named(fields, rename_fields, container, errors)),
    };
    Variant { name: variant.ident.clone(), wire, shape }
}

fn named(fields: &syn::FieldsNamed, rule: Option<Rule>, container: &Container, errors: &mut Errors) -> Vec<Field> {
    let fields: Vec<_> = fields.named.iter().filter_map(|field| read_field(field, rule, container, errors)).collect();
    distinct(fields.iter().filter_map(|field| field.wire.as_ref()), "two fields have", errors);
    if let Some(closed) = &container.closed
        && fields.iter().any(|field| field.wire.is_none())
    {
        let message = "serde's `deny_unknown_fields` does not go with `flatten`: it would refuse the flattened members";
        errors.at(&closed.meta, "SFN040", message);
    }
    fields
}

/// A field that travels; `None` for one that serde skips both ways.
fn read_field(field: &syn::Field, rule: Option<Rule>, container: &Container, errors: &mut Errors) -> Option<Field> {
    let name = field.ident.clone()?;
    let rust_name = name.unraw().to_string();
    let mut wire = Wire {
        name: rule.map_or_else(|| rust_name.clone(), |rule| rule.field(&rust_name)),
        tokens: name.to_token_stream(),
    };
    let (mut default, mut left_out) = (None, None);
    let arguments = attributes::arguments(&field.attrs, errors);
    let given = |name: &str| arguments.iter().any(|argument| argument.name == name);
    let skipped = given("skip") || given("skip_serializing") && given("skip_deserializing");
    let flattened = given("flatten");
    for argument in &arguments {
        match (argument.name.as_str(), &argument.meta) {
            ("skip" | "skip_serializing" | "skip_deserializing" | "default", _) if skipped => {}
            ("flatten", _) => {}
            (_, _) if flattened => {
                let message = format!("serde's `{}` does not go with `flatten` in workflow data", argument.name);
                errors.at(&argument.meta, "SFN040", message);
            }
            ("rename", _) => rename(&mut wire, argument, errors),
            ("default", syn::Meta::Path(_)) => default = Some(Default::OfType),
            ("default", _) => default = attributes::path(argument).map(Default::Function),
            ("skip_serializing_if", _) if attributes::is_option_is_none(argument) => left_out = Some(argument),
            _ => attributes::refuse(argument, On::Field, errors),
        }
    }
    if skipped {
        return None;
    }
    let default = default.or_else(|| container.default.as_ref().filter(|_| !flattened).map(ContainerDefault::of_field));
    if let Some(left_out) = left_out
        && !matches!(default, None | Some(Default::OfType))
    {
        let message = "a `None` that is left out would be read as the default instead; write `default` without a path \
                       on the field, or write `None` as `null`";
        errors.at(&left_out.meta, "SFN040", message);
    }
    Some(Field {
        name,
        wire: (!flattened).then_some(wire),
        kind: field.ty.clone(),
        default,
        skipped_if_none: left_out.is_some(),
    })
}

impl ContainerDefault {
    fn of_field(&self) -> Default {
        match self {
            ContainerDefault::OfStruct => Default::OfStruct,
            ContainerDefault::Function(path) => Default::OfStructFunction(path.clone()),
        }
    }
}

fn rename(wire: &mut Wire, argument: &Argument, errors: &mut Errors) {
    if let Some(name) = attributes::one_text(argument, errors) {
        *wire = Wire { name, tokens: argument.meta.to_token_stream() };
    }
}

/// Refuses names that occur twice.
fn distinct<'a>(names: impl Iterator<Item = &'a Wire>, what: &str, errors: &mut Errors) {
    let mut seen = HashSet::new();
    for wire in names {
        if !seen.insert(wire.name.as_str()) {
            errors.at(&wire.tokens, "SFN043", format!("{what} the name `{}` on the wire", wire.name));
        }
    }
}
