use super::harness::{Ran, START, TASK, json, map, redrive, run};
use crate::map_run::{Counts, MapRunStatus};
use crate::object_store::MemoryStore;

const RESOURCE: &str =
    r#""Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "jobs"}"#;

/// Runs a Map whose item 1 fails the first time: as long as its child was not redriven.
fn failed_once(fields: &str) -> Ran {
    run(&map(fields, TASK), r#"[{"n": 0}, {"fail": "Boom", "once": true}, {"n": 2}]"#, MemoryStore::default())
}

#[test]
fn only_what_did_not_succeed_is_run_again() {
    let ran = failed_once(r#""MaxConcurrency": 1"#);
    assert!(matches!(ran.finished.run.status(), MapRunStatus::Failed(_)));
    assert_eq!(ran.finished.run.counts().items.pending, 1);
    let again = redrive(ran);
    assert_eq!(again.outcome(), r#"[{"n":0},{"fail":"Boom","once":true},{"n":2}]"#);
    assert_eq!(again.inputs(), [r#"{"n":0}"#, r#"{"fail":"Boom","once":true}"#, r#"{"n":2}"#]);
    let run = &again.finished.run;
    let counts = Counts { succeeded: 3, total: 3, ..Counts::default() };
    assert_eq!((run.counts().items, run.counts().executions), (counts, counts));
    assert_eq!((run.redrive_count(), run.redriven_at()), (1, Some(START + 1000)));
}

#[test]
fn what_fails_again_is_not_begun_a_third_time() {
    let items = r#"[{"n": 0}, {"fail": "Boom"}]"#;
    let again = redrive(run(&map("", TASK), items, MemoryStore::default()));
    let counts = &again.finished.run.counts().executions;
    assert_eq!((counts.failed, counts.succeeded, counts.pending_redrive, counts.total), (1, 1, 0, 2));
    let third = redrive(again);
    assert_eq!(third.finished.run.redrive_count(), 2);
}

#[test]
fn results_are_written_again() {
    for transformation in ["NONE", "COMPACT"] {
        let fields = format!(
            r#""MaxConcurrency": 1, "ResultWriter": {{{RESOURCE}, "WriterConfig": {{"Transformation": "{transformation}"}}}}"#
        );
        let ran = failed_once(&fields);
        let file = |ran: &Ran, name: &str| {
            let key = format!("jobs/{}/{name}", ran.finished.run.plan().id);
            let bytes = ran.store.get("out", &key).unwrap_or_else(|| panic!("no {key}: {:?}", ran.store.keys("out")));
            json(std::str::from_utf8(bytes).expect("results are text"))
        };
        let count = |ran: &Ran, outcome: &str| {
            let manifest = file(ran, "manifest.json");
            let files = manifest.get("ResultFiles").and_then(|files| files.get(outcome)).expect("it is listed").clone();
            let files = files.as_array().expect("a list").clone();
            let records = files.iter().map(|listed| {
                let key = listed.get("Key").and_then(|key| key.as_str()).expect("a key");
                let file = file(ran, key.rsplit('/').next().expect("a name"));
                file.as_array().expect("a list of records").len()
            });
            records.sum::<usize>()
        };
        assert_eq!([count(&ran, "SUCCEEDED"), count(&ran, "FAILED"), count(&ran, "PENDING")], [1, 1, 1]);
        let again = redrive(ran);
        assert_eq!([count(&again, "SUCCEEDED"), count(&again, "FAILED"), count(&again, "PENDING")], [3, 0, 0]);
        assert_eq!(again.finished.run.counts().executions.results_written, 3);
        if transformation == "NONE" {
            let record = file(&again, "SUCCEEDED_1.json");
            let record = record.at(0).expect("the child that was redriven");
            assert_eq!(record.get("RedriveCount").and_then(|count| count.as_i64()), Some(1));
        }
    }
}

#[test]
fn a_reader_that_failed_reads_on() {
    let mut store = MemoryStore::default();
    store.insert("in", "lines", "{\"n\": 1}\n{\"n\": 2}\nnot JSON\n");
    let fields = r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {"Bucket": "in", "Key": "lines"}, "ReaderConfig": {"InputType": "JSONL"}}"#;
    let mut ran = run(&map(fields, TASK), "{}", store);
    assert!(ran.outcome().starts_with("States.ItemReaderFailed"), "{}", ran.outcome());
    ran.store.insert("in", "lines", "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n");
    assert_eq!(redrive(ran).outcome(), r#"[{"n":1},{"n":2},{"n":3}]"#);
}
