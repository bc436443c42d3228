use super::harness::{PASS, map, request, run, run_with};
use crate::machine::Quotas;
use crate::object_store::MemoryStore;

fn check(batcher: &str, input: &str, expected: &[&str]) {
    let ran = run(&map(&format!(r#""ItemBatcher": {batcher}"#), PASS), input, MemoryStore::default());
    assert_eq!(ran.inputs(), expected, "{batcher} over {input}");
    assert_eq!(ran.outcome(), format!("[{}]", expected.join(",")));
}

#[test]
fn by_number() {
    check(
        r#"{"MaxItemsPerBatch": 2}"#,
        "[1,2,3,4,5]",
        &[r#"{"Items":[1,2]}"#, r#"{"Items":[3,4]}"#, r#"{"Items":[5]}"#],
    );
    check(r#"{"MaxItemsPerBatch": 2}"#, "[1,2]", &[r#"{"Items":[1,2]}"#]);
    check(r#"{"MaxItemsPerBatch": 9}"#, "[1,2]", &[r#"{"Items":[1,2]}"#]);
    check(r#"{"MaxItemsPerBatch": 9}"#, "[]", &[]);
}

#[test]
fn by_bytes_of_the_whole_input() {
    // {"Items":["aaaa","bbbb"]} has 25 bytes.
    check(
        r#"{"MaxInputBytesPerBatch": 25}"#,
        r#"["aaaa","bbbb","cccc"]"#,
        &[r#"{"Items":["aaaa","bbbb"]}"#, r#"{"Items":["cccc"]}"#],
    );
    check(
        r#"{"MaxInputBytesPerBatch": 24}"#,
        r#"["aaaa","bbbb"]"#,
        &[r#"{"Items":["aaaa"]}"#, r#"{"Items":["bbbb"]}"#],
    );
    // An item that is too large by itself goes alone.
    check(
        r#"{"MaxInputBytesPerBatch": 15}"#,
        r#"[1,"long",2,3]"#,
        &[r#"{"Items":[1]}"#, r#"{"Items":["long"]}"#, r#"{"Items":[2,3]}"#],
    );
    // The bytes win over the number.
    check(
        r#"{"MaxItemsPerBatch": 3, "MaxInputBytesPerBatch": 15}"#,
        "[1,2,3]",
        &[r#"{"Items":[1,2]}"#, r#"{"Items":[3]}"#],
    );
}

#[test]
fn with_input_of_the_batch() {
    let definition = map(
        r#""ItemsPath": "$.items", "ItemSelector": {"n.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"},
           "ItemBatcher": {"MaxItemsPerBatchPath": "$.most", "BatchInput": {"all.$": "$.most", "is": "it"}}"#,
        PASS,
    );
    let ran = run(&definition, r#"{"items": [7, 8, 9], "most": 2}"#, MemoryStore::default());
    assert_eq!(
        ran.inputs(),
        [
            r#"{"BatchInput":{"is":"it","all":2},"Items":[{"i":0,"n":7},{"i":1,"n":8}]}"#,
            r#"{"BatchInput":{"is":"it","all":2},"Items":[{"i":2,"n":9}]}"#,
        ]
    );
}

#[test]
fn a_batch_is_never_larger_than_a_payload() {
    let items: Vec<String> = (0..30).map(|_| format!("\"{}\"", "x".repeat(98))).collect();
    let quotas = Quotas { payload_bytes: 4000, ..Quotas::default() };
    let input = format!("[{}]", items.join(","));
    let request = request(&map(r#""ItemBatcher": {"MaxItemsPerBatch": 1000}"#, PASS), &input, quotas);
    let quotas = Quotas { payload_bytes: 1000, ..quotas };
    let ran = run_with(&crate::machine::MapRunRequest { quotas, ..request }, MemoryStore::default());
    let sizes: Vec<_> = ran.inputs().iter().map(String::len).collect();
    assert_eq!(sizes, [920, 920, 920, 314], "nine of 101 bytes each");
}

#[test]
fn batches_go_over_the_ends_of_what_was_read_at_once() {
    let mut store = MemoryStore::with_pieces(100, 10);
    store.insert("data", "lines", (0..2500).map(|number| format!("{number}\n")).collect::<String>());
    let definition = map(
        r#""ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "data", "Key": "lines"},
            "ReaderConfig": {"InputType": "JSONL"}}, "ItemBatcher": {"MaxItemsPerBatch": 1200}"#,
        r#"{"Type": "Pass", "Parameters": {"first.$": "$.Items[0]", "many.$": "States.ArrayLength($.Items)"}, "End": true}"#,
    );
    let ran = run(&definition, "{}", store);
    assert_eq!(ran.outcome(), r#"[{"many":1200,"first":0},{"many":1200,"first":1200},{"many":100,"first":2400}]"#);
    assert_eq!(ran.finished.run.counts().items.succeeded, 2500);
    assert_eq!(ran.finished.run.counts().executions.succeeded, 3);
}
