//! The words in which a document asks for variants and their fields.

use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use super::agreement::{evaluate, holds};
use crate::SfnData;
use crate::data::{Data, Enumeration, Part, Schema, Step, Template, Variant};

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum JobState {
    Running,
    Done { url: String, note: Option<String> },
    Failed(String),
    Moved(u8, Vec<Vec<u8>>),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Command {
    Refund {
        cents: u32,
    },
    Ping,
    Copy(Target),
    Move {
        #[serde(flatten)]
        target: Target,
    },
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Target {
    #[serde(default)]
    to: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "the type", content = "in`side")]
enum Adjacent {
    #[serde(rename = "a \"quoted\" one")]
    Quoted(Option<u8>),
    Empty,
    Two(u8, u8),
}

fn enumeration<T: Data>() -> Enumeration {
    match T::schema() {
        Schema::Enumeration(enumeration) => enumeration,
        other => panic!("{other} is no enum"),
    }
}

fn with<T: Data>(variant: &str, show: impl Fn(&Enumeration, &Variant) -> String) -> String {
    let enumeration = enumeration::<T>();
    show(&enumeration, enumeration.variant(variant).unwrap())
}

#[test]
fn tests() {
    fn check<T: Data>(variant: &str, expected: &str) {
        assert_eq!(with::<T>(variant, |enumeration, variant| enumeration.test(variant, "$states.input.x")), expected);
    }
    check::<JobState>("Running", r#"$states.input.x = "Running""#);
    check::<JobState>("Done", r#"$type($states.input.x) = "object" and $exists($states.input.x.Done)"#);
    check::<JobState>("Failed", r#"$type($states.input.x) = "object" and $exists($states.input.x.Failed)"#);
    check::<Command>("Refund", r#"$states.input.x.kind = "refund""#);
    check::<Command>("Ping", r#"$states.input.x.kind = "ping""#);
    check::<Adjacent>("Quoted", r#"$states.input.x.`the type` = "a \"quoted\" one""#);
    check::<Adjacent>("Empty", r#"$states.input.x.`the type` = "Empty""#);
}

#[test]
fn a_test_is_true_or_false_for_any_value() {
    let values = [
        "null",
        "true",
        "0",
        "\"\"",
        "\"Running\"",
        "\"ping\"",
        "[]",
        "[\"Running\"]",
        "[[]]",
        "[null]",
        "[1,2]",
        "{}",
        "{\"kind\":null}",
        "{\"kind\":[]}",
        "{\"kind\":{}}",
        "{\"kind\":\"ping\"}",
        "{\"Done\":null}",
        "{\"Done\":[]}",
        "{\"Done\":{}}",
        "{\"Failed\":\"\"}",
        "{\"Moved\":[1,[]]}",
        "{\"the type\":\"Empty\"}",
        "{\"Other\":1}",
    ];
    for text in values {
        let value = Value::parse(text).unwrap();
        for enumeration in [enumeration::<JobState>(), enumeration::<Command>(), enumeration::<Adjacent>()] {
            let holding: Vec<_> = enumeration
                .variants
                .iter()
                .filter(|variant| holds(&enumeration.test(variant, "$x"), &value))
                .map(|variant| variant.name)
                .collect();
            let passes = Schema::Enumeration(enumeration.clone()).check(&value).is_ok();
            assert!(holding.len() <= 1, "{text}: {holding:?}");
            assert!(!passes || holding.len() == 1, "{text} is a {} but no test holds", enumeration.name);
        }
    }
    // A missing value is no variant either.
    for enumeration in [enumeration::<JobState>(), enumeration::<Command>(), enumeration::<Adjacent>()] {
        for variant in &enumeration.variants {
            assert!(!holds(&enumeration.test(variant, "$x.missing"), &Value::empty_object()), "{}", variant.name);
        }
    }
}

#[test]
fn places() {
    fn check<T: Data>(variant: &str, field: &str, expected: &str) {
        let shown = with::<T>(variant, |enumeration, variant| match enumeration.place(variant, field) {
            None => "nowhere".into(),
            Some(place) => {
                let missing =
                    place.missing.map_or(String::new(), |missing| format!(" or {}", missing().unwrap().to_json()));
                let shared = if place.shared { ", shared" } else { "" };
                format!("{}: {}{missing}{shared}", place.on("$x"), (place.schema)())
            }
        });
        assert_eq!(shown, expected);
    }
    check::<JobState>("Running", "0", "nowhere");
    check::<JobState>("Done", "url", "$x.Done.url: String");
    check::<JobState>("Done", "note", "$x.Done.note: Option<String> or null");
    check::<JobState>("Done", "0", "nowhere");
    check::<JobState>("Failed", "0", "$x.Failed: String");
    check::<JobState>("Failed", "1", "nowhere");
    check::<JobState>("Moved", "1", "$x.Moved[1]: Vec<Vec<u8>>");
    check::<JobState>("Moved", "2", "nowhere");
    check::<Command>("Refund", "cents", "$x.cents: u32");
    check::<Command>("Copy", "0", "$x: Target, shared");
    check::<Command>("Move", "target", "$x: Target, shared");
    check::<Adjacent>("Quoted", "0", "$lookup($x, \"in`side\"): Option<u8> or null");
    check::<Adjacent>("Two", "1", "$lookup($x, \"in`side\")[1]: u8");
    assert!(enumeration::<JobState>().variant("Nowhere").is_none());
}

#[test]
fn payloads() {
    fn check<T: Data>(variant: &str, expected: Option<&[Step]>) {
        let enumeration = enumeration::<T>();
        assert_eq!(enumeration.payload(enumeration.variant(variant).unwrap()).as_deref(), expected);
    }
    check::<JobState>("Running", None);
    check::<JobState>("Moved", Some(&[Step::Member("Moved")]));
    check::<Command>("Ping", None);
    check::<Command>("Copy", Some(&[]));
    check::<Adjacent>("Two", Some(&[Step::Member("in`side")]));
}

#[test]
fn templates() {
    fn check<T: Data>(variant: &str, expected: Template) {
        let enumeration = enumeration::<T>();
        assert_eq!(enumeration.template(enumeration.variant(variant).unwrap()), expected);
    }
    let tag = |key, wire| Part::Tag { key, wire };
    check::<JobState>("Running", Template::Text("Running"));
    check::<JobState>("Done", Template::Object(vec![Part::Payload { key: "Done" }]));
    check::<Command>("Ping", Template::Object(vec![tag("kind", "ping")]));
    check::<Command>("Refund", Template::Object(vec![tag("kind", "refund"), Part::Members]));
    check::<Adjacent>("Empty", Template::Object(vec![tag("the type", "Empty")]));
    check::<Adjacent>("Two", Template::Object(vec![tag("the type", "Two"), Part::Payload { key: "in`side" }]));
}

/// JSONata flattens arrays of one item in many places; a path to a payload is none of them.
#[test]
fn lists_arrive_as_they_are() {
    for list in ["[]", "[1]", "[[1]]", "[[]]", "[[[1]]]", "[[1],[2]]", "null", "[null]"] {
        let list = Value::parse(list).unwrap();
        let at = |value: Value, path: &str| assert_eq!(evaluate(path, &value), Some(list.clone()), "{path}");
        at(Value::object([("Moved", list.clone())]), "$x.Moved");
        at(Value::object([("Moved", Value::array([Value::from(1), list.clone()]))]), "$x.Moved[1]");
        at(Value::object([("a", Value::object([("b c", list.clone())]))]), "$x.a.`b c`");
        at(Value::object([("in`side", list.clone())]), "$lookup($x, \"in`side\")");
    }
}
