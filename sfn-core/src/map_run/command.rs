use std::sync::Arc;

use sfn_asl::value::Value;

use super::{MapRunRecord, Tolerance};
use crate::item_reader::{Item, ReadError};
use crate::machine::{Identity, Quotas, Status};
use crate::object_store::{ObjectError, ObjectPart};
use crate::program::Program;

/// The number of a child execution in its Map Run, in the order of the items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChildId(pub(super) u64);

impl ChildId {
    /// The number, from 0.
    pub fn number(self) -> u64 {
        self.0
    }
}

/// What a driver tells a Map Run.
#[derive(Clone, Debug)]
pub enum MapRunInput {
    /// Begin.
    Start,
    /// Go on: the last step said that there is more to do.
    Continue,
    /// The next items, not more than were asked for.
    ItemsRead {
        /// The items, in the order of the data set.
        items: Vec<Item>,
        /// There are no more.
        is_last: bool,
    },
    /// The data set cannot be read.
    ReadFailed(ReadError),
    /// A child execution is over.
    ChildEnded {
        /// Which.
        child: ChildId,
        /// How; one that is not over is refused.
        status: Status,
    },
    /// The piece of a result that was to be written is.
    PartWritten,
    /// It could not be.
    WriteFailed(ObjectError),
    /// From now on, other limits count: `UpdateMapRun`.
    Update {
        /// Child executions at once.
        max_concurrency: Option<u32>,
        /// How many items may fail.
        tolerance: Option<Tolerance>,
    },
    /// End now: nobody waits for the run any more.
    Stop,
    /// Go on, after the run failed or was stopped, with what did not succeed and with what was not begun.
    ///
    /// A driver reads the data set anew from the item after [those that were read](super::MapRun::items_read).
    Redrive,
}

/// What a driver has to do.
#[derive(Clone, Debug)]
pub enum MapRunCommand {
    /// Read at most so many items, and say when there are no more. At least one comes unless there are none.
    ReadItems {
        /// How many.
        most: u32,
    },
    /// Run a child execution, and tell how it ended.
    StartChild(Box<ChildRequest>),
    /// Stop a child execution: nobody waits for it any more.
    StopChild(ChildId),
    /// Write a piece of an object, and tell when it is written.
    WritePart(ObjectPart),
}

/// A child execution to be run: an ordinary machine over this program.
#[derive(Clone, Debug)]
pub struct ChildRequest {
    /// Which.
    pub child: ChildId,
    /// Its names.
    pub identity: Arc<Identity>,
    /// What it runs.
    pub program: Arc<Program>,
    /// Its limits.
    pub quotas: Quotas,
    /// Its input.
    pub input: Value,
    /// When it began, or goes on, in milliseconds since 1970-01-01T00:00Z.
    pub started_at: i64,
    /// How often it was redriven: unless it is 0, the execution that ended goes on
    /// ([`Input::Redrive`](crate::machine::Input::Redrive)); whoever does not have it any more begins anew.
    pub redrive_count: u32,
}

/// What came of a step; a driver hands the same one to every step and takes out what it has dealt with.
#[derive(Debug, Default)]
pub struct MapRunEffects {
    /// What happened, in order. A durable driver writes it down before it obeys the commands.
    pub events: Vec<MapRunRecord>,
    /// What to do.
    pub commands: Vec<MapRunCommand>,
    /// There is more to do at once: call again with [`MapRunInput::Continue`].
    pub more: bool,
}
