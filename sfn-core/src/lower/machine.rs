use sfn_asl::Value;
use sfn_asl::definition::Definition;

use super::syntax::Function;
use super::{Bindings, DefinitionError, Requirement, Witness, counters, document, flow, parameter, states};
use crate::data::Data;
use crate::task::{BoxFuture, Callable, Nested, Run, Signature, TaskDescription};

/// A state machine. Written by `#[state_machine]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a state machine",
    note = "annotate the function with `#[state_machine]`"
)]
pub trait Machine: Callable + Signature {
    /// The syntax of the function.
    const SYNTAX: Function;

    /// Tells the types in the body, without running it.
    fn witness(witness: &mut Witness);

    /// Runs the body; `run` answers its calls, and [concludes](Run::conclude) with the compensations after a failure.
    fn body(run: Run, input: Self::Parameters) -> BoxFuture<Self::Returned>;

    /// The document, its tasks addressed by placeholders, not yet validated.
    fn document() -> Result<Value, DefinitionError> {
        document_with::<Self>(&Bindings::substitutions())
    }

    /// The tasks that the machine calls, compensations among them, in the order of its states.
    fn tasks() -> Result<Vec<TaskDescription>, DefinitionError> {
        Ok(document::tasks(&lowered::<Self>()?.states).into_iter().cloned().collect())
    }

    /// All that the machine needs bound and allowed, each once, in the order of its states.
    fn bindings_required() -> Result<Vec<Requirement>, DefinitionError> {
        let mut found = Vec::new();
        for task in Self::tasks()? {
            for requirement in task.resource.requirements() {
                if !found.contains(&requirement) {
                    found.push(requirement);
                }
            }
        }
        Ok(found)
    }
}

/// The definition of the machine `M` under `bindings`, validated.
pub fn definition<M: Machine>(bindings: &Bindings) -> Result<Definition, DefinitionError> {
    let document = document_with::<M>(bindings)?;
    if let Some(cycle) = Nested::alone::<M>().cycle() {
        let machines = cycle.into_iter().map(str::to_owned).collect();
        return Err(DefinitionError::Recursion { machines });
    }
    Definition::from_value(document).map_err(|diagnostics| DefinitionError::Invalid {
        findings: diagnostics.as_slice().iter().map(ToString::to_string).collect(),
    })
}

fn document_with<M: Machine>(bindings: &Bindings) -> Result<Value, DefinitionError> {
    Ok(print::<M>(bindings)?.document)
}

fn print<M: Machine>(bindings: &Bindings) -> Result<document::Printed, DefinitionError> {
    let Lowered { states, variables } = lowered::<M>()?;
    document::print(&M::SYNTAX, &states, &variables, bindings)
}

/// A machine for a run in this process.
#[cfg(feature = "executor")]
pub(crate) struct Local {
    pub(crate) document: Value,
    /// The tasks by the names of the states that call them.
    pub(crate) tasks: Vec<(String, TaskDescription)>,
}

/// The machine `M` for a run in this process, in which retries wait as their jitter says, or as long as it lets them.
#[cfg(feature = "executor")]
pub(crate) fn local<M: Machine>(steady: bool) -> Result<Local, DefinitionError> {
    let document::Printed { document, tasks } = print::<M>(&Bindings::local().steady(steady))?;
    Ok(Local { document, tasks })
}

/// Panics with all findings when the machine has no valid definition; called by the test that `#[state_machine]` adds.
pub fn assert_valid<M: Machine>() {
    if let Err(error) = definition::<M>(&Bindings::substitutions()) {
        panic!("`{}` has no definition: {error}", M::NAME);
    }
}

struct Lowered {
    states: Vec<states::State>,
    variables: Vec<String>,
}

fn lowered<M: Machine>() -> Result<Lowered, DefinitionError> {
    let mut witness = Witness::new();
    M::witness(&mut witness);
    let mut flow = flow::build(&M::SYNTAX, &witness, M::Input::schema())?;
    counters::drop_guards(&mut flow);
    let mut variables = std::mem::take(&mut flow.variables);
    let mut states = states::form(&flow, &mut variables)?;
    parameter::settle(&mut states, &flow.inputs, &mut variables);
    Ok(Lowered { states, variables })
}
