use std::borrow::Cow;

use sfn_asl::definition::{Comparison, Condition, DataFlow, Operand, Operator, Relation, Test, TypeTest};
use sfn_asl::query::path::Path;
use sfn_asl::query::{EvaluationError, Scope, Template};
use sfn_asl::value::{Number, Value};

use crate::machine::FrameId;
use crate::machine::data_flow::{Evaluated, Outcome, instant, jsonata, variables};
use crate::machine::step::Turn;
use crate::program::{ChoiceNode, RuleNode, StateId};

impl Turn<'_> {
    pub(super) fn run_choice(&mut self, id: FrameId, node: &ChoiceNode) {
        match self.choose(id, node) {
            Ok((outcome, next)) => self.leave(id, Ok(outcome), Some(next)),
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    fn choose(&self, id: FrameId, node: &ChoiceNode) -> Evaluated<(Outcome, StateId)> {
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id);
        let scope = self.scope(&view, &effective);
        for (index, rule) in node.rules.iter().enumerate() {
            if self.applies(rule, index, &scope)? {
                return Ok((self.rule_outcome(id, node, rule, index, &effective)?, rule.next));
            }
        }
        match node.default {
            Some(next) => Ok((self.outcome_of_input(id, &node.flow, &effective)?, next)),
            None => Err(EvaluationError::runtime(
                "Failed to transition out of the state. The state does not point to a next state.".to_owned(),
            )),
        }
    }

    fn applies(&self, rule: &RuleNode, index: usize, scope: &Scope<'_>) -> Evaluated<bool> {
        match &rule.condition {
            Condition::Literal(holds) => Ok(*holds),
            Condition::Test(test) => self.holds(test, scope),
            Condition::Jsonata(expression) => {
                let field = format_args!("Choices[{index}]/Condition");
                let value = self.compute(expression, field, scope)?;
                value.as_bool().ok_or_else(|| EvaluationError::unexpected_type(expression, field, "boolean", &value))
            }
        }
    }

    /// Output and variables of the rule that applies; the state's own `Assign` and `Output` are those of the default.
    fn rule_outcome(
        &self,
        id: FrameId,
        node: &ChoiceNode,
        rule: &RuleNode,
        index: usize,
        effective: &Value,
    ) -> Evaluated<Outcome> {
        let view = self.view(id);
        let scope = self.scope(&view, effective);
        match &node.flow {
            DataFlow::Jsonata(_) => {
                let assign = jsonata(rule.assign.as_ref());
                self.jsonata_outcome(&scope, rule.output.as_ref(), assign, format_args!("Choices[{index}]/"), || {
                    effective.clone()
                })
            }
            DataFlow::JsonPath(flow) => {
                let evaluate = |template: &Template| template.evaluate(&scope, "Assign");
                let assigned = rule.assign.as_ref().map(evaluate).transpose()?;
                let output = self.select(&view, &flow.output_path, Cow::Borrowed(effective))?;
                Ok((output.into_owned(), assigned.map(variables)))
            }
        }
    }

    fn holds(&self, test: &Test, scope: &Scope<'_>) -> Evaluated<bool> {
        match test {
            Test::And(tests) => {
                for test in tests {
                    if !self.holds(test, scope)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Test::Or(tests) => {
                for test in tests {
                    if self.holds(test, scope)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Test::Not(test) => Ok(!self.holds(test, scope)?),
            Test::Comparison(comparison) => self.compares(comparison, scope),
        }
    }

    /// A value of another type than the operator's makes the comparison false; a missing one is an error, but for
    /// `IsPresent`.
    fn compares(&self, comparison: &Comparison, scope: &Scope<'_>) -> Evaluated<bool> {
        let variable = &comparison.variable;
        if let Operator::Is(TypeTest::Present, expected) = comparison.operator {
            return Ok(matches!(variable.evaluate_present(scope), Ok(Some(_))) == expected);
        }
        let value = choice_value(variable, scope)?;
        Ok(match &comparison.operator {
            Operator::Is(test, expected) => is(*test, &value) == *expected,
            Operator::StringMatches(pattern) => value.as_str().is_some_and(|text| matches_pattern(pattern, text)),
            Operator::String(relation, operand) => match operand {
                Operand::Literal(text) => strings(*relation, &value, text),
                Operand::Path(path) => {
                    choice_value(path, scope)?.as_str().is_some_and(|text| strings(*relation, &value, text))
                }
            },
            Operator::Numeric(relation, operand) => match operand {
                Operand::Literal(number) => numbers(*relation, &value, number),
                Operand::Path(path) => {
                    choice_value(path, scope)?.as_number().is_some_and(|number| numbers(*relation, &value, number))
                }
            },
            Operator::Boolean(operand) => match operand {
                Operand::Literal(expected) => value.as_bool() == Some(*expected),
                Operand::Path(path) => {
                    let expected = choice_value(path, scope)?.as_bool();
                    expected.is_some() && value.as_bool() == expected
                }
            },
            Operator::Timestamp(relation, operand) => {
                let Some(left) = instant(&value) else { return Ok(false) };
                let right = match operand {
                    Operand::Literal(timestamp) => Some(timestamp.milliseconds),
                    Operand::Path(path) => instant(&choice_value(path, scope)?),
                };
                right.is_some_and(|right| relates(*relation, left.cmp(&right)))
            }
        })
    }
}

/// The value at a path; an index past the end is no value here, though a payload template reads `null` there.
fn choice_value(path: &Path, scope: &Scope<'_>) -> Evaluated<Value> {
    match path.evaluate_present(scope) {
        Ok(Some(value)) => Ok(value),
        Ok(None) | Err(_) => Err(EvaluationError::runtime(format!(
            "Invalid path '{}': The choice state's condition path references an invalid value.",
            path.text()
        ))),
    }
}

fn is(test: TypeTest, value: &Value) -> bool {
    match test {
        TypeTest::Null => value.is_null(),
        TypeTest::Present => true,
        TypeTest::Numeric => value.as_number().is_some(),
        TypeTest::String => value.as_str().is_some(),
        TypeTest::Boolean => value.as_bool().is_some(),
        TypeTest::Timestamp => instant(value).is_some(),
    }
}

fn strings(relation: Relation, value: &Value, operand: &str) -> bool {
    // Java compares strings by UTF-16 code units.
    value.as_str().is_some_and(|text| relates(relation, text.encode_utf16().cmp(operand.encode_utf16())))
}

fn numbers(relation: Relation, value: &Value, operand: &Number) -> bool {
    let ordering = value.as_number().and_then(|number| number.partial_cmp(operand));
    ordering.is_some_and(|ordering| relates(relation, ordering))
}

fn relates(relation: Relation, ordering: std::cmp::Ordering) -> bool {
    match relation {
        Relation::Equals => ordering.is_eq(),
        Relation::LessThan => ordering.is_lt(),
        Relation::GreaterThan => ordering.is_gt(),
        Relation::LessThanEquals => ordering.is_le(),
        Relation::GreaterThanEquals => ordering.is_ge(),
    }
}

/// `*` is any text, `\*` a star, `\\` a backslash; in linear time for each star.
fn matches_pattern(pattern: &str, text: &str) -> bool {
    let mut pieces = vec![String::new()];
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let piece = pieces.last_mut().expect("there is always a piece");
        match character {
            '*' => pieces.push(String::new()),
            '\\' => piece.push(characters.next().unwrap_or('\\')),
            _ => piece.push(character),
        }
    }
    let (first, rest) = pieces.split_first().expect("there is always a piece");
    let Some(mut text) = text.strip_prefix(first.as_str()) else { return false };
    let Some((last, middle)) = rest.split_last() else { return text.is_empty() };
    for piece in middle {
        match text.find(piece.as_str()) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::matches_pattern;

    #[test]
    fn patterns() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(matches_pattern(pattern, text), expected, "{pattern:?} against {text:?}");
        };
        check("log-*.txt", "log-2024.txt", true);
        check("log-*.txt", "log-.txt", true);
        check("log-*.txt", "log-2024.txt.gz", false);
        check("*", "", true);
        check("", "", true);
        check("", "a", false);
        check("a*a", "a", false);
        check("a*a", "aa", true);
        check("*b*c*", "abbc", true);
        check("*b*c*", "acb", false);
        check("a\\*b", "a*b", true);
        check("a\\*b", "axb", false);
        check("a\\\\*", "a\\x", true);
    }
}
