use std::sync::Arc;

use sfn_asl::value::{Array, Object, Value};

/// A value that a Map iterates over: the items of an array, or the members of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Collection {
    /// Its items.
    Array(Array),
    /// Its members, in order.
    Object(Object),
}

impl Collection {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Collection::Array(items) => items.len(),
            Collection::Object(members) => members.len(),
        }
    }

    /// True when there is nothing to iterate over.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item with this number, and its key in an object.
    pub fn get(&self, index: usize) -> Option<(Option<&Arc<str>>, &Value)> {
        match self {
            Collection::Array(items) => items.get(index).map(|item| (None, item)),
            Collection::Object(members) => members.as_slice().get(index).map(|(key, value)| (Some(key), value)),
        }
    }
}

impl Default for Collection {
    fn default() -> Self {
        Collection::Array(Array::default())
    }
}

impl From<Array> for Collection {
    fn from(items: Array) -> Self {
        Collection::Array(items)
    }
}
