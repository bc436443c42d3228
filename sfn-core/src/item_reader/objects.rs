use std::sync::Arc;

#[cfg(feature = "parquet")]
use super::parquet::ParquetReader;
use super::{Decoder, Format, Found, Item, Next, ReadError, encoding::Encoding};
use crate::object_store::{ObjectAnswer, ObjectLocation, ObjectRequest};

/// Bytes of a piece that are looked at at once: what comes of them is in memory together.
const SLICE: usize = 1 << 10;

/// Reads the items of one object.
#[derive(Debug)]
pub(super) enum ObjectReader {
    Text(Box<TextReader>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetReader>),
}

/// `Map.Item.Source` of the items of an object.
pub(super) fn source(location: &ObjectLocation) -> Arc<str> {
    format!("S3://{}/{}", location.bucket, location.key).into()
}

impl ObjectReader {
    /// Whether objects of this format can be read at all.
    pub(super) fn check(format: &Format) -> Result<(), ReadError> {
        match format {
            #[cfg(feature = "parquet")]
            Format::Parquet => Ok(()),
            format => Decoder::new(format).map(drop),
        }
    }

    pub(super) fn new(location: ObjectLocation, format: &Format) -> Result<Self, ReadError> {
        #[cfg(feature = "parquet")]
        if *format == Format::Parquet {
            return Ok(ObjectReader::Parquet(Box::new(ParquetReader::new(location)?)));
        }
        Ok(ObjectReader::Text(Box::new(TextReader::new(location, format)?)))
    }

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        match self {
            ObjectReader::Text(reader) => reader.poll(),
            #[cfg(feature = "parquet")]
            ObjectReader::Parquet(reader) => reader.poll(),
        }
    }

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        match self {
            ObjectReader::Text(reader) => reader.answer(answer),
            #[cfg(feature = "parquet")]
            ObjectReader::Parquet(reader) => reader.answer(answer),
        }
    }
}

/// An object of text, which may be compressed, read from its beginning to its end.
#[derive(Debug)]
pub(super) struct TextReader {
    location: ObjectLocation,
    source: Arc<str>,
    encoding: Encoding,
    decoder: Decoder,
    /// Where the next piece begins.
    offset: u64,
    piece: Vec<u8>,
    /// How much of the piece was looked at.
    looked_at: usize,
    /// No piece comes after this one.
    is_last: bool,
    is_finished: bool,
    found: Found,
}

impl TextReader {
    fn new(location: ObjectLocation, format: &Format) -> Result<Self, ReadError> {
        let source = source(&location);
        Ok(TextReader {
            location,
            source,
            encoding: Encoding::default(),
            decoder: Decoder::new(format)?,
            offset: 0,
            piece: Vec::new(),
            looked_at: 0,
            is_last: false,
            is_finished: false,
            found: Found::new(),
        })
    }

    fn poll(&mut self) -> Result<Next, ReadError> {
        loop {
            if let Some((key, value)) = self.found.pop_front() {
                return Ok(Next::Item(Item { value, key, source: self.source.clone() }));
            }
            if self.is_finished || self.decoder.is_done() {
                return Ok(Next::End);
            }
            if let Some(text) = self.encoding.more()? {
                self.decoder.feed(&text, &mut self.found)?;
            } else if self.looked_at < self.piece.len() {
                let end = self.piece.len().min(self.looked_at + SLICE);
                let text = self.encoding.decode(&self.piece[self.looked_at..end])?;
                self.looked_at = end;
                self.decoder.feed(&text, &mut self.found)?;
            } else if self.is_last {
                let text = self.encoding.finish()?;
                self.decoder.feed(&text, &mut self.found)?;
                if !self.decoder.is_done() {
                    self.decoder.finish(&mut self.found)?;
                }
                self.is_finished = true;
            } else {
                return Ok(Next::Needs(ObjectRequest::Get { location: self.location.clone(), offset: self.offset }));
            }
        }
    }

    fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        let (bytes, is_last) = piece(answer)?;
        self.offset += bytes.len() as u64;
        (self.piece, self.looked_at, self.is_last) = (bytes, 0, is_last);
        Ok(())
    }
}

/// The bytes of a piece, and whether it is the last.
pub(super) fn piece(answer: ObjectAnswer) -> Result<(Vec<u8>, bool), ReadError> {
    match answer {
        ObjectAnswer::Piece { bytes, is_last: false } if bytes.is_empty() => {
            Err(ReadError::new("The store answered with an empty piece of an object that goes on."))
        }
        ObjectAnswer::Piece { bytes, is_last } => Ok((bytes, is_last)),
        _ => Err(ReadError::new("The store answered with something else where a piece of an object was asked for.")),
    }
}
