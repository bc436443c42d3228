//! What is read of structs, field by field: which members may be missing, and what they are read as.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use crate::SfnData;
use crate::data::{Data, Schema};

macro_rules! rules {
    ($($name:ident $rule:literal)*) => {$(
        #[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq, Default)]
        #[serde(rename_all = $rule)]
        struct $name {
            order_id: u8,
            a: u8,
            r#type: u8,
            with_2_digits: u8,
            trailing_: u8,
            _leading: u8,
            #[serde(rename = "As Said")]
            renamed: u8,
        }
    )*};
}
rules! {
    Lower "lowercase"
    Upper "UPPERCASE"
    Pascal "PascalCase"
    Camel "camelCase"
    Snake "snake_case"
    Screaming "SCREAMING_SNAKE_CASE"
    Kebab "kebab-case"
    ScreamingKebab "SCREAMING-KEBAB-CASE"
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields, rename = "Other")]
struct Presence {
    required: String,
    optional: Option<u32>,
    boxed: Box<Option<u32>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    #[serde(default)]
    list: Vec<bool>,
    #[serde(default = "seven")]
    number: i64,
    #[serde(default, skip_serializing_if = "std::option::Option::is_none", rename = "both")]
    all: Option<f64>,
    unit: (),
}

fn seven() -> i64 {
    7
}

fn presence() -> Presence {
    Presence {
        required: "r".into(),
        optional: Some(1),
        boxed: Box::new(Some(2)),
        skipped: Some("s".into()),
        list: vec![true],
        number: 8,
        all: Some(1.5),
        unit: (),
    }
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
#[serde(default)]
struct Defaults {
    name: String,
    #[serde(default)]
    count: u8,
}

impl Default for Defaults {
    fn default() -> Self {
        Defaults { name: "nobody".into(), count: 9 }
    }
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone, Debug, PartialEq)]
struct Tree {
    label: String,
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

/// Our schema names the members that serde writes, and tells which a reader can do without, and what it reads instead.
fn check<T: Data + JsonSchema + PartialEq + std::fmt::Debug>(sample: T) {
    let Schema::Structure(structure) = T::schema() else { panic!("{:?} is a structure", T::schema()) };
    let written = sample.encode().unwrap();
    let names: Vec<&str> = structure.fields.iter().map(|field| field.wire).collect();
    let keys: Vec<&str> = written.as_object().unwrap().keys().map(|key| &**key).collect();
    assert_eq!(names, keys, "{}", structure.name);
    assert_eq!(T::decode(&written).unwrap(), sample);

    let schemars = Value::from_data(&schemars::schema_for!(T)).unwrap();
    let mut properties: Vec<_> = schemars.get("properties").and_then(Value::as_object).unwrap().keys().collect();
    properties.sort();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(properties.iter().map(|key| &***key).collect::<Vec<_>>(), sorted, "{}", structure.name);
    let required = |name: &str| {
        let required = schemars.get("required").and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|value| value.as_str() == Some(name)))
    };

    for field in &structure.fields {
        let without = Value::from(written.as_object().unwrap().without(field.wire));
        let may_be_missing = field.default.is_some() || (field.schema)().is_option();
        assert_eq!(T::decode(&without).is_ok(), may_be_missing, "{}.{}", structure.name, field.name);
        assert_eq!(required(field.wire), !may_be_missing, "{}.{} in schemars", structure.name, field.name);
        if let Ok(read) = T::decode(&without) {
            let instead = read.encode().unwrap().get(field.wire).cloned().unwrap_or_default();
            let ours = field.default.map(|default| default().unwrap()).unwrap_or_default();
            assert_eq!(instead, ours, "{}.{}", structure.name, field.name);
        }
    }
}

#[test]
fn structures() {
    check(Lower::default());
    check(Upper::default());
    check(Pascal::default());
    check(Camel::default());
    check(Snake::default());
    check(Screaming::default());
    check(Kebab::default());
    check(ScreamingKebab::default());
    check(presence());
    check(Defaults { name: "a".into(), count: 1 });
    let leaf = Tree { label: "leaf".into(), children: vec![], parent: None };
    check(Tree { label: "root".into(), children: vec![leaf.clone()], parent: Some(Box::new(leaf)) });
}

#[test]
fn members_that_are_none_are_skipped_where_serde_skips_them() {
    let none = Presence { skipped: None, all: None, optional: None, ..presence() };
    let written = none.encode().unwrap();
    let Schema::Structure(structure) = Presence::schema() else { panic!("a structure") };
    for field in structure.fields {
        let is_written = written.as_object().unwrap().contains_key(field.wire);
        assert_eq!(is_written, !field.skipped_if_none, "{}", field.name);
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Newtype(Vec<u8>);

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Pair(String, Option<u8>);

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Marker;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Page<T> {
    items: Vec<T>,
}

#[test]
fn values_go_there_and_back() {
    fn check<T: Data + PartialEq + std::fmt::Debug>(datum: T, json: &str, schema: &str) {
        let value = datum.encode().unwrap();
        assert_eq!(value, Value::parse(json).unwrap());
        assert_eq!(T::decode(&value).unwrap(), datum);
        assert_eq!(T::schema().to_string(), schema);
    }
    check(u64::MAX, "18446744073709551615", "u64");
    check(i64::MIN, "-9223372036854775808", "i64");
    check(1.5, "1.5", "f64");
    check(true, "true", "bool");
    check("a\"b".to_owned(), r#""a\"b""#, "String");
    check((), "null", "()");
    check(Some(3u8), "3", "Option<u8>");
    check(None::<u8>, "null", "Option<u8>");
    check(vec![(1u8, "x".to_owned())], r#"[[1, "x"]]"#, "Vec<(u8, String)>");
    check((7usize,), "[7]", "(usize,)");
    check(Newtype(vec![1]), "[1]", "Newtype");
    check(Pair("a".into(), None), r#"["a", null]"#, "(String, Option<u8>)");
    check(Marker, "null", "()");
    check(Page { items: vec![Newtype(vec![])] }, r#"{"items": [[]]}"#, "Page");
    check(Value::parse("[{}]").unwrap(), "[{}]", "Value");
}

#[test]
fn what_is_no_such_datum() {
    fn refused<T: Data>(json: &str) {
        assert!(T::decode(&Value::parse(json).unwrap()).is_err(), "{json} is no {}", T::schema());
    }
    refused::<u8>("256");
    refused::<u8>("-1");
    refused::<i64>("1.5");
    refused::<String>("1");
    refused::<()>("{}");
    refused::<bool>("null");
    refused::<(u8, u8)>("[1]");
    refused::<Vec<u8>>("{}");
    refused::<Defaults>("\"text\"");
    assert!(f64::NAN.encode().is_err());
    assert!(vec![f64::INFINITY].encode().is_err());
}
