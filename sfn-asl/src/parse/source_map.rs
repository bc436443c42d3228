//! From places in the document to places in its text.

use std::ops::Range;

use super::scope::SINGLE_STATE;
use crate::diagnostic::{Diagnostic, Part, Position};
use crate::location::{Location, Step};
use crate::value::SpanTree;

/// Gives every finding the bytes, line and column of its focus.
pub(super) fn place(findings: &mut [Diagnostic], text: &str, spans: Option<&SpanTree>) {
    place_under(findings, text, spans, &[]);
}

/// As [`place`], for a state that stands alone and whose locations begin with `/States/StateName`.
pub(super) fn place_state(findings: &mut [Diagnostic], text: &str, spans: &SpanTree) {
    let prefix = [Step::Key("States".into()), Step::Key(SINGLE_STATE.into())];
    place_under(findings, text, Some(spans), &prefix);
}

fn place_under(findings: &mut [Diagnostic], text: &str, spans: Option<&SpanTree>, prefix: &[Step]) {
    let lines = LineIndex::new(text);
    for finding in findings {
        if finding.range.is_none() {
            finding.range = match spans {
                Some(spans) => range(spans, &finding.focus, finding.part, prefix),
                None => Some(0..0),
            };
        }
        finding.position = finding.range.as_ref().map(|range| lines.position(text, range.start));
    }
}

/// The bytes of the value at `location`, or of the nearest one around it.
fn range(spans: &SpanTree, location: &Location, part: Part, prefix: &[Step]) -> Option<Range<usize>> {
    let steps = location.steps().strip_prefix(prefix).unwrap_or_default();
    let mut position = 0;
    for (index, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Key(key) => spans.member(position, key),
            Step::Index(index) => spans.item(position, *index),
        };
        match next {
            Some(next) => position = next,
            None => return spans.node(position).map(|node| node.value.clone()),
        }
        let last = index + 1 == steps.len();
        if last && part == Part::Key {
            let node = spans.node(position)?;
            return Some(node.key_span.clone().unwrap_or_else(|| node.value.clone()));
        }
    }
    spans.node(position).map(|node| node.value.clone())
}

/// Where the lines of a text begin.
struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        LineIndex { starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1];
        Position { line, column: text[start..offset].chars().count() + 1 }
    }
}
