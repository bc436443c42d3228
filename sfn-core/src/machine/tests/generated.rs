//! Random definitions with random outcomes: they end or wait, and their logs recover at every event.

use proptest::prelude::*;

use super::harness::{Answer, Answers, Run, json, run_with};
use crate::machine::{Failure, Quotas, Status};

/// The states of a scope, as texts that expect a prefix before every name.
#[derive(Clone, Debug)]
enum Plan {
    Pass,
    Wait(u8),
    Task { retries: u8, catches: bool, timeout: bool },
    Parallel { branches: Vec<Vec<Plan>>, retries: u8, catches: bool },
    Map { body: Vec<Plan>, items: u8, concurrency: u8, retries: u8, catches: bool, distributed: bool },
    Fail,
}

fn plans() -> impl Strategy<Value = Vec<Plan>> {
    let leaf = prop_oneof![
        4 => Just(Plan::Pass),
        2 => (0u8..4).prop_map(Plan::Wait),
        4 => (0u8..3, any::<bool>(), any::<bool>())
            .prop_map(|(retries, catches, timeout)| Plan::Task { retries, catches, timeout }),
        1 => Just(Plan::Fail),
    ];
    let state = leaf.prop_recursive(3, 24, 3, |inner| {
        let scope = prop::collection::vec(inner, 1..3);
        prop_oneof![
            (prop::collection::vec(scope.clone(), 1..4), 0u8..2, any::<bool>())
                .prop_map(|(branches, retries, catches)| Plan::Parallel { branches, retries, catches }),
            (scope, 0u8..4, 0u8..3, 0u8..2, any::<bool>(), any::<bool>()).prop_map(
                |(body, items, concurrency, retries, catches, distributed)| {
                    Plan::Map { body, items, concurrency, retries, catches, distributed }
                }
            ),
        ]
    });
    prop::collection::vec(state, 1..4)
}

fn scope(plans: &[Plan], prefix: &str) -> String {
    let name = |index: usize| format!("{prefix}{index}");
    let mut states = Vec::new();
    for (index, plan) in plans.iter().enumerate() {
        let next = if index + 1 < plans.len() && !matches!(plans[index], Plan::Fail) {
            format!(r#""Next":"{}""#, name(index + 1))
        } else {
            r#""End":true"#.to_owned()
        };
        let inner = format!("{}-", name(index));
        let handling = |retries: u8, catches: bool| {
            let mut fields = format!(r#""Retry":[{{"ErrorEquals":["States.ALL"],"MaxAttempts":{retries}}}],"#);
            if catches {
                fields += &format!(r#""Catch":[{{"ErrorEquals":["States.ALL"],"Next":"{prefix}last"}}],"#);
            }
            fields
        };
        let body = match plan {
            Plan::Pass => format!(r#"{{"Type":"Pass",{next}}}"#),
            Plan::Wait(seconds) => format!(r#"{{"Type":"Wait","Seconds":{seconds},{next}}}"#),
            Plan::Fail => r#"{"Type":"Fail","Error":"Planned"}"#.to_owned(),
            Plan::Task { retries, catches, timeout } => {
                let timeout = if *timeout { r#""TimeoutSeconds":3,"HeartbeatSeconds":2,"# } else { "" };
                let handling = handling(*retries, *catches);
                format!(r#"{{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",{timeout}{handling}{next}}}"#)
            }
            Plan::Parallel { branches, retries, catches } => {
                let branches: Vec<_> =
                    branches.iter().enumerate().map(|(at, plans)| scope(plans, &format!("{inner}{at}-"))).collect();
                let handling = handling(*retries, *catches);
                format!(r#"{{"Type":"Parallel","Branches":[{}],{handling}{next}}}"#, branches.join(","))
            }
            Plan::Map { body, items, concurrency, retries, catches, distributed } => {
                let mode = if *distributed {
                    r#""Mode":"DISTRIBUTED","ExecutionType":"STANDARD""#
                } else {
                    r#""Mode":"INLINE""#
                };
                let processor = scope(body, &inner).replacen('{', &format!(r#"{{"ProcessorConfig":{{{mode}}},"#), 1);
                let items: Vec<_> = (0..*items).map(|item| item.to_string()).collect();
                let handling = handling(*retries, *catches);
                format!(
                    r#"{{"Type":"Map","QueryLanguage":"JSONata","Items":[{}],"MaxConcurrency":{concurrency},
                        "ItemProcessor":{processor},{handling}{next}}}"#,
                    items.join(","),
                )
            }
        };
        states.push(format!(r#""{}":{body}"#, name(index)));
        if matches!(plan, Plan::Fail) {
            break;
        }
    }
    let catches = plans.iter().take(states.len()).any(|plan| {
        matches!(
            plan,
            Plan::Task { catches: true, .. } | Plan::Parallel { catches: true, .. } | Plan::Map { catches: true, .. }
        )
    });
    if catches {
        states.push(format!(r#""{prefix}last":{{"Type":"Pass","End":true}}"#));
    }
    format!(r#"{{"StartAt":"{}","States":{{{}}}}}"#, name(0), states.join(","))
}

fn outcome() -> impl Strategy<Value = Answer> {
    prop_oneof![
        3 => Just(Answer::Succeed(json(r#"{"ok":true}"#))),
        2 => Just(Answer::Fail("Random", "drawn")),
        1 => (0i64..5000).prop_map(|after| Answer::Later(after, Box::new(Answer::Succeed(json("1"))))),
        1 => (0i64..5000).prop_map(|after| Answer::Later(after, Box::new(Answer::Fail("Late", "drawn")))),
        1 => Just(Answer::Never),
    ]
}

/// Names of the Task states of a plan, in order.
fn tasks(plans: &[Plan], prefix: &str, names: &mut Vec<String>) {
    for (index, plan) in plans.iter().enumerate() {
        let name = format!("{prefix}{index}");
        match plan {
            Plan::Task { .. } => names.push(name),
            Plan::Parallel { branches, .. } => {
                branches.iter().enumerate().for_each(|(at, plans)| tasks(plans, &format!("{name}-{at}-"), names));
            }
            Plan::Map { body, .. } => tasks(body, &format!("{name}-"), names),
            Plan::Pass | Plan::Wait(_) => {}
            Plan::Fail => return,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    /// The harness checks the law of recovery; here it only has to end.
    #[test]
    fn logs_recover_at_every_event(plans in plans(), outcomes in prop::collection::vec(outcome(), 12)) {
        let mut names = Vec::new();
        tasks(&plans, "s", &mut names);
        let table: Answers = names
            .into_iter()
            .zip(outcomes.iter().cycle())
            .map(|(name, outcome)| (&*name.leak(), vec![outcome.clone()]))
            .collect();
        let quotas = Quotas { history_events: 2_000, ..Quotas::default() };
        let mut run = run_with(&scope(&plans, "s"), "{}", &table, quotas);
        check_numbers(&run)?;
        // A redrive in which every task succeeds ends as its states say.
        if run.machine.status() == &Status::Running {
            run.stop();
        }
        if run.machine.redrivable(run.clock).is_ok() {
            let table = table.keys().map(|name| (*name, vec![Answer::Succeed(json("7"))])).collect();
            run.redrive(&table);
            check_numbers(&run)?;
            let failed = matches!(run.machine.status(), Status::Failed(failure) if !is_planned(failure));
            prop_assert!(!failed && run.machine.status().is_terminal(), "{:?}", run.machine.status());
        }
    }
}

/// A Fail state fails, also where it is in a child of a Map Run.
fn is_planned(failure: &Failure) -> bool {
    matches!(failure.error.as_deref(), Some("Planned" | "States.ExceedToleratedFailureThreshold"))
}

fn check_numbers(run: &Run) -> Result<(), TestCaseError> {
    let history = run.history();
    prop_assert!(history.iter().enumerate().all(|(index, event)| event.id as usize == index + 1));
    prop_assert!(history.iter().all(|event| event.previous_event_id < event.id));
    Ok(())
}
