//! Body and document agree, those of the children included.

use sfn::asl::Value;
use sfn::testing::{Ended, Env, after, env, minutes, never, secs};

use super::*;

fn may() -> Month {
    Month { month: "may".to_owned() }
}

fn working() -> Env {
    env().mock(sum_up, |_| after(secs(40), Ok(1_200))).mock(print_report, |_| Ok(()))
}

#[tokio::test]
async fn the_month_is_closed_and_reported() {
    let env = working().mock(print_report, |(month, balance)| {
        assert_eq!((month.as_str(), balance), ("may", 1_200));
        Ok(())
    });
    let run = env.run(monthly, may()).await;
    assert_eq!(run.assert_succeeded().balance, 1_200);
    run.assert_path(["Close books", "Fire Report"]);
    run.assert_calls(close_books, 1).assert_calls(sum_up, 1).assert_calls(report, 1).assert_calls(print_report, 1);
    assert_eq!(run.elapsed(), secs(40));
}

#[tokio::test]
async fn a_report_that_fails_is_nobodys_affair() {
    let run = working().mock(print_report, |_| Err(sfn::Error::new("NoPaper", ""))).run(monthly, may()).await;
    assert_eq!(run.assert_succeeded().balance, 1_200);
}

#[tokio::test]
async fn a_child_that_fails_fails_the_month() {
    let run = working().mock(sum_up, |_| Err(sfn::Error::new("BooksAreOpen", "wait"))).run(monthly, may()).await;
    run.assert_failed("States.TaskFailed").assert_path(["Close books"]).assert_calls(report, 0);
    let Err(Ended::Failed(error)) = run.result() else { panic!("it failed") };
    let told = Value::parse(&error.cause).unwrap();
    assert_eq!(told.get("Error"), Some(&Value::from("BooksAreOpen")));
    let slow = working().mock(sum_up, |_| never()).run(monthly, may()).await;
    slow.assert_failed("States.TaskFailed");
    assert_eq!(slow.elapsed(), minutes(5));
}

#[tokio::test]
async fn mocks_stand_in_for_the_children() {
    let run = env()
        .mock(close_books, |_| after(minutes(50), Ok(Books { balance: -3 })))
        .mock(report, |report| {
            assert_eq!(report.books.balance, -3);
            Ok(())
        })
        .run(monthly, may())
        .await;
    assert_eq!(run.assert_succeeded().balance, -3);
    assert_eq!(run.elapsed(), minutes(50));
}

#[tokio::test]
async fn the_program_runs() {
    let closed = run("may").await.unwrap().unwrap();
    assert_eq!(closed.balance, 1_200);
    assert!(closed.report.contains(":execution:report:"), "{}", closed.report);
    assert_eq!(run("june").await.unwrap().unwrap_err().error, "States.TaskFailed");
}

/// The document as the design of the language gives it, when its reference is at hand.
#[test]
fn the_document_is_that_of_the_design() {
    let reference = std::env::var_os("SFN_REFERENCE").map(std::path::PathBuf::from);
    let reference = reference.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let Ok(text) = std::fs::read_to_string(reference.join("design/dsl-examples/nested.asl.json")) else {
        println!("SKIPPED: no reference data");
        return;
    };
    assert_eq!(monthly::definition().unwrap().document(), &Value::parse(&text).unwrap());
}
