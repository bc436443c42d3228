//! Definitions that are large, deep or odd: an answer in good time, never a panic.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::fmt::Write;
use std::time::{Duration, Instant};

use sfn_asl::Format;
use sfn_codegen::{Generated, Options};

fn generate(text: &str) -> Result<Generated, sfn_asl::Diagnostics> {
    let started = Instant::now();
    let outcome = sfn_codegen::generate(text, Format::Json, &Options::new("limits"));
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    outcome
}

/// The machine `start` with the given states, of which the last ends it.
fn chain(names: impl Iterator<Item = String>, state: &str) -> String {
    let names: Vec<String> = names.map(|name| sfn_asl::Value::from(name).to_json()).collect();
    let mut states = String::new();
    for (index, name) in names.iter().enumerate() {
        match names.get(index + 1) {
            Some(next) => writeln!(states, "{name}: {{{state}, \"Next\": {next}}},").unwrap(),
            None => write!(states, "{name}: {{{state}, \"End\": true}}").unwrap(),
        }
    }
    format!("{{\"StartAt\": {}, \"States\": {{{states}}}}}", names[0])
}

#[test]
fn a_definition_of_a_mebibyte() {
    let task = r#""Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message.$": "$.text"}"#;
    let text = chain((0..5_500).map(|number| format!("Publish number {number}")), task);
    assert!(text.len() > 800_000 && text.len() <= 1_048_576, "{}", text.len());
    let module = generate(&text).unwrap_or_else(|findings| panic!("{findings}"));
    assert!(module.code.contains("fn publish_number_5499("), "the last task has its method");
    syn::parse_file(&module.code).unwrap();
}

#[test]
fn states_that_differ_in_punctuation_only() {
    let text = chain(
        (0..1_000).map(|number| format!("{:-^width$}", "", width = number % 80 + 1)).take(80),
        r#""Type": "Pass""#,
    );
    let module = generate(&text).unwrap_or_else(|findings| panic!("{findings}"));
    assert!(module.code.contains("State80,"), "{}", module.code);
}

#[test]
fn branches_within_branches() {
    for depth in [10, 100, 1_000, 20_000] {
        let innermost = r#"{"StartAt": "Innermost", "States": {"Innermost": {"Type": "Pass", "End": true}}}"#;
        let levels = (0..depth).map(|level| {
            format!(
                r#"{{"StartAt": "P{level}", "States": {{"P{level}": {{"Type": "Parallel", "End": true, "Branches": ["#
            )
        });
        let text = format!("{}{innermost}{}", levels.collect::<String>(), "]}}}".repeat(depth));
        // Deep ones are refused with a finding.
        match generate(&text) {
            Ok(module) => assert!(module.code.contains("Innermost,"), "depth {depth}"),
            Err(findings) => assert!(depth > 10 && !findings.is_empty(), "depth {depth}: {findings}"),
        }
    }
}

#[test]
fn parameters_within_parameters() {
    for depth in [3, 30, 300, 30_000] {
        let parameters = format!("{}1{}", r#"{"a":"#.repeat(depth), "}".repeat(depth));
        let text = format!(
            r#"{{"StartAt": "A", "States": {{"A": {{"Type": "Task", "Resource": "${{f}}", "Parameters": {parameters}, "End": true}}}}}}"#
        );
        match generate(&text) {
            Ok(module) => assert!(module.code.contains("pub struct FInput"), "depth {depth}"),
            Err(findings) => assert!(depth > 30 && !findings.is_empty(), "depth {depth}: {findings}"),
        }
    }
}

#[test]
fn texts_that_are_no_definition() {
    for text in ["", " ", "{", "[]", "null", "{}", "\u{0}", "\u{feff}", "{\"StartAt\": 1}", "\"", "StartAt: A", "{}}"] {
        let findings = generate(text).expect_err(text);
        assert!(findings.iter().any(|finding| finding.is_error()), "{text:?}");
    }
}

#[test]
fn texts_that_a_raw_literal_cannot_hold_come_back() {
    let comments = ["\"#\"##", "\u{202e}", "{}\\n", "${x}", "\u{7f}", "状態"];
    for newline in ["\n", "\r\n"] {
        for comment in comments {
            let comment = sfn_asl::Value::from(comment).to_json();
            let text = format!(
                r#"{{"Comment": {comment},{newline}"StartAt": "A", "States": {{"A": {{"Type": "Succeed"}}}}}}{newline}"#
            );
            let module = generate(&text).unwrap_or_else(|findings| panic!("{findings}"));
            let file = syn::parse_file(&module.code).unwrap();
            let embedded = file.items.iter().find_map(|item| match item {
                syn::Item::Const(syn::ItemConst { ident, expr, .. }) if ident == "DEFINITION" => match &**expr {
                    syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) => Some(text.value()),
                    _ => None,
                },
                _ => None,
            });
            assert_eq!(embedded.as_deref(), Some(&*text));
            assert!(!module.code.contains(['\r', '\u{202e}', '\u{7f}']), "{:?}", module.code);
        }
    }
}
