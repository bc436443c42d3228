use proptest::prelude::*;

use super::*;
use crate::query::{Environment, NoEnvironment, Random};

const DOCUMENT: &str = r#"{
    "a": {"b": 1, "c": [10, 20, 30, 40], "t": "text", "n": null, "x y": true, "f": 1.5},
    "items": [{"k": "x", "v": 1, "tags": ["p", "q"]}, {"k": "y", "v": 2, "tags": []}, {"v": 3, "w": {"k": "z"}}],
    "empty": [], "null": null, "text": "word", "number": 7
}"#;

struct Fixture;

impl Environment for Fixture {
    fn variable(&self, name: &str) -> Option<Value> {
        (name == "v").then(|| Value::parse(r#"{"b": [1, {"c": 2}]}"#).unwrap())
    }

    fn context(&self) -> Value {
        Value::parse(r#"{"Execution": {"Id": "e"}}"#).unwrap()
    }
}

fn evaluate(path: &str, document: &str, budget: &Budget) -> Result<Option<Value>, PathError> {
    let input = Value::parse(document).unwrap();
    let random = Random::new(1);
    let scope = Scope {
        input: &input,
        result: None,
        error_output: None,
        environment: &Fixture,
        now: 0,
        random: &random,
        budget,
    };
    Path::parse(path).unwrap_or_else(|error| panic!("{path}: {error} at {}", error.offset)).evaluate_present(&scope)
}

/// Each row: a path and the JSON it selects in the document, or `!` and the error text.
fn check(rows: &[(&str, &str)]) {
    check_in(DOCUMENT, rows);
}

fn check_in(document: &str, rows: &[(&str, &str)]) {
    for (path, expected) in rows {
        let actual = match evaluate(path, document, &Budget::default()) {
            Ok(Some(value)) => value.to_json(),
            Ok(None) => "absent".to_owned(),
            Err(error) => format!("!{error}"),
        };
        assert_eq!(actual, *expected, "{path}");
    }
}

#[test]
fn definite_paths_select_one_place() {
    check(&[
        ("$.a.b", "1"),
        ("$['a']['b']", "1"),
        ("$[\"a\"].b", "1"),
        ("$.a['x y']", "true"),
        ("$.a.c[0]", "10"),
        ("$.a.c[-1]", "40"),
        ("$.a.c[ 1 ]", "20"),
        ("$.a.n", "null"),
        ("$.null", "null"),
        ("$.items.[0].v", "1"),
        ("$.['a'].['b']", "1"),
        ("$.a.c[(@.length-1)]", "40"),
        (" $.a.b ", "1"),
        ("$$.Execution.Id", r#""e""#),
        ("$$", r#"{"Execution":{"Id":"e"}}"#),
        ("$v.b[1].c", "2"),
        ("$v['b'][0]", "1"),
        ("$v", r#"{"b":[1,{"c":2}]}"#),
        ("$.a.c[4]", "absent"),
        ("$.a.c[-5]", "absent"),
        ("$.empty[0]", "absent"),
    ]);
    assert!(evaluate("$", DOCUMENT, &Budget::default()).unwrap().unwrap() == Value::parse(DOCUMENT).unwrap());
}

#[test]
fn names_are_taken_as_written() {
    check_in(
        r#"{"a-b": 1, "détail": 2, "a$b": 3, "Test\\\"\"Name\"": 4, "it's": 5, "a\\b": 6, "a.b": 7, "": 8, "0x": 9, "@": 10, "end\\\\": 11}"#,
        &[
            ("$.a-b", "1"),
            ("$.détail", "2"),
            ("$.a$b", "3"),
            (r#"$['Test\""Name"']"#, "4"),
            (r"$['it\'s']", "5"),
            (r#"$["it's"]"#, "5"),
            (r"$['a\b']", "6"),
            (r"$['end\\']", "11"),
            ("$['a.b']", "7"),
            ("$['']", "8"),
            ("$.0x", "9"),
            ("$.@", "10"),
        ],
    );
}

#[test]
fn definite_paths_say_why_they_lead_nowhere() {
    let expected = |property: &str, path: &str, class: &str| {
        format!(
            "!Expected to find an object with property ['{property}'] in path {path} but found '{class}'. This is not a \
             json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'."
        )
    };
    check(&[
        ("$.x", "!No results for path: $['x']"),
        ("$.a.x", "!No results for path: $['a']['x']"),
        ("$.x.y", "!Missing property in path $['x']"),
        ("$.a.x.y", "!Missing property in path $['a']['x']"),
        ("$.items[0].x", "!No results for path: $['items'][0]['x']"),
        ("$.items[-1].x", "!No results for path: $['items'][-1]['x']"),
        ("$$.Map", "!No results for path: $['Map']"),
        ("$v.x", "!No results for path: $['x']"),
        ("$missing.x", "!No results for path: $['missing']"),
        ("$.a.t.x", &expected("x", "$['a']['t']", "java.lang.String")),
        ("$.a.b.x", &expected("x", "$['a']['b']", "java.lang.Integer")),
        ("$.a.f.x", &expected("x", "$['a']['f']", "java.lang.Double")),
        ("$.a.n.x", &expected("x", "$['a']['n']", "null")),
        ("$.a.c.x", &expected("x", "$['a']['c']", "com.fasterxml.jackson.databind.node.ArrayNode")),
        ("$.a.c[0].x", &expected("x", "$['a']['c'][0]", "com.fasterxml.jackson.databind.node.IntNode")),
        ("$.a.c[9].x", &expected("x", "$['a']['c'][9]", "null")),
        ("$.null[0]", "!The path $['null'] is null"),
        ("$.text[0]", "!Filter: [0] can only be applied to arrays. Current context is: word"),
        ("$.a.c[0][1]", "!Filter: [1] can only be applied to arrays. Current context is: 10"),
    ]);
}

#[test]
fn indefinite_paths_select_lists() {
    check(&[
        ("$.items[*].v", "[1,2,3]"),
        ("$.items.*.v", "[1,2,3]"),
        ("$.items[*].k", r#"["x","y"]"#),
        ("$.items[*].tags[*]", r#"["p","q"]"#),
        ("$.items[*].tags[0]", r#"["p",null]"#),
        ("$.a.c[*]", "[10,20,30,40]"),
        ("$.a.*", r#"[1,[10,20,30,40],"text",null,true,1.5]"#),
        ("$.number[*]", "[]"),
        ("$.x[*]", "[]"),
        ("$.x[*].y", "[]"),
        ("$.x.y[1:5]", "[]"),
        ("$.number.x[*]", "[]"),
        ("$.text[?(@.a)]", "[]"),
        ("$.a.c[0,2]", "[10,30]"),
        ("$.a.c[0, -1]", "[10,40]"),
        ("$.a['b','t']", r#"{"b":1,"t":"text"}"#),
        ("$.a['b','zz']", r#"{"b":1}"#),
        ("$.items[*]['k','v']", r#"[{"k":"x","v":1},{"k":"y","v":2},{"v":3}]"#),
        ("$.[*].['b']", "[1]"),
        ("$['a','items'].b", "[1]"),
        ("$.a.c[1:3]", "[20,30]"),
        ("$.a.c[1:]", "[20,30,40]"),
        ("$.a.c[:2]", "[10,20]"),
        ("$.a.c[-2:]", "[30,40]"),
        ("$.a.c[:-1]", "[10,20,30]"),
        ("$.a.c[0:-1]", "[]"),
        ("$.a.c[-3:-1]", "[20,30]"),
        ("$.a.c[:]", "[10,20,30,40]"),
        ("$.a.c[2:99]", "[30,40]"),
        ("$.a.c[9:]", "[]"),
        ("$.a.c[0:4:2]", "[10,20,30,40]"),
        ("$.empty[1:]", "[]"),
        ("$.a[1:]", "[]"),
    ]);
}

#[test]
fn descent_reaches_every_depth() {
    check(&[
        ("$..k", r#"["x","y","z"]"#),
        ("$.items..k", r#"["x","y","z"]"#),
        ("$..tags[0]", r#"["p",null]"#),
        ("$..w.k", r#"["z"]"#),
        ("$..['k','v']", r#"[{"k":"x","v":1},{"k":"y","v":2}]"#),
        ("$.items..[0]", r#"[{"k":"x","v":1,"tags":["p","q"]},"p",null]"#),
        ("$.items[0]..*", r#"["x",1,["p","q"],"p","q"]"#),
        ("$.items..[?(@.k == 'z')]", r#"[{"k":"z"}]"#),
        ("$..[?(@.v > 1)].v", "[2,3]"),
        ("$..missing", "[]"),
    ]);
    // Parents come before what stands in them.
    check_in(r#"{"a": {"a": {"a": 1}}, "b": [{"a": 2}]}"#, &[("$..a", r#"[{"a":{"a":1}},{"a":1},1,2]"#)]);
}

#[test]
fn filters_compare() {
    let rows = [
        ("@.v == 1", "[1]"),
        ("@.v==1", "[1]"),
        ("@.v != 1", "[2,3]"),
        ("@.v < 2", "[1]"),
        ("@.v <= 2", "[1,2]"),
        ("@.v > 2", "[3]"),
        ("@.v >= 2", "[2,3]"),
        ("@.v > 1 && @.k == 'y'", "[2]"),
        ("@.v == 1 || @.v == 3", "[1,3]"),
        ("@.v == 1 || @.v == 2 && @.k == 'x'", "[1]"),
        ("(@.v == 1 || @.v == 2) && @.k == 'y'", "[2]"),
        ("!(@.v == 1)", "[2,3]"),
        ("@.k", "[1,2]"),
        ("!@.k", "[3]"),
        ("@.w.k", "[3]"),
        ("@['k'] == \"x\"", "[1]"),
        ("@.k==x", "[1]"),
        ("'x' == @.k", "[1]"),
        ("@.k != 'x'", "[2,3]"),
        ("@.k == null", "[]"),
        ("@.k =~ /X/i", "[1]"),
        ("@.k =~ /[xy]/", "[1,2]"),
        ("@.k =~ /x./", "[]"),
        ("@.tags =~ /p/", "[1]"),
        ("/1|2/ =~ @.v", "[1,2]"),
        ("@.k in ['x','z']", "[1]"),
        ("@.k nin ['x','z']", "[2,3]"),
        ("@.k IN [\"x\"]", "[1]"),
        ("@.tags contains 'p'", "[1]"),
        ("@.tags size 2", "[1]"),
        ("@.tags empty true", "[2]"),
        ("@.tags empty false", "[1]"),
        ("@.tags subsetof ['p','q','r']", "[1,2]"),
        ("@.tags anyof ['q']", "[1]"),
        ("@.tags noneof ['q']", "[2]"),
        ("@.tags all ['p','q']", "[1]"),
        ("@.tags == ['p','q']", "[1]"),
        ("@.w == {'k': 'z'}", "[3]"),
        ("@.v == '1'", "[1]"),
        ("@.v === '1'", "[]"),
        ("@.v === 1", "[1]"),
        ("@.v !== '1'", "[1,2,3]"),
        ("@.v == $.a.b", "[1]"),
        ("@.v < $.number", "[1,2,3]"),
        ("@.v < $.missing", "[]"),
        ("@.v != $.missing", "[1,2,3]"),
        ("@.tags.length() == 2", "[1]"),
        ("@.tags[?(@ == 'p')]", "[1,2]"),
        ("@.k < 'y'", "[1]"),
        ("@.k < 1", "[]"),
        ("@.v == 1.0", "[1]"),
        ("@.v > -1", "[1,2,3]"),
        ("@", "[1,2,3]"),
    ];
    for (filter, expected) in rows {
        check(&[(&format!("$.items[?({filter})].v"), expected)]);
    }
    check(&[
        ("$.a.c[?(@ > 15)]", "[20,30,40]"),
        ("$.a[?(@.b == 1)].t", r#"["text"]"#),
        ("$.a[?(@.b == 2)].t", "[]"),
        ("$.a.c[ ?( @ > 15 ) ]", "[20,30,40]"),
        ("$.[?(@.number == 7)].text", r#"["word"]"#),
    ]);
}

#[test]
fn functions_compute() {
    check(&[
        ("$.a.c.length()", "4"),
        ("$.a.length()", "6"),
        ("$.text.length()", "null"),
        ("$.length($.items)", "3"),
        ("$.a.c.min()", "10.0"),
        ("$.a.c.max()", "40.0"),
        ("$.a.c.sum()", "100.0"),
        ("$.a.c.avg()", "25.0"),
        ("$.items[0].keys()", r#"["k","v","tags"]"#),
        ("$.a.c.first()", "10"),
        ("$.a.c.last()", "40"),
        ("$.a.c.index(1)", "20"),
        ("$.a.c.append(50)", "[10,20,30,40,50]"),
        ("$.items[0].tags.concat('r')", r#""pqr""#),
        ("$..v.sum()", "6.0"),
        ("$.items[*].tags.length()", "[2,0]"),
        ("$.empty.sum()", "!Aggregation function attempted to calculate value using empty array"),
        ("$.missing.length()", "!Missing property in path $['missing']"),
    ]);
}

#[test]
fn what_is_no_path_is_refused() {
    for text in [
        "",
        "a",
        ".a",
        "$a b",
        "$.",
        "$..",
        "$...",
        "$...a",
        "$.a.",
        "$[",
        "$[]",
        "$['a'",
        "$['a",
        "$['a',]",
        "$['a' 'b']",
        "$[a]",
        "$[1",
        "$[1,]",
        "$[1.5]",
        "$[99999999999]",
        "$[1:2:3:4]",
        "$.a b",
        "$.a[?]",
        "$.a[?()]",
        "$.a[?(@.b]",
        "$.a[?(@.b ==)]",
        "$.a[?(@.b = 1)]",
        "$.a[?(@.b == 'x)]",
        "$.a[?(@.b == 1 &&)]",
        "$.a[?(@.b =~ /(/)]",
        "$.a[?(1)]",
        "$.a[?(@.b is 1)]",
        "$.a[?(@.b == 'hello'world')]",
        "$.nothing()",
        "$.a.length(",
        "$(a)",
        "$!",
        "$$$",
        "$.a[(@.length)]",
        "$.a[(1+1)]",
    ] {
        assert!(Path::parse(text).is_err(), "{text}");
    }
}

#[test]
fn heads_and_kinds_are_told_apart() {
    let path = Path::parse("$.a['b'][-1]").unwrap();
    assert_eq!((path.head(), path.is_definite(), path.is_reference()), (&Head::Input, true, true));
    assert_eq!(path.canonical(), "$['a']['b'][-1]");
    assert_eq!(Path::parse("$$.a").unwrap().head(), &Head::Context);
    assert_eq!(Path::parse("$größe.a").unwrap().variable().map(|name| &**name), Some("größe"));
    for text in ["$.a[*]", "$..a", "$[1:]", "$[0,1]", "$[?(@.a)]", "$['a','b'].c"] {
        let path = Path::parse(text).unwrap();
        assert!(!path.is_definite() && !path.is_reference(), "{text}");
    }
    for text in ["$.a.length()", "$['a','b']", "$..a.sum()"] {
        let path = Path::parse(text).unwrap();
        assert!(path.is_definite() && !path.is_reference(), "{text}");
    }
    assert_eq!(
        Path::parse("$..a[*]['x','y'][1:][?(@.z)][0,2].min()").unwrap().canonical(),
        "$..['a'][*]['x','y'][1:][?][0,2].min()"
    );
}

#[test]
fn reference_paths_inject() {
    let rows = [
        ("$", "{}", "1"),
        ("$.a", "{}", r#"{"a":1}"#),
        ("$.a.b.c", "{}", r#"{"a":{"b":{"c":1}}}"#),
        ("$.a", r#"{"z":0,"a":{"b":2},"y":0}"#, r#"{"z":0,"a":1,"y":0}"#),
        ("$.a.c", r#"{"a":{"b":2}}"#, r#"{"a":{"b":2,"c":1}}"#),
        ("$['a b']['c']", "{}", r#"{"a b":{"c":1}}"#),
        ("$.a[1]", r#"{"a":[0,0,0]}"#, r#"{"a":[0,1,0]}"#),
        ("$.a[-1].b", r#"{"a":[0,{}]}"#, r#"{"a":[0,{"b":1}]}"#),
        ("$[0]", "[0]", "[1]"),
        ("$.a[1]", r#"{"a":[0]}"#, r#"!Unable to apply ReferencePath $.a[1] to input {"a":[0]}"#),
        ("$.a[0]", "{}", "!Unable to apply ReferencePath $.a[0] to input {}"),
        ("$.a", r#""text""#, r#"!Unable to apply ReferencePath $.a to input "text""#),
        ("$.a.b", r#"{"a":1}"#, r#"!Unable to apply ReferencePath $.a.b to input {"a":1}"#),
        ("$.a", "[1]", "!Unable to apply ReferencePath $.a to input [1]"),
    ];
    for (path, root, expected) in rows {
        let reference = ReferencePath::parse(path).unwrap();
        let actual = match reference.inject(&Value::parse(root).unwrap(), Value::from(1)) {
            Ok(value) => value.to_json(),
            Err(error) => format!("!{error}"),
        };
        assert_eq!(actual, expected, "{path} into {root}");
    }
    for text in ["$.a[*]", "$..a", "$.a[0:1]", "$.a[0,1]", "$.a[?(@.b)]", "$.a.length()", "$['a','b']", "a", "$.a."] {
        assert!(ReferencePath::parse(text).is_err(), "{text}");
    }
}

#[test]
fn evaluation_is_bounded() {
    let wide = format!("[{}]", vec!["[1,2,3,4,5,6,7,8,9]"; 200].join(","));
    let budget = Budget { steps: 10_000, ..Budget::default() };
    assert_eq!(evaluate("$..*..*..*..*", &wide, &budget), Err(PathError::Exhausted("steps")));
    assert_eq!(evaluate("$[?(@ in $)]", &wide, &budget), Err(PathError::Exhausted("steps")));
    let budget = Budget { bytes: 1_000, ..Budget::default() };
    assert_eq!(evaluate("$..*", &wide, &budget), Err(PathError::Exhausted("bytes")));
    let text = format!(r#"["{}b"]"#, "a".repeat(5_000));
    assert!(matches!(
        evaluate("$[?(@ =~ /(a|aa)*(?=c)c/)]", &text, &Budget::default()),
        Err(PathError::Exhausted(_)) | Ok(_)
    ));
    for text in [
        format!("${}", "[*]".repeat(10_000)),
        format!("$.a[?({}@.b)]", "!".repeat(10_000)),
        format!("$.a[?({}@.b{})]", "(".repeat(10_000), ")".repeat(10_000)),
        "$[?(@".repeat(10_000),
    ] {
        assert!(Path::parse(&text).is_err());
    }
}

#[test]
fn deep_documents_are_ordinary() {
    let run = || {
        let mut value = Value::from(1);
        for _ in 0..200_000 {
            value = Value::object([("a", value)]);
        }
        let path = Path::parse("$..b").unwrap();
        assert_eq!(path.select(&value, &Budget::default()), Ok(Some(Value::array([]))));
        let long = Path::parse(&format!("${}", ".a".repeat(200_000))).unwrap();
        assert_eq!(long.select(&value, &Budget::default()), Ok(Some(Value::from(1))));
        let made = ReferencePath::parse(long.text()).unwrap().inject(&Value::empty_object(), Value::from(1)).unwrap();
        assert_eq!(made.depth(), 200_000);
        assert_eq!(made, value);
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(run).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in r#"\$[\$a\.\[\]\(\)'"0-9,:*?@=<>!&|~/ \\-]{0,40}|\PC*"#) {
        if let Ok(path) = Path::parse(&text) {
            let input = Value::parse(DOCUMENT).unwrap();
            let budget = Budget { steps: 20_000, ..Budget::default() };
            let result = path.select(&input, &budget);
            if !path.is_definite() && !matches!(result, Err(PathError::Exhausted(_))) {
                prop_assert!(result.unwrap().unwrap().as_array().is_some());
            }
        }
        let _ = ReferencePath::parse(&text).map(|path| path.inject(&Value::empty_object(), Value::Null));
    }

    #[test]
    fn what_is_injected_is_found(names in proptest::collection::vec("[a-c ']{1,3}", 1..5), value in any::<i64>()) {
        let text = names.iter().fold("$".to_owned(), |text, name| format!("{text}['{}']", name.replace('\'', "\\'")));
        let reference = ReferencePath::parse(&text).unwrap();
        let root = reference.inject(&Value::empty_object(), Value::from(value)).unwrap();
        let budget = Budget::default();
        prop_assert_eq!(reference.path().select(&root, &budget).unwrap(), Some(Value::from(value)));
        let again = reference.inject(&root, Value::Null).unwrap();
        prop_assert_eq!(reference.path().select(&again, &budget).unwrap(), Some(Value::Null));
    }
}

#[test]
fn no_environment_has_an_empty_context() {
    let (random, budget) = (Random::new(1), Budget::default());
    let scope = Scope {
        input: &Value::Null,
        result: None,
        error_output: None,
        environment: &NoEnvironment,
        now: 0,
        random: &random,
        budget: &budget,
    };
    assert_eq!(Path::parse("$$").unwrap().evaluate(&scope), Ok(Value::empty_object()));
}
