//! Flows that run side by side become states inside of a state.

use std::collections::HashMap;

use super::{Former, LARGEST_VALUE, MapWork, State, Work, form};
use crate::data::Schema;
use crate::lower::expression::{Expression, Variable};
use crate::lower::flow::{Branching, Flow, Given, Step};
use crate::lower::{DefinitionError, parameter};

impl Former<'_> {
    /// True when the first state needs values in variables that it would have to assign itself: an iteration sees its own
    /// input instead of the state's, and a value that is computed, or may fail, is so once and before the branches.
    pub(super) fn needs_variables(&self, first: usize, values: &[(Variable, Expression)]) -> bool {
        let Some(Step::Branches { work, .. }) = self.flow.steps.get(first) else { return false };
        let is_map = matches!(work, Branching::Map(_));
        let is_costly = |value: &Expression| is_map || value.is_fallible() || value.size() > LARGEST_VALUE;
        let costly = values.iter().filter(|(_, value)| is_costly(value));
        let reads: Vec<_> = work.flows().iter().map(Flow::reads).collect();
        costly.into_iter().any(|(variable, _)| reads.iter().any(|reads| reads.contains(variable)))
    }

    /// The states inside of a state. What the state has not assigned yet, `entry`, the first state of a branch takes from
    /// its input, which is the state's.
    pub(super) fn branches(
        &mut self,
        work: &Branching,
        entry: &[(Variable, Expression)],
    ) -> Result<Work, DefinitionError> {
        let before: HashMap<Variable, Expression> = entry.iter().cloned().collect();
        match work {
            Branching::Parallel(flows) => {
                let states = flows.iter().map(|flow| self.branch(flow, entry));
                Ok(Work::Parallel(states.collect::<Result<_, _>>()?))
            }
            Branching::Map(iterations) => Ok(Work::Map(Box::new(MapWork {
                items: iterations.items.substitute(&before),
                selector: iterations.selector.clone(),
                concurrency: iterations.concurrency.as_ref().map(|count| count.substitute(&before)),
                states: self.settled(&iterations.flow)?,
            }))),
        }
    }

    fn branch(&mut self, flow: &Flow, entry: &[(Variable, Expression)]) -> Result<Vec<State>, DefinitionError> {
        let reads = flow.reads();
        let mut inputs = Vec::new();
        let mut own = HashMap::new();
        for (variable, value) in entry.iter().filter(|(variable, _)| reads.contains(variable)) {
            // A variable of the branch itself: it must not have the name of one outside.
            self.variables.push(self.variables[variable.0].clone());
            let fresh = Variable(self.variables.len() - 1);
            let known = self.flow.inputs.iter().find(|given| given.variable == *variable);
            let schema = known.map_or(Schema::Any, |given| given.schema.clone());
            inputs.push(Given { variable: fresh, value: value.clone(), schema });
            own.insert(*variable, Expression::Variable(fresh));
        }
        if inputs.is_empty() { self.settled(flow) } else { self.settled(&flow.within(inputs, &own)) }
    }

    fn settled(&mut self, flow: &Flow) -> Result<Vec<State>, DefinitionError> {
        let mut states = form(flow, self.variables)?;
        parameter::settle(&mut states, &flow.inputs, self.variables);
        Ok(states)
    }
}

impl MapWork {
    /// All that is evaluated in the Map and in its iterations.
    pub(super) fn expressions(&self) -> Vec<&Expression> {
        let own = std::iter::once(&self.items).chain(&self.concurrency);
        let selected = self.selector.iter().map(|member| &member.value);
        own.chain(selected).chain(self.states.iter().flat_map(State::expressions)).collect()
    }

    pub(super) fn expressions_mut(&mut self) -> Vec<&mut Expression> {
        let own = std::iter::once(&mut self.items).chain(&mut self.concurrency);
        let selected = self.selector.iter_mut().map(|member| &mut member.value);
        own.chain(selected).chain(self.states.iter_mut().flat_map(State::expressions_mut)).collect()
    }
}
