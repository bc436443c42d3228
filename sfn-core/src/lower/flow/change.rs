//! Assignments: to variables, to fields of them, and methods that change a value in its place. `Assign` has no sub-paths, so
//! the variable gets the whole value anew.

use super::{Builder, NOWHERE, Step, Typed};
use crate::data::{Arrays, Schema};
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Member, Operator, appended};
use crate::lower::syntax;

/// The members of an object that change; `None` where one is left out from now on.
type Changes = Vec<(&'static str, Option<Member>)>;

impl Builder<'_> {
    /// `local.field = value`
    pub(super) fn assign(
        &mut self,
        local: usize,
        fields: &[&'static str],
        value: &syntax::Expression,
    ) -> Result<(), DefinitionError> {
        let value = self.value(value, None)?;
        self.assigned(local, fields, value)
    }

    /// `local.field.push(value)` and its kin
    pub(super) fn change(
        &mut self,
        local: usize,
        fields: &[&'static str],
        method: &str,
        arguments: &[&syntax::Expression],
    ) -> Result<(), DefinitionError> {
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(match method {
                "extend" => Typed { expression: self.items(argument)?.list, schema: Schema::Any },
                _ => self.value(argument, None)?,
            });
        }
        let mut place =
            self.locals.get(&local).cloned().ok_or_else(|| self.unexpected("a local that nothing binds"))?;
        for field in fields {
            place = self.field(place, field)?;
        }
        let values: Vec<Expression> = values.into_iter().map(|value| value.expression).collect();
        let expression = match (method, &place.schema, &values[..]) {
            ("push", Schema::List(item), [value]) => appended(place.expression, value.clone(), item().arrays()),
            ("push" | "push_str", Schema::String, [value]) => {
                Expression::operation(Operator::Join, place.expression, value.clone())
            }
            ("extend", Schema::List(_), [list]) => Expression::function("append", [place.expression, list.clone()]),
            ("insert", Schema::Map(_), [key, value]) => {
                Expression::atom("$merge([~, {~: ~}])", [place.expression, key.clone(), value.clone()])
            }
            ("clear", Schema::List(_), []) => Expression::Array(Vec::new()),
            ("clear", Schema::String, []) => Expression::constant(""),
            ("clear", Schema::Map(_), []) => Expression::Object(Vec::new()),
            _ => return Err(self.unexpected(&format!("the method `{method}` on a `{}`", place.schema))),
        };
        self.assigned(local, fields, Typed { expression, schema: place.schema })
    }

    fn assigned(&mut self, local: usize, fields: &[&'static str], value: Typed) -> Result<(), DefinitionError> {
        let Some(known) = self.locals.get(&local).cloned() else {
            return Err(self.unexpected("an assignment to what is no variable"));
        };
        let Expression::Variable(variable) = known.expression else {
            return Err(self.unexpected("an assignment to what is no variable"));
        };
        if self.open.is_empty() {
            return Ok(());
        }
        let typed = match fields {
            [] => value,
            fields => {
                // The members of a flattened value are read one by one.
                let value = if matches!(value.schema, Schema::Structure(_)) { self.place(value) } else { value };
                let expression = self.changed(&known, fields, value.expression)?;
                Typed { expression, schema: known.schema }
            }
        };
        self.push(Step::Assign { variable, value: typed.expression, next: NOWHERE });
        self.locals.insert(local, Typed { expression: Expression::Variable(variable), schema: typed.schema });
        Ok(())
    }

    /// `base` with another value in one of its fields.
    fn changed(&self, base: &Typed, fields: &[&'static str], value: Expression) -> Result<Expression, DefinitionError> {
        let Some((name, rest)) = fields.split_first() else { return Ok(value) };
        match &base.schema {
            Schema::Newtype { inner, field, .. } if name == field => {
                self.changed(&Typed { expression: base.expression.clone(), schema: inner() }, rest, value)
            }
            Schema::Tuple(items) => {
                let mut array = Vec::with_capacity(items.len());
                let mut value = Some(value);
                for (index, item) in items.iter().enumerate() {
                    let position = index.to_string();
                    let mut part = self.field(base.clone(), &position)?;
                    if position == *name
                        && let Some(value) = value.take()
                    {
                        part.expression = self.changed(&part, rest, value)?;
                    }
                    array.push((part.expression, item().arrays()));
                }
                Ok(Expression::Array(array))
            }
            _ => {
                let changes = self.changes(base, name, rest, value)?;
                self.merged(base, changes)
            }
        }
    }

    fn changes(
        &self,
        base: &Typed,
        name: &str,
        rest: &[&'static str],
        value: Expression,
    ) -> Result<Changes, DefinitionError> {
        let field = base.schema.field(name).ok_or_else(|| self.no_field(&base.schema, name))?;
        if !field.flattened {
            let value = match rest {
                [] => value,
                rest => self.changed(&self.field(base.clone(), name)?, rest, value)?,
            };
            return Ok(vec![(field.wire, super::value::member(field.wire, value, field.skipped_if_none))]);
        }
        // The members of a flattened field are members of `base`.
        let inner = Typed { expression: base.expression.clone(), schema: (field.schema)() };
        if let Some((name, rest)) = rest.split_first() {
            return self.changes(&inner, name, rest, value);
        }
        let new = self.members(&Typed { expression: value, schema: inner.schema.clone() })?;
        let mut changes: Changes = self.members(&inner)?.iter().map(|old| (key_of(&inner.schema, old), None)).collect();
        for (key, change) in &mut changes {
            *change = new.iter().find(|member| member.key == *key).cloned();
        }
        Ok(changes)
    }

    /// `$merge` where the members can only be replaced, else the whole object from its members.
    fn merged(&self, base: &Typed, changes: Changes) -> Result<Expression, DefinitionError> {
        let replaced: Option<Vec<Member>> =
            changes.iter().map(|(_, change)| change.clone().filter(|member| !member.skipped_if_none)).collect();
        if let Some(members) = replaced {
            let both = [(base.expression.clone(), Arrays::Never), (Expression::Object(members), Arrays::Never)].into();
            return Ok(Expression::function("merge", [Expression::Array(both)]));
        }
        let mut members = Vec::new();
        let mut changes = changes;
        for member in self.members(base)? {
            match changes.iter().position(|(key, _)| *key == member.key) {
                Some(index) => members.extend(changes.remove(index).1),
                None => members.push(member),
            }
        }
        // What a constant left out before is not among them.
        members.extend(changes.into_iter().filter_map(|(_, change)| change));
        Ok(Expression::Object(members))
    }
}

/// The key of a member as its type names it.
fn key_of(schema: &Schema, member: &Member) -> &'static str {
    let Schema::Structure(structure) = schema else { return "" };
    let own = structure.fields.iter().find(|field| !field.flattened && field.wire == member.key);
    match own {
        Some(field) => field.wire,
        None => {
            let mut inner = structure.fields.iter().filter(|field| field.flattened).map(|field| (field.schema)());
            inner.find_map(|schema| Some(key_of(&schema, member)).filter(|key| !key.is_empty())).unwrap_or("")
        }
    }
}
