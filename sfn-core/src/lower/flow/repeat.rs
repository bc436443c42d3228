//! Loops and labelled blocks, and what leaves them.

use sfn_asl::Value;

use super::control::Goal;
use super::{Builder, NOWHERE, Slot, Step, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Operator};
use crate::lower::syntax::{self, Block, Condition, Items, Pattern};

/// A loop, or a labelled block, whose inside is being built.
pub(super) struct Loop {
    /// Where it begins again; a labelled block does not.
    head: Option<usize>,
    /// The edges that lead out of it.
    exits: Vec<Slot>,
    goal: Goal,
    schema: Option<Schema>,
}

impl Builder<'_> {
    /// `loop { .. }`
    pub(super) fn endless(
        &mut self,
        target: usize,
        body: &Block,
        goal: Goal,
    ) -> Result<Option<Schema>, DefinitionError> {
        self.enter(target, goal);
        self.block(body, Goal::Nothing)?;
        self.repeat(target)?;
        Ok(self.exit(target))
    }

    /// `'label: { .. }`
    pub(super) fn labelled(
        &mut self,
        target: usize,
        block: &Block,
        goal: Goal,
    ) -> Result<Option<Schema>, DefinitionError> {
        self.loops.insert(target, Loop { head: None, exits: Vec::new(), goal, schema: None });
        let schema = self.block(block, goal)?;
        let left = self.exit(target);
        Ok(schema.or(left))
    }

    /// `while condition { .. }`
    pub(super) fn conditional_loop(
        &mut self,
        label: &str,
        target: usize,
        condition: &Condition,
        body: &Block,
    ) -> Result<(), DefinitionError> {
        let name = self.name.take();
        self.enter(target, Goal::Nothing);
        self.name = name;
        let done = self.ask("while", label, condition)?;
        self.block(body, Goal::Nothing)?;
        self.repeat(target)?;
        self.exit(target);
        self.open.extend(done);
        Ok(())
    }

    /// `for pattern in items { .. }`: a loop over the index.
    pub(super) fn iteration(
        &mut self,
        target: usize,
        pattern: &Pattern,
        items: &Items,
        body: &Block,
    ) -> Result<(), DefinitionError> {
        let name = self.name.take();
        self.numbers.loops += 1;
        let number = self.numbers.loops;
        let index = self.variable(&format!("i{number}"));
        let at = || Expression::Variable(index);
        let (condition, item) = match items {
            Items::List(_) | Items::Iterator { .. } => {
                let (list, schema) = self.listed_items(items)?;
                let list = self.keep(&format!("it{number}"), list).expression;
                self.push(Step::Assign { variable: index, value: Expression::Constant(Value::from(0)), next: NOWHERE });
                let condition =
                    Expression::operation(Operator::Less, at(), Expression::function("count", [list.clone()]));
                (
                    condition,
                    Typed { expression: Expression::Index { list: Box::new(list), index: Box::new(at()) }, schema },
                )
            }
            Items::Range { start, end, closed } => {
                let start = self.value(start, None)?;
                let mut end = self.value(end, None)?;
                if !matches!(end.expression, Expression::Constant(_)) {
                    end = self.keep(&format!("end{number}"), end);
                }
                self.push(Step::Assign { variable: index, value: start.expression, next: NOWHERE });
                let operator = if *closed { Operator::LessOrEqual } else { Operator::Less };
                let condition = Expression::operation(operator, at(), end.expression);
                (condition, Typed { expression: at(), schema: start.schema })
            }
        };
        self.enter(target, Goal::Nothing);
        self.name = name;
        let label = match pattern {
            Pattern::Name { binding, .. } => format!("for {}", binding.name),
            _ => "for".to_owned(),
        };
        let choice = self.choose(&label, vec![condition]);
        self.open = vec![Slot::Rule(choice, 0)];
        match pattern {
            Pattern::Any => {}
            Pattern::Name { binding, inner: None } => {
                let kept = self.keep(binding.name, item);
                self.bind(*binding, kept);
            }
            pattern => {
                let test = self.test(pattern, &item)?;
                for (binding, typed) in test.bindings {
                    let kept = self.keep(binding.name, typed);
                    self.bind(binding, kept);
                }
            }
        }
        let following = Expression::operation(Operator::Add, at(), Expression::constant(1));
        self.push(Step::Assign { variable: index, value: following, next: NOWHERE });
        self.block(body, Goal::Nothing)?;
        self.repeat(target)?;
        self.exit(target);
        self.open.push(Slot::Default(choice));
        Ok(())
    }

    /// The list that a loop goes through, and the type of its items.
    fn listed_items(&mut self, items: &Items) -> Result<(Typed, Schema), DefinitionError> {
        match items {
            Items::Iterator { site, items } => {
                let expression = self.items(items)?.list;
                Ok((Typed { expression, schema: Schema::Any }, self.schema_at(*site)?))
            }
            Items::List(list) => {
                let list = self.value(list, None)?;
                let Schema::List(inner) = list.schema else {
                    return Err(self.unexpected("a loop over something that is no list"));
                };
                Ok((list, inner()))
            }
            Items::Range { .. } => Err(self.unexpected("a range where a list stands")),
        }
    }

    /// `break`
    pub(super) fn leave(&mut self, target: usize, value: Option<&syntax::Expression>) -> Result<(), DefinitionError> {
        let goal = self.loops.get(&target).ok_or_else(|| self.unexpected("a `break` out of nothing"))?.goal;
        let schema = match value {
            Some(value) => self.reach(value, goal)?,
            None => None,
        };
        let open = std::mem::take(&mut self.open);
        if let Some(left) = self.loops.get_mut(&target) {
            left.exits.extend(open);
            left.schema = schema.or(left.schema.take());
        }
        Ok(())
    }

    /// `continue`, and the end of a loop's body.
    pub(super) fn repeat(&mut self, target: usize) -> Result<(), DefinitionError> {
        let head = self.loops.get(&target).and_then(|left| left.head);
        let head = head.ok_or_else(|| self.unexpected("a `continue` of no loop"))?;
        for slot in std::mem::take(&mut self.open) {
            self.link(slot, head);
        }
        Ok(())
    }

    fn enter(&mut self, target: usize, goal: Goal) {
        let head = self.push(Step::Join { next: NOWHERE });
        self.loops.insert(target, Loop { head: Some(head), exits: Vec::new(), goal, schema: None });
    }

    /// What comes next is behind the loop.
    fn exit(&mut self, target: usize) -> Option<Schema> {
        let left = self.loops.remove(&target)?;
        self.open.extend(left.exits);
        left.schema
    }
}
