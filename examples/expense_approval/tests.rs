//! Body and document agree: whoever is asked approves, rejects, is late, or falls silent.

use sfn::asl::Value;
use sfn::testing::{Env, after, days, env, hours, never, secs};

use super::*;

fn chair(cents: u32) -> Expense {
    Expense { purpose: "a chair".to_owned(), cents }
}

fn paying() -> Env {
    env().mock(pay, |expense| after(secs(2), Ok(Payment { id: format!("p-{}", expense.cents) })))
}

#[tokio::test]
async fn small_expenses_are_paid_at_once() {
    let run = paying().run(expense, chair(10_000)).await;
    assert_eq!(run.assert_succeeded(), &Outcome::Paid { payment: "p-10000".to_owned() });
    run.assert_calls(ask_manager, 0).assert_path(["Needs approval?", "Pay"]);
    assert_eq!(run.elapsed(), secs(2));
}

#[tokio::test]
async fn the_manager_approves_after_two_days() {
    let env = paying().callback(ask_manager, |expense, token| {
        assert_eq!(expense.cents, 10_001);
        assert!(!token.as_str().is_empty());
        after(days(2), Ok(Decision::Approved))
    });
    let run = env.run(expense, chair(10_001)).await;
    assert_eq!(run.assert_succeeded(), &Outcome::Paid { payment: "p-10001".to_owned() });
    run.assert_path(["Needs approval?", "AskManager", "match decision", "Pay"]).assert_calls(ask_manager, 1);
    assert_eq!(run.elapsed(), days(2) + secs(2));
}

#[tokio::test]
async fn the_manager_rejects() {
    let reason = || "buy a cheaper one".to_owned();
    let env = paying().mock(ask_manager, move |_| Ok(Decision::Rejected { reason: reason() }));
    let run = env.run(expense, chair(50_000)).await;
    assert_eq!(run.assert_succeeded(), &Outcome::Rejected { reason: reason() });
    run.assert_calls(pay, 0);
}

#[tokio::test]
async fn nobody_answers_in_time() {
    let late = paying().mock(ask_manager, |_| after(days(4), Ok(Decision::Approved))).run(expense, chair(50_000)).await;
    assert_eq!(late.assert_succeeded(), &Outcome::Expired);
    assert_eq!(late.elapsed(), days(3));
    let silent = paying().mock(ask_manager, |_| never()).run(expense, chair(50_000)).await;
    assert_eq!(silent.assert_succeeded(), &Outcome::Expired);
    assert_eq!(silent.elapsed(), hours(12));
    let raised = paying().mock(ask_manager, |_| Err(AskError::Expired)).run(expense, chair(50_000)).await;
    assert_eq!(raised.assert_succeeded(), &Outcome::Expired);
}

#[tokio::test]
async fn other_errors_are_passed_on() {
    let error = || AskError::Other(sfn::Error::new("NoManager", "on holiday"));
    let run = paying().mock(ask_manager, move |_| Err(error())).run(expense, chair(50_000)).await;
    run.assert_failed("NoManager").assert_calls(pay, 0);
}

#[tokio::test]
async fn an_answer_of_another_shape_ends_the_document_plainly() {
    let answer = |_| Ok(Value::object([("type", Value::from("perhaps"))]));
    let run = paying().raw(ask_manager, answer).run(expense, chair(50_000)).await;
    run.assert_failed("Sfn.UnknownVariant").assert_calls(pay, 0);
}

#[tokio::test]
async fn the_program_runs() {
    assert_eq!(run(4_500).await.unwrap(), Outcome::Paid { payment: "payment of 4500".to_owned() });
    assert_eq!(run(60_000).await.unwrap(), Outcome::Paid { payment: "payment of 60000".to_owned() });
    assert_eq!(run(900_000).await.unwrap(), Outcome::Rejected { reason: "buy a cheaper one".to_owned() });
    assert_eq!(run(20_000).await.unwrap(), Outcome::Expired);
}

/// The document as the design of the language gives it, when its reference is at hand.
#[test]
fn the_document_is_that_of_the_design() {
    let reference = std::env::var_os("SFN_REFERENCE").map(std::path::PathBuf::from);
    let reference = reference.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let Ok(text) = std::fs::read_to_string(reference.join("design/dsl-examples/approval.asl.json")) else {
        println!("SKIPPED: no reference data");
        return;
    };
    assert_eq!(expense::definition().unwrap().document(), &Value::parse(&text).unwrap());
}
