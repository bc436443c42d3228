//! What must not depend on size: `cargo bench -p sfn-core --bench ratios` prints a table.
//!
//! Each row sets two loads against each other in one run, taken by turns, so that a noisy machine disturbs both alike; the
//! figures are medians. The last row times the road from text to program over the published definitions in
//! `$SFN_REFERENCE/corpus` (default `../shared`), and is SKIPPED without them.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::hint::black_box;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use sfn_core::asl::Value;
use sfn_core::asl::definition::Definition;
use sfn_core::machine::{Effects, Identity, Input, Machine, Now, Quotas, Status};
use sfn_core::program::Program;

const TURNS: usize = 31;

fn main() {
    println!("| what | first, us | second, us | second / first |\n| --- | --- | --- | --- |");
    payload();
    field();
    age();
    by_hand();
    corpus();
}

/// A chain of a hundred Pass states hands its input on.
fn payload() {
    let program = compile(&chain(100));
    let (small, large) = (text_of(1 << 10), text_of(200 << 10));
    row(
        "100 Pass: payload of 1 KiB, 200 KiB",
        || drop(run(&program, small.clone())),
        || drop(run(&program, large.clone())),
    );
}

/// An expression names one field of its input.
fn field() {
    let program = compile(
        r#"{"QueryLanguage": "JSONata", "StartAt": "Read", "States": {
            "Read": {"Type": "Pass", "Output": "{% $states.input.wanted %}", "End": true}}}"#,
    );
    let input = |bytes| Value::object([("text", text_of(bytes)), ("wanted", Value::from(1))]);
    let (small, large) = (input(1 << 10), input(200 << 10));
    row(
        "`$states.input.wanted`: input of 1 KiB, 200 KiB",
        || drop(run(&program, small.clone())),
        || drop(run(&program, large.clone())),
    );
}

/// A loop that counts, its early rounds against its late ones.
fn age() {
    let program = compile(
        r#"{"QueryLanguage": "JSONata", "StartAt": "Count", "States": {
            "Count": {"Type": "Pass", "Output": "{% {'n': $states.input.n + 1} %}", "Next": "More"},
            "More": {"Type": "Choice", "Default": "Done",
                     "Choices": [{"Condition": "{% $states.input.n < 5000 %}", "Next": "Count"}]},
            "Done": {"Type": "Succeed"}}}"#,
    );
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let mut machine = Machine::new(program.clone(), identity(), Quotas::default());
        let mut effects = Effects::default();
        let start = Input::Start { input: Value::object([("n", Value::from(0))]) };
        machine.step(start, Now { time: 0, seed: 1 }, &mut effects).expect("a new machine can be started");
        while effects.more {
            let before = effects.events.len();
            let started = Instant::now();
            machine.step(Input::Continue, Now { time: 0, seed: 1 }, &mut effects).expect("a running machine goes on");
            let microseconds = started.elapsed().as_secs_f64() * 1e6;
            // Two events a transition.
            let each = 2.0 * microseconds / (effects.events.len() - before).max(1) as f64;
            match before {
                10..2_000 => early.push(each),
                18_000..20_000 => late.push(each),
                _ => {}
            }
        }
        assert!(matches!(machine.status(), Status::Succeeded { .. }), "{:?}", machine.status());
    }
    print("a transition: events 10 to 2,000, 18,000 to 20,000", median(early), median(late));
}

/// Ten Pass states against a loop that does the least which can be called the same: it notes state numbers and shared
/// values of the two events of each transition.
fn by_hand() {
    enum Noted {
        Entered(u32, Value),
        Exited(u32, Value),
    }
    let program = compile(&chain(10));
    let input = Value::object([("a", Value::from(1))]);
    let by_hand = || {
        let mut events = Vec::with_capacity(22);
        let mut value = input.clone();
        for state in 0..black_box(10) {
            events.push(Noted::Entered(state, value.clone()));
            value = black_box(value);
            events.push(Noted::Exited(state, value.clone()));
        }
        let size: usize = events
            .iter()
            .map(|event| match event {
                Noted::Entered(state, value) | Noted::Exited(state, value) => value.json_size() + *state as usize,
            })
            .sum();
        black_box(size);
    };
    let machine = || drop(run(&program, input.clone()));
    row(
        "10 Pass: a loop written by hand, the machine (100 executions)",
        || (0..100).for_each(|_| by_hand()),
        || (0..100).for_each(|_| machine()),
    );
}

/// From text to program, without and with the rules that look at the whole document.
fn corpus() {
    let folder = std::env::var_os("SFN_REFERENCE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let Ok(lines) = std::fs::read_to_string(folder.join("corpus/definitions.jsonl")) else {
        println!("\nSKIPPED: no corpus/definitions.jsonl in {}", folder.display());
        return;
    };
    let texts: Vec<String> = lines
        .lines()
        .filter_map(|line| Some(Value::parse(line).ok()?.get("definition")?.to_json()))
        .filter(|text| Definition::parse_json(text).is_ok())
        .collect();
    let times = |work: &dyn Fn(&str)| {
        let each = texts.iter().map(|text| median((0..5).map(|_| microseconds(|| work(text))).collect()));
        let mut each: Vec<f64> = each.collect();
        each.sort_by(f64::total_cmp);
        each
    };
    let read = times(&|text| drop(black_box(Value::parse(text))));
    let whole = times(&|text| drop(black_box(compile(text))));
    print(
        &format!("{} published definitions: JSON only, parse + validate + compile (median)", texts.len()),
        read[read.len() / 2],
        whole[whole.len() / 2],
    );
    let late = |sorted: &[f64]| sorted[sorted.len() * 95 / 100];
    print("the same, 95th percentile", late(&read), late(&whole));
}

fn row(what: &str, mut first: impl FnMut(), mut second: impl FnMut()) {
    let (mut firsts, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        firsts.push(microseconds(&mut first));
        seconds.push(microseconds(&mut second));
    }
    print(what, median(firsts), median(seconds));
}

fn print(what: &str, first: f64, second: f64) {
    println!("| {what} | {first:.2} | {second:.2} | {:.2} |", second / first);
}

fn microseconds(call: impl FnOnce()) -> f64 {
    let started = Instant::now();
    call();
    started.elapsed().as_secs_f64() * 1e6
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn chain(states: usize) -> String {
    let state = |number: usize| {
        let end =
            if number + 1 == states { r#""End": true"#.to_owned() } else { format!(r#""Next": "P{}""#, number + 1) };
        format!(r#""P{number}": {{"Type": "Pass", {end}}}"#)
    };
    let states: Vec<String> = (0..states).map(state).collect();
    format!(r#"{{"StartAt": "P0", "States": {{{}}}}}"#, states.join(", "))
}

fn text_of(bytes: usize) -> Value {
    Value::from("x".repeat(bytes))
}

fn compile(text: &str) -> Arc<Program> {
    let definition = Definition::parse_json(text).expect("the definition is valid");
    Arc::new(Program::compile(&definition))
}

/// Runs an execution to its end with full history; it must succeed.
fn run(program: &Arc<Program>, input: Value) -> Effects {
    let mut machine = Machine::new(program.clone(), identity(), Quotas::default());
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
    IDENTITY.get_or_init(|| Arc::new(Identity::local("ratio", "run"))).clone()
}
