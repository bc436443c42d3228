//! Pure expressions between the types of Rust and the text of JSONata.

mod list;
mod number;
mod print;

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};

use sfn_asl::Value;
use sfn_asl::value::ObjectBuilder;

use crate::data::Arrays;
pub(super) use list::{Elements, appended, count};
pub use number::Arithmetic;
pub(super) use number::{
    Failing, absolute, checked, chosen, finite, floats, integers, narrowed, negated, saturating, total,
};
use print::Printer;

/// A workflow variable of the machine being lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Variable(pub(super) usize);

/// A pure expression whose types are known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    /// `$states.input`
    Input,
    /// The result of the state's own task: `$states.result.Payload`.
    Result,
    /// `$states.errorOutput`
    ErrorOutput,
    /// `$name`
    Variable(Variable),
    /// A member of an object.
    Member { base: Box<Expression>, key: String, missing: Missing },
    /// An item of a tuple.
    Item { base: Box<Expression>, index: usize },
    /// An object.
    Object(Vec<Member>),
    /// A list or a tuple; each item with whether it is an array itself, which JSONata would flatten into this one.
    Array(Vec<(Expression, Arrays)>),
    /// A value known at compile time.
    Constant(Value),
    /// A whole number that lies between two bounds.
    Ranged { value: Box<Expression>, low: i128, high: i128 },
    /// `left operator right`
    Operation { operator: Operator, left: Box<Expression>, right: Box<Expression> },
    /// `$name(arguments)`
    Function { name: &'static str, arguments: Vec<Expression> },
    /// `condition ? then : otherwise`
    Conditional { condition: Box<Expression>, then: Box<Expression>, otherwise: Box<Expression> },
    /// What a [`Expression::Let`] or a [`Expression::Lambda`] binds.
    Bound(Bound),
    /// `($bound := value; body)`
    Let { bound: Bound, value: Box<Expression>, body: Box<Expression> },
    /// `function($parameters) { body }`
    Lambda { parameters: Vec<Bound>, body: Box<Expression> },
    /// `list[index]`, the index being inside of the list.
    Index { list: Box<Expression>, index: Box<Expression> },
    /// `[items]` of an expression that gives nothing, one item or several.
    Gathered(Box<Expression>),
    /// `[first..last]`
    Range { first: Box<Expression>, last: Box<Expression> },
    /// Ends the execution with this message.
    Failure(String),
    /// Text of JSONata around other expressions.
    Code {
        parts: Vec<Part>,
        /// True when something may stand beside it without parentheses.
        atomic: bool,
        /// True when the evaluation may fail.
        may_fail: bool,
    },
    /// A piece of JSONata, a regular expression for one.
    Verbatim(&'static str),
}

/// A part of an [`Expression::Code`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Value(Expression),
}

/// An operator of JSONata.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Join,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    And,
    Or,
}

/// A name inside of one expression; `hint` is the name that it would like to have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    number: usize,
    hint: &'static str,
}

impl PartialEq for Bound {
    fn eq(&self, other: &Self) -> bool {
        self.number == other.number
    }
}

impl Bound {
    pub(super) fn new(hint: &'static str) -> Self {
        // Never printed, so the order in which machines are lowered does not show.
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        Bound { number: NEXT.fetch_add(1, Ordering::Relaxed), hint }
    }
}

/// What a missing member is read as.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Missing {
    /// It is never missing.
    Never,
    /// This value.
    Reads(Value),
}

/// A member of an [`Expression::Object`].
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) value: Expression,
    /// Left out when the value is `null`.
    pub(super) skipped_if_none: bool,
}

impl Expression {
    /// Text with expressions in it: each `~` of `text` is the next of `values`. Parentheses go around the whole.
    pub(super) fn code(text: &str, values: impl IntoIterator<Item = Expression>) -> Expression {
        Expression::Code { parts: parts('~', text, values), atomic: false, may_fail: false }
    }

    /// Like [`Expression::code`], for a call or a path: nothing need go around it.
    pub(super) fn atom(text: &str, values: impl IntoIterator<Item = Expression>) -> Expression {
        Expression::Code { parts: parts('~', text, values), atomic: true, may_fail: false }
    }

    /// A condition, with `hole` in the places of `value`: comparisons joined by `and`, beside which nothing but `and` and
    /// `or` stands.
    pub(super) fn condition(text: &str, hole: char, value: &Expression) -> Expression {
        let values = std::iter::repeat(value.clone());
        Expression::Code { parts: parts(hole, text, values), atomic: true, may_fail: false }
    }

    /// Marks an expression as one whose evaluation may fail.
    pub(super) fn failing(self) -> Expression {
        match self {
            Expression::Code { parts, atomic, .. } => Expression::Code { parts, atomic, may_fail: true },
            other => Expression::Code { parts: vec![Part::Value(other)], atomic: true, may_fail: true },
        }
    }

    /// The same place, nothing said of what a missing one is read as.
    pub(super) fn bare(self) -> Expression {
        match self {
            Expression::Member { base, key, .. } => Expression::Member { base, key, missing: Missing::Never },
            other => other,
        }
    }

    /// True when both mean the same: what is bound inside of them may have different names.
    pub(super) fn is_same(&self, other: &Expression) -> bool {
        self == other || self.renumbered(&mut HashMap::new()) == other.renumbered(&mut HashMap::new())
    }

    /// A copy in which the bound names are numbered in the order in which they appear.
    fn renumbered(&self, numbers: &mut HashMap<usize, usize>) -> Expression {
        let mut number = |bound: &mut Bound| {
            let next = numbers.len();
            bound.number = *numbers.entry(bound.number).or_insert(next);
        };
        let mut copy = self.clone();
        match &mut copy {
            Expression::Bound(bound) | Expression::Let { bound, .. } => number(bound),
            Expression::Lambda { parameters, .. } => parameters.iter_mut().for_each(number),
            _ => {}
        }
        for child in copy.children_mut() {
            *child = child.renumbered(numbers);
        }
        copy
    }

    /// How many nodes the expression has.
    pub(super) fn size(&self) -> usize {
        1 + self.children().into_iter().map(Expression::size).sum::<usize>()
    }

    pub(super) fn operation(operator: Operator, left: Expression, right: Expression) -> Expression {
        Expression::Operation { operator, left: Box::new(left), right: Box::new(right) }
    }

    pub(super) fn function(name: &'static str, arguments: impl Into<Vec<Expression>>) -> Expression {
        Expression::Function { name, arguments: arguments.into() }
    }

    pub(super) fn conditional(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
        Expression::Conditional { condition: Box::new(condition), then: Box::new(then), otherwise: Box::new(otherwise) }
    }

    pub(super) fn lambda(parameters: impl Into<Vec<Bound>>, body: Expression) -> Expression {
        Expression::Lambda { parameters: parameters.into(), body: Box::new(body) }
    }

    pub(super) fn constant(value: impl Into<Value>) -> Expression {
        Expression::Constant(value.into())
    }

    pub(super) fn null() -> Expression {
        Expression::Constant(Value::Null)
    }

    /// `body` of the value, which is evaluated once and before the rest of `body`.
    pub(super) fn bind(self, hint: &'static str, body: impl FnOnce(Expression) -> Expression) -> Expression {
        if self.is_place() {
            return body(self);
        }
        let bound = Bound::new(hint);
        let body = body(Expression::Bound(bound));
        Expression::Let { bound, value: Box::new(self), body: Box::new(body) }
    }

    /// `body` of the value under a name that it already has.
    pub(super) fn bind_to(self, bound: Bound, body: impl FnOnce(Expression) -> Expression) -> Expression {
        let body = body(Expression::Bound(bound));
        Expression::Let { bound, value: Box::new(self), body: Box::new(body) }
    }

    /// As [`Expression::bind`], but only where the order of evaluation could be told: when the value may fail.
    pub(super) fn bind_fallible(self, hint: &'static str, body: impl FnOnce(Expression) -> Expression) -> Expression {
        if self.is_fallible() { self.bind(hint, body) } else { body(self) }
    }

    /// `left and right`, where `right` is not evaluated when `left` is false.
    pub(super) fn and(left: Expression, right: Expression) -> Expression {
        // AWS does not say that `and` stops; a condition does.
        if right.is_fallible() {
            return Expression::conditional(left, right, Expression::constant(false));
        }
        Expression::operation(Operator::And, left, right)
    }

    /// `left or right`, where `right` is not evaluated when `left` is true.
    pub(super) fn or(left: Expression, right: Expression) -> Expression {
        if right.is_fallible() {
            return Expression::conditional(left, Expression::constant(true), right);
        }
        Expression::operation(Operator::Or, left, right)
    }

    /// Whether an option has a value. A missing member compares false with everything in JSONata.
    pub(super) fn has_value(self) -> Expression {
        match self {
            Expression::Member { base, key, missing: Missing::Reads(Value::Null) } => {
                let path = Expression::Member { base, key, missing: Missing::Never };
                let exists = Expression::function("exists", [path.clone()]);
                Expression::and(exists, Expression::operation(Operator::NotEqual, path, Expression::null()))
            }
            Expression::Constant(value) => Expression::constant(!value.is_null()),
            other => Expression::operation(Operator::NotEqual, other, Expression::null()),
        }
    }

    /// `some` of the value of an option, or `none`.
    pub(super) fn option(self, some: impl FnOnce(Expression) -> Expression, none: Expression) -> Expression {
        self.bind("o", |option| {
            let value = match &option {
                Expression::Member { base, key, missing: Missing::Reads(Value::Null) } => {
                    Expression::Member { base: base.clone(), key: key.clone(), missing: Missing::Never }
                }
                other => other.clone(),
            };
            Expression::conditional(option.has_value(), some(value), none)
        })
    }

    /// True when evaluating the expression can end the execution: a guard, an index, a division.
    ///
    /// Such an expression must not stand in a state that has a `Catch`: what is a panic in Rust would become catchable.
    pub(super) fn is_fallible(&self) -> bool {
        matches!(self, Expression::Failure(_) | Expression::Code { may_fail: true, .. })
            || self.children().into_iter().any(Expression::is_fallible)
    }

    /// True when evaluating the expression evaluates `part`, too, whatever its conditions turn out to be.
    pub(super) fn always_evaluates(&self, part: &Expression) -> bool {
        if self == part {
            return true;
        }
        match self {
            Expression::Conditional { condition, then, otherwise } => {
                condition.always_evaluates(part) || (then.always_evaluates(part) && otherwise.always_evaluates(part))
            }
            Expression::Operation { operator: Operator::And | Operator::Or, left, .. } => left.always_evaluates(part),
            Expression::Lambda { .. } => false,
            Expression::Code { parts, .. } => {
                let unconditional = parts.iter().take_while(|part| match part {
                    Part::Text(text) => !text.contains('?') && !text.contains("function"),
                    Part::Value(_) => true,
                });
                unconditional.into_iter().any(|known| match known {
                    Part::Value(value) => value.always_evaluates(part),
                    Part::Text(_) => false,
                })
            }
            other => other.children().into_iter().any(|child| child.always_evaluates(part)),
        }
    }

    /// True when the expression costs nothing to read twice.
    pub(super) fn is_place(&self) -> bool {
        match self {
            Expression::Input
            | Expression::Result
            | Expression::ErrorOutput
            | Expression::Variable(_)
            | Expression::Bound(_)
            | Expression::Verbatim(_) => true,
            Expression::Constant(value) => !matches!(value, Value::Array(_) | Value::Object(_)),
            Expression::Member { base, .. } | Expression::Item { base, .. } => base.is_place(),
            Expression::Ranged { value, .. } => value.is_place(),
            _ => false,
        }
    }

    pub(super) fn children(&self) -> Vec<&Expression> {
        match self {
            Expression::Input
            | Expression::Result
            | Expression::ErrorOutput
            | Expression::Variable(_)
            | Expression::Constant(_)
            | Expression::Bound(_)
            | Expression::Failure(_)
            | Expression::Verbatim(_) => Vec::new(),
            Expression::Member { base: one, .. }
            | Expression::Item { base: one, .. }
            | Expression::Ranged { value: one, .. }
            | Expression::Gathered(one)
            | Expression::Lambda { body: one, .. } => vec![one],
            Expression::Operation { left: first, right: second, .. }
            | Expression::Let { value: first, body: second, .. }
            | Expression::Index { list: first, index: second }
            | Expression::Range { first, last: second } => vec![first, second],
            Expression::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
            Expression::Object(members) => members.iter().map(|member| &member.value).collect(),
            Expression::Array(items) => items.iter().map(|(item, _)| item).collect(),
            Expression::Function { arguments, .. } => arguments.iter().collect(),
            Expression::Code { parts, .. } => parts
                .iter()
                .filter_map(|part| match part {
                    Part::Value(value) => Some(value),
                    Part::Text(_) => None,
                })
                .collect(),
        }
    }

    pub(super) fn children_mut(&mut self) -> Vec<&mut Expression> {
        match self {
            Expression::Input
            | Expression::Result
            | Expression::ErrorOutput
            | Expression::Variable(_)
            | Expression::Constant(_)
            | Expression::Bound(_)
            | Expression::Failure(_)
            | Expression::Verbatim(_) => Vec::new(),
            Expression::Member { base: one, .. }
            | Expression::Item { base: one, .. }
            | Expression::Ranged { value: one, .. }
            | Expression::Gathered(one)
            | Expression::Lambda { body: one, .. } => vec![one],
            Expression::Operation { left: first, right: second, .. }
            | Expression::Let { value: first, body: second, .. }
            | Expression::Index { list: first, index: second }
            | Expression::Range { first, last: second } => vec![first, second],
            Expression::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
            Expression::Object(members) => members.iter_mut().map(|member| &mut member.value).collect(),
            Expression::Array(items) => items.iter_mut().map(|(item, _)| item).collect(),
            Expression::Function { arguments, .. } => arguments.iter_mut().collect(),
            Expression::Code { parts, .. } => parts
                .iter_mut()
                .filter_map(|part| match part {
                    Part::Value(value) => Some(value),
                    Part::Text(_) => None,
                })
                .collect(),
        }
    }

    /// A copy with variables replaced.
    pub(super) fn substitute(&self, replacements: &HashMap<Variable, Expression>) -> Expression {
        if let Expression::Variable(variable) = self {
            return replacements.get(variable).unwrap_or(self).clone();
        }
        let mut copy = self.clone();
        for child in copy.children_mut() {
            *child = child.substitute(replacements);
        }
        copy.with_known_option()
    }

    /// What asks whether an option has a value, when the option is a member that may be missing: such a member is asked
    /// for, and not read as `null` first.
    fn with_known_option(self) -> Expression {
        let optional =
            |place: &Expression| matches!(place, Expression::Member { missing: Missing::Reads(Value::Null), .. });
        match self {
            Expression::Operation { operator: Operator::NotEqual, left, right }
                if optional(&left) && *right == Expression::null() =>
            {
                left.has_value()
            }
            Expression::Conditional { condition, then, otherwise }
                if optional(&then) && *condition == then.clone().has_value() =>
            {
                Expression::Conditional { condition, then: Box::new(then.bare()), otherwise }
            }
            other => other,
        }
    }

    /// Adds the variables that are read.
    pub(super) fn variables(&self, found: &mut BTreeSet<Variable>) {
        if let Expression::Variable(variable) = self {
            found.insert(*variable);
        }
        self.children().into_iter().for_each(|child| child.variables(found));
    }

    /// The expression as a JSON value of a JSONata state: structure as structure, the rest in `{% … %}`.
    pub(super) fn template(&self, names: &HashMap<Variable, String>) -> Value {
        match self {
            Expression::Object(members) if members.iter().any(|member| member.skipped_if_none) => {
                delimited(&self.text(names))
            }
            Expression::Object(members) => {
                let mut object = ObjectBuilder::with_capacity(members.len());
                for member in members {
                    object.insert(member.key.as_str(), member.value.template(names));
                }
                Value::from(object.build())
            }
            Expression::Array(items) => Value::array(items.iter().map(|(item, _)| item.template(names))),
            Expression::Constant(value) if is_plain(value) => value.clone(),
            _ => delimited(&self.text(names)),
        }
    }

    /// The expression as the whole of `Output`: a constant scalar is an expression there, because validators ask for an
    /// object, an array or an expression.
    pub(super) fn output_template(&self, names: &HashMap<Variable, String>) -> Value {
        match self {
            Expression::Constant(value) if !matches!(value, Value::Array(_) | Value::Object(_)) => {
                delimited(&print::constant(value))
            }
            _ => self.template(names),
        }
    }

    /// The expression in JSONata.
    pub(super) fn text(&self, names: &HashMap<Variable, String>) -> String {
        Printer::new(names).text(self)
    }
}

fn parts(hole: char, text: &str, values: impl IntoIterator<Item = Expression>) -> Vec<Part> {
    let mut values = values.into_iter();
    let mut parts = Vec::new();
    for (index, piece) in text.split(hole).enumerate() {
        if index > 0 {
            parts.push(Part::Value(values.next().expect("every hole has its value")));
        }
        if !piece.is_empty() {
            parts.push(Part::Text(piece.to_owned()));
        }
    }
    parts
}

/// `{% text %}`
pub(super) fn delimited(text: &str) -> Value {
    Value::from(format!("{{% {text} %}}"))
}

/// True when no string in the constant would be taken for an expression.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::String(text) => !text.as_str().starts_with("{%"),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(members) => members.values().all(is_plain),
        _ => true,
    }
}
