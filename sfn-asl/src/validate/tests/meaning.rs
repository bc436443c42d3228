//! What a definition that AWS takes means, other than its author may think.

use super::*;
use crate::diagnostic::Code;

/// The codes these tests are about. The tables of the other tests leave them out.
pub(super) const CODES: [Code; 9] = [
    Code::UnassignedVariable,
    Code::UnusedVariable,
    Code::UnknownFunction,
    Code::NeverMatches,
    Code::CallbackWithoutTimeout,
    Code::TaskTokenNotSent,
    Code::EventQuota,
    Code::PayloadQuota,
    Code::ExpressDuration,
];

/// Checks every row: the definition, and each finding as `CODE PLACE WORDS`: the place ends so, the message or the help
/// has the words.
#[track_caller]
fn found(options: &Options, text: &str, expected: &[&str]) {
    let findings = check(text, options);
    let shown: Vec<String> = findings.iter().map(|finding| format!("{finding} ({:?})", finding.help)).collect();
    assert_eq!(findings.len(), expected.len(), "{text}\n{shown:#?}");
    for (finding, expected) in findings.iter().zip(expected) {
        let (code, rest) = expected.split_once(' ').expect("a row has a code and a place");
        let (place, words) = rest.split_once(' ').unwrap_or((rest, ""));
        let text = format!("{} {}", finding.message, finding.help.as_deref().unwrap_or_default());
        let right = finding.code.name() == code && finding.focus.to_string().ends_with(place) && text.contains(words);
        assert!(right, "expected {expected}, found {finding}\n{text}\nfocus {}", finding.focus);
    }
}

#[track_caller]
fn all(rows: &[(String, &[&str])]) {
    for (text, expected) in rows {
        found(&Options::default(), text, expected);
    }
}

/// A machine of these states, in JSONata, that starts at `A`.
fn machine(states: &str) -> String {
    format!(r#"{{"StartAt":"A","QueryLanguage":"JSONata","States":{{{states}}}}}"#)
}

#[test]
fn variables_that_are_read_before_they_are_assigned() {
    all(&[
        (
            machine(r#""A":{"Type":"Pass","Output":"{% $x %}","End":true}"#),
            &["UNASSIGNED_VARIABLE /States/A/Output on no way"],
        ),
        // What a state assigns is there from the next state on.
        (
            machine(
                r#""A":{"Type":"Pass","Assign":{"x":1},"Output":"{% $x %}","Next":"B"},"B":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &["UNASSIGNED_VARIABLE /States/A/Output on no way"],
        ),
        (
            machine(
                r#""A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.y %}","Assign":{"x":1},"Next":"B"}],"Default":"B"},
                "B":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &["UNASSIGNED_VARIABLE /States/B/Output a way leads here past"],
        ),
        // Both ways assign it; the state's own Assign goes with the default.
        (
            machine(
                r#""A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.y %}","Assign":{"x":1},"Next":"B"}],"Default":"B","Assign":{"x":2}},
                "B":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &[],
        ),
        // A catcher's Assign goes with its transition, the state's with the other.
        (
            machine(
                r#""A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Assign":{"x":1},"Catch":[{"ErrorEquals":["E"],"Next":"B"}],
                "Next":"B"},"B":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &["UNASSIGNED_VARIABLE /States/B/Output a way leads here past"],
        ),
        // A loop that assigns before it reads again.
        (
            machine(
                r#""A":{"Type":"Pass","Assign":{"i":0},"Next":"B"},"B":{"Type":"Pass","Assign":{"i":"{% $i + 1 %}"},"Next":"C"},
                "C":{"Type":"Choice","Choices":[{"Condition":"{% $i < 3 %}","Next":"B"}],"Default":"D"},"D":{"Type":"Succeed"}"#,
            ),
            &[],
        ),
        (machine(r#""A":{"Type":"Pass","Output":"{% $exists($x) ? $x : 0 %}","End":true}"#), &[]),
        // An expression may assign anything.
        (
            machine(
                r#""A":{"Type":"Pass","Assign":"{% $states.input %}","Next":"B"},"B":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &[],
        ),
        (
            pass(r#""Parameters":{"a.$":"$x.b","b.$":"States.Format('{}', $y)"},"OutputPath":"$z""#),
            &[
                "UNASSIGNED_VARIABLE /Parameters/a.$ `x`",
                "UNASSIGNED_VARIABLE /Parameters/b.$ `y`",
                "UNASSIGNED_VARIABLE /OutputPath `z`",
            ],
        ),
        (choice(r#"{"Variable":"$x","IsPresent":true,"Next":"D"}"#), &[]),
        (
            choice(r#"{"Variable":"$x","NumericEqualsPath":"$y[0]","Next":"D"}"#),
            &["UNASSIGNED_VARIABLE /Choices[0]/Variable `x`", "UNASSIGNED_VARIABLE /Choices[0]/NumericEqualsPath `y`"],
        ),
        // Names in literals and in Result are no variables.
        (pass(r#""Result":{"a.$":"$x"},"Comment":"$x""#), &[]),
    ]);
}

#[test]
fn variables_of_other_scopes() {
    let map = |config: &str, outer: &str, inner: &str, after: &str| {
        machine(&format!(
            r#""A":{{"Type":"Pass","Assign":{{{outer}}},"Next":"M"}},"M":{{"Type":"Map","Next":"Z","ItemProcessor":{{{config}"StartAt":"I",
            "States":{{"I":{{"Type":"Pass",{inner},"Next":"J"}},"J":{{"Type":"Succeed","Output":"{{% $x %}}"}}}}}}}},"Z":{{"Type":"Succeed"{after}}}"#
        ))
    };
    let child = r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"#;
    all(&[
        (map("", r#""x":1"#, r#""Output":1"#, ""), &[]),
        (map("", r#""y":1"#, r#""Assign":{"x":"{% $y %}"}"#, ""), &[]),
        (
            map(child, r#""x":1"#, r#""Output":1"#, ""),
            &["UNASSIGNED_VARIABLE /J/Output do not see the variables", "UNUSED_VARIABLE /States/A/Assign/x"],
        ),
        (map(child, r#""y":1"#, r#""Assign":{"x":1}"#, ""), &["UNUSED_VARIABLE /States/A/Assign/y"]),
        (map(child, r#""x":1"#, r#""Assign":{"x":2}"#, r#","Output":"{% $x %}""#), &[]),
        (
            map("", r#""y":1"#, r#""Assign":{"x":"{% $y %}"}"#, r#","Output":"{% $x %}""#),
            &["UNASSIGNED_VARIABLE /States/Z/Output ends with it"],
        ),
        (
            map("", r#""x":1"#, r#""Assign":{"x":2}"#, ""),
            &["SHADOWED_VARIABLE /I/Assign/x belongs to an outer scope", "UNUSED_VARIABLE /States/A/Assign/x"],
        ),
    ]);
}

#[test]
fn variables_that_nobody_reads() {
    all(&[
        (pass(r#""Assign":{"x":1}"#), &["UNUSED_VARIABLE /Assign/x"]),
        (
            machine(
                r#""A":{"Type":"Pass","Assign":{"x":1,"y":1},"Next":"B"},"B":{"Type":"Pass","Assign":{"x":2},"Next":"C"},
                "C":{"Type":"Succeed","Output":"{% $x %}"}"#,
            ),
            &["UNUSED_VARIABLE /States/A/Assign/x", "UNUSED_VARIABLE /States/A/Assign/y"],
        ),
        // A variable may have the name of a function, and stands in its place.
        (
            machine(
                r#""A":{"Type":"Pass","Assign":{"sum":1},"Next":"B"},"B":{"Type":"Succeed","Output":"{% $sum %}"}"#,
            ),
            &[],
        ),
        // What a placeholder reads is not known.
        (
            machine(
                r#""A":{"Type":"Pass","Assign":{"x":1},"Next":"B"},"B":{"Type":"Succeed","Output":"{% ${Expression} %}"}"#,
            ),
            &[],
        ),
        // More than 64 names.
        (
            machine(&format!(
                r#""A":{{"Type":"Pass","Assign":{{{}}},"Next":"B"}},"B":{{"Type":"Succeed","Output":"{{% [{}] %}}"}}"#,
                (0..200).map(|at| format!(r#""v{at}":1"#)).collect::<Vec<_>>().join(","),
                (0..200).filter(|at| *at != 150).map(|at| format!("$v{at}")).collect::<Vec<_>>().join(","),
            )),
            &["UNUSED_VARIABLE /States/A/Assign/v150"],
        ),
    ]);
    // A state that stands alone has its variables from outside.
    let alone = parse::parse_state(r#"{"Type":"Pass","Assign":{"x.$":"$y"},"End":true}"#, &Options::default());
    assert_eq!(alone.expect("the state is valid").diagnostics, []);
}

#[test]
fn functions_that_do_not_exist() {
    let output = |text: &str| jsonata(&format!(r#""Type":"Pass","End":true,"Output":"{{% {text} %}}""#));
    all(&[
        (output("$eval('1')"), &["UNKNOWN_FUNCTION /Output JSONata without `$eval`"]),
        (output("$states.input ~> $foo"), &["UNKNOWN_FUNCTION /Output T1006"]),
        (output("$foo(?, 1)"), &["UNKNOWN_FUNCTION /Output"]),
        (output("($foo := function(){ 1 }; $foo())"), &[]),
        (output("$map([1], function($v, $i){ $i })"), &[]),
        (output("$map([function(){ 1 }], function($f){ $f() })"), &[]),
        (output("$uuid() & $hash('a', 'MD5')"), &[]),
    ]);
}

#[test]
fn errors_that_never_come() {
    let retry = |entries: &str| task(&format!(r#""Retry":[{entries}]"#));
    all(&[
        (
            retry(
                r#"{"ErrorEquals":["States.TaskFailed"]},{"ErrorEquals":["E","States.Timeout"]},{"ErrorEquals":["States.ALL"]}"#,
            ),
            &["NEVER_MATCHES /Retry[1]/ErrorEquals[0] `States.TaskFailed` stands in an entry before"],
        ),
        (
            retry(r#"{"ErrorEquals":["E","F"]},{"ErrorEquals":["E"]},{"ErrorEquals":["States.TaskFailed"]}"#),
            &["NEVER_MATCHES /Retry[1]/ErrorEquals[0] an earlier entry"],
        ),
        (retry(r#"{"ErrorEquals":["States.Runtime"]}"#), &["NEVER_MATCHES /ErrorEquals[0] ends the execution"]),
        (retry(r#"{"ErrorEquals":["States.NoChoiceMatched"]}"#), &["NEVER_MATCHES /ErrorEquals[0] reserved"]),
        (retry(r#"{"ErrorEquals":["States.Mine"]}"#), &["NEVER_MATCHES /ErrorEquals[0] none of them"]),
        // A name that only looks reserved is an ordinary name.
        (retry(r#"{"ErrorEquals":["State.ALL","Lambda.Unknown","States.Http.StatusCode.404","${Name}"]}"#), &[]),
    ]);
}

#[test]
fn rules_that_never_match() {
    let dead = |rules: &str, expected: &[usize]| {
        let places: Vec<String> = expected.iter().map(|index| format!("NEVER_MATCHES /Choices[{index}]")).collect();
        found(&Options::default(), &choice(rules), &places.iter().map(String::as_str).collect::<Vec<_>>());
    };
    let rules = |tests: &[&str]| {
        let rules: Vec<String> = tests.iter().map(|test| format!(r#"{{{test},"Next":"D"}}"#)).collect();
        rules.join(",")
    };
    let on = |test: &str| format!(r#"{{"Variable":"$.a",{test}}}"#);
    let a = |test: &str| format!(r#""Variable":"$.a",{test}"#);
    let and =
        |tests: &[&str]| format!(r#""And":[{}]"#, tests.iter().map(|test| on(test)).collect::<Vec<_>>().join(","));
    let or = |tests: &[&str]| format!(r#""Or":[{}]"#, tests.iter().map(|test| on(test)).collect::<Vec<_>>().join(","));
    let not = |test: &str| format!(r#""Not":{}"#, on(test));
    let table: &[(&[String], &[usize])] = &[
        (&[a(r#""NumericEquals":1"#), a(r#""NumericEquals":1.0"#)], &[1]),
        (&[a(r#""NumericEquals":1"#), a(r#""NumericEquals":2"#)], &[]),
        (&[a(r#""NumericGreaterThan":5"#), a(r#""NumericGreaterThan":10"#)], &[1]),
        (&[a(r#""NumericGreaterThan":10"#), a(r#""NumericGreaterThan":5"#)], &[]),
        (&[a(r#""NumericGreaterThan":5"#), a(r#""NumericGreaterThanEquals":5"#)], &[]),
        (&[a(r#""NumericGreaterThanEquals":5"#), a(r#""NumericGreaterThan":5"#)], &[1]),
        (&[a(r#""NumericLessThan":5"#), r#""Variable":"$.b","NumericLessThan":3"#.to_owned()], &[]),
        (&[a(r#""IsPresent":true"#), a(r#""StringEquals":"x""#)], &[1]),
        (&[a(r#""IsString":true"#), a(r#""TimestampLessThan":"2020-01-01T00:00:00Z""#)], &[1]),
        (&[a(r#""IsNumeric":false"#), a(r#""StringEquals":"x""#)], &[1]),
        (&[a(r#""IsNumeric":false"#), a(r#""NumericEquals":1"#)], &[]),
        (&[a(r#""IsPresent":false"#), a(r#""StringEquals":"x""#)], &[]),
        (&[and(&[r#""NumericGreaterThan":5"#, r#""NumericLessThan":5"#])], &[0]),
        (&[and(&[r#""NumericGreaterThanEquals":5"#, r#""NumericLessThanEquals":5"#])], &[]),
        (&[and(&[r#""StringEquals":"x""#, r#""NumericEquals":1"#])], &[0]),
        (&[and(&[r#""StringEquals":"x""#, r#""IsNull":true"#])], &[0]),
        (&[and(&[r#""BooleanEquals":true"#, r#""BooleanEquals":false"#])], &[0]),
        (&[or(&[r#""StringEquals":"x""#, r#""StringEquals":"y""#]), a(r#""StringEquals":"y""#)], &[1]),
        (&[a(r#""StringEquals":"y""#), or(&[r#""StringEquals":"x""#, r#""StringEquals":"y""#])], &[]),
        (&[a(r#""StringEquals":"y""#), and(&[r#""IsPresent":true"#, r#""StringEquals":"y""#])], &[1]),
        (&[not(r#""StringEquals":"x""#), a(r#""StringEquals":"y""#)], &[1]),
        (&[not(r#""StringEquals":"x""#), a(r#""StringEquals":"x""#)], &[]),
        (&[a(r#""NumericGreaterThan":1"#), not(r#""NumericLessThanEquals":1"#)], &[]),
        (&[a(r#""StringMatches":"x*""#), a(r#""StringMatches":"x*""#)], &[1]),
        (&[a(r#""NumericEqualsPath":"$.b""#), a(r#""NumericEqualsPath":"$.b""#)], &[1]),
        (&[a(r#""NumericEqualsPath":"$.b""#), a(r#""NumericEqualsPath":"$.c""#)], &[]),
        (&[a(r#""StringEquals":"${X}""#), a(r#""StringEquals":"${Y}""#)], &[]),
    ];
    for (tests, expected) in table {
        dead(&rules(&tests.iter().map(String::as_str).collect::<Vec<_>>()), expected);
    }
    let conditions = |conditions: &str, expected: &[&str]| {
        let text = format!(
            r#"{{"StartAt":"C","QueryLanguage":"JSONata","States":{{"C":{{"Type":"Choice","Choices":[{conditions}],"Default":"D"}},"D":{{"Type":"Succeed"}}}}}}"#
        );
        found(&Options::default(), &text, expected);
    };
    conditions(
        r#"{"Condition":"{% $states.input.a %}","Next":"D"},{"Condition":"{%$states.input.a%}","Next":"D"}"#,
        &["NEVER_MATCHES /Choices[1] rule 0"],
    );
    conditions(
        r#"{"Condition":"{% $random() < 0.5 %}","Next":"D"},{"Condition":"{% $random() < 0.5 %}","Next":"D"}"#,
        &[],
    );
    conditions(
        r#"{"Condition":"{% false %}","Next":"D"},{"Condition":true,"Next":"D"},{"Condition":"{% $states.input.a %}","Next":"D"}"#,
        &["NEVER_MATCHES /Choices[0] always false", "NEVER_MATCHES /Choices[2] rule 1"],
    );
}

#[test]
fn tasks_that_wait_for_an_answer() {
    let callback = |fields: &str| {
        state(&format!(
            r#""Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","End":true{}"#,
            more(fields)
        ))
    };
    let token = r#""Parameters":{"T.$":"$$.Task.Token"}"#;
    all(&[
        (callback(token), &["CALLBACK_WITHOUT_TIMEOUT /Resource"]),
        (callback(&format!(r#"{token},"TimeoutSeconds":60"#)), &[]),
        (callback(&format!(r#"{token},"HeartbeatSecondsPath":"$.h""#)), &[]),
        (callback(&format!(r#"{token},"TimeoutSeconds":60"#)).replacen('{', r#"{"TimeoutSeconds":60,"#, 1), &[]),
        (callback(r#""TimeoutSeconds":60"#), &["TASK_TOKEN_NOT_SENT /Resource $$.Task.Token"]),
        (callback(r#""TimeoutSeconds":60,"Parameters":{"T.$":"$$"}"#), &[]),
        (callback(r#""TimeoutSeconds":60,"Parameters":{"T.$":"States.Format('{}', $$.Task.Token)"}"#), &[]),
        (
            state(r#""Type":"Task","Resource":"arn:aws:states:us-east-1:111111111111:activity:a","End":true"#),
            &["CALLBACK_WITHOUT_TIMEOUT /Resource worker"],
        ),
        (task(""), &[]),
        (
            jsonata(
                r#""Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","TimeoutSeconds":5,"End":true,
                "Arguments":{"T":"{% $states.input.T %}"}"#,
            ),
            &["TASK_TOKEN_NOT_SENT /Resource $states.context.Task.Token"],
        ),
    ]);
}

#[test]
fn estimates_against_the_quotas() {
    let items = |count: &str, inner: &str, mode: &str| {
        jsonata(&format!(
            r#""Type":"Map","Items":"{{% [1..{count}] %}}","ItemProcessor":{{{mode}"StartAt":"I","States":{{{inner}}}}},"End":true"#
        ))
    };
    let pass = r#""I":{"Type":"Pass","End":true}"#;
    // 2 for the execution, 4 for the Map, 4 for each iteration.
    all(&[
        (items("6248", pass, ""), &[]),
        (items("6249", pass, ""), &["EVENT_QUOTA /States/S 25000"]),
        (items("9000", pass, r#""ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"EXPRESS"},"#), &[]),
        // The shortest way counts.
        (
            items(
                "6000",
                r#""I":{"Type":"Choice","Choices":[{"Condition":"{% $states.input > 1 %}","Next":"J"}],"Default":"K"},
                "J":{"Type":"Pass","Next":"K"},"K":{"Type":"Succeed"}"#,
                "",
            ),
            &["EVENT_QUOTA /States/S 36004"],
        ),
        (task(r#""Retry":[{"ErrorEquals":["E"],"MaxAttempts":9000}]"#), &["EVENT_QUOTA /Retry[0]/MaxAttempts 27005"]),
        (task(r#""Retry":[{"ErrorEquals":["E"],"MaxAttempts":5000}]"#), &[]),
        (
            machine(
                r#""A":{"Type":"Choice","Choices":[{"Condition":"{% $states.input.a %}","Next":"B"}],"Default":"Z"},
                "B":{"Type":"Pass","Next":"C"},"C":{"Type":"Pass","Next":"B"},"Z":{"Type":"Succeed"}"#,
            ),
            &["EVENT_QUOTA /States/B goes on"],
        ),
    ]);
    found(&Options { machine_type: MachineType::Express, ..Options::default() }, &items("9000", pass, ""), &[]);
    let long = |length: usize| "x".repeat(length);
    all(&[
        (state(&format!(r#""Type":"Fail","Error":"{}","Cause":"{}""#, long(256), long(32_768))), &[]),
        (
            state(&format!(r#""Type":"Fail","Error":"{}","Cause":"{}""#, long(257), long(32_769))),
            &["PAYLOAD_QUOTA /Error 257", "PAYLOAD_QUOTA /Cause 32769"],
        ),
        (super::pass(&format!(r#""Result":"{}""#, long(262_142))), &[]),
        (super::pass(&format!(r#""Result":"{}""#, long(262_143))), &["PAYLOAD_QUOTA /Result 262145"]),
        (
            jsonata(&format!(
                r#""Type":"Pass","Output":{{"a":"{}","b":"{{% $states.input %}}"}},"End":true"#,
                long(262_140)
            )),
            &["PAYLOAD_QUOTA /Output"],
        ),
        (
            machine(&format!(
                r#""A":{{"Type":"Pass","Assign":{{"x":"{0}","y":"{0}"}},"Next":"B"}},"B":{{"Type":"Succeed","Output":"{{% $x & $y %}}"}}"#,
                long(140_000)
            )),
            &["PAYLOAD_QUOTA /Assign"],
        ),
    ]);
}

#[test]
fn times_beyond_an_express_execution() {
    let express = Options { machine_type: MachineType::Express, ..Options::default() };
    let wait = state(r#""Type":"Wait","Seconds":301,"End":true"#);
    found(&express, &wait, &["EXPRESS_DURATION /States/S/Seconds 300"]);
    found(&Options::default(), &wait, &[]);
    found(&express, &state(r#""Type":"Wait","Seconds":300,"End":true"#), &[]);
    found(&express, &task(r#""TimeoutSeconds":900"#), &["EXPRESS_DURATION /States/S/TimeoutSeconds"]);
    found(&express, &task("").replacen('{', r#"{"TimeoutSeconds":900,"#, 1), &["EXPRESS_DURATION /TimeoutSeconds"]);
}
