//! Values of JSONata states: `"key": "{% $states.input.a %}"`.

use std::fmt::Display;
use std::sync::Arc;

use super::{DEEPEST, EvaluationError};
use crate::location::{Location, Step};
use crate::query::jsonata::Expression;
use crate::query::{Scope, SyntaxError};
use crate::value::{Key, Object, Value};

/// A JSON value of a JSONata state in which strings `{% … %}` hold expressions.
///
/// Only a whole string is an expression; one with a blank before `{%` or after `%}` is literal. Objects keep the order of
/// their members.
#[derive(Clone, Debug)]
pub struct JsonataTemplate {
    source: Value,
    root: Arc<Node>,
    expressions: Arc<[(Location, Expression)]>,
}

#[derive(Debug)]
enum Node {
    /// A part without expressions.
    Literal(Value),
    /// An expression, and its place below the field as AWS writes it: `/a[0]/b`.
    Expression(Expression, Box<str>),
    Array(Vec<Node>),
    Object(Vec<(Key, Node)>),
}

/// The expression that a string holds, if it holds one: the text between `{%` and `%}`.
pub fn expression_text(text: &str) -> Option<&str> {
    text.strip_prefix("{%")?.strip_suffix("%}")
}

impl JsonataTemplate {
    /// Reads a template; `Location`s in the errors start at `source`, offsets at the text after `{%`.
    pub fn parse(source: &Value) -> Result<Self, Vec<(Location, SyntaxError)>> {
        let mut reader = Reader { expressions: Vec::new(), errors: Vec::new() };
        let root = if source.depth() <= DEEPEST {
            reader.node(source, &Location::root())
        } else if has_expression(source) {
            let message = format!("a value with expressions nests deeper than {DEEPEST} levels");
            return Err(vec![(Location::root(), SyntaxError { message, offset: 0 })]);
        } else {
            Node::Literal(source.clone())
        };
        if reader.errors.is_empty() {
            let expressions = reader.expressions.into();
            Ok(JsonataTemplate { source: source.clone(), root: Arc::new(root), expressions })
        } else {
            Err(reader.errors)
        }
    }

    /// The template as it stands in the document.
    pub fn source(&self) -> &Value {
        &self.source
    }

    /// Every expression, with its place in the template.
    pub fn expressions(&self) -> impl Iterator<Item = (&Location, &Expression)> {
        self.expressions.iter().map(|(location, expression)| (location, expression))
    }

    /// The value with every expression evaluated; one that returns nothing is an error.
    ///
    /// `field` is the name of the field that holds the template; the place an error names begins with it. It is printed
    /// for an error only.
    pub fn evaluate(&self, scope: &Scope<'_>, field: impl Display) -> Result<Value, EvaluationError> {
        self.root.evaluate(scope, &field)
    }
}

impl PartialEq for JsonataTemplate {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Node {
    fn evaluate(&self, scope: &Scope<'_>, field: &dyn Display) -> Result<Value, EvaluationError> {
        match self {
            Node::Literal(value) => Ok(value.clone()),
            Node::Expression(expression, place) => match expression.evaluate(scope) {
                Ok(Some(value)) => Ok(value),
                Ok(None) => Err(EvaluationError::undefined(expression, format!("{field}{place}"))),
                Err(error) => Err(EvaluationError::threw(expression, format!("{field}{place}"), &error)),
            },
            Node::Array(items) => {
                items.iter().map(|item| item.evaluate(scope, field)).collect::<Result<Vec<_>, _>>().map(Value::from)
            }
            Node::Object(members) => members
                .iter()
                .map(|(key, node)| Ok((key.clone(), node.evaluate(scope, field)?)))
                .collect::<Result<Object, _>>()
                .map(Value::Object),
        }
    }
}

struct Reader {
    expressions: Vec<(Location, Expression)>,
    errors: Vec<(Location, SyntaxError)>,
}

impl Reader {
    fn node(&mut self, value: &Value, location: &Location) -> Node {
        match value {
            Value::String(text) => match expression_text(text).map(Expression::parse) {
                None => Node::Literal(value.clone()),
                Some(Ok(expression)) => {
                    self.expressions.push((location.clone(), expression.clone()));
                    Node::Expression(expression, below_field(location).into())
                }
                Some(Err(error)) => {
                    self.errors.push((location.clone(), error));
                    Node::Literal(value.clone())
                }
            },
            Value::Array(array) => {
                let items: Vec<Node> =
                    array.iter().enumerate().map(|(index, item)| self.node(item, &location.index(index))).collect();
                if items.iter().all(is_literal) { Node::Literal(value.clone()) } else { Node::Array(items) }
            }
            Value::Object(object) => {
                let members: Vec<(Key, Node)> = object
                    .iter()
                    .map(|(key, value)| (key.clone(), self.node(value, &location.key(key.clone()))))
                    .collect();
                if members.iter().all(|(_, node)| is_literal(node)) {
                    Node::Literal(value.clone())
                } else {
                    Node::Object(members)
                }
            }
            _ => Node::Literal(value.clone()),
        }
    }
}

fn is_literal(node: &Node) -> bool {
    matches!(node, Node::Literal(_))
}

/// A place in the form `/a[0]/b`; the root is the empty text, for what follows is the name of the field.
fn below_field(location: &Location) -> String {
    let mut out = String::new();
    for step in location.steps() {
        match step {
            Step::Key(key) => {
                out.push('/');
                out.push_str(key);
            }
            Step::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

/// True when a string anywhere in `value` holds an expression.
fn has_expression(value: &Value) -> bool {
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        match value {
            Value::String(text) if expression_text(text).is_some() => return true,
            Value::Array(array) => pending.extend(array.iter()),
            Value::Object(object) => pending.extend(object.values()),
            _ => {}
        }
    }
    false
}
