//! Expressions and patterns: the body of a workflow and the document that it becomes give the same value, member by member.

mod values {
    mod assignments;
    mod constructors;
    mod methods;
    mod patterns;
}

use sfn_core::data::Data;
use sfn_core::task::{Callable, MachineFunction, Signature};
use sfn_core::testing::{Ended, Run, env};

/// Runs body and document on `input`; both give `expected`, and the document writes it as serde does.
#[track_caller]
fn gives<A, F>(machine: F, input: <F::Machine as Signature>::Parameters, expected: <F::Machine as Callable>::Output)
where
    F: MachineFunction<A>,
{
    let run = run(machine, input);
    let output = run.assert_succeeded().encode().expect("an output has a JSON value");
    assert_eq!(output, expected.encode().expect("an output has a JSON value"));
    let written = run.history().last().and_then(|event| event.details.as_ref()?.get("output"));
    assert_eq!(written.map(sorted), Some(sorted(&output)), "as the document writes it");
}

/// Runs body and document on `input`; both end with the check that says `message`.
#[track_caller]
fn stops<A, F>(machine: F, input: <F::Machine as Signature>::Parameters, message: &str)
where
    F: MachineFunction<A>,
{
    let run = run(machine, input);
    match run.result() {
        Err(Ended::Failed(error)) => {
            assert_eq!(error.error, "States.QueryEvaluationError");
            assert!(error.cause.contains(message), "{message}: {}", error.cause);
        }
        _ => panic!("the run does not stop with: {message}"),
    }
}

fn run<A, F: MachineFunction<A>>(machine: F, input: <F::Machine as Signature>::Parameters) -> Run<F::Machine> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime without I/O");
    runtime.block_on(env().run(machine, input))
}

/// JSON equality does not look at the order of members.
fn sorted(value: &sfn_core::asl::Value) -> serde_json::Value {
    serde_json::from_str(&value.to_json()).expect("JSON text is JSON")
}
