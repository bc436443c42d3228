use std::borrow::Cow;
use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::ReadError;

/// Bytes that gzip objects begin with.
const GZIP: [u8; 2] = [0x1F, 0x8B];
/// Bytes that zstd objects begin with.
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// How an object is compressed, which its first bytes tell. S3 inventories always come as gzip.
#[derive(Debug)]
pub(super) enum Encoding {
    /// The first bytes, as long as they are too few to tell.
    Unknown(Vec<u8>),
    Plain,
    Gzip(Box<MultiGzDecoder<Vec<u8>>>),
}

impl Default for Encoding {
    fn default() -> Self {
        Encoding::Unknown(Vec::new())
    }
}

impl Encoding {
    /// The text that comes of the next bytes. Gzip makes a thousand bytes of one at most.
    pub(super) fn decode<'a>(&mut self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ReadError> {
        match self {
            Encoding::Plain => Ok(Cow::Borrowed(bytes)),
            Encoding::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(broken)?;
                Ok(Cow::Owned(std::mem::take(decoder.get_mut())))
            }
            Encoding::Unknown(first) => {
                first.extend_from_slice(bytes);
                if first.len() < ZSTD.len() { Ok(Cow::Borrowed(&[])) } else { self.tell() }
            }
        }
    }

    /// What is left at the end of the object.
    pub(super) fn finish(&mut self) -> Result<Cow<'static, [u8]>, ReadError> {
        let mut text = match self {
            Encoding::Unknown(_) => self.tell()?.into_owned(),
            _ => Vec::new(),
        };
        if let Encoding::Gzip(decoder) = self {
            decoder.try_finish().map_err(broken)?;
            text.append(decoder.get_mut());
        }
        Ok(Cow::Owned(text))
    }

    /// Decides by the first bytes, and gives the text that comes of them.
    fn tell(&mut self) -> Result<Cow<'static, [u8]>, ReadError> {
        let Encoding::Unknown(first) = std::mem::replace(self, Encoding::Plain) else { return Ok(Cow::Borrowed(&[])) };
        if first.starts_with(&ZSTD) {
            return Err(ReadError::new("Objects compressed with zstd cannot be read yet; use gzip."));
        }
        if !first.starts_with(&GZIP) {
            return Ok(Cow::Owned(first));
        }
        *self = Encoding::Gzip(Box::new(MultiGzDecoder::new(Vec::new())));
        Ok(Cow::Owned(self.decode(&first)?.into_owned()))
    }
}

fn broken(error: std::io::Error) -> ReadError {
    ReadError::new(format!("The object is no valid gzip: {error}"))
}
