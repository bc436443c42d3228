//! What an expression means in Rust: the methods of std, and the gate's checked arithmetic.

use std::collections::HashMap;

use super::generate::Generator;
use super::{Datum, Kind};
use crate::gate;
use crate::lower::syntax::{Bound, Condition, Control, Expression, Pattern, Piece};

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

/// A method of numbers by its name.
macro_rules! of_number {
    ($name:expr, $left:expr, $right:expr, $kind:expr, $source:expr) => {{
        let datum = |number: i128| Datum::Whole(number, $kind);
        match $name {
            "min" => datum(gate::smaller($left, $right) as i128),
            "max" => datum(gate::larger($left, $right) as i128),
            "saturating_add" => datum(gate::saturating_add($left, $right, $source) as i128),
            "saturating_sub" => datum(gate::saturating_sub($left, $right, $source) as i128),
            "saturating_mul" => datum(gate::saturating_mul($left, $right, $source) as i128),
            "checked_add" => maybe(gate::checked_add($left, $right, $source).map(|number| datum(number as i128))),
            "checked_sub" => maybe(gate::checked_sub($left, $right, $source).map(|number| datum(number as i128))),
            "checked_mul" => maybe(gate::checked_mul($left, $right, $source).map(|number| datum(number as i128))),
            "checked_div" => maybe(gate::checked_div($left, $right, $source).map(|number| datum(number as i128))),
            _ => maybe(gate::checked_rem($left, $right, $source).map(|number| datum(number as i128))),
        }
    }};
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
            Expression::Control(Control::If {
                condition: Condition::Let { pattern, value },
                then,
                otherwise: Some(otherwise),
                ..
            }) => {
                let subject = self.value(value);
                if self.matches(pattern, &subject) {
                    self.value(then.tail.expect("a block has its value"))
                } else {
                    self.value(otherwise)
                }
            }
            Expression::Control(Control::Match { subject, arms, .. }) => {
                let subject = self.value(subject);
                for arm in *arms {
                    if self.matches(&arm.pattern, &subject) && arm.guard.is_none_or(|guard| truth(self.value(guard))) {
                        return self.value(arm.body);
                    }
                }
                panic!("the last arm takes all")
            }
            Expression::Narrow { site, value } => {
                let number = signed(self.value(value));
                let (kind, most) = match self.kinds[*site] {
                    Kind::MaybeIndex => ("usize", i128::from(u64::MAX)),
                    _ => ("u32", i128::from(u32::MAX)),
                };
                maybe((0..=most).contains(&number).then_some(Datum::Whole(number, kind)))
            }
            Expression::Repeat { item, count, .. } => {
                let item = self.value(item);
                Datum::List(vec![item; whole(self.value(count))])
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
            (Datum::Whole(left, kind), _) => {
                let right = arguments.first().map_or(0, |argument| signed(self.value(argument)));
                match kind {
                    "u8" => of_number!(name, left as u8, right as u8, kind, source),
                    "i32" if name == "abs" => Datum::Whole(gate::absolute(left as i32, source).into(), kind),
                    "i32" => of_number!(name, left as i32, right as i32, kind, source),
                    "u64" => of_number!(name, left as u64, right as u64, kind, source),
                    "usize" => of_number!(name, left as usize, right as usize, kind, source),
                    _ => of_number!(name, left as u32, right as u32, kind, source),
                }
            }
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
                ("filter", [closure]) => {
                    Datum::Maybe(option.filter(|datum| truth(self.call(closure, (**datum).clone()))))
                }
                ("is_some_and", [closure]) => {
                    Datum::Bool(option.is_some_and(|datum| truth(self.call(closure, *datum))))
                }
                ("is_none_or", [closure]) => Datum::Bool(option.is_none_or(|datum| truth(self.call(closure, *datum)))),
                ("map_or", [other, closure]) => {
                    let other = self.value(other);
                    option.map_or(other, |datum| self.call(closure, *datum))
                }
                ("or_else", [other]) => match option {
                    Some(datum) => Datum::Maybe(Some(datum)),
                    None => self.call(other, Datum::Maybe(None)),
                },
                ("unwrap_or_else", [other]) => match option {
                    Some(datum) => *datum,
                    None => self.call(other, Datum::Maybe(None)),
                },
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
                ("concat", _) if kind == Kind::Text => Datum::Text(items.into_iter().map(text_of).collect()),
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
            ("filter_map", [closure]) => {
                let items = self.items(receiver).into_iter();
                let found = items.filter_map(|item| match self.call(closure, item) {
                    Datum::Maybe(found) => found.map(|found| *found),
                    other => panic!("{other:?} is no option"),
                });
                found.collect()
            }
            ("flat_map", [closure]) => {
                let items = self.items(receiver);
                items.into_iter().flat_map(|item| list(self.call(closure, item))).collect()
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
            ("find_map", [closure]) => {
                let found = items.into_iter().find_map(|item| match self.call(closure, item) {
                    Datum::Maybe(found) => found,
                    other => panic!("{other:?} is no option"),
                });
                Datum::Maybe(found)
            }
            ("fold", [start, closure]) => {
                let start = self.value(start);
                items.into_iter().fold(start, |sum, item| self.call(closure, Datum::List(vec![sum, item])))
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

    /// Whether a pattern matches; its names are bound.
    fn matches(&mut self, pattern: &Pattern, datum: &Datum) -> bool {
        match (pattern, datum) {
            (Pattern::Any, _) => true,
            (Pattern::Name { binding, inner }, _) => {
                let matches = inner.is_none_or(|inner| self.matches(inner, datum));
                self.locals.insert(binding.local, datum.clone());
                matches
            }
            (Pattern::Integer(number), Datum::Whole(found, _)) => i128::from(*number) == *found,
            (Pattern::Text(text), Datum::Text(found)) => text == found,
            (Pattern::Path { .. }, Datum::Maybe(option)) => option.is_none(),
            (Pattern::Items { items, .. }, Datum::Maybe(option)) => match option {
                Some(datum) => self.matches(&items[0], datum),
                None => false,
            },
            (Pattern::Or(alternatives), _) => alternatives.iter().any(|pattern| self.matches(pattern, datum)),
            (Pattern::Range { low, high, closed }, Datum::Whole(found, _)) => {
                let number = |bound: &Bound| match bound {
                    Bound::Integer(number) => i128::from(*number),
                    other => panic!("{other:?} is not generated"),
                };
                let above = low.as_ref().is_none_or(|low| *found >= number(low));
                let below = |high| if *closed { *found <= high } else { *found < high };
                above && high.as_ref().is_none_or(|high| below(number(high)))
            }
            (Pattern::Slice { items, rest }, Datum::List(found)) => {
                let (before, behind) = match rest {
                    None if items.len() != found.len() => return false,
                    None => (items.len(), 0),
                    Some(_) if items.len() > found.len() => return false,
                    Some((place, _)) => (*place, items.len() - place),
                };
                if let Some((_, Some(binding))) = rest {
                    let rest = found[before..found.len() - behind].to_vec();
                    self.locals.insert(binding.local, Datum::List(rest));
                }
                let ends = found[..before].iter().chain(&found[found.len() - behind..]);
                items.iter().zip(ends).all(|(item, datum)| self.matches(item, datum))
            }
            other => panic!("{other:?} is not generated"),
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
