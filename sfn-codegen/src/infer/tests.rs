use super::*;

/// A shape in a form that is quick to read: `{a: string, b: [integer]}`.
fn written(shape: &Shape) -> String {
    match shape {
        Shape::Value => "value".into(),
        Shape::String => "string".into(),
        Shape::Bool => "bool".into(),
        Shape::Integer => "integer".into(),
        Shape::Number => "number".into(),
        Shape::List(item) => format!("[{}]", written(item)),
        Shape::Object(members) => {
            let members: Vec<String> =
                members.iter().map(|(key, shape)| format!("{key}: {}", written(shape))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

#[track_caller]
fn check(language: QueryLanguage, json: &str, expected: &str) {
    let value = Value::parse(json).expect("the case is JSON");
    assert_eq!(written(&template(&value, language)), expected, "{json}");
}

#[test]
fn members_are_known_and_so_are_literals() {
    let check = |json, expected| check(QueryLanguage::JsonPath, json, expected);
    check(
        r#"{"a": 1, "b": 1.5, "c": "x", "d": true, "e": null}"#,
        "{a: integer, b: number, c: string, d: bool, e: value}",
    );
    check(r#"{"a.$": "$.a", "b": {"c.$": "$.c"}}"#, "{a: value, b: {c: value}}");
    check(
        r#"{"a": [1, 2], "b": [1, 2.5], "c": [1, "x"], "d": []}"#,
        "{a: [integer], b: [number], c: [value], d: [value]}",
    );
    check(r#"{"a": [{"x": 1}, {"x": "y"}], "b": [{"x": 1}, {"y": 1}]}"#, "{a: [{x: value}], b: [value]}");
    check(r#"{"a": 1.0, "b": 1e2, "c": 12345678901234567890}"#, "{a: number, b: number, c: number}");
    check(r#"{"a": 1, "a.$": "$.x"}"#, "value");
    check("{}", "value");
    check(r#""x""#, "string");
}

#[test]
fn intrinsic_functions_and_the_context_have_types() {
    let check = |json, expected| check(QueryLanguage::JsonPath, json, expected);
    check(r#"{"a.$": "States.Format('{}', $.x)", "b.$": "States.ArrayLength($.x)"}"#, "{a: string, b: integer}");
    check(r#"{"a.$": "$$.Task.Token", "b.$": "$$.Execution.Input", "c.$": "$.x"}"#, "{a: string, b: value, c: value}");
    check(r#"{"a.$": "States.StringToJson($.x)", "b.$": "States.MathAdd(1, 2)"}"#, "{a: value, b: value}");
}

#[test]
fn expressions_of_jsonata_are_values() {
    let check = |json, expected| check(QueryLanguage::Jsonata, json, expected);
    check(r#"{"a": "{% $states.input %}", "b": "{%", "c.$": "$.x"}"#, "{a: value, b: string, c.$: string}");
    check(r#""{% 1 %}""#, "value");
}

#[test]
fn deep_and_wide_objects_are_values() {
    let mut deep = "1".to_owned();
    for _ in 0..12 {
        deep = format!(r#"{{"a":{deep}}}"#);
    }
    check(QueryLanguage::JsonPath, &deep, &format!("{}value{}", "{a: ".repeat(DEEPEST), "}".repeat(DEEPEST)));
    let wide: Vec<String> = (0..=WIDEST).map(|n| format!(r#""k{n}":1"#)).collect();
    check(QueryLanguage::JsonPath, &format!("{{{}}}", wide.join(",")), "value");
}

#[test]
fn two_shapes_agree_on_what_they_share() {
    let of = |json| template(&Value::parse(json).expect("the case is JSON"), QueryLanguage::JsonPath);
    let check = |one, other, expected: &str| assert_eq!(written(&of(one).or(of(other))), expected, "{one} or {other}");
    check(r#"{"a": 1, "b": "x"}"#, r#"{"b": "y", "a": 2}"#, "{a: integer, b: string}");
    check(r#"{"a": 1}"#, r#"{"a": "x"}"#, "{a: value}");
    check(r#"{"a": 1}"#, r#"{"b": 1}"#, "value");
    check(r#"{"a": 1}"#, r#"{"a": 1, "b": 1}"#, "value");
    check("[1]", r#"["x"]"#, "[value]");
}
