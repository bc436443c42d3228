//! Random workflows: what the body does, the document does, whatever the tasks answer.
//!
//! Workflows are made from seeds, compiled by rustc, a batch at once, and run by the test kit under random inputs and
//! answers; the test kit compares. A few run with every `cargo test`; `SFN_WORKFLOWS=500` runs so many, `SFN_SEED=7` begins
//! at another seed. A workflow that fails is made smaller before it is shown.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::print_stdout, reason = "what was done is said")]

mod batch;
mod generate;
mod shrink;
mod source;

use batch::Package;
use generate::Generator;

/// How many workflows run with every `cargo test`.
const FEW: u64 = 30;

/// How many are compiled at once.
const BATCH: u64 = 50;

/// Under how many inputs and scripts of answers a workflow runs.
const SCRIPTS: u64 = 24;

/// How many of those that fail are made smaller.
const SHRUNK: usize = 2;

#[test]
fn body_and_document_agree() {
    let count = number("SFN_WORKFLOWS").unwrap_or(FEW);
    let first = number("SFN_SEED").unwrap_or(0);
    let package = Package::new("random_workflows");
    let (mut agreed, mut succeeded, mut rejected, mut failures) = (0, 0, 0, Vec::new());
    let mut begin = first;
    while begin < first + count {
        let seeds: Vec<u64> = (begin..(begin + BATCH).min(first + count)).collect();
        begin += BATCH;
        let workflows: Vec<_> = seeds.iter().map(|seed| Generator::workflow(*seed)).collect();
        let numbered: Vec<_> = workflows.iter().enumerate().collect();
        let (compiled, refused) = package.compile_some(numbered);
        for said in refused {
            println!("rustc refuses a workflow of the seeds {seeds:?}: {said}");
            rejected += 1;
        }
        if compiled.is_empty() {
            continue;
        }
        let ran = package.run(0, SCRIPTS);
        agreed += ran.agreed;
        succeeded += ran.succeeded;
        for found in ran.disagreements {
            let seed = seeds[found.workflow];
            println!("seed {seed}, script {}: {}", found.script, found.difference);
            failures.push((seeds[found.workflow], workflows[found.workflow].clone(), found));
        }
    }
    println!("{agreed} of {count} workflows agree, {succeeded} of {} runs succeeded", count * SCRIPTS);
    for (index, (seed, workflow, found)) in failures.iter().enumerate() {
        let smaller = if index < SHRUNK { shrink::shrink(workflow, found) } else { None };
        let (workflow, difference) = match &smaller {
            Some((workflow, smaller)) => (workflow, &smaller.difference),
            None => (workflow, &found.difference),
        };
        println!("seed {seed}, script {}:\n{}\n{difference}\n", found.script, workflow.module());
    }
    assert!(rejected == 0, "{rejected} workflows do not compile");
    assert!(failures.is_empty(), "{} workflows do not agree with their documents", failures.len());
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|value| value.parse().expect("it is a number"))
}
