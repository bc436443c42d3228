//! Branches as one expression: where no state can stand, inside of closures and behind `&&`.

use sfn_asl::Value;

use super::{Builder, Typed};
use crate::lower::DefinitionError;
use crate::lower::expression::{Bound, Expression};
use crate::lower::syntax::{self, Arm, Block, Condition, Control, Pattern};

impl Builder<'_> {
    /// The value of a branch as one expression; `None` when it needs states, and may have them.
    pub(in crate::lower::flow) fn conditional(&mut self, control: &Control) -> Result<Option<Typed>, DefinitionError> {
        if self.pure == 0 && !self.is_question(control) {
            return Ok(None);
        }
        Ok(Some(match control {
            Control::If { condition: Condition::Let { pattern, value }, then, otherwise: Some(otherwise), .. } => {
                let subject = self.value(value, None)?;
                self.over(subject, |builder, subject| {
                    let (condition, then) = builder.taken(pattern, subject, |builder| builder.tail(then))?;
                    let otherwise = builder.value(otherwise, None)?;
                    Ok(either(condition, then, otherwise))
                })?
            }
            Control::If { condition: Condition::Value(condition), then, otherwise: Some(otherwise), .. } => {
                let condition = self.value(condition, None)?.expression;
                let then = self.tail(then)?;
                let otherwise = self.value(otherwise, None)?;
                either(Some(condition), then, otherwise)
            }
            Control::Match { subject, arms, .. } => {
                let subject = self.value(subject, None)?;
                self.over(subject, |builder, subject| builder.first_of(arms, subject))?
            }
            Control::Block { target: None, block } => self.tail(block)?,
            _ => return Ok(None),
        }))
    }

    /// The arms of a `match`; the last takes all that is left.
    fn first_of(&mut self, arms: &[Arm], subject: &Typed) -> Result<Typed, DefinitionError> {
        let mut chosen: Option<Typed> = None;
        for arm in arms.iter().rev() {
            let mut guard = None;
            let (condition, value) = self.taken(&arm.pattern, subject, |builder| {
                guard = arm.guard.map(|guard| builder.value(guard, None)).transpose()?;
                builder.value(arm.body, None)
            })?;
            let guard = guard.map(|guard| guard.expression);
            let condition = match (condition, guard) {
                (Some(condition), Some(guard)) => Some(Expression::and(condition, guard)),
                (condition, guard) => condition.or(guard),
            };
            chosen = Some(match chosen {
                None => value,
                Some(otherwise) => either(condition, value, otherwise),
            });
        }
        chosen.ok_or_else(|| self.unexpected("a `match` without arms"))
    }

    /// What a pattern asks, and a value in which its names are bound.
    fn taken(
        &mut self,
        pattern: &Pattern,
        subject: &Typed,
        value: impl FnOnce(&mut Self) -> Result<Typed, DefinitionError>,
    ) -> Result<(Option<Expression>, Typed), DefinitionError> {
        let test = self.test(pattern, subject)?;
        let condition = test.condition();
        for (binding, typed) in test.bindings {
            self.bind(binding, typed);
        }
        Ok((condition, value(self)?))
    }

    /// `value` of the subject in a place that can be read again.
    fn over(
        &mut self,
        subject: Typed,
        value: impl FnOnce(&mut Self, &Typed) -> Result<Typed, DefinitionError>,
    ) -> Result<Typed, DefinitionError> {
        if subject.expression.is_place() {
            return value(self, &subject);
        }
        let bound = Bound::new("m");
        let place = Typed { expression: Expression::Bound(bound), schema: subject.schema };
        let Typed { expression, schema } = value(self, &place)?;
        let expression = Expression::Let { bound, value: Box::new(subject.expression), body: Box::new(expression) };
        Ok(Typed { expression, schema })
    }

    fn tail(&mut self, block: &Block) -> Result<Typed, DefinitionError> {
        match (block.statements, block.tail) {
            ([], Some(tail)) => self.value(tail, None),
            _ => Err(self.unexpected("statements where one expression stands")),
        }
    }

    /// True for what `matches!(value, pattern)` is.
    fn is_question(&self, control: &Control) -> bool {
        let Control::Match { subject, arms: [hit, miss], .. } = control else { return false };
        let is = |body: &syntax::Expression, truth: bool| match body {
            syntax::Expression::Constant { site } => {
                matches!(self.witness.constant_at(*site), Some(Ok(value)) if *value == Value::from(truth))
            }
            _ => false,
        };
        let quiet = |expression: &syntax::Expression| !makes_steps(expression);
        matches!(miss.pattern, Pattern::Any)
            && miss.guard.is_none()
            && is(hit.body, true)
            && is(miss.body, false)
            && hit.guard.is_none_or(quiet)
            && !matches!(subject, syntax::Expression::Await { .. })
    }
}

/// `condition ? then : otherwise`
fn either(condition: Option<Expression>, then: Typed, otherwise: Typed) -> Typed {
    let Some(condition) = condition else { return then };
    let truth = |typed: &Typed, truth: bool| typed.expression == Expression::constant(truth);
    let expression = match () {
        () if truth(&then, true) && truth(&otherwise, false) => condition,
        () => Expression::conditional(condition, then.expression, otherwise.expression),
    };
    Typed { expression, schema: then.schema }
}

/// True when evaluating the expression takes a state, or may.
pub(in crate::lower::flow) fn makes_steps(expression: &syntax::Expression) -> bool {
    use syntax::Expression as E;
    let any = |expressions: &[&'static E]| expressions.iter().any(|expression| makes_steps(expression));
    let named = |fields: &[(&'static str, &'static E)]| fields.iter().any(|(_, value)| makes_steps(value));
    match expression {
        E::Await { .. } | E::Try { .. } | E::Return { .. } | E::Success { .. } => true,
        E::Control(Control::If {
            condition: Condition::Value(condition), then, otherwise: Some(otherwise), ..
        }) => {
            makes_steps(condition)
                || !then.statements.is_empty()
                || then.tail.is_none_or(makes_steps)
                || makes_steps(otherwise)
        }
        E::Control(Control::Block { target: None, block }) => {
            !block.statements.is_empty() || block.tail.is_none_or(makes_steps)
        }
        E::Control(_) => true,
        E::Local { .. } | E::Constant { .. } => false,
        E::Field { base: value, .. }
        | E::Unary { value, .. }
        | E::Convert { value, .. }
        | E::Show { value }
        | E::Narrow { value, .. } => makes_steps(value),
        // A closure is one expression.
        E::Closure { .. } => false,
        E::Structure { fields, .. } => named(fields),
        E::Update { fields, base, .. } => named(fields) || makes_steps(base),
        E::Tuple { items, .. } | E::List { items, .. } => any(items),
        E::Binary { left: first, right: second, .. }
        | E::Index { base: first, index: second, .. }
        | E::Repeat { item: first, count: second, .. } => makes_steps(first) || makes_steps(second),
        E::Method { receiver, arguments, .. } => makes_steps(receiver) || any(arguments),
        E::Format { pieces, .. } => pieces.iter().any(|piece| match piece {
            syntax::Piece::Literal(_) => false,
            syntax::Piece::Value(value) => makes_steps(value),
        }),
    }
}
