//! Random runs: they end, their counts add up, and their logs recover at every event.

use proptest::prelude::*;
use sfn_asl::value::Value;

use super::harness::{TASK, map, redrive, run};
use crate::object_store::MemoryStore;

/// How one item fares: a delay, and whether it fails.
fn items() -> impl Strategy<Value = Vec<(u16, bool)>> {
    prop::collection::vec((0u16..50, prop::bool::weighted(0.2)), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn runs_end_and_recover(
        items in items(),
        concurrency in 0u8..5,
        tolerated in prop::option::of(0u8..4),
        writer in 0u8..4,
    ) {
        let item = |(index, (after, fails)): (usize, &(u16, bool))| {
            let fail = if *fails { r#","fail":"Boom","once":true"# } else { "" };
            format!(r#"{{"n":{index},"after":{after}{fail}}}"#)
        };
        let inputs: Vec<_> = items.iter().enumerate().map(item).collect();
        let mut fields = vec![format!(r#""MaxConcurrency": {concurrency}"#)];
        fields.extend(tolerated.map(|most| format!(r#""ToleratedFailureCount": {most}"#)));
        let export = r#""Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}"#;
        fields.extend(match writer {
            0 => None,
            1 => Some(r#""ResultWriter": {"WriterConfig": {"Transformation": "NONE"}}"#.to_owned()),
            2 => Some(format!(r#""ResultWriter": {{{export}}}"#)),
            _ => Some(format!(r#""ResultWriter": {{{export}, "WriterConfig": {{"OutputType": "JSONL"}}}}"#)),
        });
        let ran = run(&map(&fields.join(","), TASK), &format!("[{}]", inputs.join(",")), MemoryStore::default());
        let counts = ran.finished.run.counts().items;
        let failing = items.iter().filter(|(_, fails)| *fails).count();
        let outcome = ran.finished.outcome().expect("every child ends");
        prop_assert_eq!(outcome.is_ok(), failing <= tolerated.map_or(0, usize::from));
        prop_assert_eq!(counts.running, 0);
        prop_assert_eq!(counts.total, counts.pending + counts.succeeded + counts.unsuccessful());
        if let Ok(output) = outcome {
            prop_assert_eq!(counts.succeeded as usize + failing, items.len());
            if writer == 0 {
                // Results stand where their items do; those that failed tell their input.
                let number = |result: &Value| match result.get("Input").and_then(Value::as_str) {
                    Some(input) => Value::parse(input).ok().and_then(|input| input.get("n").and_then(Value::as_i64)),
                    None => result.get("n").and_then(Value::as_i64),
                };
                let numbers: Vec<_> = output.as_array().expect("results").iter().filter_map(number).collect();
                prop_assert_eq!(numbers, (0..items.len() as i64).collect::<Vec<_>>());
            }
        } else {
            // Whatever failed succeeds when it is redriven.
            let again = redrive(ran);
            let redriven = again.finished.run.counts();
            prop_assert!(again.finished.outcome().is_some_and(|outcome| outcome.is_ok()), "{}", again.outcome());
            prop_assert_eq!(redriven.items.succeeded as usize, items.len());
            prop_assert_eq!(redriven.items.total as usize, items.len());
            prop_assert_eq!(redriven.items.unsuccessful() + redriven.items.pending_redrive, 0);
        }
    }
}
