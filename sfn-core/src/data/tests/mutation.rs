//! Wrong JSON is refused by the schema and by serde alike.

use proptest::prelude::*;
use sfn_asl::Value;

use super::Case;
use super::types::cases;

#[test]
fn one_change() {
    let mut refused = 0;
    for case in cases() {
        for sample in &case.samples {
            for place in 0..nodes(sample) {
                for change in 0..CHANGES {
                    refused += usize::from(!agree(&case, &changed(sample, place, change)));
                }
            }
        }
    }
    // Most changes are to be wrong, or this shows nothing.
    assert!(refused > 10_000, "{refused}");
}

proptest! {
    #[test]
    fn several_changes(
        case in any::<prop::sample::Index>(),
        sample in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..CHANGES), 2..5),
    ) {
        let cases = cases();
        let case = &cases[case.index(cases.len())];
        let mut value = sample.get(&case.samples).clone();
        for (place, change) in changes {
            value = changed(&value, place.index(nodes(&value)), change);
        }
        agree(case, &value);
    }
}

/// Whether the value passes, which serde and the schema have to agree upon.
fn agree(case: &Case, value: &Value) -> bool {
    let text = value.to_json();
    match (case.schema.check(value), (case.read)(value)) {
        (Ok(()), Ok(_)) => true,
        (Err(_), Err(_)) => false,
        (Ok(()), Err(error)) => panic!("{}: only serde refuses {text}: {error}", case.name),
        (Err(found), Ok(read)) => {
            // serde reads other spellings besides its own: it would not have written this.
            let own = !same_spelling(value, &read);
            assert!(own, "{}: only the schema refuses {text}: {found}", case.name);
            case.schema.check(&read).unwrap();
            false
        }
    }
}

/// Whether the members and items that both have are of the same kinds.
fn same_spelling(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_spelling(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.iter().all(|(key, member)| other.get(key).is_none_or(|other| same_spelling(member, other)))
        }
        _ => one.type_name() == other.type_name(),
    }
}

/// How many values there are in a value, itself included.
fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(object) => object.values().map(nodes).sum(),
        _ => 0,
    }
}

const OTHERS: &[&str] = &[
    "127",
    "128",
    "-128",
    "-129",
    "32767",
    "32768",
    "-32769",
    "65535",
    "65536",
    "2147483648",
    "-2147483649",
    "4294967295",
    "4294967296",
    "-9223372036854775809",
    "-1e2",
    "null",
    "true",
    "0",
    "-1",
    "-0",
    "256",
    "1.0",
    "1.5",
    "1e3",
    "18446744073709551616",
    "9223372036854775808",
    "1e300",
    r#""""#,
    r#""x""#,
    r#""xy""#,
    r#""Running""#,
    r#""noFields""#,
    "[]",
    "[1]",
    "[null]",
    "[[1]]",
    "{}",
    r#"{"a":1}"#,
    r#"{"noFields":null}"#,
    r#"{"t":"no-fields"}"#,
    r#"{"type":"nofields"}"#,
    r#"{"type":0}"#,
    r#"["nofields"]"#,
];

const CHANGES: usize = OTHERS.len() + 7;

/// The value with one of its parts changed.
fn changed(value: &Value, place: usize, change: usize) -> Value {
    let mut left = place;
    walk(value, &mut left, &mut |part| match (change.checked_sub(OTHERS.len()), part) {
        (None, _) => Value::parse(OTHERS[change]).unwrap(),
        (Some(0), Value::Object(object)) => Value::object(object.iter().skip(1).map(|(k, v)| (k.clone(), v.clone()))),
        (Some(1), Value::Object(object)) => {
            let all_but_last = object.len().saturating_sub(1);
            Value::object(object.iter().take(all_but_last).map(|(k, v)| (k.clone(), v.clone())))
        }
        (Some(2), Value::Object(object)) => Value::from(object.with("unknown to all", Value::from(1))),
        (Some(3), Value::Object(object)) => {
            Value::object(object.iter().map(|(key, member)| (key.to_uppercase(), member.clone())))
        }
        // serde reads the fields of a struct from an array, too.
        (Some(4), Value::Object(object)) => Value::array(object.values().cloned()),
        (Some(5), Value::Object(object)) => {
            Value::object(object.keys().cloned().zip(object.values().skip(1).chain(object.values().take(1)).cloned()))
        }
        (Some(6), Value::Object(object)) => Value::object(object.iter().rev().map(|(k, v)| (k.clone(), v.clone()))),
        (Some(0), Value::Array(items)) => Value::array(items.iter().skip(1).cloned()),
        (Some(1), Value::Array(items)) => Value::array(items.iter().chain([&Value::Null]).cloned()),
        (Some(2), Value::Array(items)) => Value::array(items.iter().chain(items.iter().take(1)).cloned()),
        (Some(3), Value::Array(items)) => Value::array(items.iter().rev().cloned()),
        (Some(0), Value::String(text)) => Value::from(text.as_str().to_uppercase()),
        (Some(1), Value::String(text)) => Value::from(format!("{} ", text.as_str())),
        (_, part) => part.clone(),
    })
}

fn walk(value: &Value, left: &mut usize, change: &mut dyn FnMut(&Value) -> Value) -> Value {
    if *left == 0 {
        *left = usize::MAX;
        return change(value);
    }
    *left -= 1;
    match value {
        Value::Array(items) => Value::array(items.iter().map(|item| walk(item, left, change))),
        Value::Object(object) => {
            Value::object(object.iter().map(|(key, member)| (key.clone(), walk(member, left, change))))
        }
        other => other.clone(),
    }
}
