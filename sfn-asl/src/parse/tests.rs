use proptest::prelude::*;

use super::*;
use crate::definition::{
    DataFlow, Integration, JitterStrategy, PathSelection, QueryLanguage, ResultPath, ServicePattern, Setting,
    StateKind, Transition,
};
use crate::validate::{Options, check, check_as, check_value};

fn read_one(state: &str) -> StateKind {
    let text = format!(r#"{{"StartAt":"S","States":{{"S":{state},"E":{{"Type":"Succeed"}}}}}}"#);
    // `E` may stand alone here: what is asked for is the state.
    let document = Value::parse(&text).expect("the test writes JSON");
    let options = Options::default();
    let mut reader = reader::Reader::new(&options);
    let machine = scope::machine(&mut reader, &document);
    assert_eq!(reader.into_findings(), [], "{text}");
    machine.expect("no findings").scope.states["S"].kind.clone()
}

#[test]
fn a_task_with_everything() {
    let StateKind::Task(task) = read_one(
        r#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSecondsPath":"$.t",
            "HeartbeatSeconds":5,"InputPath":"$.in","OutputPath":null,"ResultPath":"$.out","ResultSelector":{"a.$":"$.b"},
            "Parameters":{"MessageBody.$":"$$.Task.Token"},"Assign":{"v":1},"Credentials":{"RoleArn":"arn:aws:iam::1:role/r"},
            "Retry":[{"ErrorEquals":["A","B"]},{"ErrorEquals":["States.ALL"],"IntervalSeconds":2,"MaxAttempts":0,"BackoffRate":1.5,
            "MaxDelaySeconds":9,"JitterStrategy":"FULL"}],"Catch":[{"ErrorEquals":["States.ALL"],"ResultPath":null,"Next":"E"}],
            "Next":"E"}"#,
    ) else {
        panic!("a Task")
    };
    assert_eq!(
        task.resource.integration,
        Integration::Service {
            resource_type: "sqs".into(),
            resource: "sendMessage.waitForTaskToken".into(),
            pattern: ServicePattern::WaitForTaskToken,
        }
    );
    assert!(matches!(&task.timeout_seconds, Some(Setting::Path(path)) if path.text() == "$.t"));
    assert_eq!(task.heartbeat_seconds, Some(Setting::Literal(5)));
    let DataFlow::JsonPath(flow) = &task.flow else { panic!("JSONPath") };
    assert!(matches!(&flow.input_path, PathSelection::Path(path) if path.text() == "$.in"));
    assert_eq!(flow.output_path, PathSelection::Nothing);
    assert!(matches!(&flow.result_path, ResultPath::At(path) if path.text() == "$.out"));
    assert!(flow.parameters.is_some() && flow.result_selector.is_some() && flow.assign.is_some());
    let [first, second] = task.retry.as_slice() else { panic!("two retriers") };
    assert_eq!((first.interval_seconds, first.max_attempts, first.backoff_rate), (1, 3, 2.0));
    assert_eq!((first.max_delay_seconds, first.jitter_strategy), (None, JitterStrategy::None));
    assert_eq!((second.interval_seconds, second.max_attempts, second.backoff_rate), (2, 0, 1.5));
    assert_eq!((second.max_delay_seconds, second.jitter_strategy), (Some(9), JitterStrategy::Full));
    assert_eq!(task.catch[0].result_path, ResultPath::Discard);
    assert!(matches!(&task.transition, Transition::Next(next) if next.as_str() == "E"));
}

#[test]
fn old_names_of_map_fields() {
    let StateKind::Map(map) = read_one(
        r#"{"Type":"Map","Iterator":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"Parameters":{"x.$":"$.y"},"End":true}"#,
    ) else {
        panic!("a Map")
    };
    assert!(map.item_selector.is_some());
    assert!(matches!(&map.flow, DataFlow::JsonPath(flow) if flow.parameters.is_none()));
    assert_eq!(map.processor.scope.start_at.as_str(), "I");
}

#[test]
fn inner_states_take_the_language_of_the_machine() {
    let text = r#"{"StartAt":"P","QueryLanguage":"JSONata","States":{"P":{"Type":"Parallel","End":true,"Branches":[
        {"StartAt":"I","States":{"I":{"Type":"Pass","Output":"{% 1 %}","End":true}}}]}}}"#;
    let definition = Definition::parse_json(text).expect("valid");
    let StateKind::Parallel(parallel) = &definition.machine().scope.states["P"].kind else { panic!("a Parallel") };
    assert_eq!(parallel.branches[0].states["I"].query_language, QueryLanguage::Jsonata);

    let text = r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","QueryLanguage":"JSONata","End":true,"Branches":[
        {"StartAt":"I","States":{"I":{"Type":"Pass","Result":1,"End":true}}}]}}}"#;
    let definition = Definition::parse_json(text).expect("valid");
    let StateKind::Parallel(parallel) = &definition.machine().scope.states["P"].kind else { panic!("a Parallel") };
    assert_eq!(definition.machine().scope.states["P"].query_language, QueryLanguage::Jsonata);
    assert_eq!(parallel.branches[0].states["I"].query_language, QueryLanguage::JsonPath);
}

#[test]
fn a_definition_is_printed_as_it_was_written() {
    let text = r#"{"States":{"B":{"End":true,"Type":"Pass","Result":{"z":1.50,"a":[1e3,"${P}"]}}},"Comment":"c","StartAt":"B"}"#;
    let definition = Definition::parse_json(text).expect("valid");
    assert_eq!(definition.to_json(), text);
    assert_eq!(Definition::parse_json(&definition.to_json_pretty()).expect("valid").to_json(), text);
    assert_eq!(Definition::from_value(definition.document().clone()).expect("valid"), definition);
}

#[test]
fn warnings_stay_with_the_definition() {
    let definition = Definition::parse_json(
        r#"{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"foo:bar","Parameters":{"a":"$.b"},"End":true}}}"#,
    )
    .expect("only warnings");
    let codes: Vec<&str> = definition.diagnostics().iter().map(|finding| finding.code.name()).collect();
    assert_eq!(codes, ["UNKNOWN_RESOURCE", "NO_DOLLAR"]);
}

#[test]
fn a_state_alone() {
    let options = Options::default();
    let state =
        parse_state(r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Next":"Elsewhere"}"#, &options)
            .expect("a state may lead anywhere");
    assert_eq!(state.state.kind.type_name(), "Task");
    let errors = parse_state(r#"{"Type":"Parallel","Branches":[],"End":true}"#, &options).expect_err("no branches");
    assert_eq!(
        errors.aws_message(),
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/StateName/Branches'"
    );
    assert_eq!(errors[0].range, Some(30..32));
    let errors = parse_state(
        r#"{"Type":"Map","ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Next":"X"}}},"End":true}"#,
        &options,
    )
    .expect_err("the inner scope has rules of its own");
    assert_eq!(errors.len(), 2, "{errors}");
}

/// The texts that the ranges of the findings cover.
#[track_caller]
fn covered(text: &str, format: Format) -> Vec<&str> {
    let findings = check_as(text, format, &Options::default());
    findings.iter().map(|finding| &text[finding.range.clone().expect("a finding in a text has a range")]).collect()
}

#[test]
fn findings_cover_what_is_wrong() {
    let text = r#"{
  "StartAt": "Größe",
  "Surplus": 1,
  "States": {
    "Größe": {"Type": "Wait", "Seconds": -1, "Next": "Nowhere"},
    "Alone": {"Type": "Pass", "End": true, "End": true}
  }
}"#;
    assert_eq!(covered(text, Format::Json), ["\"End\"", "\"Surplus\"", "-1", "\"Nowhere\"", "\"Alone\""]);
    let findings = check(text, &Options::default());
    let positions: Vec<(usize, usize)> = findings
        .iter()
        .map(|finding| finding.position.map(|position| (position.line, position.column)).expect("a place"))
        .collect();
    assert_eq!(positions, [(6, 44), (3, 3), (5, 42), (5, 54), (6, 5)]);
}

#[test]
fn an_error_in_broken_json_has_a_place() {
    let findings = check("{\n  \"StartAt\": nope\n}", &Options::default());
    let position = findings[0].position.expect("a place");
    assert_eq!((position.line, position.column), (2, 14));
}

#[cfg(feature = "yaml")]
mod yaml {
    use super::*;

    fn json(text: &str) -> String {
        super::super::yaml::document(text).map(|(value, _)| value.to_json()).unwrap_or_else(|finding| finding.message)
    }

    #[test]
    fn scalars_by_the_core_schema() {
        for (text, expected) in [
            ("a: null\nb: ~\nc:\nd: Null", r#"{"a":null,"b":null,"c":null,"d":null}"#),
            ("[true, True, FALSE, yes, no, on]", r#"[true,true,false,"yes","no","on"]"#),
            ("[0, -1, 1.50, 1e3, 0x1F, 0o17, 007, +1, .5, 1.]", r#"[0,-1,1.50,1e3,31,15,7,1,0.5,1]"#),
            ("['1', \"2\", !!str 3, !!int \"4\"]", r#"["1","2","3",4]"#),
            (
                "[2016-03-14T01:59:00Z, 1.2.3, $.a.b, \"{% 1 %}\"]",
                r#"["2016-03-14T01:59:00Z","1.2.3","$.a.b","{% 1 %}"]"#,
            ),
            ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", r#"{"a":"one\ntwo\n","b":"one two"}"#),
            ("1: a\ntrue: b", r#"{"1":"a","true":"b"}"#),
            ("a: .inf", "JSON has no number `.inf`"),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn aliases_and_merge_keys_are_written_out() {
        assert_eq!(json("a: &x {p: 1}\nb: *x"), r#"{"a":{"p":1},"b":{"p":1}}"#);
        assert_eq!(json("a: &x {p: 1, q: 2}\nb:\n  <<: *x\n  q: 3"), r#"{"a":{"p":1,"q":2},"b":{"p":1,"q":3}}"#);
        assert_eq!(json("b:\n  <<: 1"), "`<<` takes a mapping, or a list of mappings");
        let mut bomb = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n".to_owned();
        for level in 1..10 {
            let previous = format!("*a{},", level - 1).repeat(10);
            bomb += &format!("a{level}: &a{level} [{}]\n", previous.trim_end_matches(','));
        }
        assert!(json(&bomb).contains("aliases make more than"), "{}", json(&bomb));
    }

    #[test]
    fn functions_of_cloudformation() {
        assert_eq!(json("a: !Ref X"), r#"{"a":{"Ref":"X"}}"#);
        assert_eq!(json("a: !GetAtt F.Arn"), r#"{"a":{"Fn::GetAtt":["F","Arn"]}}"#);
        assert_eq!(json("a: !Sub [x, {y: 1}]"), r#"{"a":{"Fn::Sub":["x",{"y":1}]}}"#);
        let text = "StartAt: S\nStates:\n  S:\n    Type: Task\n    Resource: !GetAtt F.Arn\n    End: true\n";
        assert!(Definition::parse(text, Format::Yaml).is_ok());
    }

    #[test]
    fn what_is_no_definition() {
        for (text, expected) in [
            ("", "Definition must be a valid JSON object"),
            ("# nothing\n", "Definition must be a valid JSON object"),
            ("- a", "Definition must be a valid JSON object"),
            ("a: 1\n---\nb: 2", "a definition is a single document, a second one begins here"),
            ("? [a, b]\n: 1", "a key is a text, not a collection or an alias"),
            ("a: *x", "invalid YAML: while parsing node, found unknown anchor"),
        ] {
            let findings = check_as(text, Format::Yaml, &Options::default());
            assert_eq!(findings[0].message, expected, "{text}");
            assert!(findings[0].range.is_some(), "{text}");
        }
        assert!(json(&"[".repeat(100_000)).contains("recursion limit"), "flow collections are bounded");
        assert!(json(&"- ".repeat(100_000)).contains("nests deeper"), "block collections are bounded");
    }

    #[test]
    fn findings_cover_what_is_wrong() {
        let text = "\
StartAt: Größe
Surplus: 1
States:
  Größe:
    Type: Wait
    Seconds: -1
    Next: \"No\\\"where\"   # a comment
  Alone:
    Type: Task
    Resource: >
      do
      it
    Retry:
      - ErrorEquals: []
    End: true
";
        assert_eq!(covered(text, Format::Yaml), ["Surplus", "-1", "do\n      it", "[]", "\"No\\\"where\"", "Alone"]);
        let text = "StartAt: 'it''s'   # c\nStates:\n  S:\n    Type: Pass\n    Next: Plain text   # c\n";
        assert_eq!(covered(text, Format::Yaml), ["'it''s'", "Plain text", "States"]);
        let block = "StartAt: S\nStates:\n  S:\n    Type: Pass\n    End: true\n    Retry:\n    - a\n    - b\n  T: 5\n";
        assert_eq!(covered(block, Format::Yaml), ["Retry", "5"]);
    }
}

/// A document that resembles a definition: the names of the language, values of every type.
fn near_definitions() -> impl Strategy<Value = Value> {
    let words = [
        "Task",
        "Pass",
        "Choice",
        "Wait",
        "Parallel",
        "Map",
        "Succeed",
        "Fail",
        "JSONata",
        "JSONPath",
        "A",
        "B",
        "$",
        "$.a[*]",
        "$$",
        "{% $x %}",
        "{%",
        "${P}",
        "States.UUID()",
        "States.ALL",
        "arn:aws:states:::lambda:invoke",
        "DISTRIBUTED",
        "EXPRESS",
        "",
    ];
    let keys = [
        "StartAt",
        "States",
        "A",
        "B",
        "Type",
        "Next",
        "End",
        "QueryLanguage",
        "Choices",
        "Default",
        "And",
        "Not",
        "Variable",
        "StringEquals",
        "IsNull",
        "NumericEqualsPath",
        "Condition",
        "Branches",
        "ItemProcessor",
        "Iterator",
        "ProcessorConfig",
        "Mode",
        "ExecutionType",
        "ItemReader",
        "ReaderConfig",
        "ItemBatcher",
        "ResultWriter",
        "Label",
        "Retry",
        "Catch",
        "ErrorEquals",
        "MaxAttempts",
        "Parameters",
        "a",
        "a.$",
        "Assign",
        "Output",
        "Arguments",
        "Result",
        "ResultPath",
        "InputPath",
        "Resource",
        "Credentials",
        "RoleArn",
        "Seconds",
        "Timestamp",
        "Error",
        "CausePath",
        "TimeoutSeconds",
        "HeartbeatSecondsPath",
        "Items",
    ];
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2i64..100).prop_map(Value::from),
        prop::sample::select(words.to_vec()).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    scalar.prop_recursive(7, 160, 8, move |inner| {
        prop_oneof![
            1 => prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => prop::collection::vec((prop::sample::select(keys.to_vec()), inner), 0..8).prop_map(Value::object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_document_gives_a_definition_or_findings(document in near_definitions()) {
        let text = document.to_json_pretty();
        let findings = check(&text, &Options::default());
        let refused = findings.iter().any(Diagnostic::is_error);
        prop_assert_eq!(Definition::parse_json(&text).is_err(), refused);
        for finding in &findings {
            let range = finding.range.clone();
            prop_assert!(range.is_some_and(|range| text.get(range).is_some()), "{finding}");
        }
        let of_value: Vec<String> =
            check_value(&document, &Options::default()).iter().map(Diagnostic::to_string).collect();
        prop_assert_eq!(of_value, findings.iter().map(Diagnostic::to_string).collect::<Vec<_>>());
        let _ = parse_state(&text, &Options::default());
    }

    #[test]
    fn payloads_survive_reading_and_printing(payload in near_definitions(), comment in "\\PC{0,20}") {
        let document = Value::object([
            ("Comment", Value::from(comment)),
            ("StartAt", "S".into()),
            ("States", Value::object([(
                "S",
                Value::object([("Type", Value::from("Pass")), ("Result", payload), ("End", true.into())]),
            )])),
        ]);
        let definition = Definition::parse_json(&document.to_json_pretty()).expect("a literal can be anything");
        prop_assert_eq!(definition.to_json(), document.to_json());
        let again = Definition::parse_json(&definition.to_json_pretty()).expect("what was printed is valid");
        prop_assert_eq!(again.to_json(), document.to_json());
        prop_assert_eq!(again.machine(), definition.machine());
    }
}
