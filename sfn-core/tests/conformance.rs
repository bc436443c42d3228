//! Runs every recorded case of a folder: what real AWS answered, against what we answer.
//!
//! ```text
//! cargo test --release -p sfn-core --test conformance             every case, then a table
//! cargo test --release -p sfn-core --test conformance -- wait     the cases whose name has `wait` in it
//! ```
//!
//! | variable | meaning |
//! | --- | --- |
//! | `SFN_CONFORMANCE` | the folder of the cases; else the folder `conformance` of the reference data |
//! | `SFN_REFERENCE` | the folder of the reference data, `../shared` beside the repository unless said; `none`: there is none |
//! | `SFN_KNOWN=write` | brings `known_failures.txt` up to date with this run, instead of judging by it |
//! | `CI` | when set, missing data is a failure unless `SFN_REFERENCE=none` |
//!
//! Relative folders count from the root of the workspace. A case is one line of an `<area>.jsonl`; `api.jsonl` needs the
//! server and is left out. `conformance/known_failures.txt` lists the cases that fail yet: an unlisted failure fails the
//! run, and so does a listed case that passes. Every execution runs once more from each event of its log, as after a crash
//! there, and has to come to the same end. The run ends with a table, a line `area passed/total` for each area, the
//! last line `total passed/total`. The rules of the comparison are tested first, by cases of their own.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a test reports to whoever runs it")]

#[path = "conformance/case.rs"]
mod case;
#[path = "conformance/compare.rs"]
mod compare;
#[path = "conformance/execution.rs"]
mod execution;
#[path = "conformance/history.rs"]
mod history;
#[path = "conformance/known.rs"]
mod known;
#[path = "conformance/lambda.rs"]
mod lambda;
#[path = "conformance/mock.rs"]
mod mock;
#[cfg(feature = "executor")]
#[path = "conformance/on_executor.rs"]
mod on_executor;
#[path = "conformance/outcome.rs"]
mod outcome;
#[path = "conformance/rules.rs"]
mod rules;
#[path = "conformance/table.rs"]
mod table;
#[path = "conformance/test_state.rs"]
mod test_state;
#[path = "conformance/validation.rs"]
mod validation;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use sfn_core::asl::value::Value;

use case::{Case, Kind};
use known::KnownFailures;
use table::Table;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut trials = rules::trials();
    let table = Arc::new(Table::default());
    let source = source();
    if let Source::Folder { path, is_default } = &source {
        match trials_of(path, *is_default, &table) {
            Ok(more) => trials.extend(more),
            Err(error) => {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    let mut failed = conclusion.has_failed();
    match source {
        Source::Absent(reason) => println!("SKIPPED: {reason}"),
        Source::Missing(reason) => {
            eprintln!("{reason}");
            failed = true;
        }
        Source::Folder { .. } if arguments.list => {}
        Source::Folder { .. } => {
            if write_known()
                && let Err(error) = rewrite_known(&table)
            {
                eprintln!("{error}");
                failed = true;
            }
            print!("{}", table.lines());
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Where the cases come from.
enum Source {
    /// This folder, which may be the default one.
    Folder { path: PathBuf, is_default: bool },
    /// There are none, and that is fine.
    Absent(String),
    /// There are none, but there should be.
    Missing(String),
}

fn source() -> Source {
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let reference = variable("SFN_REFERENCE").unwrap_or_else(|| "../shared".to_owned());
    if let Some(folder) = variable("SFN_CONFORMANCE") {
        let path = from_root(&folder);
        return match path.is_dir() {
            true => Source::Folder { is_default: is_same(&path, &from_root(&reference).join("conformance")), path },
            false => Source::Missing(format!("SFN_CONFORMANCE names no folder: {}", path.display())),
        };
    }
    if reference == "none" {
        return Source::Absent("there is no reference data (SFN_REFERENCE=none)".to_owned());
    }
    let path = from_root(&reference).join("conformance");
    if path.is_dir() {
        return Source::Folder { path, is_default: true };
    }
    let reason = format!("no recorded cases in {}", path.display());
    if variable("CI").is_some() { Source::Missing(reason) } else { Source::Absent(reason) }
}

/// A folder as the user means it: relative to the root of the workspace.
fn from_root(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate lies in the workspace").join(folder)
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn known_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/known_failures.txt")
}

fn write_known() -> bool {
    std::env::var("SFN_KNOWN").is_ok_and(|value| value == "write")
}

fn rewrite_known(table: &Table) -> Result<(), String> {
    let path = known_path();
    let mut known = KnownFailures::load(&path)?;
    for (id, failure) in table.outcomes() {
        known.update(&id, failure.as_deref());
    }
    std::fs::write(&path, known.write()).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

fn trials_of(path: &Path, is_default: bool, table: &Arc<Table>) -> Result<Vec<Trial>, String> {
    let folder = case::read_folder(path)?;
    if folder.cases.is_empty() {
        return Err(format!("no case in {}", path.display()));
    }
    let known = KnownFailures::load(&known_path())?;
    let mut trials = Vec::new();
    for (area, line, reason) in folder.unreadable {
        let table = table.clone();
        trials.push(Trial::test(format!("{area} line {line}"), move || {
            table.enter(&area, &format!("{area} line {line}").into(), Some(reason.clone()));
            Err(Failed::from(reason))
        }));
    }
    if is_default && !write_known() {
        let ids: std::collections::BTreeSet<_> = folder.cases.iter().map(|case| &*case.id).collect();
        let stale: Vec<_> = known.ids().filter(|id| !ids.contains(id)).map(str::to_owned).collect();
        trials.push(Trial::test("known_failures.txt lists only cases that exist", move || match stale.is_empty() {
            true => Ok(()),
            false => Err(Failed::from(format!("no such case: {}", stale.join(", ")))),
        }));
    }
    #[cfg(feature = "executor")]
    {
        let (cases, lambdas) = (folder.cases.clone(), folder.lambdas.clone());
        let name = "the executor runs every case as the machine does";
        trials.push(Trial::test(name, move || on_executor::check_all(&cases, &lambdas).map_err(Failed::from)));
    }
    for case in folder.cases {
        let (table, lambdas) = (table.clone(), folder.lambdas.clone());
        let reason = known.reason(&case.id).map(str::to_owned);
        let kind = if reason.is_some() { "known failure" } else { "" };
        let name = format!("{}: {}", case.area, case.id);
        let trial = Trial::test(name, move || {
            let outcome = run_guarded(case.clone(), lambdas);
            table.enter(&case.area, &case.id, outcome.as_ref().err().cloned());
            if write_known() {
                return Ok(());
            }
            known::verdict(reason.as_deref(), &outcome).map_err(Failed::from)
        });
        trials.push(trial.with_kind(kind));
    }
    Ok(trials)
}

/// A case that takes longer hangs.
const LONGEST: Duration = Duration::from_secs(30);

/// Stack of a case: so that one that recurses too deep shows in the tests of the code, not by ending this run.
const STACK: usize = 64 << 20;

/// Runs a case so that neither a panic nor a loop of it ends the run.
fn run_guarded(case: Case, lambdas: Value) -> Result<(), String> {
    let (sender, receiver) = std::sync::mpsc::channel();
    let worker = std::thread::Builder::new().stack_size(STACK).spawn(move || {
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&case, &lambdas)));
        let outcome = outcome.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("panicked: {}", text.unwrap_or("without a text")))
        });
        // Nobody listens any more to a case that took too long.
        let _ = sender.send(outcome);
    });
    worker.map_err(|error| format!("no thread for the case: {error}"))?;
    receiver.recv_timeout(LONGEST).unwrap_or_else(|_| Err(format!("did not end within {LONGEST:?}")))
}

fn run(case: &Case, lambdas: &Value) -> Result<(), String> {
    match case.kind {
        Kind::Execution => execution::check_with_recovery(case, lambdas),
        Kind::Validation => validation::check(case),
        Kind::TestState => test_state::check(case),
    }
}
