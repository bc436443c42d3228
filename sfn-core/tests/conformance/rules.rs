//! The rules of the comparison, the mocks and the list of known failures, each with cases of its own.
//!
//! A comparison that cannot fail proves nothing, hence as many cases here that differ as cases that match.

use libtest_mimic::{Failed, Trial};
use sfn_core::asl::value::Value;

use crate::case::Case;
use crate::compare::Comparison;
use crate::history::{self, Event, Order};
use crate::known::{KnownFailures, verdict};
use crate::mock::{Answer, End, Mocks, Phase, Scheduled, Worker};

/// The tests of the rules.
pub(crate) fn trials() -> Vec<Trial> {
    type Test = fn() -> Result<(), String>;
    let tests: [(&str, Test); 9] = [
        ("values", values),
        ("values share one table of placeholders", bindings),
        ("histories", histories),
        ("a history that still runs", prefixes),
        ("the old form of a Distributed Map's history", distributed_maps),
        ("recorded outcomes are given out in order", outcomes),
        ("handlers behave as declared", behaviours),
        ("known failures", known_failures),
        ("lines that are no case", lines),
    ];
    tests
        .into_iter()
        .map(|(name, test)| Trial::test(name, move || test().map_err(Failed::from)).with_kind("rule"))
        .collect()
}

fn distributed_maps() -> Result<(), String> {
    let event = |id: i64, previous: i64, kind: &str| Event {
        id,
        previous,
        kind: kind.to_owned(),
        details: Value::empty_object(),
    };
    let history = |exited: i64| {
        vec![
            event(3, 2, "MapStateStarted"),
            event(4, 3, "MapRunStarted"),
            event(5, 4, "MapRunSucceeded"),
            event(6, 5, "MapStateSucceeded"),
            event(7, exited, "MapStateExited"),
        ]
    };
    for (recorded, expected) in [(5, 4), (4, 4), (3, 3)] {
        let last = history::in_todays_form(history(recorded)).pop().map(|event| event.previous);
        check("what the Exited event follows", Some(expected), last)?;
    }
    Ok(())
}

fn json(text: &str) -> Value {
    Value::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn check<T: PartialEq + std::fmt::Debug>(what: &str, expected: T, actual: T) -> Result<(), String> {
    if expected == actual { Ok(()) } else { Err(format!("{what}: expected {expected:?}, found {actual:?}")) }
}

/// Expected, actual, whether they match.
const VALUES: &[(&str, &str, bool)] = &[
    // scalars
    ("1", "1.0", true),
    ("1", "1.0000000001", true),
    ("1", "1.00001", false),
    ("0", "false", false),
    ("true", "true", true),
    ("true", "1", false),
    ("null", "null", true),
    ("null", "0", false),
    (r#""a""#, r#""a""#, true),
    (r#""a""#, r#""b""#, false),
    ("1", r#""1""#, false),
    // containers
    (r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1}"#, true),
    (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
    (r#"{"a":1,"b":2}"#, r#"{"a":1}"#, false),
    ("[1,2]", "[2,1]", false),
    ("[1,2]", "[1,2,3]", false),
    ("{}", "[]", false),
    (r#"{"Name":"x"}"#, r#"{"Name":"x","RedriveCount":0}"#, true),
    (r#"{"RedriveCount":0}"#, r#"{"RedriveCount":1}"#, false),
    (r#"{"RedriveCount":0}"#, "{}", false),
    (r#"{"Name":"x"}"#, r#"{"RedriveCount":0}"#, false),
    // texts of JSON
    (r#"{"a":1}"#, r#""{\"a\": 1}""#, true),
    (r#"{"a":1}"#, r#""{\"a\": 2}""#, false),
    (r#"[1]"#, r#""no json""#, false),
    (r#""{\"a\": 1}""#, r#""{\"a\":1}""#, true),
    (r#""{\"a\": 1}""#, r#""{\"a\":2}""#, false),
    (r#""[1, 2]""#, r#""[1,2]""#, false),
    (r#""{\"id\": \"<uuid:1>\"}""#, r#""{\"id\":\"abc\"}""#, true),
    // placeholders
    (r#""<timestamp>""#, r#""2024-01-01T00:00:00Z""#, true),
    (r#""<timestamp>""#, "17", true),
    (r#""<timestamp>""#, "null", true),
    // The recorder replaced whole lists of headers, too.
    (r#""<timestamp>""#, r#"["2024-01-01T00:00:00Z"]"#, true),
    (r#""at <timestamp>""#, "[]", false),
    (r#""<uuid:1>""#, r#""""#, false),
    (r#""id <uuid:1>!""#, r#""id abc!""#, true),
    (r#""id <uuid:1>!""#, r#""id !""#, false),
    (r#""id <uuid:1>!""#, r#""id abc""#, false),
    (r#""<a:1>-<b:1>""#, r#""x-y""#, true),
    (r#""(<a:1>""#, r#""(x""#, true),
    (r#""< no placeholder >""#, r#""x""#, false),
    // dates
    (r#""at date""#, r#""at 2024-01-01T00:00:00.123Z""#, true),
    (r#""at date""#, r#""at 2024-01-01T00:00:00+01:00""#, true),
    (r#""at date""#, r#""at 2024-01-01""#, false),
    (r#""<x:1> at date""#, r#""it at 2024-01-01T00:00:00Z""#, true),
    // left out by the recorder
    (r#"{"output":{"$unparsed":"<x.output>"}}"#, r#"{"output":[1]}"#, true),
    (r#"{"output":{"$unparsed":"<x.output>"}}"#, r#"{}"#, false),
];

fn values() -> Result<(), String> {
    for (expected, actual, matches) in VALUES {
        let found = Comparison::default().matches(&json(expected), &json(actual), "$");
        check(&format!("{expected} against {actual}"), *matches, found)?;
    }
    let mut comparison = Comparison::default();
    comparison.matches(&json(r#"{"a":[1,{"b":2}]}"#), &json(r#"{"a":[1,{"b":3}]}"#), "$");
    check("the difference", "$.a[1].b: expected 2, found 3", comparison.difference())
}

fn bindings() -> Result<(), String> {
    let cases = [
        (r#"["<id:1>","<id:1>"]"#, r#"["a","a"]"#, true),
        (r#"["<id:1>","<id:1>"]"#, r#"["a","b"]"#, false),
        (r#"["<id:1>","<id:2>"]"#, r#"["a","b"]"#, true),
        (r#"["<id>","<id>"]"#, r#"["a","b"]"#, true),
        (r#"["x/<Part0_0idx>","y/<Part0_0idx>"]"#, r#"["x/a","y/b"]"#, false),
        (r#"["x/<Part0_0idx>","y/<Part0_0idx>"]"#, r#"["x/a","y/a"]"#, true),
    ];
    for (expected, actual, matches) in cases {
        let found = Comparison::default().matches(&json(expected), &json(actual), "$");
        check(&format!("{expected} against {actual}"), matches, found)?;
    }
    let mut comparison = Comparison::default();
    check("a first use binds", true, comparison.matches(&json(r#""<id:1>""#), &json(r#""a""#), "$"))?;
    check("a failed attempt", false, comparison.matches_or_restores(&json(r#"["<id:2>",1]"#), &json(r#"["b",2]"#)))?;
    check("binds nothing", true, comparison.matches_or_restores(&json(r#""<id:2>""#), &json(r#""c""#)))?;
    check("a later use is bound", false, comparison.matches(&json(r#""<id:1>""#), &json(r#""b""#), "$"))
}

/// Events as `id prev type details`, one a line.
fn events(text: &str) -> Vec<Event> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let mut words = line.splitn(4, ' ');
            let mut word = || words.next().unwrap_or_default();
            Event {
                id: word().parse().expect("an id"),
                previous: word().parse().expect("an id"),
                kind: word().to_owned(),
                details: json(Some(word()).filter(|text| !text.is_empty()).unwrap_or("{}")),
            }
        })
        .collect()
}

const PARALLEL: &str = r#"
    1 0 ExecutionStarted {"input":{}}
    2 0 ParallelStateEntered {"name":"P"}
    3 2 ParallelStateStarted
    4 3 PassStateEntered {"name":"A"}
    5 4 PassStateExited {"name":"A","output":"<id:1>"}
    6 3 PassStateEntered {"name":"B"}
    7 6 PassStateExited {"name":"B","output":"<id:2>"}
    8 7 ExecutionSucceeded {"output":"<id:1> and <id:2>"}"#;

fn histories() -> Result<(), String> {
    let ours = |replace: &[(&str, &str)]| {
        let text =
            PARALLEL.replace("\"<id:1> and <id:2>\"", "\"x and y\"").replace("<id:1>", "x").replace("<id:2>", "y");
        replace.iter().fold(text, |text, (from, to)| text.replace(from, to))
    };
    let lines = |text: &str, order: &[usize]| {
        let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        order.iter().map(|&index| lines[index]).collect::<Vec<_>>().join("\n")
    };
    let same = ours(&[]);
    let swapped = lines(&same, &[0, 1, 2, 5, 6, 3, 4, 7]);
    let other_id = ours(&[("7 6", "7 5")]);
    let other_name = ours(&[(r#""name":"B""#, r#""name":"C""#)]);
    let other_binding = ours(&[("x and y", "x and x")]);
    let other_type = ours(&[("8 7 ExecutionSucceeded", "8 7 ExecutionFailed")]);
    let shorter = lines(&same, &[0, 1, 2, 3, 4, 5, 6]);
    let lost = format!("{same}\n9 8 ParallelStateSucceeded");
    let failed = format!("{same}\n9 8 ParallelStateFailed");
    let surplus = format!("{same}\n9 8 PassStateEntered {{\"name\":\"D\"}}");
    let nested_surplus =
        format!("{same}\n9 8 ParallelStateEntered {{\"name\":\"N\"}}\n10 9 PassStateEntered {{\"name\":\"D\"}}");
    let after_nested = format!(
        "{same}\n9 8 ParallelStateEntered {{\"name\":\"N\"}}\n10 9 ParallelStateExited {{\"name\":\"N\"}}\n\
         11 10 PassStateEntered {{\"name\":\"D\"}}"
    );
    use Order::{Concurrent, Exact, SortedParallel};
    let cases = [
        ("same", &same, [(Exact, true), (Concurrent, true), (SortedParallel, true)]),
        ("swapped", &swapped, [(Exact, false), (Concurrent, true), (SortedParallel, true)]),
        ("another predecessor", &other_id, [(Exact, false), (Concurrent, true), (SortedParallel, true)]),
        ("another name", &other_name, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
        ("another binding", &other_binding, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
        ("another type", &other_type, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
        ("too short", &shorter, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
        ("a lost failure", &failed, [(Exact, false), (Concurrent, false), (SortedParallel, true)]),
        ("a lost success", &lost, [(Exact, false), (Concurrent, false), (SortedParallel, true)]),
        ("a surplus event", &surplus, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
        ("a nested block", &nested_surplus, [(Exact, false), (Concurrent, false), (SortedParallel, true)]),
        ("after a nested block", &after_nested, [(Exact, false), (Concurrent, false), (SortedParallel, false)]),
    ];
    let definition = json(
        r#"{"StartAt":"P","States":{"P":{"Type":"Parallel","Branches":[{"StartAt":"N","States":{
            "N":{"Type":"Parallel","Branches":[]}}}]}}}"#,
    );
    let nested = history::nested_parallels(&definition);
    check("nested Parallel states", vec!["N"], nested.iter().map(String::as_str).collect())?;
    for (name, actual, verdicts) in cases {
        for (order, matches) in verdicts {
            let (mut expected, actual) = (events(PARALLEL), events(actual));
            if order == SortedParallel {
                expected[7].id = actual.len() as i64;
            }
            let found = history::compare(order, &expected, &actual, &nested, &mut Comparison::default());
            check(&format!("{name}, {order:?}: {found:?}"), matches, found.is_ok())?;
        }
    }
    let found =
        history::compare(SortedParallel, &events(PARALLEL), &events(&lost), &nested, &mut Comparison::default());
    check("a surplus event that the ids leave no room for", true, found.is_err())?;
    // The placeholders of one event decide which of two alike it can be.
    let expected = events("1 0 A {\"x\":\"<id:1>\"}\n2 0 A {\"x\":\"<id:2>\"}\n3 0 B {\"x\":\"<id:1>\"}");
    let actual = events("3 0 B {\"x\":\"late\"}\n1 0 A {\"x\":\"early\"}\n2 0 A {\"x\":\"late\"}");
    let found = history::compare(Concurrent, &expected, &actual, &nested, &mut Comparison::default());
    check("an assignment is taken back", true, found.is_ok())
}

fn prefixes() -> Result<(), String> {
    let expected = events("1 0 ExecutionStarted\n2 1 WaitStateEntered");
    for (actual, matches) in [
        ("1 0 ExecutionStarted\n2 1 WaitStateEntered\n3 2 WaitStateExited", true),
        ("1 0 ExecutionStarted\n2 1 WaitStateEntered", true),
        ("1 0 ExecutionStarted", false),
        ("1 0 ExecutionStarted\n2 1 PassStateEntered", false),
    ] {
        let found = history::compare_prefix(&expected, &events(actual), &mut Comparison::default());
        check(actual, matches, found.is_ok())?;
    }
    Ok(())
}

fn case(text: &str) -> Case {
    Case::read(&"area".into(), text).expect("a case of these tests is well formed")
}

fn succeeded(output: &str) -> Answer {
    let started = Some(Worker { name: None });
    Answer { started, submitted: None, end: End::Succeeded(json(output)), after_seconds: 0 }
}

fn outcomes() -> Result<(), String> {
    let case = case(
        r#"{"id":"x","tasks":[
            {"state":"A","parameters":{"n":1},"outcome":{"result":"succeeded","output":1}},
            {"state":"A","parameters":{"n":"<id:1>"},"outcome":{"result":"succeeded","output":2}},
            {"state":null,"state_any_of":["B","C"],"parameters":{"n":3},"outcome":{"result":"timed_out","error":"x"},"submitted":{}},
            {"state":null,"state_any_of":["B","C"],"parameters":{"n":4},"outcome":{"result":"failed","error":"E","cause":"c","phase":"start"}},
            {"state":"D","kind":"activity","parameters":{},"outcome":{"result":"failed"}}],
          "expected":{"history":[{"details":{"workerName":"W"}}]}}"#
            .replace('\n', " ")
            .as_str(),
    );
    let mut mocks = Mocks::new(&case, &Value::Null);
    let mut ask = |state: &str, parameters: &str| {
        mocks.answer(&Scheduled { state, resource: "arn", parameters: &json(parameters) })
    };
    check("the one that matches", Ok(succeeded("2")), ask("A", r#"{"n":"z"}"#))?;
    check("the first unused one", Ok(succeeded("1")), ask("A", r#"{"n":7}"#))?;
    check("none is left", true, ask("A", r#"{"n":1}"#).is_err())?;
    check("one of several states, by its parameters", true, ask("B", r#"{"n":5}"#).is_err())?;
    let failed = |error: Option<&str>, cause: Option<&str>, phase| End::Failed {
        error: error.map(str::to_owned),
        cause: cause.map(str::to_owned),
        phase,
    };
    let end = failed(Some("E"), Some("c"), Phase::Start);
    check(
        "a start that failed",
        Ok(Answer { started: None, submitted: None, end, after_seconds: 0 }),
        ask("B", r#"{"n":4}"#),
    )?;
    let silent = Answer {
        started: Some(Worker { name: None }),
        submitted: Some(json("{}")),
        end: End::Silent,
        after_seconds: 0,
    };
    check("no answer", Ok(silent), ask("C", r#"{"n":3}"#))?;
    let worker = Answer {
        started: Some(Worker { name: Some("W".to_owned()) }),
        submitted: None,
        end: failed(None, None, Phase::Run),
        after_seconds: 0,
    };
    check("an activity's worker", Ok(worker), ask("D", "{}"))
}

fn behaviours() -> Result<(), String> {
    let lambdas = json(
        r#"{"echo":{"behaviour":{"kind":"echo","delay_seconds":60}},
            "const":{"behaviour":{"kind":"const","output":[1]}},
            "text":{"behaviour":{"kind":"python_fstring","format":"input-event-{python repr of the event}"}},
            "raise":{"behaviour":{"kind":"raise","error":"E","message":"m"},"python":"def handler(e, c):\n    raise E(\"m\")\n"}}"#,
    );
    let case = case(
        r#"{"id":"x","tasks":[],"lambdas":{"e":"echo","k":"const","t":"text","r":"raise"},
            "notes":["tasks_not_recorded_use_lambda_behaviour"]}"#,
    );
    let mut mocks = Mocks::new(&case, &lambdas);
    let mut ask = |resource: &str, parameters: &str| {
        mocks.answer(&Scheduled { state: "S", resource, parameters: &json(parameters) })
    };
    let arn = |name: &str| format!("arn:aws:lambda:us-east-1:111111111111:function:{name}:1");
    check("an echo, a minute later", Ok(Answer { after_seconds: 60, ..succeeded("{}") }), ask(&arn("e"), "{}"))?;
    check("a constant", Ok(succeeded("[1]")), ask(&arn("k"), "{}"))?;
    let repr = r#""input-event-{'a': [None, True, \"it's\", 1.5]}""#;
    check("Python's repr", Ok(succeeded(repr)), ask(&arn("t"), r#"{"a":[null,true,"it's",1.5]}"#))?;
    let invoke = "arn:aws:states:::lambda:invoke";
    let Answer { end: End::Succeeded(output), .. } = ask(invoke, r#"{"FunctionName":"k","Payload":{}}"#)? else {
        return Err("lambda:invoke failed".to_owned());
    };
    check("lambda:invoke wraps the result", Some(&json("[1]")), output.get("Payload"))?;
    let Answer { end: End::Failed { error, cause, .. }, .. } = ask(&arn("r"), "{}")? else {
        return Err("the handler that raises did not fail".to_owned());
    };
    check("the error", Some("E"), error.as_deref())?;
    let cause = json(&cause.unwrap_or_default());
    let stack = r#"["  File \"/var/task/handler.py\", line 2, in handler\n    raise E(\"m\")\n"]"#;
    check("its stack", Some(&json(stack)), cause.get("stackTrace"))?;
    check("an unknown function", true, ask(&arn("z"), "{}").is_err())
}

fn known_failures() -> Result<(), String> {
    let known = KnownFailures::read("# comment\n\na\tfirst reason\nb\tsecond\n")?;
    check("a reason", Some("first reason"), known.reason("a"))?;
    check("no reason", None, known.reason("c"))?;
    for broken in ["a reason without a tab", "a\t", "a\tx\na\ty"] {
        check(broken, true, KnownFailures::read(broken).is_err())?;
    }
    let failed = Err("it differs".to_owned());
    check("a pass", true, verdict(None, &Ok(())).is_ok())?;
    check("a known failure", true, verdict(Some("why"), &failed).is_ok())?;
    check("an unknown failure", true, verdict(None, &failed).is_err())?;
    check("a known failure that passes", true, verdict(Some("why"), &Ok(())).is_err())?;
    let mut known = known;
    known.update("a", None);
    known.update("b", Some("another reason"));
    known.update("c", Some("on\nseveral\tlines"));
    let written = KnownFailures::read(&known.write())?;
    check("what a run writes", vec!["b", "c"], written.ids().collect())?;
    check("a reason that stands", Some("second"), written.reason("b"))?;
    check("a reason is one line", Some("on several lines"), written.reason("c"))
}

fn lines() -> Result<(), String> {
    for line in ["", "{", "[]", "{}", r#"{"id":"x"}"#, r#"{"id":7,"tasks":[]}"#] {
        check(line, true, Case::read(&"area".into(), line).is_err())?;
    }
    Ok(())
}
