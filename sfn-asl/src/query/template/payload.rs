//! Payload templates: `"key.$": "$.path"`.

use std::sync::Arc;

use super::{DEEPEST, EvaluationError, PathOrIntrinsic};
use crate::location::Location;
use crate::query::intrinsic::Intrinsic;
use crate::query::path::Path;
use crate::query::{Scope, SyntaxError, java_order};
use crate::value::{Key, Object, Value};

/// A JSON value of a JSONPath state in which keys that end in `.$` hold a path or an intrinsic call.
///
/// In an evaluated object the literal members come first, as they are written; those with `.$` follow in the order of a
/// `java.util.HashMap` of their final names, as AWS prints them.
#[derive(Clone, Debug)]
pub struct PayloadTemplate {
    source: Value,
    root: Arc<Node>,
    expressions: Arc<[(Location, PathOrIntrinsic)]>,
}

#[derive(Debug)]
enum Node {
    /// A part without expressions.
    Literal(Value),
    /// The value of a key that ends in `.$`, with that key.
    Expression(PathOrIntrinsic, Key),
    Array(Vec<Node>),
    /// Members under their final names, in the order they are printed.
    Object(Vec<(Key, Node)>),
}

impl PayloadTemplate {
    /// Reads a template; `Location`s in the errors start at `source`.
    ///
    /// Refuses values of `.$` keys that are neither a path nor a call, and two keys that end up the same (`a`, `a.$`).
    pub fn parse(source: &Value) -> Result<Self, Vec<(Location, SyntaxError)>> {
        let mut reader = Reader { expressions: Vec::new(), errors: Vec::new() };
        let root = if source.depth() <= DEEPEST {
            reader.node(source, &Location::root())
        } else if has_expression(source) {
            let message = format!("a template with expressions nests deeper than {DEEPEST} levels");
            return Err(vec![(Location::root(), SyntaxError { message, offset: 0 })]);
        } else {
            Node::Literal(source.clone())
        };
        if reader.errors.is_empty() {
            let expressions = reader.expressions.into();
            Ok(PayloadTemplate { source: source.clone(), root: Arc::new(root), expressions })
        } else {
            Err(reader.errors)
        }
    }

    /// The template as it stands in the document.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// The value with every path and call evaluated.
    pub fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        self.root.evaluate(scope)
    }

    /// Every value of a `.$` key, with its place in the template.
    pub fn expressions(&self) -> impl Iterator<Item = (&Location, &PathOrIntrinsic)> {
        self.expressions.iter().map(|(location, expression)| (location, expression))
    }

    /// Every path, those among the arguments of calls included, with the place of the key that holds it.
    pub fn paths(&self) -> impl Iterator<Item = (&Location, &Path)> {
        self.expressions()
            .flat_map(|(location, expression)| expression.paths().into_iter().map(move |path| (location, path)))
    }

    /// Every call that stands as the value of a key, with its place.
    pub fn intrinsics(&self) -> impl Iterator<Item = (&Location, &Intrinsic)> {
        self.expressions().filter_map(|(location, expression)| match expression {
            PathOrIntrinsic::Intrinsic(intrinsic) => Some((location, intrinsic)),
            PathOrIntrinsic::Path(_) => None,
        })
    }
}

impl PartialEq for PayloadTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Node {
    fn evaluate(&self, scope: &Scope<'_>) -> Result<Value, EvaluationError> {
        match self {
            Node::Literal(value) => Ok(value.clone()),
            Node::Expression(expression, key) => expression.evaluate(scope, key),
            Node::Array(items) => {
                items.iter().map(|item| item.evaluate(scope)).collect::<Result<Vec<_>, _>>().map(Value::from)
            }
            Node::Object(members) => members
                .iter()
                .map(|(key, node)| Ok((key.clone(), node.evaluate(scope)?)))
                .collect::<Result<Object, _>>()
                .map(Value::Object),
        }
    }
}

struct Reader {
    expressions: Vec<(Location, PathOrIntrinsic)>,
    errors: Vec<(Location, SyntaxError)>,
}

impl Reader {
    fn node(&mut self, value: &Value, location: &Location) -> Node {
        match value {
            Value::Array(array) => {
                let items: Vec<Node> =
                    array.iter().enumerate().map(|(index, item)| self.node(item, &location.index(index))).collect();
                if items.iter().all(is_literal) { Node::Literal(value.clone()) } else { Node::Array(items) }
            }
            Value::Object(object) => self.object(object, location),
            _ => Node::Literal(value.clone()),
        }
    }

    fn object(&mut self, object: &Object, location: &Location) -> Node {
        let mut literals = Vec::with_capacity(object.len());
        let mut dynamic = Vec::new();
        for (key, value) in object.iter() {
            let place = location.key(key.clone());
            let Some(name) = key.strip_suffix(".$") else {
                let node = self.node(value, &place);
                literals.push((key.clone(), node));
                continue;
            };
            if object.contains_key(name) {
                let message = format!("the member `{name}` is given twice, as `{name}` and as `{key}`");
                self.errors.push((place.clone(), SyntaxError { message, offset: 0 }));
            }
            let expression = match value.as_str() {
                Some(text) => PathOrIntrinsic::parse(text),
                None => Err(SyntaxError {
                    message: format!(
                        "`{key}` holds a JSONPath or an intrinsic call, not a value of type {}",
                        value.type_name()
                    ),
                    offset: 0,
                }),
            };
            match expression {
                Ok(expression) => {
                    self.expressions.push((place, expression.clone()));
                    dynamic.push((Key::from(name), Node::Expression(expression, key.clone())));
                }
                Err(error) => self.errors.push((place, error)),
            }
        }
        if dynamic.is_empty() && literals.iter().all(|(_, node)| is_literal(node)) {
            return Node::Literal(Value::Object(object.clone()));
        }
        java_order::sort(&mut dynamic);
        literals.append(&mut dynamic);
        Node::Object(literals)
    }
}

fn is_literal(node: &Node) -> bool {
    matches!(node, Node::Literal(_))
}

/// True when a key anywhere in `value` ends in `.$`.
fn has_expression(value: &Value) -> bool {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::Array(array) => pending.extend(array.iter()),
            Value::Object(object) => {
                if object.keys().any(|key| key.ends_with(".$")) {
                    return true;
                }
                pending.extend(object.values());
            }
            _ => {}
        }
    }
    false
}
