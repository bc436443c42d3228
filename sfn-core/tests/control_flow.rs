//! Control flow: the body of a workflow and the document that it becomes do the same.

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;
use sfn_core::testing::{Ended, after, env, never};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Order {
    id: String,
    paid: bool,
    note: Option<String>,
    lines: Vec<Line>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Line {
    sku: String,
    count: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Command {
    Refund { cents: u32, note: Option<String> },
    Resize { w: u16, h: u16 },
    Ping,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
enum JobState {
    Running,
    Done { url: String },
    Failed(String),
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined {
        reason: String,
    },
    Limit(u32),
    RateLimited,
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Say")]
async fn say(text: String) -> Result<String, Error>;
#[task(lambda = "Check")]
async fn check(text: String) -> Result<bool, Error>;
#[task(lambda = "Charge", timeout = "30s")]
async fn charge(id: String) -> Result<String, PayError>;
#[task(lambda = "Refund")]
async fn refund(id: String) -> Result<(), Error>;
#[task(lambda = "Poll")]
async fn poll(id: String) -> Result<JobState, Error>;
#[task(lambda = "Number")]
async fn number(text: String) -> Result<u32, Error>;
#[task(lambda = "Find")]
async fn find(text: String) -> Result<Option<Line>, Error>;

fn order(paid: bool, note: Option<&str>) -> Order {
    let line = |sku: &str, count| Line { sku: sku.into(), count };
    Order { id: "o1".into(), paid, note: note.map(str::to_owned), lines: vec![line("a", 1), line("b", 2)] }
}

fn shop() -> sfn_core::testing::Env {
    env()
        .mock(say, |text| Ok(format!("<{text}>")))
        .mock(check, |text| Ok(text.contains('a')))
        .mock(refund, |_| Ok(()))
        .mock(number, |text| Ok(text.len() as u32))
}

// Assignments

#[state_machine]
async fn assigns(order: Order) -> Result<(String, String, bool), Error> {
    let mut text = order.id;
    let mut flag = false;
    let later;
    text = say(text).await?;
    let before = text;
    {
        let text = say(before).await?;
        later = text;
    }
    flag = order.paid;
    text = say(text).await?;
    Ok((text, later, flag))
}

#[tokio::test]
async fn assignments() {
    let run = shop().run(assigns, order(true, None)).await;
    assert_eq!(run.assert_succeeded(), &("<<o1>>".into(), "<<o1>>".into(), true));
}

// Branches

#[state_machine]
async fn branches(order: Order) -> Result<String, Error> {
    let mut text = order.id;
    if order.paid {
        text = say(text).await?;
    } else if check(text).await? {
        return Ok(text);
    } else {
        refund(text).await?;
    }
    say(text).await
}

#[state_machine]
async fn values(order: Order) -> Result<(String, String, String), Error> {
    let pure = if order.paid { order.id } else { "none".to_string() };
    let effect = if order.paid { say(pure).await? } else { order.id };
    let nested = say(if order.paid { say(effect).await? } else { "x".to_string() }).await?;
    Ok((pure, effect, nested))
}

#[state_machine]
async fn tails(order: Order) -> Result<String, Error> {
    #[state("Is it paid?")]
    if order.paid {
        Ok(order.id)
    } else if let Some(note) = order.note {
        say(note).await
    } else {
        Err(Error::new("Unpaid", "nothing"))
    }
}

#[tokio::test]
async fn branch() {
    for (paid, expected) in [(true, "<<o1>>"), (false, "<o1>")] {
        let run = shop().run(branches, order(paid, None)).await;
        assert_eq!(run.assert_succeeded(), expected);
        let run = shop().run(values, order(paid, None)).await;
        run.assert_succeeded();
    }
    let cases = [(true, None, Ok("o1")), (false, Some("n"), Ok("<n>")), (false, None, Err("Unpaid"))];
    for (paid, note, expected) in cases {
        let run = shop().run(tails, order(paid, note)).await;
        match expected {
            Ok(text) => assert_eq!(run.assert_succeeded(), text),
            Err(name) => drop(run.assert_failed(name)),
        }
    }
    shop().run(tails, order(true, None)).await.assert_path(["Is it paid?", "Return id"]);
}

// Loops

#[state_machine]
async fn loops(order: Order) -> Result<(String, String), Error> {
    let mut text = order.id;
    let mut stop = order.paid;
    while stop {
        text = say(text).await?;
        stop = false;
    }
    let found = 'outer: loop {
        for line in order.lines {
            if check(line.sku).await? {
                continue;
            }
            for n in 0..3 {
                match n {
                    1 => break 'outer line.sku,
                    _ => text = say(text).await?,
                }
            }
        }
        sleep(secs(10)).await;
        break "none".to_string();
    };
    Ok((text, found))
}

#[state_machine]
async fn first_fit(order: Order) -> Result<(u32, Option<Line>), Error> {
    let mut seen = 0;
    for Line { sku, count } in order.lines {
        let found = find(sku).await?;
        seen = count;
        if let Some(Line { sku: ref_sku, .. }) = found {
            say(ref_sku).await?;
            return Ok((seen, found));
        }
    }
    Ok((seen, NOTHING))
}

const NOTHING: Option<Line> = None;

#[tokio::test]
async fn repeat() {
    for paid in [true, false] {
        let run = shop().run(loops, order(paid, None)).await;
        assert_eq!(run.assert_succeeded().1, "b");
    }
    let run = shop().run(loops, Order { lines: Vec::new(), ..order(true, None) }).await;
    assert_eq!(run.assert_succeeded(), &("<o1>".into(), "none".into()));
    assert_eq!(run.elapsed(), secs(10));
    for wanted in ["a", "b", "c"] {
        let line = Line { sku: "x".into(), count: 9 };
        let run = shop()
            .mock(find, move |sku| Ok((sku == wanted).then(|| line.clone())))
            .run(first_fit, order(true, None))
            .await;
        run.assert_calls(say, usize::from(wanted != "c"));
        assert_eq!(run.assert_succeeded().0, if wanted == "a" { 1 } else { 2 });
    }
}

// Waits

#[state_machine]
async fn waits(until: String) -> Result<(), Error> {
    sleep(minutes(2)).await;
    sleep_until(until).await;
    Ok(())
}

#[tokio::test]
async fn wait() {
    let run = shop().run(waits, "2024-01-01T00:05:00Z".to_string()).await;
    run.assert_succeeded();
    run.assert_path(["Wait", "Wait #2"]);
    assert_eq!(run.elapsed(), minutes(5));
    assert_eq!(shop().run(waits, "2023-01-01T00:05:00Z".to_string()).await.elapsed(), minutes(2));
}

// Enums

#[state_machine]
async fn route(cmd: Command) -> Result<String, Error> {
    match cmd {
        Command::Refund { cents: 7, .. } => Ok("seven".into()),
        Command::Refund { note: Some(note), .. } => say(note).await,
        Command::Refund { cents, note: None } => fail!("NoNote", "for {cents} cents"),
        Command::Resize { .. } => Ok(say(say("x".to_string()).await?).await?),
        Command::Ping => Ok("pong".into()),
    }
}

#[state_machine]
async fn export(id: String) -> Result<String, Error> {
    let mut again = true;
    loop {
        match poll(id).await? {
            JobState::Done { url } => return Ok(url),
            JobState::Failed(why) => fail!("JobFailed", "{why}"),
            JobState::Running if again => again = false,
            JobState::Running => fail!("GaveUp", "still {again}"),
        }
        sleep(secs(30)).await;
    }
}

#[tokio::test]
async fn enums() {
    let cases = [
        (Command::Ping, Ok("pong")),
        (Command::Resize { w: 1, h: 2 }, Ok("<<x>>")),
        (Command::Refund { cents: 7, note: None }, Ok("seven")),
        (Command::Refund { cents: 8, note: Some("n".into()) }, Ok("<n>")),
        (Command::Refund { cents: 8, note: None }, Err("NoNote")),
    ];
    for (command, expected) in cases {
        let run = shop().run(route, command).await;
        match expected {
            Ok(text) => assert_eq!(run.assert_succeeded(), text),
            Err(name) => drop(run.assert_failed(name)),
        }
    }
    let answers: &[(&[JobState], Result<&str, &str>, u64)] = &[
        (&[JobState::Running, JobState::Done { url: "u".into() }], Ok("u"), 30),
        (&[JobState::Failed("no".into())], Err("JobFailed"), 0),
        (&[JobState::Running, JobState::Running], Err("GaveUp"), 30),
    ];
    for (states, expected, elapsed) in answers {
        let mut states = Vec::from(*states).into_iter();
        let run = env().mock(poll, move |_| Ok(states.next().unwrap())).run(export, "j".to_string()).await;
        match expected {
            Ok(text) => assert_eq!(run.assert_succeeded(), text),
            Err(name) => drop(run.assert_failed(name)),
        }
        assert_eq!(run.elapsed(), secs(*elapsed));
    }
}

// Scalars, options, tuples

#[state_machine]
async fn scalars(order: Order) -> Result<String, Error> {
    let count = number(order.id).await?;
    let text = match count {
        0 => "zero".to_string(),
        1 | 2 => "few".to_string(),
        _ if order.paid => say(order.id).await?,
        _ => "many".to_string(),
    };
    let Some(note) = order.note else { return Ok(text) };
    match (order.paid, note) {
        (true, note) => Ok(note),
        (false, note) => match note.as_str() {
            "a" => Ok("A".into()),
            _ => Ok(text),
        },
    }
}

#[tokio::test]
async fn scalar() {
    for paid in [true, false] {
        for note in [None, Some("a"), Some("b")] {
            for id in ["", "1", "22", "333"] {
                shop().run(scalars, Order { id: id.into(), ..order(paid, note) }).await.assert_succeeded();
            }
        }
    }
}

// Errors of calls

#[state_machine]
async fn pays(id: String) -> Result<String, PayError> {
    match charge(id).timeout(secs(10)).retry(on!(PayError::RateLimited), backoff(secs(2)).max(2).cap(secs(3))).await {
        Ok(receipt) => Ok(receipt),
        Err(PayError::Declined { reason }) => {
            let told = match say(reason).await {
                Ok(told) => told,
                Err(_) => "nobody".to_string(),
            };
            Err(PayError::Declined { reason: told })
        }
        Err(PayError::Limit(most)) => fail!("Limit", "{most}"),
        Err(PayError::Slow) => Ok("slow".into()),
        Err(e) => Err(e),
    }
}

#[state_machine]
async fn pays_with_undo(id: String) -> Result<String, Error> {
    let mut text = say(id).undo(|text| refund(text)).await?;
    let paid = match charge(text).await {
        Ok(receipt) => receipt,
        Err(PayError::RateLimited | PayError::Slow) => "later".to_string(),
        Err(e) => {
            text = "changed".to_string();
            say(text).await?;
            return Err(e.into());
        }
    };
    if check(paid).await? {
        return Err(Error::new("Checked", "x"));
    }
    let seen = number(paid).await.ok();
    match seen {
        Some(0) | None => Ok(text),
        Some(_) => Ok(paid),
    }
}

#[tokio::test]
async fn outcomes() {
    let declined = || PayError::Declined { reason: "limit".into() };
    let cases: Vec<(PayError, Result<&str, &str>, u64)> = vec![
        (declined(), Err("CardDeclined"), 0),
        (PayError::Limit(5), Err("Limit"), 0),
        (PayError::RateLimited, Err("RateLimited"), 5),
        (PayError::Other(Error::new("Boom", "why")), Err("Boom"), 0),
        (PayError::Other(Error::new("CardDeclined", "plain text")), Err("CardDeclined"), 0),
        (PayError::Other(Error::new("CardDeclined", "{\"reason\":5}")), Err("CardDeclined"), 0),
    ];
    for (error, expected, elapsed) in cases {
        let run = shop().mock(charge, move |_| Err(error.clone())).run(pays, "i".to_string()).await;
        match expected {
            Ok(text) => assert_eq!(run.assert_succeeded(), text),
            Err(name) => drop(run.assert_failed(name)),
        }
        assert_eq!(run.elapsed(), secs(elapsed));
    }
    let run = shop().mock(charge, |_| never()).run(pays, "i".to_string()).await;
    assert_eq!((run.assert_succeeded().as_str(), run.elapsed()), ("slow", secs(10)));
    let run = shop().mock(charge, |_| after(secs(1), Ok("r".to_string()))).run(pays, "i".to_string()).await;
    assert_eq!(run.assert_succeeded(), "r");
    for answer in [Ok("xyz".to_string()), Ok("abc".to_string()), Err(PayError::Slow), Err(declined())] {
        let fails = !matches!(&answer, Ok(text) if text == "xyz");
        let run = shop().mock(charge, move |_| answer.clone()).run(pays_with_undo, "i".to_string()).await;
        assert_eq!(run.failed(), fails);
        run.assert_calls(refund, usize::from(fails));
        let _: Result<_, &Ended> = run.result();
    }
    let run = shop()
        .mock(charge, |_| Ok("xyz".to_string()))
        .mock(number, |_| Err(Error::new("No", "")))
        .run(pays_with_undo, "i".to_string())
        .await;
    assert_eq!(run.assert_succeeded(), "<i>");
}

// Conditions that compute

#[state_machine]
async fn computes(order: Order) -> Result<(u32, String), Error> {
    let mut total = 0u32;
    let mut seen = vec![order.id];
    for line in order.lines {
        if line.count > 1 && line.sku != "x" {
            total += line.count;
        }
        let told = say(format!("{}:{total}", line.sku)).await?;
        if total >= 4 {
            break;
        }
        match line.count {
            n if n % 2 == 0 => seen = vec![told],
            _ => {}
        }
    }
    let mut steps = 0u8;
    while total > 10 || steps < 2 {
        steps += 1;
        total = total / 2;
    }
    let first = if seen.is_empty() { "none".to_string() } else { seen[0] };
    if total == 0 {
        fail!("Nothing", "{first} of {steps}");
    }
    Ok((total, first))
}

#[state_machine]
async fn guarded(order: Order) -> Result<String, Error> {
    let first = number(order.id).await?;
    match say(format!("{}", 10 / first)).await {
        Ok(text) => Ok(format!("{text}{}", 100 / (first - 1))),
        Err(_) => Ok("caught".into()),
    }
}

#[tokio::test]
async fn computed() {
    for counts in [vec![], vec![1], vec![2, 3], vec![4, 5, 6], vec![1, 40], vec![3, 6, 9]] {
        let lines = counts.into_iter().map(|count| Line { sku: format!("s{count}"), count });
        shop().run(computes, Order { lines: lines.collect(), ..order(true, None) }).await;
    }
    for id in ["", "1", "22"] {
        let run = shop().run(guarded, Order { id: id.into(), ..order(true, None) }).await;
        assert_eq!(run.failed(), id != "22", "a panic of the body is not caught");
    }
}

// Documents

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Job {
    id: String,
}

#[task(lambda = "StartJob")]
async fn start_job(spec: String) -> Result<Job, Error>;
#[task(lambda = "JobStatus")]
async fn job_status(id: String) -> Result<JobState, Error>;
#[task(lambda = "TryBin")]
async fn try_bin(bin: String, need: u32) -> Result<bool, Error>;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Query {
    bins: Vec<String>,
    need: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Fit {
    bin: Option<String>,
    tried: u32,
}

#[state_machine]
async fn export_job(spec: String) -> Result<String, Error> {
    let job = start_job(spec).await?;
    let mut tries = 0u32;
    loop {
        match job_status(job.id).await? {
            JobState::Done { url } => return Ok(url),
            JobState::Failed(why) => fail!("JobFailed", "{why}"),
            JobState::Running if tries >= 5 => fail!("GaveUp", "after {tries} polls"),
            JobState::Running => tries += 1,
        }
        sleep(secs(30)).await;
    }
}

#[state_machine]
async fn first_bin(q: Query) -> Result<Fit, Error> {
    let mut tried = 0u32;
    for bin in q.bins {
        let ok = try_bin(bin, q.need).await?;
        tried += 1;
        if ok {
            return Ok(Fit { bin: Some(bin), tried });
        }
    }
    Ok(Fit { bin: None, tried })
}

#[test]
fn documents() {
    let poll = export_job::definition().unwrap().document().clone();
    let state = |document: &sfn_core::Value, name: &str| document.get("States").unwrap().get(name).unwrap().to_json();
    assert_eq!(
        state(&poll, "match m1"),
        concat!(
            r#"{"Type":"Choice","Choices":["#,
            r#"{"Condition":"{% $type($m1) = \"object\" and $exists($m1.Done) %}","#,
            r#""Output":"{% $m1.Done.url %}","Next":"Return url"},"#,
            r#"{"Condition":"{% $type($m1) = \"object\" and $exists($m1.Failed) %}","Next":"Fail JobFailed"},"#,
            r#"{"Condition":"{% $m1 = \"Running\" and $tries >= 5 %}","Next":"Fail GaveUp"},"#,
            r#"{"Condition":"{% $m1 = \"Running\" %}","Assign":{"tries":"{% $tries + 1 %}"},"Next":"Wait"}],"#,
            r#""Default":"Unreachable m1"}"#
        )
    );
    assert_eq!(state(&poll, "Wait"), r#"{"Type":"Wait","Seconds":30,"Next":"JobStatus"}"#);
    let fit = first_bin::definition().unwrap().document().clone();
    assert_eq!(
        state(&fit, "init"),
        concat!(
            r#"{"Type":"Pass","Assign":{"need":"{% $states.input.need %}","tried":0,"it1":"{% $states.input.bins %}","#,
            r#""i1":0},"Next":"for bin"}"#
        )
    );
    assert_eq!(
        state(&fit, "for bin"),
        concat!(
            r#"{"Type":"Choice","Choices":[{"Condition":"{% $i1 < $count($it1) %}","#,
            r#""Assign":{"bin":"{% $it1[$i1] %}","i1":"{% $i1 + 1 %}"},"Next":"TryBin"}],"Default":"Return none"}"#
        )
    );
}

// Blocks and names

#[state_machine]
async fn blocks(order: Order) -> Result<(String, String, u32), Error> {
    let id = {
        let id = say(order.id).await?;
        let id = say(id).await?;
        id
    };
    let label = 'found: {
        for line in order.lines {
            if line.count == 2 {
                break 'found line.sku;
            }
        }
        id
    };
    let mut left = 3;
    let mut sum = 0u32;
    while left > 0 {
        left -= 1;
        if left == 1 {
            continue;
        }
        sum += number(label).await?;
    }
    let text = say(match order.note {
        Some(note) => note,
        None if left > 5 => return Err(Error::new("Never", "reached")),
        None => say(label).await?,
    })
    .await?;
    Ok((id, text, sum))
}

#[state_machine]
async fn undone_later(order: Order) -> Result<String, Error> {
    let mut id = say(order.id).undo(|id| refund(id)).await?;
    for line in order.lines {
        id = say(format!("{id}{}", line.sku)).await?;
        if line.count > 1 {
            fail!("TooMany", "{} of {}", line.count, line.sku);
        }
    }
    match number(id).await? {
        3 => Ok(id),
        _ if order.paid => Err(Error::new("Odd", id)),
        count => Ok(format!("{count}")),
    }
}

#[tokio::test]
async fn block() {
    for note in [None, Some("n")] {
        shop().run(blocks, order(true, note)).await.assert_succeeded();
    }
    shop().run(undone_later, order(true, None)).await.assert_failed("TooMany").assert_calls(refund, 1);
    let none = |paid| Order { lines: Vec::new(), ..order(paid, None) };
    shop().run(undone_later, none(true)).await.assert_failed("Odd").assert_calls(refund, 1);
    shop().run(undone_later, none(false)).await.assert_calls(refund, 0).assert_succeeded();
}

#[state_machine]
async fn ranges(line: Line) -> Result<String, Error> {
    let mut text = "".to_string();
    for i in line.count - 1..line.count {
        text = format!("{text}{i}");
    }
    let (from, to) = (line.count, line.count + 2);
    for i in from..=to {
        text = format!("{text}{i}");
    }
    Ok(text)
}

#[tokio::test]
async fn ranges_end_at_any_number() {
    let run = shop().run(ranges, Line { sku: "a".into(), count: 4 }).await;
    assert_eq!(run.assert_succeeded(), "3456");
}

// Members of an item of a list that is written down

#[state_machine]
async fn taken_apart(order: Order) -> Result<String, Error> {
    let (Order { id, .. }, text) = (order, "x".to_string());
    let (Line { sku, .. }, (Line { count, .. }, _)) = (order.lines[0], (order.lines[1], 7));
    say(format!("{id}{text}{sku}{count}")).await
}

#[tokio::test]
async fn structs_in_tuples_are_taken_apart() {
    let run = shop().run(taken_apart, order(true, None)).await;
    assert_eq!(run.assert_succeeded(), "<o1xa2>");
}
