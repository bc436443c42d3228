use super::schema::missing_member;
use super::{Field, Schema, jsonata};
use sfn_asl::Value;

/// An enum, as serde writes it.
///
/// A document tells its variants apart by [`Enumeration::test`], reads what a variant carries at [`Enumeration::payload`]
/// or [`Enumeration::place`], and writes a variant by its [`Enumeration::template`].
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// The name of the Rust type.
    pub name: &'static str,
    /// Where the variant's name stands.
    pub tagging: Tagging,
    /// The variants in the order of the enum.
    pub variants: Vec<Variant>,
    /// serde's `deny_unknown_fields`.
    pub closed: bool,
}

/// Where the name of the variant stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// A variant without fields is its name, any other an object whose one key is the name: serde's way without
    /// attributes.
    External,
    /// The name is a member beside the fields: `#[serde(tag = "..")]`.
    Internal {
        /// The member's key.
        tag: &'static str,
    },
    /// The name is a member, what the variant carries another: `#[serde(tag = "..", content = "..")]`.
    Adjacent {
        /// The key of the name.
        tag: &'static str,
        /// The key of what the variant carries.
        content: &'static str,
    },
}

/// One variant of an [`Enumeration`].
#[derive(Clone, Debug)]
pub struct Variant {
    /// The Rust name.
    pub name: &'static str,
    /// The name on the wire.
    pub wire: &'static str,
    /// What the variant carries.
    pub shape: Shape,
}

/// What a variant carries.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Nothing.
    Unit,
    /// One unnamed field: the field itself. Under [`Tagging::Internal`] a [`Schema::Structure`].
    Newtype(fn() -> Schema),
    /// Several unnamed fields, or none in parentheses: an array.
    Tuple(Vec<fn() -> Schema>),
    /// Named fields: an object.
    Structure(Vec<Field>),
}

/// A step from a value to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the member of an object.
    Member(&'static str),
    /// To the item of an array.
    Item(usize),
}

/// Where a part of a variant stands.
#[derive(Clone, Debug)]
pub struct Place {
    /// The way to it from the value of the enum; empty where it is that value.
    pub steps: Vec<Step>,
    /// Its type.
    pub schema: fn() -> Schema,
    /// What it is read as when it is missing; `None` when it must be there.
    pub missing: Option<fn() -> Option<Value>>,
    /// Other members stand in the same object, the tag or the fields around a flattened one: the whole of this part is a
    /// new object of the members that its schema names.
    pub shared: bool,
}

impl Place {
    /// The way in JSONata, from an expression that may stand before a dot.
    pub fn on(&self, value: &str) -> String {
        jsonata::path(value, &self.steps)
    }
}

/// How a variant is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Template {
    /// A string.
    Text(&'static str),
    /// An object of these parts, in this order.
    Object(Vec<Part>),
}

/// A part of the object that a variant is written as. What it carries is a value, an array or an object by its [`Shape`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A member whose value is the name of the variant.
    Tag {
        /// The member's key.
        key: &'static str,
        /// The name.
        wire: &'static str,
    },
    /// A member whose value is what the variant carries.
    Payload {
        /// The member's key.
        key: &'static str,
    },
    /// The members of what the variant carries.
    Members,
}

impl Enumeration {
    /// The variant with this Rust name.
    pub fn variant(&self, name: &str) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.name == name)
    }

    /// The condition in JSONata that holds when `value` is this variant, false for any other value; `value` is an
    /// expression that may stand before a dot: a variable or a path.
    pub fn test(&self, variant: &Variant, value: &str) -> String {
        let wire = jsonata::string(variant.wire);
        match (self.tagging, &variant.shape) {
            (Tagging::External, Shape::Unit) => format!("{value} = {wire}"),
            (Tagging::External, _) => {
                let member = jsonata::path(value, &[Step::Member(variant.wire)]);
                format!("$type({value}) = \"object\" and $exists({member})")
            }
            (Tagging::Internal { tag } | Tagging::Adjacent { tag, .. }, _) => {
                format!("{} = {wire}", jsonata::path(value, &[Step::Member(tag)]))
            }
        }
    }

    /// The way to what the variant carries; `None` when that is nothing.
    pub fn payload(&self, variant: &Variant) -> Option<Vec<Step>> {
        if matches!(variant.shape, Shape::Unit) {
            return None;
        }
        Some(match self.tagging {
            Tagging::External => vec![Step::Member(variant.wire)],
            Tagging::Internal { .. } => Vec::new(),
            Tagging::Adjacent { content, .. } => vec![Step::Member(content)],
        })
    }

    /// Where a field of the variant stands, by its Rust name; unnamed fields are called `0`, `1` and so on.
    pub fn place(&self, variant: &Variant, field: &str) -> Option<Place> {
        let mut steps = self.payload(variant)?;
        match &variant.shape {
            Shape::Unit => None,
            Shape::Newtype(inner) => {
                // serde reads a missing `content` as it reads a missing member.
                let missing = match self.tagging {
                    Tagging::Adjacent { .. } => missing_member(*inner),
                    Tagging::External | Tagging::Internal { .. } => None,
                };
                let shared = matches!(self.tagging, Tagging::Internal { .. });
                (field == "0").then_some(Place { steps, schema: *inner, missing, shared })
            }
            Shape::Tuple(items) => {
                let index = field.parse().ok()?;
                let schema = *items.get(index)?;
                steps.push(Step::Item(index));
                Some(Place { steps, schema, missing: None, shared: false })
            }
            Shape::Structure(fields) => {
                let field = fields.iter().find(|candidate| candidate.name == field)?;
                if !field.flattened {
                    steps.push(Step::Member(field.wire));
                }
                Some(Place { steps, schema: field.schema, missing: field.missing(), shared: field.flattened })
            }
        }
    }

    /// How the variant is written.
    pub fn template(&self, variant: &Variant) -> Template {
        let wire = variant.wire;
        let unit = matches!(variant.shape, Shape::Unit);
        match self.tagging {
            Tagging::External if unit => Template::Text(wire),
            Tagging::External => Template::Object(vec![Part::Payload { key: wire }]),
            Tagging::Internal { tag } if unit => Template::Object(vec![Part::Tag { key: tag, wire }]),
            Tagging::Internal { tag } => Template::Object(vec![Part::Tag { key: tag, wire }, Part::Members]),
            Tagging::Adjacent { tag, .. } if unit => Template::Object(vec![Part::Tag { key: tag, wire }]),
            Tagging::Adjacent { tag, content } => {
                Template::Object(vec![Part::Tag { key: tag, wire }, Part::Payload { key: content }])
            }
        }
    }
}
