mod zstd;

use std::borrow::Cow;
use std::io::Write;

use flate2::write::MultiGzDecoder;

use super::ReadError;
use zstd::ZstdDecoder;

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
    Zstd(Box<ZstdDecoder>),
}

impl Default for Encoding {
    fn default() -> Self {
        Encoding::Unknown(Vec::new())
    }
}

impl Encoding {
    /// The text that comes of the next bytes, or the first of it: [`Encoding::more`] tells the rest.
    ///
    /// Gzip makes a thousand bytes of one at most.
    pub(super) fn decode<'a>(&mut self, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, ReadError> {
        match self {
            Encoding::Plain => Ok(Cow::Borrowed(bytes)),
            Encoding::Gzip(decoder) => {
                decoder.write_all(bytes).map_err(broken)?;
                Ok(Cow::Owned(std::mem::take(decoder.get_mut())))
            }
            Encoding::Zstd(decoder) => {
                decoder.take(bytes);
                Ok(Cow::Owned(decoder.next()?.unwrap_or_default()))
            }
            Encoding::Unknown(first) => {
                first.extend_from_slice(bytes);
                if first.len() < ZSTD.len() { Ok(Cow::Borrowed(&[])) } else { self.tell() }
            }
        }
    }

    /// More of the text of the bytes so far; `None` when there is none yet.
    pub(super) fn more(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        match self {
            Encoding::Zstd(decoder) => decoder.next(),
            Encoding::Unknown(_) | Encoding::Plain | Encoding::Gzip(_) => Ok(None),
        }
    }

    /// What is left at the end of the object, when there is no more.
    pub(super) fn finish(&mut self) -> Result<Cow<'static, [u8]>, ReadError> {
        let mut text = match self {
            Encoding::Unknown(_) => self.tell()?.into_owned(),
            _ => Vec::new(),
        };
        match self {
            Encoding::Gzip(decoder) => {
                decoder.try_finish().map_err(broken)?;
                text.append(decoder.get_mut());
            }
            Encoding::Zstd(decoder) => decoder.finish(&mut text)?,
            Encoding::Unknown(_) | Encoding::Plain => {}
        }
        Ok(Cow::Owned(text))
    }

    /// Decides by the first bytes, and gives the text that comes of them.
    fn tell(&mut self) -> Result<Cow<'static, [u8]>, ReadError> {
        let Encoding::Unknown(first) = std::mem::replace(self, Encoding::Plain) else { return Ok(Cow::Borrowed(&[])) };
        if first.starts_with(&ZSTD) {
            *self = Encoding::Zstd(Box::default());
        } else if first.starts_with(&GZIP) {
            *self = Encoding::Gzip(Box::new(MultiGzDecoder::new(Vec::new())));
        } else {
            return Ok(Cow::Owned(first));
        }
        Ok(Cow::Owned(self.decode(&first)?.into_owned()))
    }
}

fn broken(error: std::io::Error) -> ReadError {
    ReadError::new(format!("The object is no valid gzip: {error}"))
}
