//! What stands in a filter and in the arguments of a function: literals, patterns and paths.

use super::segment::Segment;
use crate::value::Value;

/// One side of a comparison, or an argument.
pub(super) enum Operand {
    /// `'text'`, `1`, `true`, `null`, `['a','b']`
    Literal(Value),
    /// `/a.*/i`
    Pattern(Box<fancy_regex::Regex>),
    /// `@.a`, `$.b`
    Path(Inner),
}

/// A path within another.
pub(super) struct Inner {
    /// True for `$`, the root of the document; false for `@`, the item that is tested.
    pub(super) from_root: bool,
    pub(super) segments: Vec<Segment>,
    pub(super) definite: bool,
}
