//! The tree of a YAML text, in which what an anchor names is shared.

use std::rc::Rc;

use crate::value::{self, Key, Span, SpanTree, Value};

/// Most values of a document once its aliases are written out.
pub(super) const MOST_NODES: usize = 1_000_000;

pub(super) struct Node {
    pub(super) content: Content,
    pub(super) span: Span,
    /// Values in this one, itself included, aliases written out.
    pub(super) count: usize,
    /// Levels of collections.
    pub(super) depth: u32,
}

/// A key, its place, and its value.
pub(super) type Member = (Key, Span, Rc<Node>);

pub(super) enum Content {
    Scalar(Value),
    Sequence(Vec<Rc<Node>>),
    Mapping(Vec<Member>),
}

impl Node {
    pub(super) fn new(content: Content, span: Span) -> Self {
        let add = |(count, depth): (usize, u32), child: &Rc<Node>| {
            (count.saturating_add(child.count), depth.max(child.depth))
        };
        let (count, depth) = match &content {
            Content::Scalar(_) => (1, 0),
            Content::Sequence(items) => {
                let (count, depth) = items.iter().fold((1, 0), add);
                (count, depth + 1)
            }
            Content::Mapping(members) => {
                let (count, depth) = members.iter().map(|(_, _, value)| value).fold((1, 0), add);
                (count, depth + 1)
            }
        };
        Node { content, span, count, depth }
    }

    pub(super) fn scalar(value: Value, span: Span) -> Self {
        Node::new(Content::Scalar(value), span)
    }

    /// The document below this node. Recursion is bounded by the depth that the reader allows.
    pub(super) fn document(&self) -> Result<(Value, SpanTree), String> {
        let mut tree = Tree::default();
        let value = tree.add(self, None);
        Ok((value, SpanTree::new(tree.nodes, tree.duplicates)))
    }
}

#[derive(Default)]
struct Tree {
    nodes: Vec<value::Node>,
    duplicates: Vec<(usize, Key, Span)>,
}

impl Tree {
    fn add(&mut self, node: &Node, key: Option<(&Key, &Span)>) -> Value {
        let position = self.nodes.len();
        let (key, key_span) = key.map(|(key, span)| (key.clone(), span.clone())).unzip();
        self.nodes.push(value::Node { value: node.span.clone(), key_span, key, nodes: 1 });
        let value = match &node.content {
            Content::Scalar(value) => value.clone(),
            Content::Sequence(items) => Value::array(items.iter().map(|item| self.add(item, None)).collect::<Vec<_>>()),
            Content::Mapping(members) => {
                let mut seen = std::collections::HashSet::with_capacity(members.len());
                let values: Vec<(Key, Value)> = members
                    .iter()
                    .map(|(key, span, value)| {
                        if !seen.insert(key) {
                            self.duplicates.push((position, key.clone(), span.clone()));
                        }
                        (key.clone(), self.add(value, Some((key, span))))
                    })
                    .collect();
                Value::object(values)
            }
        };
        self.nodes[position].nodes = self.nodes.len() - position;
        value
    }
}

/// The members of a mapping with those that its merge keys bring; a member of its own goes before a merged one.
pub(super) fn merge(members: Vec<Member>) -> Result<Vec<Member>, (&'static str, Span)> {
    const MERGE: &str = "<<";
    if members.iter().all(|(key, ..)| &**key != MERGE) {
        return Ok(members);
    }
    let mut seen: std::collections::HashSet<Key> =
        members.iter().map(|(key, ..)| key.clone()).filter(|key| &**key != MERGE).collect();
    let mut merged = Vec::with_capacity(members.len());
    for (key, span, value) in members {
        if &*key != MERGE {
            merged.push((key, span, value));
            continue;
        }
        let sources = match &value.content {
            Content::Sequence(items) => items.clone(),
            _ => vec![value],
        };
        for source in sources {
            let Content::Mapping(members) = &source.content else {
                return Err(("`<<` takes a mapping, or a list of mappings", span));
            };
            merged.extend(members.iter().filter(|(key, ..)| seen.insert(key.clone())).cloned());
        }
    }
    Ok(merged)
}
