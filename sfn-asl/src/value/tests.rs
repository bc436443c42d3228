use proptest::prelude::*;

use super::*;

/// Texts that print as they were read.
const KEPT: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.0",
    "1.10",
    "1e3",
    "1E+3",
    "0.1",
    "-0.0",
    "1e-7",
    "123456789012345678901234567890",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "0.30000000000000004",
    "1e308",
    "5e-324",
    r#""""#,
    r#""text""#,
    r#""é日\"\\\n\t\r\b\f\u0001""#,
    "\"\u{7f}\u{2028}\u{1F600}\"",
    "[]",
    "{}",
    "[[],{}]",
    r#"{"b":1,"a":[1,2,{"c":null}],"":""}"#,
];

#[test]
fn what_is_kept_prints_as_it_was_read() {
    for text in KEPT {
        let value = Value::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(value.to_json(), *text);
        assert_eq!(value.to_string(), *text);
        assert_eq!(value.json_size(), text.len(), "{text}");
    }
}

#[test]
fn spellings_become_plain() {
    for (text, expected) in [
        (" [ 1 , 2 ] ", "[1,2]"),
        ("{ \"a\" :\n1 ,\t\"b\" : 2 }\r\n", r#"{"a":1,"b":2}"#),
        (r#""\/\u0041\u00e9\ud83d\ude00""#, "\"/Aé\u{1F600}\""),
        // Halves of a pair that stand alone are no characters.
        (r#""\ud83d""#, "\"\u{FFFD}\""),
        (r#""\ud83dx""#, "\"\u{FFFD}x\""),
        (r#""\ude00\ud83d\u0041""#, "\"\u{FFFD}\u{FFFD}A\""),
        (r#"{"a":1,"b":2,"a":3}"#, r#"{"a":3,"b":2}"#),
        (r#"{"a":1,"\u0061":{"x":2}}"#, r#"{"a":{"x":2}}"#),
    ] {
        assert_eq!(Value::parse(text).unwrap().to_json(), expected, "{text}");
    }
}

#[test]
fn what_is_no_json_is_refused_where_it_goes_wrong() {
    for (text, line, column) in [
        ("", 1, 1),
        ("   ", 1, 4),
        ("nul", 1, 1),
        ("NaN", 1, 1),
        ("[1,", 1, 4),
        ("[1,]", 1, 4),
        ("[,]", 1, 2),
        ("[1 2]", 1, 4),
        ("{\"a\"}", 1, 5),
        ("{\"a\":}", 1, 6),
        ("{\"a\":1,}", 1, 8),
        ("{a:1}", 1, 2),
        ("{'a':1}", 1, 2),
        ("\"a", 1, 3),
        ("\"a\nb\"", 1, 3),
        ("\"\\x\"", 1, 2),
        ("\"\\u12\"", 1, 2),
        ("01", 1, 1),
        ("1.", 1, 1),
        (".5", 1, 1),
        ("+1", 1, 1),
        ("1e", 1, 1),
        ("-", 1, 1),
        ("1e999", 1, 1),
        ("1 1", 1, 3),
        ("[\n 1,\n  é x]", 3, 3),
        ("}", 1, 1),
        ("[}", 1, 2),
        ("\u{FEFF}1", 1, 1),
    ] {
        let error = Value::parse(text).expect_err(text);
        assert_eq!((error.line, error.column), (line, column), "{text:?}: {error}");
    }
}

#[test]
fn limits_are_kept() {
    let limits = Limits { bytes: 10, depth: 3 };
    assert!(Value::parse_within("[[[1]]]", &limits).is_ok());
    assert_eq!(Value::parse_within("[[[[1]]]]", &limits).unwrap_err().kind, ParseErrorKind::TooDeep(3));
    assert_eq!(Value::parse_within("[[[[]]]]", &limits).unwrap_err().kind, ParseErrorKind::TooDeep(3));
    assert_eq!(Value::parse_within(&" ".repeat(11), &limits).unwrap_err().kind, ParseErrorKind::TooLong(10));
    assert!(Value::parse(&"[".repeat(100_001)).is_err());
}

#[test]
fn depth_counts_levels() {
    for (text, depth) in
        [("1", 0), ("[]", 1), ("{}", 1), ("[1]", 1), ("[[]]", 2), (r#"{"a":{"b":[]},"c":1}"#, 3), ("[[],[[]]]", 3)]
    {
        assert_eq!(Value::parse(text).unwrap().depth(), depth, "{text}");
    }
}

#[test]
fn equality_is_that_of_json() {
    for (left, right, equal) in [
        ("1", "1.0", true),
        ("0", "-0", true),
        ("1e2", "100", true),
        ("1", "true", false),
        ("1", "\"1\"", false),
        ("null", "false", false),
        (r#"{"a":1,"b":2}"#, r#"{"b":2.0,"a":1}"#, true),
        (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
        (r#"{"a":1}"#, r#"{"b":1}"#, false),
        ("[1,2]", "[2,1]", false),
        ("[1]", "[1,1]", false),
        ("9007199254740993", "9007199254740992", false),
    ] {
        let (left, right) = (Value::parse(left).unwrap(), Value::parse(right).unwrap());
        assert_eq!(left == right, equal, "{left} and {right}");
        assert_eq!(right == left, equal, "{right} and {left}");
    }
}

#[test]
fn whole_numbers_beyond_a_double_compare_by_value() {
    let number = |text: &str| Number::from_text(text).unwrap();
    for (smaller, larger) in [
        ("9007199254740992.0", "9007199254740993"),
        ("18446744073709551614", "18446744073709551615"),
        ("9223372036854775807", "9223372036854775808"),
        ("-123456789012345678901234567890", "-123456789012345678901234567889"),
    ] {
        assert_ne!(number(smaller), number(larger), "{smaller} {larger}");
        assert!(number(smaller) < number(larger), "{smaller} {larger}");
        assert!(number(larger) > number(smaller), "{smaller} {larger}");
    }
    assert_eq!(number("18446744073709551615"), Number::from(u64::MAX));
}

#[test]
fn numbers_keep_what_they_are() {
    assert_eq!(Number::from_text("12").unwrap().as_i64(), Some(12));
    assert_eq!(Number::from_text("12.0").unwrap().as_i64(), Some(12));
    assert_eq!(Number::from_text("12.5").unwrap().as_i64(), None);
    assert_eq!(Number::from_text("1e30").unwrap().as_i64(), None);
    assert_eq!(Number::from_text("9223372036854775808").unwrap().as_i64(), None);
    assert!(Number::from_text("12").unwrap().is_integer());
    assert!(!Number::from_text("12.0").unwrap().is_integer());
    assert!(Number::from_text("123456789012345678901").unwrap().is_integer());
    assert_eq!(Number::from_f64(3.0).unwrap().to_string(), "3");
    assert_eq!(Number::from_float(3.0).unwrap().to_string(), "3.0");
    assert_eq!(Number::from_f64(-0.5).unwrap().to_string(), "-0.5");
    assert!(Number::from_f64(f64::NAN).is_none() && Number::from_float(f64::INFINITY).is_none());
    for text in ["", "-", "01", "1.", ".1", "1e", "0x1", "1_0", "1 ", "Infinity", "1e400"] {
        assert!(Number::from_text(text).is_none(), "{text}");
    }
}

#[test]
fn objects_find_replace_and_leave_out() {
    for count in [0_usize, 1, 5, 12, 13, 14, 100, 1000] {
        let object: Object = (0..count).map(|index| (Key::from(format!("k{index}")), Value::from(index))).collect();
        assert_eq!(object.len(), count);
        for index in 0..count {
            assert_eq!(object.get(&format!("k{index}")), Some(&Value::from(index)));
        }
        assert!(object.get("k").is_none() && !object.contains_key(&format!("k{count}")));
        let more = object.with("new", Value::Null).with("k0", Value::from("first"));
        assert_eq!(more.get("k0"), Some(&Value::from("first")));
        assert_eq!(more.len(), count.max(1) + 1);
        let fewer = more.without("new").without("absent");
        assert!(!fewer.contains_key("new") && fewer.contains_key("k0"));
        for value in [Value::from(object), Value::from(more), Value::from(fewer)] {
            assert_eq!(value.json_size(), value.to_json().len());
        }
    }
}

#[test]
fn of_repeated_keys_the_last_value_stays_in_the_first_place() {
    for distinct in [3_usize, 12, 13, 40] {
        let members = (0..distinct * 3).map(|index| (format!("k{}", index % distinct), Value::from(index)));
        let value = Value::object(members);
        let expected: Vec<String> =
            (0..distinct).map(|index| format!("\"k{index}\":{}", distinct * 2 + index)).collect();
        assert_eq!(value.to_json(), format!("{{{}}}", expected.join(",")));
    }
}

#[test]
fn spans_lead_to_the_text() {
    let text = r#"{"a" : [1, {"b": null}], "a": "x", "c": {"c": 1, "c": 2}}"#;
    let (value, spans) = Value::parse_with_spans(text, &Limits::default()).unwrap();
    assert_eq!(value.to_json(), r#"{"a":"x","c":{"c":2}}"#);
    let at = |position: usize| &text[spans.node(position).unwrap().value.clone()];
    assert_eq!(at(0), text);
    assert_eq!(at(spans.member(0, "a").unwrap()), "\"x\"");
    let inner = spans.member(0, "c").unwrap();
    assert_eq!(at(spans.member(inner, "c").unwrap()), "2");
    let first = spans.children(0).next().unwrap();
    assert_eq!(at(first), r#"[1, {"b": null}]"#);
    assert_eq!(at(spans.item(first, 1).unwrap()), r#"{"b": null}"#);
    assert!(spans.item(first, 2).is_none() && spans.member(0, "b").is_none());
    let repeated: Vec<&str> = spans.duplicates().iter().map(|(_, _, span)| &text[span.clone()]).collect();
    assert_eq!(repeated.len(), 2);
    assert!(repeated.contains(&"\"a\"") && repeated.contains(&"\"c\""));
}

#[test]
fn pretty_text_is_indented() {
    let value = Value::parse(r#"{"a":[1,{}],"b":{"c":[]}}"#).unwrap();
    let expected = "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {\n    \"c\": []\n  }\n}";
    assert_eq!(value.to_json_pretty(), expected);
    assert_eq!(format!("{value:#}"), expected);
}

#[test]
fn typed_data_goes_in_and_out() {
    #[derive(Debug, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
    struct Data {
        name: String,
        counts: Vec<u64>,
        ratio: f64,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    }
    let data = Data { name: "é".into(), counts: vec![0, u64::MAX], ratio: 0.1, note: None };
    let value = Value::from_data(&data).unwrap();
    assert_eq!(value.to_json(), r#"{"name":"é","counts":[0,18446744073709551615],"ratio":0.1}"#);
    assert_eq!(value.to_data::<Data>().unwrap(), data);
    assert_eq!(serde_json::from_str::<Value>(&value.to_json()).unwrap(), value);
    assert_eq!(serde_json::to_string(&value).unwrap(), value.to_json());
    assert!(Value::from("text").to_data::<Data>().is_err());
}

/// Runs on a stack that recursion over a hundred thousand levels would overflow.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(128 << 10).spawn(run).unwrap().join().unwrap();
}

const DEEP: u32 = 200_000;

#[test]
fn two_hundred_thousand_levels_are_ordinary_data() {
    on_a_small_stack(|| {
        let limits = Limits { depth: DEEP, ..Limits::default() };
        let mut built = Value::from(1);
        let mut other = Value::from(1);
        for level in 0..DEEP {
            let wrap = |value| if level % 2 == 0 { Value::array([value]) } else { Value::object([("k", value)]) };
            (built, other) = (wrap(built), wrap(other));
        }
        assert_eq!(built.depth(), DEEP);
        let text = built.to_json();
        assert_eq!(text.len(), built.json_size());
        let read = Value::parse_within(&text, &limits).unwrap();
        let (spanned, spans) = Value::parse_with_spans(&text, &limits).unwrap();
        assert_eq!(spans.node(0).unwrap().nodes, DEEP as usize + 1);
        assert!(built == other && built == read && read == spanned);
        let changed = Value::array([built.clone(), Value::Null]);
        assert!(changed != other && changed != Value::array([other.clone(), Value::from(1)]));
        assert!(format!("{built:?}").len() == text.len());
        // Sharing: dropping one owner leaves the other whole.
        drop(built);
        assert_eq!(other.json_size(), text.len());
        drop((changed, other, read, spanned));
        // A text that breaks off far down is dropped half built.
        assert!(Value::parse_within(&text[..text.len() / 2 + 10], &limits).is_err());
    });
}

#[test]
fn deep_values_are_dropped_whichever_way_they_are_held() {
    on_a_small_stack(|| {
        const DEEP: u32 = 30_000;
        let deep = || {
            let mut value = Value::from("x");
            for _ in 0..DEEP {
                value = Value::object([("a", Value::Null), ("k", value), ("z", Value::array([]))]);
            }
            // The innermost `[]` is a level of its own.
            value
        };
        let value = deep();
        let inner = value.get("k").unwrap().get("k").unwrap().clone();
        drop(value);
        assert_eq!(inner.depth(), DEEP - 1);
        // A repeated key throws the earlier value away.
        drop(Value::object([("k", inner.clone()), ("k", Value::Null)]));
        drop(Value::object((0..40).map(|index| (format!("k{}", index % 20), inner.clone()))));
        drop(inner);
        drop(Value::object([("k", deep()), ("k", Value::Null)]));
        drop(Value::object(
            (0..40).map(|index| (format!("k{}", index % 20), if index == 3 { deep() } else { Value::Null })),
        ));
        drop(deep().as_object().unwrap().with("k", Value::Null));
        drop(deep().as_object().unwrap().without("k"));
        assert!(deep().to_data::<i64>().is_err());
        assert!(serde_json::to_string(&deep()).is_err());
    });
}

#[test]
fn shared_parts_are_not_compared_twice() {
    // 2^60 leaves if it were written out.
    let mut value = Value::from(1);
    for _ in 0..60 {
        value = Value::array([value.clone(), value]);
    }
    assert!(value == value.clone());
    assert_eq!(value.depth(), 60);
    let huge = 1_usize << 60;
    assert!(value.json_size() > huge);
    for _ in 0..10 {
        value = Value::array([value.clone(), value]);
    }
    assert_eq!(value.json_size(), usize::MAX);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite", Number::from_float).prop_map(Value::from),
        "-?(0|[1-9][0-9]{0,25})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?"
            .prop_filter_map("in range", |text| Number::from_text(&text))
            .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-c\"\\\\\u{0}-\u{1f}é]{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::vec(("[a-f\"\\\\]{0,2}", inner.clone()), 0..8).prop_map(Value::object),
            proptest::collection::vec(("[a-e]{1,2}", inner), 8..30).prop_map(Value::object),
        ]
    })
}

proptest! {
    #[test]
    fn printed_text_reads_back(value in any_value()) {
        let text = value.to_json();
        prop_assert_eq!(text.len(), value.json_size());
        let read = Value::parse(&text).unwrap();
        prop_assert_eq!(&read, &value);
        prop_assert_eq!(read.to_json(), text.clone());
        prop_assert_eq!(read.depth(), value.depth());
        let (spanned, spans) = Value::parse_with_spans(&value.to_json_pretty(), &Limits::default()).unwrap();
        prop_assert_eq!(spanned.to_json(), text);
        prop_assert!(spans.duplicates().is_empty());
    }

    #[test]
    fn serde_json_agrees(value in any_value()) {
        // serde_json sorts members and rounds numbers to 64 bits; as values both are the same.
        let text = value.to_json();
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        let ours: Value = serde_json::from_value(theirs).unwrap();
        prop_assert_eq!(ours.depth(), value.depth());
        prop_assert_eq!(&Value::parse(&ours.to_json()).unwrap(), &ours);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"[\[\]{}:,"\\ 0-9eE+.ntrufalse-]{0,40}|\PC*"#) {
        let accepted = Value::parse(&text);
        let theirs = serde_json::from_str::<serde_json::Value>(&text);
        // Lone halves of pairs are read, not refused; that is the one difference.
        if !text.contains("\\u") && !text.contains("\\ud") {
            prop_assert_eq!(accepted.is_ok(), theirs.is_ok(), "{:?} {:?}", accepted, theirs);
        }
        if let Ok(value) = accepted {
            prop_assert_eq!(Value::parse(&value.to_json()).unwrap(), value);
        }
    }

    #[test]
    fn equality_is_symmetric_and_agrees_with_a_change(left in any_value(), right in any_value()) {
        prop_assert_eq!(left == right, right == left);
        let pair = Value::array([left.clone(), right.clone()]);
        prop_assert_eq!(pair == Value::array([right.clone(), left.clone()]), left == right);
    }
}
