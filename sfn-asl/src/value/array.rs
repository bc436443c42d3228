use std::sync::Arc;

use super::{SHALLOW, Value, dismantle};

/// A shared list of values; reads like a slice.
#[derive(Clone)]
pub struct Array(Arc<ArrayNode>);

struct ArrayNode {
    json_size: usize,
    depth: u32,
    items: Vec<Value>,
}

impl Array {
    /// Length in bytes of the compact JSON text, in constant time.
    pub fn json_size(&self) -> usize {
        self.0.json_size
    }

    /// Levels of nesting: 1 for `[]`.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// The items.
    pub fn as_slice(&self) -> &[Value] {
        &self.0.items
    }

    /// True when both are one allocation, hence equal.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn take_children(self, pending: &mut Vec<Value>) {
        if let Some(mut node) = Arc::into_inner(self.0) {
            pending.append(&mut node.items);
        }
    }
}

impl From<Vec<Value>> for Array {
    fn from(items: Vec<Value>) -> Self {
        let mut json_size = 2 + items.len().saturating_sub(1);
        let mut depth = 0;
        for item in &items {
            json_size = json_size.saturating_add(item.json_size());
            depth = depth.max(item.depth());
        }
        Array(Arc::new(ArrayNode { json_size, depth: depth.saturating_add(1), items }))
    }
}

impl Default for Array {
    fn default() -> Self {
        Array::from(Vec::new())
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Array::from(Vec::from_iter(items))
    }
}

impl std::ops::Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.items
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = std::slice::Iter<'a, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.items.iter()
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Self) -> bool {
        Value::Array(self.clone()) == Value::Array(other.clone())
    }
}

impl Eq for Array {}

impl std::fmt::Debug for Array {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&Value::Array(self.clone()), f)
    }
}

impl Drop for ArrayNode {
    fn drop(&mut self) {
        if self.depth > SHALLOW {
            dismantle(std::mem::take(&mut self.items));
        }
    }
}
