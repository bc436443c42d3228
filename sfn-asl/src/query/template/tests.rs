use proptest::prelude::*;

use super::*;
use crate::query::jsonata::{Expression, JsonataError};
use crate::query::{Budget, Environment, Random};

struct Fixture;

impl Environment for Fixture {
    fn variable(&self, name: &str) -> Option<Value> {
        (name == "v").then(|| Value::from("variable"))
    }

    fn context(&self) -> Value {
        Value::parse(r#"{"State": {"Name": "S"}}"#).unwrap()
    }
}

fn with_scope<T>(input: &str, run: impl FnOnce(&Scope<'_>) -> T) -> T {
    let (input, random, budget) = (Value::parse(input).unwrap(), Random::new(1), Budget::default());
    run(&Scope {
        input: &input,
        result: None,
        error_output: None,
        environment: &Fixture,
        now: 0,
        random: &random,
        budget: &budget,
    })
}

fn payload(template: &str, input: &str) -> Result<String, EvaluationError> {
    let template = PayloadTemplate::parse(&Value::parse(template).unwrap()).unwrap();
    with_scope(input, |scope| template.evaluate(scope)).map(|value| value.to_json())
}

#[test]
fn payload_templates_evaluate() {
    let input = r#"{"a": 1, "b": {"c": [1, 2]}, "t": "x"}"#;
    for (template, expected) in [
        (r#"{"x": "$.a", "y": ["$.a", 1]}"#, r#"{"x":"$.a","y":["$.a",1]}"#),
        (r#"{"x.$": "$.a"}"#, r#"{"x":1}"#),
        (
            r#"{"x": {"y.$": "$.b", "z": [{"w.$": "$.t"}, ["$.t", {"q.$": "$$.State.Name"}]]}}"#,
            r#"{"x":{"z":[{"w":"x"},["$.t",{"q":"S"}]],"y":{"c":[1,2]}}}"#,
        ),
        (r#"{"x.$": "$v", "y.$": "States.Format('{}-{}', $.t, $.a)"}"#, r#"{"x":"variable","y":"x-1"}"#),
        (r#"{"x.$": "$.b.c[*]", "y.$": "$.missing[*]"}"#, r#"{"x":[1,2],"y":[]}"#),
        (r#"{"x.$": "$.b.c[7]"}"#, r#"{"x":null}"#),
        (r#"[{"x.$": "$.a"}, "$.a"]"#, r#"[{"x":1},"$.a"]"#),
        (r#""$.a""#, r#""$.a""#),
        ("null", "null"),
    ] {
        assert_eq!(payload(template, input).as_deref(), Ok(expected), "{template}");
    }
}

#[test]
fn literal_members_come_first_then_paths_in_the_order_of_a_hash_map() {
    let input = r#"{"a": 1}"#;
    // Hash codes modulo 16 with the upper bits folded in: the letters come in their own order, `p` (112) wraps to 0.
    for (template, expected) in [
        (r#"{"b.$": "$.a", "z": 0, "a.$": "$.a", "y": 0}"#, r#"{"z":0,"y":0,"a":1,"b":1}"#),
        (r#"{"a.$": "$.a", "p.$": "$.a", "o.$": "$.a"}"#, r#"{"p":1,"a":1,"o":1}"#),
        // One bucket: as written.
        (r#"{"q.$": "$.a", "a.$": "$.a"}"#, r#"{"q":1,"a":1}"#),
        (r#"{"a.$": "$.a", "q.$": "$.a"}"#, r#"{"a":1,"q":1}"#),
        // Names of colliding hash codes.
        (r#"{"BB.$": "$.a", "Aa.$": "$.a"}"#, r#"{"BB":1,"Aa":1}"#),
    ] {
        assert_eq!(payload(template, input).as_deref(), Ok(expected), "{template}");
    }
    // Thirteen members need 32 buckets, where `q` comes after `p` and `a` after neither.
    let names = "qponmlkjihgfe";
    let members: Vec<String> = names.chars().map(|name| format!(r#""{name}.$": "$.a""#)).collect();
    let mut sorted: Vec<char> = names.chars().collect();
    sorted.sort_by_key(|name| *name as u32 % 32);
    let expected: Vec<String> = sorted.iter().map(|name| format!(r#""{name}":1"#)).collect();
    assert_eq!(payload(&format!("{{{}}}", members.join(",")), input).unwrap(), format!("{{{}}}", expected.join(",")));
}

#[test]
fn payload_templates_say_what_is_missing() {
    let error = payload(r#"{"x": {"value.$": "$.no.such"}}"#, r#"{"a": 1}"#).unwrap_err();
    assert_eq!(
        error,
        EvaluationError {
            error: "States.Runtime",
            cause: r#"The JSONPath '$.no.such' specified for the field 'value.$' could not be found in the input '{"a":1}'"#
                .to_owned(),
            location: None,
        }
    );
    let error = payload(r#"{"x.$": "States.StringToJson('[')"}"#, "{}").unwrap_err();
    assert!(error.cause.starts_with("The function 'States.StringToJson('[')' had the following error: "), "{error}");
    assert_eq!(error.error, "States.Runtime");
}

#[test]
fn payload_templates_refuse_all_that_is_wrong_at_once() {
    let source =
        r#"{"a": 1, "a.$": "$.x", "b": [{"c.$": "plain"}, {"d.$": 1}], "e.$": "States.Nope()", "f.$": "$.ok"}"#;
    let errors = PayloadTemplate::parse(&Value::parse(source).unwrap()).unwrap_err();
    let places: Vec<String> = errors.iter().map(|(location, _)| location.to_string()).collect();
    assert_eq!(places, ["/a.$", "/b[0]/c.$", "/b[1]/d.$", "/e.$"]);
}

#[test]
fn templates_list_what_they_read() {
    let source = r#"{"a.$": "$.x", "b": [{"c.$": "States.Array($v, States.UUID(), $$.y)"}]}"#;
    let template = PayloadTemplate::parse(&Value::parse(source).unwrap()).unwrap();
    let paths: Vec<String> = template.paths().map(|(location, path)| format!("{location} {path}")).collect();
    assert_eq!(paths, ["/a.$ $.x", "/b[0]/c.$ $v", "/b[0]/c.$ $$.y"]);
    let calls: Vec<String> =
        template.intrinsics().map(|(location, call)| format!("{location} {}", call.name())).collect();
    assert_eq!(calls, ["/b[0]/c.$ States.Array"]);
    let template =
        JsonataTemplate::parse(&Value::parse(r#"{"a": ["{% 1 %}", "{%x"], "b": "{% 2 %}"}"#).unwrap()).unwrap();
    let places: Vec<String> = template.expressions().map(|(location, _)| location.to_string()).collect();
    assert_eq!(places, ["/a[0]", "/b"]);
}

#[test]
fn parts_without_expressions_are_shared_and_may_be_deep() {
    let run = || {
        let mut value = Value::from("$.a");
        for _ in 0..200_000 {
            value = Value::object([("a", value)]);
        }
        let template = PayloadTemplate::parse(&value).unwrap();
        let jsonata = JsonataTemplate::parse(&value).unwrap();
        with_scope("{}", |scope| {
            assert_eq!(template.evaluate(scope).unwrap(), value);
            assert_eq!(jsonata.evaluate(scope, "Output").unwrap(), value);
        });
        let mut value = Value::object([("a.$", Value::from("$.a"))]);
        for _ in 0..300 {
            value = Value::array([value]);
        }
        assert!(PayloadTemplate::parse(&value).is_err());
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn jsonata_errors_name_expression_and_place() {
    let missing = |template: &str, field: &str| {
        let template = JsonataTemplate::parse(&Value::parse(template).unwrap()).unwrap();
        with_scope("{}", |scope| template.evaluate(scope, field)).unwrap_err()
    };
    for (template, field, place) in [
        (r#""{% $doesNotExist %}""#, "Output", "Output"),
        (r#"{"FunctionName": "{%$doesNotExist%}"}"#, "Arguments", "Arguments/FunctionName"),
        (r#"{"a": [1, {"b c": "{% $doesNotExist %}"}]}"#, "Choices[1]/Output", "Choices[1]/Output/a[1]/b c"),
        (r#"[["{% $doesNotExist %}"]]"#, "Items", "Items[0][0]"),
    ] {
        assert_eq!(
            missing(template, field),
            EvaluationError {
                error: "States.QueryEvaluationError",
                cause: format!(
                    "The JSONata expression '$doesNotExist' specified for the field '{place}' returned nothing (undefined)."
                ),
                location: Some(place.to_owned()),
            }
        );
    }
    let expression = Expression::parse(" $f() ").unwrap();
    let thrown = |code, message: &str| {
        let error = JsonataError { code, message: message.to_owned(), offset: 0 };
        EvaluationError::threw(&expression, "Output/x", &error).cause
    };
    assert_eq!(
        thrown(Some("T1006"), "Attempted to invoke a non-function"),
        "The JSONata expression '$f()' specified for the field 'Output/x' threw an error during evaluation. T1006: \
         Attempted to invoke a non-function"
    );
    assert_eq!(
        thrown(None, "Expression evaluation memory limit exceeded"),
        "The JSONata expression '$f()' specified for the field 'Output/x' threw an error during evaluation: Expression \
         evaluation memory limit exceeded"
    );
    let value = Value::parse(r#"{"foo":"bar"}"#).unwrap();
    assert_eq!(
        EvaluationError::unexpected_type(&expression, "Items", "array", &value).cause,
        "The JSONata expression '$f()' specified for the field 'Items' returned an unexpected result type. Expected \
         'array', but was 'object' for value: {\"foo\":\"bar\"}"
    );
}

#[test]
fn only_whole_strings_are_expressions() {
    assert_eq!(expression_text("{% $x %}"), Some(" $x "));
    for text in ["{%}", " {% $x %}", "{% $x %} ", "a {% $x %}", "{% $x", "$x %}", ""] {
        assert_eq!(expression_text(text), None, "{text}");
    }
    let source = Value::parse(r#"{"z": " {% 1 %}", "a": ["$.x", {"b.$": "$.c"}]}"#).unwrap();
    let template = JsonataTemplate::parse(&source).unwrap();
    assert_eq!(with_scope("{}", |scope| template.evaluate(scope, "Output")), Ok(source));
}

fn any_template() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        "[a-c$.{}% ]{0,6}".prop_map(Value::from),
        prop_oneof![
            Just("$"),
            Just("$.a"),
            Just("$.b.c[*]"),
            Just("$v"),
            Just("$$.State"),
            Just("States.UUID()"),
            Just("States.Array($.a, $..c)"),
            Just("$.missing"),
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec(("[a-d]{1,2}(\\.\\$)?", inner), 0..6).prop_map(Value::object),
        ]
    })
}

proptest! {
    #[test]
    fn any_template_is_read_and_evaluated_or_refused(source in any_template()) {
        with_scope(r#"{"a": 1, "b": {"c": [1, 2]}}"#, |scope| {
            if let Ok(template) = PayloadTemplate::parse(&source) {
                let evaluated = template.evaluate(scope);
                if template.expressions().next().is_none() {
                    assert_eq!(evaluated.as_ref(), Ok(&source));
                }
            }
            if let Ok(template) = JsonataTemplate::parse(&source)
                && template.expressions().next().is_none()
            {
                assert_eq!(template.evaluate(scope, "Output").as_ref(), Ok(&source));
            }
        });
    }
}
