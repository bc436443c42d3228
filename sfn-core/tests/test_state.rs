//! Tests every state of the corpus's definitions by itself, nested ones included.
//!
//! Each is answered, or refused with a reason; none of them hangs or panics. Where a state fails by itself, it is its own
//! expressions that do: the input is `{}`. The data is found by `SFN_REFERENCE` (default `../shared`); without it the test
//! says SKIPPED.

use std::path::PathBuf;

use sfn_core::asl::definition::{Definition, StateKind, StateScope};
use sfn_core::asl::value::{Limits, Value};
use sfn_core::test_state::{
    ErrorOutput, FieldValidationMode, InspectionLevel, Mock, Status, TestStateRequest, test_state,
};

/// Bytes of a definition.
const LONGEST: usize = 8 << 10;

#[test]
fn every_state_of_the_corpus_can_be_tested_by_itself() {
    let folder = std::env::var_os("SFN_REFERENCE")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let Ok(lines) = std::fs::read_to_string(folder.join("corpus/definitions.jsonl")) else {
        println!("SKIPPED: no corpus/definitions.jsonl in {}", folder.display());
        return;
    };
    let limits = Limits { bytes: usize::MAX, ..Limits::default() };
    let mut tally = Tally::default();
    for line in lines.lines() {
        let row = Value::parse_within(line, &limits).expect("a line of the corpus is JSON");
        let Some(definition) = row.get("definition") else { continue };
        let Ok(parsed) = Definition::from_value(definition.clone()) else { continue };
        let text = definition.to_json();
        // Each test reads the whole definition: the longest would take most of the time and show nothing else.
        if text.len() < LONGEST {
            states(&text, &parsed.machine().scope, &mut tally);
        }
    }
    println!("{tally:?}");
    assert!(tally.left > 0 && tally.caught > 0 && tally.retriable > 0 && tally.failed > 0, "{tally:?}");
}

/// How many states ended how.
#[derive(Debug, Default)]
struct Tally {
    left: u32,
    caught: u32,
    retriable: u32,
    failed: u32,
    refused: u32,
}

fn states(definition: &str, scope: &StateScope, tally: &mut Tally) {
    for (name, state) in &scope.states {
        let result = match &state.kind {
            StateKind::Parallel(parallel) => Some(format!("[{}]", vec!["1"; parallel.branches.len()].join(","))),
            StateKind::Map(map) if map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some()) => {
                Some("{}".to_owned())
            }
            StateKind::Map(_) => Some("[]".to_owned()),
            StateKind::Task(_) => Some("{}".to_owned()),
            _ => None,
        };
        let mock = Mock { field_validation_mode: FieldValidationMode::None, ..Mock::default() };
        let error = ErrorOutput { error: Some("Custom"), cause: Some("why") };
        match result {
            Some(result) => {
                test(definition, name.as_str(), Some(Mock { result: Some(&result), ..mock }), tally);
                test(definition, name.as_str(), Some(Mock { error_output: Some(error), ..mock }), tally);
            }
            None => test(definition, name.as_str(), None, tally),
        }
        match &state.kind {
            StateKind::Parallel(parallel) => {
                parallel.branches.iter().for_each(|branch| states(definition, branch, tally));
            }
            StateKind::Map(map) => states(definition, &map.processor.scope, tally),
            _ => {}
        }
    }
}

fn test(definition: &str, name: &str, mock: Option<Mock<'_>>, tally: &mut Tally) {
    let inspection_level = InspectionLevel::Debug;
    let request = TestStateRequest { definition, state_name: Some(name), mock, inspection_level, ..Default::default() };
    let Ok(answer) = test_state(&request) else {
        // Resources that AWS does not know, for the most part.
        tally.refused += 1;
        return;
    };
    let (counter, has_output, has_error) = match answer.status {
        Status::Succeeded => (&mut tally.left, true, false),
        Status::CaughtError => (&mut tally.caught, true, true),
        Status::Retriable => (&mut tally.retriable, false, true),
        Status::Failed => (&mut tally.failed, false, answer.error.is_some() || answer.cause.is_some()),
    };
    *counter += 1;
    assert_eq!(answer.output.is_some(), has_output, "{name} of {definition}");
    assert_eq!(answer.error.is_some() || answer.cause.is_some(), has_error, "{name} of {definition}");
    assert!(answer.next_state.is_none() || has_output, "{name} of {definition}");
    let seen = answer.inspection_data.expect("it was asked for");
    assert!(seen.input.is_some() && (seen.error_details.is_none() || has_error), "{name} of {definition}");
}
