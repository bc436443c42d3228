//! Whether a JSON value has the shape of a type.

use std::fmt;

use sfn_asl::Value;
use sfn_asl::value::Object;

use super::schema::LONGEST_CHAIN;
use super::{Enumeration, Field, Schema, Shape, Tagging, Variant};

/// serde reads nothing that nests deeper.
const DEEPEST: u32 = 127;

/// More findings than a reader follows are counted, not kept.
const MOST: usize = 20;

/// Where a value differs from the shape of a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The way from the value to the place: `items[2].price`, empty for the value itself.
    pub path: String,
    /// What was expected and found there.
    pub message: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "`{}`: {}", self.path, self.message) }
    }
}

/// All the places where a value differs from the shape of a type, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatches {
    /// The places in the order of the type, the first twenty of them.
    pub found: Vec<Mismatch>,
    /// How many there are besides.
    pub more: usize,
}

impl fmt::Display for Mismatches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mismatch) in self.found.iter().enumerate() {
            write!(f, "{}{mismatch}", if index == 0 { "" } else { "; " })?;
        }
        if self.more > 0 {
            write!(f, "; and {} more", self.more)?;
        }
        Ok(())
    }
}

impl std::error::Error for Mismatches {}

impl Schema {
    /// Finds where `value` differs from the shape of this type.
    ///
    /// What passes is read by serde, too. serde reads some spellings besides which a document would not recognise, and
    /// which do not pass: a struct or a tagged enum as an array of its fields, a tag as the index of its variant, and
    /// `{"Name": null}` for the variant `"Name"`. Members that no field names pass unless the type denies them.
    pub fn check(&self, value: &Value) -> Result<(), Mismatches> {
        let mut checker = Checker { path: Vec::new(), found: Mismatches { found: Vec::new(), more: 0 } };
        if value.depth() > DEEPEST {
            checker.find(format!("data that nests deeper than {DEEPEST} levels is not read"));
        } else {
            checker.schema(self, value);
        }
        if checker.found.found.is_empty() { Ok(()) } else { Err(checker.found) }
    }
}

enum At {
    Member(String),
    Item(usize),
}

struct Checker {
    path: Vec<At>,
    found: Mismatches,
}

/// The members of an object that belong to somebody else.
#[derive(Clone, Copy)]
enum Foreign<'a> {
    /// All that are not named may be there.
    Any,
    /// None may be there but the one with this key.
    None(Option<&'a str>),
}

impl Checker {
    fn schema(&mut self, schema: &Schema, value: &Value) {
        let mut schema = schema.clone();
        for _ in 0..LONGEST_CHAIN {
            match schema {
                Schema::Option(_) if value.is_null() => return,
                Schema::Option(inner) | Schema::Newtype { inner, .. } => schema = inner(),
                _ => break,
            }
        }
        match &schema {
            Schema::Unit if value.is_null() => {}
            Schema::Unit => self.expected("null", value),
            Schema::Bool if value.as_bool().is_some() => {}
            Schema::Bool => self.expected("a truth value", value),
            Schema::Integer(name) => self.integer(name, value),
            Schema::Float if value.as_number().is_some() => {}
            Schema::Float => self.expected("a number", value),
            Schema::Char => match value.as_str() {
                Some(text) if text.chars().count() == 1 => {}
                _ => self.expected("a string of one character", value),
            },
            Schema::String if value.as_str().is_some() => {}
            Schema::String => self.expected("a string", value),
            Schema::List(inner) => match value.as_array() {
                Some(items) => {
                    let inner = inner();
                    for (index, item) in items.iter().enumerate() {
                        self.within(At::Item(index), |checker| checker.schema(&inner, item));
                    }
                }
                None => self.expected("an array", value),
            },
            Schema::Tuple(items) => self.tuple(items, value),
            Schema::Map(inner) => match value.as_object() {
                Some(object) => {
                    let inner = inner();
                    for (key, member) in object.iter() {
                        self.within(At::Member(key.to_string()), |checker| checker.schema(&inner, member));
                    }
                }
                None => self.expected("an object", value),
            },
            Schema::Structure(structure) => match value.as_object() {
                Some(object) => {
                    let foreign = if structure.closed { Foreign::None(None) } else { Foreign::Any };
                    self.fields(&structure.fields, object, foreign);
                }
                None => self.expected(&format!("an object, `{}`", structure.name), value),
            },
            Schema::Option(_) | Schema::Newtype { .. } => {
                self.find("no value has this shape, it contains itself".into())
            }
            Schema::Enumeration(enumeration) => self.enumeration(enumeration, value),
            Schema::Any => {}
        }
    }

    fn integer(&mut self, name: &str, value: &Value) {
        let (least, most) = range(name);
        // serde reads `-0` as a double.
        let number = value.as_number().filter(|number| number.is_integer()).map(ToString::to_string);
        let whole = number.filter(|text| text != "-0").and_then(|text| text.parse::<i128>().ok());
        if !whole.is_some_and(|whole| (least..=most).contains(&whole)) {
            self.expected(&format!("a whole number from {least} to {most}"), value);
        }
    }

    fn tuple(&mut self, items: &[fn() -> Schema], value: &Value) {
        match value.as_array() {
            Some(found) if found.len() == items.len() => {
                for (index, (schema, item)) in items.iter().zip(found).enumerate() {
                    self.within(At::Item(index), |checker| checker.schema(&schema(), item));
                }
            }
            Some(found) => {
                self.find(format!("expected an array of {}, found one of {}", items.len(), found.len()));
            }
            None => self.expected(&format!("an array of {}", items.len()), value),
        }
    }

    fn fields(&mut self, fields: &[Field], object: &Object, foreign: Foreign<'_>) {
        for field in fields {
            if field.flattened {
                if let Schema::Structure(inner) = (field.schema)() {
                    self.fields(&inner.fields, object, Foreign::Any);
                }
                continue;
            }
            match object.get(field.wire) {
                Some(member) => {
                    let at = At::Member(field.wire.to_owned());
                    self.within(at, |checker| checker.schema(&(field.schema)(), member));
                }
                None if field.missing().is_some() => {}
                None => self.find(format!("the member `{}` is missing", field.wire)),
            }
        }
        if let Foreign::None(but) = foreign {
            for key in object.keys() {
                let key = &**key;
                if but != Some(key) && !fields.iter().any(|field| !field.flattened && field.wire == key) {
                    self.find(format!("the member `{}` is unknown", shortened(key)));
                }
            }
        }
    }

    fn enumeration(&mut self, enumeration: &Enumeration, value: &Value) {
        match enumeration.tagging {
            Tagging::External => self.external(enumeration, value),
            Tagging::Internal { tag } => {
                let Some((object, variant)) = self.tagged(enumeration, tag, value) else { return };
                let foreign = |closed| if closed { Foreign::None(Some(tag)) } else { Foreign::Any };
                match &variant.shape {
                    // serde passes over what stands beside the tag of a variant without fields.
                    Shape::Unit | Shape::Tuple(_) => {}
                    Shape::Newtype(inner) => match inner() {
                        Schema::Structure(inner) => {
                            self.fields(&inner.fields, object, foreign(inner.closed));
                        }
                        other => self.schema(&other, value),
                    },
                    Shape::Structure(fields) => self.fields(fields, object, foreign(enumeration.closed)),
                }
            }
            Tagging::Adjacent { tag, content } => {
                let Some((object, variant)) = self.tagged(enumeration, tag, value) else { return };
                match (object.get(content), &variant.shape) {
                    (None, Shape::Unit) => {}
                    (None, Shape::Newtype(inner)) if inner().is_option() => {}
                    (None, _) => self.find(format!("the member `{content}` is missing")),
                    (Some(payload), _) => {
                        let at = At::Member(content.to_owned());
                        self.within(at, |checker| checker.payload(enumeration, variant, payload));
                    }
                }
                if enumeration.closed {
                    for key in object.keys().filter(|key| ***key != *tag && ***key != *content) {
                        self.find(format!("the member `{}` is unknown", shortened(key)));
                    }
                }
            }
        }
    }

    fn external(&mut self, enumeration: &Enumeration, value: &Value) {
        let find = |wire: &str| enumeration.variants.iter().find(|variant| variant.wire == wire);
        if let Some(text) = value.as_str() {
            match find(text) {
                Some(Variant { shape: Shape::Unit, .. }) => {}
                Some(_) => self.find(format!("`{}` is no variant without fields of `{}`", text, enumeration.name)),
                None => self.unknown(enumeration, text),
            }
            return;
        }
        let members = value.as_object().map(Object::as_slice);
        let Some([(key, payload)]) = members else {
            return self
                .expected(&format!("a variant of `{}`: a string or an object of one member", enumeration.name), value);
        };
        match find(key) {
            Some(variant) if matches!(variant.shape, Shape::Unit) => {
                self.find(format!("the variant `{}` is written as a string", variant.wire));
            }
            Some(variant) => {
                let at = At::Member(key.to_string());
                self.within(at, |checker| checker.payload(enumeration, variant, payload));
            }
            None => self.unknown(enumeration, key),
        }
    }

    /// The object and the variant that its tag names.
    fn tagged<'v, 'e>(
        &mut self,
        enumeration: &'e Enumeration,
        tag: &str,
        value: &'v Value,
    ) -> Option<(&'v Object, &'e Variant)> {
        let Some(object) = value.as_object() else {
            self.expected(&format!("an object, `{}`", enumeration.name), value);
            return None;
        };
        let Some(name) = object.get(tag) else {
            self.find(format!("the member `{tag}` is missing, which names the variant of `{}`", enumeration.name));
            return None;
        };
        self.within(At::Member(tag.to_owned()), |checker| {
            let Some(text) = name.as_str() else {
                checker.expected(&format!("the name of a variant of `{}`", enumeration.name), name);
                return None;
            };
            let variant = enumeration.variants.iter().find(|variant| variant.wire == text);
            if variant.is_none() {
                checker.unknown(enumeration, text);
            }
            variant.map(|variant| (object, variant))
        })
    }

    /// What a variant carries, where it stands by itself.
    fn payload(&mut self, enumeration: &Enumeration, variant: &Variant, value: &Value) {
        match &variant.shape {
            Shape::Unit => self.schema(&Schema::Unit, value),
            Shape::Newtype(inner) => self.schema(&inner(), value),
            Shape::Tuple(items) => self.tuple(items, value),
            Shape::Structure(fields) => match value.as_object() {
                Some(object) => {
                    let foreign = if enumeration.closed { Foreign::None(None) } else { Foreign::Any };
                    self.fields(fields, object, foreign);
                }
                None => self.expected(&format!("an object, `{}::{}`", enumeration.name, variant.name), value),
            },
        }
    }

    fn unknown(&mut self, enumeration: &Enumeration, name: &str) {
        let known: Vec<_> = enumeration.variants.iter().map(|variant| format!("`{}`", variant.wire)).collect();
        let known = known.join(", ");
        self.find(format!("`{}` has no variant `{}`, it has {known}", enumeration.name, shortened(name)));
    }

    fn within<T>(&mut self, at: At, check: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(at);
        let result = check(self);
        self.path.pop();
        result
    }

    fn expected(&mut self, what: &str, found: &Value) {
        let found = match found {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => format!("`{value}`"),
            Value::Number(number) => format!("the number {}", shortened(&number.to_string())),
            Value::String(text) => format!("the string {}", Value::from(&*shortened(text.as_str())).to_json()),
            Value::Array(items) => format!("an array of {}", items.len()),
            Value::Object(_) => "an object".to_owned(),
        };
        self.find(format!("expected {what}, found {found}"));
    }

    fn find(&mut self, message: String) {
        if self.found.found.len() == MOST {
            self.found.more += 1;
            return;
        }
        let mut path = String::new();
        for at in &self.path {
            match at {
                At::Member(key) if path.is_empty() => path.push_str(key),
                At::Member(key) => {
                    path.push('.');
                    path.push_str(key);
                }
                At::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        self.found.found.push(Mismatch { path, message });
    }
}

/// The least and the greatest value of an integer type; `usize` and `isize` have 64 bits in a workflow.
fn range(name: &str) -> (i128, i128) {
    let bits = match name.trim_start_matches(['i', 'u']) {
        "8" => 8,
        "16" => 16,
        "32" => 32,
        _ => 64,
    };
    if name.starts_with('u') { (0, (1 << bits) - 1) } else { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) }
}

/// A text for a message, which may not be longer than the reader's patience.
fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
