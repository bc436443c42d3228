//! Pure expressions between the types of Rust and the text of JSONata.

use std::collections::{BTreeSet, HashMap};

use sfn_asl::Value;
use sfn_asl::value::ObjectBuilder;

use crate::data::jsonata;

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
    /// A tuple; items that may be arrays themselves are marked.
    Array(Vec<(Expression, MayBeArray)>),
    /// A value known at compile time.
    Constant(Value),
    /// Text of JSONata around other expressions.
    Code {
        parts: Vec<Part>,
        /// True when something may stand beside it without parentheses.
        atomic: bool,
        /// True when the evaluation may fail.
        may_fail: bool,
    },
}

/// A part of an [`Expression::Code`].
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Value(Expression),
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

/// Whether the value of an item may be an array, which JSONata would flatten into the one around it.
pub(super) type MayBeArray = bool;

impl Expression {
    /// Text with expressions in it: each `~` of `text` is the next of `values`. Parentheses go around the whole.
    pub(super) fn code(text: &str, values: impl IntoIterator<Item = Expression>) -> Expression {
        Expression::Code { parts: parts('~', text, values), atomic: false, may_fail: false }
    }

    /// Like [`Expression::code`], for a call or a path: nothing need go around it.
    pub(super) fn atom(text: &str, values: impl IntoIterator<Item = Expression>) -> Expression {
        Expression::Code { parts: parts('~', text, values), atomic: true, may_fail: false }
    }

    /// Like [`Expression::code`], with `hole` in the places of `value`.
    pub(super) fn around(text: &str, hole: char, value: &Expression) -> Expression {
        let values = std::iter::repeat(value.clone());
        Expression::Code { parts: parts(hole, text, values), atomic: false, may_fail: false }
    }

    /// Marks an expression as one whose evaluation may fail.
    pub(super) fn failing(self) -> Expression {
        match self {
            Expression::Code { parts, atomic, .. } => Expression::Code { parts, atomic, may_fail: true },
            other => Expression::Code { parts: vec![Part::Value(other)], atomic: true, may_fail: true },
        }
    }

    /// `condition ? then : otherwise`
    pub(super) fn conditional(condition: Expression, then: Expression, otherwise: Expression) -> Expression {
        Expression::code("~ ? ~ : ~", [condition, then, otherwise])
    }

    /// The same place, nothing said of what a missing one is read as.
    pub(super) fn bare(self) -> Expression {
        match self {
            Expression::Member { base, key, .. } => Expression::Member { base, key, missing: Missing::Never },
            other => other,
        }
    }

    /// True for a variable, the input, and the way to a part of one: reading it twice costs nothing.
    pub(super) fn is_place(&self) -> bool {
        match self {
            Expression::Variable(_) | Expression::Input | Expression::Result | Expression::ErrorOutput => true,
            Expression::Member { base, .. } | Expression::Item { base, .. } => base.is_place(),
            _ => false,
        }
    }

    /// True when the evaluation may fail.
    pub(super) fn may_fail(&self) -> bool {
        matches!(self, Expression::Code { may_fail: true, .. }) || self.children().any(Expression::may_fail)
    }

    /// How many nodes the expression has.
    pub(super) fn size(&self) -> usize {
        1 + self.children().map(Expression::size).sum::<usize>()
    }

    fn children(&self) -> Box<dyn Iterator<Item = &Expression> + '_> {
        match self {
            Expression::Member { base, .. } | Expression::Item { base, .. } => Box::new(std::iter::once(&**base)),
            Expression::Object(members) => Box::new(members.iter().map(|member| &member.value)),
            Expression::Array(items) => Box::new(items.iter().map(|(item, _)| item)),
            Expression::Code { parts, .. } => Box::new(parts.iter().filter_map(|part| match part {
                Part::Value(value) => Some(value),
                Part::Text(_) => None,
            })),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// A copy with variables replaced.
    pub(super) fn substitute(&self, replacements: &HashMap<Variable, Expression>) -> Expression {
        match self {
            Expression::Variable(variable) => replacements.get(variable).unwrap_or(self).clone(),
            Expression::Member { base, key, missing } => Expression::Member {
                base: Box::new(base.substitute(replacements)),
                key: key.clone(),
                missing: missing.clone(),
            },
            Expression::Item { base, index } => {
                Expression::Item { base: Box::new(base.substitute(replacements)), index: *index }
            }
            Expression::Object(members) => Expression::Object(
                members
                    .iter()
                    .map(|member| Member { value: member.value.substitute(replacements), ..member.clone() })
                    .collect(),
            ),
            Expression::Array(items) => Expression::Array(
                items.iter().map(|(item, may_be_array)| (item.substitute(replacements), *may_be_array)).collect(),
            ),
            Expression::Code { parts, atomic, may_fail } => Expression::Code {
                parts: parts
                    .iter()
                    .map(|part| match part {
                        Part::Value(value) => Part::Value(value.substitute(replacements)),
                        Part::Text(_) => part.clone(),
                    })
                    .collect(),
                atomic: *atomic,
                may_fail: *may_fail,
            },
            Expression::Input | Expression::Result | Expression::ErrorOutput | Expression::Constant(_) => self.clone(),
        }
    }

    /// Adds the variables that are read.
    pub(super) fn variables(&self, found: &mut BTreeSet<Variable>) {
        match self {
            Expression::Variable(variable) => {
                found.insert(*variable);
            }
            Expression::Member { base, .. } | Expression::Item { base, .. } => base.variables(found),
            Expression::Object(members) => members.iter().for_each(|member| member.value.variables(found)),
            Expression::Array(items) => items.iter().for_each(|(item, _)| item.variables(found)),
            Expression::Code { .. } => self.children().for_each(|value| value.variables(found)),
            Expression::Input | Expression::Result | Expression::ErrorOutput | Expression::Constant(_) => {}
        }
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
                delimited(&constant_text(value))
            }
            _ => self.template(names),
        }
    }

    /// The expression in JSONata.
    pub(super) fn text(&self, names: &HashMap<Variable, String>) -> String {
        match self {
            Expression::Input => "$states.input".into(),
            Expression::Result => "$states.result.Payload".into(),
            Expression::ErrorOutput => "$states.errorOutput".into(),
            Expression::Variable(variable) => {
                format!("${}", names.get(variable).expect("every variable that is read has a name"))
            }
            Expression::Member { missing: Missing::Never, .. } | Expression::Item { .. } => self.path(names),
            Expression::Member { missing: Missing::Reads(value), .. } => {
                let path = self.path(names);
                format!("$exists({path}) ? {path} : {}", constant_text(value))
            }
            Expression::Object(members) => {
                let members: Vec<String> = members.iter().map(|member| member.text(names)).collect();
                format!("{{{}}}", members.join(", "))
            }
            Expression::Array(items) => {
                let items: Vec<String> = items
                    .iter()
                    .map(|(item, may_be_array)| {
                        let text = item.operand(names);
                        if *may_be_array { format!("[{text}]") } else { text }
                    })
                    .collect();
                format!("[{}]", items.join(", "))
            }
            Expression::Constant(value) => constant_text(value),
            Expression::Code { parts, .. } => parts
                .iter()
                .map(|part| match part {
                    Part::Text(text) => text.clone(),
                    Part::Value(value) => value.operand(names),
                })
                .collect(),
        }
    }

    /// The text where something stands beside it.
    fn operand(&self, names: &HashMap<Variable, String>) -> String {
        match self {
            Expression::Member { missing: Missing::Reads(_), .. } | Expression::Code { atomic: false, .. } => {
                format!("({})", self.text(names))
            }
            _ => self.text(names),
        }
    }

    /// The path to a member or an item, without what a missing one is read as.
    fn path(&self, names: &HashMap<Variable, String>) -> String {
        match self {
            Expression::Member { base, key, .. } if key.contains('`') => {
                format!("$lookup({}, {})", base.text(names), jsonata::string(key))
            }
            Expression::Member { base, key, .. } => format!("{}.{}", base.operand(names), jsonata::name(key)),
            Expression::Item { base, index } => format!("{}[{index}]", base.operand(names)),
            _ => self.operand(names),
        }
    }
}

impl Member {
    fn text(&self, names: &HashMap<Variable, String>) -> String {
        let key = jsonata::string(&self.key);
        if !self.skipped_if_none {
            return format!("{key}: {}", self.value.operand(names));
        }
        // A condition without an alternative is JSONata's undefined, and an undefined member is left out.
        let path = self.value.path(names);
        format!("{key}: ($exists({path}) and {path} != null ? {path})")
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

/// A constant in JSONata: its JSON text, with nested arrays kept from being flattened.
fn constant_text(value: &Value) -> String {
    value.to_json()
}
