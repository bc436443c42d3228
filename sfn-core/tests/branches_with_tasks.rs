//! Every kind of task, and the rest of the language, in branches and iterations: body and document do the same.

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;
use sfn_core::testing::{Env, after, env};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    lines: Vec<Line>,
    note: Option<String>,
    state: State,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Line {
    sku: String,
    count: u32,
    price: Option<u32>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type", rename_all = "camelCase")]
enum State {
    Open,
    Packed { boxes: u32 },
    Lost { why: String },
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum AskError {
    #[sfn(timeout)]
    Expired,
    #[sfn(name = "Refused")]
    Refused { by: String },
    #[sfn(other)]
    Other(Error),
}

#[task(callback, sqs = "ApprovalQueueUrl", timeout = "3d")]
async fn ask(order_id: String, token: TaskToken) -> Result<bool, AskError>;
#[task(sqs = "AuditQueueUrl")]
async fn audit(note: String) -> Result<(), Error>;
#[task(activity = "Pack", timeout = "1d")]
async fn pack(line: Line) -> Result<u32, Error>;
#[task(lambda = "Price")]
async fn price(sku: String) -> Result<u32, Error>;
#[task(lambda = "Tell")]
async fn tell(text: String) -> Result<(), Error>;

fn line(sku: &str, count: u32, price: Option<u32>) -> Line {
    Line { sku: sku.into(), count, price }
}

fn order(lines: Vec<Line>) -> Order {
    Order { order_id: "o-1".into(), lines, note: None, state: State::Open }
}

fn all_is_well() -> Env {
    env()
        .callback(ask, |_, _| after(days(1), Ok(true)))
        .mock(audit, |_| Ok(()))
        .mock(pack, |line: Line| after(hours(u64::from(line.count)), Ok(line.count)))
        .mock(price, |sku: String| Ok(sku.len() as u32))
        .mock(tell, |_| Ok(()))
}

#[state_machine]
async fn every_kind(order: Order) -> Result<(bool, Vec<u32>), Error> {
    let (approved, (), boxes) = try_join!(
        async {
            match ask(order.order_id).await {
                Ok(approved) => Ok(approved),
                Err(AskError::Expired) => {
                    tell("too late".to_string()).await?;
                    Ok(false)
                }
                Err(AskError::Refused { by }) => fail!("Refused", "by {by}"),
                Err(e) => Err(e.into()),
            }
        },
        audit(order.order_id),
        map(order.lines).concurrency(2).each(|line| pack(line)),
    )?;
    Ok((approved, boxes))
}

#[tokio::test]
async fn tasks_of_every_kind() {
    let lines = vec![line("a", 3, None), line("b", 1, None), line("c", 5, None)];
    let run = all_is_well().run(every_kind, order(lines.clone())).await;
    assert_eq!(run.assert_succeeded(), &(true, vec![3, 1, 5]));
    assert_eq!(run.elapsed(), days(1));
    let late = all_is_well().callback(ask, |_, _| after(days(4), Ok(true)));
    let run = late.run(every_kind, order(lines.clone())).await;
    assert_eq!(run.assert_succeeded(), &(false, vec![3, 1, 5]));
    assert_eq!(run.elapsed(), days(3));
    let refused = all_is_well().callback(ask, |_, _| after(hours(2), Err(AskError::Refused { by: "me".into() })));
    let run = refused.run(every_kind, order(lines)).await;
    run.assert_failed("Refused").assert_calls(pack, 3);
    assert_eq!(run.elapsed(), hours(2));
}

#[state_machine]
async fn every_form(order: Order) -> Result<Order, Error> {
    let mut order = order;
    let note = order.note.unwrap_or("none".to_string());
    let (lines, state) = try_join!(
        map(order.lines).each(|index, line| async move {
            let mut line = line;
            let sku = line.sku;
            let price = match line.price {
                Some(price) if price > 100 => price,
                Some(_) | None => price(sku).await?,
            };
            line.price = Some(price);
            line.count += 1;
            let Some(known) = line.price else {
                fail!("NoPrice", "{sku}");
            };
            if known == 3 {
                tell(format!("{index}: {sku} {note}")).await?;
            }
            Ok(line)
        }),
        async {
            let packed = match order.state {
                State::Open => State::Packed { boxes: order.lines.len().try_into().unwrap_or(0) },
                State::Packed { boxes } if boxes > 3 => State::Lost { why: format!("{boxes} boxes") },
                other => other,
            };
            let first = order.lines.first().cloned().ok_or(Error::new("NoLines", note))?;
            audit(first.sku).await?;
            Ok(packed)
        },
    )?;
    order.lines = lines;
    order.state = state;
    Ok(order)
}

#[tokio::test]
async fn statements_of_every_form() {
    let lines = vec![line("abc", 3, None), line("b", 1, Some(500)), line("cc", 5, Some(7))];
    let run = all_is_well().run(every_form, order(lines.clone())).await;
    let found = run.assert_succeeded();
    let prices: Vec<_> = found.lines.iter().map(|line| (line.count, line.price)).collect();
    assert_eq!(prices, [(4, Some(3)), (2, Some(500)), (6, Some(2))]);
    assert_eq!(found.state, State::Packed { boxes: 3 });
    run.assert_calls(tell, 1).assert_calls(price, 2);
    let many = Order { state: State::Packed { boxes: 4 }, ..order(lines) };
    let run = all_is_well().run(every_form, many).await;
    assert_eq!(run.assert_succeeded().state, State::Lost { why: "4 boxes".into() });
    all_is_well().run(every_form, order(vec![])).await.assert_failed("NoLines");
    let full = vec![line("x", u32::MAX, None)];
    all_is_well().run(every_form, order(full)).await.assert_failed("States.QueryEvaluationError");
}

mod tools {
    //! Names of one's own that the macros must not stumble over.
    use sfn_core as workflows;

    #[workflows::task(lambda = "Map")]
    pub async fn each(items: Vec<String>) -> Result<String, workflows::Error>;

    #[workflows::state_machine]
    pub async fn branch(join: Vec<String>) -> Result<(String, Vec<String>), workflows::Error> {
        let map = join;
        let (count, states) = workflows::try_join!(each(map), async {
            let result = workflows::map(map).each(|map| async { Ok(format!("{map}!")) }).await?;
            Ok(result)
        })?;
        Ok((count, states))
    }
}

#[tokio::test]
async fn names_like_those_of_the_language() {
    let env = env().mock(tools::each, |items| Ok(items.concat()));
    let run = env.run(tools::branch, vec!["a".to_string(), "b".to_string()]).await;
    assert_eq!(run.assert_succeeded(), &("ab".to_string(), vec!["a!".to_string(), "b!".to_string()]));
}

#[state_machine]
async fn priced(line: Line) -> Result<u32, Error> {
    let (price, ()) = try_join!(price(line.sku), audit(line.sku))?;
    sleep(secs(u64::from(line.count))).await;
    Ok(price)
}

#[state_machine(timeout = "5s")]
async fn priced_in_time(line: Line) -> Result<u32, Error> {
    let (price,) = try_join!(async {
        sleep(secs(u64::from(line.count))).await;
        price(line.sku).await
    })?;
    Ok(price)
}

#[state_machine]
async fn nested_in_branches(order: Order) -> Result<Vec<u32>, Error> {
    let (prices, first) = try_join!(map(order.lines).each(|line| priced(line)), async {
        match priced_in_time(order.lines[0]).await {
            Ok(price) => Ok(price),
            Err(_) => {
                let (late, ()) = try_join!(async { Ok(77) }, tell("late".to_string()))?;
                Ok(late)
            }
        }
    })?;
    let mut all = prices;
    all.push(first);
    Ok(all)
}

#[tokio::test]
async fn machines_in_branches() {
    let run = all_is_well().run(nested_in_branches, order(vec![line("abc", 3, None), line("d", 1, None)])).await;
    assert_eq!(run.assert_succeeded(), &vec![3, 1, 3]);
    assert_eq!(run.elapsed(), secs(3));
    let run = all_is_well().run(nested_in_branches, order(vec![line("abc", 9, None), line("d", 5, None)])).await;
    assert_eq!(run.assert_succeeded(), &vec![3, 1, 77]);
    assert_eq!(run.elapsed(), secs(9));
    let env = all_is_well().mock(audit, |sku: String| match sku.as_str() {
        "d" => after(secs(2), Err(Error::new("Full", ""))),
        _ => after(secs(0), Ok(())),
    });
    let run = env.run(nested_in_branches, order(vec![line("abc", 4, None), line("d", 1, None)])).await;
    assert!(run.failed());
}
