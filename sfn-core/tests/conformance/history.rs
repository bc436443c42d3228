//! The comparison of a recorded history with ours: in full order, or as far as concurrency leaves an order.

use std::collections::BTreeSet;

use sfn_core::asl::value::Value;

use crate::compare::{Comparison, shortened};

/// One event in the form of a recording.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) id: i64,
    pub(crate) previous: i64,
    pub(crate) kind: String,
    /// `{}` when the event has none: a recording does not tell the two apart.
    pub(crate) details: Value,
}

impl Event {
    /// The event of a recording.
    pub(crate) fn recorded(event: &Value) -> Result<Self, String> {
        let number = |key: &str| {
            event.get(key).and_then(Value::as_i64).ok_or_else(|| format!("a recorded event has no number `{key}`"))
        };
        Ok(Event {
            id: number("id")?,
            previous: number("prev")?,
            kind: event.get("type").and_then(Value::as_str).ok_or("a recorded event has no `type`")?.to_owned(),
            details: event.get("details").cloned().unwrap_or_else(Value::empty_object),
        })
    }

    /// A line that shows the event.
    fn shown(&self) -> String {
        format!("{} (after {}) {} {}", self.id, self.previous, self.kind, shortened(&self.details))
    }

    fn is_like(&self, actual: &Event, comparison: &mut Comparison) -> bool {
        self.kind == actual.kind && comparison.matches_or_restores(&self.details, &actual.details)
    }
}

/// Brings a recording into the form that AWS has today: until the autumn of 2024 the Exited event of a Distributed Map
/// followed the end of its Map Run, since then it follows the start.
pub(crate) fn in_todays_form(mut recorded: Vec<Event>) -> Vec<Event> {
    for index in 0..recorded.len() {
        let (kind, previous) = (&recorded[index].kind, recorded[index].previous);
        let ended = recorded.iter().find(|event| event.id == previous && event.kind == "MapRunSucceeded");
        if let Some(started) = ended.filter(|_| kind == "MapStateExited").map(|event| event.previous) {
            recorded[index].previous = started;
        }
    }
    recorded
}

/// How much of the order a recording kept: `history_order`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Every id and every event in its place.
    Exact,
    /// The events of concurrent branches may stand in any order.
    Concurrent,
    /// The recorder sorted the events of a Parallel and lost some of them.
    SortedParallel,
}

impl Order {
    /// Reads `history_order`.
    pub(crate) fn recorded(text: &str) -> Result<Self, String> {
        match text {
            "exact" => Ok(Order::Exact),
            "concurrent" => Ok(Order::Concurrent),
            "sorted_parallel" => Ok(Order::SortedParallel),
            other => Err(format!("unknown history_order `{other}`")),
        }
    }
}

/// Compares two whole histories; `nested` names the Parallel states that stand inside another one.
pub(crate) fn compare(
    order: Order,
    expected: &[Event],
    actual: &[Event],
    nested: &BTreeSet<String>,
    comparison: &mut Comparison,
) -> Result<(), String> {
    match order {
        Order::Exact => in_order(expected, actual, comparison),
        Order::Concurrent => {
            let mut attempt = comparison.clone();
            if in_order(expected, actual, &mut attempt).is_ok() {
                *comparison = attempt;
                return Ok(());
            }
            if expected.len() != actual.len() {
                return Err(lengths(expected, actual));
            }
            contained(expected, actual, comparison).map(drop)
        }
        Order::SortedParallel => {
            // Its ids tell how many events there were, though some are lost.
            if expected.last().is_some_and(|last| last.id != actual.len() as i64) {
                return Err(lengths(expected, actual));
            }
            let surplus = contained(expected, actual, comparison)?;
            match surplus.into_iter().find(|&index| !may_be_lost(index, actual, nested)) {
                Some(index) => Err(format!("history: surplus event {}", actual[index].shown())),
                None => Ok(()),
            }
        }
    }
}

/// Compares the beginning of a history with what was recorded while the execution still ran.
pub(crate) fn compare_prefix(expected: &[Event], actual: &[Event], comparison: &mut Comparison) -> Result<(), String> {
    in_order(expected, &actual[..actual.len().min(expected.len())], comparison)
}

fn in_order(expected: &[Event], actual: &[Event], comparison: &mut Comparison) -> Result<(), String> {
    for (expected, actual) in expected.iter().zip(actual) {
        if (expected.id, expected.previous, &expected.kind) != (actual.id, actual.previous, &actual.kind) {
            return Err(format!("history: expected {}, found {}", expected.shown(), actual.shown()));
        }
        if !comparison.matches(&expected.details, &actual.details, &format!("{}:{}", expected.id, expected.kind)) {
            return Err(format!("history: {}", comparison.difference()));
        }
    }
    if expected.len() == actual.len() { Ok(()) } else { Err(lengths(expected, actual)) }
}

fn lengths(expected: &[Event], actual: &[Event]) -> String {
    let next = match (expected.get(actual.len()), actual.get(expected.len())) {
        (Some(missing), _) => format!("missing {}", missing.shown()),
        (None, Some(surplus)) => format!("surplus {}", surplus.shown()),
        (None, None) => String::new(),
    };
    format!("history: expected {} events, found {}; {next}", expected.len(), actual.len())
}

/// Finds an event of its own for every expected one; gives the indices of those left over.
fn contained(expected: &[Event], actual: &[Event], comparison: &mut Comparison) -> Result<Vec<usize>, String> {
    let mut search = Search { expected, actual, used: vec![false; actual.len()], tries: 0, deepest: 0 };
    if search.find(0, comparison) {
        return Ok((0..actual.len()).filter(|&index| !search.used[index]).collect());
    }
    if search.tries >= TRIES {
        return Err(format!("history: no assignment of the events found in {TRIES} tries"));
    }
    Err(format!("history: no event is left for {}", expected[search.deepest].shown()))
}

/// A search ends after so many looks at a pair of events.
const TRIES: usize = 200_000;

struct Search<'a> {
    expected: &'a [Event],
    actual: &'a [Event],
    used: Vec<bool>,
    tries: usize,
    deepest: usize,
}

impl Search<'_> {
    /// Assigns the expected events from `next` on, and takes an assignment back where the placeholders forbid it later.
    fn find(&mut self, next: usize, comparison: &mut Comparison) -> bool {
        let Some(event) = self.expected.get(next) else { return true };
        self.deepest = self.deepest.max(next);
        for index in 0..self.actual.len() {
            if self.used[index] || self.actual[index].kind != event.kind {
                continue;
            }
            self.tries += 1;
            if self.tries >= TRIES {
                return false;
            }
            let before = comparison.clone();
            if event.is_like(&self.actual[index], comparison) {
                self.used[index] = true;
                if self.find(next + 1, comparison) {
                    return true;
                }
                self.used[index] = false;
                *comparison = before;
            }
        }
        false
    }
}

/// True for an event that the sorting recorder may have lost: the end of a Parallel, and what happened inside a nested one.
fn may_be_lost(index: usize, actual: &[Event], nested: &BTreeSet<String>) -> bool {
    let name = |event: &Event| event.details.get("name").and_then(Value::as_str).map(str::to_owned);
    let is_nested = |event: &Event| name(event).is_some_and(|name| nested.contains(&name));
    if matches!(&*actual[index].kind, "ParallelStateSucceeded" | "ParallelStateFailed") {
        return true;
    }
    let entered =
        actual[..=index].iter().filter(|event| event.kind == "ParallelStateEntered" && is_nested(event)).count();
    let exited = actual[..index].iter().filter(|event| event.kind == "ParallelStateExited" && is_nested(event)).count();
    entered > exited
}

/// Names of the Parallel states of a definition that stand inside another Parallel.
pub(crate) fn nested_parallels(definition: &Value) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut scopes = vec![(definition.clone(), false)];
    while let Some((scope, inside)) = scopes.pop() {
        let Some(states) = scope.get("States").and_then(Value::as_object) else { continue };
        for (name, state) in states.iter() {
            let is_parallel = state.get("Type").and_then(Value::as_str) == Some("Parallel");
            if is_parallel && inside {
                names.insert(name.to_string());
            }
            if let Some(branches) = state.get("Branches").and_then(Value::as_array) {
                scopes.extend(branches.iter().map(|branch| (branch.clone(), true)));
            }
            for key in ["ItemProcessor", "Iterator"] {
                scopes.extend(state.get(key).map(|processor| (processor.clone(), inside)));
            }
        }
    }
    names
}
