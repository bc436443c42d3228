//! What an expression means in Rust: the methods of std, and the gate's checked arithmetic.

use std::collections::HashMap;

use super::generate::Generator;
use super::{Datum, Kind};
use crate::gate;
use crate::lower::syntax::{Expression, Piece};

/// A gate by its operator.
macro_rules! arithmetic {
    ($operator:expr, $left:expr, $right:expr, $source:expr) => {
        match $operator {
            "+" => gate::add($left, $right, $source),
            "-" => gate::subtract($left, $right, $source),
            "*" => gate::multiply($left, $right, $source),
            "/" => gate::divide($left, $right, $source),
            _ => gate::remainder($left, $right, $source),
        }
    };
}

/// Evaluates expressions over values of their locals.
pub(super) struct Interpreter<'a> {
    constants: &'a HashMap<usize, Datum>,
    kinds: &'a [Kind],
    locals: HashMap<usize, Datum>,
}

impl<'a> Interpreter<'a> {
    pub(super) fn new(generator: &'a Generator, values: &[Datum]) -> Self {
        let (constants, kinds) = (&generator.constants, &generator.kinds[..]);
        Interpreter { constants, kinds, locals: values.iter().cloned().enumerate().collect() }
    }

    /// The value, or what the check says that fails.
    pub(super) fn run(&mut self, expression: &Expression) -> Result<Datum, String> {
        gate::caught(|| self.value(expression))
    }

    fn value(&mut self, expression: &Expression) -> Datum {
        match expression {
            Expression::Local { local } => self.locals[local].clone(),
            Expression::Constant { site } => self.constants[site].clone(),
            Expression::Convert { value, site } => self.converted(*site, value),
            Expression::Binary { operator: operator @ ("&&" | "||"), left, right, .. } => {
                let left = truth(self.value(left));
                if left == (*operator == "||") { Datum::Bool(left) } else { self.value(right) }
            }
            Expression::Binary { operator, left, right, source } => {
                let (left, right) = (self.value(left), self.value(right));
                binary(operator, left, right, source)
            }
            Expression::Unary { operator: "!", value, .. } => Datum::Bool(!truth(self.value(value))),
            Expression::Unary { value, source, .. } => match self.value(value) {
                Datum::Whole(number, kind) => Datum::Whole(i128::from(gate::negate(number as i32, source)), kind),
                other => panic!("{other:?} is not negated"),
            },
            Expression::Index { base, index, source } => {
                let list = list(self.value(base));
                gate::index(list, whole(self.value(index)), source)
            }
            Expression::List { items, .. } => Datum::List(items.iter().map(|item| self.value(item)).collect()),
            Expression::Format { pieces, .. } => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Literal(text) => (*text).to_owned(),
                    Piece::Value(value) => shown(self.value(value)),
                });
                Datum::Text(pieces.collect())
            }
            Expression::Method { site: None, .. } => Datum::List(self.items(expression)),
            Expression::Method { site: Some(site), name, receiver, arguments, source } => {
                self.method(self.kinds[*site], name, receiver, arguments, source)
            }
            other => panic!("{other:?} is not generated"),
        }
    }

    /// `u32::from(u8)`, `u64::from(..)`, `Some(..)`
    fn converted(&mut self, site: usize, value: &Expression) -> Datum {
        match (self.value(value), self.kinds[site]) {
            (Datum::Whole(number, _), Kind::U32) => Datum::Whole(number, "u32"),
            (Datum::Whole(number, _), Kind::U64) => Datum::Whole(number, "u64"),
            (datum, _) => maybe(Some(datum)),
        }
    }

    fn method(
        &mut self,
        kind: Kind,
        name: &str,
        receiver: &Expression,
        arguments: &[&'static Expression],
        source: &'static str,
    ) -> Datum {
        if let Expression::Method { name: "chars", receiver: text, .. } = receiver {
            return Datum::Whole(text_of(self.value(text)).chars().count() as i128, "usize");
        }
        if let Expression::Method { site: None, .. } = receiver {
            let items = self.items(receiver);
            return self.ending(kind, name, items, arguments, source);
        }
        match (self.value(receiver), name) {
            (datum, "to_string") => Datum::Text(shown(datum)),
            (Datum::Text(text), _) => {
                let mut texts = arguments.iter().map(|argument| text_of(self.value(argument)));
                let mut argument = || texts.next().unwrap_or_default();
                match name {
                    "is_empty" => Datum::Bool(text.is_empty()),
                    "contains" => Datum::Bool(text.contains(&argument())),
                    "starts_with" => Datum::Bool(text.starts_with(&argument())),
                    "ends_with" => Datum::Bool(text.ends_with(&argument())),
                    "to_uppercase" => Datum::Text(text.to_uppercase()),
                    "to_lowercase" => Datum::Text(text.to_lowercase()),
                    "trim" => Datum::Text(text.trim().to_owned()),
                    "replace" => {
                        let part = argument();
                        Datum::Text(text.replace(&part, &argument()))
                    }
                    _ => panic!("`{name}` is not generated"),
                }
            }
            (Datum::Maybe(option), _) => match (name, arguments) {
                ("is_some", _) => Datum::Bool(option.is_some()),
                ("is_none", _) => Datum::Bool(option.is_none()),
                ("unwrap_or", [other]) => {
                    let other = self.value(other);
                    option.map_or(other, |datum| *datum)
                }
                ("or", [other]) => {
                    let other = self.value(other);
                    if option.is_some() { Datum::Maybe(option) } else { other }
                }
                ("unwrap_or_default", _) => match option {
                    Some(datum) => *datum,
                    None if kind == Kind::Numbers => Datum::List(Vec::new()),
                    None => Datum::Whole(0, "usize"),
                },
                ("map", [closure]) => Datum::Maybe(option.map(|datum| Box::new(self.call(closure, *datum)))),
                ("and_then", [closure]) => option.map_or(Datum::Maybe(None), |datum| self.call(closure, *datum)),
                _ => panic!("`{name}` is not generated"),
            },
            (Datum::List(items), _) => match (name, arguments) {
                ("len", _) => Datum::Whole(items.len() as i128, "usize"),
                ("is_empty", _) => Datum::Bool(items.is_empty()),
                ("first", _) => maybe(items.first().cloned()),
                ("last", _) => maybe(items.last().cloned()),
                ("get", [index]) => {
                    let index = whole(self.value(index));
                    maybe(items.get(index).cloned())
                }
                ("contains", [item]) => {
                    let item = self.value(item);
                    Datum::Bool(items.iter().any(|known| known.value() == item.value()))
                }
                ("concat", _) => Datum::List(items.into_iter().flat_map(list).collect()),
                ("join", [separator]) => {
                    let separator = text_of(self.value(separator));
                    let texts: Vec<String> = items.into_iter().map(text_of).collect();
                    Datum::Text(texts.join(&separator))
                }
                _ => panic!("`{name}` is not generated"),
            },
            (other, _) => panic!("`{name}` of {other:?} is not generated"),
        }
    }

    fn items(&mut self, expression: &Expression) -> Vec<Datum> {
        let Expression::Method { site: None, name, receiver, arguments, .. } = expression else {
            return list(self.value(expression));
        };
        match (*name, *arguments) {
            ("iter", _) => list(self.value(receiver)),
            ("split", _) => text_of(self.value(receiver)).split(',').map(|part| Datum::Text(part.to_owned())).collect(),
            ("rev", _) => self.items(receiver).into_iter().rev().collect(),
            ("filter", [closure]) => {
                let items = self.items(receiver);
                items.into_iter().filter(|item| truth(self.call(closure, item.clone()))).collect()
            }
            ("map", [closure]) => {
                let items = self.items(receiver);
                items.into_iter().map(|item| self.call(closure, item)).collect()
            }
            ("take", [limit]) => {
                let items = self.items(receiver);
                let limit = whole(self.value(limit));
                items.into_iter().take(limit).collect()
            }
            ("skip", [limit]) => {
                let items = self.items(receiver);
                let limit = whole(self.value(limit));
                items.into_iter().skip(limit).collect()
            }
            ("enumerate", _) => {
                let items = self.items(receiver).into_iter().enumerate();
                items.map(|(index, item)| Datum::List(vec![Datum::Whole(index as i128, "usize"), item])).collect()
            }
            ("zip", [other]) => {
                let items = self.items(receiver);
                let others = self.items(other);
                items.into_iter().zip(others).map(|(item, other)| Datum::List(vec![item, other])).collect()
            }
            _ => panic!("`{name}` is not generated"),
        }
    }

    fn ending(
        &mut self,
        kind: Kind,
        name: &str,
        items: Vec<Datum>,
        arguments: &[&'static Expression],
        source: &'static str,
    ) -> Datum {
        match (name, arguments) {
            ("collect", _) => Datum::List(items),
            ("count", _) => Datum::Whole(items.len() as i128, "usize"),
            ("any", [closure]) => Datum::Bool(items.into_iter().any(|item| truth(self.call(closure, item)))),
            ("all", [closure]) => Datum::Bool(items.into_iter().all(|item| truth(self.call(closure, item)))),
            ("find", [closure]) => maybe(items.into_iter().find(|item| truth(self.call(closure, item.clone())))),
            ("position", [closure]) => {
                let position = items.into_iter().position(|item| truth(self.call(closure, item)));
                maybe(position.map(|position| Datum::Whole(position as i128, "usize")))
            }
            ("max", _) => maybe(gate::greatest(items.into_iter().map(|item| whole(item) as u32)).map(number)),
            ("min", _) => maybe(gate::least(items.into_iter().map(|item| whole(item) as u32)).map(number)),
            ("sum", _) => match kind {
                Kind::I32 => {
                    let items = items.into_iter().map(|item| signed(item) as i32);
                    Datum::Whole(gate::sum::<i32, _>(items, source).into(), "i32")
                }
                _ => number(gate::sum::<u32, _>(items.into_iter().map(|item| whole(item) as u32), source)),
            },
            _ => panic!("`{name}` is not generated"),
        }
    }

    fn call(&mut self, closure: &Expression, item: Datum) -> Datum {
        let Expression::Closure { captures, body } = closure else { panic!("{closure:?} is no closure") };
        for capture in *captures {
            let part = capture.path.iter().fold(item.clone(), |datum, index| list(datum)[*index].clone());
            self.locals.insert(capture.binding.local, part);
        }
        self.value(body)
    }
}

fn binary(operator: &str, left: Datum, right: Datum, source: &'static str) -> Datum {
    match operator {
        "==" => return Datum::Bool(left.value() == right.value()),
        "!=" => return Datum::Bool(left.value() != right.value()),
        _ => {}
    }
    match (left, right) {
        (Datum::Text(left), Datum::Text(right)) => Datum::Text(gate::add(left, &right, source)),
        (Datum::Float(left), Datum::Float(right)) => match operator {
            "<" => Datum::Bool(left < right),
            "<=" => Datum::Bool(left <= right),
            ">" => Datum::Bool(left > right),
            ">=" => Datum::Bool(left >= right),
            _ => Datum::Float(arithmetic!(operator, left, right, source)),
        },
        (Datum::Whole(left, kind), Datum::Whole(right, other)) => match operator {
            "<" => Datum::Bool(left < right),
            "<=" => Datum::Bool(left <= right),
            ">" => Datum::Bool(left > right),
            ">=" => Datum::Bool(left >= right),
            _ => {
                assert_eq!(kind, other);
                let result = match kind {
                    "u8" => i128::from(arithmetic!(operator, left as u8, right as u8, source)),
                    "i32" => i128::from(arithmetic!(operator, left as i32, right as i32, source)),
                    "u64" => i128::from(arithmetic!(operator, left as u64, right as u64, source)),
                    "usize" => arithmetic!(operator, left as usize, right as usize, source) as i128,
                    _ => i128::from(arithmetic!(operator, left as u32, right as u32, source)),
                };
                Datum::Whole(result, kind)
            }
        },
        (left, right) => panic!("{left:?} {operator} {right:?} is not generated"),
    }
}

fn truth(datum: Datum) -> bool {
    match datum {
        Datum::Bool(truth) => truth,
        other => panic!("{other:?} is no truth value"),
    }
}

fn signed(datum: Datum) -> i128 {
    match datum {
        Datum::Whole(number, _) => number,
        other => panic!("{other:?} is no whole number"),
    }
}

fn whole(datum: Datum) -> usize {
    usize::try_from(signed(datum)).unwrap()
}

fn number(number: u32) -> Datum {
    Datum::Whole(number.into(), "u32")
}

fn text_of(datum: Datum) -> String {
    match datum {
        Datum::Text(text) => text,
        other => panic!("{other:?} is no text"),
    }
}

fn list(datum: Datum) -> Vec<Datum> {
    match datum {
        Datum::List(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

fn maybe(datum: Option<Datum>) -> Datum {
    Datum::Maybe(datum.map(Box::new))
}

fn shown(datum: Datum) -> String {
    match datum {
        Datum::Whole(number, _) => number.to_string(),
        Datum::Bool(truth) => truth.to_string(),
        Datum::Text(text) => text,
        other => panic!("{other:?} is not shown"),
    }
}
