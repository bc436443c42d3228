//! Buckets in memory and in local folders: what readers ask of them, and a Distributed Map from one folder to another.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use sfn_core::asl::definition::Definition;
use sfn_core::asl::value::Value;
use sfn_core::executor::{Executor, VirtualClock};
use sfn_core::object_store::{Buckets, ObjectAnswer, ObjectLocation, ObjectPart, ObjectRequest, ObjectService};

/// A folder that is gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("sfn-buckets-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("temporary folders can be made");
        Folder(folder)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        std::fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folders can be made");
        std::fs::write(path, text).expect("files can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The same buckets in memory and in a folder, with the bucket `b` made.
fn everywhere(root: &Path) -> [(&'static str, Buckets); 3] {
    std::fs::create_dir_all(root.join("b")).expect("folders can be made");
    std::fs::create_dir_all(root.join("named")).expect("folders can be made");
    let named = Buckets::new().with_folder("b", root.join("named")).expect("the folder is there");
    [("memory", Buckets::new().with_memory("b")), ("folder", Buckets::in_folder(root)), ("named", named)]
}

fn location(key: &str) -> ObjectLocation {
    ObjectLocation { bucket: "b".into(), key: key.into(), version_id: None }
}

async fn put(buckets: &Buckets, key: &str, pieces: &[&[u8]]) {
    for (number, bytes) in pieces.iter().enumerate() {
        let part = ObjectPart {
            bucket: "b".into(),
            key: key.into(),
            number: number as u32,
            bytes: (*bytes).into(),
            is_last: number + 1 == pieces.len(),
        };
        buckets.put(part).await.unwrap_or_else(|error| panic!("{key}: {error}"));
    }
}

async fn get(buckets: &Buckets, key: &str) -> Result<Vec<u8>, String> {
    let mut whole = Vec::new();
    loop {
        let request = ObjectRequest::Get { location: location(key), offset: whole.len() as u64 };
        match buckets.answer(request).await.map_err(|error| error.cause)? {
            ObjectAnswer::Piece { bytes, is_last } => {
                whole.extend(bytes);
                if is_last {
                    return Ok(whole);
                }
            }
            other => panic!("no piece: {other:?}"),
        }
    }
}

async fn keys(buckets: &Buckets, prefix: Option<&str>) -> Vec<String> {
    let (mut keys, mut continuation) = (Vec::new(), None);
    loop {
        let request = ObjectRequest::List { bucket: "b".into(), prefix: prefix.map(Into::into), continuation };
        let ObjectAnswer::Page { objects, continuation: next } = buckets.answer(request).await.expect("a page") else {
            panic!("no page")
        };
        keys.extend(objects.iter().map(|object| object.key.to_string()));
        match next {
            Some(next) => continuation = Some(next),
            None => return keys,
        }
    }
}

#[tokio::test]
async fn objects_come_and_go_in_pieces() {
    let folder = Folder::new();
    for (place, buckets) in everywhere(&folder.0) {
        let large: Vec<u8> = (0..9_000_000_u32).map(|number| (number % 251) as u8).collect();
        put(&buckets, "whole", &[b"abc"]).await;
        put(&buckets, "deep/in pieces 100%.json", &[&large[..6_000_000], &large[6_000_000..]]).await;
        put(&buckets, "empty", &[b""]).await;
        assert_eq!(get(&buckets, "whole").await.as_deref(), Ok(b"abc".as_slice()), "{place}");
        assert!(get(&buckets, "deep/in pieces 100%.json").await == Ok(large), "{place}: nine megabytes");
        assert_eq!(get(&buckets, "empty").await, Ok(Vec::new()), "{place}");
        let size = buckets.answer(ObjectRequest::Size { location: location("whole") }).await;
        assert_eq!(size, Ok(ObjectAnswer::Size(3)), "{place}");
        // A whole object replaces one that was there.
        put(&buckets, "whole", &[b"de"]).await;
        assert_eq!(get(&buckets, "whole").await, Ok(b"de".to_vec()), "{place}");
    }
}

#[tokio::test]
async fn what_is_not_there() {
    let folder = Folder::new();
    for (place, buckets) in everywhere(&folder.0) {
        let missing = get(&buckets, "none").await;
        let text = "The specified key does not exist: s3://b/none (Service: S3, Status Code: 404)";
        assert_eq!(missing, Err(text.to_owned()), "{place}");
        for name in ["other", "..", "", "a/b", ".hidden"] {
            let request = ObjectRequest::List { bucket: name.into(), prefix: None, continuation: None };
            let error = buckets.answer(request).await.expect_err("there is no such bucket").cause;
            assert!(error.starts_with("The specified bucket does not exist"), "{place}: {error}");
        }
        let error = get(&buckets, "../b/whole").await.expect_err("keys stay in their bucket");
        assert!(error.starts_with("The key cannot be the path of an object"), "{place}: {error}");
        let late = ObjectPart { bucket: "b".into(), key: "k".into(), number: 1, bytes: [1].into(), is_last: true };
        let error = buckets.put(late).await.expect_err("its first piece never came").cause;
        assert_eq!(error, "Nobody here began to write s3://b/k", "{place}");
    }
}

#[tokio::test]
async fn lists_stand_in_the_order_of_keys_and_prefixes_are_texts() {
    let folder = Folder::new();
    for (place, buckets) in everywhere(&folder.0) {
        for key in ["b/2", "b/10", "b-1", "a", "b/deep/1", "c"] {
            put(&buckets, key, &[b"x"]).await;
        }
        assert_eq!(keys(&buckets, None).await, ["a", "b-1", "b/10", "b/2", "b/deep/1", "c"], "{place}");
        assert_eq!(keys(&buckets, Some("b")).await, ["b-1", "b/10", "b/2", "b/deep/1"], "{place}");
        assert_eq!(keys(&buckets, Some("b/")).await, ["b/10", "b/2", "b/deep/1"], "{place}");
        assert_eq!(keys(&buckets, Some("b/1")).await, ["b/10"], "{place}");
        assert!(keys(&buckets, Some("x/y")).await.is_empty(), "{place}");
    }
}

#[tokio::test]
async fn more_objects_than_stand_on_a_page() {
    let buckets = Buckets::new().with_memory("b");
    for number in 0..20_005 {
        put(&buckets, &format!("{number:05}"), &[b""]).await;
    }
    let keys = keys(&buckets, None).await;
    assert_eq!(keys.len(), 20_005);
    assert!(keys.iter().enumerate().all(|(index, key)| *key == format!("{index:05}")));
}

#[tokio::test]
async fn a_map_from_one_folder_to_another() {
    let folder = Folder::new();
    folder.write("orders/2024/a.jsonl", "{\"n\": 1}\n{\"n\": 2}\n");
    folder.write("orders/2024/b.jsonl", "{\"n\": 3}\n");
    folder.write("orders/2025/c.jsonl", "{\"n\": 4}\n");
    let definition = Definition::parse_json(
        r#"{"StartAt": "Orders", "QueryLanguage": "JSONata", "States": {"Orders": {"Type": "Map", "End": true,
            "ItemReader": {"Resource": "arn:aws:states:::s3:listObjectsV2",
                "ReaderConfig": {"InputType": "JSONL", "Transformation": "LOAD_AND_FLATTEN"},
                "Arguments": {"Bucket": "orders", "Prefix": "2024/"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
                "StartAt": "Square", "States": {"Square": {"Type": "Pass", "Output": "{% $states.input.n * $states.input.n %}",
                "End": true}}},
            "MaxConcurrency": 1,
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject",
                "Arguments": {"Bucket": "squares", "Prefix": "out"},
                "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}}}}}"#,
    )
    .unwrap_or_else(|findings| panic!("{findings:?}"));
    let executor = Executor::builder().clock(VirtualClock::new()).object_service(Buckets::in_folder(&folder.0)).build();
    let execution = executor.start_document(&definition, Value::empty_object()).await.expect("it starts");
    let output = execution.output().await.expect("it succeeds");
    let manifest = output.get("ResultWriterDetails").and_then(|details| details.get("Key")).and_then(Value::as_str);
    let manifest = folder.0.join("squares").join(manifest.expect("it tells its manifest"));
    let results = manifest.with_file_name("SUCCEEDED_0.jsonl");
    assert_eq!(std::fs::read_to_string(results).expect("the results are there"), "1\n4\n9\n");
    assert!(std::fs::read_to_string(manifest).expect("it is there").contains("SUCCEEDED_0.jsonl"));
    executor.shutdown().await;
}
