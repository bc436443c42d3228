//! Distributed Maps on the executor: children are executions of it, under its clock and with its handlers.
#![cfg(feature = "executor")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::executor::{Executor, VirtualClock};
use sfn_core::machine::Status;
use sfn_core::object_store::MemoryStore;
use sfn_core::task::Error;

const START: i64 = 1_704_067_200_000;

/// A machine of one Distributed Map with these fields, over these states.
fn definition(fields: &str, states: &str) -> Definition {
    let text = format!(
        r#"{{"StartAt": "Map", "States": {{"Map": {{"Type": "Map", {fields} "End": true, "ItemProcessor": {{
            "ProcessorConfig": {{"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}, {states}}}}}}}}}"#
    );
    Definition::parse_json(&text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

const WORK: &str = r#""StartAt": "Work", "States": {"Work": {
    "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work", "End": true}}"#;

fn json(text: &str) -> Value {
    Value::parse(text).expect("the test's JSON is right")
}

#[tokio::test]
async fn no_more_children_run_than_may() {
    let running = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let (now, peak) = (running.clone(), most.clone());
    let executor = Executor::builder()
        .clock(VirtualClock::starting_at(START))
        .function("work", move |item, context| {
            let (running, most) = (now.clone(), peak.clone());
            async move {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                context.sleep(std::time::Duration::from_secs(60)).await;
                running.fetch_sub(1, Ordering::SeqCst);
                Ok(item)
            }
        })
        .build();
    let definition = definition(r#""MaxConcurrency": 2,"#, WORK);
    let execution = executor.start_document(&definition, json("[1, 2, 3, 4, 5]")).await.expect("it starts");
    assert_eq!(execution.output().await.expect("it succeeds"), json("[1, 2, 3, 4, 5]"));
    assert_eq!(executor.now() - START, 180_000, "three rounds of a minute");
    assert_eq!(most.load(Ordering::SeqCst), 2);
    executor.shutdown().await;
}

#[tokio::test]
async fn children_of_children_wait_under_one_clock() {
    let inner = r#""StartAt": "Inner", "States": {"Inner": {"Type": "Map", "End": true, "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Wait",
        "States": {"Wait": {"Type": "Wait", "Seconds": 100, "End": true}}}}}"#;
    let executor = Executor::builder().clock(VirtualClock::starting_at(START)).build();
    let definition = definition("", inner);
    let execution = executor.start_document(&definition, json("[[1, 2], [3], []]")).await.expect("it starts");
    assert_eq!(execution.output().await.expect("it succeeds"), json("[[1, 2], [3], []]"));
    assert_eq!(executor.now() - START, 100_000);
    executor.shutdown().await;
}

#[tokio::test]
async fn a_stop_reaches_the_handlers_of_children() {
    let cancelled = Arc::new(AtomicUsize::new(0));
    let (told, (begun, mut begin)) = (cancelled.clone(), tokio::sync::mpsc::unbounded_channel());
    let executor = Executor::builder()
        .function("work", move |_, context| {
            let (told, begun) = (told.clone(), begun.clone());
            async move {
                let _ = begun.send(());
                context.cancelled().await;
                told.fetch_add(1, Ordering::SeqCst);
                std::future::pending().await
            }
        })
        .grace(std::time::Duration::from_millis(20))
        .build();
    let execution = executor.start_document(&definition("", WORK), json("[1, 2, 3]")).await.expect("it starts");
    for _ in 0..3 {
        begin.recv().await.expect("each child begins");
    }
    execution.stop(Some("Enough"), None).await;
    assert!(matches!(execution.ended().await, Status::Aborted(_)));
    executor.shutdown().await;
    assert_eq!(cancelled.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn a_failure_stops_the_other_children() {
    let executor = Executor::builder()
        .clock(VirtualClock::starting_at(START))
        .function("work", |item, context| async move {
            if item == Value::from(2) {
                return Err(Error::new("Boom", "no luck"));
            }
            context.sleep(std::time::Duration::from_secs(3600)).await;
            Ok(item)
        })
        .build();
    let execution = executor.start_document(&definition("", WORK), json("[1, 2, 3]")).await.expect("it starts");
    let Status::Failed(failure) = execution.ended().await else { panic!("it fails") };
    assert_eq!(failure.error.as_deref(), Some("States.ExceedToleratedFailureThreshold"));
    let kinds: Vec<_> = execution.history().iter().map(|event| event.kind).collect();
    assert_eq!(kinds[3..], ["MapRunStarted", "MapRunFailed", "MapStateFailed", "ExecutionFailed"]);
    executor.shutdown().await;
    assert_eq!(executor.now() - START, 0, "nobody waited for the others");
}

#[tokio::test]
async fn items_are_read_from_and_results_written_to_the_store() {
    let mut store = MemoryStore::default();
    store.insert("in", "lines", (0..3000).map(|number| format!("{number}\n")).collect::<String>());
    let store = Arc::new(Mutex::new(store));
    let executor = Executor::builder()
        .clock(VirtualClock::starting_at(START))
        .objects(store.clone())
        .function("work", |batch, _| async move {
            let items = batch.get("Items").and_then(Value::as_array).map_or(0, |items| items.len());
            Ok(Value::from(items))
        })
        .build();
    let fields = r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
            "Parameters": {"Bucket": "in", "Key": "lines"}, "ReaderConfig": {"InputType": "JSONL"}},
        "ItemBatcher": {"MaxItemsPerBatch": 1000}, "MaxConcurrency": 1,
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": "p"},
            "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSON"}},"#;
    let execution = executor.start_document(&definition(fields, WORK), json("{}")).await.expect("it starts");
    let output = execution.output().await.expect("it succeeds");
    let key = output.get("ResultWriterDetails").and_then(|details| details.get("Key")).and_then(Value::as_str);
    let results = key.expect("it tells its manifest").replace("manifest.json", "SUCCEEDED_0.json");
    let store = store.lock().expect("nobody panicked");
    assert_eq!(store.get("out", &results), Some(b"[1000,1000,1000]".as_slice()));
}
