//! `|pattern|update, delete|`: a copy with changes in place.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::ast::Transform;
use super::super::failure::{Failure, Outcome};
use super::super::frame::Frame;
use super::super::functions;
use super::super::item::{Function, Item};
use super::Machine;
use crate::value::{Array, Key, Object, Value};

/// The copy that is changed: every object in it has a place of its own, by which matches are found again.
#[derive(Default)]
struct Copy {
    nodes: Vec<CopyNode>,
    /// The node of each object by the identity of the object.
    objects: HashMap<usize, usize>,
}

struct CopyNode {
    parent: Option<usize>,
    content: Content,
    /// The value as it was last put together; gone when something below has changed.
    value: Option<Value>,
}

enum Content {
    Value,
    Array(Vec<usize>),
    Object(Vec<(Key, usize)>),
}

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn transformed(&self, transform: &Transform, argument: Item, frame: &Rc<Frame>) -> Outcome<Item> {
        let original = match argument {
            Item::Undefined => return Ok(Item::Undefined),
            item if item.is_array() || item.members().is_some() => self.cloned(transform, item, frame)?,
            other => return Err(Failure::new("T0410").index(1).value(other.shown())),
        };
        let mut copy = Copy::default();
        let root = copy.take(self, original)?;
        let value = Item::Json(copy.value(root));
        // What `:=` binds in the clauses ends with the transformation.
        let frame = &Frame::inner(frame);
        let matches = self.eval(&transform.pattern, &value, frame)?;
        let matches: Vec<Item> = match matches.list() {
            Some(items) => items.iter().collect(),
            None if matches.is_undefined() => Vec::new(),
            None => vec![matches],
        };
        for item in matches {
            self.work(8)?;
            let node = match &item {
                Item::Json(Value::Object(object)) => copy.objects.get(&object.identity()).copied(),
                _ => None,
            };
            let context = match node {
                Some(node) => Item::Json(copy.value(node)),
                None => item,
            };
            let update = self.eval(&transform.update, &context, frame)?;
            let mut changed = context;
            if !update.is_undefined() {
                let Some(members) = update.members() else {
                    return Err(Failure::at("T2011", transform.update.position).value(update.shown()));
                };
                if let Some(node) = node {
                    for (key, value) in members {
                        if let Some(value) = value.to_value() {
                            self.charge(128)?;
                            copy.set(node, key, value);
                        }
                    }
                    changed = Item::Json(copy.value(node));
                }
            }
            if let Some(delete) = &transform.delete {
                let keys = self.eval(delete, &changed, frame)?;
                for key in self.deletions(&keys, delete.position)? {
                    if let Some(node) = node {
                        copy.delete(node, &key);
                    }
                }
            }
        }
        Ok(Item::Json(copy.value(root)))
    }

    /// The value with the function `$clone` applied: the built-in one copies nothing, as values do not change.
    fn cloned(&self, transform: &Transform, item: Item, frame: &Rc<Frame>) -> Outcome<Value> {
        let symbol = self.ast.symbols.iter().position(|entry| &*entry.name == "clone");
        let clone = match symbol {
            Some(symbol) => self.variable(symbol as u32, frame),
            None => match self.surroundings.variable("clone") {
                Some(item) => item,
                None => return functions::object::clone_of(self, &item),
            },
        };
        match &clone {
            Item::Function(function) if matches!(**function, Function::Builtin(_)) => {
                functions::object::clone_of(self, &item)
            }
            Item::Function(_) => {
                let result = self.apply(&clone, vec![item], &Item::Json(Value::Null))?;
                Ok(result.to_value().unwrap_or_default())
            }
            _ => Err(Failure::at("T2013", transform.position)),
        }
    }

    fn deletions(&self, keys: &Item, position: u32) -> Outcome<Vec<Key>> {
        let refuse = || Failure::at("T2012", position).value(keys.shown());
        match keys.list() {
            Some(items) => items.iter().map(|item| item.as_str().map(Key::from).ok_or_else(refuse)).collect(),
            None if keys.is_undefined() => Ok(Vec::new()),
            None => Ok(vec![keys.as_str().map(Key::from).ok_or_else(refuse)?]),
        }
    }
}

impl Copy {
    /// Copies a value, so that no object in it is shared.
    fn take(&mut self, machine: &Machine<'_>, value: Value) -> Outcome<usize> {
        let mut pending = vec![(value, None, None::<Key>)];
        let mut root = None;
        while let Some((value, parent, key)) = pending.pop() {
            machine.charge(size_of::<CopyNode>() + 64)?;
            let node = self.nodes.len();
            root.get_or_insert(node);
            if let Some(parent) = parent {
                let above: &mut CopyNode = &mut self.nodes[parent];
                match (&mut above.content, key) {
                    (Content::Object(members), Some(key)) => members.push((key, node)),
                    (Content::Array(items), _) => items.push(node),
                    _ => {}
                }
            }
            let content = match &value {
                Value::Array(array) => {
                    pending.extend(array.iter().rev().map(|item| (item.clone(), Some(node), None)));
                    Content::Array(Vec::with_capacity(array.len()))
                }
                Value::Object(object) => {
                    let members = object.iter().rev();
                    pending.extend(members.map(|(key, item)| (item.clone(), Some(node), Some(key.clone()))));
                    Content::Object(Vec::with_capacity(object.len()))
                }
                _ => Content::Value,
            };
            let kept = matches!(content, Content::Value).then_some(value);
            self.nodes.push(CopyNode { parent, content, value: kept });
        }
        // Children stand behind their parents: from the end on, each finds its children ready.
        for node in (0..self.nodes.len()).rev() {
            self.build(node);
        }
        Ok(root.unwrap_or_default())
    }

    fn build(&mut self, node: usize) {
        let part = |at: &usize| self.nodes[*at].value.clone().unwrap_or_default();
        let value = match &self.nodes[node].content {
            Content::Value => return,
            Content::Array(items) => Value::Array(items.iter().map(part).collect::<Array>()),
            Content::Object(members) => {
                let object: Object = members.iter().map(|(key, at)| (key.clone(), part(at))).collect();
                self.objects.insert(object.identity(), node);
                Value::Object(object)
            }
        };
        self.nodes[node].value = Some(value);
    }

    /// The value of a node as it is now.
    fn value(&mut self, node: usize) -> Value {
        if let Some(value) = &self.nodes[node].value {
            return value.clone();
        }
        let mut stale = vec![node];
        let mut next = 0;
        while next < stale.len() {
            let below: Vec<usize> = match &self.nodes[stale[next]].content {
                Content::Value => Vec::new(),
                Content::Array(items) => items.clone(),
                Content::Object(members) => members.iter().map(|(_, at)| *at).collect(),
            };
            stale.extend(below.into_iter().filter(|at| self.nodes[*at].value.is_none()));
            next += 1;
        }
        for node in stale.into_iter().rev() {
            self.build(node);
        }
        self.nodes[node].value.clone().unwrap_or_default()
    }

    fn set(&mut self, node: usize, key: Key, value: Value) {
        let fresh = self.nodes.len();
        self.nodes.push(CopyNode { parent: Some(node), content: Content::Value, value: Some(value) });
        if let Content::Object(members) = &mut self.nodes[node].content {
            match members.iter_mut().find(|(known, _)| *known == key) {
                Some((_, at)) => *at = fresh,
                None => members.push((key, fresh)),
            }
        }
        self.touch(node);
    }

    fn delete(&mut self, node: usize, key: &str) {
        if let Content::Object(members) = &mut self.nodes[node].content {
            members.retain(|(known, _)| &**known != key);
        }
        self.touch(node);
    }

    /// What holds a changed node is put together anew when it is asked for.
    fn touch(&mut self, node: usize) {
        let mut next = Some(node);
        while let Some(node) = next {
            self.nodes[node].value = None;
            next = self.nodes[node].parent.filter(|parent| self.nodes[*parent].value.is_some());
        }
    }
}
