//! YAML text in: the JSON document that it stands for, with the place of every value.
//!
//! Plain scalars mean what the core schema of YAML 1.2 says. Aliases and merge keys (`<<`) are written out, the short
//! functions of CloudFormation (`!GetAtt`) become their long form (`{"Fn::GetAtt": …}`).

mod node;
mod scalar;

use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Tag};

use self::node::{Content, Member, Node};
use super::json::{self, MAXIMUM_DEPTH};
use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::validate::limits;
use crate::value::{Key, Span, SpanTree, Value};

/// The document of `text`, with the place of every value.
pub(super) fn document(text: &str) -> Result<(Value, SpanTree), Box<Diagnostic>> {
    if text.trim_start().starts_with('{')
        && let Ok(document) = json::document(text)
    {
        return Ok(document);
    }
    let root = Reader::new(text).document()?;
    let (document, spans) = root.document().map_err(|message| finding(message, root.span.clone()))?;
    // A few aliases can stand for more text than any definition may have.
    match limits::too_large(&document) {
        Some(finding) => Err(Box::new(finding)),
        None => Ok((document, spans)),
    }
}

fn finding(message: impl Into<String>, range: Span) -> Box<Diagnostic> {
    let mut finding = Diagnostic::new(Code::InvalidJsonDescription, Location::root(), message).without_location();
    finding.range = Some(range);
    Box::new(finding)
}

/// A collection whose end has not come yet.
struct Open {
    span: Span,
    anchor: usize,
    tag: Option<String>,
    content: OpenContent,
}

enum OpenContent {
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<Member>, Option<(Key, Span)>),
}

struct Reader<'t> {
    text: &'t str,
    /// Byte of every character, unless each has one byte.
    offsets: Option<Vec<usize>>,
    anchors: HashMap<usize, Rc<Node>>,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let offsets = (!text.is_ascii()).then(|| {
            let starts = text.char_indices().map(|(offset, _)| offset);
            starts.chain(std::iter::once(text.len())).collect()
        });
        Reader { text, offsets, anchors: HashMap::new() }
    }

    fn document(mut self) -> Result<Rc<Node>, Box<Diagnostic>> {
        let mut open: Vec<Open> = Vec::new();
        let mut root: Option<Rc<Node>> = None;
        for event in Parser::new_from_str(self.text) {
            let (event, span) = event.map_err(|error| self.syntax(&error))?;
            let span = self.byte(span.start.index())..self.byte(span.end.index());
            let complete = match event {
                Event::SequenceStart(anchor, tag) => {
                    self.open(&mut open, span, anchor, tag.as_deref(), OpenContent::Sequence(Vec::new()))?;
                    continue;
                }
                Event::MappingStart(anchor, tag) => {
                    self.open(&mut open, span, anchor, tag.as_deref(), OpenContent::Mapping(Vec::new(), None))?;
                    continue;
                }
                Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                    Some(closed) => self.close(closed, span)?,
                    None => continue,
                },
                Event::Scalar(text, style, anchor, tag) => {
                    let span = self.trimmed(span, style);
                    if let Some(Open { content: OpenContent::Mapping(_, key @ None), .. }) = open.last_mut() {
                        *key = Some((text.as_ref().into(), span));
                        continue;
                    }
                    self.scalar(&text, style, anchor, tag.as_deref(), span)?
                }
                Event::Alias(anchor) => match self.anchors.get(&anchor) {
                    Some(node) => node.clone(),
                    None => return Err(finding("an alias stands within what it repeats", span)),
                },
                Event::DocumentStart(_) if root.is_some() => {
                    return Err(finding("a definition is a single document, a second one begins here", span));
                }
                _ => continue,
            };
            match open.last_mut() {
                None => root = Some(complete),
                Some(Open { content: OpenContent::Sequence(items), .. }) => items.push(complete),
                Some(Open { content: OpenContent::Mapping(members, key), .. }) => match key.take() {
                    Some((key, span)) => members.push((key, span, complete)),
                    None => {
                        return Err(finding("a key is a text, not a collection or an alias", complete.span.clone()));
                    }
                },
            }
        }
        root.filter(|root| !matches!(root.content, Content::Scalar(Value::Null)))
            .ok_or_else(|| Box::new(json::not_an_object()))
    }

    fn open(
        &self,
        open: &mut Vec<Open>,
        span: Span,
        anchor: usize,
        tag: Option<&Tag>,
        content: OpenContent,
    ) -> Result<(), Box<Diagnostic>> {
        if open.len() >= MAXIMUM_DEPTH as usize {
            return Err(Box::new(json::too_deep()));
        }
        if let Some(Open { content: OpenContent::Mapping(_, None), .. }) = open.last() {
            return Err(finding("a key is a text, not a collection or an alias", span));
        }
        let tag = tag.and_then(function_name);
        open.push(Open { span, anchor, tag, content });
        Ok(())
    }

    fn close(&mut self, closed: Open, end: Span) -> Result<Rc<Node>, Box<Diagnostic>> {
        let (content, last) = match closed.content {
            OpenContent::Sequence(items) => {
                let last = items.last().map(|item| item.span.end);
                (Content::Sequence(items), last)
            }
            OpenContent::Mapping(members, _) => {
                let last = members.last().map(|(_, key, value)| value.span.end.max(key.end));
                (Content::Mapping(node::merge(members).map_err(|(message, span)| finding(message, span))?), last)
            }
        };
        // A collection in brackets ends with its bracket, any other with its last part.
        let end = match end.is_empty() {
            true => last.filter(|&last| last >= closed.span.start).unwrap_or(closed.span.end),
            false => end.end,
        };
        let span = closed.span.start..end.max(closed.span.start);
        self.complete(content, span, closed.anchor, closed.tag)
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<Rc<Node>, Box<Diagnostic>> {
        let function = tag.and_then(function_name);
        let core = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
        let value = match (core, style) {
            (Some("str"), _) => Value::from(text),
            (None, ScalarStyle::Plain) if function.is_none() => {
                scalar::plain(text).map_err(|message| finding(message, span.clone()))?
            }
            (Some(_), _) => scalar::plain(text).map_err(|message| finding(message, span.clone()))?,
            _ => Value::from(text),
        };
        let content = match function.as_deref() {
            // The one function whose short form is a text and whose long form is a list.
            Some("Fn::GetAtt") => {
                let parts = text.splitn(2, '.').map(|part| Rc::new(Node::scalar(part.into(), span.clone())));
                Content::Sequence(parts.collect())
            }
            _ => Content::Scalar(value),
        };
        self.complete(content, span, anchor, function)
    }

    /// The node, within the function that its tag names, kept if it has an anchor.
    fn complete(
        &mut self,
        content: Content,
        span: Span,
        anchor: usize,
        function: Option<String>,
    ) -> Result<Rc<Node>, Box<Diagnostic>> {
        let mut node = Rc::new(Node::new(content, span.clone()));
        if let Some(function) = function {
            let members = vec![(function.into(), span.clone(), node)];
            node = Rc::new(Node::new(Content::Mapping(members), span.clone()));
        }
        if node.depth > MAXIMUM_DEPTH {
            return Err(Box::new(json::too_deep()));
        }
        if node.count > node::MOST_NODES {
            return Err(finding(format!("aliases make more than {} values here", node::MOST_NODES), span));
        }
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn syntax(&self, error: &ScanError) -> Box<Diagnostic> {
        let at = self.byte(error.marker().index());
        finding(format!("invalid YAML: {}", error.info()), at..at)
    }

    fn byte(&self, character: usize) -> usize {
        match &self.offsets {
            None => character.min(self.text.len()),
            Some(offsets) => offsets.get(character).copied().unwrap_or(self.text.len()),
        }
    }

    /// The scanner's place of a scalar reaches over the white space and the comment after it; this one does not.
    fn trimmed(&self, span: Span, style: ScalarStyle) -> Span {
        let text = self.text.get(span.clone()).unwrap_or_default();
        let length = match style {
            ScalarStyle::DoubleQuoted => {
                let mut escaped = false;
                let close = text.bytes().skip(1).position(|byte| {
                    let closes = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    closes
                });
                close.map(|close| close + 2)
            }
            ScalarStyle::SingleQuoted => {
                let mut rest = text.get(1..).unwrap_or_default();
                let mut length = 1;
                while let Some(quote) = rest.find('\'') {
                    length += quote + 1;
                    rest = &rest[quote + 1..];
                    match rest.strip_prefix('\'') {
                        Some(after) => (length, rest) = (length + 1, after),
                        None => break,
                    }
                }
                Some(length)
            }
            _ => None,
        };
        span.start..span.start + length.unwrap_or_else(|| text.trim_end().len())
    }
}

/// The function of CloudFormation that a tag stands for.
fn function_name(tag: &Tag) -> Option<String> {
    if tag.handle != "!" {
        return None;
    }
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        suffix => format!("Fn::{suffix}"),
    })
}
