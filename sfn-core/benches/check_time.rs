//! How long `cargo check` takes for a state machine with 400 awaited calls, and for the same body as a plain async function:
//! `cargo bench -p sfn-core --bench check_time` prints one JSON object with the medians, in seconds, and their ratio.
//!
//! Both are written into a package of their own and checked alternately. What a compiler does in any case, starting and
//! reading its dependencies, is in both figures; `empty` is that alone.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use sfn_core::asl::Value;

/// How many calls are awaited.
const CALLS: usize = 400;

/// How often each is checked.
const TIMES: usize = 5;

/// What both sources begin with.
const TYPES: &str = r#"
use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Order {
    pub id: String,
    pub cents: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
pub struct Payment {
    pub id: String,
    pub paid: bool,
}
"#;

fn main() {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check_time");
    let source = package.join("src");
    std::fs::create_dir_all(&source).expect("the target folder can be written to");
    let write = |path: PathBuf, text: &str| std::fs::write(path, text).expect("the target folder can be written to");
    write(package.join("Cargo.toml"), &manifest());
    write(package.join("src/empty.rs"), &format!("#![allow(warnings)]\n{TYPES}\nfn main() {{}}\n"));
    write(package.join("src/plain.rs"), &program(false));
    write(package.join("src/machine.rs"), &program(true));
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
    std::fs::copy(lock, package.join("Cargo.lock")).expect("the workspace has a lock file");

    let names = ["empty", "plain", "machine"];
    // The first round compiles the dependencies.
    for name in names {
        check(&package, name);
    }
    let mut seconds: [Vec<f64>; 3] = Default::default();
    for _ in 0..TIMES {
        for (name, seconds) in names.iter().zip(&mut seconds) {
            seconds.push(check(&package, name));
        }
    }
    let [empty, plain, machine] = seconds.map(median);
    let figures = [
        ("calls", Value::from(CALLS as u64)),
        ("empty_s", number(empty)),
        ("plain_s", number(plain)),
        ("machine_s", number(machine)),
        ("ratio", number(machine / plain)),
    ];
    println!("{}", Value::object(figures).to_json());
}

/// Seconds that a check of the program takes.
fn check(package: &Path, name: &str) -> f64 {
    let file = package.join(format!("src/{name}.rs"));
    let text = std::fs::read_to_string(&file).expect("it was written");
    // What did not change would not be checked again.
    std::fs::write(&file, text).expect("the target folder can be written to");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let started = Instant::now();
    let status = Command::new(cargo)
        .args(["check", "--quiet", "--offline", "--bin", name, "--target-dir"])
        .arg(package.join("target"))
        .current_dir(package)
        .env("CARGO_INCREMENTAL", "0")
        .status()
        .expect("cargo runs");
    assert!(status.success(), "`{name}` does not check");
    started.elapsed().as_secs_f64()
}

/// A workflow of so many calls, as a state machine or as an async function.
fn program(is_machine: bool) -> String {
    let mut text = format!("#![allow(warnings)]\n{TYPES}\n");
    let tasks = [
        ("reserve", "order: Order", "String", "String::new()"),
        ("charge", "id: String, cents: u32", "Payment", "Payment { id, paid: true }"),
        ("release", "id: String", "()", "()"),
        ("check", "payment: Payment", "bool", "true"),
    ];
    for (name, parameters, output, value) in tasks {
        let _ = match is_machine {
            true => writeln!(
                text,
                "#[task(lambda = \"{name}\")]\nasync fn {name}({parameters}) -> Result<{output}, Error>;"
            ),
            false => writeln!(text, "async fn {name}({parameters}) -> Result<{output}, Error> {{ Ok({value}) }}"),
        };
    }
    let attribute = if is_machine { "#[state_machine]\n" } else { "" };
    let _ = writeln!(text, "{attribute}async fn workflow(order: Order) -> Result<u32, Error> {{");
    // A read in a state machine is a copy; a plain function says so.
    let clone = if is_machine { "" } else { ".clone()" };
    for call in (0..CALLS).step_by(4) {
        let _ = writeln!(
            text,
            "    let reserved{call} = reserve(order{clone}).await?;\n    \
             let payment{call} = charge(reserved{call}{clone}, order.cents).await?;\n    \
             let checked{call} = check(payment{call}{clone}).await?;\n    \
             release(payment{call}.id{clone}).await?;",
        );
    }
    text.push_str("    Ok(order.cents)\n}\n\nfn main() {\n");
    // Its future is a type of the program, as it is where somebody runs it.
    text.push_str(match is_machine {
        true => "    let _ = workflow::definition();\n}\n",
        false => {
            "    fn sent(_: impl Send + 'static) {}\n    sent(workflow(Order { id: String::new(), cents: 1 }));\n}\n"
        }
    });
    text
}

fn manifest() -> String {
    let mut text = format!(
        "[package]\nname = \"check_time\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = {{ version = \"1\", \
         features = [\"derive\"] }}\nsfn-core = {{ path = {:?} }}\n",
        env!("CARGO_MANIFEST_DIR")
    );
    for name in ["empty", "plain", "machine"] {
        let _ = write!(text, "\n[[bin]]\nname = \"{name}\"\npath = \"src/{name}.rs\"\n");
    }
    text.push_str("\n[workspace]\n");
    text
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn number(value: f64) -> Value {
    Value::parse(&format!("{value:.3}")).expect("a printed number is one")
}
