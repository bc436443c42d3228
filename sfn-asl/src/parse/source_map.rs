//! From places in the document to places in its text.

use std::collections::HashMap;
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
    let mut index = spans.map(SpanIndex::new);
    for finding in findings {
        if finding.range.is_none() {
            finding.range = match &mut index {
                Some(index) => index.range(&finding.focus, finding.part, prefix),
                None => Some(0..0),
            };
        }
        finding.position = finding.range.as_ref().map(|range| lines.position(text, range.start));
    }
}

/// The members and items of the collections that findings lie in, so that many findings in a large one cost no more than
/// the sum of both.
struct SpanIndex<'s> {
    spans: &'s SpanTree,
    collections: HashMap<usize, Collection<'s>>,
}

#[derive(Default)]
struct Collection<'s> {
    items: Vec<usize>,
    members: HashMap<&'s str, usize>,
}

impl<'s> SpanIndex<'s> {
    fn new(spans: &'s SpanTree) -> Self {
        SpanIndex { spans, collections: HashMap::new() }
    }

    /// The position of the part of the collection at `position` that `step` leads to.
    fn child(&mut self, position: usize, step: &Step) -> Option<usize> {
        let spans = self.spans;
        let collection = self.collections.entry(position).or_insert_with(|| {
            let mut collection = Collection::default();
            for child in spans.children(position) {
                // Of a repeated key the last value counts.
                if let Some(key) = spans.node(child).and_then(|node| node.key.as_deref()) {
                    collection.members.insert(key, child);
                }
                collection.items.push(child);
            }
            collection
        });
        match step {
            Step::Key(key) => collection.members.get(&**key).copied(),
            Step::Index(index) => collection.items.get(*index).copied(),
        }
    }

    /// The bytes of the value at `location`, or of the nearest one around it.
    fn range(&mut self, location: &Location, part: Part, prefix: &[Step]) -> Option<Range<usize>> {
        let steps = location.steps().strip_prefix(prefix).unwrap_or_default();
        let mut position = 0;
        for (index, step) in steps.iter().enumerate() {
            match self.child(position, step) {
                Some(child) => position = child,
                None => break,
            }
            if index + 1 == steps.len() && part == Part::Key {
                let node = self.spans.node(position)?;
                return Some(node.key_span.clone().unwrap_or_else(|| node.value.clone()));
            }
        }
        self.spans.node(position).map(|node| node.value.clone())
    }
}

/// The way to every node of `spans`, for those positions that are asked for.
pub(crate) fn locations(spans: &SpanTree, positions: impl Iterator<Item = usize>) -> HashMap<usize, Location> {
    let mut wanted: Vec<usize> = positions.collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = HashMap::with_capacity(wanted.len());
    let mut wanted = wanted.into_iter().peekable();
    // The nodes around `at`: where each ends, and how many of its parts were seen.
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut steps: Vec<Step> = Vec::new();
    let mut at = 0;
    while let (Some(node), Some(&next)) = (spans.node(at), wanted.peek()) {
        while open.last().is_some_and(|&(end, _)| end <= at) {
            open.pop();
            steps.pop();
        }
        if let Some((_, items)) = open.last_mut() {
            steps.push(node.key.as_ref().map_or(Step::Index(*items), |key| Step::Key(key.clone())));
            *items += 1;
        }
        if at == next {
            found.insert(at, Location::from_steps(steps.clone()));
            wanted.next();
        }
        open.push((at + node.nodes, 0));
        at += 1;
    }
    found
}

/// Where the lines of a text begin, and how many characters stand before each of its blocks.
struct LineIndex {
    starts: Vec<usize>,
    blocks: Vec<usize>,
}

impl LineIndex {
    const BLOCK: usize = 1024;

    fn new(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(index, _)| index + 1);
        let mut before = 0;
        let blocks = text.as_bytes().chunks(Self::BLOCK).map(|block| {
            let count = before;
            before += characters(block);
            count
        });
        let blocks = blocks.collect();
        LineIndex { starts: std::iter::once(0).chain(breaks).collect(), blocks }
    }

    fn position(&self, text: &str, offset: usize) -> Position {
        let offset = text.floor_char_boundary(offset.min(text.len()));
        let line = self.starts.partition_point(|&start| start <= offset);
        let before = |offset: usize| {
            let block = offset / Self::BLOCK;
            let counted = self.blocks.get(block).copied().unwrap_or_default();
            counted + characters(&text.as_bytes()[(block * Self::BLOCK).min(offset)..offset])
        };
        Position { line, column: before(offset) - before(self.starts[line - 1]) + 1 }
    }
}

/// Characters that begin in these bytes of a UTF-8 text.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns() {
        for unit in ["a", "ä", "€\n", "ab\r\n😀", "\n"] {
            let text = unit.repeat(1500);
            let index = LineIndex::new(&text);
            for (offset, _) in text.char_indices().chain(std::iter::once((text.len(), ' '))).step_by(7) {
                let before = &text[..offset];
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
                assert_eq!(index.position(&text, offset), Position { line, column }, "{offset} of {unit:?}");
            }
        }
    }

    #[test]
    fn the_way_to_a_node() {
        let text = r#"{"a":[1,{"b":[[],2]}],"c":{"d":null}}"#;
        let (_, spans) = crate::value::Value::parse_with_spans(text, &Default::default()).expect("valid JSON");
        let all = locations(&spans, 0..100);
        let mut shown: Vec<(usize, String)> =
            all.into_iter().map(|(at, location)| (at, location.to_string())).collect();
        shown.sort();
        let shown: Vec<String> = shown.into_iter().map(|(_, location)| location).collect();
        assert_eq!(shown, ["/", "/a", "/a[0]", "/a[1]", "/a[1]/b", "/a[1]/b[0]", "/a[1]/b[1]", "/c", "/c/d"]);
    }
}
