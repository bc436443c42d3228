//! The types of the language, and what a schema says of itself.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use crate::SfnData;
use crate::data::{Arrays, Data, Schema};

fn both_ways<T: Data + PartialEq + Debug>(datum: T, json: &str) {
    let value = datum.encode().unwrap();
    assert_eq!(value.to_json(), json);
    T::schema().check(&value).unwrap();
    assert_eq!(T::decode(&value).unwrap(), datum);
}

#[test]
fn values() {
    both_ways(u64::MAX, "18446744073709551615");
    both_ways(i64::MIN, "-9223372036854775808");
    both_ways('é', "\"é\"");
    both_ways('"', r#""\"""#);
    both_ways(Arc::new(Some(1u8)), "1");
    both_ways(Some(Box::new(vec![None, Some(1u8)])), "[null,1]");
    both_ways(BTreeMap::from([("b".to_owned(), 1u8), ("a".to_owned(), 2)]), r#"{"a":2,"b":1}"#);
    let many: HashMap<String, u8> = (0..9).map(|number| (format!("k{number}"), number)).collect();
    both_ways(many, r#"{"k0":0,"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8}"#);
}

#[test]
fn refusals() {
    fn check<T: Data>(json: &str) {
        let value = Value::parse(json).unwrap();
        assert!(T::decode(&value).is_err() && T::schema().check(&value).is_err(), "{json}");
    }
    check::<char>("\"\"");
    check::<char>("\"ab\"");
    check::<char>("1");
    check::<BTreeMap<String, u8>>(r#"{"a":-1}"#);
    check::<BTreeMap<String, u8>>("[]");
    check::<HashMap<String, u8>>("null");
    check::<Box<u8>>("256");
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct List(Vec<u8>);
#[derive(SfnData, Serialize, Deserialize, Clone)]
struct MaybeList(Option<List>);
#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent)]
struct Transparent {
    inner: MaybeSee,
}
#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent)]
struct MaybeSee(Option<u8>);
#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Pair(u8, u8);
#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Named {
    list: Vec<u8>,
}
#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Either {
    One(Vec<u8>),
    Two,
}
#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Filled<T> {
    #[serde(default)]
    with: T,
}

#[test]
fn arrays() {
    fn check<T: Data>(expected: Arrays) {
        let schema = T::schema();
        assert_eq!(schema.arrays(), expected, "{schema}");
        assert_eq!(schema.may_be_array(), expected != Arrays::Never, "{schema}");
    }
    check::<()>(Arrays::Never);
    check::<char>(Arrays::Never);
    check::<Option<String>>(Arrays::Never);
    check::<BTreeMap<String, Vec<u8>>>(Arrays::Never);
    check::<Named>(Arrays::Never);
    check::<Either>(Arrays::Never);
    check::<Vec<()>>(Arrays::Always);
    check::<Box<Vec<()>>>(Arrays::Always);
    check::<(u8,)>(Arrays::Always);
    check::<Pair>(Arrays::Always);
    check::<List>(Arrays::Always);
    check::<Option<List>>(Arrays::Sometimes);
    check::<MaybeList>(Arrays::Sometimes);
    check::<Value>(Arrays::Sometimes);
}

#[test]
fn options() {
    assert!(Option::<u8>::schema().is_option());
    assert!(Transparent::schema().is_option());
    assert!(!MaybeList::schema().is_option());
    assert!(!Value::schema().is_option());
}

/// The derive refuses such a type, a hand-written schema may be one.
#[test]
fn schemas_that_contain_nothing_but_themselves() {
    fn endless() -> Schema {
        Schema::Newtype { name: "Endless", field: "0", inner: endless, transparent: true }
    }
    assert!(endless().check(&Value::Null).is_err());
    assert!(!endless().is_option());
    assert_eq!(endless().arrays(), Arrays::Sometimes);
}

#[test]
fn defaults_of_generic_types() {
    let Schema::Structure(structure) = Filled::<u8>::schema() else { panic!("a struct") };
    assert_eq!(structure.fields[0].missing().unwrap()(), Some(Value::from(0)));
}

#[test]
fn names() {
    assert_eq!(Vec::<Either>::schema().to_string(), "Vec<Either>");
    assert_eq!(BTreeMap::<String, (char,)>::schema().to_string(), "Map<String, (char,)>");
}

/// serde_json writes `null` for such a float, which would be read as `None`.
#[test]
fn floats_that_json_has_not() {
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    struct Floats {
        maybe: Option<f64>,
        rest: Rest,
    }
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    enum Rest {
        Nothing,
        One(f64),
        Two(u8, Vec<(f64, String)>),
        Named { map: BTreeMap<String, f64> },
    }
    let all = |float: f64| {
        let map = BTreeMap::from([("a".to_owned(), float)]);
        let two = vec![(1.0, String::new()), (float, String::new())];
        let rests = [Rest::One(float), Rest::Two(1, two), Rest::Named { map }];
        let mut all: Vec<_> = rests.into_iter().map(|rest| Floats { maybe: None, rest }).collect();
        all.push(Floats { maybe: Some(float), rest: Rest::Nothing });
        all
    };
    for float in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for floats in all(float) {
            assert_eq!(floats.encode().unwrap_err().to_string(), format!("JSON has no number `{float}`"));
        }
    }
    assert!(all(f64::MAX).iter().all(|floats| floats.encode().is_ok()));
}

#[test]
fn maps_are_written_in_the_order_of_their_keys() {
    type Map = HashMap<String, u8>;
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    struct Maps {
        z: Map,
        list: Vec<(u8, Option<Map>)>,
        #[serde(flatten)]
        flat: Flat,
        variants: Vec<Variants>,
        internal: Vec<Internal>,
        adjacent: Vec<Adjacent>,
        boxed: Box<Deep>,
    }
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    struct Flat {
        y: Map,
    }
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    struct Deep(HashMap<String, Vec<Map>>);
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    enum Variants {
        Unit,
        New(Map),
        Two(u8, Map),
        Named { map: Map },
    }
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    #[serde(tag = "type")]
    enum Internal {
        New(Flat),
        Named { map: Map },
    }
    #[derive(SfnData, Serialize, Deserialize, Clone)]
    #[serde(tag = "t", content = "c")]
    enum Adjacent {
        New(Map),
        Two(u8, Map),
        Named { map: Map },
    }
    let map = || (0..9).map(|number| (format!("k{number}"), number)).collect::<Map>();
    let maps = Maps {
        z: map(),
        list: vec![(1, None), (2, Some(map()))],
        flat: Flat { y: map() },
        variants: vec![Variants::Unit, Variants::New(map()), Variants::Two(1, map()), Variants::Named { map: map() }],
        internal: vec![Internal::New(Flat { y: map() }), Internal::Named { map: map() }],
        adjacent: vec![Adjacent::New(map()), Adjacent::Two(1, map()), Adjacent::Named { map: map() }],
        boxed: Box::new(Deep(HashMap::from([("b".into(), vec![map()]), ("a".into(), vec![])]))),
    };
    let m = r#"{"k0":0,"k1":1,"k2":2,"k3":3,"k4":4,"k5":5,"k6":6,"k7":7,"k8":8}"#;
    let variants = format!(r#"["Unit",{{"New":{m}}},{{"Two":[1,{m}]}},{{"Named":{{"map":{m}}}}}]"#);
    let internal = format!(r#"[{{"type":"New","y":{m}}},{{"type":"Named","map":{m}}}]"#);
    let adjacent = format!(r#"[{{"t":"New","c":{m}}},{{"t":"Two","c":[1,{m}]}},{{"t":"Named","c":{{"map":{m}}}}}]"#);
    let expected = format!(
        r#"{{"z":{m},"list":[[1,null],[2,{m}]],"y":{m},"variants":{variants},"internal":{internal},"adjacent":{adjacent},"boxed":{{"a":[],"b":[{m}]}}}}"#
    );
    assert_eq!(maps.encode().unwrap().to_json(), expected);
}
