//! Patterns: what they ask of a value, and what they bind.

use sfn_asl::Value;
use sfn_asl::value::Number;

use super::{Builder, Typed};
use crate::data::{Enumeration, Place, Schema, Shape, Step, Variant};
use crate::lower::DefinitionError;
use crate::lower::expression::{Elements, Expression, Missing, Operator, count};
use crate::lower::syntax::{Binding, Bound, Pattern};

/// Stands for the value in the conditions of enums.
const SUBJECT: char = '\u{1}';

/// What a pattern asks and binds.
#[derive(Default)]
pub(super) struct Test {
    /// All of them must hold.
    conditions: Vec<Expression>,
    pub(super) bindings: Vec<(Binding, Typed)>,
    /// True when it asks for a variant of an enum, and the value may be none of those known.
    pub(super) asks_variant: bool,
}

impl Test {
    /// The condition; `None` when every value matches.
    pub(super) fn condition(&self) -> Option<Expression> {
        self.conditions.iter().cloned().reduce(Expression::and)
    }
}

impl Builder<'_> {
    /// What `pattern` asks of `subject`.
    pub(super) fn test(&self, pattern: &Pattern, subject: &Typed) -> Result<Test, DefinitionError> {
        let mut test = Test::default();
        self.add(&mut test, pattern, subject)?;
        Ok(test)
    }

    fn add(&self, test: &mut Test, pattern: &Pattern, subject: &Typed) -> Result<(), DefinitionError> {
        let value = || subject.expression.clone();
        match pattern {
            Pattern::Any => {}
            Pattern::Name { binding, inner } => {
                if let Some(inner) = inner {
                    self.add(test, inner, subject)?;
                }
                test.bindings.push((*binding, subject.clone()));
            }
            Pattern::Integer(number) => test.conditions.push(equals(value(), Value::from(*number))),
            Pattern::Text(text) => test.conditions.push(equals(value(), Value::from(*text))),
            Pattern::Bool(true) => test.conditions.push(value()),
            Pattern::Bool(false) => test.conditions.push(Expression::function("not", [value()])),
            Pattern::Path { name: "None" } if matches!(subject.schema, Schema::Option(_)) => {
                test.conditions.push(Expression::function("not", [present(&subject.expression)]));
            }
            Pattern::Items { name: "Some", items: [item], .. } if matches!(subject.schema, Schema::Option(_)) => {
                let Schema::Option(inner) = subject.schema else { return Ok(()) };
                test.conditions.push(present(&subject.expression));
                self.add(test, item, &Typed { expression: value().bare(), schema: inner() })?;
            }
            Pattern::Path { name } => {
                if let Schema::Enumeration(enumeration) = &subject.schema {
                    self.variant(test, enumeration, name, subject)?;
                } else if !matches!(subject.schema, Schema::Unit) {
                    return Err(self.unexpected(&format!("the constant `{name}` in a pattern; compare it in a guard")));
                }
            }
            Pattern::Items { name, items, rest } => {
                let fields = self.unnamed(test, name, items.len(), *rest, subject)?;
                for (item, field) in items.iter().zip(fields) {
                    self.add(test, item, &field)?;
                }
            }
            Pattern::Fields { name, fields } => match &subject.schema {
                Schema::Enumeration(enumeration) => {
                    let variant = self.variant(test, enumeration, name, subject)?;
                    for (field, pattern) in *fields {
                        let place = self.part(enumeration, variant, field, subject)?;
                        self.add(test, pattern, &place)?;
                    }
                }
                _ => {
                    for (field, pattern) in *fields {
                        let field = self.field(subject.clone(), field)?;
                        self.add(test, pattern, &field)?;
                    }
                }
            },
            Pattern::Or(alternatives) => self.any_of(test, alternatives, subject)?,
            Pattern::Float(number) => test.conditions.push(equals(value(), float(*number))),
            Pattern::Constant { name, site } => match &subject.schema {
                Schema::Enumeration(enumeration) if enumeration.variant(name).is_some() => {
                    self.variant(test, enumeration, name, subject)?;
                }
                _ => {
                    let constant = self.scalar(*site, name)?;
                    test.conditions.push(equals(value(), constant));
                }
            },
            Pattern::Range { low, high, closed } => {
                if let Some(low) = low {
                    let low = Expression::Constant(self.bound(low)?);
                    test.conditions.push(Expression::operation(Operator::GreaterOrEqual, value(), low));
                }
                if let Some(high) = high {
                    let operator = if *closed { Operator::LessOrEqual } else { Operator::Less };
                    let high = Expression::Constant(self.bound(high)?);
                    test.conditions.push(Expression::operation(operator, value(), high));
                }
            }
            Pattern::Slice { items, rest } => self.slice(test, items, *rest, subject)?,
        }
        Ok(())
    }

    /// What stands in the parentheses of a pattern.
    fn unnamed(
        &self,
        test: &mut Test,
        name: &str,
        count: usize,
        rest: Option<usize>,
        subject: &Typed,
    ) -> Result<Vec<Typed>, DefinitionError> {
        let field_of = |index: usize, length: usize| match rest {
            Some(rest) if index >= rest => length - count + index,
            _ => index,
        };
        match &subject.schema {
            Schema::Enumeration(enumeration) => {
                let variant = self.variant(test, enumeration, name, subject)?;
                let length = match &variant.shape {
                    Shape::Tuple(items) => items.len(),
                    _ => 1,
                };
                (0..count)
                    .map(|index| self.part(enumeration, variant, &field_of(index, length).to_string(), subject))
                    .collect()
            }
            Schema::Tuple(items) => {
                (0..count).map(|index| self.field(subject.clone(), &field_of(index, items.len()).to_string())).collect()
            }
            _ => (0..count).map(|index| self.field(subject.clone(), &index.to_string())).collect(),
        }
    }

    /// `[first, .., last]`
    fn slice(
        &self,
        test: &mut Test,
        items: &[Pattern],
        rest: Option<(usize, Option<Binding>)>,
        subject: &Typed,
    ) -> Result<(), DefinitionError> {
        let Schema::List(item) = subject.schema else {
            return Err(self.unexpected("a pattern in brackets for what is no list"));
        };
        let list = || subject.expression.clone();
        let length = |count: usize| Expression::constant(i64::try_from(count).unwrap_or(i64::MAX));
        let behind = rest.map_or(0, |(place, _)| items.len() - place);
        match rest {
            None => {
                test.conditions.push(Expression::operation(Operator::Equal, count(list()), length(items.len())));
            }
            Some(_) if items.is_empty() => {}
            Some(_) => test.conditions.push(Expression::operation(
                Operator::GreaterOrEqual,
                count(list()),
                length(items.len()),
            )),
        }
        for (index, pattern) in items.iter().enumerate() {
            // Behind `..` they are counted from the end.
            let index = match i64::try_from(items.len() - index) {
                Ok(from_end) if items.len() - index <= behind => Expression::constant(-from_end),
                _ => length(index),
            };
            let expression = Expression::Index { list: Box::new(list()), index: Box::new(index) };
            self.add(test, pattern, &Typed { expression, schema: item() })?;
        }
        if let Some((place, Some(binding))) = rest {
            let elements = Elements::new(list(), item().arrays()).between(place, behind);
            test.bindings.push((binding, Typed { expression: elements.list, schema: subject.schema.clone() }));
        }
        Ok(())
    }

    /// A constant that can be compared.
    fn scalar(&self, site: usize, name: &str) -> Result<Value, DefinitionError> {
        match self.constant(site)?.expression {
            Expression::Constant(value) if !matches!(value, Value::Array(_) | Value::Object(_)) => Ok(value),
            _ => Err(self.unexpected(&format!("the constant `{name}` in a pattern; compare it in a guard"))),
        }
    }

    fn bound(&self, bound: &Bound) -> Result<Value, DefinitionError> {
        Ok(match bound {
            Bound::Integer(number) => Value::from(*number),
            Bound::Float(number) => float(*number),
            Bound::Text(text) => Value::from(*text),
            Bound::Bool(truth) => Value::from(*truth),
            Bound::Constant { site } => {
                let value = self.scalar(*site, "..")?;
                // Behind that, the code units by which JSONata orders texts are not ordered as characters are.
                if value.as_str().is_some_and(|text| text.chars().any(|character| character > '\u{D7FF}')) {
                    return Err(self.unexpected("a range of characters that goes beyond U+D800"));
                }
                value
            }
        })
    }

    fn variant<'a>(
        &self,
        test: &mut Test,
        enumeration: &'a Enumeration,
        name: &str,
        subject: &Typed,
    ) -> Result<&'a Variant, DefinitionError> {
        let variant = enumeration.variant(name).ok_or_else(|| self.no_field(&subject.schema, name))?;
        let text = enumeration.test(variant, &SUBJECT.to_string());
        test.conditions.push(Expression::condition(&text, SUBJECT, &subject.expression.clone().bare()));
        test.asks_variant = true;
        Ok(variant)
    }

    /// A field of a variant.
    fn part(
        &self,
        enumeration: &Enumeration,
        variant: &Variant,
        field: &str,
        subject: &Typed,
    ) -> Result<Typed, DefinitionError> {
        let place = enumeration.place(variant, field).ok_or_else(|| self.no_field(&subject.schema, field))?;
        let Place { steps, schema, missing, shared } = place;
        let mut expression = subject.expression.clone();
        for step in steps {
            expression = match step {
                Step::Member(key) => {
                    Expression::Member { base: Box::new(expression), key: key.to_owned(), missing: Missing::Never }
                }
                Step::Item(index) => Expression::Item { base: Box::new(expression), index },
            };
        }
        if let (Expression::Member { missing: reads, .. }, Some(value)) = (&mut expression, missing) {
            *reads = Missing::Reads(value().ok_or_else(|| DefinitionError::NoDefault {
                structure: format!("{}::{}", enumeration.name, variant.name),
                field: field.to_owned(),
            })?);
        }
        let typed = Typed { expression, schema: schema() };
        if shared { self.flattened(typed) } else { Ok(typed) }
    }

    fn any_of(&self, test: &mut Test, alternatives: &[Pattern], subject: &Typed) -> Result<(), DefinitionError> {
        let tests = alternatives.iter().map(|pattern| self.test(pattern, subject)).collect::<Result<Vec<_>, _>>()?;
        test.asks_variant |= tests.iter().any(|test| test.asks_variant);
        let conditions: Option<Vec<_>> = tests.iter().map(Test::condition).collect();
        // Each alternative binds the same names; the first that holds says where they stand.
        let mut bindings: Vec<(Binding, Typed)> = Vec::new();
        for alternative in tests.iter().rev() {
            for (binding, typed) in &alternative.bindings {
                match bindings.iter_mut().find(|(known, _)| known.local == binding.local) {
                    None => bindings.push((*binding, typed.clone())),
                    Some((_, known)) => {
                        if let (Some(condition), true) =
                            (alternative.condition(), !known.expression.is_same(&typed.expression))
                        {
                            known.expression =
                                Expression::conditional(condition, typed.expression.clone(), known.expression.clone());
                        }
                    }
                }
            }
        }
        test.bindings.extend(bindings);
        if let Some(conditions) = conditions {
            test.conditions.extend(conditions.into_iter().reduce(Expression::or));
        }
        Ok(())
    }
}

/// True when an option is `Some`.
pub(super) fn present(option: &Expression) -> Expression {
    let place = option.clone().bare();
    Expression::and(
        Expression::function("exists", [place.clone()]),
        Expression::operation(Operator::NotEqual, place, Expression::null()),
    )
}

fn float(number: f64) -> Value {
    Number::from_float(number).map_or(Value::Null, Value::Number)
}

fn equals(value: Expression, constant: Value) -> Expression {
    Expression::operation(Operator::Equal, value, Expression::Constant(constant))
}
