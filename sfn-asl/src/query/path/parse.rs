//! Text to segments.

use std::sync::Arc;

use super::Head;
use super::filter::{self, Filter};
use super::function::Function;
use super::operand::Operand;
use super::segment::Segment;
use crate::query::SyntaxError;
use crate::value::Key;

/// Deepest nesting of filters, and most segments that branch: what bounds the recursion of parser and evaluation.
const DEEPEST: u32 = 16;
const MOST_BRANCHES: usize = 64;

/// Reads a whole text.
pub(super) fn path(text: &str) -> Result<(Head, Vec<Segment>), SyntaxError> {
    let mut parser = Parser { text, at: 0, depth: 0, in_filter: false };
    parser.blanks();
    if !parser.eat("$") {
        return Err(parser.error("a path starts with `$`"));
    }
    let head = if parser.eat("$") { Head::Context } else { parser.variable().map_or(Head::Input, Head::Variable) };
    let segments = parser.segments()?;
    parser.blanks();
    if parser.at < text.len() {
        return Err(parser.error("unexpected text after the path"));
    }
    Ok((head, segments))
}

/// The length of the path that `text` begins with, up to a `,` or `)` that is not in brackets or quotes.
pub(in crate::query) fn argument_length(text: &str) -> usize {
    let (mut brackets, mut parentheses) = (0_usize, 0_usize);
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (index, c) in text.char_indices() {
        if let Some(open) = quote {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                _ if c == open => quote = None,
                _ => {}
            }
            continue;
        }
        match c {
            '\'' | '"' if brackets > 0 => quote = Some(c),
            '[' => brackets += 1,
            ']' => brackets = brackets.saturating_sub(1),
            '(' => parentheses += 1,
            ',' if brackets == 0 && parentheses == 0 => return index,
            ')' if parentheses > 0 => parentheses -= 1,
            ')' if brackets == 0 => return index,
            _ => {}
        }
    }
    text.len()
}

pub(super) struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Levels of filters around this place.
    depth: u32,
    /// Within a filter a path ends at blanks and operators.
    in_filter: bool,
}

impl<'a> Parser<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    pub(super) fn blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    pub(super) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(super) fn expect(&mut self, token: &str) -> Result<(), SyntaxError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(format!("expected `{token}`"))) }
    }

    pub(super) fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError { message: message.into(), offset: self.at }
    }

    /// Runs `read` one level deeper.
    pub(super) fn nested<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, SyntaxError>,
    ) -> Result<T, SyntaxError> {
        if self.depth == DEEPEST {
            return Err(self.error(format!("nested deeper than {DEEPEST} levels")));
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn variable(&mut self) -> Option<Arc<str>> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_alphabetic() || first == '_') {
            return None;
        }
        let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += length;
        Some(rest[..length].into())
    }

    /// What follows the head of a path.
    pub(super) fn segments(&mut self) -> Result<Vec<Segment>, SyntaxError> {
        let mut segments = Vec::new();
        loop {
            match self.peek() {
                Some('.') => {
                    self.at += 1;
                    if self.eat(".") {
                        segments.push(Segment::Descent);
                    }
                    match self.peek() {
                        None => return Err(self.error("a path does not end with `.`")),
                        Some('.') => return Err(self.error("`.` cannot stand here")),
                        // `$.[0]` and `$.['a']` are read as `$[0]` and `$['a']`.
                        Some('[') => self.bracket(&mut segments)?,
                        Some('*') => {
                            self.at += 1;
                            segments.push(Segment::Wildcard);
                        }
                        Some(_) => self.name(&mut segments)?,
                    }
                }
                Some('[') => self.bracket(&mut segments)?,
                Some(c) if segments.is_empty() && !self.ends_path(c) => {
                    return Err(self.error(format!("unexpected `{c}`, expected `.` or `[`")));
                }
                _ => break,
            }
        }
        if segments.iter().filter(|segment| !segment.is_single()).count() > MOST_BRANCHES {
            return Err(self.error(format!("more than {MOST_BRANCHES} wildcards, filters and slices in one path")));
        }
        Ok(segments)
    }

    fn ends_path(&self, c: char) -> bool {
        c.is_whitespace() || (self.in_filter && matches!(c, '=' | '<' | '>' | '!' | '~' | ')' | '&' | '|' | ',' | ']'))
    }

    fn name(&mut self, segments: &mut Vec<Segment>) -> Result<(), SyntaxError> {
        let rest = self.rest();
        let length = rest.find(|c: char| matches!(c, '.' | '[' | '(') || self.ends_path(c)).unwrap_or(rest.len());
        let name = &rest[..length];
        if name.is_empty() {
            return Err(self.error("expected a name"));
        }
        if rest[length..].starts_with('(') {
            let Some(function) = Function::named(name) else {
                return Err(self.error(format!("there is no function `{name}`")));
            };
            self.at += length + 1;
            let arguments = self.nested(Self::arguments)?;
            segments.push(Segment::Function(function, arguments.into()));
            return Ok(());
        }
        self.at += length;
        if !self.in_filter && self.peek().is_some_and(char::is_whitespace) && !self.rest().trim_start().is_empty() {
            return Err(self.error("a name with blanks is written in brackets: `['my name']`"));
        }
        segments.push(Segment::Name(name.into()));
        Ok(())
    }

    /// Paths and literals up to the closing parenthesis of a call.
    fn arguments(&mut self) -> Result<Vec<Operand>, SyntaxError> {
        let mut arguments = Vec::new();
        self.blanks();
        if self.eat(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.within_filter(filter::operand)?);
            self.blanks();
            if self.eat(")") {
                return Ok(arguments);
            }
            self.expect(",")?;
            self.blanks();
        }
    }

    fn within_filter<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, SyntaxError>) -> Result<T, SyntaxError> {
        let before = std::mem::replace(&mut self.in_filter, true);
        let result = read(self);
        self.in_filter = before;
        result
    }

    fn bracket(&mut self, segments: &mut Vec<Segment>) -> Result<(), SyntaxError> {
        self.at += 1;
        self.blanks();
        let segment = match self.peek() {
            Some('\'' | '"') => self.quoted_names()?,
            Some('*') => {
                self.at += 1;
                Segment::Wildcard
            }
            Some('?') => {
                self.at += 1;
                self.blanks();
                self.expect("(")?;
                let filter: Filter = self.nested(|parser| parser.within_filter(|parser| filter::parse(parser)))?;
                self.blanks();
                self.expect(")")?;
                Segment::Filter(filter)
            }
            Some('(') => self.index_from_end()?,
            Some('0'..='9' | '-' | ':') => self.indexes()?,
            _ => return Err(self.error("expected a name in quotes, an index, `*` or `?` in brackets")),
        };
        self.blanks();
        self.expect("]")?;
        segments.push(segment);
        Ok(())
    }

    fn quoted_names(&mut self) -> Result<Segment, SyntaxError> {
        let mut names: Vec<Key> = Vec::new();
        loop {
            let Some(quote @ ('\'' | '"')) = self.peek() else {
                return Err(self.error("expected a name in quotes"));
            };
            self.at += 1;
            names.push(self.quoted(quote)?.into());
            self.blanks();
            if !self.eat(",") {
                break;
            }
            self.blanks();
        }
        Ok(if names.len() == 1 { Segment::Name(names.remove(0)) } else { Segment::Names(names.into()) })
    }

    /// The text up to the closing quote, which is consumed. A backslash keeps the character after it from closing the
    /// text; it is left out before the quote only, all other pairs are taken as written.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, SyntaxError> {
        let rest = self.rest();
        let mut out = String::new();
        let mut characters = rest.char_indices();
        while let Some((index, c)) = characters.next() {
            match c {
                '\\' => match characters.next() {
                    Some((_, next)) if next == quote => out.push(quote),
                    Some((_, next)) => out.extend([c, next]),
                    None => {}
                },
                _ if c == quote => {
                    self.at += index + c.len_utf8();
                    return Ok(out);
                }
                _ => out.push(c),
            }
        }
        Err(self.error(format!("the closing {quote} is missing")))
    }

    fn indexes(&mut self) -> Result<Segment, SyntaxError> {
        let rest = self.rest();
        let length = rest.find(']').ok_or_else(|| self.error("the closing `]` is missing"))?;
        let text = rest[..length].trim();
        let number = |text: &str| -> Result<i64, SyntaxError> {
            text.trim().parse::<i32>().map(i64::from).map_err(|_| self.error(format!("`{}` is no index", text.trim())))
        };
        let segment = if text.contains(':') {
            // A third part, the step, is read over.
            let mut bounds = text.split(':').map(|part| match part.trim() {
                "" => Ok(None),
                part => number(part).map(Some),
            });
            let from = bounds.next().transpose()?.flatten();
            let to = bounds.next().transpose()?.flatten();
            if bounds.try_fold(0, |count, bound| bound.map(|_| count + 1))? > 1 {
                return Err(self.error("a slice has at most three parts"));
            }
            Segment::Slice(from, to)
        } else {
            let indexes = text.split(',').map(number).collect::<Result<Vec<_>, _>>()?;
            if let [index] = indexes[..] { Segment::Index(index) } else { Segment::Indexes(indexes.into()) }
        };
        self.at += length;
        Ok(segment)
    }

    /// `(@.length-1)`: counted from the end, an older way to write a negative index.
    fn index_from_end(&mut self) -> Result<Segment, SyntaxError> {
        let start = self.at;
        self.at += 1;
        self.blanks();
        if self.eat("@.length") {
            self.eat("()");
            self.blanks();
            if self.eat("-") {
                self.blanks();
                let rest = self.rest();
                let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                if let Ok(count @ 1..) = rest[..digits].parse::<i32>() {
                    self.at += digits;
                    self.blanks();
                    self.expect(")")?;
                    return Ok(Segment::Index(-i64::from(count)));
                }
            }
        }
        self.at = start;
        Err(self.error("the only expression that can stand here is `(@.length-1)`; filters begin with `?`"))
    }
}
