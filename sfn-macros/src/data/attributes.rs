//! The arguments of `#[serde(..)]`, and why some are refused.

use syn::punctuated::Punctuated;
use syn::spanned::Spanned;

use crate::errors::Errors;
use crate::rename::Rule;

/// What an attribute stands on.
#[derive(Clone, Copy)]
pub(super) enum On {
    Struct,
    Enum,
    Variant,
    Field,
    UnnamedField,
}

impl On {
    fn text(self) -> &'static str {
        match self {
            On::Struct => "a struct",
            On::Enum => "an enum",
            On::Variant => "a variant",
            On::Field => "a field",
            On::UnnamedField => "a field without a name",
        }
    }
}

/// One argument of `#[serde(..)]`.
pub(super) struct Argument {
    pub(super) name: String,
    pub(super) meta: syn::Meta,
}

/// The arguments that bear on the wire form: bounds, the path to serde and texts of errors do not.
pub(super) fn arguments(attributes: &[syn::Attribute], errors: &mut Errors) -> Vec<Argument> {
    let mut arguments = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        match attribute.parse_args_with(Punctuated::<syn::Meta, syn::Token![,]>::parse_terminated) {
            Ok(found) => arguments.extend(found.into_iter().map(|meta| {
                let segments = meta.path().segments.iter().map(|segment| segment.ident.to_string());
                Argument { name: segments.collect::<Vec<_>>().join("::"), meta }
            })),
            // serde's own derive reports what cannot be parsed.
            Err(_) if attribute.meta.require_list().is_err() => errors.elsewhere(),
            Err(error) => errors.syntax(error),
        }
    }
    arguments.retain(|argument| !matches!(argument.name.as_str(), "bound" | "crate" | "expecting"));
    arguments
}

/// Refuses an argument.
pub(super) fn refuse(argument: &Argument, on: On, errors: &mut Errors) {
    let name = argument.name.as_str();
    let reason = match (name, on) {
        (_, On::UnnamedField) => "what stands in an array is known by its place; name the field to give it attributes",
        ("untagged", _) => {
            "a document cannot tell the variants apart without trying them; use `tag`, `tag` with `content`, or serde's \
             way without attributes"
        }
        ("with" | "serialize_with" | "deserialize_with" | "getter", _) => {
            "the wire form would be made by code that the document cannot run; use a type that is written as it stands"
        }
        ("from" | "try_from" | "into" | "remote", _) => {
            "the wire form would be that of another type; use that type in the workflow"
        }
        ("skip_serializing" | "skip_deserializing", On::Field) => {
            "what is written must be read and the other way round; `skip` leaves a field out of both"
        }
        ("skip" | "skip_serializing" | "skip_deserializing", On::Variant) => {
            "a variant that does not travel is no data"
        }
        ("skip_serializing_if", _) => {
            "only `Option::is_none` is modelled: whatever else is left out has no value that a document could read"
        }
        ("alias", _) => "the document reads one name only; use that name where the data is made",
        ("other", _) => "an unknown variant ends the execution with `Sfn.UnknownVariant`",
        ("borrow", _) => "workflow data owns what it has",
        ("tag", On::Struct) => "add a field with the name instead, or make it an enum",
        ("transparent", On::Enum) => "only a struct is written as its one field",
        _ => "the document would not know of it",
    };
    errors.at(
        &argument.meta,
        "SFN040",
        format!("serde's `{name}` on {} is not modelled in workflow data: {reason}", on.text()),
    );
}

/// The one text of `name = "text"`, or of `name(serialize = "text", deserialize = "text")` where both are equal.
pub(super) fn one_text(argument: &Argument, errors: &mut Errors) -> Option<String> {
    match &argument.meta {
        // serde reports what is no text.
        syn::Meta::NameValue(value) => text(&value.value),
        syn::Meta::List(list) => {
            let sides =
                list.parse_args_with(Punctuated::<syn::MetaNameValue, syn::Token![,]>::parse_terminated).ok()?;
            let of = |side: &str| {
                let mut found = sides.iter().filter(|value| value.path.is_ident(side));
                found.next().filter(|_| found.next().is_none()).and_then(|value| text(&value.value))
            };
            let (written, read) = (of("serialize"), of("deserialize"));
            if written.is_none() || written != read {
                errors.at(
                    &argument.meta,
                    "SFN040",
                    format!("serde's `{}` must be the same both ways: a document reads what it writes", argument.name),
                );
            }
            written
        }
        syn::Meta::Path(_) => None,
    }
}

/// The rule of `rename_all = ".."`.
pub(super) fn rule(argument: &Argument, errors: &mut Errors) -> Option<Rule> {
    let rule = Rule::named(&one_text(argument, errors)?);
    if rule.is_none() {
        // serde reports a rule that does not exist.
        errors.elsewhere();
    }
    rule
}

/// The text of a string literal.
pub(super) fn text(value: &syn::Expr) -> Option<String> {
    match value {
        syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
        _ => None,
    }
}

/// The path of `name = "path"`.
pub(super) fn path(argument: &Argument) -> Option<syn::ExprPath> {
    let syn::Meta::NameValue(syn::MetaNameValue { value, .. }) = &argument.meta else { return None };
    let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = value else { return None };
    let mut path: syn::ExprPath = text.parse().ok()?;
    if let Some(last) = path.path.segments.last_mut() {
        last.ident.set_span(value.span());
    }
    Some(path)
}

/// True for `skip_serializing_if = "Option::is_none"`.
pub(super) fn is_option_is_none(argument: &Argument) -> bool {
    let syn::Meta::NameValue(syn::MetaNameValue { value, .. }) = &argument.meta else { return false };
    text(value).is_some_and(|text| {
        let text = text.replace(' ', "");
        text == "Option::is_none" || text.ends_with("::Option::is_none")
    })
}
