//! Workers of activities against the executor, under a virtual clock.
#![cfg(feature = "macros")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sfn_core::activity::Worker;
use sfn_core::executor::{Clock, ExecutionError, Executor, VirtualClock};
use sfn_core::prelude::*;
use tokio::sync::oneshot;

#[task(activity = "LabelArn", timeout = "1h", heartbeat = "5m", retry(on = ["States.HeartbeatTimeout"], max = 1))]
async fn label(image: String) -> Result<String, Error>;
#[task(activity = "Count", timeout = "1h")]
async fn count(a: u32, b: u32) -> Result<u32, Error>;

#[state_machine]
async fn labels(image: String) -> Result<(String, u32), Error> {
    let text = label(image).await?;
    let sum = count(1, 2).await?;
    Ok((text, sum))
}

#[state_machine]
async fn many(images: Vec<String>) -> Result<Vec<String>, Error> {
    let all = map(images).each(|image| label(image)).await?;
    Ok(all)
}

const MINUTE: i64 = 60_000;

fn executor() -> (Executor, VirtualClock) {
    let clock = VirtualClock::new();
    (Executor::builder().clock(clock.clone()).seed(1).build(), clock)
}

#[tokio::test]
async fn a_worker_serves_several_activities_and_stops() {
    let (executor, _) = executor();
    let worker = Worker::new(executor.clone())
        .name("w1")
        .concurrency(2)
        .serve(label, |image: String, heartbeat| async move {
            heartbeat.beat().await?;
            Ok(image.to_uppercase())
        })
        .serve(count, |(a, b), _| async move { Ok(a + b) });
    let (stop, stopped) = oneshot::channel::<()>();
    let ((), result) = tokio::join!(worker.run_until(stopped), async {
        let execution = executor.start(labels, "cat".to_string()).await.expect("it starts");
        let result = execution.result().await;
        let started = execution.history();
        assert!(started.iter().any(|event| event.kind == "ActivityStarted"));
        drop(stop);
        result
    });
    assert_eq!(result, Ok(("CAT".to_string(), 3)));
    executor.shutdown().await;
}

/// How long a run of [`many`] takes with a worker whose every image takes four minutes.
async fn minutes_of(images: usize, concurrency: usize) -> i64 {
    let (executor, clock) = executor();
    let busy = Arc::new(AtomicUsize::new(0));
    let sleeping = clock.clone();
    let worker =
        Worker::new(executor.clone()).concurrency(concurrency).serve(label, move |image: String, heartbeat| {
            let (clock, busy) = (sleeping.clone(), busy.clone());
            async move {
                assert!(busy.fetch_add(1, Ordering::SeqCst) < concurrency, "no more than {concurrency} at once");
                heartbeat.waiting(clock.sleep_until(clock.now() + 4 * MINUTE)).await;
                busy.fetch_sub(1, Ordering::SeqCst);
                Ok(image)
            }
        });
    let (stop, stopped) = oneshot::channel::<()>();
    let ((), took) = tokio::join!(worker.run_until(stopped), async {
        let names: Vec<_> = (0..images).map(|image| image.to_string()).collect();
        let execution = executor.start(many, names.clone()).await.expect("it starts");
        assert_eq!(execution.result().await, Ok(names));
        drop(stop);
        let times: Vec<_> = execution.history().iter().map(|event| event.timestamp).collect();
        times.last().zip(times.first()).map(|(last, first)| last - first).expect("events")
    });
    executor.shutdown().await;
    took / MINUTE
}

#[tokio::test]
async fn so_many_tasks_are_done_at_once() {
    assert_eq!(minutes_of(4, 8).await, 4);
    assert_eq!(minutes_of(1, 1).await, 4);
}

#[tokio::test]
async fn a_silent_worker_times_out_and_a_late_answer_has_no_effect() {
    let (executor, clock) = executor();
    let times = Arc::new(AtomicUsize::new(0));
    let worker = Worker::new(executor.clone()).concurrency(2).serve(label, move |image: String, heartbeat| {
        let (clock, time) = (clock.clone(), times.fetch_add(1, Ordering::SeqCst));
        async move {
            if time == 0 {
                heartbeat.waiting(clock.sleep_until(clock.now() + 6 * MINUTE)).await;
                // Nobody waits any more.
                assert!(heartbeat.beat().await.is_err());
            }
            Ok(format!("{image} {time}"))
        }
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let ((), result) = tokio::join!(worker.run_until(stopped), async {
        let execution = executor.start(many, vec!["a".to_string()]).await.expect("it starts");
        let result = execution.result().await;
        drop(stop);
        result
    });
    assert_eq!(result, Ok(vec!["a 1".to_string()]));
    executor.shutdown().await;
}

#[tokio::test]
async fn errors_and_panics_are_answers() {
    let (executor, _) = executor();
    let worker = Worker::new(executor.clone()).serve(label, |image: String, _| async move {
        assert!(image != "panic", "an image that nobody likes");
        Err(Error::new("NoLabel", image))
    });
    let (stop, stopped) = oneshot::channel::<()>();
    let ((), ()) = tokio::join!(worker.run_until(stopped), async {
        for (image, expected) in [("cat", "NoLabel"), ("panic", "Sfn.HandlerPanicked")] {
            let execution = executor.start(many, vec![image.to_string()]).await.expect("it starts");
            let Err(ExecutionError::Failed(error)) = execution.result().await else { panic!("it fails") };
            assert_eq!(error.error, expected);
        }
        drop(stop);
    });
    executor.shutdown().await;
}

#[tokio::test]
async fn a_worker_ends_with_its_service() {
    let (executor, _) = executor();
    let worker = Worker::new(executor.clone()).serve(label, |image: String, _| async move { Ok(image) });
    let working = tokio::spawn(worker.run());
    tokio::task::yield_now().await;
    executor.shutdown().await;
    working.await.expect("the worker ends");
}
