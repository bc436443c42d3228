use proptest::prelude::*;

use super::*;
use crate::query::{Budget, Environment, Random};

const INPUT: &str = r#"{
    "text": "a,b;c", "n": null, "array": [3, 1, 2], "object": {"Arg1": 1, "Arg2": [], "s": "x", "in": {"b": true}},
    "fraction": 1.5, "big": 1e10, "small": 0.0001, "one": 1.0, "template": "Hi \\{{}\\}", "bad": "x\\",
    "mixed": [1, 1.0, "1", true, null, null, {"a": 1, "b": 2}, {"b": 2, "a": 1}, [1], [1.0], [], 1]
}"#;

struct Fixture;

impl Environment for Fixture {
    fn variable(&self, name: &str) -> Option<Value> {
        (name == "v").then(|| Value::from("variable"))
    }

    fn context(&self) -> Value {
        Value::parse(r#"{"StateMachine": {"Name": "left-right"}}"#).unwrap()
    }
}

fn evaluate_with(text: &str, seed: u64, budget: &Budget) -> Result<Value, IntrinsicError> {
    let input = Value::parse(INPUT).unwrap();
    let random = Random::new(seed);
    let scope = Scope {
        input: &input,
        result: None,
        error_output: None,
        environment: &Fixture,
        now: 0,
        random: &random,
        budget,
    };
    Intrinsic::parse(text).unwrap_or_else(|error| panic!("{text}: {error} at {}", error.offset)).evaluate(&scope)
}

/// Each row: a call and the JSON it answers, or `!` and the reason it has no answer.
fn check(rows: &[(&str, &str)]) {
    for (text, expected) in rows {
        let actual = match evaluate_with(text, 1, &Budget::default()) {
            Ok(value) => value.to_json(),
            Err(error) => {
                let frame = format!("The function '{text}' had the following error: ");
                format!("!{}", error.0.strip_prefix(&frame).expect("the text names the call"))
            }
        };
        assert_eq!(actual, *expected, "{text}");
    }
}

#[test]
fn format_fills_in() {
    check(&[
        ("States.Format('plain')", r#""plain""#),
        ("States.Format('{} and {}', 'a', 1)", r#""a and 1""#),
        ("States.Format('{}', $.text)", r#""a,b;c""#),
        ("States.Format('{}', $.n)", r#""null""#),
        ("States.Format('{}', true)", r#""true""#),
        ("States.Format('{}', null)", r#""null""#),
        ("States.Format('{}', $.array)", r#""[3, 1, 2]""#),
        ("States.Format('{}', $.object)", r#""{Arg1=1, Arg2=[], s=x, in={b=true}}""#),
        ("States.Format('{}', $.fraction)", r#""1.5""#),
        ("States.Format('{}', $.one)", r#""1.0""#),
        ("States.Format('{}', $.big)", r#""1.0E10""#),
        ("States.Format('{}', $.small)", r#""1.0E-4""#),
        ("States.Format('{}', $v)", r#""variable""#),
        (r"States.Format('\{{}\} \' \\ {x', 1)", r#""{1} ' \\ {x""#),
        ("States.Format($.template, 1)", r#""Hi {1}""#),
        ("States.Format('{}\n{}', 'a', 'b')", r#""a\nb""#),
        ("States.Format('é{}', '日本')", r#""é日本""#),
        ("States.Format('{}', States.Format('{}', '{}'))", r#""{}""#),
        ("States.Format('{}')", "!The template has more occurrences of {} than there are arguments"),
        ("States.Format('x', 1)", "!The template has fewer occurrences of {} than there are arguments"),
        ("States.Format($.bad)", "!The template ends in a backslash that escapes nothing"),
        ("States.Format(true)", "!Argument 1 must be a string, but was: true"),
    ]);
}

#[test]
fn json_is_read_and_written() {
    check(&[
        ("States.StringToJson('')", "null"),
        ("States.StringToJson(' ')", "null"),
        ("States.StringToJson('-0')", "0"),
        ("States.StringToJson('1.10')", "1.10"),
        (r#"States.StringToJson('{"a": [1, "b"]}')"#, r#"{"a":[1,"b"]}"#),
        (
            "States.StringToJson('{')",
            "!The text is not valid JSON: the text ends before the value does at line 1, column 2",
        ),
        ("States.StringToJson($.array)", "!Argument 1 must be a string, but was: [3,1,2]"),
        ("States.JsonToString($.object)", r#""{\"Arg1\":1,\"Arg2\":[],\"s\":\"x\",\"in\":{\"b\":true}}""#),
        ("States.JsonToString(null)", r#""null""#),
        ("States.JsonToString('a')", r#""\"a\"""#),
        ("States.StringToJson(States.JsonToString($.array))", "[3,1,2]"),
        (
            "States.JsonMerge($.object, States.StringToJson('{\"Arg1\":{},\"z\":1}'), false)",
            r#"{"Arg2":[],"s":"x","Arg1":{},"in":{"b":true},"z":1}"#,
        ),
        (
            "States.JsonMerge($.object, $.object, true)",
            "!Deep merging is not supported, the third argument must be false",
        ),
        ("States.JsonMerge($.array, $.object, false)", "!Argument 1 must be an object, but was: [3,1,2]"),
        ("States.JsonMerge($.object, $.object, 1)", "!Argument 3 must be a boolean, but was: 1"),
    ]);
}

#[test]
fn arrays_are_worked_on() {
    check(&[
        ("States.Array()", "[]"),
        ("States.Array('Foo', $.fraction, null, true, -2.3, States.Array(1))", r#"["Foo",1.5,null,true,-2.3,[1]]"#),
        ("States.ArrayPartition($.array, 2)", "[[3,1],[2]]"),
        ("States.ArrayPartition($.array, 1.5)", "[[3,1],[2]]"),
        ("States.ArrayPartition($.array, 9)", "[[3,1,2]]"),
        ("States.ArrayPartition($.array, 0)", "!The chunk size must be a positive integer"),
        ("States.ArrayPartition($.array, -1)", "!The chunk size must be a positive integer"),
        ("States.ArrayContains($.mixed, '1')", "true"),
        ("States.ArrayContains($.mixed, States.StringToJson('{\"b\":2,\"a\":1}'))", "true"),
        ("States.ArrayContains($.mixed, false)", "false"),
        ("States.ArrayRange(1, 9, 2)", "[1,3,5,7,9]"),
        ("States.ArrayRange(0, 10, 3)", "[0,3,6,9]"),
        ("States.ArrayRange(3, 1, -1)", "[3,2,1]"),
        ("States.ArrayRange(1, 3, -1)", "[]"),
        ("States.ArrayRange(2, 2, -1)", "[2]"),
        ("States.ArrayRange(0.5, 2.4, 1)", "[1,2]"),
        ("States.ArrayRange(1, 2, 0)", "!The step of the range must not be 0"),
        ("States.ArrayLength(States.ArrayRange(1, 1000, 1))", "1000"),
        ("States.ArrayRange(0, 1000, 1)", "!The range has more than 1000 items"),
        ("States.ArrayRange(-9223372036854775808, 9223372036854775807, 1)", "!The range has more than 1000 items"),
        ("States.ArrayGetItem($.array, 2)", "2"),
        ("States.ArrayGetItem($.array, 3)", "!The index 3 is out of bounds for an array of 3 items"),
        ("States.ArrayGetItem($.array, -1)", "!The index -1 is out of bounds for an array of 3 items"),
        ("States.ArrayGetItem($.array, '0')", "!Argument 2 must be a number, but was: \"0\""),
        ("States.ArrayLength($.mixed)", "12"),
        ("States.ArrayLength($.object.s)", "!Argument 1 must be an array, but was: \"x\""),
        ("States.ArrayUnique($.mixed)", r#"[1,"1",true,null,{"a":1,"b":2},[1],[]]"#),
        ("States.ArrayUnique($.array[*])", "[3,1,2]"),
    ]);
}

#[test]
fn numbers_are_rounded_half_up_before_they_are_added() {
    let sum = |a: &str, b: &str| evaluate_with(&format!("States.MathAdd({a}, {b})"), 1, &Budget::default());
    for (a, b, expected) in [
        ("-9", "3", -6),
        ("1.49", "1.5", 3),
        ("-1.5", "0", -1),
        ("3.5", "0", 4),
        ("-0.5", "0.5", 1),
        ("-1.5", "-1.51", -3),
        ("1.5", "1.51", 4),
        ("1e3", "-2.5", 998),
        ("0.49999999999999994", "0", 0),
    ] {
        assert_eq!(sum(a, b), Ok(Value::from(expected)), "{a} + {b}");
    }
    check(&[
        ("States.MathAdd(9223372036854775807, 1)", "!The sum is out of range"),
        ("States.MathAdd(1e300, 1)", "!Argument 1 is out of range: 1e300"),
        ("States.MathAdd($.text, 1)", "!Argument 1 must be a number, but was: \"a,b;c\""),
    ]);
}

#[test]
fn texts_are_worked_on() {
    check(&[
        ("States.StringSplit($.text, ',;')", r#"["a","b","c"]"#),
        ("States.StringSplit(',a,, b,', ',')", r#"["a"," b"]"#),
        ("States.StringSplit('a', '')", r#"["a"]"#),
        ("States.StringSplit('', ',')", "[]"),
        ("States.StringSplit('aéb', 'é')", r#"["a","b"]"#),
        ("States.ArrayGetItem(States.StringSplit($$.StateMachine.Name, '-'), 1)", r#""right""#),
        ("States.Base64Encode('Data to encode')", r#""RGF0YSB0byBlbmNvZGU=""#),
        ("States.Base64Encode('é日')", r#""w6nml6U=""#),
        ("States.Base64Decode('w6nml6U=')", r#""é日""#),
        ("States.Base64Decode('w6nml6U')", r#""é日""#),
        ("States.Base64Decode('')", r#""""#),
        ("States.Hash('input data', 'MD5')", r#""812f45842bc6d66ee14572ce20db8e86""#),
        ("States.Hash('input data', 'SHA-1')", r#""aaff4a450a104cd177d28d18d74485e8cae074b7""#),
        ("States.Hash('', 'SHA-256')", r#""e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855""#),
        (
            "States.Hash('x', 'SHA256')",
            "!The algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, but was: \"SHA256\"",
        ),
    ]);
    let hash = |text: &str| evaluate_with(text, 1, &Budget::default());
    assert_eq!(hash("States.Hash($.array, 'MD5')"), hash("States.Hash('[3,1,2]', 'MD5')"));
    let long = |count: usize| hash(&format!("States.Base64Encode('{}')", "é".repeat(count)));
    assert!(long(10_000).is_ok() && long(10_001).is_err());
    assert!(hash("States.Base64Decode('***')").is_err());
}

#[test]
fn random_numbers_come_from_the_scope_or_the_seed() {
    let budget = Budget::default();
    for seed in 0..200 {
        let value = evaluate_with("States.MathRandom(-2, 1)", seed, &budget).unwrap().as_i64().unwrap();
        assert!((-2..1).contains(&value));
    }
    let text = "States.MathRandom(1, 1001, 42)";
    assert_eq!(evaluate_with(text, 1, &budget), evaluate_with(text, 2, &budget));
    assert_ne!(evaluate_with(text, 1, &budget), evaluate_with("States.MathRandom(1, 1001, 43)", 1, &budget));
    check(&[("States.MathRandom(3, 3)", "!The start number 3 must be less than the end number 3")]);
    let wide = "States.MathRandom(-9223372036854775808, 9223372036854775807, 7)";
    assert!(evaluate_with(wide, 1, &budget).is_ok());
    let uuid = |seed| evaluate_with("States.UUID()", seed, &budget).unwrap();
    assert_eq!(uuid(1), uuid(1));
    assert_ne!(uuid(1), uuid(2));
    assert_eq!(uuid(1).as_str().map(|text| (text.len(), &text[14..15])), Some((36, "4")));
}

#[test]
fn missing_paths_are_named() {
    let error = evaluate_with("States.Format('{}', $.x)", 1, &Budget::default()).unwrap_err();
    let input = Value::parse(INPUT).unwrap();
    assert_eq!(
        error.0,
        format!(
            "The function 'States.Format('{{}}', $.x)' had the following error: The JsonPath argument for the field \
             '$.x' could not be found in the input '{input}'"
        )
    );
}

#[test]
fn what_is_no_call_is_refused() {
    for text in [
        "",
        "x",
        "$.a",
        " States.UUID()",
        "States.UUID",
        "States.UUID(",
        "States.UUID() x",
        "States.UUID(1)",
        "States.Nope()",
        "states.UUID()",
        "States.uuid()",
        "States .UUID()",
        "States.UUID ()",
        "JsonToString($)",
        "States\nJsonToString($)",
        "States.Format()",
        "States.StringToJson()",
        "States.StringToJson($.a, $.b)",
        "States.JsonToString($",
        "States.Format('a)",
        "States.Format(a)",
        "States.Format('a' 'b')",
        "States.Format('a',)",
        "States.Format(,)",
        r#"States.Format('\"')"#,
        r"States.Format('\n')",
        r"States.Format('a\')",
        r#"States.Format("a")"#,
        "States.Array(1.)",
        "States.Array(01)",
        "States.Array($.a b)",
        "States.Array($.)",
        "States.Array($.a[?(@.b)]",
        "States.MathAdd(1, '-1')",
        "States.MathAdd(1)",
        "States.MathRandom(1, 2, 3, 4)",
        "States.Array(truex)",
    ] {
        assert!(Intrinsic::parse(text).is_err(), "{text}");
    }
    let nested = |depth: usize| format!("{}{}", "States.Array(".repeat(depth), ")".repeat(depth));
    assert!(Intrinsic::parse(&nested(10)).is_ok());
    assert!(Intrinsic::parse(&nested(11)).is_err());
    assert!(Intrinsic::parse(&nested(100_000)).is_err());
}

#[test]
fn blanks_and_brackets_do_not_end_an_argument() {
    let intrinsic =
        Intrinsic::parse("States.Array( $.a[?(@.b == ')' && @.c in [1,2])] , $['x,y)'] , States.Array($v.z) ) ")
            .unwrap();
    let paths: Vec<&str> = intrinsic.paths().iter().map(|path| path.text()).collect();
    assert_eq!(paths, ["$.a[?(@.b == ')' && @.c in [1,2])]", "$['x,y)']", "$v.z"]);
    assert_eq!(intrinsic.name(), "States.Array");
    assert!(!intrinsic.returns_text() && Intrinsic::parse("States.UUID()").unwrap().returns_text());
    check(&[("States.Array($.array.length(), $.array[0,1])", "[3,[3,1]]")]);
}

#[test]
fn results_are_bounded() {
    let budget = Budget { bytes: 100, ..Budget::default() };
    let text = format!("States.Format('{{}}', '{}')", "a".repeat(200));
    assert!(evaluate_with(&text, 1, &budget).is_err());
    assert!(evaluate_with("States.JsonToString($)", 1, &budget).is_err());
    let deep = || {
        let mut value = Value::from(1);
        for _ in 0..200_000 {
            value = Value::array([value]);
        }
        let text = text::format(&Value::from("{}"), &[value], &Budget::default()).unwrap();
        assert_eq!(text.as_str().map(str::len), Some(400_001));
    };
    std::thread::Builder::new().stack_size(128 << 10).spawn(deep).unwrap().join().unwrap();
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in r#"States\.(Format|Array|MathAdd|ArrayRange|StringSplit)\([$a.\[\]()'"0-9,{}\\ -]{0,30}\)?|\PC*"#) {
        if let Ok(intrinsic) = Intrinsic::parse(&text) {
            let _ = evaluate_with(&text, 1, &Budget { steps: 10_000, ..Budget::default() });
            prop_assert_eq!(intrinsic.text(), text);
        }
    }

    #[test]
    fn any_arguments_are_answered(call in 0usize..14, a in literal(), b in literal(), c in literal()) {
        let call = match call {
            0 => format!("States.Format({a}, {b}, {c})"),
            1 => format!("States.StringToJson({a})"),
            2 => format!("States.JsonToString({a})"),
            3 => format!("States.ArrayPartition({a}, {b})"),
            4 => format!("States.ArrayContains({a}, {b})"),
            5 => format!("States.ArrayRange($.x, {b}, {c})"),
            6 => format!("States.ArrayGetItem({a}, {b})"),
            7 => format!("States.ArrayUnique({a})"),
            8 => format!("States.Base64Decode({a})"),
            9 => format!("States.Hash({a}, 'SHA-384')"),
            10 => format!("States.JsonMerge({a}, {b}, false)"),
            11 => format!("States.MathRandom({a}, {b}, {c})"),
            12 => format!("States.MathAdd({a}, {b})"),
            _ => format!("States.StringSplit({a}, {b})"),
        };
        if Intrinsic::parse(&call).is_ok() {
            let _ = evaluate_with(&call, 1, &Budget::default());
        }
    }
}

fn literal() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("$.array".to_owned()),
        Just("$.object".to_owned()),
        Just("$.mixed".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        (-1e300..1e300f64).prop_map(|number| format!("{number:?}")),
        "[a-z0-9{} =é]{0,8}".prop_map(|text| format!("'{text}'")),
    ]
}
