use std::any::TypeId;
use std::collections::HashSet;

use sfn_asl::Value;

use super::{BoxFuture, Error, Outcome, Run, Signature, TaskDescription, TaskError};
use crate::data::{Data, DataError};
use crate::gate::Guarded;
use crate::lower::{DefinitionError, Machine, Witness};

/// A state machine as another one calls it: what runs it without knowing its types.
#[derive(Clone, Copy)]
pub struct Nested {
    /// The name of its function.
    pub(crate) name: &'static str,
    /// How it is called.
    #[cfg_attr(not(feature = "executor"), expect(dead_code, reason = "the executor looks machines up"))]
    pub(crate) describe: fn() -> TaskDescription,
    /// True when its end is awaited.
    pub(crate) awaited: bool,
    parts: Parts,
}

/// A body at work, without its types.
type Body = BoxFuture<Result<Value, Error>>;

/// What runs a machine, without its types.
#[derive(Clone, Copy)]
#[cfg_attr(not(feature = "testing"), expect(dead_code, reason = "the test kit runs bodies"))]
struct Parts {
    id: TypeId,
    timeout_seconds: Option<u64>,
    witness: fn(&mut Witness),
    tasks: fn() -> Result<Vec<TaskDescription>, DefinitionError>,
    input: fn(&Value) -> Result<Value, DataError>,
    output: fn(&Value) -> Result<Value, DataError>,
    body: fn(Run, &Value) -> Result<Body, DataError>,
    #[cfg(feature = "executor")]
    local: fn(bool) -> Result<crate::lower::Local, DefinitionError>,
}

impl Nested {
    /// The machine `M`.
    pub fn of<M: Machine + super::Task>() -> Self {
        Nested { describe: M::describe, ..Nested::alone::<M>() }
    }

    /// The machine `M`, which nobody calls.
    pub(crate) fn alone<M: Machine>() -> Self {
        let parts = Parts {
            id: TypeId::of::<M>(),
            timeout_seconds: M::SYNTAX.timeout_seconds,
            witness: M::witness,
            tasks: M::tasks,
            input: canonical::<M::Parameters>,
            output: canonical::<<M::Returned as Outcome>::Output>,
            body: body::<M>,
            #[cfg(feature = "executor")]
            local: crate::lower::local::<M>,
        };
        let describe = || TaskDescription::machine(M::FUNCTION, M::FUNCTION);
        Nested { name: M::FUNCTION, describe, awaited: true, parts }
    }

    /// The same, its end not awaited.
    pub(crate) fn fired(self) -> Self {
        Nested { awaited: false, ..self }
    }

    /// Machines each of which awaits the next, when the first is the last again.
    pub(crate) fn cycle(&self) -> Option<Vec<&'static str>> {
        fn search(machine: &Nested, way: &mut Vec<Nested>, seen: &mut HashSet<TypeId>) -> bool {
            if let Some(begin) = way.iter().position(|known| known.parts.id == machine.parts.id) {
                way.drain(..begin);
                way.push(*machine);
                return true;
            }
            if !seen.insert(machine.parts.id) {
                return false;
            }
            way.push(*machine);
            let found = machine.nested().iter().filter(|nested| nested.awaited).any(|nested| search(nested, way, seen));
            if !found {
                way.pop();
            }
            found
        }
        let mut way = Vec::new();
        let found = search(self, &mut way, &mut HashSet::new());
        found.then(|| way.iter().map(|machine| machine.name).collect())
    }

    /// The machines that this one calls.
    pub(crate) fn nested(&self) -> Vec<Nested> {
        let mut witness = Witness::new();
        (self.parts.witness)(&mut witness);
        witness.nested().to_vec()
    }
}

#[cfg(feature = "executor")]
impl Nested {
    /// Its document for this process, and what its tasks are.
    pub(crate) fn local(&self, steady: bool) -> Result<crate::lower::Local, DefinitionError> {
        (self.parts.local)(steady)
    }

    /// The bodies of its tasks.
    pub(crate) fn bodies(&self) -> Vec<super::TaskBody> {
        let mut witness = Witness::new();
        (self.parts.witness)(&mut witness);
        witness.bodies().to_vec()
    }
}

#[cfg(feature = "testing")]
impl Nested {
    /// `TimeoutSeconds` of the machine.
    pub(crate) fn timeout_seconds(&self) -> Option<u64> {
        self.parts.timeout_seconds
    }

    /// The tasks that it calls.
    pub(crate) fn tasks(&self) -> Result<Vec<TaskDescription>, DefinitionError> {
        (self.parts.tasks)()
    }

    /// An input as the machine's type writes it.
    pub(crate) fn input(&self, input: &Value) -> Result<Value, DataError> {
        (self.parts.input)(input)
    }

    /// An output as the machine's type writes it.
    pub(crate) fn output(&self, output: &Value) -> Result<Value, DataError> {
        (self.parts.output)(output)
    }

    /// Its body, with its compensations; `run` answers its calls.
    pub(crate) fn body(&self, run: Run, input: &Value) -> Result<Body, DataError> {
        (self.parts.body)(run, input)
    }
}

impl std::fmt::Debug for Nested {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Nested").field("name", &self.name).field("awaited", &self.awaited).finish_non_exhaustive()
    }
}

fn canonical<T: Data>(value: &Value) -> Result<Value, DataError> {
    T::decode(value)?.encode()
}

fn body<M: Machine>(run: Run, input: &Value) -> Result<Body, DataError> {
    let body = M::body(run.clone(), <M as Signature>::Parameters::decode(input)?);
    let guarded = Guarded::new(run.conclude(async move { body.await.into_result() }));
    Ok(Box::pin(async move {
        match guarded.await {
            Ok(output) => output.encode().map_err(|error| {
                Error::new("Sfn.TypeMismatch", format!("the output of `{}` has no JSON value: {error}", M::FUNCTION))
            }),
            Err(error) => Err(error.into_error()),
        }
    }))
}
