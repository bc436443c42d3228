//! Expressions that yield data, with their types: reads, constructors, constants. Effects inside of them become steps.

use std::collections::HashMap;

use sfn_asl::Value;

use super::{Builder, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Member, Missing};
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
            syntax::Expression::Structure { site, fields } => self.structure(*site, fields),
            syntax::Expression::Tuple { site, items } => self.tuple(*site, items),
            syntax::Expression::Constant { site } => self.constant(*site),
            syntax::Expression::Try { value } => match value {
                syntax::Expression::Await { site, effect } => self.effect(*site, effect, wanted),
                _ => Err(self.unexpected("a `?` that follows no awaited call")),
            },
            syntax::Expression::Await { .. } | syntax::Expression::Success { .. } => {
                Err(self.unexpected("a `Result` that is used as data"))
            }
            syntax::Expression::Return { .. } => Err(self.unexpected("a `return` inside an expression")),
        }
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

    /// The struct that is flattened into the object of `base`: a new object without the members of others.
    fn flattened(&self, base: Typed) -> Result<Typed, DefinitionError> {
        let expression = Expression::Object(self.members(&base)?);
        Ok(Typed { expression, schema: base.schema })
    }

    /// The members that the fields of a struct are written as, read from the object `base`.
    fn members(&self, base: &Typed) -> Result<Vec<Member>, DefinitionError> {
        let Schema::Structure(structure) = &base.schema else { return Err(self.no_field(&base.schema, "..")) };
        let mut members = Vec::with_capacity(structure.fields.len());
        for field in &structure.fields {
            if field.flattened {
                let inner = Typed { expression: base.expression.clone(), schema: (field.schema)() };
                members.extend(self.members(&inner)?);
            } else {
                let value = self.field(base.clone(), field.name)?.expression;
                members.extend(member(field.wire, value, field.skipped_if_none));
            }
        }
        Ok(members)
    }

    pub(super) fn structure(
        &mut self,
        site: usize,
        fields: &[(&'static str, &syntax::Expression)],
    ) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        let mut values = HashMap::new();
        // The values are evaluated in the order they are written, the members stand in the order of the type.
        for (name, value) in fields {
            values.insert(*name, self.value(value, None)?.expression);
        }
        if let Schema::Newtype { field, .. } = &schema
            && let Some(value) = values.remove(*field)
        {
            return Ok(Typed { expression: value, schema });
        }
        if let Schema::Tuple(items) = &schema {
            let mut array = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let name = index.to_string();
                let value = values.remove(name.as_str()).ok_or_else(|| self.no_field(&schema, &name))?;
                array.push((value, item().arrays()));
            }
            return Ok(Typed { expression: Expression::Array(array), schema });
        }
        let Schema::Structure(structure) = &schema else { return Err(self.no_field(&schema, "..")) };
        let mut members = Vec::with_capacity(structure.fields.len());
        for field in &structure.fields {
            let value = values.remove(field.name).ok_or_else(|| self.no_field(&schema, field.name))?;
            if field.flattened {
                members.extend(self.members(&Typed { expression: value, schema: (field.schema)() })?);
            } else {
                members.extend(member(field.wire, value, field.skipped_if_none));
            }
        }
        match values.keys().next() {
            Some(unknown) => Err(self.no_field(&schema, unknown)),
            None => Ok(Typed { expression: Expression::Object(members), schema }),
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

/// The member that a field is written as; `None` when the field is known to be left out.
fn member(key: &str, value: Expression, skipped_if_none: bool) -> Option<Member> {
    let skipped_if_none = match &value {
        Expression::Constant(value) if skipped_if_none && value.is_null() => return None,
        Expression::Constant(_) => false,
        _ => skipped_if_none,
    };
    Some(Member { key: key.to_owned(), value, skipped_if_none })
}
