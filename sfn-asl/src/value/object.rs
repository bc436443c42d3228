use std::sync::Arc;

use super::{SHALLOW, Value, dismantle, print};

/// The name of an object's member.
pub type Key = Arc<str>;

/// Shared members in the order they were written.
#[derive(Clone)]
pub struct Object(Arc<ObjectNode>);

struct ObjectNode {
    json_size: usize,
    depth: u32,
    members: Vec<(Key, Value)>,
    /// Positions of the members sorted by key, kept once a linear search would be the slower one.
    sorted: Box<[u32]>,
}

/// Objects with more members than this are searched through an index.
const INDEXED: usize = 12;

impl Object {
    /// Length in bytes of the compact JSON text, in constant time.
    pub fn json_size(&self) -> usize {
        self.0.json_size
    }

    /// Levels of nesting: 1 for `{}`.
    pub fn depth(&self) -> u32 {
        self.0.depth
    }

    /// Number of members.
    pub fn len(&self) -> usize {
        self.0.members.len()
    }

    /// True for `{}`.
    pub fn is_empty(&self) -> bool {
        self.0.members.is_empty()
    }

    /// The value of the member `key`.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.position(key).map(|index| &self.0.members[index].1)
    }

    /// True when there is a member `key`.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// The members in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, &Value)> + DoubleEndedIterator {
        self.0.members.iter().map(|(key, value)| (key, value))
    }

    /// The keys in order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &Key> + DoubleEndedIterator {
        self.0.members.iter().map(|(key, _)| key)
    }

    /// The values in order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator {
        self.0.members.iter().map(|(_, value)| value)
    }

    /// The members as a slice, in order.
    pub fn as_slice(&self) -> &[(Key, Value)] {
        &self.0.members
    }

    /// A copy with the member `key` set; an existing member keeps its place, a new one comes last.
    pub fn with(&self, key: impl Into<Key>, value: Value) -> Object {
        let key = key.into();
        let mut members = self.0.members.clone();
        match self.position(&key) {
            Some(index) => members[index].1 = value,
            None => members.push((key, value)),
        }
        Object::from_distinct(members)
    }

    /// A copy without the member `key`.
    pub fn without(&self, key: &str) -> Object {
        Object::from_distinct(self.0.members.iter().filter(|(name, _)| &**name != key).cloned().collect())
    }

    fn position(&self, key: &str) -> Option<usize> {
        let node = &*self.0;
        if node.sorted.is_empty() {
            node.members.iter().position(|(name, _)| &**name == key)
        } else {
            let at = node.sorted.binary_search_by(|&index| (*node.members[index as usize].0).cmp(key)).ok()?;
            Some(node.sorted[at] as usize)
        }
    }

    /// A number that no other object alive has.
    pub(crate) fn identity(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }

    /// True when both are one allocation, hence equal.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn take_children(self, pending: &mut Vec<Value>) {
        if let Some(mut node) = Arc::into_inner(self.0) {
            pending.extend(std::mem::take(&mut node.members).into_iter().map(|(_, value)| value));
        }
    }

    /// INVARIANT: no two members share a key.
    fn from_distinct(members: Vec<(Key, Value)>) -> Self {
        let sorted = if members.len() > INDEXED { sorted_positions(&members) } else { Box::default() };
        Object::from_parts(members, sorted)
    }

    fn from_parts(members: Vec<(Key, Value)>, sorted: Box<[u32]>) -> Self {
        let mut json_size = 2 + members.len().saturating_sub(1);
        let mut depth = 0;
        for (key, value) in &members {
            json_size = json_size.saturating_add(print::string_size(key) + 1).saturating_add(value.json_size());
            depth = depth.max(value.depth());
        }
        Object(Arc::new(ObjectNode { json_size, depth: depth.saturating_add(1), members, sorted }))
    }
}

fn sorted_positions(members: &[(Key, Value)]) -> Box<[u32]> {
    let mut sorted: Vec<u32> =
        (0..u32::try_from(members.len()).expect("an object has less than 2^32 members")).collect();
    sorted.sort_by(|&a, &b| members[a as usize].0.cmp(&members[b as usize].0));
    sorted.into_boxed_slice()
}

/// Collects members; of two with one key the later value stays, in the place of the first.
#[derive(Default)]
pub struct ObjectBuilder {
    members: Vec<(Key, Value)>,
}

impl ObjectBuilder {
    /// An empty builder with room for `capacity` members.
    pub fn with_capacity(capacity: usize) -> Self {
        ObjectBuilder { members: Vec::with_capacity(capacity) }
    }

    /// Adds a member.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Value>) -> &mut Self {
        self.members.push((key.into(), value.into()));
        self
    }

    /// Adds a member when there is a value for it.
    pub fn insert_some(&mut self, key: &str, value: Option<impl Into<Value>>) -> &mut Self {
        if let Some(value) = value {
            self.insert(key, value);
        }
        self
    }

    /// The object.
    pub fn build(self) -> Object {
        self.members.into_iter().collect()
    }
}

impl FromIterator<(Key, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(members: I) -> Self {
        let mut members = Vec::from_iter(members);
        if members.len() <= INDEXED {
            let mut index = 1;
            while index < members.len() {
                match members[..index].iter().position(|(key, _)| *key == members[index].0) {
                    Some(first) => members[first].1 = members.remove(index).1,
                    None => index += 1,
                }
            }
            return Object::from_parts(members, Box::default());
        }
        let sorted = sorted_positions(&members);
        if sorted.windows(2).all(|pair| members[pair[0] as usize].0 != members[pair[1] as usize].0) {
            return Object::from_parts(members, sorted);
        }
        let mut first_of: std::collections::HashMap<Key, usize> =
            std::collections::HashMap::with_capacity(members.len());
        let mut distinct: Vec<(Key, Value)> = Vec::with_capacity(members.len());
        for (key, value) in members {
            match first_of.entry(key.clone()) {
                std::collections::hash_map::Entry::Occupied(at) => distinct[*at.get()].1 = value,
                std::collections::hash_map::Entry::Vacant(at) => {
                    at.insert(distinct.len());
                    distinct.push((key, value));
                }
            }
        }
        Object::from_distinct(distinct)
    }
}

impl Default for Object {
    fn default() -> Self {
        Object::from_distinct(Vec::new())
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        Value::Object(self.clone()) == Value::Object(other.clone())
    }
}

impl Eq for Object {}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&Value::Object(self.clone()), f)
    }
}

impl Drop for ObjectNode {
    fn drop(&mut self) {
        if self.depth > SHALLOW {
            dismantle(std::mem::take(&mut self.members).into_iter().map(|(_, value)| value).collect());
        }
    }
}
