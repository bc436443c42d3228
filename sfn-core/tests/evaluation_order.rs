//! What a body evaluates and when: a check that fails ends the run where the body would end, whether or not anybody reads
//! the value.

#![allow(unused_assignments, reason = "what nobody reads is the subject")]

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;
use sfn_core::testing::{Env, env};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    left: u32,
    right: u32,
    lines: Vec<Line>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Line {
    count: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Job {
    Running,
    Failed(String),
}

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;
#[task(lambda = "Number")]
async fn number(value: u32) -> Result<u32, Error>;

fn order(left: u32, right: u32) -> Order {
    Order { left, right, lines: vec![Line { count: left }] }
}

fn shop() -> Env {
    env().mock(say, Ok).mock(number, Ok)
}

// A value that nobody reads

#[state_machine]
async fn unread(order: Order) -> Result<String, Error> {
    let said = say("before".to_string()).await?;
    let _ratio = order.left / order.right;
    say(said).await
}

#[state_machine]
async fn unread_in_the_end(order: Order) -> Result<String, Error> {
    let _ratio = order.left / order.right;
    Ok("done".into())
}

#[state_machine]
async fn passed_over(order: Order) -> Result<String, Error> {
    say("before".to_string()).await?;
    let _ = order.left - order.right;
    say("after".to_string()).await
}

#[state_machine]
async fn read_on_one_way(order: Order) -> Result<u32, Error> {
    let ratio = order.left / order.right;
    if order.left > 5 { Ok(ratio) } else { Ok(0) }
}

#[state_machine]
async fn read_in_a_condition(order: Order) -> Result<u32, Error> {
    let ratio = order.left / order.right;
    Ok(if order.left > 5 { ratio } else { 0 })
}

#[state_machine]
async fn overwritten(order: Order) -> Result<u32, Error> {
    let mut left = order.left;
    for count in 0..2 {
        left %= order.right - count;
    }
    left = 1;
    Ok(left)
}

#[state_machine]
async fn overwritten_at_once(order: Order) -> Result<String, Error> {
    let mut list = vec![order.left / order.right];
    list = vec![order.left, order.right];
    say(format!("{}", list.len())).await
}

#[state_machine]
async fn beside_a_field(order: Order) -> Result<u32, Error> {
    let count = Order { left: order.left / order.right, ..order }.right;
    Ok(count)
}

// A value before an effect

#[state_machine]
async fn before_the_first_call(order: Order) -> Result<u32, Error> {
    let ratio = order.left / order.right;
    let said = number(order.left).await?;
    Ok(said + ratio)
}

#[state_machine]
async fn left_of_a_call(order: Order) -> Result<u32, Error> {
    Ok(order.left / order.right + number(order.left).await?)
}

#[state_machine]
async fn beside_a_call(order: Order) -> Result<(u32, String), Error> {
    let pair =
        (order.lines[1].count, say(format!("{}-{}", order.left / order.right, say("x".to_string()).await?)).await?);
    Ok(pair)
}

#[state_machine]
async fn in_the_list_of_a_call(order: Order) -> Result<Vec<u32>, Error> {
    Ok(vec![order.left - order.right, number(1).await?])
}

#[tokio::test]
async fn a_check_fails_where_the_body_fails() {
    for (left, right) in [(8, 2), (2, 8), (3, 0), (0, 0), (9, 1)] {
        let order = || order(left, right);
        let fails = right == 0;
        assert_eq!(shop().run(unread, order()).await.failed(), fails);
        shop().run(unread, order()).await.assert_calls(say, if fails { 1 } else { 2 });
        assert_eq!(shop().run(unread_in_the_end, order()).await.failed(), fails);
        shop().run(passed_over, order()).await.assert_calls(say, if left < right { 1 } else { 2 });
        assert_eq!(shop().run(read_on_one_way, order()).await.failed(), fails);
        assert_eq!(shop().run(read_in_a_condition, order()).await.failed(), fails);
        assert_eq!(shop().run(overwritten, order()).await.failed(), right < 2);
        shop().run(overwritten_at_once, order()).await.assert_calls(say, usize::from(!fails));
        assert_eq!(shop().run(beside_a_field, order()).await.failed(), fails);
        shop().run(before_the_first_call, order()).await.assert_calls(number, usize::from(!fails));
        shop().run(left_of_a_call, order()).await.assert_calls(number, usize::from(!fails));
        shop().run(beside_a_call, order()).await.assert_calls(say, 0);
        shop().run(in_the_list_of_a_call, order()).await.assert_calls(number, usize::from(left >= right));
    }
}

// A text in the place of a path

#[state_machine]
async fn matched(order: Order) -> Result<String, Error> {
    match Job::Running {
        Job::Failed(why) => Ok(why),
        Job::Running => Ok(format!("{}", order.left)),
    }
}

#[tokio::test]
async fn a_variant_known_beforehand_is_matched() {
    assert_eq!(shop().run(matched, order(1, 2)).await.assert_succeeded(), "1");
}
