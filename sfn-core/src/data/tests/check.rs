//! What a value that has another shape is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use crate::SfnData;
use crate::data::Data;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    items: Vec<Item>,
    state: State,
    #[serde(default)]
    labels: BTreeMap<String, char>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct Item {
    cents: u8,
    size: Option<(u8, u8)>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type")]
enum State {
    Open,
    Closed { by: Why },
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Why {
    Age,
    Person(String),
}

fn check<T: Data>(value: &str, expected: &[&str]) {
    let found = T::schema().check(&Value::parse(value).unwrap()).unwrap_err();
    let found: Vec<_> = found.found.iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn texts() {
    check::<Order>("[]", &["expected an object, `Order`, found an array of 0"]);
    check::<Order>(
        r#"{"items": [{"cents": 1}, {"cents": 256, "size": [1]}, {"sents": 1}], "state": {}, "labels": {"a b": "ab"}}"#,
        &[
            "the member `orderId` is missing",
            "`items[1].cents`: expected a whole number from 0 to 255, found the number 256",
            "`items[1].size`: expected an array of 2, found one of 1",
            "`items[2]`: the member `cents` is missing",
            "`items[2]`: the member `sents` is unknown",
            "`state`: the member `type` is missing, which names the variant of `State`",
            "`labels.a b`: expected a string of one character, found the string \"ab\"",
        ],
    );
    check::<State>(r#"{"type": "open"}"#, &["`type`: `State` has no variant `open`, it has `Open`, `Closed`"]);
    check::<State>(r#"{"type": 0}"#, &["`type`: expected the name of a variant of `State`, found the number 0"]);
    check::<State>(r#"{"type": "Closed", "by": "Person"}"#, &["`by`: `Person` is no variant without fields of `Why`"]);
    check::<Why>(r#"{"Age": null}"#, &["the variant `Age` is written as a string"]);
    check::<Why>(r#"{"Person": null}"#, &["`Person`: expected a string, found null"]);
    check::<Why>("{}", &["expected a variant of `Why`: a string or an object of one member, found an object"]);
    check::<Why>(r#""Old""#, &["`Why` has no variant `Old`, it has `Age`, `Person`"]);
    check::<i64>(
        "9223372036854775808",
        &[
            "expected a whole number from -9223372036854775808 to 9223372036854775807, found the number 9223372036854775808",
        ],
    );
    check::<bool>(
        &format!("\"{}\"", "x".repeat(100)),
        &["expected a truth value, found the string \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\""],
    );
}

#[test]
fn many_findings_are_counted() {
    let value = Value::array((0..100).map(Value::from));
    let found = Vec::<String>::schema().check(&value).unwrap_err();
    assert_eq!((found.found.len(), found.more), (20, 80));
    assert!(found.to_string().ends_with("; and 80 more"), "{found}");
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Nest(Vec<Nest>);

#[test]
fn depth_is_bounded() {
    let nested = |levels: usize| Value::parse(&format!("{}{}", "[".repeat(levels), "]".repeat(levels))).unwrap();
    Nest::schema().check(&nested(127)).unwrap();
    assert!(Nest::decode(&nested(127)).is_ok());
    check::<Nest>(&nested(128).to_json(), &["data that nests deeper than 127 levels is not read"]);
    assert!(Nest::decode(&nested(128)).is_err());
    Value::schema().check(&nested(127)).unwrap();
    check::<Value>(&nested(128).to_json(), &["data that nests deeper than 127 levels is not read"]);
}
