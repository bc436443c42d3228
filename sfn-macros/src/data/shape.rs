//! The wire form of a type, as serde's attributes make it.

use proc_macro2::TokenStream;

/// The wire form of a struct or an enum.
pub(super) enum Shape {
    Unit,
    /// Written as its one field; `field` is `0` where that has no name.
    Newtype {
        field: String,
        kind: syn::Type,
        transparent: bool,
    },
    Tuple(Vec<syn::Type>),
    Fields {
        fields: Vec<Field>,
        closed: bool,
    },
    Enumeration {
        tagging: Tagging,
        variants: Vec<Variant>,
        closed: bool,
    },
}

/// Where the name of a variant stands.
#[derive(Clone)]
pub(super) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
}

pub(super) struct Variant {
    pub(super) name: syn::Ident,
    pub(super) wire: Wire,
    pub(super) shape: VariantShape,
}

pub(super) enum VariantShape {
    Unit,
    Newtype(Box<syn::Type>),
    Tuple(Vec<syn::Type>),
    Fields(Vec<Field>),
}

/// A named field.
pub(super) struct Field {
    pub(super) name: syn::Ident,
    /// `None` when the field is flattened.
    pub(super) wire: Option<Wire>,
    pub(super) kind: syn::Type,
    pub(super) default: Option<Default>,
    pub(super) skipped_if_none: bool,
}

/// A name on the wire and the tokens that give it.
pub(super) struct Wire {
    pub(super) name: String,
    pub(super) tokens: TokenStream,
}

/// What a missing field is read as.
pub(super) enum Default {
    /// `#[serde(default)]` on the field.
    OfType,
    /// `#[serde(default)]` on the struct.
    OfStruct,
    /// `#[serde(default = "path")]` on the struct.
    OfStructFunction(syn::ExprPath),
    /// `#[serde(default = "path")]` on the field.
    Function(syn::ExprPath),
}
