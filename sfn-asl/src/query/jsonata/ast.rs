//! The tree an expression is evaluated from: immutable, shared by all evaluations.

use std::sync::Arc;

use super::functions::Builtin;
use super::regex::Pattern;
use super::signature::Signature;
use crate::value::{Key, Value};

/// A variable's name, as its position in [`Ast::symbols`].
pub(super) type Symbol = u32;

/// A parsed expression.
#[derive(Debug)]
pub(super) struct Ast {
    pub(super) root: Node,
    pub(super) symbols: Vec<SymbolEntry>,
    /// For each `%`, the symbol under which a path step leaves the parent.
    pub(super) labels: Vec<Symbol>,
}

#[derive(Debug)]
pub(super) struct SymbolEntry {
    pub(super) name: Arc<str>,
    pub(super) builtin: Option<&'static Builtin>,
}

/// An expression in its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    pub(super) position: u32,
    /// `[]` follows: a single result stays an array.
    pub(super) keep_array: bool,
    /// An array constructor in a path: its arrays are not flattened into the result.
    pub(super) cons_array: bool,
    pub(super) extra: Option<Box<Extra>>,
}

/// What only some nodes have.
#[derive(Debug, Default)]
pub(super) struct Extra {
    /// Filters that the node applies to its own result.
    pub(super) predicates: Vec<Stage>,
    /// Filters and positions that the path applies to this step's result.
    pub(super) stages: Vec<Stage>,
    pub(super) group: Option<Group>,
    /// `@$name`
    pub(super) focus: Option<Symbol>,
    /// `#$name`
    pub(super) index: Option<Symbol>,
    /// The `%` that this step's input answers, as position in [`Ast::labels`].
    pub(super) ancestor: Option<usize>,
    /// The step takes part in a stream of tuples.
    pub(super) tuple: bool,
    /// While the tree is built: the `%` in here whose step is still to be found.
    pub(super) seeking: Vec<usize>,
}

#[derive(Debug)]
pub(super) enum Stage {
    Filter(Node),
    Index(Symbol),
}

#[derive(Debug)]
pub(super) struct Group {
    pub(super) pairs: Vec<(Node, Node)>,
    pub(super) position: u32,
}

#[derive(Debug)]
pub(super) enum Kind {
    Literal(Value),
    Name(Key),
    /// `$`
    Context,
    Variable(Symbol),
    /// `*`
    Wildcard,
    /// `**`
    Descendant,
    /// `%`
    Parent(usize),
    Path(Path),
    /// Binary operators of one left-hand chain, from left to right.
    Chain(Box<Node>, Vec<(Operator, Node)>),
    /// `f ~> g ~> h`
    Apply(Box<Node>, Vec<(u32, Node)>),
    Negate(Box<Node>),
    Array(Vec<Node>),
    Object(Group),
    Range(Box<Node>, Box<Node>),
    /// Expressions in parentheses; the flag tells whether one of them binds a variable.
    Block(Vec<Node>, bool),
    Bind(Symbol, Box<Node>),
    Condition(Box<Node>, Box<Node>, Option<Box<Node>>),
    /// `?:`
    Elvis(Box<Node>, Box<Node>),
    /// `??`
    Coalesce(Box<Node>, Box<Node>),
    Call(Box<Call>),
    /// `f(1, ?)`; `None` is a place left open.
    Partial(Box<Node>, Vec<Option<Node>>),
    Lambda(Arc<Lambda>),
    Regex(Arc<Pattern>),
    Transform(Arc<Transform>),
    Sort(Vec<Term>),
}

#[derive(Debug)]
pub(super) struct Path {
    pub(super) steps: Vec<Node>,
    pub(super) keep_singleton: bool,
    /// Some step binds `@`, `#` or a parent.
    pub(super) tuples: bool,
    /// All steps but the first are bare names, and nothing else is to be done.
    pub(super) plain: bool,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) procedure: Node,
    pub(super) arguments: Vec<Node>,
    /// The value of this call is the value of the function around it.
    pub(super) tail: bool,
}

#[derive(Debug)]
pub(super) struct Lambda {
    pub(super) parameters: Vec<Symbol>,
    pub(super) signature: Option<Signature>,
    pub(super) body: Node,
}

#[derive(Debug)]
pub(super) struct Transform {
    pub(super) pattern: Node,
    pub(super) update: Node,
    pub(super) delete: Option<Node>,
    pub(super) position: u32,
}

#[derive(Debug)]
pub(super) struct Term {
    pub(super) descending: bool,
    pub(super) expression: Node,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Operator {
    pub(super) kind: OperatorKind,
    pub(super) position: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperatorKind {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Concatenate,
    And,
    Or,
    In,
}

impl OperatorKind {
    pub(super) fn read(text: &str) -> Option<Self> {
        Some(match text {
            "+" => OperatorKind::Add,
            "-" => OperatorKind::Subtract,
            "*" => OperatorKind::Multiply,
            "/" => OperatorKind::Divide,
            "%" => OperatorKind::Remainder,
            "=" => OperatorKind::Equal,
            "!=" => OperatorKind::NotEqual,
            "<" => OperatorKind::Less,
            "<=" => OperatorKind::LessEqual,
            ">" => OperatorKind::Greater,
            ">=" => OperatorKind::GreaterEqual,
            "&" => OperatorKind::Concatenate,
            "and" => OperatorKind::And,
            "or" => OperatorKind::Or,
            "in" => OperatorKind::In,
            _ => return None,
        })
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            OperatorKind::Add => "+",
            OperatorKind::Subtract => "-",
            OperatorKind::Multiply => "*",
            OperatorKind::Divide => "/",
            OperatorKind::Remainder => "%",
            OperatorKind::Equal => "=",
            OperatorKind::NotEqual => "!=",
            OperatorKind::Less => "<",
            OperatorKind::LessEqual => "<=",
            OperatorKind::Greater => ">",
            OperatorKind::GreaterEqual => ">=",
            OperatorKind::Concatenate => "&",
            OperatorKind::And => "and",
            OperatorKind::Or => "or",
            OperatorKind::In => "in",
        }
    }
}

impl Node {
    pub(super) fn new(kind: Kind, position: u32) -> Self {
        Node { kind, position, keep_array: false, cons_array: false, extra: None }
    }

    pub(super) fn extra_mut(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    pub(super) fn is_tuple(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.tuple)
    }

    pub(super) fn group(&self) -> Option<&Group> {
        self.extra.as_ref()?.group.as_ref()
    }

    pub(super) fn predicates(&self) -> &[Stage] {
        self.extra.as_ref().map_or(&[], |extra| &extra.predicates)
    }

    pub(super) fn stages(&self) -> &[Stage] {
        self.extra.as_ref().map_or(&[], |extra| &extra.stages)
    }
}
