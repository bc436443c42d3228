//! The workflows of the table, run: body and document agree on what they do, also where members are missing.

use super::*;
use crate::testing::{Env, env};

fn trip(note: Option<&str>) -> Trip {
    Trip {
        trip_id: "t1".into(),
        city: "Rome".into(),
        traveller: Traveller { full_name: "Ann B".into(), age: None, id: Passport("p9".into()) },
        note: note.map(str::to_owned),
        stars: 4,
        tags: vec![],
    }
}

/// Answers that tell their input apart.
fn world() -> Env {
    env()
        .mock(flight, |trip: Trip| {
            Ok(Booking { code: format!("F{}", trip.trip_id), price: (trip.stars.into(), "EUR".into()) })
        })
        .mock(hotel, |(city, stars)| Ok(Booking { code: format!("H{city}{stars}"), price: (7, String::new()) }))
        .mock(ask_price, |ask: Ask| {
            let code = format!("{} {:?} {} {} {}", ask.who, ask.note, ask.limit, ask.exact, ask.currency);
            Ok(Some(Booking { code, price: (1, "x".into()) }))
        })
        .mock(tick, |()| Ok(()))
        .mock(cancel, |_| Ok(()))
        .mock(note, |text: Option<String>| Ok(text.unwrap_or_else(|| "none".into())))
        .mock(pay, |_| Ok(()))
        .mock(once, |text: String| Ok(format!("{text}!")))
        .mock(both_of, |(names, bytes): (Vec<String>, Option<Vec<u8>>)| Ok(format!("{names:?} {bytes:?}")))
}

#[tokio::test]
async fn straight_lines() {
    let trips = || [trip(None), trip(Some("a note")), Trip { tags: vec!["x".into()], ..trip(None) }];
    for trip in trips() {
        let env = world();
        env.run(no_task, trip.clone()).await.assert_succeeded();
        let run = env.run(no_task_with_let, trip.clone()).await;
        assert_eq!(run.assert_succeeded(), &(trip.traveller.full_name.clone(), trip.tags.clone()));
        env.run(result_directly, trip.clone()).await.assert_succeeded();
        assert_eq!(env.run(early_return, trip.clone()).await.assert_succeeded(), "Ft1");
        assert_eq!(env.run(unused_result, trip.clone()).await.assert_succeeded(), "t1");
        assert_eq!(env.run(missing_members, trip.clone()).await.assert_succeeded(), &trip.note);
        let run = env.run(struct_with_optional_member, trip.clone()).await;
        let code = run.assert_succeeded().as_ref().unwrap().code.clone();
        let who = trip.note.clone().unwrap_or_else(|| "none".into());
        assert_eq!(code, format!("{who} {:?} -7 true EUR", trip.note));
        assert_eq!(env.run(nested_calls, trip.clone()).await.assert_succeeded(), "Ft1!");
        assert_eq!(env.run(lets_between, trip.clone()).await.assert_succeeded(), &("Ft1".to_owned(), 4));
        assert_eq!(env.run(shadowed, trip.clone()).await.assert_succeeded(), "Ft1!!");
        env.run(awkward_names, trip.clone()).await.assert_succeeded();
        env.run(several_undos, trip.clone()).await.assert_succeeded();
        env.run(undo_of_the_last_call, trip.clone()).await.assert_succeeded();
        env.run(undo_reads_the_input, trip.clone()).await.assert_succeeded();
    }
    world().run(nothing_returned, ()).await.assert_succeeded();
    world().run(constant_output, ()).await.assert_succeeded();
}

#[tokio::test]
async fn lists_keep_their_shape() {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let cases = [
        (texts(&[]), None),
        (texts(&["a"]), None),
        (texts(&["a", "b"]), Some(vec![])),
        (texts(&[]), Some(vec![1])),
        (texts(&["a"]), Some(vec![1, 2])),
    ];
    for (names, bytes) in cases {
        let run = world().run(tuples, (names.clone(), bytes.clone())).await;
        let ask = run.assert_succeeded();
        assert_eq!(ask.who, format!("{names:?} {bytes:?}"));
        assert_eq!((ask.limit, ask.currency.as_str()), (9, "{% x %}"));
    }
}

#[tokio::test]
async fn failures() {
    let broken = || Error::new("Broken", "by intent");
    // Each task in turn fails at its n-th call; whatever follows, body and document do the same.
    for nth in 1..=3 {
        let mut left = nth;
        let mut tick_fails = move || {
            left -= 1;
            left == 0
        };
        let env = world().mock(tick, move |()| if tick_fails() { Err(broken()) } else { Ok(()) });
        let run = env.run(several_undos, trip(None)).await;
        if nth == 1 {
            run.assert_failed("Broken").assert_calls(cancel, 2);
            run.assert_path(["Flight", "Hotel", "Pay", "Tick", "Undo Pay", "Undo Hotel", "Undo Flight", "Fail"]);
        } else {
            run.assert_succeeded();
        }
        let mut left = nth;
        let env = world().mock(once, move |text| {
            left -= 1;
            if left == 0 { Err(broken()) } else { Ok(text) }
        });
        let run = env.run(awkward_names, trip(None)).await;
        run.assert_failed("Broken").assert_calls(cancel, usize::from(nth == 3));
    }
    let run = world()
        .mock(hotel, move |_| Err(broken()))
        .mock(cancel, move |_| Err(broken()))
        .run(several_undos, trip(None))
        .await;
    run.assert_failed("Broken").assert_path(["Flight", "Hotel", "Undo Flight", "Fail"]);
    let refused = || BookError::Refused { reason: "no \"seat\"".into() };
    let run = world().mock(flight, move |_| Err(refused())).run(result_directly, trip(None)).await;
    run.assert_failed("Book.Refused");
    let mut first = true;
    let env = world().mock(tick, move |()| if std::mem::take(&mut first) { Ok(()) } else { Err(broken()) });
    for text in [None, Some("n")] {
        let run = env.run(undo_reads_the_input, trip(text)).await;
        run.assert_failed("Broken");
    }
}

/// What serde reads a missing member as, the document reads, too.
#[tokio::test]
async fn members_that_a_caller_leaves_out() {
    use crate::executor::{Executor, VirtualClock};
    let echo = |payload: Value, _| async move { Ok(payload) };
    let executor =
        Executor::builder().clock(VirtualClock::new()).function("Hotel", echo).function("Note", echo).build();
    let traveller = r#""traveller": {"full-name": "Ann", "id": "p"}"#;
    let cases: &[(Made, String, &str)] = &[
        (no_task_with_let::definition, format!(r#"{{{traveller}}}"#), r#"["Ann", []]"#),
        (no_task_with_let::definition, format!(r#"{{{traveller}, "tags": ["a"]}}"#), r#"["Ann", ["a"]]"#),
        (missing_members::definition, "{}".to_owned(), "null"),
        (missing_members::definition, r#"{"note": null}"#.to_owned(), "null"),
        (missing_members::definition, r#"{"note": "n"}"#.to_owned(), r#""n""#),
        (stars::definition, r#"{"to": "Rome"}"#.to_owned(), r#"{"city": "Rome", "stars": 3}"#),
        (stars::definition, r#"{"to": "Rome", "stars": 5}"#.to_owned(), r#"{"city": "Rome", "stars": 5}"#),
    ];
    for (definition, input, expected) in cases {
        let input = Value::parse(input).unwrap();
        let execution = executor.start_document(&definition().unwrap(), input.clone()).await.unwrap();
        assert_eq!(execution.output().await, Ok(Value::parse(expected).unwrap()), "{input}");
    }
    executor.shutdown().await;
}

#[state_machine]
async fn stars(trip: Trip) -> Result<Booking, Error> {
    hotel(trip.city, trip.stars).await
}
