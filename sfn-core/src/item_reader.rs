//! Item readers: the items of a data set, one after the other, out of bytes that a driver hands in.
//!
//! An [`ItemReader`] does no I/O and holds a piece of an object and a page of a list at a time, however large the data set
//! is: [`ItemReader::poll`] gives the next item or says what it needs, [`ItemReader::answer`] takes the answer in;
//! [`ItemReader::read`] does both for a driver that has the answers at hand. The same data set gives the same items in the same order, so a run that begins again skips the items it has had.

mod collection;
mod csv;
mod encoding;
mod json;
mod json_lines;
mod list;
mod manifest;
mod objects;
#[cfg(feature = "parquet")]
mod parquet;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::sync::Arc;

use sfn_asl::definition::CsvDelimiter;
use sfn_asl::value::{ObjectBuilder, Value};

use crate::machine::Failure;
use crate::object_store::{ObjectAnswer, ObjectError, ObjectLocation, ObjectRequest};
pub use collection::Collection;
use csv::CsvDecoder;
use json::JsonDecoder;
use json_lines::JsonLinesDecoder;
use list::ListReader;
use manifest::ManifestReader;
use objects::ObjectReader;

/// Most bytes of one item, as its text stands in an object: 8 MiB.
const ITEM_BYTES: usize = 8 << 20;

/// A data set that a Map iterates over.
#[derive(Clone, Debug, PartialEq)]
pub enum Dataset {
    /// An array or an object of the workflow's data.
    Items(Collection),
    /// An object: `s3:getObject`.
    Object {
        /// Where it is.
        location: ObjectLocation,
        /// Its format.
        format: Format,
    },
    /// The objects of a bucket: `s3:listObjectsV2`.
    Listing {
        /// The bucket.
        bucket: Arc<str>,
        /// What their keys begin with.
        prefix: Option<Arc<str>>,
        /// `LOAD_AND_FLATTEN`: not the objects are the items, but what is in them, in this format.
        flatten: Option<Format>,
    },
    /// `ManifestType` `S3_INVENTORY`: the rows of the CSV objects that an inventory names.
    InventoryManifest(ObjectLocation),
    /// `ManifestType` `ATHENA_DATA`: what is in the objects that a list of addresses names.
    AthenaManifest {
        /// Where the list is.
        location: ObjectLocation,
        /// The format of each object.
        format: Format,
    },
}

/// The format of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Format {
    /// `JSON`: an array, or what a pointer selects.
    Json {
        /// `ItemsPointer`
        pointer: Option<Arc<str>>,
    },
    /// `JSONL`: a value a line.
    JsonLines,
    /// `CSV`
    Csv(CsvFormat),
    /// `PARQUET`: the rows of the file. It needs the feature `parquet`.
    Parquet,
}

/// What a CSV object looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvFormat {
    /// `CSVDelimiter`
    pub delimiter: CsvDelimiter,
    /// `CSVHeaderLocation`
    pub header: Header,
}

/// Where the names of the columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Header {
    /// `FIRST_ROW`
    FirstRow,
    /// `GIVEN`
    Given(Vec<Arc<str>>),
}

/// One item of a data set.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The item.
    pub value: Value,
    /// Its key, where the items are the members of an object.
    pub key: Option<Arc<str>>,
    /// `Map.Item.Source`: `STATE_DATA`, `S3://bucket` or `S3://bucket/key`.
    pub source: Arc<str>,
}

impl Item {
    /// `Map.Item` of the context object, when the item is the one with the number `index`.
    pub fn context(&self, index: u64) -> Value {
        let mut item = ObjectBuilder::with_capacity(4);
        item.insert("Index", index);
        item.insert_some("Key", self.key.as_deref());
        item.insert("Value", self.value.clone()).insert("Source", &*self.source);
        Value::Object(item.build())
    }

    /// What an iteration or a child receives when no `ItemSelector` says it.
    pub fn into_input(self) -> Value {
        Item::input(self.key.as_deref(), self.value)
    }

    /// The item as it is handed on: by itself, or as the pair that a member of an object is.
    pub(crate) fn input(key: Option<&str>, value: Value) -> Value {
        match key {
            None => value,
            Some(key) => Value::object([("Key", Value::from(key)), ("Value", value)]),
        }
    }
}

/// Why a data set cannot be read: the `Cause` of `States.ItemReaderFailed`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct ReadError {
    /// The words.
    pub cause: String,
}

impl ReadError {
    /// An error in these words.
    pub fn new(cause: impl Into<String>) -> Self {
        ReadError { cause: cause.into() }
    }
}

impl From<ObjectError> for ReadError {
    fn from(error: ObjectError) -> Self {
        ReadError { cause: error.cause }
    }
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Failure::new("States.ItemReaderFailed", error.cause)
    }
}

/// What comes next of a data set.
#[derive(Clone, Debug, PartialEq)]
pub enum Next {
    /// An item.
    Item(Item),
    /// The reader needs this first.
    Needs(ObjectRequest),
    /// There are no more items.
    End,
}

/// Items that were read at once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Items {
    /// The items, in the order of the data set.
    pub items: Vec<Item>,
    /// There are no more.
    pub is_last: bool,
    /// Their size as JSON text.
    bytes: usize,
}

/// Bytes of the items that are read at once, and one item more.
const BYTES_AT_ONCE: usize = 1 << 20;

/// Reads a data set.
#[derive(Debug)]
pub struct ItemReader {
    reader: Reader,
    /// Items that are still to be passed by.
    skip: u64,
}

#[derive(Debug)]
enum Reader {
    Items { items: Collection, next: usize, source: Arc<str> },
    Object(ObjectReader),
    List(ListReader),
    Manifest(ManifestReader),
}

impl ItemReader {
    /// A reader at the beginning of a data set.
    pub fn new(dataset: &Dataset) -> Result<Self, ReadError> {
        let reader = match dataset {
            Dataset::Items(items) => Reader::Items { items: items.clone(), next: 0, source: "STATE_DATA".into() },
            Dataset::Object { location, format } => Reader::Object(ObjectReader::new(location.clone(), format)?),
            Dataset::Listing { bucket, prefix, flatten } => {
                Reader::List(ListReader::new(bucket.clone(), prefix.clone(), flatten.clone())?)
            }
            Dataset::InventoryManifest(location) => Reader::Manifest(ManifestReader::inventory(location.clone())),
            Dataset::AthenaManifest { location, format } => {
                Reader::Manifest(ManifestReader::athena(location.clone(), format.clone())?)
            }
        };
        Ok(ItemReader { reader, skip: 0 })
    }

    /// The same reader, which passes by the first `items`: for a run that has had them.
    pub fn skipping(self, items: u64) -> Self {
        ItemReader { skip: items, ..self }
    }

    /// The next items, at most so many and not many more than a megabyte of them; `ask` answers what is needed for them.
    ///
    /// At least one comes unless there are none.
    pub fn read(
        &mut self,
        most: u32,
        mut ask: impl FnMut(&ObjectRequest) -> Result<ObjectAnswer, ObjectError>,
    ) -> Result<Items, ReadError> {
        let mut items = Items::default();
        while let Some(request) = self.gather(most, &mut items)? {
            self.answer(ask(&request)?)?;
        }
        Ok(items)
    }

    /// The same for a driver that has the answers later: adds items to `items`, and says what is needed to go on; `None`
    /// when there is nothing to add any more.
    pub fn gather(&mut self, most: u32, items: &mut Items) -> Result<Option<ObjectRequest>, ReadError> {
        while items.items.len() < most as usize && items.bytes < BYTES_AT_ONCE {
            match self.poll()? {
                Next::Item(item) => {
                    items.bytes = items.bytes.saturating_add(item.value.json_size());
                    items.items.push(item);
                }
                Next::End => {
                    items.is_last = true;
                    return Ok(None);
                }
                Next::Needs(request) => return Ok(Some(request)),
            }
        }
        Ok(None)
    }

    /// The next item, or what is needed to have it.
    pub fn poll(&mut self) -> Result<Next, ReadError> {
        loop {
            match self.next()? {
                Next::Item(_) if self.skip > 0 => self.skip -= 1,
                next => return Ok(next),
            }
        }
    }

    fn next(&mut self) -> Result<Next, ReadError> {
        match &mut self.reader {
            Reader::Items { items, next, source } => Ok(match items.get(*next) {
                None => Next::End,
                Some((key, value)) => {
                    *next += 1;
                    Next::Item(Item { value: value.clone(), key: key.cloned(), source: source.clone() })
                }
            }),
            Reader::Object(reader) => reader.poll(),
            Reader::List(reader) => reader.poll(),
            Reader::Manifest(reader) => reader.poll(),
        }
    }

    /// Takes in the answer to what [`ItemReader::poll`] asked for.
    pub fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        match &mut self.reader {
            Reader::Items { .. } => Ok(()),
            Reader::Object(reader) => reader.answer(answer),
            Reader::List(reader) => reader.answer(answer),
            Reader::Manifest(reader) => reader.answer(answer),
        }
    }
}

/// What a decoder finds in the bytes of an object.
type Found = VecDeque<(Option<Arc<str>>, Value)>;

/// The decoders of the formats: bytes in, items out, whatever the pieces are cut like.
#[derive(Debug)]
enum Decoder {
    Json(JsonDecoder),
    JsonLines(JsonLinesDecoder),
    Csv(CsvDecoder),
}

impl Decoder {
    fn new(format: &Format) -> Result<Self, ReadError> {
        Ok(match format {
            Format::Json { pointer } => Decoder::Json(JsonDecoder::new(pointer.as_deref())),
            Format::JsonLines => Decoder::JsonLines(JsonLinesDecoder::default()),
            Format::Csv(format) => Decoder::Csv(CsvDecoder::new(format)?),
            Format::Parquet => {
                let cause = "This build cannot read objects of the input type PARQUET: it lacks the feature `parquet`.";
                return Err(ReadError::new(cause));
            }
        })
    }

    fn feed(&mut self, bytes: &[u8], found: &mut Found) -> Result<(), ReadError> {
        match self {
            Decoder::Json(decoder) => decoder.feed(bytes, found),
            Decoder::JsonLines(decoder) => decoder.feed(bytes, found),
            Decoder::Csv(decoder) => decoder.feed(bytes, found),
        }
    }

    fn finish(&mut self, found: &mut Found) -> Result<(), ReadError> {
        match self {
            Decoder::Json(decoder) => decoder.finish(),
            Decoder::JsonLines(decoder) => decoder.finish(found),
            Decoder::Csv(decoder) => decoder.finish(found),
        }
    }

    /// True when the rest of the object does not matter.
    fn is_done(&self) -> bool {
        matches!(self, Decoder::Json(decoder) if decoder.is_done())
    }
}

/// The text of an item.
fn text(bytes: &[u8]) -> Result<&str, ReadError> {
    std::str::from_utf8(bytes).map_err(|_| ReadError::new("The object is not encoded in UTF-8."))
}

fn json_value(bytes: &[u8], number: u64) -> Result<Value, ReadError> {
    let limits = sfn_asl::value::Limits { bytes: ITEM_BYTES, ..Default::default() };
    Value::parse_within(text(bytes)?, &limits)
        .map_err(|error| ReadError::new(format!("Item {number} of the object is not valid JSON: {error}")))
}

fn too_large(number: u64) -> ReadError {
    ReadError::new(format!("Item {number} of the object is larger than {ITEM_BYTES} bytes."))
}
