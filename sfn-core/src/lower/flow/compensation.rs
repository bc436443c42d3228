//! Compensations: a call that has succeeded registers what undoes it, and a failure behind it runs them, the last one first.
//!
//! They stand in one chain, in the order of the text; a failure enters it at the last one registered before it. Where the
//! way to a failure may have passed a registration by, as behind an `if`, a variable tells whether it did, and a choice in
//! front of the compensation asks.

use std::collections::HashSet;

use sfn_asl::Value;

use super::failure::rethrown;
use super::{ALL_ERRORS, Builder, Call, NOWHERE, Slot, Step, Typed};
use crate::lower::DefinitionError;
use crate::lower::expression::{Expression, Variable};
use crate::lower::names::title;
use crate::lower::syntax::Compensation;
use crate::task::TaskDescription;

/// A compensation in the chain.
pub(super) struct RegisteredUndo {
    call: Call,
    /// The step whose success registers it.
    undoes: usize,
    /// True once it is registered.
    registered: Variable,
    /// The one before it.
    below: Option<usize>,
}

/// An edge that leads into the chain.
struct Failing {
    slot: Slot,
    /// The compensation that it comes to next; `None` behind the last one.
    next: Option<usize>,
    /// The steps whose failures come along it.
    origins: Vec<usize>,
}

impl Builder<'_> {
    /// Registers what undoes the step `undoes`, which has just succeeded with `output`.
    pub(super) fn register_undo(
        &mut self,
        undoes: usize,
        task: TaskDescription,
        compensation: &Compensation,
        output: &Typed,
    ) -> Result<(), DefinitionError> {
        if let Some(parameter) = compensation.parameter {
            self.bind(parameter, output.clone());
        }
        let mut payload = self.payload(&task, compensation.arguments)?;
        if self.changes_later(&payload) {
            // The compensation takes what the variables hold now.
            let kept = self.variable("undo");
            self.push(Step::Assign { variable: kept, value: payload, next: NOWHERE });
            payload = Expression::Variable(kept);
        }
        // Nobody reads it where every way to a failure comes along here; then it is dropped.
        let registered = self.variable("undoable");
        let value = Expression::Constant(Value::Bool(true));
        self.push(Step::Assign { variable: registered, value, next: NOWHERE });
        let call = Call { task, payload, undoes: Some(undoes) };
        self.undos.push(RegisteredUndo { call, undoes, registered, below: self.top_undo });
        self.top_undo = Some(self.undos.len() - 1);
        Ok(())
    }

    /// Lets what is open lead to the compensations.
    pub(super) fn undo_all(&mut self) {
        let open = std::mem::take(&mut self.open);
        let top = self.top_undo.expect("compensations are run where there are some");
        self.failing.extend(open.into_iter().map(|slot| (slot, top)));
    }

    /// Lets the failures of a step lead to the compensations, if there are any.
    pub(super) fn fails_to_undo(&mut self, step: usize) {
        let Some(top) = self.top_undo else { return };
        let failure = self.failure();
        let catcher = self.catch(step, vec![ALL_ERRORS], Some(failure));
        self.failing.push((catcher, top));
    }

    /// Appends the compensations that a failure can reach, the last registered first, and the failure behind them.
    pub(super) fn compensations(&mut self) {
        let failing = std::mem::take(&mut self.failing);
        if failing.is_empty() {
            return;
        }
        let error = self.failure();
        let into_chain =
            |(slot, top): (Slot, usize)| Failing { slot, next: Some(top), origins: slot.step().into_iter().collect() };
        let mut failing: Vec<Failing> = failing.into_iter().map(into_chain).collect();
        for undo in (0..self.undos.len()).rev() {
            let (here, others): (Vec<_>, Vec<_>) = failing.into_iter().partition(|edge| edge.next == Some(undo));
            failing = others;
            if !here.is_empty() {
                self.compensation(undo, here, &mut failing);
            }
        }
        self.open = failing.into_iter().map(|edge| edge.slot).collect();
        self.push(rethrown(error));
    }

    /// Appends a compensation that the edges `here` come to; the edges behind it join the `others`.
    fn compensation(&mut self, undo: usize, here: Vec<Failing>, others: &mut Vec<Failing>) {
        let RegisteredUndo { ref call, undoes, registered, below } = self.undos[undo];
        let call = Box::new(call.clone());
        let passing_by = self.reached_without(undoes);
        let (perhaps, surely): (Vec<_>, Vec<_>) =
            here.into_iter().partition(|edge| edge.origins.iter().any(|origin| passing_by.contains(origin)));
        let origins = |edges: &[Failing]| edges.iter().flat_map(|edge| edge.origins.clone()).collect::<Vec<_>>();
        let slots = |edges: &[Failing]| edges.iter().map(|edge| edge.slot).collect::<Vec<_>>();
        let all = [origins(&perhaps), origins(&surely)].concat();
        let mut open = slots(&surely);
        if !perhaps.is_empty() {
            let undone = match &self.steps[undoes] {
                Step::Task { call, .. } => title(call.task.name),
                _ => String::new(),
            };
            self.open = slots(&perhaps);
            let choice = self.choose(&format!("Undo {undone}?"), vec![Expression::Variable(registered)]);
            others.push(Failing { slot: Slot::Default(choice), next: below, origins: origins(&perhaps) });
            open.push(Slot::Rule(choice, 0));
            self.begin_with(registered, Expression::Constant(Value::Bool(false)));
        }
        self.open = open;
        let result = self.variable("undone");
        let step = self.push(Step::Task { call, result, catch: Vec::new(), next: NOWHERE });
        let passed_over = self.catch(step, vec![ALL_ERRORS], None);
        let behind = [Slot::Next(step), passed_over];
        others.extend(behind.map(|slot| Failing { slot, next: below, origins: all.clone() }));
        self.open = Vec::new();
    }

    /// Gives a variable a value before anything else happens.
    fn begin_with(&mut self, variable: Variable, value: Expression) {
        let open = std::mem::take(&mut self.open);
        let step = self.push(Step::Assign { variable, value, next: self.entry });
        self.entry = step;
        self.open = open;
    }

    /// The steps that a way from the beginning reaches without passing the success of the step `undoes`.
    fn reached_without(&self, undoes: usize) -> HashSet<usize> {
        let mut reached = HashSet::new();
        let mut open = vec![self.entry];
        while let Some(step) = open.pop() {
            let Some(found) = self.steps.get(step).filter(|_| reached.insert(step)) else { continue };
            match found {
                Step::Assign { next, .. } | Step::Join { next } | Step::Wait { next, .. } => open.push(*next),
                Step::Task { next, catch, .. } | Step::Branches { next, catch, .. } => {
                    open.extend((step != undoes).then_some(*next));
                    open.extend(catch.iter().map(|catcher| catcher.next));
                }
                Step::Choice { rules, default } => {
                    open.push(*default);
                    open.extend(rules.iter().map(|rule| rule.next));
                }
                Step::Return { .. } | Step::Fail { .. } => {}
            }
        }
        reached
    }
}

impl Slot {
    /// The step that the edge begins at; `None` for the beginning.
    fn step(self) -> Option<usize> {
        match self {
            Slot::Entry => None,
            Slot::Next(step) | Slot::Rule(step, _) | Slot::Default(step) | Slot::Catch(step, _) => Some(step),
        }
    }
}
