//! Body and document agree: the worker answers, fails, falls silent or never comes.

use sfn::asl::Value;
use sfn::testing::{after, env, hours, minutes, never, secs};

use super::*;

fn image() -> Image {
    Image { bucket: "images".to_owned(), key: "cat.png".to_owned() }
}

fn a_cat() -> Result<Label, sfn::Error> {
    Ok(Label { label: "a cat".to_owned(), certainty: 0.9 })
}

#[tokio::test]
async fn the_label_is_the_output() {
    let run = env().mock(label, |_| after(hours(20), a_cat())).run(label_image, image()).await;
    assert_eq!(run.assert_succeeded(), "a cat");
    run.assert_calls(label, 1).assert_path(["Label"]);
    assert_eq!(run.elapsed(), hours(20));
}

#[tokio::test]
async fn a_worker_that_falls_silent_is_replaced() {
    let mut attempt = 0;
    let run = env()
        .mock(label, move |_| {
            attempt += 1;
            if attempt < 3 { after(hours(1), a_cat()).silent() } else { after(hours(1), a_cat()) }
        })
        .run(label_image, image())
        .await;
    assert_eq!(run.assert_succeeded(), "a cat");
    run.assert_calls(label, 3);
    assert_eq!(run.elapsed(), (minutes(5) + secs(1)) * 2 + hours(1));
}

#[tokio::test]
async fn workers_that_all_fall_silent_fail_it() {
    let run = env().mock(label, |_| never()).run(label_image, image()).await;
    run.assert_failed("States.Timeout").assert_calls(label, 3);
    assert_eq!(run.elapsed(), minutes(15) + secs(2));
}

#[tokio::test]
async fn a_worker_that_works_for_more_than_a_day_times_out() {
    let run = env().mock(label, |_| never().beating(minutes(4))).run(label_image, image()).await;
    run.assert_failed("States.Timeout").assert_calls(label, 1);
    assert_eq!(run.elapsed(), hours(24));
}

#[tokio::test]
async fn an_error_of_the_worker_is_not_retried() {
    let run = env().mock(label, |_| Err(sfn::Error::new("NothingThere", "cat.png"))).run(label_image, image()).await;
    run.assert_failed("NothingThere").assert_calls(label, 1);
}

#[tokio::test]
async fn the_program_runs() {
    assert_eq!(run("cat.png").await.unwrap(), Ok("a cat".to_owned()));
    assert!(run("empty.png").await.unwrap().unwrap_err().contains("NothingThere"));
}

/// The document as the design of the language gives it, when its reference is at hand; its comment names another function.
#[test]
fn the_document_is_that_of_the_design() {
    let reference = std::env::var_os("SFN_REFERENCE").map(std::path::PathBuf::from);
    let reference = reference.unwrap_or_else(|| concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared").into());
    let Ok(text) = std::fs::read_to_string(reference.join("design/dsl-examples/activity.asl.json")) else {
        println!("SKIPPED: no reference data");
        return;
    };
    let without_comment = |value: &Value| Value::from(value.as_object().unwrap().without("Comment"));
    let document = label_image::definition().unwrap().document().clone();
    assert_eq!(without_comment(&document), without_comment(&Value::parse(&text).unwrap()));
}
