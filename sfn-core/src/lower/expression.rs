//! Pure expressions between the types of Rust and the text of JSONata.

use std::collections::{BTreeSet, HashMap};

use sfn_asl::Value;
use sfn_asl::value::ObjectBuilder;

use crate::data::{Arrays, jsonata};

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
    /// A tuple; each item with whether it is an array, which JSONata would flatten into the one around it.
    Array(Vec<(Expression, Arrays)>),
    /// A value known at compile time.
    Constant(Value),
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
            Expression::Array(items) => {
                Expression::Array(items.iter().map(|(item, arrays)| (item.substitute(replacements), *arrays)).collect())
            }
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
                    .map(|(item, arrays)| {
                        let text = item.operand(names);
                        match arrays {
                            Arrays::Never => text,
                            Arrays::Sometimes => format!("($type({text}) = \"array\" ? [[{text}]] : {text})"),
                            Arrays::Always => format!("[{text}]"),
                        }
                    })
                    .collect();
                format!("[{}]", items.join(", "))
            }
            Expression::Constant(value) => constant_text(value),
        }
    }

    /// The text where something stands beside it.
    fn operand(&self, names: &HashMap<Variable, String>) -> String {
        match self {
            Expression::Member { missing: Missing::Reads(_), .. } => format!("({})", self.text(names)),
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
