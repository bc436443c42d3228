//! The kit itself: what it accepts, what it measures, and that it tells body and document apart.

use std::sync::Arc;
use std::time::Duration;

use sfn_asl::Value;

use super::{After, after, env, hours, never, secs};
use crate::lower::Machine;
use crate::prelude::*;
use crate::task::{BoxFuture, Dispatch, Error, Pause, Run, TaskCall};

#[derive(SfnError, Clone, Debug, PartialEq)]
enum Failed {
    #[sfn(name = "Wallet.Empty")]
    Empty {
        missing: u32,
        note: Option<String>,
    },
    Whole(Vec<String>),
    Busy,
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Begin", timeout = "30s")]
async fn begin(name: String) -> Result<String, Error>;

#[task(lambda = "pay", timeout = "1m", retry(on = [Failed::Busy, Failed::Slow], max = 2, interval = "5s", cap = "8s"))]
async fn pay(name: String, amount: Option<u32>) -> Result<u32, Failed>;

#[task(lambda = "Revert", retry(on = ["States.ALL"], max = 1, interval = "10s"))]
async fn revert(name: String) -> Result<(), Error>;

#[task(callback, lambda = "Beat", heartbeat = "20s", timeout = "40s")]
async fn beat(token: TaskToken) -> Result<(), Failed>;

#[task(lambda = "Double")]
async fn double(number: u32) -> Result<u32, Error> {
    Ok(number * 2)
}

#[state_machine(timeout = "1h")]
async fn purchase(name: String) -> Result<(String, u32), Error> {
    let begun = begin(name).undo(|begun| revert(begun)).await?;
    let paid = pay(begun, SOME).undo(|_| beat()).await?;
    let doubled = double(paid).await?;
    Ok((name, doubled))
}

const SOME: Option<u32> = Some(3);

#[state_machine]
async fn beats(_: ()) -> Result<(), Failed> {
    beat().await
}

fn shop() -> super::Env {
    env().mock(begin, |name| Ok(format!("{name}-1"))).mock(pay, |(_, amount)| Ok(amount.unwrap_or(0))).real(double)
}

fn empty() -> Failed {
    Failed::Empty { missing: 2, note: None }
}

#[tokio::test]
async fn a_good_run() {
    let run = shop().run(purchase, "ann".to_string()).await;
    assert_eq!(run.assert_succeeded(), &("ann".to_string(), 6));
    run.assert_calls(begin, 1).assert_calls(double, 1).assert_calls(revert, 0).assert_path(["Begin", "Pay", "Double"]);
    assert_eq!(run.elapsed(), Duration::ZERO);
    assert!(run.called(pay) && !run.called(revert) && !run.failed());
}

#[tokio::test]
async fn a_failure_is_compensated_and_keeps_its_name_and_cause() {
    let run = shop()
        .mock(pay, |_| after(secs(7), Err(empty())))
        .mock(revert, |name| {
            assert_eq!(name, "ann-1");
            Ok(())
        })
        .run(purchase, "ann".to_string())
        .await;
    run.assert_failed("Wallet.Empty").assert_calls(pay, 1).assert_calls(revert, 1);
    run.assert_path(["Begin", "Pay", "Undo Begin", "Fail"]);
    assert_eq!(run.elapsed(), secs(7));
    let Err(super::Ended::Failed(error)) = run.result() else { panic!("it failed") };
    assert_eq!(error.message(), r#"{"missing":2,"note":null}"#);
}

#[tokio::test]
async fn retries_wait_as_the_policy_says() {
    let mut attempt = 0;
    let run = shop()
        .mock(pay, move |_| {
            attempt += 1;
            if attempt < 3 { after(secs(1), Err(Failed::Busy)) } else { after(secs(1), Ok(4)) }
        })
        .run(purchase, "ann".to_string())
        .await;
    assert_eq!(run.assert_succeeded().1, 8);
    // 1 s, 5 s of delay, 1 s, 8 s (10 s capped), 1 s
    assert_eq!(run.elapsed(), secs(16));
    let at: Vec<_> = run.calls().iter().filter(|call| call.task == "pay").map(|call| call.at).collect();
    assert_eq!(at, [secs(0), secs(6), secs(15)]);
}

#[tokio::test]
async fn timeouts_are_retried_and_end_in_states_timeout() {
    let run = shop().mock(pay, |_| never()).mock(revert, |_| Ok(())).run(purchase, "ann".to_string()).await;
    run.assert_failed("States.Timeout").assert_calls(pay, 3).assert_calls(revert, 1);
    assert_eq!(run.elapsed(), secs(60 + 5 + 60 + 8 + 60));
}

#[tokio::test]
async fn an_answer_at_the_moment_of_the_timeout_is_too_late() {
    let env = || shop().mock(revert, |_| Ok(()));
    let late = env().mock(begin, |name| after(secs(30), Ok(name))).run(purchase, "ann".to_string()).await;
    late.assert_failed("States.Timeout").assert_path(["Begin"]);
    let just = env().mock(begin, |name| after(Duration::from_millis(29_999), Ok(name)));
    let just = just.run(purchase, "ann".to_string()).await;
    just.assert_succeeded();
    assert_eq!(just.elapsed(), Duration::from_millis(29_999));
}

#[tokio::test]
async fn a_failed_compensation_is_retried_then_passed_over() {
    let run = shop()
        .mock(double, |_| Err(Error::new("Broken", "text")))
        .mock(beat, |()| after(secs(2), Ok(())))
        .mock(revert, |_| after(secs(1), Err(Error::new("Gone", ""))))
        .run(purchase, "ann".to_string())
        .await;
    run.assert_failed("Broken").assert_calls(revert, 2).assert_calls(beat, 1);
    run.assert_path(["Begin", "Pay", "Double", "Undo Pay", "Undo Begin", "Fail"]);
    assert_eq!(run.elapsed(), secs(2 + 1 + 10 + 1));
}

#[tokio::test]
async fn the_machine_times_out_wherever_it_stands() {
    let forever = shop().mock(begin, |_| after(secs(29), Ok("b".to_string()))).mock(double, |_| never());
    let run = forever.run(purchase, "ann".to_string()).await;
    run.assert_timed_out().assert_calls(revert, 0);
    assert_eq!(run.elapsed(), hours(1));
}

#[tokio::test]
async fn heartbeats_come_as_the_mock_says() {
    type Mocked = fn() -> After<Result<(), Failed>>;
    let cases: [(Mocked, Option<&str>, u64); 6] = [
        (|| after(secs(25), Ok(())), None, 25),
        (|| after(secs(19), Ok(())).silent(), None, 19),
        (|| after(secs(25), Ok(())).silent(), Some("States.Timeout"), 20),
        (|| after(secs(25), Ok(())).beating(secs(7)), None, 25),
        (|| after(secs(35), Ok(())).beating(secs(21)), Some("States.Timeout"), 20),
        (|| after(secs(41), Ok(())), Some("States.Timeout"), 40),
    ];
    for (answer, error, elapsed) in cases {
        let run = env().mock(beat, move |()| answer()).run(beats, ()).await;
        match error {
            None => drop(run.assert_succeeded()),
            Some(error) => drop(run.assert_failed(error)),
        }
        assert_eq!(run.elapsed(), secs(elapsed), "{:?}", answer());
    }
    for (answer, elapsed) in [(never(), 20), (never().beating(secs(5)), 40)] {
        let run = env().mock(beat, move |()| answer).run(beats, ()).await;
        run.assert_failed("States.Timeout");
        assert_eq!(run.elapsed(), secs(elapsed), "{answer:?}");
    }
}

#[tokio::test]
async fn every_form_of_error_arrives() {
    type Raised = fn() -> Failed;
    let cases: [(Raised, &str, &str); 5] = [
        (empty, "Wallet.Empty", r#"{"missing":2,"note":null}"#),
        (|| Failed::Whole(vec!["a".to_string()]), "Whole", r#"["a"]"#),
        (|| Failed::Busy, "Busy", ""),
        (|| Failed::Slow, "States.Timeout", ""),
        (|| Failed::Other(Error::new("Else", "plain text")), "Else", "plain text"),
    ];
    for (error, name, message) in cases {
        let run = env().mock(beat, move |()| Err(error())).run(beats, ()).await;
        run.assert_failed(name);
        let Err(super::Ended::Failed(failure)) = run.result() else { panic!("it failed") };
        assert_eq!(failure.message(), message, "{name}");
    }
}

#[tokio::test]
#[should_panic(expected = "no mock for the task `begin`")]
async fn a_task_without_a_mock_is_named() {
    env().run(purchase, "ann".to_string()).await;
}

#[tokio::test]
#[should_panic(expected = "never answers, and neither the task nor the machine has a timeout")]
async fn waiting_for_ever_is_refused() {
    #[state_machine(test = false)]
    async fn doubles(number: u32) -> Result<u32, Error> {
        double(number).await
    }
    env().mock(double, |_| never()).run(doubles, 1).await;
}

#[tokio::test]
#[should_panic(expected = "`purchase` should fail with `Other`, but it succeeded")]
async fn assertions_say_what_was() {
    shop().run(purchase, "ann".to_string()).await.assert_failed("Other");
}

/// A machine whose document is that of another body.
mod lying {
    use super::*;
    use crate::__private::{BoxFuture, Call, Machine, Run, Signature, Witness, syntax};

    pub(super) struct Liar;

    impl Signature for Liar {
        type Parameters = String;
        type Returned = Result<(String, u32), Error>;
        const FUNCTION: &'static str = "liar";
    }

    impl Machine for Liar {
        const SYNTAX: syntax::Function = <purchase as Machine>::SYNTAX;

        fn witness(witness: &mut Witness) {
            purchase::witness(witness);
        }

        fn body(run: Run, input: String) -> BoxFuture<Result<(String, u32), Error>> {
            <other as Machine>::body(run, input)
        }
    }

    pub(super) fn liar(input: String) -> Call<Liar> {
        Call::new(input)
    }

    #[state_machine]
    async fn other(name: String) -> Result<(String, u32), Error> {
        let begun = begin(name).await?;
        let paid = pay(begun, SOME).await?;
        let doubled = double(paid).await?;
        Ok((name, doubled))
    }
}

#[tokio::test]
async fn agrees_where_the_difference_does_not_show() {
    shop().run(lying::liar, "ann".to_string()).await.assert_succeeded();
}

#[tokio::test]
#[should_panic(expected = "body and document of `liar` do not agree: calls")]
async fn tells_body_and_document_apart() {
    shop().mock(pay, |_| Err(empty())).mock(revert, |_| Ok(())).run(lying::liar, "ann".to_string()).await;
}

// The body as a future

/// Answers every call with its payload.
struct Echo;

impl Dispatch for Echo {
    fn call(&self, call: TaskCall) -> BoxFuture<Result<Value, Error>> {
        Box::pin(async move { Ok(call.payload) })
    }

    fn pause(&self, _pause: Pause) -> BoxFuture<()> {
        Box::pin(async {})
    }
}

/// Whatever the machine is, its body runs on another thread.
fn spawned<M: Machine>(input: M::Parameters) -> tokio::task::JoinHandle<M::Returned> {
    tokio::spawn(M::body(Run::new(Arc::new(Echo)), input))
}

#[state_machine]
async fn echoes(name: String) -> Result<String, Error> {
    let first = begin(name).undo(|name| revert(name)).await?;
    let mut text = first;
    for count in 0..2 {
        sleep(secs(count)).await;
        text = begin(format!("{text}{count}")).await?;
    }
    begin(text).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_body_is_sent_to_another_thread() {
    assert_eq!(spawned::<echoes>("n".to_owned()).await.unwrap().unwrap(), "n01");
}
