use std::sync::Arc;

use super::{Decoder, Format, Found, Item, Next, ReadError};
use crate::object_store::{ObjectAnswer, ObjectLocation, ObjectRequest};

/// Bytes that gzip objects begin with.
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// Bytes that zstd objects begin with.
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// Reads the items of one object.
#[derive(Debug)]
pub(super) struct ObjectReader {
    location: ObjectLocation,
    source: Arc<str>,
    decoder: Decoder,
    offset: u64,
    is_read: bool,
    found: Found,
}

impl ObjectReader {
    pub(super) fn new(location: ObjectLocation, format: &Format) -> Result<Self, ReadError> {
        let source = format!("S3://{}/{}", location.bucket, location.key).into();
        let decoder = Decoder::new(format)?;
        Ok(ObjectReader { location, source, decoder, offset: 0, is_read: false, found: Found::new() })
    }

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        if let Some((key, value)) = self.found.pop_front() {
            return Ok(Next::Item(Item { value, key, source: self.source.clone() }));
        }
        if self.is_read || self.decoder.is_done() {
            return Ok(Next::End);
        }
        Ok(Next::Needs(ObjectRequest::Get { location: self.location.clone(), offset: self.offset }))
    }

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        let ObjectAnswer::Piece { bytes, is_last } = answer else {
            return Err(ReadError::new("The store answered with a list where an object was asked for."));
        };
        if self.offset == 0 && (bytes.starts_with(&GZIP) || bytes.starts_with(&ZSTD)) {
            let ObjectLocation { bucket, key, .. } = &self.location;
            let cause = format!("Compressed objects cannot be read yet: s3://{bucket}/{key}");
            return Err(ReadError::new(cause));
        }
        if bytes.is_empty() && !is_last {
            return Err(ReadError::new("The store answered with an empty piece of an object that goes on."));
        }
        self.offset += bytes.len() as u64;
        self.decoder.feed(&bytes, &mut self.found)?;
        if is_last && !self.decoder.is_done() {
            self.decoder.finish(&mut self.found)?;
        }
        self.is_read = is_last;
        Ok(())
    }
}
