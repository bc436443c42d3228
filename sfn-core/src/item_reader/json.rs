use std::sync::Arc;

use super::{Found, ITEM_BYTES, ReadError, json_value, text, too_large};

/// A JSON document whose items are those of an array, or the members of an object: of the document itself, or of what a
/// pointer (RFC 6901) selects in it. It is split into items as it streams by; only the items are parsed.
///
/// An object is iterated over only where a pointer selects it (the empty one selects the document): without one, AWS was
/// recorded to refuse it.
#[derive(Debug)]
pub(super) struct JsonDecoder {
    pointer: Option<Vec<String>>,
    stage: Stage,
    /// Steps of the pointer that were taken.
    level: usize,
    /// Values of the array that the pointer goes through that were passed by.
    passed: u64,
    /// The key or the item that is being collected.
    text: Vec<u8>,
    key: Option<Arc<str>>,
    nesting: Nesting,
    items: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// A value comes that is on the way, or the target.
    Value,
    /// Within `[` or after `,` of an array on the way.
    Element,
    /// A key, or the end, of an object on the way; or of the target.
    Key,
    /// Within a key.
    InKey,
    /// Before the colon.
    Colon,
    /// A value is passed by.
    Skip,
    /// Items of the target array, or values of its members.
    Item,
    /// The target is over.
    Done,
}

/// How deep in a value a position is.
#[derive(Debug, Default)]
struct Nesting {
    depth: u32,
    in_text: bool,
    escaped: bool,
}

impl Nesting {
    /// True when the byte stands outside every bracket and text of the value.
    fn is_outside(&self) -> bool {
        self.depth == 0 && !self.in_text
    }

    fn take(&mut self, byte: u8) {
        if self.in_text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_text = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

impl JsonDecoder {
    pub(super) fn new(pointer: Option<&str>) -> Self {
        let steps =
            |text: &str| text.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~")).collect();
        JsonDecoder {
            pointer: pointer.map(steps),
            stage: Stage::Value,
            level: 0,
            passed: 0,
            text: Vec::new(),
            key: None,
            nesting: Nesting::default(),
            items: 0,
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.stage == Stage::Done
    }

    pub(super) fn feed(&mut self, bytes: &[u8], found: &mut Found) -> Result<(), ReadError> {
        for &byte in bytes {
            match self.stage {
                Stage::Done => return Ok(()),
                _ => self.take(byte, found)?,
            }
        }
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<(), ReadError> {
        if self.is_done() { Ok(()) } else { Err(ReadError::new("The JSON text of the object ends too early.")) }
    }

    fn take(&mut self, byte: u8, found: &mut Found) -> Result<(), ReadError> {
        match self.stage {
            Stage::Value => self.value(byte),
            Stage::Element => self.element(byte),
            Stage::Key => self.before_key(byte),
            Stage::InKey => self.in_key(byte),
            Stage::Colon => self.colon(byte),
            Stage::Skip => self.skip(byte),
            Stage::Item => self.item(byte, found),
            Stage::Done => Ok(()),
        }
    }

    /// The next step of the pointer; `None` in the target.
    fn step(&self) -> Option<&str> {
        self.pointer.as_ref()?.get(self.level).map(String::as_str)
    }

    fn value(&mut self, byte: u8) -> Result<(), ReadError> {
        if is_blank(byte) || (self.level == 0 && "\u{feff}".as_bytes().contains(&byte)) {
            return Ok(());
        }
        self.stage = match (byte, self.step()) {
            (b'[', None) => Stage::Item,
            (b'{', None) if self.pointer.is_some() => Stage::Key,
            (_, None) => return Err(ReadError::new("Attempting to map over non-iterable node.")),
            (b'[', Some(_)) => {
                self.passed = 0;
                Stage::Element
            }
            (b'{', Some(_)) => Stage::Key,
            (_, Some(_)) => return Err(self.not_found()),
        };
        Ok(())
    }

    fn element(&mut self, byte: u8) -> Result<(), ReadError> {
        if is_blank(byte) {
            return Ok(());
        }
        if byte == b']' {
            return Err(self.not_found());
        }
        if self.step() == Some(self.passed.to_string().as_str()) {
            self.level += 1;
            self.stage = Stage::Value;
            return self.value(byte);
        }
        self.stage = Stage::Skip;
        self.skip(byte)
    }

    fn before_key(&mut self, byte: u8) -> Result<(), ReadError> {
        match byte {
            b'"' => {
                self.text.clear();
                self.text.push(byte);
                self.nesting = Nesting { in_text: true, ..Nesting::default() };
                self.stage = Stage::InKey;
            }
            b'}' if self.step().is_none() => self.stage = Stage::Done,
            b'}' => return Err(self.not_found()),
            _ if is_blank(byte) => {}
            _ => return Err(ReadError::new("A key was expected in the JSON text of the object.")),
        }
        Ok(())
    }

    fn in_key(&mut self, byte: u8) -> Result<(), ReadError> {
        self.push(byte)?;
        self.nesting.take(byte);
        if self.nesting.is_outside() {
            let key = json_value(&self.text, self.items)?;
            self.key = key.as_str().map(Arc::from);
            self.text.clear();
            self.stage = Stage::Colon;
        }
        Ok(())
    }

    fn colon(&mut self, byte: u8) -> Result<(), ReadError> {
        if is_blank(byte) {
            return Ok(());
        }
        if byte != b':' {
            return Err(ReadError::new("A colon was expected in the JSON text of the object."));
        }
        self.stage = match self.step() {
            None => Stage::Item,
            Some(step) if self.key.as_deref() == Some(step) => {
                self.level += 1;
                self.key = None;
                Stage::Value
            }
            Some(_) => Stage::Skip,
        };
        Ok(())
    }

    /// Passes a value by that the pointer does not go through.
    fn skip(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.nesting.is_outside() {
            match byte {
                b',' => {
                    self.passed += 1;
                    self.stage = if self.key.take().is_some() { Stage::Key } else { Stage::Element };
                    return Ok(());
                }
                b']' | b'}' => return Err(self.not_found()),
                _ => {}
            }
        }
        self.nesting.take(byte);
        Ok(())
    }

    fn item(&mut self, byte: u8, found: &mut Found) -> Result<(), ReadError> {
        let is_member = self.key.is_some();
        let close = if is_member { b'}' } else { b']' };
        if !self.nesting.is_outside() || (byte != b',' && byte != close) {
            self.push(byte)?;
            self.nesting.take(byte);
            return Ok(());
        }
        let is_empty = text(&self.text)?.trim().is_empty();
        if !(is_empty && byte == close && self.items == 0 && !is_member) {
            found.push_back((self.key.take(), json_value(&self.text, self.items)?));
            self.items += 1;
        }
        self.text.clear();
        self.stage = match byte {
            b',' if is_member => Stage::Key,
            b',' => Stage::Item,
            _ => Stage::Done,
        };
        Ok(())
    }

    fn push(&mut self, byte: u8) -> Result<(), ReadError> {
        if self.text.len() >= ITEM_BYTES {
            return Err(too_large(self.items));
        }
        self.text.push(byte);
        Ok(())
    }

    fn not_found(&self) -> ReadError {
        let steps = self.pointer.iter().flatten().map(|step| format!("/{step}"));
        ReadError::new(format!("The ItemsPointer '{}' selects nothing in the object.", steps.collect::<String>()))
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
