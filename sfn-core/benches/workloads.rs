//! The workloads that interpreters are compared on, run by the machine itself: `cargo bench -p sfn-core --bench workloads`
//! prints one JSON object.
//!
//! The definitions come from `$SFN_REFERENCE/bench/workloads.json` (default `../shared`). Every run keeps its full history. The
//! Map workloads run without quotas: an inline Map of ten thousand items passes AWS's 25,000 events.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use sfn_core::asl::Value;
use sfn_core::asl::definition::Definition;
use sfn_core::machine::{Effects, Identity, Input, Machine, Now, Quotas, Status};
use sfn_core::program::Program;

fn main() {
    let folder = std::env::var_os("SFN_REFERENCE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(folder.join("bench/workloads.json")) else {
        println!("SKIPPED: no bench/workloads.json in {}", folder.display());
        return;
    };
    let workloads = Value::parse(&text).expect("the workloads are JSON");
    let workload = |name: &str| workloads.get(name).expect("the workload is there").to_json();

    let mut figures: Vec<(&str, Value)> = Vec::new();
    let pass = workload("PASS1");
    figures.push(("parse_validate_ms", milliseconds(median(20, || drop(compile(&pass))))));
    let pass = compile(&pass);
    let one = median(300, || drop(run(&pass, Value::empty_object(), Quotas::default())));
    figures.push(("b_pass_ms", Value::object([("p50_ms", milliseconds(one))])));

    let passes = compile(&workload("PASS10"));
    let throughput = (0..3).map(|_| {
        let executions = 20_000;
        let started = Instant::now();
        for _ in 0..executions {
            drop(run(&passes, Value::empty_object(), Quotas::default()));
        }
        let seconds = started.elapsed().as_secs_f64();
        let rate = f64::from(executions) / seconds;
        Value::object([
            ("n", Value::from(executions)),
            ("seconds", number(seconds)),
            ("exec_per_s", number(rate)),
            ("transitions_per_s", number(10.0 * rate)),
        ])
    });
    figures.push(("c_tput", Value::array(throughput)));

    let map = compile(&workload("MAP"));
    for (key, items) in [("d_map_1000", 1_000), ("d_map_10000", 10_000)] {
        let input = Value::object([("items", Value::array((0..items).map(Value::from)))]);
        let seconds = median(5, || drop(run(&map, input.clone(), Quotas::unlimited())));
        figures.push((key, Value::object([("median_s", number(seconds))])));
    }

    let start = Value::object([("n", Value::from(0))]);
    for (key, name) in [("e_loop_mathadd", "LOOP"), ("e_loop_jsonata", "LOOPJ")] {
        let program = compile(&workload(name));
        let seconds = median(21, || drop(run(&program, start.clone(), Quotas::default())));
        figures.push((
            key,
            Value::object([
                ("median_s", number(seconds)),
                ("ms", milliseconds(seconds)),
                ("transitions_per_s", number(2002.0 / seconds)),
            ]),
        ));
    }
    let heavy = compile(&workload("JX"));
    let orders = workloads.get("JXIN").expect("the workload is there").clone();
    let seconds = median(5, || drop(run(&heavy, orders.clone(), Quotas::default())));
    figures.push(("f_jsonata_heavy", Value::object([("ms", milliseconds(seconds))])));
    println!("{:#}", Value::object(figures));
}

fn compile(text: &str) -> Arc<Program> {
    let definition = Definition::parse_json(text).expect("the workload is a valid definition");
    Arc::new(Program::compile(&definition))
}

/// Runs an execution to its end with full history; it must succeed.
fn run(program: &Arc<Program>, input: Value, quotas: Quotas) -> Effects {
    let mut machine = Machine::new(program.clone(), identity(), quotas);
    let mut effects = Effects::default();
    let now = Now { time: 0, seed: 1 };
    machine.step(Input::Start { input }, now, &mut effects).expect("a new machine can be started");
    while effects.more {
        machine.step(Input::Continue, now, &mut effects).expect("a running machine goes on");
    }
    assert!(matches!(machine.status(), Status::Succeeded { .. }), "{:?}", machine.status());
    effects
}

fn identity() -> Arc<Identity> {
    static IDENTITY: std::sync::OnceLock<Arc<Identity>> = std::sync::OnceLock::new();
    IDENTITY.get_or_init(|| Arc::new(Identity::local("workload", "run"))).clone()
}

/// Median seconds of one call.
fn median(times: usize, mut call: impl FnMut()) -> f64 {
    let mut seconds: Vec<f64> = (0..times)
        .map(|_| {
            let started = Instant::now();
            call();
            started.elapsed().as_secs_f64()
        })
        .collect();
    seconds.sort_by(f64::total_cmp);
    seconds[times / 2]
}

fn milliseconds(seconds: f64) -> Value {
    number(seconds * 1000.0)
}

fn number(value: f64) -> Value {
    let rounded = format!("{value:.7}").parse().expect("a printed double is one");
    Value::from(sfn_core::asl::value::Number::from_f64(rounded).expect("a duration is finite"))
}
