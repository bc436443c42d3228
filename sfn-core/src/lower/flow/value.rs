//! Expressions that yield data, with their types: reads, constructors, constants. Effects inside of them become steps.

mod branch;
mod construct;
mod method;
mod number;
mod operator;
#[cfg(test)]
mod tests;

use sfn_asl::Value;

pub(super) use branch::makes_steps;
pub(super) use construct::member;

use super::{Builder, Typed};
use crate::data::{Arrays, Schema};
use crate::lower::DefinitionError;
use crate::lower::expression::{Bound, Elements, Expression, Missing, Operator};
use crate::lower::syntax::{self, Binding};

/// AWS's limit on what a state is given and gives.
const LARGEST_CONSTANT: usize = 256 * 1024;

impl Builder<'_> {
    /// An expression that yields data; the effects in it become steps. `wanted` names the result of an effect.
    pub(super) fn value(
        &mut self,
        expression: &syntax::Expression,
        wanted: Option<Binding>,
    ) -> Result<Typed, DefinitionError> {
        match expression {
            syntax::Expression::Local { local } => {
                self.locals.get(local).cloned().ok_or_else(|| self.unexpected("a local that nothing binds"))
            }
            syntax::Expression::Field { base, name } => {
                let base = self.value(base, None)?;
                self.field(base, name)
            }
            syntax::Expression::Structure { site, name, fields } => self.structure(*site, name, fields),
            syntax::Expression::Tuple { site, items } => self.tuple(*site, items),
            syntax::Expression::Constant { site } => self.constant(*site),
            syntax::Expression::Control(control) => self.control_value(control),
            syntax::Expression::Await { site, effect: effect @ syntax::Effect::Pause { .. } } => {
                self.effect(*site, effect, wanted)
            }
            syntax::Expression::Try { value } => match value {
                syntax::Expression::Await { site, effect } => self.effect(*site, effect, wanted),
                _ => Err(self.unexpected("a `?` that follows no awaited call")),
            },
            syntax::Expression::Await { .. } | syntax::Expression::Success { .. } => {
                Err(self.unexpected("a `Result` that is used as data"))
            }
            syntax::Expression::Return { value } => {
                self.result(value)?;
                Ok(Typed::nothing())
            }
            syntax::Expression::Binary { operator, left, right, source } => self.binary(operator, left, right, source),
            syntax::Expression::Unary { operator, value, source } => self.unary(operator, value, source),
            syntax::Expression::Index { base, index, source } => self.index(base, index, source),
            syntax::Expression::Method { site, name, receiver, arguments, source } => {
                self.method(*site, name, receiver, arguments, source)
            }
            syntax::Expression::Closure { .. } => Err(self.unexpected("a closure that is no argument")),
            syntax::Expression::Convert { site, value } => {
                let value = self.value(value, None)?;
                self.converted(value, self.schema_at(*site)?)
            }
            syntax::Expression::Show { value } => {
                let value = self.value(value, None)?;
                Ok(Typed { expression: shown(value), schema: Schema::String })
            }
            syntax::Expression::Format { site, pieces } => {
                let schema = self.schema_at(*site)?;
                Ok(Typed { expression: self.format(pieces)?, schema })
            }
            syntax::Expression::List { site, items } => {
                let schema = self.schema_at(*site)?;
                let items = self.each(items.iter().copied())?;
                let items = items.into_iter().map(|item| (item.expression, item.schema.arrays()));
                Ok(Typed { expression: Expression::Array(items.collect()), schema })
            }
            syntax::Expression::Update { site, fields, base } => self.update(*site, fields, base),
            syntax::Expression::Narrow { site, value } => self.narrow(*site, value),
            syntax::Expression::Repeat { site, item, count } => {
                let schema = self.schema_at(*site)?;
                let [item, count] = self.operands([*item, *count])?;
                let arrays = item.schema.arrays();
                let expression = item.expression.bind("v", |item| {
                    let last = Box::new(count.expression);
                    let numbers = Expression::Range { first: Box::new(Expression::constant(1)), last };
                    Elements::new(numbers, Arrays::Never).map(Bound::new("i"), item, arrays).list
                });
                Ok(Typed { expression, schema })
            }
        }
    }

    /// Values in their order. What may end the run is evaluated before a state that a later one needs.
    pub(super) fn each<'e>(
        &mut self,
        expressions: impl IntoIterator<Item = &'e syntax::Expression>,
    ) -> Result<Vec<Typed>, DefinitionError> {
        let mut values: Vec<Typed> = Vec::new();
        for expression in expressions {
            if self.pure == 0 && makes_steps(expression) {
                for value in &mut values {
                    if value.expression.is_fallible() {
                        *value = self.keep("value", value.clone());
                    }
                }
            }
            values.push(self.value(expression, None)?);
        }
        Ok(values)
    }

    /// As [`Builder::each`], of as many as are named.
    pub(super) fn operands<const COUNT: usize>(
        &mut self,
        expressions: [&syntax::Expression; COUNT],
    ) -> Result<[Typed; COUNT], DefinitionError> {
        let values = self.each(expressions)?;
        values.try_into().map_err(|_| self.unexpected("operands that are no expressions"))
    }

    /// `format!`: the texts joined.
    fn format(&mut self, pieces: &[syntax::Piece]) -> Result<Expression, DefinitionError> {
        let values = pieces.iter().filter_map(|piece| match piece {
            syntax::Piece::Literal(_) => None,
            syntax::Piece::Value(value) => Some(*value),
        });
        let mut values = self.each(values)?.into_iter();
        let mut joined: Option<Expression> = None;
        for piece in pieces {
            let text = match piece {
                syntax::Piece::Literal(text) => Some(Expression::constant(*text)),
                syntax::Piece::Value(_) => values.next().map(shown),
            };
            let Some(text) = text else { continue };
            joined = Some(match joined {
                None => text,
                Some(before) => Expression::operation(Operator::Join, before, text),
            });
        }
        Ok(joined.unwrap_or_else(|| Expression::constant("")))
    }

    /// The same value in another type.
    fn converted(&self, value: Typed, schema: Schema) -> Result<Typed, DefinitionError> {
        let expression = match (&value.schema, &schema) {
            (Schema::Integer(_), Schema::Integer(_)) => {
                let (low, high) = value.expression.range(&value.schema);
                value.expression.ranged(low, high)
            }
            (Schema::Option(inner), Schema::Option(_)) if inner().is_option() => {
                return Err(self.unexpected("an option of an option, which JSON does not tell from an option"));
            }
            _ => value.expression,
        };
        Ok(Typed { expression, schema })
    }

    pub(super) fn field(&self, base: Typed, name: &str) -> Result<Typed, DefinitionError> {
        let expression = Box::new(base.expression);
        match &base.schema {
            Schema::Newtype { inner, field, .. } if name == *field => {
                Ok(Typed { expression: *expression, schema: inner() })
            }
            Schema::Tuple(items) => {
                let index = name.parse::<usize>().ok();
                let Some((index, schema)) = index.and_then(|index| Some((index, items.get(index)?))) else {
                    return Err(self.no_field(&base.schema, name));
                };
                Ok(Typed { expression: Expression::Item { base: expression, index }, schema: schema() })
            }
            schema => {
                let field = schema.field(name).ok_or_else(|| self.no_field(schema, name))?;
                if field.flattened {
                    return self.flattened(Typed { expression: *expression, schema: (field.schema)() });
                }
                // What stands beside the field may fail; then the object is evaluated as a whole.
                if let Expression::Object(members) = &*expression
                    && !members.iter().any(|member| member.key != field.wire && member.value.is_fallible())
                {
                    let found = members.iter().find(|member| member.key == field.wire);
                    let value = found.map_or(Expression::Constant(Value::Null), |member| member.value.clone());
                    return Ok(Typed { expression: value, schema: (field.schema)() });
                }
                let missing = match field.missing() {
                    Some(missing) => Missing::Reads(missing().ok_or_else(|| DefinitionError::NoDefault {
                        structure: schema.to_string(),
                        field: name.to_owned(),
                    })?),
                    None => Missing::Never,
                };
                let expression = Expression::Member { base: expression, key: field.wire.to_owned(), missing };
                Ok(Typed { expression, schema: (field.schema)() })
            }
        }
    }

    pub(super) fn tuple(&mut self, site: usize, items: &[&syntax::Expression]) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        if items.is_empty() {
            return Ok(Typed { expression: Expression::Constant(Value::Null), schema });
        }
        let items = self.each(items.iter().copied())?;
        let expression =
            Expression::Array(items.into_iter().map(|item| (item.expression, item.schema.arrays())).collect());
        Ok(Typed { expression, schema })
    }

    pub(super) fn constant(&self, site: usize) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        match self.witness.constant_at(site) {
            Some(Ok(value)) if value.json_size() > LARGEST_CONSTANT => {
                Err(DefinitionError::ConstantTooLarge { bytes: value.json_size(), limit: LARGEST_CONSTANT })
            }
            Some(Ok(value)) => Ok(Typed { expression: Expression::Constant(value.clone()), schema }),
            Some(Err(error)) => Err(DefinitionError::Constant { message: error.to_string() }),
            None => Err(self.unexpected("a constant that nobody witnessed")),
        }
    }
}

/// The text of a value.
fn shown(value: Typed) -> Expression {
    match (value.expression, value.schema) {
        (expression, Schema::String | Schema::Char) => expression,
        (Expression::Constant(value), _) => Expression::constant(value.to_json()),
        (expression, _) => Expression::function("string", [expression]),
    }
}
