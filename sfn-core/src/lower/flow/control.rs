//! Branches: `if`, `match`, blocks, and assignments.

use super::{Builder, NOWHERE, Numbers, Slot, Step, Typed};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Variable};
use crate::lower::syntax::{self, Arm, Binding, Block, Condition, Control, Pattern};

/// Where the value of something goes.
#[derive(Clone, Copy)]
pub(super) enum Goal {
    /// Nowhere.
    Nothing,
    /// Into a variable.
    Variable(Variable),
    /// It is the result of the machine.
    Result,
}

impl Builder<'_> {
    /// Something that steers, as a value.
    pub(super) fn control_value(&mut self, control: &Control) -> Result<Typed, DefinitionError> {
        if let Some(typed) = self.conditional(control)? {
            return Ok(typed);
        }
        if let Some(typed) = self.pure_branch(control)? {
            return Ok(typed);
        }
        if let Control::Required { label, option, error, is_lazy } = control {
            return self.required(label, option, error, *is_lazy);
        }
        let variable = self.variable("value");
        let schema = self.control(control, Goal::Variable(variable))?;
        Ok(match schema {
            Some(schema) => Typed { expression: Expression::Variable(variable), schema },
            None => Typed::nothing(),
        })
    }

    /// Something that steers; tells the type of what went to the goal, `None` when nothing did.
    pub(super) fn control(&mut self, control: &Control, goal: Goal) -> Result<Option<Schema>, DefinitionError> {
        match control {
            Control::Block { target: None, block } => self.block(block, goal),
            Control::Block { target: Some(target), block } => self.labelled(*target, block, goal),
            Control::If { label, condition, then, otherwise } => {
                let missed = self.ask("if", label, condition)?;
                let schema = self.block(then, goal)?;
                let done = std::mem::replace(&mut self.open, missed);
                let other = match otherwise {
                    Some(otherwise) => self.reach(otherwise, goal)?,
                    None => None,
                };
                self.open.extend(done);
                Ok(schema.or(other))
            }
            Control::Match { label, subject, arms } => match subject {
                syntax::Expression::Await { site, effect } if !matches!(effect, syntax::Effect::Pause { .. }) => {
                    self.outcome(*site, effect, arms, goal)
                }
                _ => {
                    let subject = self.matched(subject)?;
                    self.arms(label, subject, arms, goal)
                }
            },
            Control::Loop { target, body } => self.endless(*target, body, goal),
            Control::While { label, target, condition, body } => {
                self.conditional_loop(label, *target, condition, body).map(|()| None)
            }
            Control::For { target, pattern, items, body } => {
                self.iteration(*target, pattern, items, body).map(|()| None)
            }
            Control::Break { target, value } => self.leave(*target, *value).map(|()| None),
            Control::Continue { target } => self.repeat(*target).map(|()| None),
            Control::Assign { local, value } => self.assign(*local, &[], value).map(|()| None),
            Control::AssignField { local, fields, value } => self.assign(*local, fields, value).map(|()| None),
            Control::Required { label, option, error, is_lazy } => {
                let typed = self.required(label, option, error, *is_lazy)?;
                Ok(Some(self.give(typed, goal)))
            }
            Control::Change { local, fields, method, arguments } => {
                self.change(*local, fields, method, arguments).map(|()| None)
            }
            Control::Failure { error } | Control::Fail { error } => self.raise(error).map(|()| None),
            Control::Recovered { call } => {
                let typed = self.recovered(call)?;
                Ok(Some(self.give(typed, goal)))
            }
        }
    }

    /// An expression whose value goes to the goal.
    pub(super) fn reach(
        &mut self,
        expression: &syntax::Expression,
        goal: Goal,
    ) -> Result<Option<Schema>, DefinitionError> {
        match (expression, goal) {
            (_, Goal::Result) => self.result(expression).map(|()| None),
            (syntax::Expression::Control(control), _) => self.control(control, goal),
            _ => {
                let typed = self.value(expression, None)?;
                // What is behind the end has no value.
                Ok((!self.open.is_empty()).then(|| self.give(typed, goal)))
            }
        }
    }

    pub(super) fn block(&mut self, block: &Block, goal: Goal) -> Result<Option<Schema>, DefinitionError> {
        self.statements(block)?;
        self.name = block.tail_name;
        let schema = match block.tail {
            Some(tail) => self.reach(tail, goal)?,
            None => None,
        };
        self.name = None;
        Ok(schema)
    }

    fn give(&mut self, typed: Typed, goal: Goal) -> Schema {
        if let Goal::Variable(variable) = goal {
            self.push(Step::Assign { variable, value: typed.expression, next: NOWHERE });
        }
        typed.schema
    }

    /// Asks a condition: what comes next is where it holds, the edges are where it does not.
    pub(super) fn ask(&mut self, word: &str, label: &str, condition: &Condition) -> Result<Vec<Slot>, DefinitionError> {
        let name = self.name.take();
        let (condition, bindings) = match condition {
            Condition::Value(value) => (Some(self.value(value, None)?.expression), Vec::new()),
            Condition::Let { pattern, value: syntax::Expression::Await { site, effect } }
                if !matches!(effect, syntax::Effect::Pause { .. }) =>
            {
                self.name = name;
                return self.ask_outcome(*site, effect, pattern);
            }
            Condition::Let { pattern, value } => {
                let typed = self.value(value, None)?;
                let typed = self.place(typed);
                let test = self.test(pattern, &typed)?;
                (test.condition(), test.bindings)
            }
        };
        self.name = name;
        let mut missed = Vec::new();
        if let Some(condition) = condition {
            let step = self.choose(&labelled(word, label), vec![condition]);
            self.open = vec![Slot::Rule(step, 0)];
            missed.push(Slot::Default(step));
        }
        self.bind_all(bindings);
        Ok(missed)
    }

    /// Binds what a test that holds has found.
    fn bind_all(&mut self, bindings: Bindings) {
        for (binding, typed) in bindings {
            let assigned = self.function.assigned.contains(&binding.local);
            let typed =
                if !assigned && self.is_lasting(&typed.expression) { typed } else { self.keep(binding.name, typed) };
            self.bind(binding, typed);
        }
    }

    /// `let pattern = value else { .. };`
    pub(super) fn destructure(
        &mut self,
        pattern: &Pattern,
        typed: Typed,
        otherwise: Option<&Block>,
    ) -> Result<(), DefinitionError> {
        if matches!(pattern, Pattern::Any) {
            self.pass_over(typed);
            return Ok(());
        }
        let typed = self.place(typed);
        let test = self.test(pattern, &typed)?;
        let mut missed = Vec::new();
        if let (Some(condition), Some(_)) = (test.condition(), otherwise) {
            let step = self.choose("let", vec![condition]);
            self.open = vec![Slot::Rule(step, 0)];
            missed.push(Slot::Default(step));
        }
        self.bind_all(test.bindings);
        otherwise.map_or(Ok(()), |otherwise| self.otherwise(missed, otherwise))
    }

    /// The block behind the `else` of a `let`.
    pub(super) fn otherwise(&mut self, missed: Vec<Slot>, otherwise: &Block) -> Result<(), DefinitionError> {
        let hit = std::mem::replace(&mut self.open, missed);
        self.block(otherwise, Goal::Nothing)?;
        self.open.extend(hit);
        Ok(())
    }

    /// `match` on a value.
    pub(super) fn arms(
        &mut self,
        label: &str,
        subject: Typed,
        arms: &[Arm],
        goal: Goal,
    ) -> Result<Option<Schema>, DefinitionError> {
        let questions: Vec<_> = arms.iter().map(|arm| (arm.pattern, arm.guard)).collect();
        let name = self.name.take();
        let subject = self.place(subject);
        self.name = name;
        let mut done = Vec::new();
        let mut schema = None;
        let Selected { ways, unknown } = self.select(label, &subject, &questions)?;
        for (arm, (way, bindings)) in arms.iter().zip(ways) {
            self.open = way;
            self.bind_all(bindings);
            schema = self.reach(arm.body, goal)?.or(schema);
            done.append(&mut self.open);
        }
        self.fits_no_pattern(unknown, &subject);
        self.open = done;
        Ok(schema)
    }

    /// Asks which of the patterns a place matches first; tells for each where that is and what it binds there.
    pub(super) fn select(
        &mut self,
        label: &str,
        subject: &Typed,
        arms: &[(Pattern, Option<&'static syntax::Expression>)],
    ) -> Result<Selected, DefinitionError> {
        let name = self.name.take();
        let mut tests = Vec::with_capacity(arms.len());
        let mut conditions = Vec::new();
        let mut whole = false;
        for (index, (pattern, guard)) in arms.iter().enumerate() {
            let test = self.test(pattern, subject)?;
            let last = index + 1 == arms.len();
            // The last arm takes all that is left, unless a value of no variant could be left, too.
            let certain = test.condition().is_none() || (last && !test.asks_variant);
            let condition = match (guard, certain) {
                (None, true) => None,
                (None, false) => test.condition(),
                (Some(guard), _) => {
                    for (binding, typed) in &test.bindings {
                        self.bind(*binding, typed.clone());
                    }
                    let guard = self.value(guard, None)?.expression;
                    Some(match test.condition() {
                        Some(condition) => Expression::and(condition, guard),
                        None => guard,
                    })
                }
            };
            whole |= condition.is_none();
            conditions.extend(condition);
            tests.push(test);
            if whole {
                break;
            }
        }
        self.name = name;
        let label = match label.is_empty() {
            true => self.name_of(&subject.expression).unwrap_or_default().to_owned(),
            false => label.to_owned(),
        };
        let rules = conditions.len();
        let choice = (rules > 0 || !whole).then(|| self.choose(&labelled("match", &label), conditions));
        let entry = std::mem::take(&mut self.open);
        let mut ways = Vec::with_capacity(arms.len());
        for (index, test) in tests.into_iter().enumerate() {
            let way = match choice {
                Some(step) if index < rules => vec![Slot::Rule(step, index)],
                Some(step) => vec![Slot::Default(step)],
                None => entry.clone(),
            };
            ways.push((way, test.bindings));
        }
        let unknown = choice.filter(|_| !whole).map(|step| (Slot::Default(step), label));
        Ok(Selected { ways, unknown })
    }

    /// Ends the machine where a value is of no known variant.
    pub(super) fn fits_no_pattern(&mut self, unknown: Option<(Slot, String)>, subject: &Typed) {
        let Some((slot, label)) = unknown else { return };
        self.open = vec![slot];
        self.unknown_variant(&label, subject);
    }

    /// What a `match` looks at, in a place; what nothing names has a number.
    fn matched(&mut self, subject: &syntax::Expression) -> Result<Typed, DefinitionError> {
        let before = self.variables.len();
        let typed = self.value(subject, None)?;
        let named = match &typed.expression {
            Expression::Variable(variable) if variable.0 < before => true,
            Expression::Variable(_) => false,
            other => other.is_place(),
        };
        if named {
            return Ok(typed);
        }
        self.numbers.matched += 1;
        let name = format!("m{}", self.numbers.matched);
        Ok(match &typed.expression {
            Expression::Variable(variable) => {
                self.variables[variable.0] = name;
                typed
            }
            _ => self.keep(&name, typed),
        })
    }

    /// The value in a place that can be read again.
    pub(super) fn place(&mut self, typed: Typed) -> Typed {
        if typed.expression.is_place() { typed } else { self.keep("value", typed) }
    }

    fn name_of(&self, expression: &Expression) -> Option<&str> {
        match expression {
            Expression::Variable(variable) => self.variables.get(variable.0).map(String::as_str),
            _ => None,
        }
    }

    /// The branch as one expression, when nothing happens in it.
    fn pure_branch(&mut self, control: &Control) -> Result<Option<Typed>, DefinitionError> {
        let Control::If { condition: Condition::Value(condition), then, otherwise: Some(otherwise), .. } = control
        else {
            return Ok(None);
        };
        let (true, Some(then)) = (then.statements.is_empty(), then.tail) else { return Ok(None) };
        let otherwise = match otherwise {
            syntax::Expression::Control(Control::Block { target: None, block }) if block.statements.is_empty() => {
                block.tail
            }
            syntax::Expression::Control(Control::Block { .. }) => None,
            other => Some(*other),
        };
        let Some(otherwise) = otherwise else { return Ok(None) };
        let before = self.mark();
        let condition = self.value(condition, None)?;
        let after_condition = self.mark();
        let values = match self.pure(then)? {
            Some(then) => self.pure(otherwise)?.map(|otherwise| (then, otherwise)),
            None => None,
        };
        Ok(match values {
            Some((then, otherwise)) => {
                debug_assert!(self.steps.len() == after_condition.steps, "what is pure makes no step");
                let expression = Expression::conditional(condition.expression, then.expression, otherwise.expression);
                Some(Typed { expression, schema: then.schema })
            }
            None => {
                self.reset(&before);
                None
            }
        })
    }

    /// The value of an expression when no step is needed for it.
    fn pure(&mut self, expression: &syntax::Expression) -> Result<Option<Typed>, DefinitionError> {
        if let syntax::Expression::Control(control) = expression {
            let mark = self.mark();
            return Ok(match self.pure_branch(control)? {
                Some(typed) if self.steps.len() == mark.steps => Some(typed),
                _ => {
                    self.reset(&mark);
                    None
                }
            });
        }
        if matches!(expression, syntax::Expression::Return { .. }) {
            return Ok(None);
        }
        let mark = self.mark();
        let typed = self.value(expression, None)?;
        if self.steps.len() == mark.steps {
            return Ok(Some(typed));
        }
        self.reset(&mark);
        Ok(None)
    }

    fn mark(&self) -> Mark {
        Mark {
            steps: self.steps.len(),
            variables: self.variables.len(),
            numbers: self.numbers,
            open: self.open.clone(),
            name: self.name,
            undos: self.undos.len(),
            top_undo: self.top_undo,
        }
    }

    /// Takes back the steps since `mark`; the edges into them are linked anew.
    fn reset(&mut self, mark: &Mark) {
        self.steps.truncate(mark.steps);
        self.labels.truncate(mark.steps);
        self.comments.retain(|step, _| *step < mark.steps);
        self.variables.truncate(mark.variables);
        self.numbers = mark.numbers;
        self.open.clone_from(&mark.open);
        self.name = mark.name;
        self.undos.truncate(mark.undos);
        self.top_undo = mark.top_undo;
        self.failing.retain(|(slot, _)| match slot {
            Slot::Entry => true,
            Slot::Next(step) | Slot::Rule(step, _) | Slot::Default(step) | Slot::Catch(step, _) => *step < mark.steps,
        });
    }
}

/// The names of a pattern with what they stand for.
pub(super) type Bindings = Vec<(Binding, Typed)>;

/// Which pattern a place matches.
pub(super) struct Selected {
    /// Where each pattern is the first that matches, and what it binds there.
    pub(super) ways: Vec<(Vec<Slot>, Bindings)>,
    /// Where none matches, with the name of what is looked at: a value of no known variant.
    pub(super) unknown: Option<(Slot, String)>,
}

/// What was built at some moment.
struct Mark {
    steps: usize,
    variables: usize,
    numbers: Numbers,
    open: Vec<Slot>,
    name: Option<syntax::Title>,
    undos: usize,
    top_undo: Option<usize>,
}

/// `if ok`, `match`
pub(super) fn labelled(word: &str, label: &str) -> String {
    if label.is_empty() { word.to_owned() } else { format!("{word} {label}") }
}
