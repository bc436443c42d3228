//! The types.

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use super::{Case, case};
use crate::SfnData;

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Plain {
    yes: bool,
    small: u8,
    signed: i16,
    large: u64,
    word: usize,
    signed_word: isize,
    float: f64,
    letter: char,
    text: String,
    maybe: Option<String>,
    list: Vec<u32>,
    nested: Vec<Vec<i8>>,
    pair: (u8, String),
    pairs: Vec<(u8, Option<bool>)>,
    whole: (i32, i64),
    nothing: (),
    boxed: Box<u8>,
    counts: BTreeMap<String, u16>,
    by_name: HashMap<String, Vec<bool>>,
    maybe_list: Option<Vec<Option<u8>>>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "camelCase")]
struct Camel {
    order_id: u8,
    r#type: String,
    #[serde(rename = "a b`c\"d")]
    odd: u8,
    _under_score: u8,
    x2_y: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "PascalCase")]
struct Pascal {
    order_id: u8,
    x: u8,
    long_name_here: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "UPPERCASE")]
struct Upper {
    order_id: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "lowercase")]
struct Lower {
    order_id: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "snake_case")]
struct Snake {
    order_id: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
struct Screaming {
    order_id: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "kebab-case")]
struct Kebab {
    order_id: u8,
    #[serde(rename(serialize = "both", deserialize = "both"))]
    one: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all(serialize = "SCREAMING-KEBAB-CASE", deserialize = "SCREAMING-KEBAB-CASE"))]
struct ScreamingKebab {
    order_id: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename = "Other", deny_unknown_fields)]
struct Closed {
    a: u8,
    b: Option<u8>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(default)]
struct AllDefault {
    a: u8,
    b: Option<String>,
    c: Vec<u8>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(default = "filled")]
struct FromFunction {
    a: u8,
    #[serde(default)]
    b: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Defaults {
    #[serde(default)]
    a: u8,
    #[serde(default = "seven")]
    b: u8,
    #[serde(default = "seven_maybe")]
    c: Option<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    d: Option<u8>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    e: Option<Vec<u8>>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Skips {
    #[serde(skip)]
    hidden: u8,
    seen: u8,
    #[serde(skip_serializing, skip_deserializing)]
    both: Option<u8>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Flat {
    before: u8,
    #[serde(flatten)]
    inner: Box<Inner>,
    after: u8,
    #[serde(flatten)]
    camel: Pascal,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Inner {
    a: u8,
    #[serde(default)]
    b: Vec<u8>,
    c: Option<u8>,
    #[serde(flatten)]
    deep: Deep,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Deep {
    #[serde(rename = "deepest")]
    d: String,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(transparent)]
struct See {
    inner: Option<u8>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(transparent)]
struct SeeUnnamed(Vec<u8>);

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(transparent)]
struct SeeOne {
    kept: String,
    #[serde(skip)]
    gone: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Newtype(u16);

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct NewtypeOption(Option<u8>);

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Pair(u8, Vec<u8>);

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct NoItems();

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Holder {
    see: See,
    unnamed: SeeUnnamed,
    one: SeeOne,
    newtype: Newtype,
    option: NewtypeOption,
    pair: Pair,
    none: NoItems,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Tree {
    name: String,
    children: Vec<Tree>,
    parent: Option<Box<Tree>>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Page<T> {
    #[serde(default)]
    items: Vec<T>,
    next: Option<T>,
    first: T,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Around<T> {
    #[serde(flatten)]
    inner: T,
    count: u8,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
enum Units {
    Running,
    Done,
    #[serde(rename = "not \"known\"")]
    Unknown,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "camelCase")]
enum External {
    NoFields,
    OneField(String),
    OneOption(Option<u8>),
    OneUnit(()),
    OneList(Vec<u8>),
    TwoFields(u8, Vec<u8>),
    NoItems(),
    NamedFields {
        first_one: u8,
        b: Option<u8>,
    },
    EmptyNamed {},
    #[serde(rename = "my-own`name")]
    Renamed(Box<External>),
    Nested(Units),
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase", deny_unknown_fields)]
enum ExternalClosed {
    NamedFields {
        first_one: u8,
        #[serde(default)]
        second_one: u8,
    },
    #[serde(rename_all = "kebab-case")]
    OtherFields {
        first_one: u8,
    },
    HTTPCall,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Internal {
    NoFields,
    NamedFields {
        a: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        b: Option<String>,
    },
    EmptyNamed {},
    OneStruct(Inner),
    OneBox(Box<Closed>),
    Flattened {
        #[serde(flatten)]
        inner: Deep,
        x: Vec<Internal>,
    },
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(tag = "my kind", rename_all = "snake_case", deny_unknown_fields)]
enum InternalClosed {
    NoFields,
    NamedFields { a_b: u8 },
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(tag = "t", content = "c", rename_all = "kebab-case")]
enum Adjacent {
    NoFields,
    OneField(String),
    OneOption(Option<u8>),
    OneList(Vec<Vec<u8>>),
    OneSee(See),
    TwoFields(u8, Vec<u8>),
    NamedFields {
        first_one: u8,
        #[serde(default = "seven")]
        b: u8,
    },
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(tag = "t", content = "the content", rename_all = "UPPERCASE", deny_unknown_fields)]
enum AdjacentClosed {
    NoFields,
    OneField(u8),
    NamedFields { a: u8 },
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "PascalCase")]
enum PascalUnits {
    OneTwo,
    Three,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
enum ScreamingUnits {
    OneTwo,
    Three,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Everything {
    units: Units,
    many: Vec<External>,
    maybe: Option<Internal>,
    by_key: BTreeMap<String, Adjacent>,
}

#[derive(SfnData, Serialize, Deserialize, JsonSchema, Clone)]
struct Nothing;

impl Default for AllDefault {
    fn default() -> Self {
        AllDefault { a: 9, b: Some("b".into()), c: vec![1] }
    }
}

fn filled() -> FromFunction {
    FromFunction { a: 5, b: 6 }
}

fn seven() -> u8 {
    7
}

fn seven_maybe() -> Option<u8> {
    Some(7)
}

fn inner() -> Inner {
    Inner { a: 1, b: vec![2], c: None, deep: Deep { d: "deep".into() } }
}

fn plain() -> Plain {
    Plain {
        yes: true,
        small: 255,
        signed: -32_768,
        large: u64::MAX,
        word: 0,
        signed_word: i64::MIN as isize,
        float: 1.5,
        letter: '😀',
        text: "text \"quoted\"".into(),
        maybe: None,
        list: vec![1],
        nested: vec![vec![1]],
        pair: (1, "two".into()),
        pairs: vec![(1, None), (2, Some(true))],
        whole: (i32::MIN, i64::MAX),
        nothing: (),
        boxed: Box::new(8),
        counts: BTreeMap::from([("a".into(), 1), ("b c".into(), 2)]),
        by_name: HashMap::from([("x".into(), vec![true])]),
        maybe_list: Some(vec![None, Some(1)]),
    }
}

fn tree() -> Tree {
    let leaf = |name: &str| Tree { name: name.into(), children: Vec::new(), parent: None };
    Tree { name: "root".into(), children: vec![leaf("a"), leaf("b")], parent: Some(Box::new(leaf("above"))) }
}

fn external() -> Vec<External> {
    vec![
        External::NoFields,
        External::OneField("x".into()),
        External::OneOption(None),
        External::OneOption(Some(3)),
        External::OneUnit(()),
        External::OneList(Vec::new()),
        External::OneList(vec![1]),
        External::TwoFields(1, vec![]),
        External::NoItems(),
        External::NamedFields { first_one: 1, b: None },
        External::EmptyNamed {},
        External::Renamed(Box::new(External::NoFields)),
        External::Nested(Units::Done),
    ]
}

fn internal() -> Vec<Internal> {
    vec![
        Internal::NoFields,
        Internal::NamedFields { a: 1, b: None },
        Internal::NamedFields { a: 1, b: Some("b".into()) },
        Internal::EmptyNamed {},
        Internal::OneStruct(inner()),
        Internal::OneBox(Box::new(Closed { a: 1, b: None })),
        Internal::Flattened { inner: Deep { d: "d".into() }, x: vec![Internal::NoFields] },
    ]
}

fn adjacent() -> Vec<Adjacent> {
    vec![
        Adjacent::NoFields,
        Adjacent::OneField("x".into()),
        Adjacent::OneOption(None),
        Adjacent::OneOption(Some(1)),
        Adjacent::OneList(vec![vec![1]]),
        Adjacent::OneSee(See { inner: None }),
        Adjacent::TwoFields(1, vec![2]),
        Adjacent::NamedFields { first_one: 1, b: 2 },
    ]
}

/// All of them.
pub(super) fn cases() -> Vec<Case> {
    vec![
        case(vec![plain()]),
        case(vec![Camel { order_id: 1, r#type: "t".into(), odd: 2, _under_score: 3, x2_y: 4 }]),
        case(vec![Pascal { order_id: 1, x: 2, long_name_here: 3 }]),
        case(vec![Upper { order_id: 1 }]),
        case(vec![Lower { order_id: 1 }]),
        case(vec![Snake { order_id: 1 }]),
        case(vec![Screaming { order_id: 1 }]),
        case(vec![Kebab { order_id: 1, one: 2 }]),
        case(vec![ScreamingKebab { order_id: 1 }]),
        case(vec![Closed { a: 1, b: Some(2) }]),
        case(vec![AllDefault { a: 1, b: None, c: vec![] }]),
        case(vec![FromFunction { a: 1, b: 2 }]),
        case(vec![
            Defaults { a: 1, b: 2, c: None, d: None, e: None },
            Defaults { a: 1, b: 2, c: Some(3), d: Some(4), e: Some(vec![5]) },
        ]),
        case(vec![Skips { hidden: 0, seen: 1, both: None }]),
        case(vec![Flat {
            before: 1,
            inner: Box::new(inner()),
            after: 2,
            camel: Pascal { order_id: 1, x: 2, long_name_here: 3 },
        }]),
        case(vec![inner()]),
        case(vec![See { inner: None }, See { inner: Some(1) }]),
        case(vec![Newtype(1)]),
        case(vec![Pair(1, vec![2])]),
        case(vec![NoItems()]),
        case(vec![Nothing]),
        case(vec![Holder {
            see: See { inner: None },
            unnamed: SeeUnnamed(vec![1]),
            one: SeeOne { kept: "kept".into(), gone: 0 },
            newtype: Newtype(1),
            option: NewtypeOption(None),
            pair: Pair(1, vec![]),
            none: NoItems(),
        }]),
        case(vec![tree()]),
        case(vec![Page { items: vec![tree().name], next: None, first: "first".into() }]),
        case(vec![Around { inner: Deep { d: "d".into() }, count: 1 }]),
        case(vec![Units::Running, Units::Done, Units::Unknown]),
        case(external()),
        case(vec![
            ExternalClosed::NamedFields { first_one: 1, second_one: 2 },
            ExternalClosed::OtherFields { first_one: 1 },
            ExternalClosed::HTTPCall,
        ]),
        case(internal()),
        case(vec![InternalClosed::NoFields, InternalClosed::NamedFields { a_b: 1 }]),
        case(adjacent()),
        case(vec![AdjacentClosed::NoFields, AdjacentClosed::OneField(1), AdjacentClosed::NamedFields { a: 1 }]),
        case(vec![PascalUnits::OneTwo, PascalUnits::Three]),
        case(vec![ScreamingUnits::OneTwo, ScreamingUnits::Three]),
        case(vec![Everything {
            units: Units::Done,
            many: external(),
            maybe: internal().pop(),
            by_key: BTreeMap::from([("k".into(), Adjacent::NoFields)]),
        }]),
    ]
}

#[test]
fn what_is_skipped_is_read_as_its_default() {
    let read: Skips = Value::parse(r#"{"hidden": 1, "seen": 2, "both": 3}"#).unwrap().to_data().unwrap();
    assert_eq!((read.hidden, read.seen, read.both), (0, 2, None));
    let read: SeeOne = Value::from("kept").to_data().unwrap();
    assert_eq!((&*read.kept, read.gone), ("kept", 0));
}
