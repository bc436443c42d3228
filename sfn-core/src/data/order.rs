//! The order of members in maps: a `HashMap` inside of a derived type is written in the order of its hashes, which is
//! another one in every process.

use sfn_asl::Value;
use sfn_asl::value::{Key, Object};

use super::schema::LONGEST_CHAIN;
use super::{Enumeration, Field, Schema, Shape, Tagging};

/// The value with the members of all maps in the order of their keys.
///
/// INVARIANT: the value was written by the type of the schema, so it nests no deeper than serde goes.
pub(crate) fn ordered(schema: &Schema, value: Value) -> Value {
    changed(schema, &value).unwrap_or(value)
}

/// The value in order; `None` where it is already.
fn changed(schema: &Schema, value: &Value) -> Option<Value> {
    let mut schema = schema.clone();
    for _ in 0..LONGEST_CHAIN {
        match schema {
            Schema::Option(inner) | Schema::Newtype { inner, .. } => schema = inner(),
            _ => break,
        }
    }
    match (&schema, value) {
        (Schema::List(inner), Value::Array(items)) => {
            let inner = inner();
            array(items.iter().map(|item| (changed(&inner, item), item)).collect())
        }
        (Schema::Tuple(schemas), Value::Array(items)) => {
            let items = items.iter().zip(schemas);
            array(items.map(|(item, schema)| (changed(&schema(), item), item)).collect())
        }
        (Schema::Map(inner), Value::Object(object)) => map(&inner(), object),
        (Schema::Structure(structure), Value::Object(object)) => fields(&structure.fields, object).map(Value::from),
        (Schema::Enumeration(enumeration), Value::Object(object)) => variant(enumeration, object),
        _ => None,
    }
}

fn array(items: Vec<(Option<Value>, &Value)>) -> Option<Value> {
    let any = items.iter().any(|(changed, _)| changed.is_some());
    any.then(|| Value::array(items.into_iter().map(|(changed, item)| changed.unwrap_or_else(|| item.clone()))))
}

fn map(inner: &Schema, object: &Object) -> Option<Value> {
    let changes: Vec<_> = object.values().map(|member| changed(inner, member)).collect();
    if changes.iter().all(Option::is_none) && object.keys().is_sorted() {
        return None;
    }
    let members = object.iter().zip(changes);
    let mut members: Vec<(Key, Value)> =
        members.map(|((key, member), changed)| (key.clone(), changed.unwrap_or_else(|| member.clone()))).collect();
    members.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(Value::object(members))
}

fn fields(fields: &[Field], object: &Object) -> Option<Object> {
    let mut changed_object: Option<Object> = None;
    for field in fields {
        let current = changed_object.as_ref().unwrap_or(object);
        let schema = (field.schema)();
        let after = match &schema {
            Schema::Structure(inner) if field.flattened => self::fields(&inner.fields, current),
            schema => member(schema, field.wire, current),
        };
        changed_object = after.or(changed_object);
    }
    changed_object
}

fn member(schema: &Schema, key: &str, object: &Object) -> Option<Object> {
    let after = changed(schema, object.get(key)?)?;
    Some(object.with(key, after))
}

fn variant(enumeration: &Enumeration, object: &Object) -> Option<Value> {
    let tag = match enumeration.tagging {
        Tagging::External => object.keys().next().map(|key| &**key),
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => object.get(tag).and_then(Value::as_str),
    }?;
    let variant = enumeration.variants.iter().find(|variant| variant.wire == tag)?;
    let payload_key = match enumeration.tagging {
        Tagging::External => tag,
        Tagging::Adjacent { content, .. } => content,
        // What the variant carries stands in the same object.
        Tagging::Internal { .. } => {
            return match &variant.shape {
                Shape::Structure(named) => fields(named, object).map(Value::from),
                Shape::Newtype(inner) => changed(&inner(), &Value::from(object.clone())),
                Shape::Unit | Shape::Tuple(_) => None,
            };
        }
    };
    let after = match (&variant.shape, object.get(payload_key)?) {
        (Shape::Newtype(inner), payload) => changed(&inner(), payload),
        (Shape::Tuple(items), payload) => changed(&Schema::Tuple(items.clone()), payload),
        (Shape::Structure(named), Value::Object(payload)) => fields(named, payload).map(Value::from),
        _ => None,
    };
    Some(Value::from(object.with(payload_key, after?)))
}
