use std::sync::Arc;

use super::harness::{PASS, map, request, run};
use crate::item_reader::Dataset;
use crate::machine::{Quotas, TaskRequest};
use crate::map_run::local::{Local, Replies};
use crate::map_run::{MapRunEvent, MapRunPlan};
use crate::object_store::{MemoryStore, ObjectAnswer, ObjectError, ObjectPart, ObjectRequest, ObjectStore};

fn reader(config: &str, rest: &str) -> String {
    format!(
        r#""ItemReader": {{"Resource": "arn:aws:states:::s3:getObject",
            "Parameters": {{"Bucket.$": "$.bucket", "Key": "object"}}, "ReaderConfig": {config}}} {rest}"#
    )
}

fn check(config: &str, rest: &str, body: &str, input: &str, expected: &str) {
    let mut store = MemoryStore::default();
    store.insert("data", "object", body);
    let ran = run(&map(&reader(config, rest), PASS), input, store);
    assert_eq!(ran.outcome(), expected, "{config} {rest} over {body}");
}

const INPUT: &str = r#"{"bucket": "data", "most": 2, "less": -1}"#;

#[test]
fn no_more_items_than_are_wanted() {
    check(r#"{"InputType": "JSON"}"#, "", "[1,2,3]", INPUT, "[1,2,3]");
    check(r#"{"InputType": "JSON", "MaxItems": 2}"#, "", "[1,2,3]", INPUT, "[1,2]");
    check(r#"{"InputType": "JSON", "MaxItems": 0}"#, "", "[1,2,3]", INPUT, "[1,2,3]");
    check(r#"{"InputType": "JSON", "MaxItems": 3}"#, "", "[1,2,3]", INPUT, "[1,2,3]");
    check(r#"{"InputType": "JSONL", "MaxItemsPath": "$.most"}"#, "", "1\n2\n3\n", INPUT, "[1,2]");
    // What lies behind the last item that is wanted is not looked at.
    check(r#"{"InputType": "JSONL", "MaxItems": 1}"#, "", "1\n2\n", INPUT, "[1]");
    let negative = "States.ItemReaderFailed: field MaxItems must be positive";
    check(r#"{"InputType": "JSON", "MaxItemsPath": "$.less"}"#, "", "[1]", INPUT, negative);
}

#[test]
fn failures_of_the_reader_fail_the_run() {
    let iterable = "States.ItemReaderFailed: Attempting to map over non-iterable node.";
    check(r#"{"InputType": "JSON"}"#, "", "{}", INPUT, iterable);
    let missing = "States.ItemReaderFailed: The specified key does not exist: s3://nowhere/object (Service: S3, Status Code: 404)";
    check(r#"{"InputType": "JSON"}"#, "", "[1]", r#"{"bucket": "nowhere"}"#, missing);
    let twice = r#"{"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}"#;
    check(twice, "", "A,A\n", INPUT, "States.ItemReaderFailed: CSV headers cannot contain duplicates.");
}

#[test]
fn the_selector_sees_where_an_item_comes_from() {
    let selector = r#", "ItemSelector": {"item.$": "$$.Map.Item", "bucket.$": "$.bucket"}"#;
    check(
        r#"{"InputType": "JSON", "ItemsPointer": "/a"}"#,
        selector,
        r#"{"a": {"k": true}}"#,
        INPUT,
        r#"[{"bucket":"data","item":{"Index":0,"Key":"k","Value":true,"Source":"S3://data/object"}}]"#,
    );
    let ran = run(&map(r#""ItemSelector": {"from.$": "$$.Map.Item.Source"}"#, PASS), "[1]", MemoryStore::default());
    assert_eq!(ran.outcome(), r#"[{"from":"STATE_DATA"}]"#);
}

#[test]
fn every_setting_stands_in_the_plan() {
    let plan = |config: &str, resource: &str| -> Arc<MapRunPlan> {
        let fields = reader(config, "").replace("getObject", resource);
        request(&map(&fields, PASS), INPUT, Quotas::default()).plan
    };
    assert!(matches!(plan(r#"{"InputType": "JSONL"}"#, "getObject").items, Dataset::Object { .. }));
    let inventory = plan(r#"{"ManifestType": "S3_INVENTORY", "InputType": "MANIFEST"}"#, "getObject");
    assert!(matches!(inventory.items, Dataset::InventoryManifest(_)), "{:?}", inventory.items);
    let athena = plan(r#"{"ManifestType": "ATHENA_DATA", "InputType": "CSV"}"#, "getObject");
    assert!(matches!(athena.items, Dataset::AthenaManifest { .. }));
    let listing = map(
        r#""ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": {"Bucket": "b", "Prefix": "p"},
            "ReaderConfig": {"Transformation": "LOAD_AND_FLATTEN", "InputType": "JSONL"}}"#,
        PASS,
    );
    let plan = request(&listing, "{}", Quotas::default()).plan;
    assert!(matches!(&plan.items, Dataset::Listing { prefix: Some(_), flatten: Some(_), .. }), "{:?}", plan.items);
}

/// An object of a number of lines that never is in memory as a whole.
struct Endless {
    lines: u64,
    written: u64,
}

const LINE: &[u8] = b"{\"n\": 1}\n";

impl ObjectStore for Endless {
    fn answer(&mut self, request: &ObjectRequest) -> Result<ObjectAnswer, ObjectError> {
        let ObjectRequest::Get { offset, .. } = request else { unreachable!("nothing is listed") };
        let first = offset / LINE.len() as u64;
        let lines = (self.lines - first).min(5000);
        Ok(ObjectAnswer::Piece { bytes: LINE.repeat(lines as usize), is_last: first + lines == self.lines })
    }

    fn put(&mut self, part: &ObjectPart) -> Result<(), ObjectError> {
        self.written += part.bytes.len() as u64;
        Ok(())
    }
}

#[test]
fn a_large_object_streams_by() {
    let fields = reader(
        r#"{"InputType": "JSONL"}"#,
        r#", "ItemBatcher": {"MaxItemsPerBatch": 500}, "MaxConcurrency": 4, "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}}"#,
    );
    let request = request(&map(&fields, PASS), INPUT, Quotas::default());
    let mut store = Endless { lines: 200_000, written: 0 };
    let (mut waiting, mut most_waiting, mut running, mut most_running) = (0_i64, 0, 0_i64, 0);
    let mut tasks = |_: &crate::machine::Identity, _: &TaskRequest, _: i64| Replies::new();
    let finished = Local::new(&mut store, &mut tasks, 0).observe(&request, 0, &mut |record| match record.event {
        MapRunEvent::ItemsRead { items, .. } => {
            waiting += items.len() as i64;
            most_waiting = most_waiting.max(waiting);
        }
        MapRunEvent::ChildStarted { items, .. } => {
            waiting -= i64::from(items);
            running += 1;
            most_running = most_running.max(running);
        }
        MapRunEvent::ChildEnded { .. } => running -= 1,
        _ => {}
    });
    assert!(finished.outcome().is_some_and(|outcome| outcome.is_ok()));
    let counts = finished.run.counts();
    assert_eq!((counts.items.succeeded, counts.executions.succeeded), (200_000, 400));
    assert_eq!(counts.executions.results_written, 400);
    assert!(most_waiting <= 1500, "items in memory: {most_waiting}");
    assert_eq!(most_running, 4);
    assert!(store.written > 4_000_000);
}
