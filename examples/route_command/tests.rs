//! Body and document agree on every command.

use sfn::Value;
use sfn::executor::Executor;

use super::*;

fn refund_of(cents: u32, note: Option<&str>) -> Cmd {
    Cmd::Refund { cents, note: note.map(str::to_owned) }
}

#[tokio::test]
async fn each_command_goes_its_way() {
    let cases: Vec<(Cmd, &str, &[&str])> = vec![
        (refund_of(50_001, None), "escalated", &["match cmd", "Escalate"]),
        (refund_of(50_000, None), "refunded 500", &["match cmd", "Refund"]),
        (refund_of(199, Some("late")), "refunded 1", &["match cmd", "Refund"]),
        (Cmd::Resize { w: 640, h: 480 }, "area=307200", &["match cmd", "Return"]),
        (Cmd::Ping, "pong", &["match cmd", "Return"]),
    ];
    for (cmd, expected, path) in cases {
        let run = desk().run(route, cmd).await;
        assert_eq!(run.assert_succeeded(), expected);
        run.assert_path(path.iter().copied());
    }
}

#[tokio::test]
async fn the_largest_picture_overflows_nothing() {
    let run = desk().run(route, Cmd::Resize { w: u16::MAX, h: u16::MAX }).await;
    assert_eq!(run.assert_succeeded(), "area=4294836225");
}

#[tokio::test]
async fn a_refund_without_a_note_has_none() {
    for (note, expected) in [(None, "none"), (Some("late"), "late"), (Some(""), "")] {
        let env = desk().mock(refund, move |(_, note)| {
            assert_eq!(note, expected);
            Ok(())
        });
        env.run(route, refund_of(1, note)).await.assert_succeeded();
    }
}

#[tokio::test]
async fn a_task_that_fails_ends_the_workflow() {
    let broken = || Err(sfn::Error::new("Broken", "the desk is closed"));
    desk().mock(escalate, move |_| broken()).run(route, refund_of(60_000, None)).await.assert_failed("Broken");
    desk().mock(refund, move |_| broken()).run(route, refund_of(1, None)).await.assert_failed("Broken");
}

/// A value outside of the type: the body cannot have it, the document says what it was.
#[tokio::test]
async fn an_unknown_command_is_refused() {
    let executor = Executor::builder().build();
    let definition = route::definition().unwrap();
    let execution = executor.start_document(&definition, Value::parse(r#"{"kind":"dance"}"#).unwrap()).await.unwrap();
    let ended = execution.ended().await;
    let text = format!("{ended:?}");
    assert!(text.contains("Sfn.UnknownVariant") && text.contains("dance"), "{text}");
}

#[tokio::test]
async fn the_program_runs() {
    run().await.unwrap();
}
