use std::sync::Arc;

use ::parquet::basic::{Compression, ZstdLevel};
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DoubleType, FixedLenByteArrayType, Int32Type, Int64Type,
};
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::SerializedFileWriter;
use ::parquet::schema::parser::parse_message_type;
use proptest::prelude::*;

use super::super::*;
use super::{BUCKET, location, object};
use crate::object_store::{MemoryStore, ObjectStore};

/// A file of so many row groups of `rows` rows each, with a number and a text.
fn numbers(groups: u32, rows: u32, compression: Compression) -> Vec<u8> {
    let schema = "message m { required int64 id; optional binary name (UTF8); }";
    let schema = Arc::new(parse_message_type(schema).expect("the schema is right"));
    let properties = Arc::new(WriterProperties::builder().set_compression(compression).build());
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, properties).expect("a writer");
    for group in 0..groups {
        let ids: Vec<_> = (0..rows).map(|row| i64::from(group * rows + row)).collect();
        let names: Vec<_> =
            ids.iter().filter(|id| *id % 2 == 0).map(|id| ByteArray::from(&*format!("n{id}"))).collect();
        let levels: Vec<_> = ids.iter().map(|id| i16::from(id % 2 == 0)).collect();
        let mut written = writer.next_row_group().expect("a row group");
        let mut column = written.next_column().expect("a column").expect("the first");
        column.typed::<Int64Type>().write_batch(&ids, None, None).expect("the batch is right");
        column.close().expect("the column is right");
        let mut column = written.next_column().expect("a column").expect("the second");
        column.typed::<ByteArrayType>().write_batch(&names, Some(&levels), None).expect("the batch is right");
        column.close().expect("the column is right");
        written.close().expect("the row group is right");
    }
    writer.into_inner().expect("the file is right")
}

fn read(bytes: &[u8], piece: usize) -> Result<Vec<Value>, String> {
    let mut store = MemoryStore::with_pieces(piece, 1);
    store.insert(BUCKET, "object", bytes);
    let mut reader = ItemReader::new(&object(Format::Parquet)).map_err(|error| error.cause)?;
    let mut rows = Vec::new();
    loop {
        let read = reader.read(100, |request| store.answer(request)).map_err(|error| error.cause)?;
        rows.extend(read.items.into_iter().map(|item| item.value));
        if read.is_last {
            return Ok(rows);
        }
    }
}

#[test]
fn rows_of_every_group_in_every_compression() {
    let zstd = Compression::ZSTD(ZstdLevel::default());
    for compression in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::GZIP(Default::default()), zstd] {
        let bytes = numbers(3, 500, compression);
        for piece in [777, 1 << 20] {
            let rows = read(&bytes, piece).unwrap_or_else(|cause| panic!("{compression:?}: {cause}"));
            assert_eq!(rows.len(), 1500);
            let text = |index: usize| rows[index].to_json();
            assert_eq!(
                [text(0), text(1), text(1498)],
                [r#"{"id":0,"name":"n0"}"#, r#"{"id":1,"name":null}"#, r#"{"id":1498,"name":"n1498"}"#,]
            );
        }
    }
    assert_eq!(read(&numbers(0, 0, Compression::UNCOMPRESSED), 100), Ok(Vec::new()));
}

#[test]
fn types_as_json() {
    let schema = "message m {
        required boolean flag; required int32 day (DATE); required int64 at (TIMESTAMP_MILLIS);
        required double number; required int32 price (DECIMAL(9, 2)); required binary bytes;
        required fixed_len_byte_array(2) short (DECIMAL(4, 3)); required int32 byte (UINT_8);
        required int64 clock (TIME_MICROS);
        optional group list (LIST) { repeated group list { optional int32 element; } }
        optional group map (MAP) { repeated group key_value { required binary key (UTF8); optional int32 value; } } }";
    let schema = Arc::new(parse_message_type(schema).expect("the schema is right"));
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Default::default()).expect("a writer");
    let mut group = writer.next_row_group().expect("a row group");
    macro_rules! column {
        ($kind:ty, $values:expr) => {
            column!($kind, $values, None, None)
        };
        ($kind:ty, $values:expr, $definitions:expr, $repetitions:expr) => {{
            let mut column = group.next_column().expect("a column").expect("one is left");
            let written = column.typed::<$kind>().write_batch($values, $definitions, $repetitions);
            written.expect("the batch is right");
            column.close().expect("the column is right");
        }};
    }
    column!(BoolType, &[true]);
    column!(Int32Type, &[19_000]);
    column!(Int64Type, &[1_700_000_000_123]);
    column!(DoubleType, &[f64::INFINITY]);
    column!(Int32Type, &[-1999]);
    column!(ByteArrayType, &[ByteArray::from(vec![0xFF, 0x00])]);
    column!(FixedLenByteArrayType, &[ByteArray::from(vec![0x00, 0x05]).into()]);
    column!(Int32Type, &[200]);
    column!(Int64Type, &[3_723_000_004]);
    column!(Int32Type, &[1, 2], Some(&[3, 3, 2]), Some(&[0, 1, 1]));
    column!(ByteArrayType, &["a".into(), "b".into()], Some(&[2, 2]), Some(&[0, 1]));
    column!(Int32Type, &[7], Some(&[3, 2]), Some(&[0, 1]));
    group.close().expect("the row group is right");
    let rows = read(&writer.into_inner().expect("the file is right"), 50).expect("it can be read");
    assert_eq!(
        rows[0].to_json(),
        concat!(
            r#"{"flag":true,"day":"2022-01-08","at":"2023-11-14T22:13:20.123Z","number":null,"price":-19.99,"#,
            r#""bytes":"/wA=","short":0.005,"byte":200,"clock":"01:02:03.000004","#,
            r#""list":[1,2,null],"map":{"a":7,"b":null}}"#,
        )
    );
}

#[test]
fn files_of_a_listing_and_of_a_manifest() {
    let mut store = MemoryStore::default();
    store.insert(BUCKET, "in/1.parquet", numbers(1, 2, Compression::SNAPPY));
    store.insert(BUCKET, "in/2.parquet", numbers(2, 1, Compression::SNAPPY));
    store.insert(BUCKET, "list.csv", "s3://data/in/2.parquet\n");
    let flatten = Some(Format::Parquet);
    let listing = Dataset::Listing { bucket: BUCKET.into(), prefix: Some("in/".into()), flatten };
    let athena = Dataset::AthenaManifest { location: location("list.csv"), format: Format::Parquet };
    for (dataset, expected) in [(listing, 4), (athena, 2)] {
        let mut reader = ItemReader::new(&dataset).expect("Parquet can be read");
        let items = reader.read(100, |request| store.answer(request)).expect("the files are right").items;
        assert_eq!(items.len(), expected);
        assert!(items[0].source.starts_with("S3://data/in/"), "{}", items[0].source);
    }
}

#[test]
fn what_is_no_parquet_says_so() {
    let file = numbers(2, 10, Compression::UNCOMPRESSED);
    let mut long = file.clone();
    let footer = long.len() - 8;
    long[footer..footer + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    for bytes in [b"".as_slice(), b"PAR1", b"a text, and not a Parquet file", &file[..file.len() - 1], &long] {
        let cause = read(bytes, 1 << 20).expect_err("it is no Parquet file");
        assert!(cause.starts_with("The object is no valid Parquet file: "), "{cause}");
    }
    let version = ObjectLocation { version_id: Some("v".into()), ..location("object") };
    let error =
        ItemReader::new(&Dataset::Object { location: version, format: Format::Parquet }).expect_err("a version");
    assert_eq!(error.cause, "VersionId cannot be used with the input type PARQUET.");
}

proptest! {
    #[test]
    fn no_byte_breaks_it(at in any::<prop::sample::Index>(), by in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = numbers(2, 5, Compression::SNAPPY);
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        let _ = read(&bytes, 64);
        bytes.truncate(cut.index(bytes.len()));
        let _ = read(&bytes, 64);
    }
}
