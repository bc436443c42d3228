//! Ways to fail: errors that are raised, variants that nobody knows, and the compensations on the way out.

use sfn_asl::Value;

use super::{Builder, Catcher, NOWHERE, Slot, Step, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Member, Missing, Operator, Variable};
use crate::lower::syntax::{self, Raised, TextPart};
use crate::task::ErrorFields;

impl Builder<'_> {
    /// Ends the machine with an error, its compensations first.
    pub(super) fn raise(&mut self, raised: &Raised) -> Result<(), DefinitionError> {
        let (error, cause) = match raised {
            Raised::Caught { local } => {
                let caught = *self.errors.get(local).ok_or_else(|| self.unexpected("an error that nothing caught"))?;
                self.rethrow(caught);
                return Ok(());
            }
            Raised::Named { name, cause } => (self.text(name)?, self.text(cause)?),
            Raised::Variant { site, name, fields } => self.variant_error(*site, name, fields)?,
        };
        self.fail_with(error, cause);
        Ok(())
    }

    /// `option.ok_or(error)?`: the value, or the end of the machine.
    pub(super) fn required(
        &mut self,
        label: &str,
        option: &syntax::Expression,
        error: &Raised,
        is_lazy: bool,
    ) -> Result<Typed, DefinitionError> {
        let name = self.name.take();
        let typed = self.value(option, None)?;
        let typed = self.place(typed);
        let Schema::Option(inner) = typed.schema else {
            return Err(self.unexpected("an `ok_or` of what is no option"));
        };
        // Rust makes the error of `ok_or` before it looks; that shows where a check in it fails.
        let made = match error {
            Raised::Named { name, cause } if !is_lazy => Some((self.text(name)?, self.text(cause)?)),
            Raised::Variant { site, name, fields } if !is_lazy => Some(self.variant_error(*site, name, fields)?),
            _ => None,
        };
        let made = made.map(|parts| <[Expression; 2]>::from(parts).map(|part| self.before_catch(part)));
        self.name = name;
        let there = super::pattern::present(&typed.expression);
        let step = self.choose(&super::control::labelled("if", label), vec![there]);
        self.open = vec![Slot::Default(step)];
        match made {
            Some([error, cause]) => self.fail_with(error, cause),
            None => self.raise(error)?,
        }
        self.open = vec![Slot::Rule(step, 0)];
        Ok(Typed { expression: typed.expression.bare(), schema: inner() })
    }

    fn fail_with(&mut self, error: Expression, cause: Expression) {
        if self.top_undo.is_none() {
            self.push(Step::Fail { error, cause });
            return;
        }
        let failure = self.failure();
        let member = |key: &str, value| Member { key: key.to_owned(), value, skipped_if_none: false };
        let value = Expression::Object(vec![member("Error", error), member("Cause", cause)]);
        self.push(Step::Assign { variable: failure, value, next: NOWHERE });
        self.undo_all();
    }

    /// Ends the machine with an error that a variable holds, its compensations first.
    pub(super) fn rethrow(&mut self, caught: Variable) {
        if self.top_undo.is_none() {
            self.push(rethrown(caught));
            return;
        }
        let failure = self.failure();
        self.push(Step::Assign { variable: failure, value: Expression::Variable(caught), next: NOWHERE });
        self.undo_all();
    }

    /// Where a value is none of the variants of its type.
    pub(super) fn unknown_variant(&mut self, label: &str, subject: &Typed) {
        let error = Expression::Constant("Sfn.UnknownVariant".into());
        let kind = Expression::Constant(format!("{}: ", subject.schema).into());
        let cause =
            Expression::operation(Operator::Join, kind, Expression::function("string", [subject.expression.clone()]));
        if self.top_undo.is_some() {
            let failure = self.failure();
            let member = |key: &str, value| Member { key: key.to_owned(), value, skipped_if_none: false };
            let value = Expression::Object(vec![member("Error", error), member("Cause", cause)]);
            self.push(Step::Assign { variable: failure, value, next: NOWHERE });
            self.undo_all();
            return;
        }
        let step = self.push(Step::Fail { error, cause });
        self.labels[step] = super::control::labelled("Unreachable", label);
    }

    /// Adds a catcher to a step.
    pub(super) fn catch(&mut self, step: usize, errors: Vec<&'static str>, error: Option<Variable>) -> Slot {
        let Some(catch) = self.steps.get_mut(step).and_then(Step::catchers_mut) else { return Slot::Next(step) };
        catch.push(Catcher { errors, error, next: NOWHERE });
        Slot::Catch(step, catch.len() - 1)
    }

    /// The variable of the error that compensations follow.
    pub(super) fn failure(&mut self) -> Variable {
        if let Some(failure) = self.failure {
            return failure;
        }
        let failure = self.variable("err");
        self.failure = Some(failure);
        failure
    }

    /// A text of literals and values.
    fn text(&mut self, parts: &[TextPart]) -> Result<Expression, DefinitionError> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                TextPart::Literal(literal) => Expression::Constant((*literal).into()),
                TextPart::Value(value) => {
                    let typed = self.value(value, None)?;
                    self.shown(typed)?
                }
            });
        }
        let joined = values.into_iter().reduce(|left, right| Expression::operation(Operator::Join, left, right));
        Ok(joined.unwrap_or_else(|| Expression::constant("")))
    }

    /// A value as Rust's `Display` shows it.
    fn shown(&self, typed: Typed) -> Result<Expression, DefinitionError> {
        match typed.schema {
            Schema::String | Schema::Char => Ok(typed.expression),
            Schema::Integer(_) | Schema::Bool => Ok(Expression::function("string", [typed.expression])),
            other => Err(self.unexpected(&format!("a `{other}` in a text"))),
        }
    }

    /// Name and cause of a variant of an error enum: its fields travel as JSON.
    fn variant_error(
        &mut self,
        site: usize,
        name: &str,
        fields: &[(&'static str, &syntax::Expression)],
    ) -> Result<(Expression, Expression), DefinitionError> {
        let schema = self.witness.error_at(site).cloned();
        let schema = schema.ok_or_else(|| self.unexpected("an error that nobody witnessed"))?;
        let variant = schema.variants.into_iter().find(|variant| variant.name == name);
        let variant = variant.ok_or_else(|| {
            self.unexpected(&format!("`{name}`, which is no variant with a name of its own; raise `Error::new(..)`"))
        })?;
        let error = Expression::Constant(variant.errors.first().copied().unwrap_or(variant.name).into());
        let mut values = Vec::with_capacity(fields.len());
        for (name, value) in fields {
            values.push((*name, self.value(value, None)?));
        }
        let cause = match variant.fields {
            ErrorFields::None => Expression::Constant("".into()),
            ErrorFields::Whole(_) => {
                let (_, typed) = values.pop().ok_or_else(|| self.unexpected("a variant without its field"))?;
                json_text(typed)
            }
            ErrorFields::Named(structure) => {
                let mut members = Vec::with_capacity(structure.fields.len());
                for field in &structure.fields {
                    let value = values.iter().find(|(name, _)| *name == field.name);
                    let (_, typed) = value.ok_or_else(|| self.unexpected("a variant without one of its fields"))?;
                    let key = field.name.to_owned();
                    members.push(Member { key, value: typed.expression.clone(), skipped_if_none: false });
                }
                Expression::function("string", [Expression::Object(members)])
            }
        };
        Ok((error, cause))
    }
}

/// The JSON text of a value.
fn json_text(typed: Typed) -> Expression {
    match (&typed.schema, &typed.expression) {
        (_, Expression::Constant(value)) => Expression::Constant(value.to_json().into()),
        // `$string` of a string is that string; in an array it is quoted.
        (Schema::String | Schema::Char, _) => {
            Expression::atom("($s := $string([~]); $substring($s, 1, $length($s) - 2))", [typed.expression])
        }
        _ => Expression::function("string", [typed.expression]),
    }
}

/// The failure with the name and the cause of a caught error.
pub(super) fn rethrown(error: Variable) -> Step {
    let member = |key: &str| Expression::Member {
        base: Box::new(Expression::Variable(error)),
        key: key.to_owned(),
        missing: Missing::Never,
    };
    let cause = Expression::Member {
        base: Box::new(Expression::Variable(error)),
        key: "Cause".to_owned(),
        missing: Missing::Reads(Value::from("")),
    };
    Step::Fail { error: member("Error"), cause }
}
