use super::{Found, ITEM_BYTES, ReadError, json_value, too_large};

/// JSON Lines: a value a line; blank lines are none.
#[derive(Debug, Default)]
pub(super) struct JsonLinesDecoder {
    /// The line that goes on in the next piece.
    line: Vec<u8>,
    items: u64,
}

impl JsonLinesDecoder {
    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) -> Result<(), ReadError> {
        let mut rest = bytes;
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (&rest[..end], &rest[end + 1..]);
            if self.line.is_empty() {
                self.line(line, found)?;
            } else {
                let mut whole = std::mem::take(&mut self.line);
                whole.extend_from_slice(line);
                self.line(&whole, found)?;
            }
            rest = after;
        }
        if self.line.len() + rest.len() > ITEM_BYTES {
            return Err(too_large(self.items));
        }
        self.line.extend_from_slice(rest);
        Ok(())
    }

    pub(super) fn finish(&mut self, found: &mut Found) -> Result<(), ReadError> {
        let line = std::mem::take(&mut self.line);
        self.line(&line, found)
    }

    fn line(&mut self, line: &[u8], found: &mut Found) -> Result<(), ReadError> {
        let is_first = self.items == 0;
        let line = line.strip_prefix("\u{feff}".as_bytes()).filter(|_| is_first).unwrap_or(line).trim_ascii();
        if !line.is_empty() {
            found.push_back((None, json_value(line, self.items)?));
            self.items += 1;
        }
        Ok(())
    }
}
