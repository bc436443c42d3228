//! Reference paths: a single place in a document, to read and to write.

use super::{Path, PathError, Scope, Segment, SyntaxError};
use crate::value::{Array, ObjectBuilder, Value};

/// A path that names a single place: what `ResultPath` and its kin take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferencePath(Path);

impl ReferencePath {
    /// Reads a reference path: names and single indexes only, no `@`, `,`, `:`, `?`, `*`, `..` and no functions.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        let path = Path::parse(text)?;
        if !path.is_reference() {
            let offset = ["..", "@", ",", ":", "?", "*", "("].iter().filter_map(|part| text.find(part)).min();
            return Err(SyntaxError {
                message: format!("`{text}` selects more than one place; a reference path has names and indexes only"),
                offset: offset.unwrap_or(0),
            });
        }
        Ok(ReferencePath(path))
    }

    /// The path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The text as written.
    pub fn text(&self) -> &str {
        self.0.text()
    }

    /// The value at this place.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, PathError> {
        self.0.evaluate(scope)
    }

    /// A copy of `root` with `value` at this place; missing objects on the way are made.
    ///
    /// An item of an array can be replaced, not added. Fails when something on the way is neither missing nor a
    /// container of the right kind.
    pub fn inject(&self, root: &Value, value: Value) -> Result<Value, PathError> {
        let segments = &self.0.0.segments;
        // The containers from the root to the place, `None` from the first one that has to be made.
        let mut way: Vec<Option<&Value>> = Vec::with_capacity(segments.len());
        let mut current = Some(root);
        for segment in segments {
            way.push(current);
            current = match (segment, current) {
                (Segment::Name(name), Some(Value::Object(object))) => object.get(name),
                (Segment::Name(_), None) => None,
                (Segment::Index(index), Some(Value::Array(array))) => {
                    Some(position(array, *index).map(|index| &array[index]).ok_or_else(|| self.not_applicable(root))?)
                }
                _ => return Err(self.not_applicable(root)),
            };
        }
        let mut value = value;
        for (segment, container) in segments.iter().zip(way).rev() {
            value = match (segment, container) {
                (Segment::Name(name), Some(Value::Object(object))) => Value::Object(object.with(name.clone(), value)),
                (Segment::Name(name), None) => {
                    let mut builder = ObjectBuilder::with_capacity(1);
                    builder.insert(name.clone(), value);
                    Value::Object(builder.build())
                }
                (Segment::Index(index), Some(Value::Array(array))) => {
                    let mut items = array.to_vec();
                    if let Some(index) = position(array, *index) {
                        items[index] = value;
                    }
                    Value::from(items)
                }
                _ => return Err(self.not_applicable(root)),
            };
        }
        Ok(value)
    }

    fn not_applicable(&self, root: &Value) -> PathError {
        PathError::NotApplicable(format!("Unable to apply ReferencePath {} to input {root}", self.text()))
    }
}

/// The position that a possibly negative index stands for, if the array reaches so far.
pub(super) fn position(array: &Array, index: i64) -> Option<usize> {
    let length = i64::try_from(array.len()).ok()?;
    let index = if index < 0 { index.checked_add(length)? } else { index };
    (0..length).contains(&index).then_some(index as usize)
}
