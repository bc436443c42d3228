#[cfg(feature = "parquet")]
mod parquet;
mod zstd;

use proptest::prelude::*;

use super::*;
use crate::object_store::{MemoryStore, ObjectStore};

const BUCKET: &str = "data";

fn location(key: &str) -> ObjectLocation {
    ObjectLocation { bucket: BUCKET.into(), key: key.into(), version_id: None }
}

fn object(format: Format) -> Dataset {
    Dataset::Object { location: location("object"), format }
}

fn json(pointer: Option<&str>) -> Format {
    Format::Json { pointer: pointer.map(Arc::from) }
}

fn csv(delimiter: CsvDelimiter, names: Option<&[&str]>) -> Format {
    let header = match names {
        Some(names) => Header::Given(names.iter().map(|name| Arc::from(*name)).collect()),
        None => Header::FirstRow,
    };
    Format::Csv(CsvFormat { delimiter, header })
}

/// Sizes of the pieces that every object is read in: cuts fall everywhere.
const PIECES: [usize; 5] = [1, 2, 3, 7, 1 << 16];

fn read(dataset: &Dataset, objects: &[(&str, &str)], piece: usize) -> Result<Vec<Item>, String> {
    let mut store = MemoryStore::with_pieces(piece, piece);
    for (key, body) in objects {
        store.insert(BUCKET, key, *body);
    }
    let mut reader = ItemReader::new(dataset).map_err(|error| error.cause)?;
    let mut items = Vec::new();
    loop {
        let read = reader.read(3, |request| store.answer(request)).map_err(|error| error.cause)?;
        assert!(read.is_last || !read.items.is_empty(), "at least one comes unless there are none");
        assert!(read.items.len() <= 3);
        items.extend(read.items);
        if read.is_last {
            return Ok(items);
        }
    }
}

#[test]
fn a_reader_can_pass_by_what_was_read_before() {
    let lines = object(Format::JsonLines);
    let mut store = MemoryStore::with_pieces(3, 1);
    store.insert(BUCKET, "object", "0\n1\n2\n3\n");
    let after = |items, store: &mut MemoryStore| {
        let mut reader = ItemReader::new(&lines).expect("lines can be read").skipping(items);
        let items = reader.read(100, |request| store.answer(request)).expect("they are right").items;
        items.into_iter().map(|item| item.value.to_json()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(after(0, &mut store), "0 1 2 3");
    assert_eq!(after(3, &mut store), "3");
    assert_eq!(after(9, &mut store), "");
}

/// The items as JSON texts, one a line, or the error; the same whatever the pieces are cut like.
fn check(dataset: &Dataset, objects: &[(&str, &str)], expected: &str) {
    for piece in PIECES {
        let found = match read(dataset, objects, piece) {
            Ok(items) => items.into_iter().map(|item| item.into_input().to_json()).collect::<Vec<_>>().join("\n"),
            Err(cause) => format!("error: {cause}"),
        };
        assert_eq!(found, expected, "in pieces of {piece} bytes: {dataset:?} {objects:?}");
    }
}

fn check_object(format: Format, body: &str, expected: &str) {
    check(&object(format), &[("object", body)], expected);
}

#[test]
fn json_arrays_and_what_a_pointer_selects() {
    let cases = [
        (None, "[]", ""),
        (None, " [ ] ", ""),
        (None, "\u{feff}[1]", "1"),
        (None, r#"[1, "a,]}\"[", {"b": [2, {}]}, null , [ ] ]"#, "1\n\"a,]}\\\"[\"\n{\"b\":[2,{}]}\nnull\n[]"),
        (None, r#"{"Hello": "world"}"#, "error: Attempting to map over non-iterable node."),
        (None, "3", "error: Attempting to map over non-iterable node."),
        (None, "\"text\"", "error: Attempting to map over non-iterable node."),
        (None, "[1, 2", "error: The JSON text of the object ends too early."),
        (None, "", "error: The JSON text of the object ends too early."),
        (Some(""), "[1]", "1"),
        (
            Some(""),
            r#"{"a": 1, "b": {"c": [2]}}"#,
            "{\"Key\":\"a\",\"Value\":1}\n{\"Key\":\"b\",\"Value\":{\"c\":[2]}}",
        ),
        (Some(""), "{ }", ""),
        (Some("/items"), r#"{"before": {"items": [9]}, "items": [1, 2], "after": 3}"#, "1\n2"),
        (Some("/a/1/b"), r#"{"x": [1, "}"], "a": [{"b": [0]}, {"c": 1, "b": ["it"]}]}"#, "\"it\""),
        (Some("/a~1b/c~0d"), r#"{"a/b": {"c~d": [7]}}"#, "7"),
        (Some("/\\u0061"), r#"{"\\u0061": [1]}"#, "1"),
        (Some("/a"), r#"{"\u0061": [1]}"#, "1"),
        (Some("/a"), r#"{"a": {"k": "v"}}"#, "{\"Key\":\"k\",\"Value\":\"v\"}"),
        (Some("/a"), r#"{"a": 5}"#, "error: Attempting to map over non-iterable node."),
        (Some("/a"), r#"{"b": []}"#, "error: The ItemsPointer '/a' selects nothing in the object."),
        (Some("/a/0"), r#"{"a": []}"#, "error: The ItemsPointer '/a/0' selects nothing in the object."),
        (Some("/a/b"), r#"{"a": 1}"#, "error: The ItemsPointer '/a/b' selects nothing in the object."),
    ];
    for (pointer, body, expected) in cases {
        check_object(json(pointer), body, expected);
    }
}

#[test]
fn broken_items_are_named() {
    let broken = |format: Format, body: &str| read(&object(format), &[("object", body)], 4).unwrap_err();
    assert!(broken(json(None), "[1, nope]").starts_with("Item 1 of the object is not valid JSON"));
    assert!(broken(json(None), "[1,]").starts_with("Item 1 of the object is not valid JSON"));
    assert!(broken(Format::JsonLines, "{}\n{\n").starts_with("Item 1 of the object is not valid JSON"));
}

#[test]
fn json_lines() {
    let cases = [
        ("", ""),
        ("{\"a\":1}\n", "{\"a\":1}"),
        ("1\r\n\n  \n\"two\"", "1\n\"two\""),
        ("\u{feff}[1]\n[2]\n", "[1]\n[2]"),
    ];
    for (body, expected) in cases {
        check_object(Format::JsonLines, body, expected);
    }
}

#[test]
fn csv_rows_and_headers() {
    let comma = CsvDelimiter::Comma;
    let recorded = "Value1,Value2,Value3\nValue4,Value5,Value6\n,,,\ntrue,1,'HelloWorld'\nNull,None,\n   \n";
    let cases = [
        (csv(comma, None), "H1,\na,b,c\n", r#"{"H1":"a","":"b"}"#),
        (csv(comma, None), "0,True,{}\nx\n", r#"{"0":"x","True":"","{}":""}"#),
        (csv(comma, None), "A,B\r\n1,2\r\n\r\n3,4", "{\"A\":\"1\",\"B\":\"2\"}\n{\"A\":\"3\",\"B\":\"4\"}"),
        (csv(comma, None), "\u{feff}A\n1\n", r#"{"A":"1"}"#),
        (csv(comma, None), "A,A\n1,2\n", "error: CSV headers cannot contain duplicates."),
        (csv(comma, Some(&["A", "A"])), "1,2\n", "error: CSV headers cannot contain duplicates."),
        (csv(comma, None), "", ""),
        (csv(comma, None), "A,B\n", ""),
        (
            csv(comma, Some(&["H"])),
            recorded,
            "{\"H\":\"Value1\"}\n{\"H\":\"Value4\"}\n{\"H\":\"\"}\n{\"H\":\"true\"}\n{\"H\":\"Null\"}\n{\"H\":\"   \"}",
        ),
        (csv(comma, Some(&["A", "B"])), "\"x,\"\"y\"\"\nz\",2\n", "{\"A\":\"x,\\\"y\\\"\\nz\",\"B\":\"2\"}"),
        (csv(comma, Some(&["A", "B"])), "\"\",b\n", r#"{"A":"","B":"b"}"#),
        (csv(comma, Some(&["A", "B"])), "a\\,b,c\\\\d\n", r#"{"A":"a,b","B":"c\\d"}"#),
        (csv(comma, Some(&["A", "B"])), "\\\"a,c\\nd\n", r#"{"A":"\"a","B":"cnd"}"#),
        (csv(comma, Some(&["A", "B"])), "\"a\\\"b\",c\\", r#"{"A":"a\"b","B":"c"}"#),
        (csv(comma, Some(&["A", "B"])), "C:\\\\a b\\\\c.exe,\"x\\y\"\n", r#"{"A":"C:\\a b\\c.exe","B":"xy"}"#),
        (csv(comma, Some(&["A", "B"])), "{\"\"k\"\":\"\"v\"\"},a\"b\n", r#"{"A":"{\"k\":\"v\"}","B":"a\"b"}"#),
        (csv(comma, Some(&["A", "B"])), "a\",b\"\n", r#"{"A":"a\"","B":"b\""}"#),
        (csv(CsvDelimiter::Pipe, Some(&["A", "B"])), "1,2|3\n", r#"{"A":"1,2","B":"3"}"#),
        (csv(CsvDelimiter::Semicolon, Some(&["A", "B"])), "1;2\n", r#"{"A":"1","B":"2"}"#),
        (csv(CsvDelimiter::Space, Some(&["A", "B"])), "1 2\n", r#"{"A":"1","B":"2"}"#),
        (csv(CsvDelimiter::Tab, Some(&["A", "B"])), "1\t\"2\t3\"\n", r#"{"A":"1","B":"2\t3"}"#),
    ];
    for (format, body, expected) in cases {
        check_object(format, body, expected);
    }
}

#[test]
fn listed_objects_are_items_or_hold_them() {
    let objects = [("in/a.jsonl", "1\n2\n"), ("in/b.jsonl", "3\n"), ("in/empty/", ""), ("other", "4\n")];
    let listing = |flatten| Dataset::Listing { bucket: BUCKET.into(), prefix: Some("in/".into()), flatten };
    check(&listing(Some(Format::JsonLines)), &objects, "1\n2\n3");
    let keys = |piece| {
        let items = read(&listing(None), &objects, piece).expect("the list can be read");
        let key = |item: &Item| item.value.get("Key").and_then(Value::as_str).map(str::to_owned);
        items.iter().filter_map(key).collect::<Vec<_>>()
    };
    for piece in PIECES {
        assert_eq!(keys(piece), ["in/a.jsonl", "in/b.jsonl", "in/empty/"]);
    }
    let items = read(&listing(None), &objects, 10).expect("the list can be read");
    assert_eq!(
        items[0].value.to_json(),
        r#"{"Etag":"\"6ddb4095eb719e2a9f0a3f95677d24e0\"","Key":"in/a.jsonl","LastModified":0,"Size":4,"StorageClass":"STANDARD"}"#
    );
    assert_eq!(&*items[0].source, "S3://data");
    let items = read(&listing(Some(Format::JsonLines)), &objects, 10).expect("the objects can be read");
    assert_eq!(&*items[2].source, "S3://data/in/b.jsonl");
}

#[test]
fn manifests() {
    let inventory = r#"{"sourceBucket": "s", "destinationBucket": "arn:aws:s3:::data", "fileFormat": "CSV",
        "fileSchema": "Bucket, Key, Size", "files": [{"key": "one.csv"}, {"key": "two.csv"}]}"#;
    let objects = [("manifest", inventory), ("one.csv", "\"b\",\"k1\",\"3\"\n"), ("two.csv", "b,k2,4\n")];
    check(
        &Dataset::InventoryManifest(location("manifest")),
        &objects,
        "{\"Bucket\":\"b\",\"Key\":\"k1\",\"Size\":\"3\"}\n{\"Bucket\":\"b\",\"Key\":\"k2\",\"Size\":\"4\"}",
    );
    let athena = Dataset::AthenaManifest { location: location("list.csv"), format: Format::JsonLines };
    let objects = [("list.csv", "s3://data/one\n\"s3://data/two\"\n\n"), ("one", "1\n"), ("two", "2\n3\n")];
    check(&athena, &objects, "1\n2\n3");
    check(
        &athena,
        &[("list.csv", "nonsense\n")],
        "error: The manifest has a line that is no address of an object: nonsense",
    );
    check(
        &Dataset::InventoryManifest(location("manifest")),
        &[("manifest", r#"{"fileFormat": "ORC"}"#)],
        "error: Inventories of the format ORC cannot be read; use CSV.",
    );
}

#[test]
fn what_cannot_be_read_says_so() {
    #[cfg(not(feature = "parquet"))]
    check(
        &object(Format::Parquet),
        &[],
        "error: This build cannot read objects of the input type PARQUET: it lacks the feature `parquet`.",
    );
    check(
        &object(json(None)),
        &[],
        "error: The specified key does not exist: s3://data/object (Service: S3, Status Code: 404)",
    );
    let not_text = |bytes: &[u8]| {
        let mut reader = ItemReader::new(&object(csv(CsvDelimiter::Comma, None))).expect("CSV can be read");
        let piece = ObjectAnswer::Piece { bytes: bytes.to_vec(), is_last: true };
        reader.read(9, |_| Ok(piece.clone())).expect_err("it cannot be read").cause
    };
    assert_eq!(not_text(b"A\n\xff\n"), "The object is not encoded in UTF-8.");
    assert!(not_text(&[0x1F, 0x8B, 0x08, 0, 1]).starts_with("The object is no valid gzip"));
    assert!(not_text(&[0x1F, 0x8B, 0x09, 0, 1, 2, 3, 4, 5, 6, 7]).starts_with("The object is no valid gzip"));
}

fn gzip(text: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("a vector takes what it is given")
}

#[test]
fn gzip_objects_are_read_as_what_is_in_them() {
    let text: String = (0..5000).map(|number| format!("{number}\n")).collect();
    // Two members after one another are one text.
    let bytes = [gzip(&text.as_bytes()[..7]), gzip(&text.as_bytes()[7..])].concat();
    for piece in [1, 100, 1 << 16] {
        let mut store = MemoryStore::with_pieces(piece, 1);
        store.insert(BUCKET, "object", bytes.clone());
        let mut reader = ItemReader::new(&object(Format::JsonLines)).expect("lines can be read");
        let mut numbers = 0;
        loop {
            let read = reader.read(1000, |request| store.answer(request)).expect("it can be read");
            for item in read.items {
                assert_eq!(item.value, Value::from(numbers));
                numbers += 1;
            }
            if read.is_last {
                break;
            }
        }
        assert_eq!(numbers, 5000, "in pieces of {piece} bytes");
    }
}

#[test]
fn an_inventory_as_s3_writes_it() {
    let manifest = r#"{"destinationBucket": "arn:aws:s3:::data", "fileFormat": "CSV", "fileSchema": "Bucket, Key",
        "files": [{"key": "data/1.csv.gz", "size": 34}]}"#;
    // Made by another program.
    let object = [
        0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xd2, 0xc9, 0x36, 0xd4, 0x31, 0xe6, 0x4a,
        0xd2, 0xc9, 0x36, 0xd2, 0x31, 0xe1, 0x02, 0x00, 0x8c, 0xd4, 0xda, 0x44, 0x0e, 0x00, 0x00, 0x00,
    ];
    let mut store = MemoryStore::default();
    store.insert(BUCKET, "manifest.json", manifest);
    store.insert(BUCKET, "data/1.csv.gz", object);
    let mut reader =
        ItemReader::new(&Dataset::InventoryManifest(location("manifest.json"))).expect("inventories can be read");
    let items = reader.read(9, |request| store.answer(request)).expect("it is right").items;
    let items: Vec<_> = items.into_iter().map(|item| item.value.to_json()).collect();
    assert_eq!(items, [r#"{"Bucket":"b","Key":"k1"}"#, r#"{"Bucket":"b","Key":"k2"}"#]);
}

#[test]
fn what_was_blown_up_by_compression_does_not_fill_the_memory() {
    let blanks = gzip(&vec![b' '; 64 << 20]);
    let mut store = MemoryStore::with_pieces(1 << 20, 1);
    store.insert(BUCKET, "object", blanks);
    let mut reader = ItemReader::new(&object(Format::JsonLines)).expect("lines can be read");
    let error = reader.read(9, |request| store.answer(request)).expect_err("the line is too long");
    assert_eq!(error.cause, "Item 0 of the object is larger than 8388608 bytes.");
}

#[test]
fn an_item_that_does_not_end_is_refused_before_it_fills_the_memory() {
    for format in [Format::JsonLines, json(None), csv(CsvDelimiter::Comma, None)] {
        let mut reader = ItemReader::new(&object(format)).expect("the format can be read");
        let mut piece = || {
            let bytes = [b"[\"".as_slice(), &vec![b'x'; 1 << 20]].concat();
            reader.answer(ObjectAnswer::Piece { bytes, is_last: false })?;
            reader.poll()
        };
        let error = (0..10).find_map(|_| piece().err()).expect("ten megabytes are too much");
        assert!(error.cause.ends_with("is larger than 8388608 bytes."), "{error}");
    }
}

#[test]
fn the_context_of_an_item() {
    let items = Dataset::Items(Collection::Array(vec![Value::from("x")].into()));
    let item = read(&items, &[], 1).expect("items are items").remove(0);
    assert_eq!(item.context(3).to_json(), r#"{"Index":3,"Value":"x","Source":"STATE_DATA"}"#);
    let member = read(&object(json(Some(""))), &[("object", "{\"k\":1}")], 9).expect("it is read").remove(0);
    assert_eq!(member.context(0).to_json(), r#"{"Index":0,"Key":"k","Value":1,"Source":"S3://data/object"}"#);
}

/// Texts that decoders stumble over.
fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\""),
        Just("\\"),
        Just("\n"),
        Just("\r\n"),
        Just("\"a\""),
        Just("1"),
        Just("null"),
        Just(" "),
        Just("é"),
        Just("a"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_breaks_a_decoder_and_no_cut_changes_it(text in texts(), piece in 1usize..9) {
        for format in [
            json(None), json(Some("")), json(Some("/a")), json(Some("/a/0")), Format::JsonLines,
            csv(CsvDelimiter::Comma, None), csv(CsvDelimiter::Space, Some(&["A", "B"])),
        ] {
            let dataset = object(format);
            let whole = read(&dataset, &[("object", &text)], 1 << 16);
            let cut = read(&dataset, &[("object", &text)], piece);
            prop_assert_eq!(&whole, &cut, "{:?}", dataset);
        }
    }

    /// What the parser of values takes, the reader splits into the same items.
    #[test]
    fn arrays_have_the_items_that_the_parser_finds(text in texts()) {
        let text = format!("[{text}]");
        if let Ok(Value::Array(expected)) = Value::parse(&text) {
            let items = read(&object(json(None)), &[("object", &text)], 3).expect("it is an array");
            let items: Vec<_> = items.into_iter().map(|item| item.value).collect();
            prop_assert_eq!(items, expected.to_vec());
        }
    }
}
