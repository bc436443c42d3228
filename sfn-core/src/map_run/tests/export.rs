use std::sync::Arc;

use sfn_asl::definition::OutputType;
use sfn_asl::value::Value;

use super::harness::{Ran, TASK, json, map, run};
use crate::map_run::Export;
use crate::map_run::writer::{Outcome, Writer};
use crate::object_store::{MemoryStore, ObjectAnswer, ObjectError, ObjectPart, ObjectRequest, ObjectStore};

const RESOURCE: &str =
    r#""Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "jobs"}"#;

fn written(fields: &str, input: &str) -> Ran {
    run(
        &map(&format!(r#""ToleratedFailurePercentage": 100, "ResultWriter": {fields}"#), TASK),
        input,
        MemoryStore::default(),
    )
}

fn file(ran: &Ran, name: &str) -> String {
    let key = format!("jobs/{}/{name}", ran.finished.run.plan().id);
    let bytes = ran.store.get("out", &key).unwrap_or_else(|| panic!("no {key} among {:?}", ran.store.keys("out")));
    String::from_utf8(bytes.to_vec()).expect("results are JSON")
}

#[test]
fn executions_by_status_and_a_manifest() {
    let ran = written(&format!("{{{RESOURCE}}}"), r#"[{"n": 1}, {"fail": "Boom"}, {"n": 2}]"#);
    let plan = ran.finished.run.plan();
    let output = ran.finished.outcome().expect("it ends").expect("it succeeds");
    let key = format!("jobs/{}/manifest.json", plan.id);
    assert_eq!(
        output.to_json(),
        format!(r#"{{"MapRunArn":"{}","ResultWriterDetails":{{"Bucket":"out","Key":"{key}"}}}}"#, plan.arn)
    );
    let manifest = json(&file(&ran, "manifest.json"));
    let (succeeded, failed) = (file(&ran, "SUCCEEDED_0.json"), file(&ran, "FAILED_0.json"));
    assert_eq!(
        manifest.to_json(),
        format!(r#"{{"DestinationBucket":"out","MapRunArn":"{}","ResultFiles":{{"#, plan.arn)
            + &format!(
                r#""FAILED":[{{"Key":"jobs/{}/FAILED_0.json","Size":{}}}],"PENDING":[],"#,
                plan.id,
                failed.len()
            )
            + &format!(r#""SUCCEEDED":[{{"Key":"jobs/{}/SUCCEEDED_0.json","Size":{}}}]}}}}"#, plan.id, succeeded.len())
    );
    let succeeded = json(&succeeded);
    let first = succeeded.at(0).and_then(Value::as_object).expect("two executions");
    let keys: Vec<_> = first.keys().map(|key| &**key).collect();
    assert_eq!(
        keys,
        [
            "ExecutionArn",
            "Input",
            "InputDetails",
            "Name",
            "Output",
            "OutputDetails",
            "RedriveCount",
            "RedriveStatus",
            "RedriveStatusReason",
            "StartDate",
            "StateMachineArn",
            "Status",
            "StopDate",
        ]
    );
    assert_eq!(first.get("Output").and_then(Value::as_str), Some(r#"{"n":1}"#));
    assert_eq!(first.get("StartDate").and_then(Value::as_str), Some("2023-11-14T22:13:20Z"));
    let failed = json(&failed);
    let failed = failed.at(0).expect("one execution");
    assert_eq!(failed.get("Error").and_then(Value::as_str), Some("Boom"));
    assert_eq!(failed.get("Status").and_then(Value::as_str), Some("FAILED"));
    assert_eq!(ran.finished.run.counts().executions.results_written, 3);
}

#[test]
fn layouts() {
    let config = |transformation: &str, output_type: &str| {
        format!(
            r#"{{{RESOURCE}, "WriterConfig": {{"Transformation": "{transformation}", "OutputType": "{output_type}"}}}}"#
        )
    };
    let input = r#"[[1, 2], {"n": 3}, [], [[4]]]"#;
    let cases = [
        ("COMPACT", "JSON", "SUCCEEDED_0.json", r#"[[1,2],{"n":3},[],[[4]]]"#),
        ("COMPACT", "JSONL", "SUCCEEDED_0.jsonl", "[1,2]\n{\"n\":3}\n[]\n[[4]]\n"),
        ("FLATTEN", "JSON", "SUCCEEDED_0.json", r#"[1,2,{"n":3},[4]]"#),
        ("FLATTEN", "JSONL", "SUCCEEDED_0.jsonl", "1\n2\n{\"n\":3}\n[4]\n"),
    ];
    for (transformation, output_type, name, expected) in cases {
        let ran = written(&config(transformation, output_type), input);
        assert_eq!(file(&ran, name), expected, "{transformation} {output_type}");
    }
    let lines = file(&written(&config("NONE", "JSONL"), input), "SUCCEEDED_0.jsonl");
    assert_eq!(lines.lines().count(), 4);
    assert!(lines.lines().all(|line| json(line).get("ExecutionArn").is_some()));
}

#[test]
fn without_an_export_the_layout_is_that_of_the_result() {
    let config = |transformation: &str| format!(r#"{{"WriterConfig": {{"Transformation": "{transformation}"}}}}"#);
    let input = r#"[[1, 2], 3]"#;
    assert_eq!(written(&config("COMPACT"), input).outcome(), "[[1,2],3]");
    assert_eq!(written(&config("FLATTEN"), input).outcome(), "[1,2,3]");
    let executions = json(&written(&config("NONE"), input).outcome());
    assert_eq!(executions.at(0).and_then(|run| run.get("Output")).and_then(Value::as_str), Some("[1,2]"));
}

#[test]
fn a_run_that_fails_writes_what_is_known() {
    let fields = format!(r#""MaxConcurrency": 1, "ResultWriter": {{{RESOURCE}}}"#);
    let ran = run(&map(&fields, TASK), r#"[{"n": 1}, {"fail": "Boom"}, {"n": 2}]"#, MemoryStore::default());
    assert!(ran.outcome().starts_with("States.ExceedToleratedFailureThreshold"));
    let lengths = ["SUCCEEDED_0.json", "FAILED_0.json", "PENDING_0.json"]
        .map(|name| json(&file(&ran, name)).as_array().map(|all| all.len()));
    assert_eq!(lengths, [Some(1), Some(1), Some(1)]);
    assert_eq!(json(&file(&ran, "PENDING_0.json")).to_json(), r#"[{"Input":"{\"n\":2}"}]"#);
}

/// A store that refuses to be written to.
struct ReadOnly;

impl ObjectStore for ReadOnly {
    fn answer(&mut self, _: &ObjectRequest) -> Result<ObjectAnswer, ObjectError> {
        unreachable!("nothing is read")
    }

    fn put(&mut self, _: &ObjectPart) -> Result<(), ObjectError> {
        Err(ObjectError { cause: "Access Denied".to_owned() })
    }
}

#[test]
fn a_store_that_refuses_fails_the_run() {
    use super::harness::{PASS, request};
    use crate::machine::{Identity, Quotas, TaskRequest};
    use crate::map_run::local::{Local, Replies};
    let definition = map(&format!(r#""ResultWriter": {{{RESOURCE}}}"#), PASS);
    let request = request(&definition, "[1]", Quotas::default());
    let mut tasks = |_: &Identity, _: &TaskRequest, _: i64| Replies::new();
    let finished = Local::new(&mut ReadOnly, &mut tasks, 0).run(&request, 0);
    let failure = finished.outcome().expect("it ends").expect_err("nothing can be written");
    assert_eq!(failure.error.as_deref(), Some("States.ResultWriterFailed"));
    assert_eq!(failure.cause.as_deref(), Some("Access Denied"));
}

#[test]
fn keys() {
    let key = |prefix: &str| Export { bucket: "b".into(), prefix: prefix.into() }.key("run", "file");
    assert_eq!(
        ["", "p", "p/", "a/b"].map(|prefix| key(prefix).to_string()),
        ["run/file", "p/run/file", "p/run/file", "a/b/run/file"]
    );
}

#[test]
fn files_are_written_in_pieces_and_split_when_they_are_full() {
    for output_type in [OutputType::Json, OutputType::JsonLines] {
        let export = Export { bucket: "b".into(), prefix: "".into() };
        let mut writer = Writer::with_sizes(export, &Arc::from("run"), output_type, 20, 60);
        let mut store = MemoryStore::default();
        let mut parts = 0;
        let mut drain = |writer: &mut Writer, store: &mut MemoryStore| {
            while let Some(part) = writer.next_part().cloned() {
                writer.part_started();
                assert_eq!(writer.in_flight(), Some(&part));
                assert_eq!(writer.next_part(), None, "one at a time");
                store.put(&part).expect("memory takes what it is given");
                writer.part_written();
                parts += 1;
            }
        };
        for number in 0..20 {
            writer.add(Outcome::Succeeded, &Value::from(format!("record {number:02}")));
            drain(&mut writer, &mut store);
        }
        writer.close("arn");
        drain(&mut writer, &mut store);
        assert!(writer.is_idle());
        let manifest =
            json(std::str::from_utf8(store.get("b", "run/manifest.json").expect("it is there")).expect("text"));
        let files = manifest.get("ResultFiles").and_then(|files| files.get("SUCCEEDED")).expect("it lists them");
        let files = files.as_array().expect("it is a list");
        assert!(files.len() > 2 && parts > files.len() + 1, "{} files in {parts} pieces", files.len());
        let mut records = Vec::new();
        for entry in files.iter() {
            let key = entry.get("Key").and_then(Value::as_str).expect("each has its key");
            let bytes = store.get("b", key).expect("each is there");
            assert_eq!(entry.get("Size").and_then(Value::as_i64), Some(bytes.len() as i64));
            let text = std::str::from_utf8(bytes).expect("results are JSON");
            match output_type {
                OutputType::Json => records.extend(json(text).as_array().expect("a list").iter().cloned()),
                OutputType::JsonLines => records.extend(text.lines().map(json)),
            }
        }
        let expected: Vec<_> = (0..20).map(|number| Value::from(format!("record {number:02}"))).collect();
        assert_eq!(records, expected);
    }
}
