//! The body as steps whose types are known: effects in the order they happen, pure values between them, and for each
//! effect what a failure leads to.

mod value;

use std::collections::HashMap;

use super::DefinitionError;
use super::expression::{Expression, Member, Variable};
use super::syntax::{self, Binding, Block, Compensation, Function, Statement};
use super::witness::Witness;
use crate::data::Schema;
use crate::task::{Parameters, TaskDescription};

/// The steps of a machine; each leads to another by its index.
pub(super) struct Flow {
    pub(super) entry: usize,
    pub(super) steps: Vec<Step>,
    /// The name that each variable would like to have.
    pub(super) variables: Vec<String>,
    pub(super) parameter: Variable,
}

/// One step.
pub(super) enum Step {
    /// A variable gets a value.
    Assign { variable: Variable, value: Expression, next: usize },
    /// A task is called.
    Task { call: Call, result: Option<Variable>, on_error: Option<OnError>, next: usize },
    /// The machine ends well.
    Return { value: Expression },
    /// The machine ends with the error that this variable holds.
    Rethrow { error: Variable },
}

/// A call with its payload.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) task: TaskDescription,
    pub(super) payload: Expression,
    /// The step whose effect this call takes back.
    pub(super) undoes: Option<usize>,
}

/// Where any error of a step leads.
#[derive(Clone, Copy)]
pub(super) struct OnError {
    /// The variable that takes the error; `None` where it is passed over.
    pub(super) error: Option<Variable>,
    pub(super) next: usize,
}

/// Builds the steps of `function` with the types that `witness` saw; `input` is the type of the parameter.
pub(super) fn build(function: &Function, witness: &Witness, input: Schema) -> Result<Flow, DefinitionError> {
    let mut builder = Builder::new(function, witness);
    let parameter = builder.variable(function.parameter.map_or("input", |binding| binding.name));
    if let Some(binding) = function.parameter {
        builder.bind(binding, Typed { expression: Expression::Variable(parameter), schema: input });
    }
    builder.block(&function.body)?;
    builder.compensations();
    Ok(Flow { entry: builder.entry.unwrap_or(0), steps: builder.steps, variables: builder.variables, parameter })
}

/// A step that is yet to be linked to its successor.
const NOWHERE: usize = usize::MAX;

struct Builder<'a> {
    function: &'a Function,
    witness: &'a Witness,
    steps: Vec<Step>,
    entry: Option<usize>,
    /// The step whose successor comes next; `None` at the entry and after the end.
    open: Option<usize>,
    variables: Vec<String>,
    locals: HashMap<usize, Typed>,
    undos: Vec<RegisteredUndo>,
    /// The undo that a failure would run first.
    top_undo: Option<usize>,
    /// Which undo the failure of a step leads to, by step.
    failing: Vec<(usize, usize)>,
}

struct RegisteredUndo {
    call: Call,
    below: Option<usize>,
}

/// An expression with its type.
#[derive(Clone)]
struct Typed {
    expression: Expression,
    schema: Schema,
}

impl<'a> Builder<'a> {
    fn new(function: &'a Function, witness: &'a Witness) -> Self {
        Builder {
            function,
            witness,
            steps: Vec::new(),
            entry: None,
            open: None,
            variables: Vec::new(),
            locals: HashMap::new(),
            undos: Vec::new(),
            top_undo: None,
            failing: Vec::new(),
        }
    }

    fn block(&mut self, block: &Block) -> Result<(), DefinitionError> {
        for statement in block.statements {
            match statement {
                Statement::Let { binding, value } => self.binding(*binding, value)?,
                Statement::Expression(syntax::Expression::Return { value }) => self.result(value)?,
                Statement::Expression(value) => {
                    self.value(value, None)?;
                }
            }
        }
        block.tail.map_or(Ok(()), |tail| self.result(tail))
    }

    fn binding(&mut self, binding: Option<Binding>, value: &syntax::Expression) -> Result<(), DefinitionError> {
        let typed = self.value(value, binding)?;
        let Some(binding) = binding else { return Ok(()) };
        let typed = if is_effect(value) {
            typed
        } else {
            let variable = self.variable(binding.name);
            self.push(Step::Assign { variable, value: typed.expression, next: NOWHERE });
            Typed { expression: Expression::Variable(variable), schema: typed.schema }
        };
        self.bind(binding, typed);
        Ok(())
    }

    /// An expression that yields the machine's result.
    fn result(&mut self, expression: &syntax::Expression) -> Result<(), DefinitionError> {
        let value = match expression {
            syntax::Expression::Return { value } => return self.result(value),
            syntax::Expression::Success { value } => self.value(value, None)?,
            syntax::Expression::Await { site, effect } => self.effect(*site, effect, None)?,
            _ => return Err(self.unexpected("a result that is neither `Ok(..)` nor an awaited call")),
        };
        self.push(Step::Return { value: value.expression });
        self.open = None;
        Ok(())
    }

    fn effect(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        wanted: Option<Binding>,
    ) -> Result<Typed, DefinitionError> {
        let syntax::Effect::Call { arguments, undo } = effect;
        let description =
            self.witness.effect_at(site).cloned().ok_or_else(|| self.unexpected("an effect that nobody witnessed"))?;
        let payload = self.payload(&description.task, arguments)?;
        let name =
            wanted.or(undo.and_then(|undo| undo.parameter)).map_or(description.task.name, |binding| binding.name);
        let result = self.variable(name);
        let call = Call { task: description.task, payload, undoes: None };
        let step = self.push(Step::Task { call, result: Some(result), on_error: None, next: NOWHERE });
        if let Some(top) = self.top_undo {
            self.failing.push((step, top));
        }
        let typed = Typed { expression: Expression::Variable(result), schema: description.output };
        if let (Some(compensation), Some(task)) = (undo, description.undo) {
            self.register_undo(step, task, compensation, &typed)?;
        }
        Ok(typed)
    }

    fn register_undo(
        &mut self,
        undoes: usize,
        task: TaskDescription,
        compensation: &Compensation,
        output: &Typed,
    ) -> Result<(), DefinitionError> {
        if let Some(parameter) = compensation.parameter {
            self.bind(parameter, output.clone());
        }
        let payload = self.payload(&task, compensation.arguments)?;
        self.undos.push(RegisteredUndo { call: Call { task, payload, undoes: Some(undoes) }, below: self.top_undo });
        self.top_undo = Some(self.undos.len() - 1);
        Ok(())
    }

    fn payload(
        &mut self,
        task: &TaskDescription,
        arguments: &[&syntax::Expression],
    ) -> Result<Expression, DefinitionError> {
        let mut values = arguments.iter().map(|argument| self.value(argument, None)).collect::<Result<Vec<_>, _>>()?;
        match task.parameters {
            Parameters::Whole if values.len() == 1 => Ok(values.remove(0).expression),
            Parameters::Named(names) if values.len() == names.len() => Ok(Expression::Object(
                names
                    .iter()
                    .zip(values)
                    .map(|(name, value)| Member {
                        key: (*name).to_owned(),
                        value: value.expression,
                        skipped_if_none: false,
                    })
                    .collect(),
            )),
            _ => Err(self.unexpected("a call whose arguments are not the task's parameters")),
        }
    }

    fn schema_at(&self, site: usize) -> Result<Schema, DefinitionError> {
        self.witness.type_at(site).cloned().ok_or_else(|| self.unexpected("a type that nobody witnessed"))
    }

    /// Appends the compensations that a failure can reach, the last registered first, and the failure behind them.
    fn compensations(&mut self) {
        if self.failing.is_empty() {
            return;
        }
        let error = self.variable("err");
        let mut reached: Vec<usize> = self.failing.iter().map(|(_, undo)| *undo).collect();
        let mut all = vec![false; self.undos.len()];
        while let Some(undo) = reached.pop() {
            if !std::mem::replace(&mut all[undo], true) {
                reached.extend(self.undos[undo].below);
            }
        }
        let order: Vec<usize> = (0..self.undos.len()).rev().filter(|undo| all[*undo]).collect();
        let first = self.steps.len();
        let step_of = |undo: usize| {
            first + order.iter().position(|other| *other == undo).expect("what is below a reached undo is reached")
        };
        let rethrow = first + order.len();
        let mut chain = Vec::with_capacity(order.len() + 1);
        for undo in &order {
            let next = self.undos[*undo].below.map_or(rethrow, step_of);
            chain.push(Step::Task {
                call: self.undos[*undo].call.clone(),
                result: None,
                on_error: Some(OnError { error: None, next }),
                next,
            });
        }
        chain.push(Step::Rethrow { error });
        for (step, undo) in std::mem::take(&mut self.failing) {
            if let Step::Task { on_error, .. } = &mut self.steps[step] {
                *on_error = Some(OnError { error: Some(error), next: step_of(undo) });
            }
        }
        self.steps.extend(chain);
    }

    fn push(&mut self, step: Step) -> usize {
        let index = self.steps.len();
        self.steps.push(step);
        match self.open.replace(index) {
            None => {
                self.entry.get_or_insert(index);
            }
            Some(before) => match &mut self.steps[before] {
                Step::Assign { next, .. } | Step::Task { next, .. } => *next = index,
                Step::Return { .. } | Step::Rethrow { .. } => {}
            },
        }
        index
    }

    fn variable(&mut self, wanted: &str) -> Variable {
        self.variables.push(wanted.to_owned());
        Variable(self.variables.len() - 1)
    }

    fn bind(&mut self, binding: Binding, value: Typed) {
        self.locals.insert(binding.local, value);
    }

    fn no_field(&self, schema: &Schema, name: &str) -> DefinitionError {
        DefinitionError::NoField { structure: schema.to_string(), field: name.to_owned() }
    }

    fn unexpected(&self, what: &str) -> DefinitionError {
        DefinitionError::Syntax { machine: self.function.name.to_owned(), what: what.to_owned() }
    }
}

/// True when the value of the expression is the result of an effect itself.
fn is_effect(expression: &syntax::Expression) -> bool {
    matches!(expression, syntax::Expression::Try { value: syntax::Expression::Await { .. } })
}
