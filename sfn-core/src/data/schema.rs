use std::fmt;

use sfn_asl::Value;

/// The shape of a type on the wire, as serde writes it.
///
/// The schemas inside are functions, so that a type may contain itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Schema {
    /// `()`: `null`.
    Unit,
    /// `true`, `false`.
    Bool,
    /// A whole number with the name of its Rust type.
    Integer(&'static str),
    /// A double.
    Float,
    /// A string.
    String,
    /// A value or `null`; a missing member counts as `null`.
    Option(fn() -> Schema),
    /// A list of one type.
    List(fn() -> Schema),
    /// A list with one type a place.
    Tuple(Vec<fn() -> Schema>),
    /// An object with named fields.
    Structure(Structure),
    /// A struct with one unnamed field, written as that field.
    Newtype {
        /// The name of the Rust type.
        name: &'static str,
        /// The field.
        inner: fn() -> Schema,
    },
    /// Any JSON value.
    Any,
}

impl Schema {
    /// True when the wire form is an array, or may be one.
    pub fn may_be_array(&self) -> bool {
        match self {
            Schema::List(_) | Schema::Tuple(_) | Schema::Any => true,
            Schema::Option(inner) => inner().may_be_array(),
            Schema::Newtype { inner, .. } => inner().may_be_array(),
            _ => false,
        }
    }

    /// True when a missing member of this type is read as `None`.
    pub fn is_option(&self) -> bool {
        matches!(self, Schema::Option(_))
    }

    /// The field of a structure, by its Rust name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        match self {
            Schema::Structure(structure) => structure.fields.iter().find(|field| field.name == name),
            _ => None,
        }
    }
}

impl fmt::Display for Schema {
    /// The Rust type, as far as the schema knows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schema::Unit => f.write_str("()"),
            Schema::Bool => f.write_str("bool"),
            Schema::Integer(name) => f.write_str(name),
            Schema::Float => f.write_str("f64"),
            Schema::String => f.write_str("String"),
            Schema::Option(inner) => write!(f, "Option<{}>", inner()),
            Schema::List(inner) => write!(f, "Vec<{}>", inner()),
            Schema::Tuple(items) => {
                f.write_str("(")?;
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{}", item())?;
                }
                f.write_str(if items.len() == 1 { ",)" } else { ")" })
            }
            Schema::Structure(structure) => f.write_str(structure.name),
            Schema::Newtype { name, .. } => f.write_str(name),
            Schema::Any => f.write_str("Value"),
        }
    }
}

/// A struct with named fields.
#[derive(Clone, Debug)]
pub struct Structure {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The fields in the order of the struct.
    pub fields: Vec<Field>,
}

/// One field of a [`Structure`].
#[derive(Clone, Debug)]
pub struct Field {
    /// The Rust name.
    pub name: &'static str,
    /// The member's key in JSON.
    pub wire: &'static str,
    /// The type.
    pub schema: fn() -> Schema,
    /// The value of serde's `default`, which a missing member is read as.
    pub default: Option<fn() -> Option<Value>>,
    /// `skip_serializing_if = "Option::is_none"`: a writer leaves the member out instead of writing `null`.
    pub skipped_if_none: bool,
}
