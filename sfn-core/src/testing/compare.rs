//! What body and document must agree in.

use std::fmt::Write;

use sfn_asl::Value;

use super::run::{Call, Ended, Trace};
use crate::data::Data;
use crate::gate::EVALUATION;
use crate::task::Error;

/// The longest line of a report, in characters.
const LONGEST_LINE: usize = 500;

/// How many calls of each side a report shows.
const MOST_CALLS: usize = 20;

/// The first thing in which two runs differ, shown from both sides.
pub(super) fn compare<T: Data>(body: &Trace<Value>, document: &Trace<T>) -> Result<(), String> {
    let (left, right) = (outcome(body), outcome(document));
    if left != right {
        let report = sides("result", &left, &right, &body.calls, &document.calls);
        return Err(match meets_quota(document) {
            true => format!("the document meets a quota of AWS, which the Rust code does not have\n{report}"),
            false => report,
        });
    }
    // Executions of other machines are of their own: what they and this one do at one moment has no order.
    let has_order = !body.calls.iter().any(|call| call.begins_execution);
    let calls = |calls: &[Call]| {
        let mut texts: Vec<_> = calls.iter().map(|made| (made.at, call(made))).collect();
        if !has_order {
            texts.sort();
        }
        texts.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("\n")
    };
    let (left, right) = (calls(&body.calls), calls(&document.calls));
    if left != right {
        let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
        let (left, right) = (around(&left, same), around(&right, same));
        return Err(sides("calls", &left, &right, &body.calls, &document.calls));
    }
    if body.elapsed != document.elapsed {
        let (left, right) = (format!("{:?}", body.elapsed), format!("{:?}", document.elapsed));
        return Err(sides("elapsed time", &left, &right, &body.calls, &document.calls));
    }
    Ok(())
}

/// The outcome after decoding: names of errors, and their messages without the envelope that a service puts around.
fn outcome<T: Data>(trace: &Trace<T>) -> String {
    match &trace.outcome {
        Ok(output) => match output.encode() {
            Ok(output) => format!("succeeded: {}", sorted(&output)),
            Err(error) => format!("succeeded, but the output has no JSON value: {error}"),
        },
        Err(Ended::Failed(error)) => format!("failed: {}", failure(error)),
        Err(Ended::TimedOut) => "timed out".to_owned(),
    }
}

/// Name and cause of a failure, without what only one of the two runs knows: where an expression stands, and when an
/// execution ran that failed in this one.
fn failure(error: &Error) -> String {
    let nested = (error.error == "States.TaskFailed").then(|| Value::parse(&error.cause).ok()).flatten();
    if let Some(description) = nested.as_ref().filter(|description| description.get("Status").is_some()) {
        let text = |name: &str| description.get(name).and_then(Value::as_str).unwrap_or_default();
        let inner = Error::new(text("Error"), text("Cause"));
        return format!("{}: {} {}", error.error, text("Status"), failure(&inner));
    }
    let cause = if error.error == EVALUATION { check(error) } else { error.message() };
    format!("{}: {cause}", error.error)
}

/// What a check in an expression says; AWS names the state and the expression around it.
fn check(error: &Error) -> String {
    let cause = error.message();
    match cause.rsplit_once("D3137: ") {
        Some((_, message)) => message.to_owned(),
        None => cause,
    }
}

/// JSON equality does not look at the order of members.
fn sorted(value: &Value) -> String {
    match serde_json::to_value(value) {
        Ok(value) => value.to_string(),
        Err(_) => value.to_json(),
    }
}

fn call(call: &Call) -> String {
    format!("{} {}", call.task, sorted(&call.input))
}

fn sides(what: &str, left: &str, right: &str, body: &[Call], document: &[Call]) -> String {
    let mut text = format!("{what}\n  body:\n{}\n  document:\n{}", indented(left), indented(right));
    if what != "calls" {
        for (name, calls) in [("body", body), ("document", document)] {
            // Writing to a String does not fail.
            let _ = write!(text, "\n  calls of the {name}:");
            let passed_over = calls.len().saturating_sub(MOST_CALLS);
            if passed_over > 0 {
                let _ = write!(text, "\n    … {passed_over} before");
            }
            for made in &calls[passed_over..] {
                let _ = write!(text, "\n    {}", cut(&format!("{:?} {}", made.at, call(made))));
            }
        }
    }
    text
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {}", cut(line))).collect::<Vec<_>>().join("\n")
}

/// The lines around the one with this index.
fn around(text: &str, index: usize) -> String {
    let count = text.lines().count();
    let first = index.saturating_sub(MOST_CALLS / 2);
    let last = count.min(first + MOST_CALLS);
    let mut lines: Vec<String> = text.lines().take(last).skip(first).map(str::to_owned).collect();
    if first > 0 {
        lines.insert(0, format!("… {first} before"));
    }
    if last < count {
        lines.push(format!("… {} more", count - last));
    }
    lines.join("\n")
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_LINE) {
        Some((end, _)) => format!("{}… ({} bytes in all)", &line[..end], line.len()),
        None => line.to_owned(),
    }
}

/// True when the document ended because AWS allows no more.
fn meets_quota<T>(document: &Trace<T>) -> bool {
    let Err(Ended::Failed(error)) = &document.outcome else { return false };
    error.error == "States.DataLimitExceeded"
        || (error.error == "States.Runtime" && error.cause.contains("maximum number of history events"))
}
