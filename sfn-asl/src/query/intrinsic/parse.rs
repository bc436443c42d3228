//! Text to calls.

use super::function::Function;
use super::{Argument, Call};
use crate::query::SyntaxError;
use crate::query::path::{Path, argument_length};
use crate::value::{Number, Value};

/// Calls nest this deep at most.
const DEEPEST: u32 = 10;

/// Reads a whole text.
pub(super) fn call(text: &str) -> Result<Call, SyntaxError> {
    let mut parser = Parser { text, at: 0 };
    let call = parser.call(1)?;
    parser.blanks();
    if parser.at < text.len() {
        return Err(parser.error("unexpected text after the call"));
    }
    Ok(call)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn call(&mut self, depth: u32) -> Result<Call, SyntaxError> {
        if depth > DEEPEST {
            return Err(self.error(format!("calls nest deeper than {DEEPEST} levels")));
        }
        let start = self.at;
        let rest = self.rest();
        let name = &rest[..rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.')).unwrap_or(rest.len())];
        if !name.starts_with("States.") {
            return Err(self.error("expected a JSONPath or a call of an intrinsic function, `States.…(…)`"));
        }
        let function =
            Function::named(name).ok_or_else(|| self.error(format!("there is no intrinsic function `{name}`")))?;
        self.at += name.len();
        if !self.eat('(') {
            return Err(self.error("expected `(`"));
        }
        let arguments = self.arguments(depth)?;
        let (least, most) = function.arity();
        if arguments.len() < least || arguments.len() > most {
            return Err(SyntaxError {
                message: match (least, most) {
                    (least, most) if least == most => {
                        format!(
                            "`{name}` takes {least} argument{}, not {}",
                            if least == 1 { "" } else { "s" },
                            arguments.len()
                        )
                    }
                    (least, usize::MAX) => {
                        format!("`{name}` takes at least {least} argument{}", if least == 1 { "" } else { "s" })
                    }
                    _ => format!("`{name}` takes {least} to {most} arguments, not {}", arguments.len()),
                },
                offset: start,
            });
        }
        if function.wants_numbers() && arguments.iter().any(|argument| matches!(argument, Argument::Text { .. })) {
            return Err(SyntaxError { message: format!("the arguments of `{name}` are numbers"), offset: start });
        }
        Ok(Call { function, arguments })
    }

    fn arguments(&mut self, depth: u32) -> Result<Vec<Argument>, SyntaxError> {
        let mut arguments = Vec::new();
        self.blanks();
        if self.eat(')') {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.argument(depth)?);
            self.blanks();
            if self.eat(')') {
                return Ok(arguments);
            }
            if !self.eat(',') {
                return Err(self.error("expected `,` or `)`"));
            }
            self.blanks();
        }
    }

    fn argument(&mut self, depth: u32) -> Result<Argument, SyntaxError> {
        let rest = self.rest();
        match rest.chars().next() {
            Some('\'') => self.quoted(),
            Some('$') => {
                let text = rest[..argument_length(rest)].trim_end();
                let path =
                    Path::parse(text).map_err(|error| SyntaxError { offset: self.at + error.offset, ..error })?;
                self.at += text.len();
                Ok(Argument::Path(path))
            }
            Some('-' | '0'..='9') => {
                let text = self.word(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '.'));
                let number = Number::from_text(text).ok_or_else(|| self.error(format!("`{text}` is no number")))?;
                self.at += text.len();
                Ok(Argument::Literal(Value::Number(number)))
            }
            Some(c) if c.is_ascii_alphabetic() => {
                let word = self.word(|c| c.is_ascii_alphanumeric());
                let value = match word {
                    "true" => Value::Bool(true),
                    "false" => Value::Bool(false),
                    "null" => Value::Null,
                    _ => return self.call(depth + 1).map(Argument::Call),
                };
                self.at += word.len();
                Ok(Argument::Literal(value))
            }
            _ => Err(self.error("expected a path, a text in single quotes, a number or a call")),
        }
    }

    /// A text in single quotes; a backslash escapes `'`, `{`, `}` and itself, and nothing else.
    fn quoted(&mut self) -> Result<Argument, SyntaxError> {
        let rest = &self.rest()[1..];
        let mut text = String::new();
        let mut characters = rest.char_indices();
        while let Some((index, c)) = characters.next() {
            match c {
                '\'' => {
                    self.at += index + 2;
                    return Ok(Argument::Text { raw: rest[..index].into(), value: Value::from(text) });
                }
                '\\' => match characters.next() {
                    Some((_, escaped @ ('\'' | '{' | '}' | '\\'))) => text.push(escaped),
                    _ => {
                        self.at += index + 1;
                        return Err(self.error(r"a backslash can only stand before `'`, `{`, `}` and `\`"));
                    }
                },
                _ => text.push(c),
            }
        }
        Err(self.error("the closing ' is missing"))
    }

    fn word(&self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(|c: char| !belongs(c)).unwrap_or(rest.len())]
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.rest().starts_with(c);
        if found {
            self.at += c.len_utf8();
        }
        found
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), offset: self.at }
    }
}
