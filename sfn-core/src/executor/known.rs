//! What an executor knows of a `#[state_machine]` besides its document: which task each of its states calls.

use std::collections::HashMap;
use std::sync::Arc;

use sfn_asl::definition::Definition;

use super::StartError;
use super::handler::Handlers;
use crate::lower::Local;
use crate::program::Program;
use crate::task::{Nested, TaskBody, TaskDescription, TaskKey};

/// The tasks of a machine, by the names of the states that call them, and their bodies.
#[derive(Default)]
pub(crate) struct Known {
    tasks: HashMap<String, TaskDescription>,
    bodies: Vec<TaskBody>,
    nested: Vec<Nested>,
}

impl Known {
    /// A machine with its document for this process; `steady` leaves the jitter of retries out.
    pub(crate) fn of(machine: &Nested, steady: bool) -> Result<(Arc<Program>, Arc<Known>), StartError> {
        let Local { document, tasks } = machine.local(steady)?;
        let definition = Definition::from_value(document).map_err(StartError::Refused)?;
        let tasks = tasks.into_iter().collect();
        let known = Known { tasks, bodies: machine.bodies(), nested: machine.nested() };
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

    /// The state machine that is the task, if it is one.
    pub(super) fn nested(&self, key: TaskKey) -> Option<Nested> {
        self.nested.iter().find(|nested| (nested.describe)().key() == key).copied()
    }

    /// Refuses a machine some of whose tasks nobody does: a handler that is missing would else show when it is needed, and
    /// that of a compensation not at all.
    pub(super) fn check(&self, handlers: &Handlers) -> Result<(), StartError> {
        let mut missing = Vec::new();
        self.missing(handlers, &mut Vec::new(), &mut missing)?;
        missing.sort();
        missing.dedup();
        if missing.is_empty() { Ok(()) } else { Err(StartError::MissingHandlers { tasks: missing }) }
    }

    /// Adds what nobody does in this machine, and in those that it calls.
    fn missing(
        &self,
        handlers: &Handlers,
        seen: &mut Vec<TaskKey>,
        missing: &mut Vec<String>,
    ) -> Result<(), StartError> {
        for (state, task) in self.tasks.iter().filter(|(state, task)| !handlers.serve(state, task, self)) {
            match self.nested(task.key()) {
                Some(_) if seen.contains(&task.key()) => {}
                Some(nested) => {
                    seen.push(task.key());
                    Known::of(&nested, true)?.1.missing(handlers, seen, missing)?;
                }
                None => missing.push(match task.resource.bound() {
                    Some((kind, name)) => format!("`{}` ({kind} `{name}`, state `{state}`)", task.name),
                    None => format!("`{}` ({}, state `{state}`)", task.name, task.resource.resource()),
                }),
            }
        }
        Ok(())
    }
}
