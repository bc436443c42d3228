//! Runs workflows that people published, their tasks mocked. The modules beside this file are made from the corpus.

#![deny(warnings)]

mod data_quality;
mod data_quality_run;
mod image_recognition;
mod image_recognition_run;
mod power_tuning;
mod power_tuning_run;

use std::sync::Mutex;

use sfn_core::executor::{ExecutionError, Executor, ExecutorBuilder, VirtualClock};
use sfn_core::{Error, Value};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    image_recognition_run::run().await;
    power_tuning_run::run().await;
    data_quality_run::run().await;
}

/// An executor whose clock jumps: retries and waits take no time.
fn builder() -> ExecutorBuilder {
    Executor::builder().clock(VirtualClock::new())
}

fn json(text: &str) -> Value {
    Value::parse(text).expect("the text of a mock is JSON")
}

#[track_caller]
fn check(case: &str, outcome: Result<Value, ExecutionError>, expected: Result<&str, Error>) {
    let expected = expected.map(json).map_err(ExecutionError::Failed);
    assert_eq!(outcome, expected, "{case}");
    println!("{case}: as expected");
}

/// What was called, in order.
#[derive(Default)]
struct Calls(Mutex<Vec<String>>);

impl Calls {
    /// Notes a call and tells how often it was made before.
    fn note(&self, name: &str) -> usize {
        let mut calls = self.0.lock().expect("nobody panics with the lock");
        let before = calls.iter().filter(|call| *call == name).count();
        calls.push(name.to_owned());
        before
    }

    fn all(&self) -> String {
        self.0.lock().expect("nobody panics with the lock").join(" ")
    }
}
