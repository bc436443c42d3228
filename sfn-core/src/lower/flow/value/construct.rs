//! Constructors: structs and variants of enums, each as serde writes it.

use sfn_asl::Value;

use super::{Builder, Typed};
use crate::data::{Enumeration, Field, Part, Schema, Shape, Template};
use crate::lower::DefinitionError;
use crate::lower::expression::{Bound, Expression, Member};
use crate::lower::syntax;

/// The values of the fields that a constructor names.
struct Values {
    /// In the order they are written, which is the order in which they are evaluated.
    named: Vec<(&'static str, Expression)>,
    /// Those that are evaluated before the object.
    first: Vec<(Bound, Expression)>,
}

impl Values {
    fn take(&mut self, name: &str) -> Option<Expression> {
        let index = self.named.iter().position(|(known, _)| *known == name)?;
        Some(self.named.remove(index).1)
    }

    fn contains(&self, name: &str) -> bool {
        self.named.iter().any(|(known, _)| *known == name)
    }

    /// Gives names to values that are read several times, as the members of a flattened one are, and to those that may
    /// fail where the members stand in another order than the values.
    fn in_order(&mut self, fields: &[(&str, bool)]) {
        let place = |name: &str| fields.iter().position(|(known, _)| *known == name);
        let spread = |name: &str, value: &Expression| {
            let flattened = place(name).is_some_and(|index| fields[index].1);
            flattened && !value.is_place() && !matches!(value, Expression::Object(_))
        };
        let failing = || self.named.iter().filter(|(_, value)| value.is_fallible());
        let several = failing().count() > 1;
        let places: Vec<_> = failing().map(|(name, _)| place(name)).collect();
        let moved = several && (!places.is_sorted() || failing().any(|(name, value)| spread(name, value)));
        for (name, value) in &mut self.named {
            if (moved && value.is_fallible()) || spread(name, value) {
                let bound = Bound::new("v");
                self.first.push((bound, std::mem::replace(value, Expression::Bound(bound))));
            }
        }
    }

    fn around(self, object: Expression) -> Expression {
        self.first.into_iter().rev().fold(object, |body, (bound, value)| Expression::Let {
            bound,
            value: Box::new(value),
            body: Box::new(body),
        })
    }
}

impl Builder<'_> {
    /// `Type { name: value }`, `Type(value)`, and the same of a variant.
    pub(super) fn structure(
        &mut self,
        site: usize,
        name: &str,
        fields: &[(&'static str, &syntax::Expression)],
    ) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        let values = self.values(fields)?;
        self.constructed(schema, name, values)
    }

    /// `Type { name: value, ..base }`
    pub(super) fn update(
        &mut self,
        site: usize,
        fields: &[(&'static str, &syntax::Expression)],
        base: &syntax::Expression,
    ) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        let mut values = self.values(fields)?;
        let mut base = self.value(base, None)?;
        let Schema::Structure(structure) = &schema else { return Err(self.no_field(&schema, "..")) };
        if !base.expression.is_place() && !matches!(base.expression, Expression::Object(_)) {
            let bound = Bound::new("b");
            values.first.push((bound, std::mem::replace(&mut base.expression, Expression::Bound(bound))));
        }
        for field in &structure.fields {
            if !values.contains(field.name) {
                values.named.push((field.name, self.field(base.clone(), field.name)?.expression));
            }
        }
        self.constructed(schema, "", values)
    }

    fn values(&mut self, fields: &[(&'static str, &syntax::Expression)]) -> Result<Values, DefinitionError> {
        let values = self.each(fields.iter().map(|(_, value)| *value))?;
        let named = fields.iter().zip(values).map(|((name, _), value)| (*name, value.expression)).collect();
        Ok(Values { named, first: Vec::new() })
    }

    fn constructed(&mut self, schema: Schema, name: &str, mut values: Values) -> Result<Typed, DefinitionError> {
        let expression = match &schema {
            Schema::Newtype { field, .. } => values.take(field).ok_or_else(|| self.no_field(&schema, field))?,
            Schema::Unit => Expression::null(),
            Schema::Tuple(items) => self.array(&schema, items, &mut values)?,
            Schema::Structure(structure) => {
                values.in_order(&order(&structure.fields));
                Expression::Object(self.object(&schema, &structure.fields, &mut values)?)
            }
            Schema::Enumeration(enumeration) => self.variant_value(&schema, enumeration, name, &mut values)?,
            _ => return Err(self.no_field(&schema, name)),
        };
        match values.named.first() {
            Some((unknown, _)) => Err(self.no_field(&schema, unknown)),
            None => Ok(Typed { expression: values.around(expression), schema }),
        }
    }

    /// A variant, by the tagging of its enum.
    fn variant_value(
        &mut self,
        schema: &Schema,
        enumeration: &Enumeration,
        name: &str,
        values: &mut Values,
    ) -> Result<Expression, DefinitionError> {
        let variant = enumeration.variant(name).ok_or_else(|| self.no_field(schema, name))?;
        let template = enumeration.template(variant);
        let has_members = matches!(&template, Template::Object(parts) if parts.contains(&Part::Members));
        let payload = match &variant.shape {
            Shape::Unit => Expression::null(),
            Shape::Newtype(_) => {
                values.in_order(&[("0", has_members)]);
                values.take("0").ok_or_else(|| self.no_field(schema, "0"))?
            }
            Shape::Tuple(items) => self.array(schema, items, values)?,
            Shape::Structure(fields) => {
                values.in_order(&order(fields));
                Expression::Object(self.object(schema, fields, values)?)
            }
        };
        let parts = match template {
            Template::Text(wire) => return Ok(Expression::constant(wire)),
            Template::Object(parts) => parts,
        };
        let mut members = Vec::with_capacity(parts.len());
        for part in parts {
            match (part, &variant.shape) {
                (Part::Tag { key, wire }, _) => members.extend(member(key, Expression::constant(wire), false)),
                (Part::Payload { key }, _) => members.extend(member(key, payload.clone(), false)),
                (Part::Members, Shape::Newtype(inner)) => {
                    members.extend(self.members(&Typed { expression: payload.clone(), schema: inner() })?);
                }
                (Part::Members, _) => match &payload {
                    Expression::Object(found) => members.extend(found.iter().cloned()),
                    _ => return Err(self.unexpected("a variant whose fields have no names beside its tag")),
                },
            }
        }
        Ok(Expression::Object(members))
    }

    fn array(
        &self,
        schema: &Schema,
        items: &[fn() -> Schema],
        values: &mut Values,
    ) -> Result<Expression, DefinitionError> {
        let mut array = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            let name = index.to_string();
            let value = values.take(&name).ok_or_else(|| self.no_field(schema, &name))?;
            array.push((value, item().arrays()));
        }
        Ok(Expression::Array(array))
    }

    /// The members that the fields are written as, in the order of the type.
    fn object(&self, schema: &Schema, fields: &[Field], values: &mut Values) -> Result<Vec<Member>, DefinitionError> {
        let mut members = Vec::with_capacity(fields.len());
        for field in fields {
            let value = values.take(field.name).ok_or_else(|| self.no_field(schema, field.name))?;
            if field.flattened {
                members.extend(self.members(&Typed { expression: value, schema: (field.schema)() })?);
            } else {
                members.extend(member(field.wire, value, field.skipped_if_none));
            }
        }
        Ok(members)
    }

    /// The struct that is flattened into the object of `base`: a new object without the members of others.
    pub(in crate::lower::flow) fn flattened(&self, base: Typed) -> Result<Typed, DefinitionError> {
        let expression = Expression::Object(self.members(&base)?);
        Ok(Typed { expression, schema: base.schema })
    }

    /// The members that the fields of a struct are written as, read from the object `base`.
    pub(in crate::lower::flow) fn members(&self, base: &Typed) -> Result<Vec<Member>, DefinitionError> {
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
}

/// The names of the fields, and whether they are flattened.
fn order(fields: &[Field]) -> Vec<(&'static str, bool)> {
    fields.iter().map(|field| (field.name, field.flattened)).collect()
}

/// The member that a field is written as; `None` when the field is known to be left out.
pub(in crate::lower::flow) fn member(key: &str, value: Expression, skipped_if_none: bool) -> Option<Member> {
    let skipped_if_none = match &value {
        Expression::Constant(value) if skipped_if_none && matches!(value, Value::Null) => return None,
        Expression::Constant(_) => false,
        _ => skipped_if_none,
    };
    Some(Member { key: key.to_owned(), value, skipped_if_none })
}
