//! What runs side by side: each branch is a flow of its own, which reads the variables around it and assigns to none.

use std::collections::{BTreeSet, HashMap};

use super::failure::rethrown;
use super::{Builder, Catcher, Flow, Given, NOWHERE, Step, Typed, Until};
use crate::data::Schema;
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Member, Missing, Variable};
use crate::lower::syntax::{self, Binding, Block, Pattern};
use crate::task::{ErrorSchema, TaskError};

/// What runs side by side.
pub(in crate::lower) enum Branching {
    Parallel(Vec<Flow>),
    Map(Box<Iterations>),
}

/// The iterations of a Map.
pub(in crate::lower) struct Iterations {
    pub(in crate::lower) items: Expression,
    pub(in crate::lower) concurrency: Option<Expression>,
    /// The members of `ItemSelector`; none where an iteration gets its item alone.
    pub(in crate::lower) selector: Vec<Member>,
    pub(in crate::lower) flow: Flow,
}

/// The error of an expression that fails.
const EVALUATION: &str = "States.QueryEvaluationError";

impl Builder<'_> {
    /// The step of something that runs side by side, and its result; `is_caught` where a failure is looked at.
    pub(super) fn branches(
        &mut self,
        site: usize,
        effect: &syntax::Effect,
        wanted: Option<Binding>,
        is_caught: bool,
    ) -> Result<(usize, Variable, Schema), DefinitionError> {
        let name = self.name.take();
        let is_caught = is_caught || self.top_undo.is_some();
        let schema = self.schema_at(site)?;
        let (label, work) = match effect {
            syntax::Effect::Parallel { branches } => {
                let flows = branches.iter().map(|branch| self.branch_flow(Vec::new(), |builder| builder.body(branch)));
                ("join".to_owned(), Branching::Parallel(flows.collect::<Result<_, _>>()?))
            }
            syntax::Effect::Map { label, items, concurrency, index, item, body } => {
                let items = self.value(items, None)?;
                let Schema::List(inner) = items.schema else {
                    return Err(self.unexpected("a map over something that is no list"));
                };
                let concurrency = match concurrency {
                    Some(count) => Some(self.value(count, None)?.expression),
                    None => None,
                };
                let mut before = |value| if is_caught { self.before_catch(value) } else { value };
                let (items, concurrency) = (before(items.expression), concurrency.map(&mut before));
                let (selector, flow) = self.iteration_flow(index.as_ref(), item, inner(), body)?;
                let iterations = Iterations { items, concurrency, selector, flow };
                (super::control::labelled("map", label), Branching::Map(Box::new(iterations)))
            }
            _ => return Err(self.unexpected("something that has no branches")),
        };
        self.name = name;
        let result = self.variable(wanted.map_or("results", |binding| binding.name));
        let step = self.push(Step::Branches { work, result, catch: Vec::new(), next: NOWHERE });
        if self.labels[step].is_empty() {
            self.labels[step] = label;
        }
        Ok((step, result, schema))
    }

    /// How branches fail: with an error that may have any name.
    pub(super) fn branches_error() -> ErrorSchema {
        <crate::task::Error as TaskError>::schema()
    }

    /// A flow inside of this one. It shares the names of this one and has its own steps.
    fn branch_flow(
        &mut self,
        inputs: Vec<Given>,
        build: impl FnOnce(&mut Self) -> Result<(), DefinitionError>,
    ) -> Result<Flow, DefinitionError> {
        let mut outer = std::mem::replace(self, Builder::new(self.function, self.witness));
        self.share(&mut outer);
        let outcome = build(self);
        self.complete();
        self.share(&mut outer);
        let inner = std::mem::replace(self, outer);
        outcome?;
        Ok(inner.into_flow(inputs))
    }

    /// Exchanges what is known in a flow and in the flows inside of it.
    fn share(&mut self, other: &mut Self) {
        std::mem::swap(&mut self.variables, &mut other.variables);
        std::mem::swap(&mut self.locals, &mut other.locals);
        std::mem::swap(&mut self.errors, &mut other.errors);
        std::mem::swap(&mut self.numbers, &mut other.numbers);
    }

    /// The flow of an iteration, and what `ItemSelector` gives it.
    fn iteration_flow(
        &mut self,
        index: Option<&Pattern>,
        item: &Pattern,
        schema: Schema,
        body: &Block,
    ) -> Result<(Vec<Member>, Flow), DefinitionError> {
        let index = match index {
            Some(Pattern::Name { binding, .. }) => Some(*binding),
            _ => None,
        };
        let name = match item {
            Pattern::Name { binding, .. } => binding.name,
            _ => "item",
        };
        let mut selector = Vec::new();
        let mut inputs = Vec::new();
        let variable = self.variable(name);
        if let Some(binding) = index {
            let mut select = |key: &str, from| {
                let value = Expression::Verbatim(from);
                selector.push(Member { key: key.to_owned(), value, skipped_if_none: false });
                Expression::Member { base: Box::new(Expression::Input), key: key.to_owned(), missing: Missing::Never }
            };
            let value = select(name, "$states.context.Map.Item.Value");
            inputs.push(Given { variable, value, schema: schema.clone() });
            // The item keeps its name where its number has the same.
            let key = if binding.name == name { "index" } else { binding.name };
            let number = self.variable(binding.name);
            let value = select(key, "$states.context.Map.Item.Index");
            let whole = <usize as crate::data::Data>::schema();
            inputs.push(Given { variable: number, value, schema: whole.clone() });
            self.bind(binding, Typed { expression: Expression::Variable(number), schema: whole });
        } else {
            inputs.push(Given { variable, value: Expression::Input, schema: schema.clone() });
        }
        let typed = Typed { expression: Expression::Variable(variable), schema };
        let flow = self.branch_flow(inputs, |builder| {
            match item {
                Pattern::Name { binding, inner: None } => builder.bind(*binding, typed),
                pattern => builder.destructure(pattern, typed, None)?,
            }
            builder.body(body)
        })?;
        Ok((selector, flow))
    }

    /// A check that fails ends the machine from inside of a branch, too: no catcher around the branches takes it.
    pub(super) fn let_checks_through(&mut self) {
        let caught = |step: &Step| match step {
            Step::Branches { work, catch, .. } => !catch.is_empty() && work.is_fallible(),
            _ => false,
        };
        let steps: Vec<usize> = (0..self.steps.len()).filter(|step| caught(&self.steps[*step])).collect();
        if steps.is_empty() {
            return;
        }
        let error = self.failure();
        let fail = self.steps.len();
        self.steps.push(rethrown(error));
        self.labels.push(String::new());
        for step in steps {
            if let Some(catch) = self.steps[step].catchers_mut() {
                catch.insert(0, Catcher { errors: vec![EVALUATION], error: Some(error), next: fail });
            }
        }
    }
}

impl Branching {
    pub(in crate::lower) fn flows(&self) -> &[Flow] {
        match self {
            Branching::Parallel(flows) => flows,
            Branching::Map(iterations) => std::slice::from_ref(&iterations.flow),
        }
    }

    pub(in crate::lower) fn flows_mut(&mut self) -> &mut [Flow] {
        match self {
            Branching::Parallel(flows) => flows,
            Branching::Map(iterations) => std::slice::from_mut(&mut iterations.flow),
        }
    }

    fn is_fallible(&self) -> bool {
        self.flows().iter().any(Flow::is_fallible)
    }
}

impl Flow {
    /// The variables that the flow reads and that are not its own.
    pub(in crate::lower) fn reads(&self) -> BTreeSet<Variable> {
        let mut reads = BTreeSet::new();
        for step in &self.steps {
            step.expressions().into_iter().for_each(|expression| expression.variables(&mut reads));
            if let Step::Branches { work, .. } = step {
                work.flows().iter().for_each(|flow| reads.extend(flow.reads()));
            }
        }
        for given in &self.inputs {
            reads.remove(&given.variable);
        }
        reads
    }

    fn is_fallible(&self) -> bool {
        self.steps.iter().any(|step| {
            let inner = matches!(step, Step::Branches { work, .. } if work.is_fallible());
            inner || step.expressions().into_iter().any(Expression::is_fallible)
        })
    }

    /// A copy in which variables from outside are replaced; `inputs` come before its own.
    pub(in crate::lower) fn within(&self, inputs: Vec<Given>, replacements: &HashMap<Variable, Expression>) -> Flow {
        Flow {
            entry: self.entry,
            steps: self.steps.iter().map(|step| step.substitute(replacements)).collect(),
            labels: self.labels.clone(),
            comments: self.comments.clone(),
            variables: Vec::new(),
            inputs: inputs.into_iter().chain(self.inputs.iter().cloned()).collect(),
        }
    }
}

impl Step {
    /// The catchers of a step that can have some.
    pub(super) fn catchers_mut(&mut self) -> Option<&mut Vec<Catcher>> {
        match self {
            Step::Task { catch, .. } | Step::Branches { catch, .. } => Some(catch),
            _ => None,
        }
    }

    /// The expressions of the step, those of the flows in it not among them.
    fn expressions(&self) -> Vec<&Expression> {
        match self {
            Step::Assign { value, .. } | Step::Return { value } => vec![value],
            Step::Join { .. } => Vec::new(),
            Step::Task { call, .. } => vec![&call.payload],
            Step::Wait { until: Until::Seconds(value) | Until::Timestamp(value), .. } => vec![value],
            Step::Choice { rules, .. } => rules.iter().map(|rule| &rule.condition).collect(),
            Step::Fail { error, cause } => vec![error, cause],
            Step::Branches { work: Branching::Parallel(_), .. } => Vec::new(),
            Step::Branches { work: Branching::Map(iterations), .. } => {
                std::iter::once(&iterations.items).chain(&iterations.concurrency).collect()
            }
        }
    }

    fn substitute(&self, replacements: &HashMap<Variable, Expression>) -> Step {
        let replaced = |expression: &Expression| expression.substitute(replacements);
        match self {
            Step::Assign { variable, value, next } => {
                Step::Assign { variable: *variable, value: replaced(value), next: *next }
            }
            Step::Join { next } => Step::Join { next: *next },
            Step::Task { call, result, catch, next } => {
                let mut call = call.clone();
                call.payload = replaced(&call.payload);
                Step::Task { call, result: *result, catch: catch.clone(), next: *next }
            }
            Step::Wait { until, next } => {
                let until = match until {
                    Until::Seconds(value) => Until::Seconds(replaced(value)),
                    Until::Timestamp(value) => Until::Timestamp(replaced(value)),
                };
                Step::Wait { until, next: *next }
            }
            Step::Choice { rules, default } => {
                let rule = |rule: &super::Rule| super::Rule { condition: replaced(&rule.condition), next: rule.next };
                Step::Choice { rules: rules.iter().map(rule).collect(), default: *default }
            }
            Step::Return { value } => Step::Return { value: replaced(value) },
            Step::Fail { error, cause } => Step::Fail { error: replaced(error), cause: replaced(cause) },
            Step::Branches { work, result, catch, next } => {
                let inside = |flow: &Flow| flow.within(Vec::new(), replacements);
                let work = match work {
                    Branching::Parallel(flows) => Branching::Parallel(flows.iter().map(inside).collect()),
                    Branching::Map(iterations) => Branching::Map(Box::new(Iterations {
                        items: replaced(&iterations.items),
                        concurrency: iterations.concurrency.as_ref().map(replaced),
                        selector: iterations.selector.clone(),
                        flow: inside(&iterations.flow),
                    })),
                };
                Step::Branches { work, result: *result, catch: catch.clone(), next: *next }
            }
        }
    }
}
