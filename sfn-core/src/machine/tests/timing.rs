//! Waits, timeouts, heartbeats and retries by the virtual clock.

use super::harness::{Answer, Answers, START, answers, json, run};
use crate::machine::retry::delay_milliseconds;
use crate::machine::{Effects, Event, Input, Machine, Now, Quotas, Rejected, Status, retry};
use sfn_asl::definition::{JitterStrategy, Retrier};

fn later(milliseconds: i64) -> Vec<Answer> {
    vec![Answer::Later(milliseconds, Box::new(Answer::Succeed(json("1"))))]
}

fn task(fields: &str) -> String {
    format!(
        r#"{{"StartAt":"A","States":{{"A":{{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke",{fields}
            "End":true}}}}}}"#
    )
}

#[test]
fn a_wait_of_a_year_takes_no_time() {
    let text = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":31536000,"End":true}}}"#;
    let run = run(text, "{}", &Answers::new());
    assert_eq!(run.output(), json("{}"));
    assert_eq!(run.elapsed(), 31_536_000_000);
}

#[test]
fn a_timestamp_in_the_past_is_no_wait() {
    let text = r#"{"StartAt":"W","States":{"W":{"Type":"Wait","Timestamp":"2001-01-01T00:00:00Z","End":true}}}"#;
    assert_eq!(run(text, "{}", &Answers::new()).elapsed(), 0);
}

#[test]
fn a_task_times_out() {
    let run = run(&task(r#""TimeoutSeconds":5,"#), "{}", &answers([("A", vec![Answer::Never])]));
    assert_eq!(run.error(), ("States.Timeout".to_owned(), String::new()));
    assert_eq!(run.elapsed(), 5_000);
    assert_eq!(run.cancelled, 1);
}

#[test]
fn an_answer_in_the_last_moment_counts() {
    let run = run(&task(r#""TimeoutSeconds":5,"#), "{}", &answers([("A", later(5_000))]));
    assert_eq!(run.output(), json("1"));
}

#[test]
fn a_missed_heartbeat_is_a_timeout_that_has_a_name_of_its_own_for_retriers() {
    let fields = r#""TimeoutSeconds":50,"HeartbeatSeconds":5,
        "Retry":[{"ErrorEquals":["States.HeartbeatTimeout"],"MaxAttempts":1}],"#;
    let text = task(fields).replace("lambda:invoke", "sqs:sendMessage.waitForTaskToken");
    let waiting = run(&text, "{}", &answers([("A", vec![Answer::Never])]));
    assert_eq!(waiting.error().0, "States.Timeout");
    assert_eq!(waiting.elapsed(), 5_000 + 1_000 + 5_000);
    // Nobody can send a heartbeat for a request that is answered at once: there only the timeout counts.
    let request = run(&task(fields), "{}", &answers([("A", vec![Answer::Never])]));
    assert_eq!(request.elapsed(), 50_000);
}

/// The answer is refused, and the timeout that was due before it takes its course in the same step.
#[test]
fn a_late_answer_finds_the_task_timed_out() {
    let run = run(&task(r#""TimeoutSeconds":5,"#), "{}", &answers([("A", vec![Answer::Never])]));
    let scheduled = run.log.iter().position(|record| matches!(record.event, Event::TaskScheduled { .. }));
    let mut machine = Machine::new(run.program.clone(), run.identity.clone(), Quotas::default());
    run.log[..=scheduled.unwrap()].iter().for_each(|record| machine.apply(record));
    let task = machine.outstanding().next().unwrap().task;
    let mut effects = Effects::default();
    let late = Now { time: START + 5_001, seed: 0 };
    let outcome = machine.step(Input::TaskSucceeded { task, output: json("1") }, late, &mut effects);
    assert_eq!(outcome, Err(Rejected::Ended));
    assert_eq!(machine.status().name(), "FAILED");
}

#[test]
fn the_whole_execution_times_out() {
    let text = r#"{"StartAt":"W","TimeoutSeconds":10,"States":{"W":{"Type":"Wait","Seconds":60,"End":true}}}"#;
    let run = run(text, "{}", &Answers::new());
    assert_eq!(*run.machine.status(), Status::TimedOut);
    assert_eq!(run.clock, START + 10_000);
    assert_eq!(run.history().last().map(|event| (event.kind, event.previous_event_id)), Some(("ExecutionTimedOut", 0)));
}

#[test]
fn delays() {
    let check = |interval, rate, most: Option<u64>, jitter, attempt, draw, expected| {
        let retrier = Retrier {
            error_equals: vec!["States.ALL".into()],
            interval_seconds: interval,
            max_attempts: 3,
            backoff_rate: rate,
            max_delay_seconds: most,
            jitter_strategy: jitter,
        };
        assert_eq!(delay_milliseconds(&retrier, attempt, draw), expected);
    };
    check(1, 2.0, None, JitterStrategy::None, 0, 0.5, 1_000);
    check(1, 2.0, None, JitterStrategy::None, 4, 0.5, 16_000);
    check(3, 1.5, None, JitterStrategy::None, 2, 0.5, 6_750);
    check(2, 2.0, Some(10), JitterStrategy::None, 3, 0.5, 10_000);
    check(2, 2.0, Some(10), JitterStrategy::Full, 3, 0.5, 5_000);
    check(1, 1.0, None, JitterStrategy::None, 1000, 0.5, 1_000);
    // A backoff beyond any clock does not overflow it.
    let longest = 100_000 * 366 * 86_400 * 1000;
    check(99_999_999, 10.0, None, JitterStrategy::None, u32::MAX, 0.5, longest);
}

#[test]
fn error_names() {
    use crate::machine::{Failure, FailureKind};
    let check = |names: &[&str], failure: &Failure, expected: bool| {
        let names: Vec<_> = names.iter().map(|name| (*name).into()).collect();
        assert_eq!(retry::matches(&names, failure), expected, "{names:?} against {failure:?}");
    };
    let custom = Failure::new("Custom", "");
    check(&["Custom"], &custom, true);
    check(&["custom"], &custom, false);
    check(&["Other", "States.ALL"], &custom, true);
    check(&["States.TaskFailed"], &custom, true);
    let timeout = Failure::timeout(FailureKind::Timeout);
    check(&["States.TaskFailed"], &timeout, false);
    check(&["States.Timeout"], &timeout, true);
    check(&["States.HeartbeatTimeout"], &timeout, false);
    check(&["States.ALL"], &timeout, true);
    let heartbeat = Failure::timeout(FailureKind::HeartbeatTimeout);
    check(&["States.HeartbeatTimeout"], &heartbeat, true);
    check(&["States.Timeout"], &heartbeat, true);
    let nameless = Failure::default();
    check(&["States.ALL"], &nameless, true);
    check(&["States.Runtime"], &nameless, false);
    check(&["States.ALL", "States.Runtime"], &Failure::fatal("States.Runtime", ""), false);
}
