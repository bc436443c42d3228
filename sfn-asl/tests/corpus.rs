//! Every definition of a corpus is read and checked: no panic, no hang, and the verdict its label says.
//!
//! `SFN_CORPUS` names the file, by default `corpus/definitions.jsonl` of the reference data. A line is an object with `id`,
//! `definition` (a document, or its text), `expect` (`valid`, `invalid`, anything else is only read) and `basis`.
//! `corpus_known.txt` lists the verdicts that differ from their label, each with its reason: a difference that is not
//! listed fails the run, and so does a listed one that is none.

#![allow(clippy::print_stdout, reason = "the table is the result")]

mod reference;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sfn_asl::validate::{self, Options};
use sfn_asl::{Definition, Diagnostic, Value};

/// Longest time for one definition, debug builds included.
const PATIENCE: Duration = Duration::from_secs(20);

/// Bases whose labels are beyond doubt.
const GOLD: [&str; 3] = ["fixture", "aws-created", "aws-validated"];

fn main() -> ExitCode {
    let file = match std::env::var_os("SFN_CORPUS") {
        Some(file) => PathBuf::from(file),
        None => match reference::folder() {
            Ok(folder) => folder.join("corpus/definitions.jsonl"),
            Err(reason) => {
                println!("corpus: SKIPPED, {reason}");
                return ExitCode::SUCCESS;
            }
        },
    };
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let rows: Vec<Row> = text.lines().filter(|line| !line.trim().is_empty()).map(Row::read).collect();
    let verdicts = match judge(&rows) {
        Ok(verdicts) => verdicts,
        Err(id) => {
            println!("corpus: {id} panics or takes longer than {PATIENCE:?}");
            return ExitCode::FAILURE;
        }
    };
    report(&rows, &verdicts)
}

struct Row {
    id: String,
    basis: String,
    expect: String,
    reason: String,
    text: String,
}

impl Row {
    fn read(line: &str) -> Row {
        let row = Value::parse(line).expect("a line of the corpus is JSON");
        let field = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let definition = row.get("definition").or_else(|| row.get("definition_text")).expect("a row has a definition");
        Row {
            id: field("id"),
            basis: field("basis"),
            expect: field("expect"),
            reason: field("reason"),
            text: definition.as_str().map_or_else(|| definition.to_json_pretty(), str::to_owned),
        }
    }

    fn is_gold(&self) -> bool {
        GOLD.contains(&self.basis.as_str())
    }
}

struct Verdict {
    findings: Vec<Diagnostic>,
    /// What is wrong with the reader itself, whatever the label says.
    broken: Option<String>,
    time: Duration,
}

impl Verdict {
    fn is_valid(&self) -> bool {
        !self.findings.iter().any(Diagnostic::is_error)
    }
}

/// Reads every row on a thread of its own stack, so that a hang or a panic is seen and named.
fn judge(rows: &[Row]) -> Result<Vec<Verdict>, String> {
    let texts: Vec<String> = rows.iter().map(|row| row.text.clone()).collect();
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for text in texts {
            let start = Instant::now();
            let findings = validate::check(&text, &Options::default());
            let broken = consistent(&text, &findings).err();
            if sender.send(Verdict { findings, broken, time: start.elapsed() }).is_err() {
                return;
            }
        }
    });
    rows.iter().map(|row| receiver.recv_timeout(PATIENCE).map_err(|_| row.id.clone())).collect()
}

/// What must hold for any text: both entries agree, the document survives, every place lies in the text.
fn consistent(text: &str, findings: &[Diagnostic]) -> Result<(), String> {
    for finding in findings {
        match &finding.range {
            Some(range) if range.end <= text.len() && range.start <= range.end && text.get(range.clone()).is_some() => {
            }
            range => return Err(format!("`{finding}` has the range {range:?}")),
        }
    }
    let refused = findings.iter().any(Diagnostic::is_error);
    match Definition::parse_json(text) {
        Ok(_) if refused => return Err("check() has errors, parse() has none".to_owned()),
        Err(_) if !refused => return Err("parse() has errors, check() has none".to_owned()),
        Err(_) => {}
        Ok(definition) => {
            let printed = definition.to_json_pretty();
            let again =
                Definition::parse_json(&printed).map_err(|error| format!("what was printed is refused: {error}"))?;
            if again.to_json() != definition.to_json() || again.machine() != definition.machine() {
                return Err("what was printed reads differently".to_owned());
            }
        }
    }
    in_yaml(text, findings)
}

/// The same document in the block style of YAML: the findings must be the same.
#[cfg(feature = "yaml")]
fn in_yaml(text: &str, findings: &[Diagnostic]) -> Result<(), String> {
    use sfn_asl::Format;

    let Ok(document) = Value::parse(text) else { return Ok(()) };
    let mut text = String::new();
    block_style(&document, 0, &mut text);
    let yaml = validate::check_as(&text, Format::Yaml, &Options::default());
    let shown = |findings: &[Diagnostic]| findings.iter().map(Diagnostic::to_string).collect::<Vec<_>>();
    if shown(&yaml) != shown(findings) {
        return Err(format!("YAML finds {:?}", shown(&yaml)));
    }
    if let Some(finding) = yaml.iter().find(|finding| {
        !finding.range.clone().is_some_and(|range| range.start <= range.end && text.get(range).is_some())
    }) {
        return Err(format!("in YAML `{finding}` has the range {:?}", finding.range));
    }
    match Definition::parse(&text, Format::Yaml) {
        Ok(definition) if definition.document().to_json() != document.to_json() => {
            Err("YAML gives another document".to_owned())
        }
        _ => Ok(()),
    }
}

#[cfg(feature = "yaml")]
fn block_style(value: &Value, indent: usize, out: &mut String) {
    let line = |out: &mut String| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    };
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (key, value) in members.iter() {
                line(out);
                out.push_str(&Value::from(&**key).to_json());
                out.push_str(": ");
                block_style(value, indent + 2, out);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items.iter() {
                line(out);
                out.push_str("- ");
                block_style(item, indent + 2, out);
            }
        }
        scalar => out.push_str(&scalar.to_json()),
    }
}

#[cfg(not(feature = "yaml"))]
fn in_yaml(_text: &str, _findings: &[Diagnostic]) -> Result<(), String> {
    Ok(())
}

#[derive(Default)]
struct Tally<'a> {
    definitions: usize,
    judged: usize,
    right: usize,
    wrong: Vec<&'a str>,
}

fn report(rows: &[Row], verdicts: &[Verdict]) -> ExitCode {
    let known = known();
    let mut tallies: BTreeMap<&str, Tally<'_>> = BTreeMap::new();
    let mut complaints = Vec::new();
    for (row, verdict) in rows.iter().zip(verdicts) {
        let tally = tallies.entry(&row.basis).or_default();
        tally.definitions += 1;
        if let Some(broken) = &verdict.broken {
            complaints.push(format!("{} ({}): {broken}", row.id, row.basis));
        }
        if row.basis == "aws-validated" && !row.reason.is_empty() && row.expect == "invalid" {
            let found = verdict.findings.iter().any(|finding| finding.to_string() == row.reason);
            if !found {
                complaints.push(format!("{} ({}): AWS says `{}`", row.id, row.basis, row.reason));
            }
        }
        let expected = match row.expect.as_str() {
            "valid" => true,
            "invalid" => false,
            _ => continue,
        };
        tally.judged += 1;
        let right = verdict.is_valid() == expected;
        match right {
            true => tally.right += 1,
            false => tally.wrong.push(&row.id),
        }
        match (right, known.contains_key(row.id.as_str())) {
            (true, false) | (false, true) => {}
            (true, true) => complaints.push(format!("{} is right: take it from corpus_known.txt", row.id)),
            (false, false) => {
                let errors: Vec<String> =
                    verdict.findings.iter().filter(|finding| finding.is_error()).map(Diagnostic::to_string).collect();
                complaints.push(format!(
                    "{} ({}) should be {}: {}{}",
                    row.id,
                    row.basis,
                    row.expect,
                    row.reason,
                    errors.join("\n    ")
                ));
            }
        }
    }
    for complaint in &complaints {
        println!("{complaint}");
    }
    if let Some((row, verdict)) = rows.iter().zip(verdicts).max_by_key(|(_, verdict)| verdict.time) {
        println!("slowest: {} in {:?}", row.id, verdict.time);
    }
    table(rows, verdicts, &tallies);
    if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn table(rows: &[Row], verdicts: &[Verdict], tallies: &BTreeMap<&str, Tally<'_>>) {
    let width = tallies.keys().map(|basis| basis.len()).max().unwrap_or_default().max("basis".len());
    println!("{:width$}  definitions  right/judged  wrong", "basis");
    for (basis, tally) in tallies {
        let right = format!("{}/{}", tally.right, tally.judged);
        println!("{basis:width$}  {:>11}  {right:>12}  {}", tally.definitions, tally.wrong.join(" "));
    }
    let gold = rows.iter().zip(verdicts).filter(|(row, _)| row.is_gold());
    let (mut judged, mut flagged, mut missed) = (0, 0, 0);
    for (row, verdict) in gold {
        match (row.expect.as_str(), verdict.is_valid()) {
            ("valid", valid) => {
                judged += 1;
                flagged += usize::from(!valid);
            }
            ("invalid", valid) => {
                judged += 1;
                missed += usize::from(valid);
            }
            _ => {}
        }
    }
    println!("gold {}/{judged}: {flagged} valid ones flagged, {missed} invalid ones missed", judged - flagged - missed);
    let all = tallies.values().fold((0, 0), |(right, judged), tally| (right + tally.right, judged + tally.judged));
    println!("total {}/{} of {} definitions", all.0, all.1, rows.len());
}

/// The ids of `corpus_known.txt` with their reasons.
fn known() -> BTreeMap<&'static str, &'static str> {
    let lines = include_str!("corpus_known.txt").lines();
    let lines = lines.filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').expect("a line of corpus_known.txt is an id and a reason")).collect()
}
