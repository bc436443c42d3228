//! Expressions that yield data, with their types: reads, constructors, constants. Effects inside of them become steps.

mod construct;
mod method;
mod operator;
#[cfg(test)]
mod tests;

use sfn_asl::Value;

pub(super) use construct::member;

use super::{Builder, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Missing, Operator};
use crate::lower::syntax::{self, Binding};

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
                let items = items.iter().map(|item| self.value(item, None)).collect::<Result<Vec<_>, _>>()?;
                let items = items.into_iter().map(|item| (item.expression, item.schema.arrays()));
                Ok(Typed { expression: Expression::Array(items.collect()), schema })
            }
            syntax::Expression::Update { site, fields, base } => self.update(*site, fields, base),
        }
    }

    /// `format!`: the texts joined.
    fn format(&mut self, pieces: &[syntax::Piece]) -> Result<Expression, DefinitionError> {
        let mut joined: Option<Expression> = None;
        for piece in pieces {
            let text = match piece {
                syntax::Piece::Literal(text) => Expression::constant(*text),
                syntax::Piece::Value(value) => shown(self.value(value, None)?),
            };
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
                if let Expression::Object(members) = *expression {
                    let found = members.into_iter().find(|member| member.key == field.wire);
                    let value = found.map_or(Expression::Constant(Value::Null), |member| member.value);
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
        let items = items.iter().map(|item| self.value(item, None)).collect::<Result<Vec<_>, _>>()?;
        let expression =
            Expression::Array(items.into_iter().map(|item| (item.expression, item.schema.arrays())).collect());
        Ok(Typed { expression, schema })
    }

    pub(super) fn constant(&self, site: usize) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        match self.witness.constant_at(site) {
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
