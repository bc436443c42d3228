//! Zstd, a block at a time: what a block becomes is in memory together, 128 KiB at most.

use ruzstd::decoding::FrameDecoder;

use crate::item_reader::ReadError;

/// Bytes before which the decoder may refer to text: what compressors make, but for their `--long` and `--ultra` modes.
const WINDOW: u64 = 32 << 20;
/// Most bytes of a frame's header.
const FRAME_HEADER: usize = 18;
const BLOCK_HEADER: usize = 3;
const CHECKSUM: usize = 4;
/// A frame that holds no text: its magic number but for the last four bits, and the bytes before its length.
const SKIPPABLE: u32 = 0x184D_2A50;

pub(in crate::item_reader) struct ZstdDecoder {
    decoder: FrameDecoder,
    /// Bytes that were not looked at, from `next` on.
    pending: Vec<u8>,
    next: usize,
    place: Place,
    /// No bytes come after these.
    is_last: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Frame,
    Block,
    Checksum,
    Skipped(usize),
}

impl Default for ZstdDecoder {
    fn default() -> Self {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        ZstdDecoder { decoder, pending: Vec::new(), next: 0, place: Place::Frame, is_last: false }
    }
}

impl ZstdDecoder {
    /// Takes in bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.pending.drain(..self.next);
        self.next = 0;
        self.pending.extend_from_slice(bytes);
    }

    /// The text of the next block; `None` when more bytes are needed for it.
    pub(super) fn next(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        loop {
            let rest = &self.pending[self.next..];
            match self.place {
                Place::Frame => {
                    let may_go_on = rest.is_empty() || !self.is_last;
                    if may_go_on && rest.len() < FRAME_HEADER {
                        return Ok(None);
                    }
                    let word =
                        |at: usize| rest.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
                    if let (Some(magic), Some(length)) = (word(0), word(4))
                        && magic & !0xF == SKIPPABLE
                    {
                        self.next += 8;
                        self.place = Place::Skipped(length as usize);
                        continue;
                    }
                    let mut header = rest;
                    self.decoder.reset(&mut header).map_err(broken)?;
                    self.next = self.pending.len() - header.len();
                    self.place = Place::Block;
                }
                Place::Skipped(length) => {
                    let skipped = length.min(rest.len());
                    self.next += skipped;
                    if skipped < length {
                        self.place = Place::Skipped(length - skipped);
                        return Ok(None);
                    }
                    self.place = Place::Frame;
                }
                Place::Block => {
                    let Some(header) = rest.get(..BLOCK_HEADER) else { return Ok(None) };
                    let header = u32::from_le_bytes([header[0], header[1], header[2], 0]);
                    let (is_last, kind, size) = (header & 1 == 1, (header >> 1) & 3, (header >> 3) as usize);
                    // A block of repetitions has one byte, whatever it becomes.
                    let content = if kind == 1 { 1 } else { size };
                    let Some(block) = rest.get(..BLOCK_HEADER + content) else { return Ok(None) };
                    let (read, _) = self.decoder.decode_from_to(block, &mut []).map_err(broken)?;
                    if read != block.len() {
                        return Err(broken("a block is not what its header says"));
                    }
                    self.next += read;
                    if is_last {
                        self.place = if self.decoder.is_finished() { Place::Frame } else { Place::Checksum };
                    }
                    return Ok(self.decoder.collect().or_else(|| Some(Vec::new())));
                }
                Place::Checksum => {
                    let Some(checksum) = rest.get(..CHECKSUM) else { return Ok(None) };
                    self.decoder.decode_from_to(checksum, &mut []).map_err(broken)?;
                    self.next += CHECKSUM;
                    self.place = Place::Frame;
                    return Ok(self.decoder.collect().or_else(|| Some(Vec::new())));
                }
            }
        }
    }

    /// No bytes come any more: adds what is left, less than a header of a frame has, to `text`.
    pub(super) fn finish(&mut self, text: &mut Vec<u8>) -> Result<(), ReadError> {
        self.is_last = true;
        while let Some(block) = self.next()? {
            text.extend(block);
        }
        if self.place != Place::Frame || self.next < self.pending.len() {
            return Err(broken("it ends in the middle"));
        }
        Ok(())
    }
}

impl std::fmt::Debug for ZstdDecoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ZstdDecoder").field("place", &self.place).finish_non_exhaustive()
    }
}

fn broken(error: impl std::fmt::Display) -> ReadError {
    ReadError::new(format!("The object is no valid zstd: {error}"))
}
