//! What the lowering would write and read by the schema alone is what serde writes.

use std::collections::BTreeMap;

use sfn_asl::Value;
use sfn_asl::query::jsonata::Expression;
use sfn_asl::query::{Budget, Random};
use sfn_asl::value::ObjectBuilder;

use super::types::cases;
use crate::data::{Enumeration, Field, Part, Place, Schema, Shape, Step, Template};

#[test]
fn the_schema_writes_what_serde_writes() {
    for case in cases() {
        assert!(!case.samples.is_empty(), "{}", case.name);
        for sample in &case.samples {
            assert_eq!(rewritten(&case.schema, sample).to_json(), sample.to_json(), "{}", case.name);
            case.schema.check(sample).unwrap_or_else(|found| panic!("{}: {}: {found}", case.name, sample.to_json()));
            assert_eq!((case.read)(sample).unwrap(), *sample, "{}", case.name);
        }
    }
}

#[test]
fn every_variant_has_a_sample() {
    for case in cases() {
        let Schema::Enumeration(enumeration) = &case.schema else { continue };
        for variant in &enumeration.variants {
            let written = |sample: &Value| holds(&enumeration.test(variant, "$x"), sample);
            assert!(case.samples.iter().any(written), "{}::{}", case.name, variant.name);
        }
    }
}

/// Takes a value apart by its schema and puts it together again in the schema's names and order.
fn rewritten(schema: &Schema, value: &Value) -> Value {
    match schema {
        Schema::Option(_) if value.is_null() => Value::Null,
        Schema::Option(inner) | Schema::Newtype { inner, .. } => rewritten(&inner(), value),
        Schema::List(inner) => Value::array(items(value).iter().map(|item| rewritten(&inner(), item))),
        Schema::Tuple(schemas) => {
            assert_eq!(schemas.len(), items(value).len());
            Value::array(schemas.iter().zip(items(value)).map(|(schema, item)| rewritten(&schema(), item)))
        }
        Schema::Map(inner) => {
            let members: BTreeMap<&str, Value> =
                value.as_object().unwrap().iter().map(|(key, member)| (&**key, rewritten(&inner(), member))).collect();
            Value::object(members)
        }
        Schema::Structure(structure) => {
            let mut object = ObjectBuilder::with_capacity(0);
            rewritten_fields(&structure.fields, value, &mut object);
            Value::from(object.build())
        }
        Schema::Enumeration(enumeration) => rewritten_variant(enumeration, value),
        Schema::Unit
        | Schema::Bool
        | Schema::Integer(_)
        | Schema::Float
        | Schema::Char
        | Schema::String
        | Schema::Any => {
            schema.check(value).unwrap();
            value.clone()
        }
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().unwrap().as_slice()
}

fn rewritten_fields(fields: &[Field], value: &Value, object: &mut ObjectBuilder) {
    for field in fields {
        match ((field.schema)(), value.get(field.wire)) {
            (Schema::Structure(inner), _) if field.flattened => rewritten_fields(&inner.fields, value, object),
            (_, Some(member)) if field.skipped_if_none && member.is_null() => panic!("`{}` is written", field.wire),
            (schema, Some(member)) => {
                object.insert(field.wire, rewritten(&schema, member));
            }
            (_, None) => assert!(field.skipped_if_none, "`{}` is left out", field.wire),
        }
    }
}

fn rewritten_variant(enumeration: &Enumeration, value: &Value) -> Value {
    let mut holding = enumeration.variants.iter().filter(|variant| holds(&enumeration.test(variant, "$x"), value));
    let variant = holding.next().unwrap_or_else(|| panic!("no variant is {}", value.to_json()));
    assert!(holding.next().is_none(), "{} is two variants", value.to_json());
    // What the variant carries is read field by field where the places say, and found by JSONata, too.
    let read = |field: &str| -> (Place, Option<Value>) {
        let place = enumeration.place(variant, field).unwrap();
        let read = at(value, &place.steps).cloned();
        assert_eq!(evaluate(&place.on("$x"), value), read, "{} in {}", place.on("$x"), value.to_json());
        (place, read)
    };
    let payload = match &variant.shape {
        Shape::Unit => {
            assert!(enumeration.payload(variant).is_none());
            Value::Null
        }
        Shape::Newtype(_) => {
            let (place, value) = read("0");
            rewritten(&(place.schema)(), &value.unwrap())
        }
        Shape::Tuple(items) => Value::array((0..items.len()).map(|index| {
            let (place, value) = read(&index.to_string());
            rewritten(&(place.schema)(), &value.unwrap())
        })),
        Shape::Structure(fields) => {
            let mut object = ObjectBuilder::with_capacity(0);
            for field in fields {
                let (place, found) = read(field.name);
                assert_eq!(place.shared, field.flattened);
                assert_eq!(place.missing.is_some(), field.missing().is_some());
                let whole = at(value, &enumeration.payload(variant).unwrap()).unwrap();
                rewritten_fields(std::slice::from_ref(field), whole, &mut object);
                assert!(found.is_some() || place.missing.is_some());
            }
            Value::from(object.build())
        }
    };
    match enumeration.template(variant) {
        Template::Text(text) => Value::from(text),
        Template::Object(parts) => {
            let mut object = ObjectBuilder::with_capacity(0);
            for part in parts {
                match part {
                    Part::Tag { key, wire } => {
                        object.insert(key, wire);
                    }
                    Part::Payload { key } => {
                        object.insert(key, payload.clone());
                    }
                    Part::Members => {
                        for (key, member) in payload.as_object().unwrap().iter() {
                            object.insert(key.clone(), member.clone());
                        }
                    }
                }
            }
            Value::from(object.build())
        }
    }
}

fn at<'v>(value: &'v Value, steps: &[Step]) -> Option<&'v Value> {
    steps.iter().try_fold(value, |value, step| match step {
        Step::Member(key) => value.get(key),
        Step::Item(index) => value.at(*index),
    })
}

/// Whether a condition on `$x` holds.
pub(super) fn holds(condition: &str, value: &Value) -> bool {
    match evaluate(condition, value) {
        Some(Value::Bool(holds)) => holds,
        other => panic!("`{condition}` is {other:?} for {}", value.to_json()),
    }
}

/// The value of an expression in which `$x` is `value`.
pub(super) fn evaluate(text: &str, value: &Value) -> Option<Value> {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("`{text}`: {error:?}"));
    let variables = |name: &str| (name == "x").then(|| value.clone());
    expression.evaluate_data(None, &variables, 0, &Random::new(0), &Budget::default()).unwrap()
}
