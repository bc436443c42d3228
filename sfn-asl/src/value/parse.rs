//! JSON text in, without recursion, with the place of every value on request.

use std::ops::Range;

use super::{Array, Key, Number, Object, Text, Value};

/// Bounds that a JSON text must keep.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Longest text in bytes.
    pub bytes: usize,
    /// Deepest nesting of arrays and objects.
    pub depth: u32,
}

impl Default for Limits {
    /// 64 MiB, 100,000 levels: what a text of the largest payload quota can hold many times over.
    fn default() -> Self {
        Limits { bytes: 64 << 20, depth: 100_000 }
    }
}

/// Bytes from and to, in the text that was read.
pub type Span = Range<usize>;

/// Where every value and key of a document stands in its text.
///
/// The nodes stand in document order: a node's children follow it.
#[derive(Clone, Debug, Default)]
pub struct SpanTree {
    nodes: Vec<Node>,
    duplicates: Vec<(usize, Key, Span)>,
}

/// One value of a [`SpanTree`].
#[derive(Clone, Debug)]
pub struct Node {
    /// The value's own text.
    pub value: Span,
    /// The text of the key before it, quotes included; absent for items and for the document itself.
    pub key_span: Option<Span>,
    /// The key before it.
    pub key: Option<Key>,
    /// Number of nodes in this value, itself included.
    pub nodes: usize,
}

impl SpanTree {
    /// A tree of the given nodes, each followed by its children, and of the repeated keys: position of the object, key,
    /// and where the key stands again.
    pub fn new(nodes: Vec<Node>, duplicates: Vec<(usize, Key, Span)>) -> Self {
        SpanTree { nodes, duplicates }
    }

    /// The node at `position`; the document itself is at 0.
    pub fn node(&self, position: usize) -> Option<&Node> {
        self.nodes.get(position)
    }

    /// The position of the member `key` of the object at `position`; of a repeated key the last one, whose value counts.
    pub fn member(&self, position: usize, key: &str) -> Option<usize> {
        self.children(position).filter(|&child| self.nodes[child].key.as_deref() == Some(key)).last()
    }

    /// The position of the item `index` of the array at `position`.
    pub fn item(&self, position: usize, index: usize) -> Option<usize> {
        self.children(position).nth(index)
    }

    /// The positions of the direct children of the value at `position`.
    pub fn children(&self, position: usize) -> impl Iterator<Item = usize> + '_ {
        let end = self.nodes.get(position).map_or(position, |node| position + node.nodes);
        let mut next = position + 1;
        std::iter::from_fn(move || {
            (next < end).then(|| {
                let child = next;
                next += self.nodes[child].nodes.max(1);
                child
            })
        })
    }

    /// Keys that an object has more than once: position of the object, key, and the span of each repetition.
    pub fn duplicates(&self) -> &[(usize, Key, Span)] {
        &self.duplicates
    }
}

/// Why a text is not the JSON that was asked for, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind} at line {line}, column {column}")]
pub struct ParseError {
    /// What is wrong.
    pub kind: ParseErrorKind,
    /// Bytes before the fault.
    pub offset: usize,
    /// Line of the fault, from 1.
    pub line: usize,
    /// Column of the fault in characters, from 1.
    pub column: usize,
}

/// What is wrong with a JSON text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The text ends within a value.
    #[error("the text ends before the value does")]
    UnexpectedEnd,
    /// A bare word that is not `null`, `true` or `false`.
    #[error("unrecognized word `{0}`")]
    UnrecognizedToken(String),
    /// A character that cannot stand here.
    #[error("unexpected `{found}`, expected {expected}")]
    UnexpectedCharacter {
        /// The character.
        found: char,
        /// What could stand in its place.
        expected: &'static str,
    },
    /// A number that breaks the grammar of JSON.
    #[error("`{0}` is no JSON number")]
    InvalidNumber(String),
    /// A number beyond the range of a double.
    #[error("the number `{0}` is too large")]
    NumberOutOfRange(String),
    /// A backslash before a character that cannot be escaped.
    #[error("invalid escape in a string")]
    InvalidEscape,
    /// A control character in a string.
    #[error("control character in a string, write it as an escape")]
    ControlCharacter,
    /// More than white space after the value.
    #[error("unexpected text after the value")]
    TrailingText,
    /// Deeper than the limit.
    #[error("nested deeper than {0} levels")]
    TooDeep(u32),
    /// Longer than the limit.
    #[error("longer than {0} bytes")]
    TooLong(usize),
}

impl ParseError {
    /// The error `kind` at the byte `offset` of `text`.
    pub fn at(kind: ParseErrorKind, text: &str, offset: usize) -> Self {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let before = &text[..offset];
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |index| index + 1);
        ParseError { kind, offset, line, column: before[start..].chars().count() + 1 }
    }
}

pub(super) fn parse(text: &str, limits: &Limits) -> Result<Value, ParseError> {
    Parser::new(text, limits, Plain).document()
}

pub(super) fn parse_with_spans(text: &str, limits: &Limits) -> Result<(Value, SpanTree), ParseError> {
    let mut tree = SpanTree::default();
    let value = Parser::new(text, limits, &mut tree).document()?;
    Ok((value, tree))
}

/// What the parser tells of positions as it goes; the plain one is compiled away.
trait Recorder {
    /// A value begins; answers its position.
    fn begin(&mut self, start: usize, key: Option<(&Key, Span)>) -> usize;
    fn end(&mut self, position: usize, end: usize);
    fn duplicates(&mut self, position: usize, members: &[(Key, Value)]);
}

struct Plain;

impl Recorder for Plain {
    fn begin(&mut self, _: usize, _: Option<(&Key, Span)>) -> usize {
        0
    }
    fn end(&mut self, _: usize, _: usize) {}
    fn duplicates(&mut self, _: usize, _: &[(Key, Value)]) {}
}

impl Recorder for &mut SpanTree {
    fn begin(&mut self, start: usize, key: Option<(&Key, Span)>) -> usize {
        let (key, key_span) = key.map(|(key, span)| (key.clone(), span)).unzip();
        self.nodes.push(Node { value: start..start, key_span, key, nodes: 1 });
        self.nodes.len() - 1
    }

    fn end(&mut self, position: usize, end: usize) {
        let count = self.nodes.len() - position;
        let node = &mut self.nodes[position];
        node.value.end = end;
        node.nodes = count;
    }

    fn duplicates(&mut self, position: usize, members: &[(Key, Value)]) {
        let mut seen = std::collections::HashSet::with_capacity(members.len());
        if members.iter().all(|(key, _)| seen.insert(key.clone())) {
            return;
        }
        seen.clear();
        let children: Vec<usize> = self.children(position).collect();
        for child in children {
            let node = &self.nodes[child];
            if let (Some(key), Some(span)) = (node.key.clone(), node.key_span.clone())
                && !seen.insert(key.clone())
            {
                self.duplicates.push((position, key, span));
            }
        }
    }
}

struct Parser<'a, R> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    limits: &'a Limits,
    recorder: R,
}

/// A container whose closing bracket has not come yet.
enum Open {
    Array(Vec<Value>, usize),
    Object(Vec<(Key, Value)>, Key, usize),
}

impl<'a, R: Recorder> Parser<'a, R> {
    fn new(text: &'a str, limits: &'a Limits, recorder: R) -> Self {
        Parser { text, bytes: text.as_bytes(), at: 0, limits, recorder }
    }

    fn document(mut self) -> Result<Value, ParseError> {
        if self.text.len() > self.limits.bytes {
            return Err(self.error(ParseErrorKind::TooLong(self.limits.bytes)));
        }
        let mut open: Vec<Open> = Vec::new();
        let mut key: Option<(Key, Span)> = None;
        loop {
            // A value stands here.
            self.blank();
            let position = self.recorder.begin(self.at, key.as_ref().map(|(key, span)| (key, span.clone())));
            let mut value = match self.peek() {
                Some(b'[') => {
                    self.at += 1;
                    self.check_depth(open.len())?;
                    self.blank();
                    if self.peek() != Some(b']') {
                        open.push(Open::Array(Vec::new(), position));
                        key = None;
                        continue;
                    }
                    self.at += 1;
                    Value::Array(Array::default())
                }
                Some(b'{') => {
                    self.at += 1;
                    self.check_depth(open.len())?;
                    self.blank();
                    if self.peek() != Some(b'}') {
                        let next = self.key()?;
                        open.push(Open::Object(Vec::new(), next.0.clone(), position));
                        key = Some(next);
                        continue;
                    }
                    self.at += 1;
                    Value::Object(Object::default())
                }
                _ => self.scalar()?,
            };
            self.recorder.end(position, self.at);
            // The value is complete: close what closes after it.
            loop {
                self.blank();
                match open.pop() {
                    None => {
                        if self.at < self.bytes.len() {
                            return Err(self.error(ParseErrorKind::TrailingText));
                        }
                        return Ok(value);
                    }
                    Some(Open::Array(mut items, position)) => {
                        items.push(value);
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                open.push(Open::Array(items, position));
                                key = None;
                                break;
                            }
                            Some(b']') => {
                                self.at += 1;
                                self.recorder.end(position, self.at);
                                value = Value::Array(Array::from(items));
                            }
                            _ => return Err(self.unexpected("`,` or `]`")),
                        }
                    }
                    Some(Open::Object(mut members, name, position)) => {
                        members.push((name, value));
                        match self.peek() {
                            Some(b',') => {
                                self.at += 1;
                                self.blank();
                                let next = self.key()?;
                                open.push(Open::Object(members, next.0.clone(), position));
                                key = Some(next);
                                break;
                            }
                            Some(b'}') => {
                                self.at += 1;
                                self.recorder.end(position, self.at);
                                self.recorder.duplicates(position, &members);
                                value = Value::Object(members.into_iter().collect());
                            }
                            _ => return Err(self.unexpected("`,` or `}`")),
                        }
                    }
                }
            }
        }
    }

    fn check_depth(&self, open: usize) -> Result<(), ParseError> {
        if open >= self.limits.depth as usize {
            return Err(ParseError::at(ParseErrorKind::TooDeep(self.limits.depth), self.text, self.at - 1));
        }
        Ok(())
    }

    fn key(&mut self) -> Result<(Key, Span), ParseError> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("a key in double quotes"));
        }
        let start = self.at;
        let key = self.string()?;
        let span = start..self.at;
        self.blank();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("`:`"));
        }
        self.at += 1;
        Ok((key.into(), span))
    }

    fn scalar(&mut self) -> Result<Value, ParseError> {
        match self.peek() {
            None => Err(self.error(ParseErrorKind::UnexpectedEnd)),
            Some(b'"') => Ok(Value::String(Text::from(self.string()?))),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(_) if self.text[self.at..].starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$') => {
                self.word()
            }
            Some(_) => Err(self.unexpected("a value")),
        }
    }

    fn word(&mut self) -> Result<Value, ParseError> {
        let rest = &self.text[self.at..];
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')).unwrap_or(rest.len());
        let word = &rest[..length.max(rest.chars().next().map_or(0, char::len_utf8))];
        let value = match word {
            "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err(self.error(ParseErrorKind::UnrecognizedToken(word.chars().take(256).collect()))),
        };
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let rest = &self.text[self.at..];
        let length =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'))).unwrap_or(rest.len());
        let text = &rest[..length];
        match Number::from_text(text) {
            Some(number) => {
                self.at += length;
                Ok(Value::Number(number))
            }
            None => {
                let shown: String = text.chars().take(64).collect();
                let huge =
                    text.parse::<f64>().is_ok_and(f64::is_infinite) && text.ends_with(|c: char| c.is_ascii_digit());
                Err(self.error(if huge {
                    ParseErrorKind::NumberOutOfRange(shown)
                } else {
                    ParseErrorKind::InvalidNumber(shown)
                }))
            }
        }
    }

    /// The string that begins here, its quotes consumed.
    fn string(&mut self) -> Result<String, ParseError> {
        self.at += 1;
        let mut out = String::new();
        let mut start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.error(ParseErrorKind::UnexpectedEnd)),
                Some(b'"') => {
                    out.push_str(&self.text[start..self.at]);
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    out.push_str(&self.text[start..self.at]);
                    out.push(self.escape()?);
                    start = self.at;
                }
                Some(0x00..0x20) => return Err(self.error(ParseErrorKind::ControlCharacter)),
                Some(_) => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Result<char, ParseError> {
        let letter = *self.bytes.get(self.at + 1).ok_or_else(|| self.error(ParseErrorKind::UnexpectedEnd))?;
        let plain = match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let first = self.hex(self.at + 2)?;
                self.at += 6;
                if !(0xD800..0xDC00).contains(&first) {
                    // A lone low half is no character; it is read as the replacement character.
                    return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                if self.bytes.get(self.at) == Some(&b'\\') && self.bytes.get(self.at + 1) == Some(&b'u') {
                    let second = self.hex(self.at + 2)?;
                    if (0xDC00..0xE000).contains(&second) {
                        self.at += 6;
                        let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                        return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    }
                }
                return Ok(char::REPLACEMENT_CHARACTER);
            }
            _ => return Err(self.error(ParseErrorKind::InvalidEscape)),
        };
        self.at += 2;
        Ok(plain)
    }

    fn hex(&self, at: usize) -> Result<u32, ParseError> {
        let digits = self.bytes.get(at..at + 4).ok_or_else(|| self.error(ParseErrorKind::UnexpectedEnd))?;
        digits.iter().try_fold(0, |code, &byte| {
            (byte as char)
                .to_digit(16)
                .map(|digit| code << 4 | digit)
                .ok_or_else(|| self.error(ParseErrorKind::InvalidEscape))
        })
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn unexpected(&self, expected: &'static str) -> ParseError {
        match self.text[self.at..].chars().next() {
            Some(found) => self.error(ParseErrorKind::UnexpectedCharacter { found, expected }),
            None => self.error(ParseErrorKind::UnexpectedEnd),
        }
    }

    fn error(&self, kind: ParseErrorKind) -> ParseError {
        ParseError::at(kind, self.text, self.at)
    }
}
