//! What an executor knows of a `#[state_machine]` besides its document: which task each of its states calls.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::Definition;

use super::StartError;
use super::handler::Handlers;
use crate::lower::{Local, Machine, Witness};
use crate::program::Program;
use crate::task::{TaskBody, TaskDescription, TaskKey};

/// The tasks of a machine, by the names of the states that call them, and their bodies.
#[derive(Default)]
pub(crate) struct Known {
    tasks: HashMap<String, TaskDescription>,
    bodies: Vec<TaskBody>,
}

impl Known {
    /// The machine `M` with its document for this process; `steady` leaves the jitter of retries out.
    pub(crate) fn of<M: Machine>(steady: bool) -> Result<(Arc<Program>, Arc<Known>), StartError> {
        let Local { document, tasks } = crate::lower::local::<M>(steady)?;
        let definition = Definition::from_value(document).map_err(StartError::Refused)?;
        let mut witness = Witness::new();
        M::witness(&mut witness);
        let known = Known { tasks: tasks.into_iter().collect(), bodies: witness.bodies().to_vec() };
        Ok((Arc::new(Program::compile(&definition)), Arc::new(known)))
    }

    /// The task that the state calls.
    pub(super) fn task(&self, state: &str) -> Option<&TaskDescription> {
        self.tasks.get(state)
    }

    /// The body of the task, if it has one.
    pub(super) fn body(&self, key: TaskKey) -> Option<TaskBody> {
        self.bodies.iter().find(|body| body.key() == key).copied()
    }

    /// Refuses a machine some of whose tasks nobody does: a handler that is missing would else show when it is needed, and
    /// that of a compensation not at all.
    pub(super) fn check(&self, handlers: &Handlers) -> Result<(), StartError> {
        let mut missing: Vec<String> = self
            .tasks
            .iter()
            .filter(|(state, task)| !handlers.serve(state, task, self))
            .map(|(_, task)| match task.resource.bound() {
                Some((kind, name)) => format!("`{}` ({kind} `{name}`)", task.name),
                None => format!("`{}` ({})", task.name, task.resource.resource()),
            })
            .collect();
        missing.sort();
        missing.dedup();
        if missing.is_empty() { Ok(()) } else { Err(StartError::MissingHandlers { tasks: missing }) }
    }
}
