//! What a body asks of the result of a call: guards, fields, `if let`, `let else`. Body and document agree.

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;
use sfn_core::testing::{Env, env, never};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind")]
enum Why {
    Limit { cents: u32 },
    Stolen,
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined {
        reason: String,
        retry: Option<bool>,
    },
    Limit(u32),
    Because(Why),
    RateLimited,
    Broken,
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum ShopError {
    RateLimited,
    #[sfn(other)]
    Other(Error),
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
enum Paid {
    Card(String),
    Cash,
}

#[task(lambda = "Pay", timeout = "10s")]
async fn pay(id: String) -> Result<Paid, PayError>;
#[task(lambda = "Plain", timeout = "10s")]
async fn plain(id: String) -> Result<String, Error>;
#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;

/// Every arm that an enum can have.
#[state_machine]
async fn guarded(id: String) -> Result<String, Error> {
    let limit = 5u32;
    match pay(id).await {
        Ok(Paid::Card(number)) if number.is_empty() => Ok("no number".to_string()),
        Ok(Paid::Card(number)) => Ok(number),
        Ok(Paid::Cash) => say("cash".to_string()).await,
        Err(PayError::Declined { reason, .. }) if reason == "limit" => Ok("limit".to_string()),
        Err(PayError::Declined { retry: Some(true), reason }) => say(format!("again: {reason}")).await,
        Err(PayError::Limit(7)) => Ok("seven".to_string()),
        Err(PayError::Limit(cents)) if cents > limit => Err(Error::new("TooMuch", format!("{cents}"))),
        Err(PayError::Because(Why::Limit { cents })) if cents > limit => Ok(format!("because of {cents}")),
        Err(PayError::Because(Why::Stolen)) => Ok("stolen".to_string()),
        Err(PayError::RateLimited | PayError::Slow) if id == "patient" => say("later".to_string()).await,
        Err(PayError::Slow) => Ok("slow".to_string()),
        Err(PayError::Other(e)) if e.error == "Known" => Ok(e.cause),
        Err(PayError::Other(e)) => Err(e),
        Err(e) => Err(e.into()),
    }
}

/// Errors without variants.
#[state_machine]
async fn plain_errors(id: String) -> Result<String, Error> {
    match plain(id).await {
        Ok(text) => Ok(text),
        Err(e) if e.error == "States.Timeout" => say(format!("late: {e}")).await,
        Err(Error { error, cause }) if error == "Known" => say(cause).await,
        Err(e) if e.cause.contains("give up") => fail!("GaveUp", "{e}"),
        Err(e) => Err(e),
    }
}

#[state_machine]
async fn wildcards(id: String) -> Result<String, ShopError> {
    match pay(id).await {
        Ok(Paid::Card(number)) => Ok(number),
        Err(PayError::Limit(_)) => Ok("limit".to_string()),
        Err(PayError::RateLimited) => Err(ShopError::RateLimited),
        _ => Ok(say("other".to_string()).await?),
    }
}

#[state_machine]
async fn if_lets(id: String) -> Result<(String, String, String), Error> {
    let mut first = "none".to_string();
    if let Ok(Paid::Card(number)) = pay(id).await {
        first = say(number).await?;
    } else {
        say("no card".to_string()).await?;
    }
    let mut second = "good".to_string();
    if let Err(PayError::Declined { reason, .. }) = pay(id).await {
        second = reason;
    }
    let third = if let Err(e) = plain(id).await { e.error } else { "fine".to_string() };
    Ok((first, second, third))
}

#[state_machine]
async fn let_elses(id: String) -> Result<String, Error> {
    let Ok(paid) = pay(id).await else {
        return say("not paid".to_string()).await;
    };
    let Err(e) = plain(id).await else { fail!("NoError", "{id}") };
    match paid {
        Paid::Card(number) => Ok(format!("{number} {}", e.error)),
        Paid::Cash => Err(e),
    }
}

#[state_machine]
async fn while_let(id: String) -> Result<u32, Error> {
    let mut rounds = 0u32;
    while let Ok(Paid::Card(number)) = pay(id).await {
        say(number).await?;
        rounds += 1;
    }
    Ok(rounds)
}

type Answer = Result<Paid, PayError>;

fn shop(answer: impl Fn() -> Answer + Send + 'static) -> Env {
    env().mock(pay, move |_| answer()).mock(say, |text| Ok(format!("<{text}>")))
}

fn answers() -> Vec<fn() -> Answer> {
    fn declined(reason: &str, retry: Option<bool>) -> Answer {
        Err(PayError::Declined { reason: reason.into(), retry })
    }
    fn raw(name: &str, cause: &str) -> Answer {
        Err(PayError::Other(Error::new(name, cause)))
    }
    vec![
        || Ok(Paid::Card("4711".into())),
        || Ok(Paid::Card(String::new())),
        || Ok(Paid::Cash),
        || declined("limit", None),
        || declined("other", Some(true)),
        || declined("other", Some(false)),
        || declined("other", None),
        || Err(PayError::Limit(7)),
        || Err(PayError::Limit(6)),
        || Err(PayError::Limit(5)),
        || Err(PayError::Because(Why::Limit { cents: 6 })),
        || Err(PayError::Because(Why::Limit { cents: 5 })),
        || Err(PayError::Because(Why::Stolen)),
        || Err(PayError::RateLimited),
        || Err(PayError::Broken),
        || raw("Known", "text"),
        || raw("Unknown", "text"),
        || raw("CardDeclined", "a plain text"),
        || raw("CardDeclined", "{\"why\":\"no reason\"}"),
        || raw("Limit", "no number"),
        || raw("States.TaskFailed", "{\"errorMessage\":\"x\"}"),
    ]
}

#[tokio::test]
async fn every_answer_is_taken_the_same_way() {
    for id in ["patient", "other"] {
        for answer in answers() {
            let env = shop(answer).mock(plain, |id| match id.as_str() {
                "patient" => Ok("fine".into()),
                _ => Err(Error::new("Plain", "why")),
            });
            env.run(guarded, id.to_owned()).await;
            env.run(wildcards, id.to_owned()).await;
            env.run(if_lets, id.to_owned()).await;
            env.run(let_elses, id.to_owned()).await;
        }
    }
    for id in ["patient", "other"] {
        let env = env().mock(pay, |_| never()).mock(say, |text| Ok(format!("<{text}>"))).mock(plain, |_| never());
        env.run(guarded, id.to_owned()).await.assert_succeeded();
        env.run(wildcards, id.to_owned()).await.assert_succeeded();
        env.run(if_lets, id.to_owned()).await.assert_succeeded();
        env.run(let_elses, id.to_owned()).await.assert_succeeded();
        env.run(plain_errors, id.to_owned()).await.assert_succeeded();
    }
}

#[tokio::test]
async fn the_first_arm_that_holds_is_taken() {
    let expected: Vec<Result<&str, &str>> = vec![
        Ok("4711"),
        Ok("no number"),
        Ok("<cash>"),
        Ok("limit"),
        Ok("<again: other>"),
        Err("CardDeclined"),
        Err("CardDeclined"),
        Ok("seven"),
        Err("TooMuch"),
        Err("Limit"),
        Ok("because of 6"),
        Err("Because"),
        Ok("stolen"),
        Err("RateLimited"),
        Err("Broken"),
        Ok("text"),
        Err("Unknown"),
        Err("CardDeclined"),
        Err("CardDeclined"),
        Err("Limit"),
        Err("States.TaskFailed"),
    ];
    assert_eq!(answers().len(), expected.len());
    for (answer, expected) in answers().into_iter().zip(expected) {
        let run = shop(answer).run(guarded, "x".to_owned()).await;
        match expected {
            // The cause that a Lambda function gives is the envelope around its text.
            Ok("text") => assert!(run.assert_succeeded().contains("\"errorMessage\":\"text\"")),
            Ok(text) => assert_eq!(run.assert_succeeded(), text),
            Err(name) => drop(run.assert_failed(name)),
        }
    }
    let plain_answers: Vec<(&str, &str, Result<&str, &str>)> = vec![
        ("Known", "cause", Ok("<cause>")),
        ("Other", "we give up", Err("GaveUp")),
        ("Other", "cause", Err("Other")),
    ];
    for (name, cause, expected) in plain_answers {
        let env = shop(|| Ok(Paid::Cash)).mock(plain, move |_| Err(Error::new(name, cause)));
        let run = env.run(plain_errors, "x".to_owned()).await;
        match expected {
            Ok(text) => assert!(run.assert_succeeded().contains(text.trim_matches(['<', '>']))),
            Err(name) => drop(run.assert_failed(name)),
        }
    }
    let mut left = 3;
    let counted = env().mock(say, Ok).mock(pay, move |_| {
        left -= 1;
        Ok(if left == 0 { Paid::Cash } else { Paid::Card("1".into()) })
    });
    assert_eq!(counted.run(while_let, "x".to_owned()).await.assert_succeeded(), &2);
}

/// One state for each arm: no arm is written twice, however many errors lead to it.
#[test]
fn states() {
    let names = |document: &sfn_core::Value| {
        let states = document.get("States").and_then(sfn_core::Value::as_object).unwrap();
        states.keys().map(|name| name.to_string()).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(
        names(guarded::definition().unwrap().document()),
        "Pay, match paid, is Declined, match Declined, is Limit, match Limit, is Because, match Because, match RateLimited, Say, match Slow, match err, Say #2, Say #3, Fail TooMuch, Return, Fail, Unreachable paid, Return #2, Return number, Return cause"
    );
    assert_eq!(
        names(wildcards::definition().unwrap().document()),
        "Pay, match paid, is Limit, Fail RateLimited, Say, Return number, Return"
    );
    assert_eq!(
        names(if_lets::definition().unwrap().document()),
        "Pay, match paid, Say, Pay #2, Plain, Say #2, is Declined, Return"
    );
    assert_eq!(
        names(plain_errors::definition().unwrap().document()),
        "Plain, match err, Say, Say #2, Fail GaveUp, Fail"
    );
}
