//! What things take in memory: `cargo bench -p sfn-core --bench memory` prints one JSON object.
//!
//! | key | what is measured |
//! | --- | --- |
//! | `stream` | the most that a Distributed Map of ten million lines of JSON took beyond what the process had before: read, run in batches of a thousand, their results written |
//! | `machines` | bytes of a machine that waits, with its log, over a million of them |
//! | `executions` | bytes of an execution of the executor that waits, over a million of them, by what they wait for |
//!
//! `cargo bench … -- LINES EXECUTIONS` sets other numbers. Each figure is measured in a process of its own, as the resident
//! memory that Linux tells of it; elsewhere it is `null`.

#![expect(clippy::print_stdout, reason = "the figures are the output")]

use std::sync::Arc;
use std::time::Instant;

use sfn_core::asl::Value;
use sfn_core::asl::definition::Definition;
use sfn_core::executor::Executor;
use sfn_core::machine::{Effects, Identity, Input, Machine, Now, Quotas, Record};
use sfn_core::object_store::{ObjectAnswer, ObjectError, ObjectPart, ObjectRequest, ObjectStore};
use sfn_core::program::Program;

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse().ok());
    let lines = numbers.next().unwrap_or(10_000_000);
    let executions = numbers.next().unwrap_or(1_000_000);
    if let Ok(figure) = std::env::var(FIGURE) {
        let measured = match figure.as_str() {
            "stream" => stream(lines),
            "machines" => machines(executions),
            "token" => token(executions),
            "wait" => wait(executions),
            other => panic!("there is no figure {other}"),
        };
        println!("{measured}");
        return;
    }
    let executions_by = Value::object([("token", measure("token")), ("wait", measure("wait"))]);
    let figures = [("stream", measure("stream")), ("machines", measure("machines")), ("executions", executions_by)];
    println!("{:#}", Value::object(figures));
}

/// Names the figure that a process is to measure.
const FIGURE: &str = "SFN_MEMORY_FIGURE";

/// A figure that another process of this program measures.
fn measure(figure: &str) -> Value {
    let program = std::env::current_exe().expect("a running program has a path");
    let output = std::process::Command::new(program).args(std::env::args().skip(1)).env(FIGURE, figure).output();
    let output = output.expect("this program can be run again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Value::parse(String::from_utf8_lossy(&output.stdout).trim()).expect("it prints JSON")
}

/// Runs a Map over a generated object of so many lines.
fn stream(lines: u64) -> Value {
    let definition = parse(
        r#"{"StartAt": "Map", "States": {"Map": {"Type": "Map", "End": true, "MaxConcurrency": 10,
            "ItemReader": {"Resource": "arn:aws:states:::s3:getObject",
                "Parameters": {"Bucket": "in", "Key": "lines"}, "ReaderConfig": {"InputType": "JSONL"}},
            "ItemBatcher": {"MaxItemsPerBatch": 1000},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Pass",
                "States": {"Pass": {"Type": "Pass", "End": true}}},
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out", "Prefix": ""},
                "WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}}}}}"#,
    );
    let before = resident("VmRSS");
    let began = Instant::now();
    let runtime = runtime();
    let counts = runtime.block_on(async {
        let executor = Executor::builder().objects(Lines { lines, piece: Vec::new() }).build();
        let execution = executor.start_document(&definition, Value::empty_object()).await.expect("it starts");
        execution.output().await.expect("it succeeds");
        execution.map_runs()[0].describe().counts
    });
    assert_eq!(counts.items.succeeded, lines, "every line is an item");
    let peak = before.zip(resident("VmHWM")).map(|(before, peak)| peak.saturating_sub(before));
    Value::object([
        ("lines", Value::from(lines)),
        ("bytes_of_the_object", Value::from(lines * LINE as u64)),
        ("peak_bytes", peak.map_or(Value::Null, Value::from)),
        ("seconds", Value::from(began.elapsed().as_secs())),
    ])
}

/// Bytes of a line: a number within blanks.
const LINE: usize = 24;
/// Bytes of a piece.
const PIECE: usize = 64 << 10;

/// An object of lines that are made when they are read; what is written is forgotten.
struct Lines {
    lines: u64,
    piece: Vec<u8>,
}

impl ObjectStore for Lines {
    fn answer(&mut self, request: &ObjectRequest) -> Result<ObjectAnswer, ObjectError> {
        let ObjectRequest::Get { offset, .. } = request else {
            return Err(ObjectError { cause: "there are lines only".to_owned() });
        };
        self.piece.clear();
        let first = offset / LINE as u64;
        for line in (first..self.lines).take(PIECE / LINE) {
            self.piece.extend_from_slice(format!("{{\"n\": {line:>16}}}\n").as_bytes());
        }
        let is_last = first + (self.piece.len() / LINE) as u64 >= self.lines;
        Ok(ObjectAnswer::Piece { bytes: self.piece.clone(), is_last })
    }

    fn put(&mut self, _: &ObjectPart) -> Result<(), ObjectError> {
        Ok(())
    }
}

/// Machines that wait for a token, with their logs, as a durable driver without a disk would hold them.
fn machines(count: u64) -> Value {
    let program = Arc::new(Program::compile(&parse(TOKEN)));
    let before = resident("VmRSS");
    let held: Vec<(Machine, Box<[Record]>)> = (0..count)
        .map(|number| {
            let identity = Arc::new(identity(number));
            let mut machine = Machine::new(program.clone(), identity, Quotas::default());
            let mut effects = Effects::default();
            let input = Input::Start { input: input(number) };
            machine.step(input, Now { time: 0, seed: number }, &mut effects).expect("a new machine can be started");
            assert_eq!(machine.outstanding().count(), 1);
            (machine, effects.events.into_boxed_slice())
        })
        .collect();
    let each = per(before, held.len() as u64);
    drop(held);
    each
}

const TOKEN: &str = r#"{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", "End": true,
    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}}}}}"#;

/// Executions whose task waits for its token.
fn token(count: u64) -> Value {
    runtime().block_on(async {
        let executor = Executor::builder().fallback(|_, _| async { Ok(Value::Null) }).build();
        waiting(&executor, &parse(TOKEN), count).await
    })
}

/// Executions that wait for the clock.
fn wait(count: u64) -> Value {
    let definition =
        parse(r#"{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 86400, "End": true}}}"#);
    runtime().block_on(async { waiting(&Executor::builder().build(), &definition, count).await })
}

async fn waiting(executor: &Executor, definition: &Definition, count: u64) -> Value {
    let program = Arc::new(Program::compile(definition));
    let before = resident("VmRSS");
    for number in 0..count {
        let started = executor.start_program(program.clone(), identity(number), input(number)).await;
        drop(started.expect("it starts"));
        if number % 64 == 0 {
            tokio::task::yield_now().await;
        }
    }
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
    let each = per(before, count);
    executor.shutdown().await;
    each
}

fn identity(number: u64) -> Identity {
    Identity::local("orders", &format!("order-{number:08}"))
}

fn input(number: u64) -> Value {
    Value::object([("orderId", Value::from(number)), ("customer", Value::from("a name of some length"))])
}

fn per(before: Option<u64>, count: u64) -> Value {
    let grown = before.zip(resident("VmRSS")).map(|(before, now)| now.saturating_sub(before));
    grown.map_or(Value::Null, |bytes| Value::from(bytes / count.max(1)))
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made")
}

fn parse(text: &str) -> Definition {
    Definition::parse_json(text).unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// A figure of this process, in bytes.
fn resident(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kilobytes| kilobytes << 10)
}
