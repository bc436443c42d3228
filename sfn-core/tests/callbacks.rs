//! Tokens: delivered by the executor, answered through the same API as AWS's.
#![cfg(feature = "macros")]

use sfn_core::asl::value::Value;
use sfn_core::client::{ClientError, SfnClient};
use sfn_core::executor::{Clock, ExecutionError, Executor, VirtualClock};
use sfn_core::prelude::*;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

#[derive(SfnError, Clone, Debug, PartialEq)]
enum AskError {
    #[sfn(name = "Ask.Refused")]
    Refused { by: String },
    #[sfn(timeout)]
    Expired,
    #[sfn(other)]
    Other(Error),
}

#[task(callback, sqs = "QueueUrl", timeout = "1d", heartbeat = "1h")]
async fn ask(cents: u32, token: TaskToken) -> Result<bool, AskError>;
#[task(callback, sns = "QueueTopic", timeout = "1d")]
async fn ask_again(token: TaskToken) -> Result<bool, AskError>;

#[state_machine]
async fn asks(cents: u32) -> Result<String, Error> {
    match ask(cents).await {
        Ok(yes) => Ok(format!("{yes}")),
        Err(AskError::Refused { by }) => Ok(format!("refused by {by}")),
        Err(AskError::Expired) => Ok("expired".to_string()),
        Err(e) => Err(e.into()),
    }
}

#[state_machine]
async fn asks_twice(cents: u32) -> Result<bool, Error> {
    let one = ask(cents).await?;
    let two = ask_again().await?;
    Ok(one && two)
}

type Messages = UnboundedReceiver<(u32, TaskToken)>;

fn executor() -> (Executor, VirtualClock, Messages) {
    let (sender, messages) = unbounded_channel();
    let clock = VirtualClock::new();
    let builder = Executor::builder().clock(clock.clone()).seed(1).machine(asks);
    let executor = builder.callback(ask, move |cents, token| {
        let sent = sender.send((cents, token)).map_err(|_| Error::new("QueueGone", ""));
        async move { sent }
    });
    let executor = executor.task(ask_again, |(), context| async move { Ok(context.token().is_some()) });
    (executor.build(), clock, messages)
}

#[tokio::test]
async fn each_answer_arrives() {
    let (executor, clock, mut messages) = executor();
    for (case, expected) in ["ok", "err", "other", "silent"].into_iter().zip(["true", "refused by Ann", "", "expired"])
    {
        // Nothing times out before the message is read.
        let hold = clock.hold();
        let execution = executor.start(asks, 7).await.expect("it starts");
        let (cents, token) = messages.recv().await.expect("a message");
        assert_eq!(cents, 7);
        let callback = sfn_core::callback::<ask>(&executor, token.clone());
        match case {
            "ok" => callback.ok(true).await.expect("somebody waits"),
            "err" => callback.err(AskError::Refused { by: "Ann".to_string() }).await.expect("somebody waits"),
            "other" => callback.err(AskError::Other(Error::new("Else", "text"))).await.expect("somebody waits"),
            _ => callback.heartbeat().await.expect("somebody waits"),
        }
        drop(hold);
        match execution.result().await {
            Ok(text) => assert_eq!(text, expected, "{case}"),
            Err(ExecutionError::Failed(error)) => assert_eq!((error.error.as_str(), case), ("Else", "other")),
            Err(other) => panic!("{other}"),
        }
        let late = sfn_core::callback::<ask>(&executor, token).ok(false).await;
        assert_eq!(late, Err(ClientError::UnknownTask), "{case}");
    }
    executor.shutdown().await;
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum Bare {
    Refused,
    #[sfn(timeout)]
    Expired,
    #[sfn(other)]
    Other(Error),
}

#[task(callback, sqs = "QueueUrl", timeout = "1d")]
async fn ask_barely(cents: u32, token: TaskToken) -> Result<bool, Bare>;
#[task(lambda = "Forget")]
async fn forget(cents: u32) -> Result<(), Error>;
#[task(lambda = "Note", timeout = "1m")]
async fn note(cents: u32) -> Result<u32, Bare>;

#[state_machine]
async fn asks_barely(cents: u32) -> Result<bool, Bare> {
    let noted = note(cents).undo(|cents| forget(cents)).await?;
    match ask_barely(noted).await {
        Ok(yes) => Ok(yes),
        Err(Bare::Expired) => Ok(false),
        Err(e) => Err(e),
    }
}

#[tokio::test]
async fn an_error_without_a_cause_is_passed_on() {
    let errors = [Bare::Refused, Bare::Other(Error::new("Else", "")), Bare::Expired];
    for (error, name) in errors.clone().into_iter().zip(["Refused", "Else", ""]) {
        let env = sfn_core::testing::env().mock(note, Ok).mock(forget, |_| Ok(()));
        let run = env.mock(ask_barely, move |_| Err(error.clone())).run(asks_barely, 5).await;
        match name {
            "" => drop(run.assert_succeeded()),
            name => drop(run.assert_failed(name).assert_calls(forget, 1)),
        }
    }
    // A mock may name the timeout, too, without any time that passes.
    let env = sfn_core::testing::env().mock(note, |_| Err(Bare::Expired)).mock(forget, |_| Ok(()));
    env.run(asks_barely, 5).await.assert_failed("States.Timeout");
    // The same through a token.
    let (sender, mut messages) = unbounded_channel();
    let clock = VirtualClock::new();
    let builder = Executor::builder().clock(clock.clone()).task(note, |cents, _| async move { Ok(cents) });
    let builder = builder.task(forget, |_, _| async move { Ok(()) });
    let builder = builder.callback(ask_barely, move |_, token| {
        let sent = sender.send(token).map_err(|_| Error::new("QueueGone", ""));
        async move { sent }
    });
    let executor = builder.build();
    for (error, name) in errors.into_iter().zip(["Refused", "Else"]) {
        let hold = clock.hold();
        let execution = executor.start(asks_barely, 5).await.expect("it starts");
        let token = messages.recv().await.expect("a message");
        sfn_core::callback::<ask_barely>(&executor, token).err(error).await.expect("somebody waits");
        drop(hold);
        let Err(ExecutionError::Failed(failure)) = execution.result().await else { panic!("it fails") };
        assert_eq!(failure.error, name);
    }
    executor.shutdown().await;
}

#[tokio::test]
async fn heartbeats_keep_a_task_alive() {
    let (executor, clock, mut messages) = executor();
    let hold = clock.hold();
    let execution = executor.start(asks, 7).await.expect("it starts");
    let (_, token) = messages.recv().await.expect("a message");
    let mut hold = hold;
    for _ in 0..10 {
        let timer = clock.sleep_until(clock.now() + 50 * 60_000);
        drop(hold);
        hold = timer.await;
        sfn_core::callback::<ask>(&executor, token.clone()).heartbeat().await.expect("somebody waits");
    }
    sfn_core::callback::<ask>(&executor, token).ok(false).await.expect("somebody waits");
    drop(hold);
    assert_eq!(execution.result().await, Ok("false".to_string()));
    let times: Vec<_> = execution.history().iter().map(|event| event.timestamp).collect();
    assert_eq!(times.last().zip(times.first()).map(|(last, first)| last - first), Some(500 * 60_000));
    executor.shutdown().await;
}

#[tokio::test]
async fn a_handler_answers_itself_and_a_message_that_cannot_be_delivered_fails() {
    let (executor, clock, mut messages) = executor();
    let hold = clock.hold();
    let execution = executor.start(asks_twice, 7).await.expect("it starts");
    let (_, token) = messages.recv().await.expect("a message");
    sfn_core::callback::<ask>(&executor, token).ok(true).await.expect("somebody waits");
    drop(hold);
    assert_eq!(execution.result().await, Ok(true));
    drop(messages);
    let execution = executor.start(asks_twice, 7).await.expect("it starts");
    let Err(ExecutionError::Failed(error)) = execution.result().await else { panic!("it fails") };
    assert_eq!(error.error, "QueueGone");
    executor.shutdown().await;
}

#[tokio::test]
async fn clients_start_machines_that_are_registered() {
    let (executor, clock, mut messages) = executor();
    for name in ["asks", "Asks", "arn:aws:states:eu-west-1:123456789012:stateMachine:Asks"] {
        let hold = clock.hold();
        let arn = executor.start_execution(name, None, Value::from(3)).await.expect("it starts");
        assert!(arn.contains(":execution:asks:"), "{arn}");
        let (cents, token) = messages.recv().await.expect("a message");
        assert_eq!(cents, 3);
        sfn_core::callback::<ask>(&executor, token).ok(true).await.expect("somebody waits");
        drop(hold);
    }
    let unknown = executor.start_execution("other", None, Value::Null).await;
    assert_eq!(unknown, Err(ClientError::NotFound("other".to_string())));
    executor.shutdown().await;
}
