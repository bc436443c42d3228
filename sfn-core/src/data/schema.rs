use std::fmt;

use sfn_asl::Value;

use super::Enumeration;

/// The shape of a type on the wire, as serde writes it.
///
/// The schemas inside are functions, so that a type may contain itself.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Schema {
    /// `()` and structs without fields: `null`.
    Unit,
    /// `true`, `false`.
    Bool,
    /// A whole number with the name of its Rust type.
    Integer(&'static str),
    /// A double.
    Float,
    /// A string of one character.
    Char,
    /// A string.
    String,
    /// A value or `null`; a missing member counts as `null`.
    Option(fn() -> Schema),
    /// A list of one type.
    List(fn() -> Schema),
    /// A list with one type a place.
    Tuple(Vec<fn() -> Schema>),
    /// An object with any keys and values of one type.
    Map(fn() -> Schema),
    /// An object with named fields.
    Structure(Structure),
    /// A struct with one field, written as that field: one without a name, or serde's `transparent`.
    Newtype {
        /// The name of the Rust type.
        name: &'static str,
        /// The Rust name of the field: `0` where it has none.
        field: &'static str,
        /// The type of the field.
        inner: fn() -> Schema,
        /// serde's `transparent`: a missing member is read as the field's type reads it.
        transparent: bool,
    },
    /// One of several variants.
    Enumeration(Enumeration),
    /// Any JSON value.
    Any,
}

/// Whether a value on the wire is an array, which JSONata flattens into the array around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrays {
    /// No value of the type is an array.
    Never,
    /// Some are, some are not: `Option<Vec<u8>>` may be `null`, `Value` may be anything.
    Sometimes,
    /// Every value of the type is an array.
    Always,
}

/// A newtype that contains nothing but itself is refused by the derive; a hand-written schema may be one.
pub(super) const LONGEST_CHAIN: usize = 64;

impl Schema {
    /// True when the wire form is an array, or may be one.
    pub fn may_be_array(&self) -> bool {
        self.arrays() != Arrays::Never
    }

    /// Whether the wire form is an array: of a list always, of an option or of any value sometimes.
    ///
    /// `[$x]` keeps a value that is always an array as one item when it is written `[[$x]]`, one that never is as it
    /// stands; for the rest the expression has to ask `$type($x)`.
    pub fn arrays(&self) -> Arrays {
        let mut schema = self.clone();
        let mut optional = false;
        for _ in 0..LONGEST_CHAIN {
            let inner = match &schema {
                Schema::Newtype { inner, .. } => *inner,
                Schema::Option(inner) => {
                    optional = true;
                    *inner
                }
                Schema::List(_) | Schema::Tuple(_) if optional => return Arrays::Sometimes,
                Schema::List(_) | Schema::Tuple(_) => return Arrays::Always,
                Schema::Any => return Arrays::Sometimes,
                Schema::Unit
                | Schema::Bool
                | Schema::Integer(_)
                | Schema::Float
                | Schema::Char
                | Schema::String
                | Schema::Map(_)
                | Schema::Structure(_)
                | Schema::Enumeration(_) => return Arrays::Never,
            };
            schema = inner();
        }
        Arrays::Sometimes
    }

    /// True when a missing member of this type is read as `None`.
    pub fn is_option(&self) -> bool {
        let mut schema = self.clone();
        for _ in 0..LONGEST_CHAIN {
            match schema {
                Schema::Option(_) => return true,
                Schema::Newtype { inner, transparent: true, .. } => schema = inner(),
                _ => return false,
            }
        }
        false
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
            Schema::Char => f.write_str("char"),
            Schema::String => f.write_str("String"),
            Schema::Option(inner) => write!(f, "Option<{}>", inner()),
            Schema::List(inner) => write!(f, "Vec<{}>", inner()),
            Schema::Map(inner) => write!(f, "Map<String, {}>", inner()),
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
            Schema::Enumeration(enumeration) => f.write_str(enumeration.name),
            Schema::Any => f.write_str("Value"),
        }
    }
}

/// A struct with named fields.
#[derive(Clone, Debug)]
pub struct Structure {
    /// The name of the Rust type.
    pub name: &'static str,
    /// The fields in the order of the struct. What serde skips both ways is no part of the data: a body can neither read
    /// nor set it.
    pub fields: Vec<Field>,
    /// serde's `deny_unknown_fields`.
    pub closed: bool,
}

/// One field of a [`Structure`] or of a variant.
#[derive(Clone, Debug)]
pub struct Field {
    /// The Rust name.
    pub name: &'static str,
    /// The member's key in JSON; empty when the field is flattened.
    pub wire: &'static str,
    /// The type; a [`Schema::Structure`] when the field is flattened.
    pub schema: fn() -> Schema,
    /// The value of serde's `default`, which a missing member is read as.
    pub default: Option<fn() -> Option<Value>>,
    /// `skip_serializing_if = "Option::is_none"`: a writer leaves the member out instead of writing `null`.
    pub skipped_if_none: bool,
    /// serde's `flatten`: the members of the field stand beside those of the other fields.
    pub flattened: bool,
}

impl Field {
    /// What a missing member is read as; `None` when it must be there. The value is `None` when the default has no JSON
    /// value.
    pub fn missing(&self) -> Option<fn() -> Option<Value>> {
        self.default.or_else(|| missing_member(self.schema))
    }
}

/// What a missing member of a type is read as when no attribute says it.
pub(super) fn missing_member(schema: fn() -> Schema) -> Option<fn() -> Option<Value>> {
    let null: fn() -> Option<Value> = || Some(Value::Null);
    schema().is_option().then_some(null)
}
