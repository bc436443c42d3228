use std::sync::Arc;

use sfn_asl::value::Value;

use super::{ChildId, Tolerance};
use crate::machine::{Failure, Status};

/// An event with the time it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct MapRunRecord {
    /// Milliseconds since 1970-01-01T00:00Z.
    pub time: i64,
    /// What happened.
    pub event: MapRunEvent,
}

/// What happened in a Map Run, as facts: its log.
#[derive(Clone, Debug, PartialEq)]
pub enum MapRunEvent {
    /// The run began.
    Started,
    /// Items were asked for.
    ItemsRequested {
        /// How many at most.
        most: u32,
    },
    /// Items were read.
    ItemsRead {
        /// What the `ItemSelector` made of them.
        items: Vec<Value>,
        /// There are no more.
        is_last: bool,
    },
    /// A child execution began.
    ChildStarted {
        /// Which.
        child: ChildId,
        /// Its name.
        name: Arc<str>,
        /// Its input.
        input: Value,
        /// How many items it works on.
        items: u32,
    },
    /// A child execution ended.
    ChildEnded {
        /// Which.
        child: ChildId,
        /// How.
        status: Status,
    },
    /// A child execution was stopped, because the run ends.
    ChildStopped {
        /// Which.
        child: ChildId,
    },
    /// All results are known; what is left of them is to be written.
    ResultsClosed,
    /// A piece of a result is being written.
    PartStarted,
    /// It is written.
    PartWritten,
    /// Other limits count from now on.
    Updated {
        /// Child executions at once.
        max_concurrency: u32,
        /// How many items may fail.
        tolerance: Tolerance,
    },
    /// The run will fail, once what runs is stopped and what is known is written.
    Failing {
        /// Why.
        failure: Failure,
        /// Results cannot be written any more.
        without_results: bool,
    },
    /// The run will end with its execution, once what runs is stopped.
    Aborting,
    /// The run succeeded.
    Succeeded {
        /// The Map's result.
        output: Value,
    },
    /// The run failed.
    Failed {
        /// Why.
        failure: Failure,
    },
    /// The run was stopped.
    Aborted,
    /// The run, which had failed or had been stopped, goes on.
    Redriven,
    /// A child execution that had not succeeded goes on.
    ChildRedriven {
        /// Which.
        child: ChildId,
    },
}
