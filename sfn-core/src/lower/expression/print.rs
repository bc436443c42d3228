//! The text of an expression: as few parentheses as JSONata's precedences ask for, names that hide nothing.

use std::collections::HashMap;

use sfn_asl::Value;

use super::{Bound, Expression, Member, Missing, Operator, Part, Variable};
use crate::data::Arrays;
use crate::lower::names::is_built_in;

/// How tightly a piece of text holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Conditional,
    Or,
    And,
    Comparison,
    Sum,
    Product,
    /// What a path, an index or nothing at all may follow.
    Atom,
}

/// Writes expressions under the names of a machine's variables.
pub(super) struct Printer<'a> {
    names: &'a HashMap<Variable, String>,
    bound: Vec<(usize, String)>,
}

impl<'a> Printer<'a> {
    pub(super) fn new(names: &'a HashMap<Variable, String>) -> Self {
        Printer { names, bound: Vec::new() }
    }

    /// The whole expression.
    pub(super) fn text(&mut self, expression: &Expression) -> String {
        self.at(expression, Level::Conditional)
    }

    /// The expression where something that holds as tightly as `level` stands beside it.
    fn at(&mut self, expression: &Expression, level: Level) -> String {
        let (text, own) = self.leveled(expression);
        if own < level { format!("({text})") } else { text }
    }

    fn leveled(&mut self, expression: &Expression) -> (String, Level) {
        let text = match expression {
            Expression::Input => "$states.input".into(),
            Expression::Result => "$states.result.Payload".into(),
            Expression::ErrorOutput => "$states.errorOutput".into(),
            Expression::Variable(variable) => {
                format!("${}", self.names.get(variable).expect("every variable that is read has a name"))
            }
            Expression::Bound(bound) => {
                let name = self.bound.iter().rev().find(|(number, _)| *number == bound.number);
                format!("${}", &name.expect("a bound name is read inside of what binds it").1)
            }
            Expression::Member { missing: Missing::Never, .. } | Expression::Item { .. } => self.path(expression),
            Expression::Member { missing: Missing::Reads(value), .. } => {
                let path = self.path(expression);
                return (format!("$exists({path}) ? {path} : {}", constant(value)), Level::Conditional);
            }
            Expression::Object(members) => {
                let members: Vec<String> = members.iter().map(|member| self.member(member)).collect();
                format!("{{{}}}", members.join(","))
            }
            Expression::Array(items) => {
                let items: Vec<String> = items.iter().map(|(item, arrays)| self.item(item, *arrays)).collect();
                format!("[{}]", items.join(", "))
            }
            Expression::Constant(value) => constant(value),
            Expression::Ranged { value, .. } => return self.leveled(value),
            Expression::Operation { operator, left, right } => {
                let (sign, level) = sign(*operator);
                // A comparison of comparisons is never written without parentheses.
                let beside = if level == Level::Comparison { Level::Sum } else { level };
                let after = match level {
                    Level::Or => Level::Or,
                    Level::And => Level::And,
                    Level::Comparison => Level::Sum,
                    Level::Sum => Level::Product,
                    _ => Level::Atom,
                };
                let (left, right) = (self.at(left, beside), self.at(right, after));
                return (format!("{left} {sign} {right}"), level);
            }
            Expression::Function { name, arguments } => {
                let arguments: Vec<String> = arguments.iter().map(|argument| self.text(argument)).collect();
                format!("${name}({})", arguments.join(", "))
            }
            Expression::Conditional { condition, then, otherwise } => {
                let condition = self.at(condition, Level::Or);
                let then = self.at(then, Level::Or);
                let otherwise = self.text(otherwise);
                return (format!("{condition} ? {then} : {otherwise}"), Level::Conditional);
            }
            Expression::Let { bound, value, body } => {
                let value = self.at(value, Level::Or);
                let name = self.enter(*bound);
                let body = self.text(body);
                self.bound.pop();
                format!("(${name} := {value}; {body})")
            }
            Expression::Lambda { parameters, body } => {
                let names: Vec<String> =
                    parameters.iter().map(|parameter| format!("${}", self.enter(*parameter))).collect();
                let body = self.text(body);
                self.bound.truncate(self.bound.len() - parameters.len());
                format!("function({}) {{ {body} }}", names.join(", "))
            }
            Expression::Index { list, index } => {
                let (list, index) = (self.chosen_from(list), self.text(index));
                format!("{list}[{index}]")
            }
            Expression::Gathered(items) => format!("[{}]", self.at(items, Level::Or)),
            Expression::Range { first, last } => {
                format!("[{}..{}]", self.at(first, Level::Sum), self.at(last, Level::Sum))
            }
            Expression::Failure(message) => format!("$error({})", string(message)),
            Expression::Verbatim(text) => (*text).to_owned(),
            Expression::Code { parts, atomic, .. } => {
                let mut text = String::new();
                for (index, part) in parts.iter().enumerate() {
                    let is_base =
                        matches!(parts.get(index + 1), Some(Part::Text(next)) if next.starts_with(['.', '[']));
                    match part {
                        Part::Text(own) => text.push_str(own),
                        Part::Value(value) if is_base => text.push_str(&self.base(value)),
                        Part::Value(value) => text.push_str(&self.at(value, Level::Atom)),
                    }
                }
                return (text, if *atomic { Level::Atom } else { Level::Conditional });
            }
        };
        (text, Level::Atom)
    }

    /// The path to a member or an item, without what a missing one is read as.
    fn path(&mut self, expression: &Expression) -> String {
        match expression {
            Expression::Member { base, key, .. } if key.contains('`') => {
                format!("$lookup({}, {})", self.text(base), string(key))
            }
            Expression::Member { base, key, .. } => format!("{}.{}", self.base(base), step(key)),
            Expression::Item { base, index } => format!("{}[{index}]", self.chosen_from(base)),
            _ => self.at(expression, Level::Atom),
        }
    }

    /// A list before an index. What a computed index has chosen is a sequence of one for the next index, unless there are
    /// parentheses around it.
    fn chosen_from(&mut self, list: &Expression) -> String {
        let text = self.at(list, Level::Atom);
        match list {
            Expression::Index { .. } => format!("({text})"),
            Expression::Ranged { value, .. } => self.chosen_from(value),
            _ => text,
        }
    }

    /// What a path begins with.
    fn base(&mut self, expression: &Expression) -> String {
        let text = self.at(expression, Level::Atom);
        // A text in quotes at the beginning of a path is the name of a member; what a list in brackets has there, nobody gets.
        if text.starts_with(['"', '[']) { format!("({text})") } else { text }
    }

    /// An item between brackets, which JSONata flattens: an array there is put into brackets of its own.
    fn item(&mut self, item: &Expression, arrays: Arrays) -> String {
        match arrays {
            // What is written as an array, JSONata leaves whole.
            _ if matches!(item, Expression::Array(_) | Expression::Gathered(_) | Expression::Constant(_)) => {
                self.text(item)
            }
            Arrays::Never => self.at(item, Level::Or),
            Arrays::Always => format!("[{}]", self.at(item, Level::Or)),
            Arrays::Sometimes if item.is_place() => {
                let text = self.at(item, Level::Or);
                format!("($type({text}) = \"array\" ? [[{text}]] : {text})")
            }
            Arrays::Sometimes => {
                let (text, name) = (self.at(item, Level::Or), self.free("e"));
                format!("(${name} := {text}; $type(${name}) = \"array\" ? [[${name}]] : ${name})")
            }
        }
    }

    fn member(&mut self, member: &Member) -> String {
        let key = string(&member.key);
        if !member.skipped_if_none {
            return format!("{key}:{}", self.at(&member.value, Level::Or));
        }
        // A condition without an alternative is JSONata's undefined, and an undefined member is left out.
        match &member.value {
            Expression::Variable(_) => {
                let value = self.path(&member.value);
                format!("{key}:({value} != null ? {value})")
            }
            Expression::Member { .. } | Expression::Input => {
                let path = self.path(&member.value);
                format!("{key}:($exists({path}) and {path} != null ? {path})")
            }
            value => {
                let value = self.at(value, Level::Or);
                let name = self.free("o");
                format!("{key}:(${name} := {value}; ${name} != null ? ${name})")
            }
        }
    }

    /// Names what is bound from here on.
    fn enter(&mut self, bound: Bound) -> String {
        let name = self.free(bound.hint);
        self.bound.push((bound.number, name.clone()));
        name
    }

    /// `hint`, or `hint` with the first number that makes it a name of its own.
    fn free(&self, hint: &str) -> String {
        let taken = |name: &str| {
            is_built_in(name)
                || self.names.values().any(|known| known == name)
                || self.bound.iter().any(|(_, known)| known == name)
        };
        let numbered = (2..).map(|number: usize| format!("{hint}{number}"));
        std::iter::once(hint.to_owned()).chain(numbered).find(|name| !taken(name)).expect("numbers do not end")
    }
}

fn sign(operator: Operator) -> (&'static str, Level) {
    match operator {
        Operator::Add => ("+", Level::Sum),
        Operator::Subtract => ("-", Level::Sum),
        Operator::Join => ("&", Level::Sum),
        Operator::Multiply => ("*", Level::Product),
        Operator::Divide => ("/", Level::Product),
        Operator::Remainder => ("%", Level::Product),
        Operator::Equal => ("=", Level::Comparison),
        Operator::NotEqual => ("!=", Level::Comparison),
        Operator::Less => ("<", Level::Comparison),
        Operator::LessOrEqual => ("<=", Level::Comparison),
        Operator::Greater => (">", Level::Comparison),
        Operator::GreaterOrEqual => (">=", Level::Comparison),
        Operator::In => ("in", Level::Comparison),
        Operator::And => ("and", Level::And),
        Operator::Or => ("or", Level::Or),
    }
}

/// A step of a path: the key itself when it is a plain name, else in backquotes.
fn step(key: &str) -> String {
    let mut characters = key.chars();
    let plain = characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !matches!(key, "and" | "or" | "in" | "true" | "false" | "null" | "function");
    if plain { key.to_owned() } else { format!("`{key}`") }
}

fn string(text: &str) -> String {
    Value::from(text).to_json()
}

/// A constant in JSONata is its JSON text.
pub(super) fn constant(value: &Value) -> String {
    value.to_json()
}
