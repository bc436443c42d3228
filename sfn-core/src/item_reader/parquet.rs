//! Parquet: the rows of a file as objects, a row group at a time.
//!
//! The file's size, its footer and each row group are asked for one after the other; at most one group is in memory, as
//! it stands in the file, and of its rows as many as are asked for.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Buf, Bytes};
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::{ReadOptionsBuilder, SerializedFileReader};
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};
use sfn_asl::value::{Number, ObjectBuilder, Value};

use super::objects::{piece, source};
use super::{Item, Next, ReadError};
use crate::machine::timestamp;
use crate::object_store::{ObjectAnswer, ObjectLocation, ObjectRequest};

/// Most bytes of a footer: AWS's 5 MB.
const FOOTER: u64 = 5 << 20;
/// Most bytes of a row group: AWS's 256 MB.
const ROW_GROUP: u64 = 256 << 20;
/// The length of the footer's description and the magic number, at the end of the file.
const TAIL: u64 = 8;

pub(super) struct ParquetReader {
    location: ObjectLocation,
    source: Arc<str>,
    size: u64,
    phase: Phase,
    /// Bytes so far of what is being read.
    bytes: Vec<u8>,
    metadata: Option<Arc<ParquetMetaData>>,
    footer: Bytes,
}

/// What is being read, or is to be.
enum Phase {
    Size,
    /// The last eight bytes.
    Tail,
    /// The footer, from this offset on.
    Footer {
        start: u64,
    },
    /// A row group, from this offset to that one.
    Group {
        index: usize,
        start: u64,
        end: u64,
    },
    /// The rows of a group that is there.
    Rows {
        index: usize,
        rows: Box<RowIter<'static>>,
    },
    End,
}

impl ParquetReader {
    pub(super) fn new(location: ObjectLocation) -> Result<Self, ReadError> {
        if location.version_id.is_some() {
            return Err(ReadError::new("VersionId cannot be used with the input type PARQUET."));
        }
        let source = source(&location);
        Ok(ParquetReader {
            location,
            source,
            size: 0,
            phase: Phase::Size,
            bytes: Vec::new(),
            metadata: None,
            footer: Bytes::new(),
        })
    }

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        loop {
            let (start, end) = match &mut self.phase {
                Phase::Size => return Ok(Next::Needs(ObjectRequest::Size { location: self.location.clone() })),
                Phase::Tail => (self.size - TAIL, self.size),
                Phase::Footer { start } => (*start, self.size),
                Phase::Group { start, end, .. } => (*start, *end),
                Phase::Rows { index, rows } => match guarded(|| rows.next())? {
                    Some(row) => {
                        let value = row_value(&row.map_err(broken)?);
                        return Ok(Next::Item(Item { value, key: None, source: self.source.clone() }));
                    }
                    None => {
                        let next = *index + 1;
                        self.begin_group(next)?;
                        continue;
                    }
                },
                Phase::End => return Ok(Next::End),
            };
            let offset = start + self.bytes.len() as u64;
            if offset < end {
                return Ok(Next::Needs(ObjectRequest::Get { location: self.location.clone(), offset }));
            }
            self.bytes.truncate(usize::try_from(end - start).unwrap_or(usize::MAX));
            let bytes = std::mem::take(&mut self.bytes);
            self.take(bytes)?;
        }
    }

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        if let (Phase::Size, ObjectAnswer::Size(size)) = (&self.phase, &answer) {
            if *size < 2 * TAIL {
                return Err(broken("it is too short"));
            }
            (self.size, self.phase) = (*size, Phase::Tail);
            return Ok(());
        }
        let (bytes, is_last) = piece(answer)?;
        if bytes.is_empty() && is_last {
            return Err(broken("it is shorter than it was"));
        }
        self.bytes.extend(bytes);
        Ok(())
    }

    /// Takes in the bytes that were read.
    fn take(&mut self, bytes: Vec<u8>) -> Result<(), ReadError> {
        match self.phase {
            Phase::Tail => {
                let (length, magic) = bytes.split_at(4);
                if magic != b"PAR1" {
                    return Err(broken("it does not end as one"));
                }
                let length = u64::from(u32::from_le_bytes(length.try_into().expect("it was split at four")));
                if length > FOOTER {
                    return Err(broken(format!("its footer is larger than {FOOTER} bytes")));
                }
                let start =
                    self.size.checked_sub(TAIL + length).ok_or_else(|| broken("its footer is longer than it"))?;
                self.phase = Phase::Footer { start };
                Ok(())
            }
            Phase::Footer { start } => {
                let length = usize::try_from(self.size - TAIL - start).expect("the footer is short");
                let metadata = guarded(|| ParquetMetaDataReader::decode_metadata(&bytes[..length]))?.map_err(broken)?;
                self.metadata = Some(Arc::new(metadata));
                self.footer = bytes.into();
                self.begin_group(0)
            }
            Phase::Group { index, start, .. } => {
                let parts = [(start, bytes.into()), (self.size - self.footer.len() as u64, self.footer.clone())];
                let file = Parts { size: self.size, parts };
                let options = ReadOptionsBuilder::new().with_predicate(Box::new(move |_, at| at == index)).build();
                let reader = guarded(|| SerializedFileReader::new_with_options(file, options))?.map_err(broken)?;
                let rows = guarded(|| RowIter::from_file_into(Box::new(reader)))?;
                self.phase = Phase::Rows { index, rows: Box::new(rows) };
                Ok(())
            }
            Phase::Size | Phase::Rows { .. } | Phase::End => Ok(()),
        }
    }

    fn begin_group(&mut self, index: usize) -> Result<(), ReadError> {
        let metadata = self.metadata.as_ref().expect("the footer is read before any row group");
        if index >= metadata.num_row_groups() {
            self.phase = Phase::End;
            return Ok(());
        }
        let group = metadata.row_group(index);
        let ranges = guarded(|| group.columns().iter().map(|column| column.byte_range()).collect::<Vec<_>>())?;
        let start = ranges.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let end = ranges.iter().map(|(start, length)| start.saturating_add(*length)).max().unwrap_or(0);
        if end > self.size {
            return Err(broken("a row group is longer than it"));
        }
        if end - start > ROW_GROUP {
            return Err(broken(format!("a row group is larger than {ROW_GROUP} bytes")));
        }
        self.phase = Phase::Group { index, start, end };
        Ok(())
    }
}

/// The parts of a file that are in memory.
struct Parts {
    size: u64,
    parts: [(u64, Bytes); 2],
}

impl Length for Parts {
    fn len(&self) -> u64 {
        self.size
    }
}

impl Parts {
    /// The bytes from `start` on, of the part that holds them.
    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let holds = |(first, bytes): &&(u64, Bytes)| (*first..=*first + bytes.len() as u64).contains(&start);
        let (first, bytes) = self.parts.iter().rev().find(holds).ok_or_else(outside)?;
        let skipped = usize::try_from(start - first).map_err(|_| outside())?;
        Ok(bytes.slice(skipped..))
    }
}

impl ChunkReader for Parts {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.from(start)?;
        if length <= bytes.len() { Ok(bytes.slice(..length)) } else { Err(outside()) }
    }
}

fn outside() -> ParquetError {
    ParquetError::EOF("a part of the file that no row group names".to_owned())
}

/// The crate stumbles over some broken files: that is the file's fault, and ends its reading alone.
fn guarded<T>(read: impl FnOnce() -> T) -> Result<T, ReadError> {
    catch_unwind(AssertUnwindSafe(read)).map_err(|_| broken("it contradicts itself"))
}

fn broken(error: impl std::fmt::Display) -> ReadError {
    ReadError::new(format!("The object is no valid Parquet file: {error}"))
}

fn row_value(row: &Row) -> Value {
    let mut object = ObjectBuilder::with_capacity(row.len());
    for (name, field) in row.get_column_iter() {
        object.insert(name.as_str(), value(field));
    }
    Value::Object(object.build())
}

/// A field as JSON: dates and times as ISO 8601 has them, bytes that are no text in base64, numbers that JSON has none
/// for as `null`.
fn value(field: &Field) -> Value {
    let float = |number: f64| Number::from_f64(number).map_or(Value::Null, Value::from);
    let instant = |instant: Result<jiff::Timestamp, jiff::Error>| {
        instant.map_or(Value::Null, |instant| Value::from(instant.to_string()))
    };
    match field {
        Field::Null => Value::Null,
        Field::Bool(value) => Value::from(*value),
        Field::Byte(number) => Value::from(i64::from(*number)),
        Field::Short(number) => Value::from(i64::from(*number)),
        Field::Int(number) => Value::from(i64::from(*number)),
        Field::Long(number) => Value::from(*number),
        Field::UByte(number) => Value::from(u64::from(*number)),
        Field::UShort(number) => Value::from(u64::from(*number)),
        Field::UInt(number) => Value::from(u64::from(*number)),
        Field::ULong(number) => Value::from(*number),
        Field::Float16(number) => float(f64::from(f32::from(*number))),
        // As it is written, not as the double next to it.
        Field::Float(number) => float(number.to_string().parse().unwrap_or(f64::NAN)),
        Field::Double(number) => float(*number),
        Field::Decimal(decimal) => Value::parse(&decimal_text(decimal.data(), decimal.scale())).unwrap_or(Value::Null),
        Field::Str(text) => Value::from(text.as_str()),
        Field::Bytes(bytes) => match std::str::from_utf8(bytes.data()) {
            Ok(text) => Value::from(text),
            Err(_) => Value::from(STANDARD.encode(bytes.data())),
        },
        Field::Date(days) => {
            Value::from(timestamp(i64::from(*days) * 86_400_000).split('T').next().unwrap_or_default())
        }
        Field::TimeMillis(time) => Value::from(time_of_day(i64::from(*time) * 1000)),
        Field::TimeMicros(time) => Value::from(time_of_day(*time)),
        Field::TimestampMillis(time) => instant(jiff::Timestamp::from_millisecond(*time)),
        Field::TimestampMicros(time) => instant(jiff::Timestamp::from_microsecond(*time)),
        Field::Group(row) => row_value(row),
        Field::ListInternal(list) => Value::array(list.elements().iter().map(value)),
        Field::MapInternal(map) => {
            let key = |key: &Field| match value(key) {
                Value::String(text) => text.as_str().to_owned(),
                other => other.to_json(),
            };
            let mut object = ObjectBuilder::with_capacity(map.len());
            for (name, field) in map.entries() {
                object.insert(key(name).as_str(), value(field));
            }
            Value::Object(object.build())
        }
    }
}

/// A number of 128 bits at most, in two's complement, with so many digits after the point.
fn decimal_text(bytes: &[u8], scale: i32) -> String {
    let negative = bytes.first().is_some_and(|first| first & 0x80 != 0);
    let mut wide = [if negative { 0xFF } else { 0 }; 16];
    let Some(start) = 16_usize.checked_sub(bytes.len()) else { return String::new() };
    wide[start..].copy_from_slice(bytes);
    let number = i128::from_be_bytes(wide);
    let scale = usize::try_from(scale).unwrap_or(0);
    let digits = format!("{:0>width$}", number.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let sign = if negative { "-" } else { "" };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// `HH:MM:SS`, with the microseconds where there are any.
fn time_of_day(microseconds: i64) -> String {
    let (seconds, rest) = (microseconds.div_euclid(1_000_000), microseconds.rem_euclid(1_000_000));
    let clock = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if rest == 0 { clock } else { format!("{clock}.{rest:06}") }
}

impl std::fmt::Debug for ParquetReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetReader").field("location", &self.location).finish_non_exhaustive()
    }
}
