//! Tests of the interpreter. Every run also checks the law of recovery: applying the log to a new machine gives the
//! machine that made it, at every event, and a machine recovered at any event reaches the same end.

mod control_flow;
mod distributed_map;
mod generated;
mod harness;
mod quotas;
mod redrive;
mod timing;
