//! schemars reads serde's attributes as we do: the same names, the same members required, the same variants.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::types::cases;
use crate::data::{Enumeration, Field, Schema, Shape, Tagging, Variant};

#[test]
fn schemars_agrees() {
    for case in cases() {
        let compare = Compare { root: &case.json_schema, type_name: case.name };
        compare.schema(&case.schema, &case.json_schema, 0);
    }
}

/// Types contain themselves.
const DEEPEST: usize = 6;

struct Compare<'a> {
    root: &'a Json,
    type_name: &'a str,
}

impl<'a> Compare<'a> {
    fn schema(&self, schema: &Schema, json: &'a Json, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match schema {
            Schema::Newtype { inner, .. } => self.schema(&inner(), json, depth + 1),
            Schema::Option(inner) => match self.resolve(json)["anyOf"].as_array() {
                Some(alternatives) => {
                    let [null, some] = [true, false].map(|null| {
                        alternatives.iter().find(|json| (json["type"] == "null") == null).unwrap_or(&Json::Null)
                    });
                    assert!(!null.is_null(), "{}: {json}", self.type_name);
                    self.schema(&inner(), some, depth + 1);
                }
                None => {
                    self.kind(json, "null");
                    self.schema(&inner(), json, depth + 1);
                }
            },
            Schema::Unit => self.kind(json, "null"),
            Schema::Bool => self.kind(json, "boolean"),
            Schema::Integer(_) => self.kind(json, "integer"),
            Schema::Float => self.kind(json, "number"),
            Schema::Char => {
                self.kind(json, "string");
                assert_eq!(json["maxLength"], 1);
            }
            Schema::String => self.kind(json, "string"),
            Schema::List(inner) => {
                self.kind(json, "array");
                self.schema(&inner(), &self.resolve(json)["items"], depth + 1);
            }
            Schema::Map(inner) => {
                self.kind(json, "object");
                self.schema(&inner(), &self.resolve(json)["additionalProperties"], depth + 1);
            }
            Schema::Tuple(items) => self.tuple(items, json, depth),
            Schema::Structure(structure) => self.fields(&structure.fields, structure.closed, json, None, depth),
            Schema::Enumeration(enumeration) => self.enumeration(enumeration, json, depth),
            Schema::Any => panic!("{}: {json}", self.type_name),
        }
    }

    fn resolve(&self, json: &'a Json) -> &'a Json {
        match json["$ref"].as_str() {
            Some("#") => self.root,
            Some(name) => &self.root["$defs"][name.strip_prefix("#/$defs/").expect("a reference to a definition")],
            None => json,
        }
    }

    fn kind(&self, json: &'a Json, kind: &str) {
        let given = &self.resolve(json)["type"];
        let found = given == kind || given.as_array().is_some_and(|kinds| kinds.iter().any(|given| given == kind));
        assert!(found, "{}: expected {kind} at {json}", self.type_name);
    }

    fn tuple(&self, items: &[fn() -> Schema], json: &'a Json, depth: usize) {
        self.kind(json, "array");
        let json = self.resolve(json);
        assert_eq!(json["maxItems"], items.len(), "{}: {json}", self.type_name);
        for (index, item) in items.iter().enumerate() {
            self.schema(&item(), &json["prefixItems"][index], depth + 1);
        }
    }

    fn fields(&self, fields: &[Field], closed: bool, json: &'a Json, tag: Option<&'static str>, depth: usize) {
        let resolved = self.resolve(json);
        let mut wires: Vec<(&'static str, bool, Schema)> = Vec::new();
        wires.extend(tag.map(|tag| (tag, true, Schema::String)));
        flat(fields, &mut wires);
        // A variant with one struct is written as a reference with the tag beside it.
        let property =
            |key: &str| [json, resolved].into_iter().map(|json| &json["properties"][key]).find(|j| !j.is_null());
        let listed = |of: &dyn Fn(&'a Json) -> Vec<&'a str>| -> BTreeSet<&'a str> {
            [json, resolved].into_iter().flat_map(of).collect()
        };
        let names =
            listed(&|json| json["properties"].as_object().into_iter().flatten().map(|(key, _)| &**key).collect());
        let required =
            listed(&|json| json["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect());
        assert_eq!(names, wires.iter().map(|(wire, ..)| *wire).collect(), "{}: {json}", self.type_name);
        let ours = wires.iter().filter(|(_, required, _)| *required).map(|(wire, ..)| *wire).collect();
        assert_eq!(required, ours, "{}: {json}", self.type_name);
        // schemars denies nothing beside a reference.
        if json["$ref"].is_null() {
            assert_eq!(resolved["additionalProperties"] == false, closed, "{}: {json}", self.type_name);
        }
        for (wire, _, schema) in wires.iter().filter(|(wire, ..)| Some(*wire) != tag) {
            self.schema(schema, property(wire).expect("the names are equal"), depth + 1);
        }
    }

    fn enumeration(&self, enumeration: &Enumeration, json: &'a Json, depth: usize) {
        let json = self.resolve(json);
        let alternatives: Vec<&Json> = json["oneOf"].as_array().map_or(vec![json], |all| all.iter().collect());
        let mut count = 0;
        for variant in &enumeration.variants {
            let of_variant = |json: &&&Json| named(enumeration, variant, json);
            let found: Vec<_> = alternatives.iter().filter(of_variant).collect();
            let [found] = found[..] else { panic!("{}::{}: {found:?} in {json}", self.type_name, variant.name) };
            self.variant(enumeration, variant, found, depth + 1);
            count += 1;
        }
        let theirs: usize = alternatives.iter().map(|json| json["enum"].as_array().map_or(1, Vec::len)).sum();
        assert_eq!(count, theirs, "{}: {json}", self.type_name);
    }

    fn variant(&self, enumeration: &Enumeration, variant: &Variant, json: &'a Json, depth: usize) {
        let payload = match enumeration.tagging {
            Tagging::External => &json["properties"][variant.wire],
            Tagging::Internal { .. } => json,
            Tagging::Adjacent { content, .. } => &json["properties"][content],
        };
        let tag = match enumeration.tagging {
            Tagging::Internal { tag } => Some(tag),
            Tagging::External | Tagging::Adjacent { .. } => None,
        };
        match (&variant.shape, tag) {
            (Shape::Unit, None) => {}
            (Shape::Unit, Some(_)) => {
                assert_eq!(json["properties"].as_object().unwrap().len(), 1, "{}: {json}", self.type_name);
            }
            (Shape::Newtype(inner), None) => self.schema(&inner(), payload, depth),
            (Shape::Newtype(inner), Some(_)) => match inner() {
                Schema::Structure(structure) => self.fields(&structure.fields, structure.closed, payload, tag, depth),
                other => panic!("{}: {other:?} beside a tag", self.type_name),
            },
            (Shape::Tuple(items), _) => self.tuple(items, payload, depth),
            (Shape::Structure(fields), _) => self.fields(fields, enumeration.closed, payload, tag, depth),
        }
        if let Tagging::Adjacent { tag, content } = enumeration.tagging {
            let keys: Vec<_> = json["properties"].as_object().unwrap().keys().map(String::as_str).collect();
            let carries = !matches!(variant.shape, Shape::Unit);
            assert!(keys.contains(&tag));
            assert_eq!(keys.contains(&content), carries, "{}: {json}", self.type_name);
            assert_eq!(json["additionalProperties"] == false, enumeration.closed, "{}: {json}", self.type_name);
        }
    }
}

/// Whether an alternative is this variant.
fn named(enumeration: &Enumeration, variant: &Variant, json: &Json) -> bool {
    let text = |json: &Json| {
        json["const"] == variant.wire
            || json["enum"].as_array().is_some_and(|all| all.iter().any(|j| j == variant.wire))
    };
    match (enumeration.tagging, &variant.shape) {
        (Tagging::External, Shape::Unit) => text(json),
        (Tagging::External, _) => json["required"] == serde_json::json!([variant.wire]),
        (Tagging::Internal { tag } | Tagging::Adjacent { tag, .. }, _) => text(&json["properties"][tag]),
    }
}

/// The fields on the wire: name, whether it must be there, type.
fn flat(fields: &[Field], wires: &mut Vec<(&'static str, bool, Schema)>) {
    for field in fields {
        match (field.schema)() {
            Schema::Structure(inner) if field.flattened => flat(&inner.fields, wires),
            schema => wires.push((field.wire, field.missing().is_none(), schema)),
        }
    }
}
