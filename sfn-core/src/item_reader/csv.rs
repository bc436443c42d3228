use std::collections::HashSet;
use std::sync::Arc;

use sfn_asl::definition::CsvDelimiter;
use sfn_asl::value::{ObjectBuilder, Value};

use super::{CsvFormat, Found, Header, ITEM_BYTES, ReadError, text, too_large};

/// CSV as AWS reads it: every value is a text; rows that are short are filled up with empty texts, columns that have no
/// name are dropped. `""` is a quote, within quotes and outside. A backslash takes its meaning from a backslash, a quote
/// or a delimiter; before any other character it is dropped. Empty lines are no rows, lines of blanks are.
#[derive(Debug)]
pub(super) struct CsvDecoder {
    delimiter: u8,
    /// The names of the columns, once they are known.
    names: Option<Vec<Arc<str>>>,
    rows: u64,
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
    place: Place,
    escaped: bool,
    /// Bytes of the row so far.
    bytes: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A field may begin.
    Start,
    Plain,
    Quoted,
    /// After a quote within quotes: the end of the field, or a quote.
    Quote,
    /// After a quote outside quotes.
    PlainQuote,
}

impl CsvDecoder {
    pub(super) fn new(format: &CsvFormat) -> Result<Self, ReadError> {
        let names = match &format.header {
            Header::FirstRow => None,
            Header::Given(names) => Some(distinct(names.clone())?),
        };
        Ok(CsvDecoder {
            delimiter: match format.delimiter {
                CsvDelimiter::Comma => b',',
                CsvDelimiter::Pipe => b'|',
                CsvDelimiter::Semicolon => b';',
                CsvDelimiter::Space => b' ',
                CsvDelimiter::Tab => b'\t',
            },
            names,
            rows: 0,
            fields: Vec::new(),
            field: Vec::new(),
            place: Place::Start,
            escaped: false,
            bytes: 0,
        })
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) -> Result<(), ReadError> {
        for &byte in bytes {
            self.take(byte, found)?;
        }
        Ok(())
    }

    pub(super) fn finish(&mut self, found: &mut Found) -> Result<(), ReadError> {
        if self.bytes > 0 { self.end_row(found) } else { Ok(()) }
    }

    fn take(&mut self, byte: u8, found: &mut Found) -> Result<(), ReadError> {
        if byte == b'\n' && self.place != Place::Quoted {
            return self.end_row(found);
        }
        self.bytes += 1;
        if self.bytes > ITEM_BYTES {
            return Err(too_large(self.rows));
        }
        // A backslash before anything but these is dropped.
        if std::mem::take(&mut self.escaped) && (byte == b'\\' || byte == b'"' || byte == self.delimiter) {
            self.field.push(byte);
            return Ok(());
        }
        match (self.place, byte) {
            (Place::Start, b'"') => self.place = Place::Quoted,
            (Place::Quoted, b'"') => self.place = Place::Quote,
            (Place::Quote, b'"') => {
                self.field.push(b'"');
                self.place = Place::Quoted;
            }
            (Place::Plain, b'"') => self.place = Place::PlainQuote,
            (Place::PlainQuote, b'"') => {
                self.field.push(b'"');
                self.place = Place::Plain;
            }
            (Place::Quoted, b'\\') => self.escaped = true,
            (Place::Quoted, _) => self.field.push(byte),
            (_, byte) if byte == self.delimiter => self.end_field(),
            (_, _) => {
                if self.place == Place::PlainQuote {
                    self.field.push(b'"');
                }
                self.place = Place::Plain;
                if byte == b'\\' {
                    self.escaped = true;
                } else {
                    self.field.push(byte);
                }
            }
        }
        Ok(())
    }

    fn end_field(&mut self) {
        if self.place == Place::PlainQuote {
            self.field.push(b'"');
        }
        self.fields.push(std::mem::take(&mut self.field));
        self.place = Place::Start;
    }

    fn end_row(&mut self, found: &mut Found) -> Result<(), ReadError> {
        // A line may end in CR LF.
        if self.place != Place::Quoted && self.field.last() == Some(&b'\r') {
            self.field.pop();
            self.bytes -= 1;
        }
        let is_empty = std::mem::take(&mut self.bytes) == 0;
        self.escaped = false;
        self.end_field();
        let fields = std::mem::take(&mut self.fields);
        if is_empty {
            return Ok(());
        }
        let mut texts = Vec::with_capacity(fields.len());
        for (index, field) in fields.iter().enumerate() {
            let field = text(field)?;
            let mark = self.rows == 0 && index == 0;
            texts.push(field.strip_prefix('\u{feff}').filter(|_| mark).unwrap_or(field));
        }
        self.rows += 1;
        match &self.names {
            None => self.names = Some(distinct(texts.into_iter().map(Arc::from).collect())?),
            Some(names) => {
                let mut row = ObjectBuilder::with_capacity(names.len());
                for (index, name) in names.iter().enumerate() {
                    row.insert(name.clone(), texts.get(index).copied().unwrap_or_default());
                }
                found.push_back((None, Value::Object(row.build())));
            }
        }
        Ok(())
    }
}

fn distinct(names: Vec<Arc<str>>) -> Result<Vec<Arc<str>>, ReadError> {
    let mut known = HashSet::new();
    if names.iter().all(|name| known.insert(name.clone())) {
        Ok(names)
    } else {
        Err(ReadError::new("CSV headers cannot contain duplicates."))
    }
}
