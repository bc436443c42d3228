//! Tokens of an expression.

use super::failure::{Failure, Outcome};

/// A token and where it starts.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) position: u32,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum TokenKind {
    /// A field name, plain or in backquotes.
    Name(Box<str>),
    /// `$name`, without the `$`.
    Variable(Box<str>),
    String(Box<str>),
    Number(f64),
    /// `true`, `false`, `null`
    True,
    False,
    Null,
    /// Pattern and flags.
    Regex(Box<str>, Box<str>),
    /// An operator or a bracket; `and`, `or` and `in` among them.
    Operator(&'static str),
    End,
}

impl TokenKind {
    /// How messages show the token: JSON text.
    pub(super) fn shown(&self) -> String {
        match self {
            TokenKind::Name(text) | TokenKind::Variable(text) | TokenKind::String(text) => super::failure::quoted(text),
            TokenKind::Number(number) => super::item::number_text(*number),
            TokenKind::True => "true".into(),
            TokenKind::False => "false".into(),
            TokenKind::Null => "null".into(),
            TokenKind::Regex(..) => "{}".into(),
            TokenKind::Operator(text) => super::failure::quoted(text),
            TokenKind::End => "\"(end)\"".into(),
        }
    }

    /// The token as it stands in a function signature.
    pub(super) fn raw(&self) -> String {
        match self {
            TokenKind::Name(text) | TokenKind::Variable(text) | TokenKind::String(text) => text.to_string(),
            TokenKind::Operator(text) => (*text).to_owned(),
            _ => self.shown(),
        }
    }
}

const DOUBLE: [&str; 9] = ["..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"];

const SINGLE: [&str; 26] = [
    ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+", "-", "*", "/", "%", "|", "=", "<", ">", "^",
    "&", "!", "~",
];

/// Reads tokens one after the other.
pub(super) struct Lexer<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Lexer { text, position: 0 }
    }

    fn rest(&self) -> &'a str {
        &self.text[self.position..]
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    fn fail<T>(&self, code: &'static str, position: usize) -> Outcome<T> {
        Err(Failure::at(code, place(position)))
    }

    /// The next token. Where an operator is due (`infix`), `/` divides; elsewhere it begins a regular expression.
    pub(super) fn next(&mut self, infix: bool) -> Outcome<Token> {
        loop {
            while self.byte(0).is_some_and(is_blank) {
                self.position += 1;
            }
            if !self.rest().starts_with("/*") {
                break;
            }
            match self.rest()[2..].find("*/") {
                Some(length) => self.position += length + 4,
                None => return self.fail("S0106", self.position),
            }
        }
        let start = self.position;
        let kind = self.token(infix)?;
        Ok(Token { kind, position: place(start) })
    }

    fn token(&mut self, infix: bool) -> Outcome<TokenKind> {
        let Some(first) = self.byte(0) else { return Ok(TokenKind::End) };
        if first == b'/' && !infix {
            self.position += 1;
            return self.regex();
        }
        for operator in DOUBLE.into_iter().chain(SINGLE) {
            if self.rest().starts_with(operator) {
                self.position += operator.len();
                return Ok(TokenKind::Operator(operator));
            }
        }
        match first {
            b'"' | b'\'' => self.string(first),
            b'0'..=b'9' => self.number(),
            b'`' => {
                let name = &self.rest()[1..];
                match name.find('`') {
                    Some(length) => {
                        self.position += length + 2;
                        Ok(TokenKind::Name(name[..length].into()))
                    }
                    None => self.fail("S0105", self.position),
                }
            }
            _ => Ok(self.name()),
        }
    }

    fn name(&mut self) -> TokenKind {
        let rest = self.rest();
        let length = rest.bytes().position(|byte| is_blank(byte) || is_operator(byte)).unwrap_or(rest.len());
        self.position += length;
        let name = &rest[..length];
        match name {
            "or" => TokenKind::Operator("or"),
            "in" => TokenKind::Operator("in"),
            "and" => TokenKind::Operator("and"),
            "true" => TokenKind::True,
            "false" => TokenKind::False,
            "null" => TokenKind::Null,
            _ => match name.strip_prefix('$') {
                Some(variable) => TokenKind::Variable(variable.into()),
                None => TokenKind::Name(name.into()),
            },
        }
    }

    fn number(&mut self) -> Outcome<TokenKind> {
        let bytes = self.rest().as_bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = if bytes[0] == b'0' { 1 } else { digits(0) };
        if bytes.get(length) == Some(&b'.') {
            let fraction = digits(length + 1);
            if fraction > 0 {
                length += 1 + fraction;
            }
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let exponent = if length + 1 + sign < bytes.len() { digits(length + 1 + sign) } else { 0 };
            if exponent > 0 {
                length += 1 + sign + exponent;
            }
        }
        let text = &self.rest()[..length];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => {
                self.position += length;
                Ok(TokenKind::Number(number))
            }
            _ => Err(Failure::at("S0102", place(self.position)).token(text)),
        }
    }

    fn string(&mut self, quote: u8) -> Outcome<TokenKind> {
        let start = self.position;
        self.position += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let Some(plain) = rest.bytes().position(|byte| byte == quote || byte == b'\\') else {
                return self.fail("S0101", start);
            };
            out.push_str(&rest[..plain]);
            self.position += plain;
            if self.byte(0) == Some(quote) {
                self.position += 1;
                return Ok(TokenKind::String(out.into()));
            }
            self.position += 1;
            let escaped = self.rest().chars().next();
            match escaped {
                Some('"') => out.push('"'),
                Some('\\') => out.push('\\'),
                Some('/') => out.push('/'),
                Some('b') => out.push('\u{8}'),
                Some('f') => out.push('\u{c}'),
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('u') => {
                    let unit = self.hex(1)?;
                    self.position += 4;
                    let mut character = char::from_u32(unit);
                    if (0xD800..0xDC00).contains(&unit) && self.rest()[1..].starts_with("\\u") {
                        let low = self.hex(3)?;
                        if (0xDC00..0xE000).contains(&low) {
                            character = char::from_u32(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00));
                            self.position += 6;
                        }
                    }
                    out.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                Some(other) => {
                    let mut buffer = [0; 4];
                    return Err(Failure::at("S0103", place(self.position)).token(other.encode_utf8(&mut buffer)));
                }
                None => return self.fail("S0101", start),
            }
            self.position += escaped.map_or(0, char::len_utf8);
        }
    }

    /// The four hex digits that stand `ahead` bytes from here.
    fn hex(&self, ahead: usize) -> Outcome<u32> {
        let digits = self.text.as_bytes().get(self.position + ahead..self.position + ahead + 4);
        match digits {
            Some(digits) if digits.iter().all(u8::is_ascii_hexdigit) => {
                let text = str::from_utf8(digits).expect("hex digits are ASCII");
                Ok(u32::from_str_radix(text, 16).expect("four hex digits are a number"))
            }
            _ => self.fail("S0104", self.position),
        }
    }

    /// The rest of a regular expression: the `/` that ends it stands outside of brackets and is not escaped.
    fn regex(&mut self) -> Outcome<TokenKind> {
        let start = self.position;
        let bytes = self.text.as_bytes();
        let mut depth = 0i64;
        let mut escaped = false;
        while let Some(byte) = self.byte(0) {
            let after_backslash = self.position > 0 && bytes[self.position - 1] == b'\\';
            match byte {
                b'/' if depth == 0 && !escaped => {
                    let pattern = &self.text[start..self.position];
                    if pattern.is_empty() {
                        return self.fail("S0301", self.position);
                    }
                    self.position += 1;
                    let flags = self.rest();
                    let length = flags.bytes().take_while(|flag| matches!(flag, b'i' | b'm')).count();
                    self.position += length;
                    return Ok(TokenKind::Regex(pattern.into(), flags[..length].into()));
                }
                b'(' | b'[' | b'{' if !after_backslash => depth += 1,
                b')' | b']' | b'}' if !after_backslash => depth -= 1,
                _ => {}
            }
            escaped = byte == b'\\' && !escaped;
            self.position += 1;
        }
        self.fail("S0302", self.position)
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b)
}

fn is_operator(byte: u8) -> bool {
    SINGLE.iter().any(|operator| operator.as_bytes()[0] == byte)
}

pub(super) fn place(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
