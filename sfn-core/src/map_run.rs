//! The Map Run of a Distributed Map, as a pure state machine beside the one of its execution.
//!
//! [`MapRun::step`] takes in what happened outside (items were read, a child ended, a piece of a result was written) and
//! answers with events and commands; [`MapRun::apply`] alone changes the run and evaluates nothing but the layout of
//! results. So applying the events of a log to a new run gives the run that made them, and a driver that journals them
//! can go on after a crash: with the children that are [outstanding](MapRun::outstanding), with the piece that is
//! [unwritten](MapRun::unwritten), and with a reader that skips the items that [were read](MapRun::items_read).
//!
//! Memory does not grow with the data set. Items are asked for a batch at a time, and only when one is needed to start
//! another child; results that are exported leave in pieces; results that are not are limited to the size of a payload.
//!
//! The parts of it: `plan` is what the Map settled, `step` decides, `apply` changes, `record` and `writer` lay results
//! out, and `local` runs a whole run in memory.

mod apply;
mod command;
mod counts;
mod event;
pub mod local;
mod plan;
mod record;
mod redrive;
mod step;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use sfn_asl::value::Value;

pub use command::{ChildId, ChildRequest, MapRunCommand, MapRunEffects, MapRunInput};
pub use counts::{Counts, MapRunCounts};
pub use event::{MapRunEvent, MapRunRecord};
pub use plan::{Batching, Export, MapRunPlan, Tolerance, WriterPlan};

use crate::machine::{Failure, Identity, MapRunRequest, Quotas};
use crate::object_store::ObjectPart;
use crate::program::{Kind, MapNode, Program};
use redrive::Unsuccessful;
use writer::Writer;

/// One Map Run.
#[derive(Clone, Debug)]
pub struct MapRun {
    /// The program that the Map is part of.
    program: Arc<Program>,
    /// What the children run.
    processor: Arc<Program>,
    parent: Arc<Identity>,
    quotas: Quotas,
    plan: Arc<MapRunPlan>,
    status: MapRunStatus,
    max_concurrency: u32,
    tolerance: Tolerance,
    /// How many items were asked for, if the answer is still to come.
    requested: Option<u32>,
    items_read: u64,
    all_read: bool,
    /// What children are to receive, or a batch is to be made of; in the order of the data set.
    items: VecDeque<Value>,
    children: BTreeMap<ChildId, Child>,
    children_started: u64,
    /// Children that did not succeed.
    unsuccessful: Unsuccessful,
    redrive_count: u32,
    redriven_at: i64,
    counts: MapRunCounts,
    /// Results of children that ended, when they become the Map's result.
    results: BTreeMap<ChildId, Value>,
    result_bytes: usize,
    writer: Option<Writer>,
    /// Why the run does not go on, once it does not.
    ending: Option<Ending>,
    /// Nothing is added to the results any more.
    closed: bool,
    /// Results are not written any more: the run was stopped, or the store refused them.
    is_without_results: bool,
}

/// How a Map Run stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum MapRunStatus {
    /// It has not begun.
    #[default]
    NotStarted,
    /// It runs.
    Running,
    /// It succeeded.
    Succeeded {
        /// The Map's result.
        output: Value,
    },
    /// It failed.
    Failed(Failure),
    /// It was stopped with its execution.
    Aborted,
}

impl MapRunStatus {
    /// AWS's name: `RUNNING`, `SUCCEEDED`, `FAILED`, `ABORTED`.
    pub fn name(&self) -> &'static str {
        match self {
            MapRunStatus::NotStarted | MapRunStatus::Running => "RUNNING",
            MapRunStatus::Succeeded { .. } => "SUCCEEDED",
            MapRunStatus::Failed(_) => "FAILED",
            MapRunStatus::Aborted => "ABORTED",
        }
    }

    /// True when the run is over.
    pub fn is_terminal(&self) -> bool {
        !matches!(self, MapRunStatus::NotStarted | MapRunStatus::Running)
    }
}

/// Why a run does not go on.
#[derive(Clone, Debug, PartialEq)]
enum Ending {
    Failing(Failure),
    Aborting,
}

/// A child execution that runs.
#[derive(Clone, Debug, PartialEq)]
struct Child {
    name: Arc<str>,
    input: Value,
    /// How many items it works on.
    items: u32,
    /// When it began.
    started_at: i64,
    /// When it began or was redriven last.
    resumed_at: i64,
    /// How often it was redriven.
    redrive_count: u32,
}

impl MapRun {
    /// A run that has not begun.
    pub fn new(request: &MapRunRequest) -> Self {
        let MapRunRequest { plan, program, parent, quotas, .. } = request;
        let processor = program.processor(plan.state).expect("the plan of a Map Run names its Map");
        MapRun {
            program: program.clone(),
            processor: Arc::new(processor),
            parent: parent.clone(),
            quotas: *quotas,
            plan: plan.clone(),
            status: MapRunStatus::NotStarted,
            max_concurrency: plan.max_concurrency.max(1),
            tolerance: plan.tolerance,
            requested: None,
            items_read: 0,
            all_read: false,
            items: VecDeque::new(),
            children: BTreeMap::new(),
            children_started: 0,
            unsuccessful: Unsuccessful::default(),
            redrive_count: 0,
            redriven_at: 0,
            counts: MapRunCounts::default(),
            results: BTreeMap::new(),
            result_bytes: 0,
            writer: plan.writer.export.clone().map(|export| Writer::new(export, &plan.id, plan.writer.output_type)),
            ending: None,
            closed: false,
            is_without_results: false,
        }
    }

    /// What it is to do.
    pub fn plan(&self) -> &Arc<MapRunPlan> {
        &self.plan
    }

    /// How it stands.
    pub fn status(&self) -> &MapRunStatus {
        &self.status
    }

    /// How many child executions may run at once.
    pub fn max_concurrency(&self) -> u32 {
        self.max_concurrency
    }

    /// How many items may fail.
    pub fn tolerance(&self) -> Tolerance {
        self.tolerance
    }

    /// Its counts of items and of child executions.
    pub fn counts(&self) -> &MapRunCounts {
        &self.counts
    }

    /// How many items it has had: what a reader skips that begins again.
    pub fn items_read(&self) -> u64 {
        self.items_read
    }

    /// How many items it waits for, if it does.
    pub fn items_requested(&self) -> Option<u32> {
        self.requested
    }

    /// The children that are out: what a driver has to take up again after a restart.
    pub fn outstanding(&self) -> impl Iterator<Item = ChildRequest> + '_ {
        self.children.iter().map(|(id, child)| self.child_request(*id, child))
    }

    /// The piece of a result that is being written, if one is.
    pub fn unwritten(&self) -> Option<&ObjectPart> {
        self.writer.as_ref().filter(|_| !self.is_without_results).and_then(Writer::in_flight)
    }

    fn child_request(&self, id: ChildId, child: &Child) -> ChildRequest {
        ChildRequest {
            child: id,
            identity: self.child_identity(&child.name),
            program: self.processor.clone(),
            quotas: self.quotas,
            input: child.input.clone(),
            started_at: child.resumed_at,
            redrive_count: child.redrive_count,
        }
    }

    fn child_identity(&self, name: &Arc<str>) -> Arc<Identity> {
        Arc::new(self.parent.child(&self.plan.label, name.clone(), self.plan.execution_type))
    }

    fn node(&self) -> &MapNode {
        match &self.program.node(self.plan.state).kind {
            Kind::Map(node) => node,
            _ => unreachable!("the plan of a Map Run names its Map"),
        }
    }
}

impl PartialEq for MapRun {
    /// Two runs are equal when whatever happens next happens to both alike.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.program, &other.program)
            && self.parent == other.parent
            && self.quotas == other.quotas
            && self.plan == other.plan
            && self.status == other.status
            && self.max_concurrency == other.max_concurrency
            && self.tolerance == other.tolerance
            && self.requested == other.requested
            && self.items_read == other.items_read
            && self.all_read == other.all_read
            && self.items == other.items
            && self.children == other.children
            && self.children_started == other.children_started
            && self.counts == other.counts
            && self.results == other.results
            && self.result_bytes == other.result_bytes
            && self.writer == other.writer
            && self.ending == other.ending
            && self.closed == other.closed
            && self.is_without_results == other.is_without_results
            && self.unsuccessful == other.unsuccessful
            && self.redrive_count == other.redrive_count
            && self.redriven_at == other.redriven_at
    }
}
