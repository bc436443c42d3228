//! Stops an execution after each event of its log and recovers it: whatever was recorded still has to come out.
//!
//! What is lost in a crash is what stood in memory: the machine, answers on their way, commands that were not obeyed yet.
//! The recovered machine tells which tasks and Map Runs are out; whoever works on them gives the answers that it gave.

use std::collections::BTreeMap;

use sfn_core::asl::value::Value;
use sfn_core::machine::{Command, Effects, Input, Machine};
use sfn_core::object_store::MemoryStore;

use super::Run;
use crate::case::Case;
use crate::mock::Mocks;
use crate::outcome::{self, Outcome};

/// What surrounded the machine before a step.
pub(super) struct Moment {
    /// How many events stood in the log.
    events: usize,
    mocks: Mocks,
    sent: u64,
    now: i64,
    stop: Option<Input>,
    objects: MemoryStore,
}

/// Runs the case from each event of its log on; the error says where that leads elsewhere.
pub(super) fn check(case: &Case, lambdas: &Value) -> Result<(), String> {
    let identity = std::sync::Arc::new(outcome::identity(case)?);
    let program = std::sync::Arc::new(outcome::program(case)?);
    let machine = || Machine::new(program.clone(), identity.clone(), super::quotas(case));
    let mut whole = Run::new(case, lambdas, machine())?;
    whole.moments = Some(Vec::new());
    whole.finish()?;
    let mut applied = machine();
    for (index, record) in whole.log.iter().enumerate() {
        applied.apply(record);
        let events = index + 1;
        let place = || format!("recovered after event {events} of {} ({:?})", whole.log.len(), record.event);
        let mut run = Run::new(case, lambdas, applied.clone())?;
        run.recover(&whole, events).map_err(|error| format!("{}: {error}", place()))?;
        let outcome =
            Outcome { identity: identity.clone(), status: run.machine.status().clone(), history: run.history() };
        outcome::judge(case, &outcome).map_err(|error| format!("{}: {error}", place()))?;
    }
    if applied == whole.machine { Ok(()) } else { Err("applying the log gives another machine".to_owned()) }
}

impl Run {
    /// Takes down what surrounds the machine, if somebody wants to come back to it.
    pub(super) fn remember(&mut self) {
        let moment = Moment {
            events: self.log.len(),
            mocks: self.mocks.clone(),
            sent: self.sent,
            now: self.now,
            stop: self.stop.clone(),
            objects: self.objects.clone(),
        };
        if let Some(moments) = &mut self.moments {
            moments.push(moment);
        }
    }

    /// Goes on where `whole` was after so many events; the machine has them already.
    fn recover(&mut self, whole: &Run, events: usize) -> Result<(), String> {
        let moments = whole.moments.as_deref().unwrap_or_default();
        // The step in which the last of the events happened: what was done because of it is not known to have been done.
        let step = moments.iter().rposition(|moment| moment.events < events).ok_or("no step made the event")?;
        let moment = &moments[step];
        self.mocks = moment.mocks.clone();
        (self.sent, self.now) = (moment.sent, moment.now);
        (self.stop, self.objects) = (moment.stop.clone(), moment.objects.clone());
        self.log = whole.log[..events].to_vec();
        let mut commands = BTreeMap::new();
        for task in self.machine.outstanding() {
            commands.insert(task.task.sequence(), Command::Schedule(Box::new(task)));
        }
        for run in self.machine.outstanding_map_runs() {
            commands.insert(run.run.sequence(), Command::StartMapRun(Box::new(run)));
        }
        for (sequence, command) in commands {
            let sent = whole.replies.get(&sequence).into_iter().flatten();
            let known: Vec<_> = sent.filter(|(_, number, _)| *number <= moment.sent).cloned().collect();
            if known.is_empty() {
                self.obey(command)?;
            }
            for (at, number, input) in known {
                self.arriving.insert((at, number), input);
            }
        }
        self.effects = Effects::default();
        self.step(Input::Continue)?;
        self.go_on()
    }
}
