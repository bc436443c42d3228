//! The segments a path is compiled to.

use super::filter::Filter;
use super::function::Function;
use super::operand::Operand;
use crate::value::Key;

/// One step of a path.
pub(super) enum Segment {
    /// `.a`, `['a']`
    Name(Key),
    /// `['a','b']`
    Names(Box<[Key]>),
    /// `[0]`, `[-1]`
    Index(i64),
    /// `[0,2]`
    Indexes(Box<[i64]>),
    /// `[1:3]`, `[1:]`, `[:3]`, `[:]`
    Slice(Option<i64>, Option<i64>),
    /// `.*`, `[*]`
    Wildcard,
    /// `..`: the segment that follows applies at every depth.
    Descent,
    /// `[?(…)]`
    Filter(Filter),
    /// `.length()`
    Function(Function, Box<[Operand]>),
}

impl Segment {
    pub(super) fn is_single(&self) -> bool {
        matches!(self, Segment::Name(_) | Segment::Index(_))
    }

    /// True for a segment that selects at most one node; `last` tells whether nothing follows it.
    fn is_definite(&self, last: bool) -> bool {
        match self {
            Segment::Name(_) | Segment::Index(_) | Segment::Function(..) => true,
            Segment::Names(_) => last,
            _ => false,
        }
    }
}

pub(super) fn is_definite(segments: &[Segment]) -> bool {
    // A function at the end of a path with `..` takes all matches at once and answers one value.
    let aggregate = matches!(segments.last(), Some(Segment::Function(..)))
        && segments.iter().any(|segment| matches!(segment, Segment::Descent));
    aggregate || segments.iter().enumerate().all(|(index, segment)| segment.is_definite(index + 1 == segments.len()))
}

/// `$['a'][0]`
pub(super) fn canonical(segments: &[Segment]) -> String {
    let mut out = String::from("$");
    for segment in segments {
        fragment(segment, &mut out);
    }
    out
}

/// What one segment looks like in an error text.
pub(super) fn fragment(segment: &Segment, out: &mut String) {
    let list = |out: &mut String, parts: &mut dyn Iterator<Item = String>| {
        out.push('[');
        out.push_str(&parts.collect::<Vec<_>>().join(","));
        out.push(']');
    };
    let bound = |bound: &Option<i64>| bound.map_or_else(String::new, |bound| bound.to_string());
    match segment {
        Segment::Name(name) => list(out, &mut std::iter::once(format!("'{name}'"))),
        Segment::Names(names) => list(out, &mut names.iter().map(|name| format!("'{name}'"))),
        Segment::Index(index) => list(out, &mut std::iter::once(index.to_string())),
        Segment::Indexes(indexes) => list(out, &mut indexes.iter().map(i64::to_string)),
        Segment::Slice(from, to) => list(out, &mut std::iter::once(format!("{}:{}", bound(from), bound(to)))),
        Segment::Wildcard => out.push_str("[*]"),
        Segment::Descent => out.push_str(".."),
        Segment::Filter(_) => out.push_str("[?]"),
        Segment::Function(function, _) => {
            out.push('.');
            out.push_str(function.name());
            out.push_str("()");
        }
    }
}
