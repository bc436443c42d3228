//! Methods of numbers.

use super::{Builder, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{
    Arithmetic, Expression, Failing, Operator, absolute, checked, chosen, narrowed, saturating,
};
use crate::lower::syntax;

impl Builder<'_> {
    pub(super) fn of_number(
        &mut self,
        name: &str,
        number: Typed,
        arguments: &[&'static syntax::Expression],
        source: &'static str,
    ) -> Result<Expression, DefinitionError> {
        let Typed { expression: number, schema } = number;
        let kind = match &schema {
            Schema::Integer(kind) => *kind,
            _ => "f64",
        };
        let failing = Failing { kind, source };
        if let ("abs", []) = (name, arguments) {
            return Ok(match &schema {
                Schema::Integer(_) => absolute(number, &schema, failing),
                _ => Expression::function("abs", [number]),
            });
        }
        let [right] = arguments else { return Err(self.unknown(name)) };
        let right = self.value(right, None)?.expression;
        let operator = match name.rsplit_once('_').map_or(name, |(_, operator)| operator) {
            "min" => return Ok(chosen(Operator::Less, number, right)),
            "max" => return Ok(chosen(Operator::Greater, number, right)),
            "add" => Arithmetic::Add,
            "sub" => Arithmetic::Subtract,
            "mul" => Arithmetic::Multiply,
            "div" => Arithmetic::Divide,
            "rem" => Arithmetic::Remainder,
            _ => return Err(self.unknown(name)),
        };
        if name.starts_with("saturating") {
            return Ok(saturating(operator, number, right, failing));
        }
        Ok(checked(operator, number, right, &schema, failing))
    }

    /// `T::try_from(value).ok()`
    pub(super) fn narrow(&mut self, site: usize, value: &syntax::Expression) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        let Schema::Option(inner) = schema else { return Err(self.unexpected("a conversion that gives no option")) };
        let value = self.value(value, None)?;
        match inner() {
            Schema::Integer(kind) => Ok(Typed { expression: narrowed(value.expression, &value.schema, kind), schema }),
            _ => Err(self.unexpected("a conversion to what is no whole number")),
        }
    }
}
