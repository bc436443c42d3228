use std::sync::Arc;

use super::{Decoder, Format, Found, Item, Next, ReadError, encoding::Encoding};
use crate::object_store::{ObjectAnswer, ObjectLocation, ObjectRequest};

/// Bytes of a piece that are looked at at once: what comes of them is in memory together.
const SLICE: usize = 1 << 10;

/// Reads the items of one object.
#[derive(Debug)]
pub(super) struct ObjectReader {
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

impl ObjectReader {
    pub(super) fn new(location: ObjectLocation, format: &Format) -> Result<Self, ReadError> {
        let source = format!("S3://{}/{}", location.bucket, location.key).into();
        Ok(ObjectReader {
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

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        loop {
            if let Some((key, value)) = self.found.pop_front() {
                return Ok(Next::Item(Item { value, key, source: self.source.clone() }));
            }
            if self.is_finished || self.decoder.is_done() {
                return Ok(Next::End);
            }
            if self.looked_at < self.piece.len() {
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

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        let ObjectAnswer::Piece { bytes, is_last } = answer else {
            return Err(ReadError::new("The store answered with a list where an object was asked for."));
        };
        if bytes.is_empty() && !is_last {
            return Err(ReadError::new("The store answered with an empty piece of an object that goes on."));
        }
        self.offset += bytes.len() as u64;
        (self.piece, self.looked_at, self.is_last) = (bytes, 0, is_last);
        Ok(())
    }
}
