//! The body as steps whose types are known: effects in the order they happen, pure values between them, and for each
//! effect what a failure leads to.

use std::collections::HashMap;

use sfn_asl::Value;

use super::DefinitionError;
use super::expression::{Expression, Member, Missing, Variable};
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

    /// An expression that yields data; the effects in it become steps. `wanted` names the result of an effect.
    fn value(&mut self, expression: &syntax::Expression, wanted: Option<Binding>) -> Result<Typed, DefinitionError> {
        match expression {
            syntax::Expression::Local { local } => {
                self.locals.get(local).cloned().ok_or_else(|| self.unexpected("a local that nothing binds"))
            }
            syntax::Expression::Field { base, name } => {
                let base = self.value(base, None)?;
                self.field(base, name)
            }
            syntax::Expression::Structure { site, fields } => self.structure(*site, fields),
            syntax::Expression::Tuple { site, items } => self.tuple(*site, items),
            syntax::Expression::Constant { site } => self.constant(*site),
            syntax::Expression::Try { value } => match value {
                syntax::Expression::Await { site, effect } => self.effect(*site, effect, wanted),
                _ => Err(self.unexpected("a `?` that follows no awaited call")),
            },
            syntax::Expression::Await { .. } | syntax::Expression::Success { .. } => {
                Err(self.unexpected("a `Result` that is used as data"))
            }
            syntax::Expression::Return { .. } => Err(self.unexpected("a `return` inside an expression")),
        }
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

    fn field(&self, base: Typed, name: &str) -> Result<Typed, DefinitionError> {
        let expression = Box::new(base.expression);
        match &base.schema {
            Schema::Newtype { inner, field, .. } if name == *field => {
                Ok(Typed { expression: *expression, schema: inner() })
            }
            Schema::Tuple(items) => {
                let index = name.parse::<usize>().ok();
                let Some((index, schema)) = index.and_then(|index| Some((index, items.get(index)?))) else {
                    return Err(self.no_field(&base.schema, name));
                };
                Ok(Typed { expression: Expression::Item { base: expression, index }, schema: schema() })
            }
            schema => {
                let field = schema.field(name).ok_or_else(|| self.no_field(schema, name))?;
                if field.flattened {
                    return self.flattened(Typed { expression: *expression, schema: (field.schema)() });
                }
                if let Expression::Object(members) = *expression {
                    let found = members.into_iter().find(|member| member.key == field.wire);
                    let value = found.map_or(Expression::Constant(Value::Null), |member| member.value);
                    return Ok(Typed { expression: value, schema: (field.schema)() });
                }
                let missing = match field.missing() {
                    Some(missing) => Missing::Reads(missing().ok_or_else(|| DefinitionError::NoDefault {
                        structure: schema.to_string(),
                        field: name.to_owned(),
                    })?),
                    None => Missing::Never,
                };
                let expression = Expression::Member { base: expression, key: field.wire.to_owned(), missing };
                Ok(Typed { expression, schema: (field.schema)() })
            }
        }
    }

    /// The struct that is flattened into the object of `base`: a new object without the members of others.
    fn flattened(&self, base: Typed) -> Result<Typed, DefinitionError> {
        let expression = Expression::Object(self.members(&base)?);
        Ok(Typed { expression, schema: base.schema })
    }

    /// The members that the fields of a struct are written as, read from the object `base`.
    fn members(&self, base: &Typed) -> Result<Vec<Member>, DefinitionError> {
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

    fn structure(
        &mut self,
        site: usize,
        fields: &[(&'static str, &syntax::Expression)],
    ) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        let mut values = HashMap::new();
        // The values are evaluated in the order they are written, the members stand in the order of the type.
        for (name, value) in fields {
            values.insert(*name, self.value(value, None)?.expression);
        }
        if let Schema::Newtype { field, .. } = &schema
            && let Some(value) = values.remove(*field)
        {
            return Ok(Typed { expression: value, schema });
        }
        if let Schema::Tuple(items) = &schema {
            let mut array = Vec::with_capacity(items.len());
            for (index, item) in items.iter().enumerate() {
                let name = index.to_string();
                let value = values.remove(name.as_str()).ok_or_else(|| self.no_field(&schema, &name))?;
                array.push((value, item().arrays()));
            }
            return Ok(Typed { expression: Expression::Array(array), schema });
        }
        let Schema::Structure(structure) = &schema else { return Err(self.no_field(&schema, "..")) };
        let mut members = Vec::with_capacity(structure.fields.len());
        for field in &structure.fields {
            let value = values.remove(field.name).ok_or_else(|| self.no_field(&schema, field.name))?;
            if field.flattened {
                members.extend(self.members(&Typed { expression: value, schema: (field.schema)() })?);
            } else {
                members.extend(member(field.wire, value, field.skipped_if_none));
            }
        }
        match values.keys().next() {
            Some(unknown) => Err(self.no_field(&schema, unknown)),
            None => Ok(Typed { expression: Expression::Object(members), schema }),
        }
    }

    fn tuple(&mut self, site: usize, items: &[&syntax::Expression]) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        if items.is_empty() {
            return Ok(Typed { expression: Expression::Constant(Value::Null), schema });
        }
        let items = items.iter().map(|item| self.value(item, None)).collect::<Result<Vec<_>, _>>()?;
        let expression =
            Expression::Array(items.into_iter().map(|item| (item.expression, item.schema.arrays())).collect());
        Ok(Typed { expression, schema })
    }

    fn constant(&self, site: usize) -> Result<Typed, DefinitionError> {
        let schema = self.schema_at(site)?;
        match self.witness.constant_at(site) {
            Some(Ok(value)) => Ok(Typed { expression: Expression::Constant(value.clone()), schema }),
            Some(Err(error)) => Err(DefinitionError::Constant { message: error.to_string() }),
            None => Err(self.unexpected("a constant that nobody witnessed")),
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

/// The member that a field is written as; `None` when the field is known to be left out.
fn member(key: &str, value: Expression, skipped_if_none: bool) -> Option<Member> {
    let skipped_if_none = match &value {
        Expression::Constant(value) if skipped_if_none && value.is_null() => return None,
        Expression::Constant(_) => false,
        _ => skipped_if_none,
    };
    Some(Member { key: key.to_owned(), value, skipped_if_none })
}

/// True when the value of the expression is the result of an effect itself.
fn is_effect(expression: &syntax::Expression) -> bool {
    matches!(expression, syntax::Expression::Try { value: syntax::Expression::Await { .. } })
}
