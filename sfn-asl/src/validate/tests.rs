mod large;
mod meaning;

use super::*;
use crate::diagnostic::aws_message;

/// A machine whose one state `S` has these fields besides.
fn state(fields: &str) -> String {
    format!(r#"{{"StartAt":"S","States":{{"S":{{{fields}}}}}}}"#)
}

/// The same in JSONata.
fn jsonata(fields: &str) -> String {
    format!(r#"{{"StartAt":"S","QueryLanguage":"JSONata","States":{{"S":{{{fields}}}}}}}"#)
}

/// A Task that calls a function, with these fields besides.
fn task(fields: &str) -> String {
    state(&format!(r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true{}"#, more(fields)))
}

fn jsonata_task(fields: &str) -> String {
    jsonata(&format!(r#""Type":"Task","Resource":"arn:aws:states:::lambda:invoke","End":true{}"#, more(fields)))
}

fn pass(fields: &str) -> String {
    state(&format!(r#""Type":"Pass","End":true{}"#, more(fields)))
}

/// A Choice with these rules.
fn choice(rules: &str) -> String {
    format!(
        r#"{{"StartAt":"S","States":{{"S":{{"Type":"Choice","Choices":[{rules}],"Default":"D"}},"D":{{"Type":"Succeed"}}}}}}"#
    )
}

/// A Map over one Pass, with these fields besides.
fn map(fields: &str) -> String {
    state(&format!(r#""Type":"Map","ItemProcessor":{INNER},"End":true{}"#, more(fields)))
}

/// A Distributed Map, with these fields besides.
fn distributed(fields: &str) -> String {
    let config = r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"}"#;
    let processor = format!(r#"{{{config},"StartAt":"I","States":{{"I":{{"Type":"Pass","End":true}}}}}}"#);
    state(&format!(r#""Type":"Map","ItemProcessor":{processor},"End":true{}"#, more(fields)))
}

const INNER: &str = r#"{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}"#;

fn more(fields: &str) -> String {
    if fields.is_empty() { String::new() } else { format!(",{fields}") }
}

/// Checks every row: the definition, and what is found in it, in order, as `CODE: MESSAGE at LOCATION`.
#[track_caller]
fn rows(rows: &[(String, &[&str])]) {
    rows_under(&Options::default(), rows);
}

/// As [`rows`]; what the tests of [`meaning`] are about is left out.
#[track_caller]
fn rows_under(options: &Options, rows: &[(String, &[&str])]) {
    for (text, expected) in rows {
        let findings = check(text, options);
        let found = findings.iter().filter(|finding| !meaning::CODES.contains(&finding.code));
        let found: Vec<String> = found.map(Diagnostic::to_string).collect();
        assert_eq!(&found, expected, "{text}");
    }
}

#[test]
fn the_document() {
    rows(&[
        (String::new(), &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"]),
        ("[]".into(), &["SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object at null"]),
        ("{}".into(), &["SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /"]),
        (r#"{"StartAt":"S"}"#.into(), &["SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /"]),
        (r#"{"StartAt":"S","States":{}}"#.into(), &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States"]),
        (
            r#"{"StartAt":"S","Version":"2.0","TimeoutSeconds":0,"Coment":1,"States":{"S":{"Type":"Succeed"}}}"#.into(),
            &[
                "SCHEMA_VALIDATION_FAILED: Field 'Coment' is not supported at /",
                "SCHEMA_VALIDATION_FAILED: The field 'Version' should have one of these values: [1.0] at /Version",
                "SCHEMA_VALIDATION_FAILED: The value of 'TimeoutSeconds' must be between 1 and 99999999 at /TimeoutSeconds",
            ],
        ),
        (
            r#"{"StartAt":"S","States":{"S":{"Type":"Succeed"}},"StartAt":"S"}"#.into(),
            &["DUPLICATE_KEY: the key `StartAt` stands here twice at /StartAt"],
        ),
        (
            r#"{"StartAt":"S","States":{"S":{"Type":"Fail"},"S":{"Type":"Succeed"}}}"#.into(),
            &["DUPLICATE_STATE_NAME: Duplicate State name: S at /States/S"],
        ),
    ]);
}

#[test]
fn broken_json_is_told_in_the_words_of_jackson() {
    let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    for (text, message, column) in [
        ("nope", format!("Unrecognized token 'nope': was expecting {values}"), 5),
        (
            r#"{"a":1,}"#,
            "Unexpected character ('}' (code 125)): was expecting double-quote to start field name".into(),
            9,
        ),
        (
            r#"{"a" 1}"#,
            "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value".into(),
            7,
        ),
        (
            r#"{"a":1 "b"}"#,
            "Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries".into(),
            9,
        ),
        (r#"[1 2]"#, "Unexpected character ('2' (code 50)): was expecting comma to separate Array entries".into(), 5),
        (r#"{"a":}"#, format!("Unexpected character ('}}' (code 125)): expected a valid value {values}"), 7),
        (r#"{"a":"#, "Unexpected end-of-input".into(), 6),
        (
            "\u{FEFF}{}",
            format!("Unexpected character ('\u{FEFF}' (code 65279 / 0xfeff)): expected a valid value {values}"),
            2,
        ),
    ] {
        let findings = check(text, &Options::default());
        let source = format!("[Source: (String)\"{text}\"; line: 1, column: {column}]");
        assert_eq!(findings.len(), 1, "{text}");
        assert_eq!(findings[0].code.name(), "INVALID_JSON_DESCRIPTION");
        assert_eq!(findings[0].message, format!("{message}\n at {source}"));
        assert_eq!(findings[0].aws_location(), Some(source));
    }
    let long = format!("nope {}", "x".repeat(600));
    let source = check(&long, &Options::default())[0].aws_location().expect("a source is shown");
    assert!(source.contains("\"[truncated 105 chars]; line: 1, column: 5]"), "{source}");
}

#[test]
fn all_errors_in_one_line() {
    let text = r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"NOPE"}}}"#;
    assert_eq!(
        aws_message(&check(text, &Options::default())),
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: NOPE at /States/A/Next, \
         MISSING_END_STATE: Workflow has no terminal state at null'"
    );
}

#[test]
fn transitions() {
    rows(&[
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"}}}"#.into(),
            &["MISSING_END_STATE: Workflow has no terminal state at null"],
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},"C":{"Type":"Pass","Next":"A"}}}"#
                .into(),
            &["MISSING_END_STATE: Workflow has no terminal state at null"],
        ),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Pass","Next":"A"},"C":{"Type":"Succeed"}}}"#
                .into(),
            &["MISSING_TRANSITION_TARGET: State \"C\" is not reachable. at /States/C"],
        ),
        (
            r#"{"StartAt":"X","States":{"A":{"Type":"Succeed"}}}"#.into(),
            &["MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /StartAt"],
        ),
        (
            r#"{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.a","IsNull":true,"Next":"X"}],"Default":"Y"},
                "E":{"Type":"Succeed"}}}"#
                .into(),
            &[
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/C/Default",
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/C/Choices[0]/Next",
                "MISSING_TRANSITION_TARGET: State \"E\" is not reachable. at /States/E",
            ],
        ),
        (
            task(r#""Catch":[{"ErrorEquals":["States.ALL"],"Next":"X"}]"#),
            &["MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Catch[0]/Next"],
        ),
        (
            r#"{"StartAt":"P","States":{"E":{"Type":"Succeed"},"P":{"Type":"Parallel","Next":"E","Branches":[
                {"StartAt":"I","States":{"I":{"Type":"Pass","Next":"E"},"J":{"Type":"Succeed"}}}]}}}"#
                .into(),
            &[
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: E at /States/P/Branches[0]/States/I/Next",
                "MISSING_TRANSITION_TARGET: State \"J\" is not reachable. at /States/P/Branches[0]/States/J",
            ],
        ),
        (
            state(r#""Type":"Pass""#),
            &[
                "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at /States/S",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
        ),
        (
            state(r#""Type":"Pass","Next":"S","End":true"#),
            &["SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [Next, End] at /States/S"],
        ),
        (
            state(r#""Type":"Pass","End":false"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'End' should be true at /States/S/End",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
        ),
    ]);
    let findings = check(
        r#"{"StartAt":"M","States":{"M":{"Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Next":"M"},
            "E":{"Type":"Succeed"}}}}}}"#,
        &Options::default(),
    );
    assert!(findings[0].help.as_deref().is_some_and(|help| help.contains("another scope")), "{findings:?}");
}

#[test]
fn names() {
    let long = "x".repeat(81);
    let too_long = format!(
        "INVALID_STATE_NAME: State '{long}' exceeds the 80-character limit allowed by the service at /States/{long}"
    );
    let start =
        format!("INVALID_STATE_NAME: State '{long}' exceeds the 80-character limit allowed by the service at /StartAt");
    rows(&[
        (
            format!(r#"{{"StartAt":"{long}","States":{{"{long}":{{"Type":"Succeed"}}}}}}"#),
            &[start.as_str(), too_long.as_str()],
        ),
        (
            r#"{"StartAt":"I","States":{"I":{"Type":"Map","End":true,"Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}}}}}"#
                .into(),
            &["DUPLICATE_STATE_NAME: Duplicate State name: I at /States/I/Iterator/States/I"],
        ),
        (distributed(r#""Label":"a b""#), &["INVALID_LABEL_NAME: the label `a b` cannot contain ' ' at /States/S/Label"]),
        (
            distributed(r#""Label":"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde""#),
            &["INVALID_LABEL_NAME: the label `aaaaaaaaaabbbbbbbbbbccccccccccdddddddddde` exceeds 40 characters at /States/S/Label"],
        ),
        (distributed(r#""Label":"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd""#), &[]),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Map","Label":"L","Next":"B","ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED",
                "ExecutionType":"STANDARD"},"StartAt":"I","States":{"I":{"Type":"Succeed"}}}},"B":{"Type":"Map","Label":"L","End":true,
                "ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"J","States":{"J":{
                "Type":"Succeed"}}}}}}"#
                .into(),
            &["DUPLICATE_LABEL_NAME: Duplicate Label name: L at /States/B/Label"],
        ),
        (
            map(r#""Label":"L""#),
            &["FIELD_HAS_NO_EFFECT: only a Map in mode DISTRIBUTED has use for `Label` at /States/S/Label"],
        ),
    ]);
}

#[test]
fn fields_by_type_and_language() {
    for (kind, fields) in [
        ("Pass", r#""End":true,"#),
        ("Wait", r#""End":true,"Seconds":1,"#),
        ("Succeed", ""),
        ("Fail", ""),
        ("Parallel", &format!(r#""End":true,"Branches":[{INNER}],"#)),
        ("Map", &format!(r#""End":true,"ItemProcessor":{INNER},"#)),
    ] {
        rows(&[(
            state(&format!(r#"{fields}"Type":"{kind}","TimeoutSeconds":5"#)),
            &["SCHEMA_VALIDATION_FAILED: Field 'TimeoutSeconds' is not supported at /States/S"],
        )]);
    }
    rows(&[
        (pass(r#""Retry":[]"#), &["SCHEMA_VALIDATION_FAILED: Field 'Retry' is not supported at /States/S"]),
        (pass(r#""Catch":[]"#), &["SCHEMA_VALIDATION_FAILED: Field 'Catch' is not supported at /States/S"]),
        (
            pass(r#""Output":1"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the \
               'JSONata' QueryLanguage at /States/S",
            ],
        ),
        (
            jsonata(r#""Type":"Pass","End":true,"Parameters":{}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Parameters' is only supported for the \
               'JSONPath' QueryLanguage at /States/S",
            ],
        ),
        (
            jsonata(
                r#""Type":"Map","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","End":true}}},"Arguments":1"#,
            ),
            &["SCHEMA_VALIDATION_FAILED: Field 'Arguments' is not supported at /States/S"],
        ),
        (
            jsonata(r#""Type":"Pass","End":true,"QueryLanguage":"JSONPath""#),
            &[
                "SCHEMA_VALIDATION_FAILED: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/S",
            ],
        ),
        (jsonata(r#""Type":"Pass","End":true,"QueryLanguage":"JSONata","Output":1"#), &[]),
        (pass(r#""QueryLanguage":"JSONata","Output":1"#), &[]),
        // A value that is neither is taken as JSONata in what follows.
        (
            pass(r#""QueryLanguage":"jsonata","Output":1"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata] at \
               /States/S/QueryLanguage",
            ],
        ),
        // The language of a Map does not reach its inner states.
        (
            state(
                r#""Type":"Map","QueryLanguage":"JSONata","End":true,"ItemProcessor":{"StartAt":"I","States":{"I":{"Type":"Pass","Output":1,"End":true}}}"#,
            ),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the \
               'JSONata' QueryLanguage at /States/S/ItemProcessor/States/I",
            ],
        ),
        (
            state(
                r#""Type":"Map","End":true,"Iterator":{"QueryLanguage":"JSONata","StartAt":"I","States":{"I":{"Type":"Pass","End":true}}}"#,
            ),
            &["SCHEMA_VALIDATION_FAILED: Field 'QueryLanguage' is not supported at /States/S/Iterator"],
        ),
        (
            state(r#""Type":"Nothing","End":true"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, \
               Parallel, Map] at /States/S/Type",
            ],
        ),
        (
            state(r#""Type":"${Type}","End":true"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'Type' should have one of these values: [Task, Wait, Pass, Succeed, Fail, Choice, \
               Parallel, Map] at /States/S/Type",
            ],
        ),
        (state(r#""End":true"#), &["SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/S"]),
        (
            r#"{"StartAt":"S","States":{"S":[]}}"#.into(),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/S"],
        ),
    ]);
}

#[test]
fn tasks() {
    rows(&[
        (
            state(r#""Type":"Task","End":true"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/S"],
        ),
        (task(r#""TimeoutSeconds":10,"HeartbeatSeconds":5"#), &[]),
        (
            task(r#""TimeoutSeconds":5,"HeartbeatSeconds":10"#),
            &["SCHEMA_VALIDATION_FAILED: The value of 'HeartbeatSeconds' must be less than 'TimeoutSeconds' at \
               /States/S/HeartbeatSeconds"],
        ),
        (
            task(r#""TimeoutSeconds":5,"HeartbeatSeconds":10,"Retry":{}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The value of 'HeartbeatSeconds' must be less than 'TimeoutSeconds' at \
                 /States/S/HeartbeatSeconds",
                "SCHEMA_VALIDATION_FAILED: Expected value of type Array at /States/S/Retry",
            ],
        ),
        (
            task(r#""TimeoutSeconds":5,"HeartbeatSeconds":5"#),
            &[
                "FIELD_HAS_NO_EFFECT: the timeout comes as soon as this heartbeat is missed at /States/S/HeartbeatSeconds",
            ],
        ),
        (
            task(r#""TimeoutSeconds":5,"TimeoutSecondsPath":"$.t""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [TimeoutSeconds, TimeoutSecondsPath] at /States/S",
            ],
        ),
        (
            task(r#""HeartbeatSeconds":5,"HeartbeatSecondsPath":"$.t""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [HeartbeatSeconds, HeartbeatSecondsPath] at /States/S",
            ],
        ),
        (task(r#""TimeoutSecondsPath":"$limit","HeartbeatSecondsPath":"$$.Execution.Input.h""#), &[]),
        (
            task(r#""TimeoutSecondsPath":"$.t[*]""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/TimeoutSecondsPath"],
        ),
        (
            task(r#""TimeoutSeconds":0"#),
            &["SCHEMA_VALIDATION_FAILED: The value of 'TimeoutSeconds' must be between 1 and 99999999 at \
               /States/S/TimeoutSeconds"],
        ),
        (
            task(r#""TimeoutSeconds":1.5"#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/S/TimeoutSeconds"],
        ),
        (jsonata_task(r#""TimeoutSeconds":"{% $limit %}""#), &[]),
        (
            task(r#""TimeoutSeconds":"{% $limit %}""#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Integer at /States/S/TimeoutSeconds"],
        ),
        (
            task(r#""Credentials":{}"#),
            &["SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at \
               /States/S/Credentials"],
        ),
        (task(r#""Credentials":{"RoleArn.$":"States.Format('arn:aws:iam::{}:role/r', $.account)"}"#), &[]),
        (task(r#""Credentials":{"RoleArn":"arn:aws:iam::111111111111:role/r"}"#), &[]),
        (jsonata_task(r#""Credentials":{"RoleArn":"{% $role %}"}"#), &[]),
        (
            task(r#""Credentials":{"RoleArn":"me"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The value of 'RoleArn' must be the ARN of a role at /States/S/Credentials/RoleArn",
            ],
        ),
        (
            task(r#""Credentials":"arn""#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/S/Credentials"],
        ),
    ]);
}

#[test]
fn resources() {
    let resource = |text: &str| state(&format!(r#""Type":"Task","Resource":"{text}","End":true"#));
    let unknown = |text: &str| {
        format!(
            "{text} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at \
             /States/S/Resource"
        )
    };
    for text in [
        "arn:aws:lambda:us-east-1:111111111111:function:f",
        "arn:aws:lambda:us-east-1:111111111111:function:f:live",
        "arn:aws-cn:lambda:cn-north-1:111111111111:function:f:$LATEST",
        "arn:aws:states:us-east-1:111111111111:activity:a",
        "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "arn:aws:states:::states:startExecution.sync:2",
        "arn:aws-us-gov:states:::glue:startJobRun.sync",
        "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue",
        "arn:aws:states:::aws-sdk:sfn:startExecution.waitForTaskToken",
        "arn:aws:states:us-east-1:111111111111:aws-sdk:s3:getObject",
        "${FunctionArn}",
        "arn:${AWS::Partition}:states:::sqs:${Action}",
        "arn:aws:lambda:#{AWS::Region}:#{AWS::AccountId}:function:f",
    ] {
        rows_under(&Options { resources: Resources::Aws, ..Options::default() }, &[(resource(text), &[])]);
    }
    for text in [
        "arn:aws:states:::dynamodb:query",
        "arn:aws:states:::dynamodb:getItem.sync",
        "arn:aws:states:::lambda:invoke.sync",
        "arn:aws:states:::glue:startJobRun.sync:2",
        "arn:aws:states:::aws-sdk:s3:getObject.sync",
        "arn:aws:lambda:us-east-1:111111111111:function:",
        "arn:aws:lambda:us-east-1:111111111111:layer:f",
        "arn:aws:states",
        "do it",
    ] {
        let error = format!("SCHEMA_VALIDATION_FAILED: The resource provided {}", unknown(text));
        rows(&[(resource(text), &[error.as_str()])]);
    }
    for text in [
        "arn:aws:states:::brandnew:doIt",
        "arn:aws:swf:us-east-1:1:task:X",
        "foo:bar",
        "arn:aws:states:::aws-sdk:s3:GetObject",
    ] {
        let warning = format!("UNKNOWN_RESOURCE: The resource provided {}", unknown(text));
        rows(&[(resource(text), &[warning.as_str()])]);
        let error = format!("SCHEMA_VALIDATION_FAILED: The resource provided {}", unknown(text));
        let aws = Options { resources: Resources::Aws, ..Options::default() };
        rows_under(&aws, &[(resource(text), &[error.as_str()])]);
    }
}

#[test]
fn retriers_and_catchers() {
    let retry = |entry: &str| task(&format!(r#""Retry":[{entry}]"#));
    rows(&[
        (task(r#""Retry":[]"#), &[]),
        (
            retry(
                r#"{"ErrorEquals":["E"],"IntervalSeconds":1,"MaxAttempts":0,"BackoffRate":1,"MaxDelaySeconds":31622399,"JitterStrategy":"FULL"}"#,
            ),
            &[],
        ),
        (retry("{}"), &["SCHEMA_VALIDATION_FAILED: These fields are required: [ErrorEquals] at /States/S/Retry[0]"]),
        (
            retry(r#"{"ErrorEquals":[]}"#),
            &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Retry[0]/ErrorEquals"],
        ),
        (
            retry(r#"{"ErrorEquals":[1]}"#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/S/Retry[0]/ErrorEquals[0]"],
        ),
        (
            retry(
                r#"{"ErrorEquals":["E"],"IntervalSeconds":0,"MaxAttempts":-1,"BackoffRate":0.5,"MaxDelaySeconds":31622400,"JitterStrategy":"HALF","Next":"S"}"#,
            ),
            &[
                "SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/S/Retry[0]",
                "SCHEMA_VALIDATION_FAILED: The value of 'IntervalSeconds' must be between 1 and 99999999 at /States/S/Retry[0]/IntervalSeconds",
                "SCHEMA_VALIDATION_FAILED: The value of 'MaxAttempts' must be between 0 and 99999999 at /States/S/Retry[0]/MaxAttempts",
                "SCHEMA_VALIDATION_FAILED: The value of 'BackoffRate' must be at least 1.0 at /States/S/Retry[0]/BackoffRate",
                "SCHEMA_VALIDATION_FAILED: The value of 'MaxDelaySeconds' must be between 1 and 31622399 at /States/S/Retry[0]/MaxDelaySeconds",
                "SCHEMA_VALIDATION_FAILED: The field 'JitterStrategy' should have one of these values: [FULL, NONE] at /States/S/Retry[0]/JitterStrategy",
            ],
        ),
        (
            retry(r#"{"ErrorEquals":["States.ALL","E"]}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: 'States.ALL' must be the only error name in its 'ErrorEquals' at /States/S/Retry[0]/ErrorEquals",
            ],
        ),
        (
            task(r#""Retry":[{"ErrorEquals":["States.ALL"]},{"ErrorEquals":["E"]}]"#),
            &[
                "SCHEMA_VALIDATION_FAILED: 'States.ALL' must be in the last entry of 'Retry' at /States/S/Retry[0]/ErrorEquals",
            ],
        ),
        (
            task(r#""Catch":[{"ErrorEquals":["E"]}]"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/S/Catch[0]"],
        ),
        (
            task(r#""Catch":[{"ErrorEquals":["E"],"Next":"S","Output":1}]"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Output' is only supported for the 'JSONata' \
               QueryLanguage at /States/S/Catch[0]",
            ],
        ),
        (
            task(r#""Catch":[{"ErrorEquals":["E"],"Next":"S","ResultPath":"e"}]"#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/Catch[0]/ResultPath"],
        ),
        (
            task(
                r#""Catch":[{"ErrorEquals":["E"],"Next":"S","ResultPath":null,"Assign":{"e.$":"$.Error"},"Comment":"c"}]"#,
            ),
            &[],
        ),
    ]);
}

#[test]
fn data_flow_of_jsonpath() {
    rows(&[
        (
            pass(
                r#""InputPath":null,"OutputPath":"$.a[*]","ResultPath":"$.x.y","Parameters":{"a.$":"$$.Execution.Id"}"#,
            ),
            &[],
        ),
        (
            pass(r#""OutputPath":"a.b""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/OutputPath"],
        ),
        (pass(r#""InputPath":5"#), &["SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/S/InputPath"]),
        (
            pass(r#""ResultPath":"$.a[*]""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/ResultPath"],
        ),
        (
            pass(r#""ResultPath":"$$.a""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/ResultPath"],
        ),
        (
            pass(r#""ResultPath":"$variable""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/ResultPath"],
        ),
        (
            pass(r#""Parameters":{"o":[{"x.$":"lorem"}]}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call at \
               /States/S/Parameters/o[0]",
            ],
        ),
        (
            pass(r#""Parameters":{"x":1,"x.$":"$.x"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The fields 'x' and 'x.$' cannot be set at the same time at /States/S/Parameters",
            ],
        ),
        (
            pass(r#""Parameters":"$.a""#),
            &[
                "NO_DOLLAR: the value of `Parameters` looks like a path, and is a plain text here at /States/S/Parameters",
            ],
        ),
        (
            task(r#""ResultSelector":"$.a""#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/S/ResultSelector"],
        ),
        (
            pass(r#""Parameters":{"x":"$.a","y":"$$","z":"States.UUID()","price":"$5","w":["$.a"]}"#),
            &[
                "NO_DOLLAR: the value of `x` looks like a path, and is a plain text without `.$` at /States/S/Parameters/x",
                "NO_DOLLAR: the value of `y` looks like a path, and is a plain text without `.$` at /States/S/Parameters/y",
                "NO_DOLLAR: the value of `z` looks like a path, and is a plain text without `.$` at /States/S/Parameters/z",
            ],
        ),
        (
            pass(r#""Result":{"a":[{"b":"$.x"}]}"#),
            &["PASS_RESULT_IS_STATIC: a path in `Result` is not evaluated at /States/S/Result"],
        ),
        (
            state(r#""Type":"Fail","Cause":"$.cause""#),
            &["NO_PATH: the value of `Cause` looks like a path, and is a plain text at /States/S/Cause"],
        ),
        (
            state(r#""Type":"Fail","Cause":"c","CausePath":"$.c""#),
            &["SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [Cause, CausePath] at /States/S"],
        ),
        (state(r#""Type":"Fail","ErrorPath":"States.Format('{}', $.e)","CausePath":"$cause""#), &[]),
        (
            state(r#""Type":"Fail","ErrorPath":"States.MathAdd(1, 2)""#),
            &[
                "SCHEMA_VALIDATION_FAILED: The value for the field 'ErrorPath' must be a valid JSONPath or a valid intrinsic function call \
               that returns a string at /States/S",
            ],
        ),
    ]);
}

#[test]
fn waits() {
    let wait = |fields: &str| state(&format!(r#""Type":"Wait","End":true{}"#, more(fields)));
    rows(&[
        (
            wait(""),
            &[
                "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Seconds, SecondsPath, Timestamp, TimestampPath] at /States/S",
            ],
        ),
        (
            wait(r#""Seconds":1,"Timestamp":"2016-03-14T01:59:00Z""#),
            &["SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [Seconds, Timestamp] at /States/S"],
        ),
        (
            wait(r#""Seconds":-1"#),
            &["SCHEMA_VALIDATION_FAILED: The value of 'Seconds' must be between 0 and 99999999 at /States/S/Seconds"],
        ),
        (wait(r#""Seconds":0"#), &[]),
        (
            wait(r#""SecondsPath":"$.a..b""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/SecondsPath"],
        ),
        (wait(r#""TimestampPath":"$when""#), &[]),
    ]);
    let refused = "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp";
    for text in [
        "2016-12-05 21:29:29Z",
        "2016-12-05T21:29:29",
        "2016-13-05T21:29:29Z",
        "05-12-2016T21:29:29Z",
        "{% $now() %}",
        "2016-12-05T25:29:29Z",
    ] {
        rows(&[(wait(&format!(r#""Timestamp":"{text}""#)), &[refused])]);
    }
    for text in ["2016-03-14T01:59:00Z", "2016-02-29T23:59:59.123456+05:30", "${When}"] {
        rows(&[(wait(&format!(r#""Timestamp":"{text}""#)), &[])]);
    }
    rows(&[(jsonata(r#""Type":"Wait","End":true,"Timestamp":"{% $states.input.when %}""#), &[])]);
}

#[test]
fn choices() {
    rows(&[
        (
            choice(r#"{"Variable":"$.a","NumericEquals":1,"Next":"D","End":true}"#),
            &["SCHEMA_VALIDATION_FAILED: Field 'End' is not supported at /States/S/Choices[0]"],
        ),
        (
            choice(r#"{"Variable":"$.a","NumericEquals":1}"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Next] at /States/S/Choices[0]"],
        ),
        (
            choice(r#"{"Variable":"$.a","Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: A choice rule needs a comparison operator at /States/S/Choices[0]"],
        ),
        (
            choice(r#"{"Variable":"$.a","NumericEquals":1,"IsNull":true,"Next":"D"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: A choice rule can have only one operator, not [NumericEquals, IsNull] at /States/S/Choices[0]",
            ],
        ),
        (
            choice(r#"{"NumericEquals":1,"Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Variable] at /States/S/Choices[0]"],
        ),
        (
            choice(r#"{"And":[{"Variable":"$.a","IsNull":true,"Next":"D"}],"Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: Field 'Next' is not supported at /States/S/Choices[0]/And[0]"],
        ),
        (
            choice(r#"{"And":[],"Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices[0]/And"],
        ),
        (
            choice(r#"{"Not":[],"Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/S/Choices[0]/Not"],
        ),
        (
            choice(
                r#"{"Variable":"$.a","StringEquals":1,"Next":"D"},{"Variable":"$.a","BooleanEquals":"true","Next":"D"}"#,
            ),
            &[
                "SCHEMA_VALIDATION_FAILED: Expected value of type String at /States/S/Choices[0]/StringEquals",
                "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean at /States/S/Choices[1]/BooleanEquals",
            ],
        ),
        (
            choice(r#"{"Variable":"$.a","TimestampEquals":"yesterday","Next":"D"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Choices[0]/TimestampEquals",
            ],
        ),
        (
            choice(r#"{"Variable":"$.a","StringEquals":"$.b","Next":"D"}"#),
            &[
                "NO_PATH: the value of `StringEquals` looks like a path, and is a plain text at /States/S/Choices[0]/StringEquals",
            ],
        ),
        (
            choice(
                r#"{"Variable":"$$.Execution.Name","StringLessThanEqualsPath":"$name","Next":"D","Assign":{"a":1},"Comment":"c"}"#,
            ),
            &[],
        ),
        (
            choice(r#"{"Condition":true,"Next":"D"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONPath', but field 'Condition' is only supported for the 'JSONata' \
               QueryLanguage at /States/S/Choices[0]",
            ],
        ),
        (
            state(r#""Type":"Choice","Choices":[],"Default":"S""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices",
                "MISSING_END_STATE: Workflow has no terminal state at null",
            ],
        ),
        (
            choice(&format!(
                r#"{}{{"Variable":"$.a","IsNull":true}}{},"Next":"D"}}"#,
                r#"{"Not":"#.repeat(50),
                "}".repeat(49)
            )),
            &[&*format!(
                "TOO_DEEPLY_NESTED: choice rules stand in each other deeper than 50 levels at /States/S/Choices[0]{}",
                "/Not".repeat(50)
            )],
        ),
    ]);
    let jsonata_choice = |rule: &str| {
        format!(
            r#"{{"StartAt":"S","QueryLanguage":"JSONata","States":{{"S":{{"Type":"Choice","Choices":[{rule}]}},"D":{{"Type":"Succeed"}}}}}}"#
        )
    };
    rows(&[
        (jsonata_choice(r#"{"Condition":"{% $states.input.a %}","Next":"D","Output":1,"Assign":{"a":1}}"#), &[]),
        (jsonata_choice(r#"{"Condition":true,"Next":"D"}"#), &[]),
        (
            jsonata_choice(r#"{"Condition":"yes","Next":"D"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: Expected value of type Boolean or JSONata expression at /States/S/Choices[0]/Condition",
            ],
        ),
        (
            jsonata_choice(r#"{"Variable":"$.a","Condition":true,"Next":"D"}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: The QueryLanguage is set to 'JSONata', but field 'Variable' is only supported for the 'JSONPath' \
               QueryLanguage at /States/S/Choices[0]",
            ],
        ),
        (
            jsonata_choice(r#"{"Next":"D"}"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Condition] at /States/S/Choices[0]"],
        ),
    ]);
}

#[test]
fn parallels_and_maps() {
    rows(&[
        (
            state(r#""Type":"Parallel","Branches":[],"End":true"#),
            &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Branches"],
        ),
        (
            state(r#""Type":"Parallel","Branches":[{}],"End":true"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /States/S/Branches[0]"],
        ),
        (
            state(r#""Type":"Map","End":true"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [ItemProcessor] at /States/S"],
        ),
        (
            map(r#""Iterator":{"StartAt":"J","States":{"J":{"Type":"Pass","End":true}}}"#),
            &["SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [ItemProcessor, Iterator] at /States/S"],
        ),
        (
            map(r#""ItemSelector":{},"Parameters":{}"#),
            &["SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [ItemSelector, Parameters] at /States/S"],
        ),
        (
            map(r#""ItemsPath":"$.a[*]""#),
            &["SCHEMA_VALIDATION_FAILED: Value must be a valid JSONPath. at /States/S/ItemsPath"],
        ),
        (map(r#""ItemsPath":"$$.Execution.Input.items","MaxConcurrency":0,"ToleratedFailurePercentage":12.5"#), &[]),
        (
            map(r#""MaxConcurrency":1,"MaxConcurrencyPath":"$.m""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [MaxConcurrency, MaxConcurrencyPath] at /States/S",
            ],
        ),
        (
            map(r#""ToleratedFailurePercentage":105"#),
            &["SCHEMA_VALIDATION_FAILED: The value of 'ToleratedFailurePercentage' must be between 0 and 100 at \
               /States/S/ToleratedFailurePercentage"],
        ),
        (
            map(r#""ToleratedFailureCount":1,"ToleratedFailureCountPath":"$.t""#),
            &[
                "SCHEMA_VALIDATION_FAILED: Only one of these fields can be set: [ToleratedFailureCount, ToleratedFailureCountPath] at /States/S",
            ],
        ),
        (
            map(r#""ItemBatcher":{"MaxItemsPerBatch":1}"#),
            &["FIELD_HAS_NO_EFFECT: only a Map in mode DISTRIBUTED has use for `ItemBatcher` at /States/S/ItemBatcher"],
        ),
        (
            distributed(r#""ItemBatcher":{"BatchInput":{}}"#),
            &[
                "SCHEMA_VALIDATION_FAILED: One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch] at /States/S/ItemBatcher",
            ],
        ),
        (
            distributed(r#""ItemBatcher":{"MaxInputBytesPerBatch":262145}"#),
            &["SCHEMA_VALIDATION_FAILED: The value of 'MaxInputBytesPerBatch' must be between 1 and 262144 at \
               /States/S/ItemBatcher/MaxInputBytesPerBatch"],
        ),
        (
            distributed(r#""ResultWriter":{}"#),
            &["SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/ResultWriter"],
        ),
        (distributed(r#""ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSONL"}}"#), &[]),
        (
            distributed(r#""ResultWriter":{"Resource":"arn:aws:states:::s3:putObject"}"#),
            &["SCHEMA_VALIDATION_FAILED: These fields are required: [Parameters] at /States/S/ResultWriter"],
        ),
        (
            distributed(
                r#""ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"XML","CSVHeaderLocation":"GIVEN",
                "ItemsPointer":"a","MaxItems":-1}}"#,
            ),
            &[
                "SCHEMA_VALIDATION_FAILED: The field 'InputType' should have one of these values: [CSV, JSON, JSONL, PARQUET, MANIFEST] at \
                 /States/S/ItemReader/ReaderConfig/InputType",
                "SCHEMA_VALIDATION_FAILED: These fields are required: [CSVHeaders] at /States/S/ItemReader/ReaderConfig",
                "SCHEMA_VALIDATION_FAILED: Value must be a valid JSON Pointer at /States/S/ItemReader/ReaderConfig/ItemsPointer",
                "SCHEMA_VALIDATION_FAILED: The value of 'MaxItems' must be between 0 and 100000000 at \
                 /States/S/ItemReader/ReaderConfig/MaxItems",
            ],
        ),
        (
            state(
                r#""Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"I","States":{"I":{"Type":"Succeed"}}}"#,
            ),
            &[
                "SCHEMA_VALIDATION_FAILED: These fields are required: [ExecutionType] at /States/S/ItemProcessor/ProcessorConfig",
            ],
        ),
    ]);
    let nested = |depth: usize| {
        let mut machine = r#"{"StartAt":"I","States":{"I":{"Type":"Succeed"}}}"#.to_owned();
        for level in 0..depth {
            machine = format!(
                r#"{{"StartAt":"S{level}","States":{{"S{level}":{{"Type":"Map","End":true,"ItemProcessor":{machine}}}}}}}"#
            );
        }
        check(&machine, &Options::default())
    };
    assert_eq!(nested(40), []);
    assert_eq!(nested(41).iter().map(|finding| finding.code.name()).collect::<Vec<_>>(), ["TOO_DEEPLY_NESTED"]);
}

#[test]
fn variables_in_scopes() {
    rows(&[
        (
            pass(r#""Assign":{"1a":1,"states":2,"a-b":3,"grün":4,"_x":5}"#),
            &[
                "INVALID_VARIABLE: `1a` cannot name a variable: a letter comes first, then letters, digits and `_` at /States/S/Assign",
                "INVALID_VARIABLE: `states` is reserved and cannot name a variable at /States/S/Assign",
                "INVALID_VARIABLE: `a-b` cannot name a variable: a letter comes first, then letters, digits and `_` at /States/S/Assign",
            ],
        ),
        (pass(r#""Assign":5"#), &["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /States/S/Assign"]),
        (
            r#"{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"v":1},"Next":"P"},"P":{"Type":"Parallel","End":true,"Branches":[
                {"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"v.$":"$.x"},"End":true}}}]}}}"#
                .into(),
            &["SHADOWED_VARIABLE: the variable `v` belongs to an outer scope and cannot be assigned here at \
               /States/P/Branches[0]/States/I/Assign"],
        ),
        // What comes later, and what the Parallel's own catcher assigns, is not there yet.
        (
            r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"A","Catch":[{"ErrorEquals":["E"],"Assign":{"v":1},"Next":"A"}],"Branches":[
                {"StartAt":"I","States":{"I":{"Type":"Pass","Assign":{"v":1},"End":true}}}]},"A":{"Type":"Pass","Assign":{"v":1},"End":true}}}"#
                .into(),
            &[],
        ),
    ]);
}

#[test]
fn express_machines() {
    let express = Options { machine_type: MachineType::Express, ..Options::default() };
    let resource = |text: &str| state(&format!(r#""Type":"Task","Resource":"{text}","End":true"#));
    rows_under(
        &express,
        &[
            (resource("arn:aws:states:::states:startExecution"), &[]),
            (
                resource("arn:aws:states:::states:startExecution.sync:2"),
                &[
                    "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration at /States/S/Resource",
                ],
            ),
            (
                resource("arn:aws:states:::sqs:sendMessage.waitForTaskToken"),
                &[
                    "SCHEMA_VALIDATION_FAILED: Express state machine does not support '.waitForTaskToken' service integration  at \
                   /States/S/Resource",
                ],
            ),
            (
                resource("arn:aws:states:us-east-1:111111111111:activity:a"),
                &[
                    "SCHEMA_VALIDATION_FAILED: Express state machine does not support Activity ARN at /States/S/Resource",
                ],
            ),
            (
                distributed(""),
                &["SCHEMA_VALIDATION_FAILED: Express state machine does not support 'DISTRIBUTED' mode at \
                   /States/S/ItemProcessor/ProcessorConfig/Mode"],
            ),
        ],
    );
    rows(&[(
        state(
            r#""Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"StartAt":"I",
                "States":{"I":{"Type":"Task","Resource":"arn:aws:states:::states:startExecution.sync","End":true}}}"#,
        ),
        &["SCHEMA_VALIDATION_FAILED: Express state machine does not support '.sync' service integration at \
           /States/S/ItemProcessor/States/I/Resource"],
    )]);
}

/// A member of `$states` must exist where it is named; `$states` as a whole has those that do.
#[test]
fn members_of_states_where_they_exist() {
    let next = r#""Next":"D"}]"#;
    let catch = |output: &str| jsonata_task(&format!(r#""Catch":[{{"ErrorEquals":["E"],"Output":"{output}",{next}"#));
    let with_target = |text: String| text.replacen(r#""States":{"#, r#""States":{"D":{"Type":"Succeed"},"#, 1);
    let rows = [
        (jsonata_task(r#""Output":"{% $states.result %}""#), None),
        (jsonata_task(r#""Output":"{% $states %}""#), None),
        (jsonata_task(r#""Arguments":"{% $states %}""#), None),
        (with_target(catch("{% $states %}")), None),
        (with_target(catch("{% $states.errorOutput %}")), None),
        (jsonata_task(r#""Output":"{% $states.errorOutput %}""#), Some(("errorOutput", "Output"))),
        (jsonata_task(r#""Arguments":"{% [$states, $states.result] %}""#), Some(("result", "Arguments"))),
        (with_target(catch("{% $states.result %}")), Some(("result", "Catch[0]/Output"))),
    ];
    for (text, missing) in rows {
        let expected = missing.map(|(member, place)| {
            format!("UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.{member}' does not exist. at /States/S/{place}")
        });
        let found: Vec<String> = check(&text, &Options::default()).iter().map(Diagnostic::to_string).collect();
        assert_eq!(found, Vec::from_iter(expected), "{text}");
    }
}

#[test]
fn expressions_of_jsonata() {
    let output =
        |expression: &str| jsonata(&format!(r#""Type":"Pass","End":true,"Output":{{"v":"{{% {expression} %}}"}}"#));
    for (expression, message) in [
        ("$states.input.a[1,2)", "Expected \"]\", got \",\""),
        ("'unterminated", "String literal must be terminated by a matching quote"),
        ("1 +", "Unexpected end of expression"),
        ("{'a':}", "The symbol \"}\" cannot be used as a unary operator"),
        ("$x :=", "Unexpected end of expression"),
    ] {
        let expected = format!("INVALID_JSONATA_EXPRESSION: {message} at /States/S/Output/v");
        rows(&[(output(expression), &[expected.as_str()])]);
    }
    for name in ["phone", "$", "$$"] {
        let expected = format!(
            "UNSUPPORTED_JSONATA_EXPRESSION: Reference to '{name}' at the top level is not supported. at /States/S/Output/v"
        );
        rows(&[(output(name), &[expected.as_str()])]);
    }
    rows(&[
        (output("$states.input.list[$ > 1].(a & $$.b)"), &[]),
        (output("$undefined + $states.context.Execution.Id"), &[]),
        (
            output("$states.result"),
            &["UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/S/Output/v"],
        ),
        (jsonata_task(r#""Output":"{% $states.result %}","Assign":{"a":"{% $states.result.b %}"}"#), &[]),
        (
            jsonata_task(r#""Arguments":{"a":["{% $states.errorOutput.Error %}"]}"#),
            &[
                "UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.errorOutput' does not exist. at /States/S/Arguments/a[0]",
            ],
        ),
        (
            jsonata_task(
                r#""Catch":[{"ErrorEquals":["E"],"Next":"S","Output":"{% $states.errorOutput %}","Assign":{"r":"{% $states.result %}"}}]"#,
            ),
            &["UNSUPPORTED_JSONATA_EXPRESSION: Field '$states.result' does not exist. at /States/S/Catch[0]/Assign/r"],
        ),
        (
            jsonata(r#""Type":"Pass","End":true,"Output":["{% 10 %"," {% 10 %}","{% 10 %} "]"#),
            &[
                "INVALID_JSONATA_EXPRESSION: an expression begins with `{%` and ends with `%}`, with nothing before or after at \
               /States/S/Output[0]",
            ],
        ),
        // What looks like an expression is a plain text in a JSONPath state, and in a comment.
        (pass(r#""Parameters":{"a":"{% 1 + %}"}"#), &[]),
        (jsonata(r#""Type":"Pass","End":true,"Comment":"{% oh""#), &[]),
    ]);
}

#[test]
fn placeholders_are_no_findings() {
    rows(&[
        (task(r#""TimeoutSeconds":"${Timeout}","HeartbeatSeconds":"${Heartbeat}","Credentials":{"RoleArn":"${Role}"}"#), &[]),
        (task(r#""Retry":[{"ErrorEquals":["${Error}"],"MaxAttempts":"${Attempts}","BackoffRate":"${Rate}","JitterStrategy":"${Jitter}"}]"#), &[]),
        (task(r#""Parameters":{"FunctionName":"${Function}","Payload.$":"${Path}","Name.$":"$.${Field}"},"ResultPath":"${Path}""#), &[]),
        (state(r#""Type":"Wait","Seconds":"${Seconds}","End":true"#), &[]),
        (state(r#""Type":"Wait","Timestamp":"${When}","End":true"#), &[]),
        (choice(r#"{"Variable":"$.${Field}","NumericEquals":"${Number}","Next":"D"},{"Variable":"$.a","BooleanEquals":"${Bool}","Next":"D"}"#), &[]),
        (map(r#""MaxConcurrency":"${Concurrency}","ItemsPath":"${Items}""#), &[]),
        (distributed(r#""ItemReader":{"Resource":"${Reader}","ReaderConfig":{"InputType":"${Type}"}},"Label":"${Label}""#), &[]),
        (jsonata(r#""Type":"Wait","Seconds":"{% ${Seconds} + 1 %}","End":true"#), &[]),
        (jsonata_task(r#""Arguments":{"TableName":"${Table}","Count":"{% $states.input.n * ${Factor} %}"}"#), &[]),
        (
            r#"{"StartAt":"${First}","TimeoutSeconds":"${Timeout}","States":{"${First}":{"Type":"Pass","End":true,"Comment":"${C}"}}}"#.into(),
            &[],
        ),
    ]);
}

#[test]
fn sizes_are_bounded() {
    let long = format!("{}{}", pass(""), " ".repeat(limits::LONGEST_DEFINITION));
    assert_eq!(check(&long, &Options::default())[0].code.name(), "DEFINITION_TOO_LARGE");
    let deep = pass(&format!(r#""Result":{}{}"#, "[".repeat(600), "]".repeat(600)));
    assert_eq!(check(&deep, &Options::default())[0].code.name(), "TOO_DEEPLY_NESTED");
    let document = Value::parse(&deep).expect("valid JSON");
    assert_eq!(check_value(&document, &Options::default())[0].code.name(), "TOO_DEEPLY_NESTED");
    let open = "{\"States\":".repeat(100_000);
    assert_eq!(check(&open, &Options::default())[0].code.name(), "TOO_DEEPLY_NESTED");
}

#[test]
fn data_sets_and_their_types() {
    let check = |resource: &str, config: &str, expected: &[&str]| {
        let reader = format!(r#""ItemReader":{{"Resource":"arn:aws:states:::s3:{resource}"{config}}}"#);
        let row: &[&str] = expected;
        rows(&[(distributed(&reader), row)]);
    };
    let required = "SCHEMA_VALIDATION_FAILED: These fields are required: [InputType] at /States/S/ItemReader";
    check("getObject", "", &[required]);
    check("getObject", r#","ReaderConfig":{"MaxItems":1}"#, &[&format!("{required}/ReaderConfig")]);
    check("getObject", r#","ReaderConfig":{"InputType":"${Type}"}"#, &[]);
    check("getObject", r#","ReaderConfig":{"InputType":"JSON","ItemsPointer":"/a"}"#, &[]);
    check("getObject", r#","ReaderConfig":{"ManifestType":"S3_INVENTORY"}"#, &[]);
    check("getObject", r#","ReaderConfig":{"ManifestType":"ATHENA_DATA","InputType":"CSV"}"#, &[]);
    check("listObjectsV2", "", &[]);
    check("listObjectsV2", r#","ReaderConfig":{"MaxItems":1}"#, &[]);
    let place = "at /States/S/ItemReader/ReaderConfig";
    let pointer =
        format!("SCHEMA_VALIDATION_FAILED: Field 'ItemsPointer' is only supported when 'InputType' is 'JSON' {place}");
    check("getObject", r#","ReaderConfig":{"InputType":"CSV","ItemsPointer":"/a"}"#, &[&pointer]);
    let inventory = format!(
        "SCHEMA_VALIDATION_FAILED: Field 'InputType' is not supported when 'ManifestType' is 'S3_INVENTORY' {place}"
    );
    check("getObject", r#","ReaderConfig":{"ManifestType":"S3_INVENTORY","InputType":"CSV"}"#, &[&inventory]);
    let athena = format!(
        "SCHEMA_VALIDATION_FAILED: The field 'InputType' should have one of these values: [CSV, JSONL, PARQUET] {place}"
    );
    check("getObject", r#","ReaderConfig":{"ManifestType":"ATHENA_DATA","InputType":"JSON"}"#, &[&athena]);
    let flatten = format!("{required}/ReaderConfig");
    check("listObjectsV2", r#","ReaderConfig":{"Transformation":"LOAD_AND_FLATTEN"}"#, &[&flatten]);
}
