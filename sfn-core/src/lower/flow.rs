//! The body as a graph of steps whose types are known: effects in the order they happen, pure values between them,
//! branches, and for each effect what a failure leads to.

mod branch;
mod change;
mod compensation;
mod control;
mod failure;
mod outcome;
mod pattern;
mod repeat;
mod value;

use std::collections::HashMap;

use sfn_asl::Value;

pub(super) use branch::Branching;

use super::DefinitionError;
use super::expression::{Expression, Member, Variable};
use super::names::title;
use super::syntax::{self, Binding, Block, Function, Pattern, Statement, Title};
use super::witness::Witness;
use crate::data::{Enumeration, Schema, Tagging};
use crate::task::{CallSettings, Parameters, TaskDescription};

/// The steps of a machine; each leads to another by its index.
pub(super) struct Flow {
    pub(super) entry: usize,
    pub(super) steps: Vec<Step>,
    /// The name that the state of each step would like to have; empty where its kind says it.
    pub(super) labels: Vec<String>,
    /// The comments on the states of steps.
    pub(super) comments: HashMap<usize, &'static str>,
    /// The name that each variable would like to have.
    pub(super) variables: Vec<String>,
    /// What the variables of its input hold at the beginning.
    pub(super) inputs: Vec<Given>,
}

/// A variable with what it holds at the beginning.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) variable: Variable,
    pub(super) value: Expression,
    pub(super) schema: Schema,
}

/// One step.
pub(super) enum Step {
    /// A variable gets a value.
    Assign { variable: Variable, value: Expression, next: usize },
    /// Several ways come together; nothing happens.
    Join { next: usize },
    /// A task is called.
    Task { call: Box<Call>, result: Variable, catch: Vec<Catcher>, next: usize },
    /// Time passes.
    Wait { until: Until, next: usize },
    /// The first rule that holds says where to go.
    Choice { rules: Vec<Rule>, default: usize },
    /// The machine ends well.
    Return { value: Expression },
    /// The machine ends with an error.
    Fail { error: Expression, cause: Expression },
    /// Flows run side by side.
    Branches { work: Branching, result: Variable, catch: Vec<Catcher>, next: usize },
}

/// How long a wait is.
#[derive(Clone)]
pub(super) enum Until {
    Seconds(Expression),
    Timestamp(Expression),
}

/// A rule of a choice.
pub(super) struct Rule {
    pub(super) condition: Expression,
    pub(super) next: usize,
}

/// A call with its payload.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) task: TaskDescription,
    pub(super) payload: Expression,
    /// The step whose effect this call takes back.
    pub(super) undoes: Option<usize>,
}

/// Where some errors of a step lead.
#[derive(Clone)]
pub(super) struct Catcher {
    pub(super) errors: Vec<&'static str>,
    /// The variable that takes the error; `None` where it is passed over.
    pub(super) error: Option<Variable>,
    pub(super) next: usize,
}

/// All errors that can be caught.
pub(super) const ALL_ERRORS: &str = "States.ALL";

/// Builds the steps of `function` with the types that `witness` saw; `input` is the type of the parameter.
pub(super) fn build(function: &Function, witness: &Witness, input: Schema) -> Result<Flow, DefinitionError> {
    let mut builder = Builder::new(function, witness);
    let parameter = builder.variable(function.parameter.map_or("input", |binding| binding.name));
    if let Some(binding) = function.parameter {
        builder.bind(binding, Typed { expression: Expression::Variable(parameter), schema: input.clone() });
    }
    builder.parameter = Some(parameter);
    builder.body(&function.body)?;
    builder.complete();
    let value = Expression::Input;
    Ok(builder.into_flow(vec![Given { variable: parameter, value, schema: input }]))
}

/// The longest name of a result that the name of its end tells.
const LONGEST_END: usize = 60;

/// A step that is yet to be linked to its successor.
const NOWHERE: usize = usize::MAX;

/// An edge of the graph, by where it begins.
#[derive(Clone, Copy)]
enum Slot {
    Entry,
    Next(usize),
    Rule(usize, usize),
    Default(usize),
    Catch(usize, usize),
}

struct Builder<'a> {
    function: &'a Function,
    witness: &'a Witness,
    steps: Vec<Step>,
    labels: Vec<String>,
    entry: usize,
    /// The edges that lead to what comes next; none after the end.
    open: Vec<Slot>,
    /// What the next state shall be called.
    name: Option<Title>,
    comments: HashMap<usize, &'static str>,
    variables: Vec<String>,
    parameter: Option<Variable>,
    /// How many there were so far of what has a number for a name.
    numbers: Numbers,
    locals: HashMap<usize, Typed>,
    local_names: HashMap<usize, &'static str>,
    /// The variable of each caught error, by its local.
    errors: HashMap<usize, Variable>,
    loops: HashMap<usize, repeat::Loop>,
    undos: Vec<compensation::RegisteredUndo>,
    /// The undo that a failure would run first.
    top_undo: Option<usize>,
    /// Which undo an edge leads to.
    failing: Vec<(Slot, usize)>,
    /// The variable of the error that compensations follow.
    failure: Option<Variable>,
    /// How many closures and right sides of `&&` are around: no state can stand in them.
    pure: usize,
}

/// How many there were so far of what has a number for a name.
#[derive(Clone, Copy, Default)]
struct Numbers {
    /// Values that a `match` looks at and nothing names: `m1`.
    matched: usize,
    /// Loops over lists and ranges: `it1`, `i1`.
    loops: usize,
    /// Fields of errors: `c1`.
    causes: usize,
}

/// An expression with its type.
#[derive(Clone)]
struct Typed {
    expression: Expression,
    schema: Schema,
}

impl Typed {
    fn nothing() -> Self {
        Typed { expression: Expression::Constant(Value::Null), schema: Schema::Unit }
    }
}

/// What a call returned. Where nothing is returned, the answer of a service is not looked at.
fn returned(result: Variable, schema: Schema, is_function: bool) -> Typed {
    match schema {
        Schema::Unit if !is_function => Typed::nothing(),
        schema => Typed { expression: Expression::Variable(result), schema },
    }
}

impl<'a> Builder<'a> {
    fn new(function: &'a Function, witness: &'a Witness) -> Self {
        Builder {
            function,
            witness,
            steps: Vec::new(),
            labels: Vec::new(),
            entry: NOWHERE,
            open: vec![Slot::Entry],
            name: None,
            comments: HashMap::new(),
            variables: Vec::new(),
            parameter: None,
            numbers: Numbers::default(),
            locals: HashMap::new(),
            local_names: HashMap::new(),
            errors: HashMap::new(),
            loops: HashMap::new(),
            undos: Vec::new(),
            top_undo: None,
            failing: Vec::new(),
            failure: None,
            pure: 0,
        }
    }

    /// Adds what the whole body decides: where its failures lead.
    fn complete(&mut self) {
        self.compensations();
        self.let_checks_through();
    }

    fn into_flow(self, inputs: Vec<Given>) -> Flow {
        Flow {
            entry: self.entry,
            steps: self.steps,
            labels: self.labels,
            comments: self.comments,
            variables: self.variables,
            inputs,
        }
    }

    /// A block whose tail is a result of the machine.
    fn body(&mut self, block: &Block) -> Result<(), DefinitionError> {
        self.statements(block)?;
        self.name = block.tail_name;
        block.tail.map_or(Ok(()), |tail| self.result(tail))
    }

    fn statements(&mut self, block: &Block) -> Result<(), DefinitionError> {
        for statement in block.statements {
            match statement {
                Statement::Let { name, pattern, value, otherwise } => {
                    self.name = *name;
                    self.binding(pattern, *value, otherwise.as_ref())?;
                }
                Statement::Expression { name, value } => {
                    self.name = *name;
                    self.statement(value)?;
                }
            }
            self.name = None;
        }
        Ok(())
    }

    fn statement(&mut self, value: &syntax::Expression) -> Result<(), DefinitionError> {
        match value {
            syntax::Expression::Control(control) => self.control(control, control::Goal::Nothing).map(drop),
            value => {
                let typed = self.value(value, None)?;
                self.pass_over(typed);
                Ok(())
            }
        }
    }

    /// A value that nobody reads: evaluating it may still end the execution.
    fn pass_over(&mut self, typed: Typed) {
        if typed.expression.is_fallible() {
            self.keep("unused", typed);
        }
    }

    fn binding(
        &mut self,
        pattern: &Pattern,
        value: Option<&syntax::Expression>,
        otherwise: Option<&Block>,
    ) -> Result<(), DefinitionError> {
        let Some(value) = value else {
            if let Pattern::Name { binding, .. } = pattern {
                // Its first assignment tells the type.
                let variable = self.variable(binding.name);
                self.bind(*binding, Typed { expression: Expression::Variable(variable), schema: Schema::Any });
            }
            return Ok(());
        };
        if let (syntax::Expression::Await { site, effect }, Some(otherwise)) = (value, otherwise)
            && !matches!(effect, syntax::Effect::Pause { .. })
        {
            let missed = self.ask_outcome(*site, effect, pattern)?;
            return self.otherwise(missed, otherwise);
        }
        let Pattern::Name { binding, inner: None } = pattern else {
            let typed = self.value(value, None)?;
            return self.destructure(pattern, typed, otherwise);
        };
        let before = self.variables.len();
        let typed = self.value(value, Some(*binding))?;
        // The result of an effect is in a variable of its own already.
        let typed = match &typed.expression {
            Expression::Variable(variable) if variable.0 >= before => {
                self.variables[variable.0] = binding.name.to_owned();
                typed
            }
            _ => self.keep(binding.name, typed),
        };
        self.bind(*binding, typed);
        Ok(())
    }

    /// The value in a variable of its own.
    fn keep(&mut self, name: &str, typed: Typed) -> Typed {
        let variable = self.variable(name);
        self.push(Step::Assign { variable, value: typed.expression, next: NOWHERE });
        Typed { expression: Expression::Variable(variable), schema: typed.schema }
    }

    /// An expression that yields the machine's result.
    fn result(&mut self, expression: &syntax::Expression) -> Result<(), DefinitionError> {
        let value = match expression {
            syntax::Expression::Return { value } => return self.result(value),
            syntax::Expression::Success { value } => self.value(value, None)?,
            syntax::Expression::Await { site, effect } => self.effect(*site, effect, None)?,
            syntax::Expression::Control(control) => return self.control(control, control::Goal::Result).map(drop),
            _ => return Err(self.unexpected("a result that is neither `Ok(..)` nor an awaited call")),
        };
        let named = self.written_name(expression).or_else(|| end_name(&value, &self.variables));
        let named = named.filter(|name| name.chars().count() <= LONGEST_END);
        let label = match self.recovered_task(expression) {
            Some(task) => Some(format!("{} done", title(task))),
            None => named.map(|name| control::labelled("Return", &name)),
        };
        let step = self.push(Step::Return { value: value.expression });
        if let (true, Some(label)) = (self.labels[step].is_empty(), label) {
            self.labels[step] = label;
        }
        Ok(())
    }

    /// The task behind a result `Ok(task(..).await.ok())`: there is nothing to say of its end but that it is done.
    fn recovered_task(&self, result: &syntax::Expression) -> Option<&'static str> {
        let syntax::Expression::Success { value: syntax::Expression::Control(inner) } = result else { return None };
        let syntax::Control::Recovered { call: syntax::Expression::Await { site, .. } } = inner else { return None };
        Some(self.witness.effect_at(*site)?.task.name)
    }

    /// The last name of the place that a result is read from, as it is written.
    fn written_name(&self, result: &syntax::Expression) -> Option<String> {
        let syntax::Expression::Success { value } = result else { return None };
        let name = match value {
            syntax::Expression::Local { local } => self.local_names.get(local).copied()?,
            syntax::Expression::Field { name, .. } => name,
            _ => return None,
        };
        (!name.starts_with(|first: char| first.is_ascii_digit())).then(|| name.to_owned())
    }

    fn effect(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        wanted: Option<Binding>,
    ) -> Result<Typed, DefinitionError> {
        let (arguments, undo) = match effect {
            syntax::Effect::Call { arguments, undo } => (arguments, undo),
            syntax::Effect::Pause { unit_seconds, amount } => {
                self.pause(*unit_seconds, amount)?;
                return Ok(Typed::nothing());
            }
            syntax::Effect::Parallel { .. } | syntax::Effect::Map { .. } => {
                let (step, result, schema) = self.branches(site, effect, wanted, false)?;
                self.fails_to_undo(step);
                return Ok(Typed { expression: Expression::Variable(result), schema });
            }
        };
        let description =
            self.witness.effect_at(site).cloned().ok_or_else(|| self.unexpected("an effect that nobody witnessed"))?;
        let task = self.with_settings(site, description.task);
        let mut payload = self.payload(&task, arguments)?;
        if self.top_undo.is_some() || task.retries_all() {
            payload = self.before_catch(payload);
        }
        let name = wanted.or(undo.and_then(|undo| undo.parameter)).map_or(task.name, |binding| binding.name);
        let result = self.variable(name);
        let is_function = task.resource.is_function();
        let call = Box::new(Call { task, payload, undoes: None });
        let step = self.push(Step::Task { call, result, catch: Vec::new(), next: NOWHERE });
        self.fails_to_undo(step);
        let typed = returned(result, description.output, is_function);
        if let (Some(compensation), Some(task)) = (undo, description.undo) {
            if let Some(binding) = wanted {
                // It may be assigned to later, which the compensation does not see.
                self.bind(binding, typed.clone());
            }
            self.register_undo(step, task, compensation, &typed)?;
        }
        Ok(typed)
    }

    fn with_settings(&self, site: usize, task: TaskDescription) -> TaskDescription {
        self.witness.settings_at(site).unwrap_or(&CallSettings::default()).applied(task)
    }

    fn pause(&mut self, unit_seconds: Option<u64>, amount: &syntax::Expression) -> Result<(), DefinitionError> {
        let amount = self.value(amount, None)?.expression;
        let until = match (unit_seconds, amount) {
            (None, time) => Until::Timestamp(time),
            (Some(unit), Expression::Constant(count)) => {
                let seconds = count.as_i64().and_then(|count| count.checked_mul(i64::try_from(unit).ok()?));
                let seconds = seconds.ok_or_else(|| self.unexpected("a wait that is longer than can be counted"))?;
                Until::Seconds(Expression::Constant(seconds.into()))
            }
            (Some(1), count) => Until::Seconds(count),
            (Some(unit), count) => Until::Seconds(Expression::code(&format!("~ * {unit}"), [count])),
        };
        self.push(Step::Wait { until, next: NOWHERE });
        Ok(())
    }

    /// True when the expression reads a variable that something assigns to.
    fn changes_later(&self, expression: &Expression) -> bool {
        let mut read = std::collections::BTreeSet::new();
        expression.variables(&mut read);
        self.function.assigned.iter().any(|local| {
            let value = self.locals.get(local).map(|typed| &typed.expression);
            matches!(value, Some(Expression::Variable(variable)) if read.contains(variable))
        })
    }

    /// True for a place that holds the same value as long as a name in a pattern can be read. The parameter is none: what
    /// is read of it is kept where it is bound.
    fn is_lasting(&self, expression: &Expression) -> bool {
        match expression {
            Expression::Variable(variable) => Some(*variable) != self.parameter && !self.changes_later(expression),
            Expression::Member { base, .. } | Expression::Item { base, .. } => self.is_lasting(base),
            Expression::Ranged { value, .. } => self.is_lasting(value),
            _ => false,
        }
    }

    fn payload(
        &mut self,
        task: &TaskDescription,
        arguments: &[&syntax::Expression],
    ) -> Result<Expression, DefinitionError> {
        let mut values = self.each(arguments.iter().copied())?;
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

    /// A payload for a call with catchers: what may fail is evaluated before, where nothing catches it.
    fn before_catch(&mut self, payload: Expression) -> Expression {
        if !payload.is_fallible() {
            return payload;
        }
        let variable = self.variable("payload");
        self.push(Step::Assign { variable, value: payload, next: NOWHERE });
        Expression::Variable(variable)
    }

    fn schema_at(&self, site: usize) -> Result<Schema, DefinitionError> {
        self.witness.type_at(site).cloned().ok_or_else(|| self.unexpected("a type that nobody witnessed"))
    }

    /// Appends a step; what is open leads to it, and what comes next follows it.
    fn push(&mut self, step: Step) -> usize {
        let index = self.steps.len();
        let open = match &step {
            Step::Assign { .. } | Step::Join { .. } | Step::Task { .. } | Step::Wait { .. } | Step::Branches { .. } => {
                vec![Slot::Next(index)]
            }
            Step::Choice { .. } | Step::Return { .. } | Step::Fail { .. } => Vec::new(),
        };
        // A name that was asked for goes to the first state, not to a value on the way.
        let named = !matches!(step, Step::Assign { .. } | Step::Join { .. });
        let title = if named { self.name.take() } else { None };
        self.labels.push(title.map_or_else(String::new, |title| title.name.to_owned()));
        if let Some(title) = title.filter(|title| !title.comment.is_empty()) {
            self.comments.insert(index, title.comment);
        }
        self.steps.push(step);
        for slot in std::mem::replace(&mut self.open, open) {
            self.link(slot, index);
        }
        index
    }

    /// Appends a choice; its edges are to be linked.
    fn choose(&mut self, label: &str, conditions: Vec<Expression>) -> usize {
        let rules = conditions.into_iter().map(|condition| Rule { condition, next: NOWHERE }).collect();
        let step = self.push(Step::Choice { rules, default: NOWHERE });
        if self.labels[step].is_empty() {
            self.labels[step] = label.to_owned();
        }
        step
    }

    fn link(&mut self, slot: Slot, target: usize) {
        let link = match slot {
            Slot::Entry => Some(&mut self.entry),
            Slot::Next(step) => match &mut self.steps[step] {
                Step::Assign { next, .. }
                | Step::Join { next }
                | Step::Task { next, .. }
                | Step::Wait { next, .. }
                | Step::Branches { next, .. } => Some(next),
                _ => None,
            },
            Slot::Rule(step, rule) => match &mut self.steps[step] {
                Step::Choice { rules, .. } => rules.get_mut(rule).map(|rule| &mut rule.next),
                _ => None,
            },
            Slot::Default(step) => match &mut self.steps[step] {
                Step::Choice { default, .. } => Some(default),
                _ => None,
            },
            Slot::Catch(step, catcher) => {
                let catchers = self.steps[step].catchers_mut();
                catchers.and_then(|catch| catch.get_mut(catcher)).map(|catcher| &mut catcher.next)
            }
        };
        *link.expect("an edge begins at a step of its kind") = target;
    }

    fn variable(&mut self, wanted: &str) -> Variable {
        self.variables.push(wanted.to_owned());
        Variable(self.variables.len() - 1)
    }

    fn bind(&mut self, binding: Binding, value: Typed) {
        self.locals.insert(binding.local, value);
        self.local_names.insert(binding.local, binding.name);
    }

    fn no_field(&self, schema: &Schema, name: &str) -> DefinitionError {
        DefinitionError::NoField { structure: schema.to_string(), field: name.to_owned() }
    }

    fn unexpected(&self, what: &str) -> DefinitionError {
        DefinitionError::Syntax { machine: self.function.name.to_owned(), what: what.to_owned() }
    }
}

/// What a result is called, where it has a name: a place by its last name, a variant, `none` for what holds nothing.
fn end_name(value: &Typed, variables: &[String]) -> Option<String> {
    let is_none = |expression: &Expression| matches!(expression, Expression::Constant(constant) if constant.is_null());
    match (&value.expression, &value.schema) {
        // What nothing names tells nothing.
        (Expression::Variable(variable), _) => variables.get(variable.0).filter(|name| *name != "value").cloned(),
        (Expression::Member { key, .. }, _) => Some(key.clone()),
        (expression, Schema::Enumeration(enumeration)) => written_variant(expression, enumeration).map(str::to_owned),
        (expression, Schema::Option(_)) if is_none(expression) => Some("none".to_owned()),
        (Expression::Object(members), Schema::Structure(_)) => {
            members.iter().any(|member| is_none(&member.value)).then(|| "none".to_owned())
        }
        _ => None,
    }
}

/// The variant that an expression writes.
fn written_variant(expression: &Expression, enumeration: &Enumeration) -> Option<&'static str> {
    let of_wire = |wire: &str| enumeration.variants.iter().find(|variant| variant.wire == wire);
    let tag = match enumeration.tagging {
        Tagging::External => None,
        Tagging::Internal { tag } | Tagging::Adjacent { tag, .. } => Some(tag),
    };
    let variant = match (expression, tag) {
        (Expression::Constant(Value::Object(members)), Some(tag)) => of_wire(members.get(tag)?.as_str()?),
        (Expression::Constant(Value::Object(members)), None) => of_wire(members.keys().next()?),
        (Expression::Constant(value), _) => of_wire(value.as_str()?),
        (Expression::Object(members), Some(tag)) => match &members.iter().find(|member| member.key == tag)?.value {
            Expression::Constant(value) => of_wire(value.as_str()?),
            _ => None,
        },
        (Expression::Object(members), None) => of_wire(&members.first()?.key),
        _ => None,
    };
    variant.map(|variant| variant.name)
}
