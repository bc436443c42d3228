//! Write AWS Step Functions workflows as typed Rust functions; export them as ASL and run them natively.

pub use sfn_asl as asl;

pub mod data;
#[cfg(feature = "executor")]
pub mod executor;
pub mod history;
pub mod item_reader;
pub mod lower;
pub mod machine;
pub mod map_run;
pub mod object_store;
pub mod prelude;
pub mod program;
pub mod task;
#[cfg(feature = "testing")]
pub mod testing;
