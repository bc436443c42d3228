//! Operators and indexes.

use sfn_asl::Value;

use super::{Builder, Typed};
use crate::data::Schema;
use crate::gate::Problem;
use crate::lower::DefinitionError;
use crate::lower::expression::{Arithmetic, Elements, Expression, Failing, Operator, floats, integers, negated};
use crate::lower::syntax;

impl Builder<'_> {
    /// `left operator right`
    pub(super) fn binary(
        &mut self,
        operator: &str,
        left: &syntax::Expression,
        right: &syntax::Expression,
        source: &'static str,
    ) -> Result<Typed, DefinitionError> {
        if matches!(operator, "&&" | "||") {
            let left = self.value(left, None)?;
            self.pure += 1;
            let right = self.value(right, None);
            self.pure -= 1;
            return self.operation(operator, left, right?, source);
        }
        let [left, right] = self.operands([left, right])?;
        self.operation(operator, left, right, source)
    }

    /// `left operator right` of values.
    pub(in crate::lower::flow) fn operation(
        &self,
        operator: &str,
        left: Typed,
        right: Typed,
        source: &'static str,
    ) -> Result<Typed, DefinitionError> {
        let compared = match operator {
            "==" => Some(Operator::Equal),
            "!=" => Some(Operator::NotEqual),
            "<" => Some(Operator::Less),
            "<=" => Some(Operator::LessOrEqual),
            ">" => Some(Operator::Greater),
            ">=" => Some(Operator::GreaterOrEqual),
            _ => None,
        };
        if let Some(compared) = compared {
            return Ok(Typed { expression: comparison(compared, left, right), schema: Schema::Bool });
        }
        match operator {
            "&&" => {
                let expression = Expression::and(left.expression, right.expression);
                return Ok(Typed { expression, schema: Schema::Bool });
            }
            "||" => {
                let expression = Expression::or(left.expression, right.expression);
                return Ok(Typed { expression, schema: Schema::Bool });
            }
            _ => {}
        }
        let arithmetic = match operator {
            "+" => Arithmetic::Add,
            "-" => Arithmetic::Subtract,
            "*" => Arithmetic::Multiply,
            "/" => Arithmetic::Divide,
            "%" => Arithmetic::Remainder,
            _ => return Err(self.unexpected("an operator that is not known")),
        };
        let schema = left.schema;
        let expression = match &schema {
            Schema::String => Expression::operation(Operator::Join, left.expression, right.expression),
            Schema::Float => {
                let failing = Failing { kind: "f64", source };
                floats(arithmetic, left.expression, right.expression, failing)
            }
            Schema::Integer(kind) => {
                integers(arithmetic, left.expression, right.expression, &schema, Failing { kind, source })
            }
            _ => return Err(self.unexpected("arithmetic on what is no number")),
        };
        Ok(Typed { expression, schema })
    }

    /// `-value`, `!value`
    pub(super) fn unary(
        &mut self,
        operator: &str,
        value: &syntax::Expression,
        source: &'static str,
    ) -> Result<Typed, DefinitionError> {
        let Typed { expression, schema } = self.value(value, None)?;
        let expression = match (operator, &schema) {
            ("!", Schema::Bool) => Expression::function("not", [expression]),
            ("-", Schema::Float) => Expression::operation(Operator::Subtract, Expression::constant(0), expression),
            ("-", Schema::Integer(kind)) => negated(expression, &schema, Failing { kind, source }),
            _ => return Err(self.unexpected("an operator that is not known")),
        };
        Ok(Typed { expression, schema })
    }

    /// `base[index]`
    pub(super) fn index(
        &mut self,
        base: &syntax::Expression,
        index: &syntax::Expression,
        source: &'static str,
    ) -> Result<Typed, DefinitionError> {
        let [list, index] = self.operands([base, index])?;
        let Schema::List(item) = &list.schema else { return Err(self.unexpected("an index into what is no list")) };
        let schema = item();
        let message = Problem::OutOfBounds.message("usize", source);
        let elements = Elements::new(list.expression, schema.arrays());
        let expression = elements.at(index.expression, Expression::Failure(message));
        Ok(Typed { expression, schema })
    }
}

fn comparison(operator: Operator, left: Typed, right: Typed) -> Expression {
    let none = |side: &Typed| matches!(&side.expression, Expression::Constant(Value::Null)) && side.schema.is_option();
    match operator {
        Operator::NotEqual if none(&right) => left.expression.has_value(),
        Operator::Equal if none(&right) => Expression::function("not", [left.expression.has_value()]),
        _ => Expression::operation(operator, left.expression, right.expression),
    }
}
