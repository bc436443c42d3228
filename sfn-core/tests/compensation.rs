//! Compensations that only some ways register: the body and the document undo the same, in the same order.

use sfn_core::prelude::*;
use sfn_core::testing::{Call, Env, env};

#[task(lambda = "Reserve")]
async fn reserve(what: String) -> Result<u32, Error>;
#[task(lambda = "Release")]
async fn release(number: u32, what: String) -> Result<(), Error>;
#[task(lambda = "Charge")]
async fn charge(cents: u32) -> Result<String, Error>;
#[task(lambda = "Refund")]
async fn refund(payment: String) -> Result<(), Error>;
#[task(lambda = "Ship")]
async fn ship(to: String) -> Result<String, Error>;

/// In one way of an `if`, with calls before, in and behind it.
#[state_machine]
async fn one_way(to: String) -> Result<String, Error> {
    reserve(to).undo(|number| release(number, to)).await?;
    let mut note = "cheap".to_string();
    if to.chars().count() > 3 {
        let paid = charge(100).undo(|payment| refund(payment)).await?;
        note = ship(paid).await?;
    }
    ship(format!("{to} {note}")).await
}

/// In both ways, one after the other.
#[state_machine]
async fn both_ways(to: String) -> Result<String, Error> {
    let place = if to.chars().count() > 3 {
        let number = reserve(to).undo(|number| release(number, "long".to_string())).await?;
        ship(format!("{number}")).await?
    } else {
        charge(7).undo(|payment| refund(payment)).await?
    };
    reserve(place).undo(|number| release(number, place)).await?;
    if place.contains("b") {
        fail!("Banned", "{place}");
    }
    ship(place).await
}

/// In arms, with ways out of them.
#[state_machine]
async fn arms(to: Option<String>) -> Result<String, Error> {
    match to {
        Some(to) if to.chars().count() > 3 => {
            charge(1).undo(|payment| refund(payment)).await?;
            if to.contains("x") {
                return ship(to).await;
            }
        }
        Some(to) => {
            reserve(to).undo(|number| release(number, to)).await?;
        }
        None => return Ok("nowhere".to_string()),
    }
    let Ok(sent) = ship("home".to_string()).await else { return Err(Error::new("Lost", "on the way")) };
    ship(sent).await
}

/// The way goes on in a loop.
#[state_machine]
async fn then_a_loop(to: String) -> Result<u32, Error> {
    let mut count = 0u32;
    if to.chars().count() > 3 {
        reserve(to).undo(|number| release(number, format!("{to} {count}"))).await?;
    }
    while count < 3 {
        count += 1;
        ship(format!("{to} {count}")).await?;
    }
    Ok(count)
}

/// Tasks that succeed, but for one call: the `failing`-th that is made, compensations included.
fn world(failing: usize) -> Env {
    let made = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(1));
    let turn = move || {
        let made = made.clone();
        move || match made.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == failing {
            true => Err(Error::new("Broken", "this call")),
            false => Ok(()),
        }
    };
    let (a, b, c, d, e) = (turn(), turn(), turn(), turn(), turn());
    env()
        .mock(reserve, move |what| a().map(|()| what.len() as u32))
        .mock(release, move |_| b())
        .mock(charge, move |cents| c().map(|()| format!("p{cents}")))
        .mock(refund, move |_| d())
        .mock(ship, move |to| e().map(|()| format!("b{to}")))
}

fn names(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.task).collect()
}

#[tokio::test]
async fn each_call_may_fail_on_each_way() {
    for failing in 0..9 {
        for to in ["a", "long", "box", "axle", "bull"] {
            world(failing).run(one_way, to.to_string()).await;
            world(failing).run(both_ways, to.to_string()).await;
            world(failing).run(arms, Some(to.to_string())).await;
            world(failing).run(then_a_loop, to.to_string()).await;
        }
        world(failing).run(arms, None).await;
    }
}

#[tokio::test]
async fn what_was_done_is_undone() {
    let run = world(4).run(one_way, "long".to_string()).await;
    run.assert_failed("Broken");
    assert_eq!(names(run.calls()), ["reserve", "charge", "ship", "ship", "refund", "release"]);
    run.assert_path([
        "Reserve",
        "if",
        "Charge",
        "Ship",
        "Ship #2",
        "Undo Charge?",
        "Undo Charge",
        "Undo Reserve",
        "Fail",
    ]);
}

#[tokio::test]
async fn what_was_not_done_is_not_undone() {
    let run = world(2).run(one_way, "a".to_string()).await;
    run.assert_failed("Broken").assert_path(["Reserve", "if", "Ship #2", "Undo Charge?", "Undo Reserve", "Fail"]);
    assert_eq!(names(run.calls()), ["reserve", "ship", "release"]);
}

#[tokio::test]
async fn inside_of_the_way_nobody_asks() {
    let run = world(3).run(one_way, "long".to_string()).await;
    run.assert_failed("Broken");
    run.assert_path(["Reserve", "if", "Charge", "Ship", "Undo Charge", "Undo Reserve", "Fail"]);
}
