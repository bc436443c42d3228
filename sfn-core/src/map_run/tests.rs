//! Tests of Map Runs. Every run also checks the law of recovery: applying its log to a new run gives the run that made
//! it, and a run recovered at any event comes to the same end.

mod batching;
mod export;
mod generated;
mod harness;
mod outcome;
mod reading;
mod redrive;
