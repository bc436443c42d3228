//! Body and document agree, however the job ends.

use sfn::testing::{after, minutes};

use super::*;

#[tokio::test]
async fn a_job_is_polled_until_it_is_done() {
    let run = service(3).run(export_job, spec()).await;
    assert_eq!(run.assert_succeeded(), "https://files/export-of-orders");
    run.assert_calls(start_job, 1).assert_calls(job_status, 3).assert_path([
        "StartJob",
        "JobStatus",
        "match m1",
        "Wait",
        "JobStatus",
        "match m1",
        "Wait",
        "JobStatus",
        "match m1",
        "Return url",
    ]);
    assert_eq!(run.elapsed(), secs(60));
}

#[tokio::test]
async fn a_job_that_is_done_at_once_is_not_waited_for() {
    let run = service(1).run(export_job, spec()).await;
    run.assert_succeeded();
    run.assert_path(["StartJob", "JobStatus", "match m1", "Return url"]);
    assert_eq!(run.elapsed(), secs(0));
}

#[tokio::test]
async fn a_job_that_never_ends_is_given_up() {
    let run = service(100).run(export_job, spec()).await;
    run.assert_failed("GaveUp").assert_calls(job_status, 6);
    assert_eq!(run.result().unwrap_err(), &Ended::Failed(sfn::Error::new("GaveUp", "after 5 polls")));
    assert_eq!(run.elapsed(), secs(5 * 30));
}

#[tokio::test]
async fn a_job_that_fails_tells_why() {
    let run =
        service(3).mock(job_status, |_| Ok(JobState::Failed("no such table".into()))).run(export_job, spec()).await;
    run.assert_failed("JobFailed").assert_path(["StartJob", "JobStatus", "match m1", "Fail JobFailed"]);
    assert_eq!(run.result().unwrap_err(), &Ended::Failed(sfn::Error::new("JobFailed", "no such table")));
}

#[tokio::test]
async fn a_service_that_fails_ends_the_workflow() {
    let broken = || sfn::Error::new("Broken", "the service is down");
    service(3).mock(start_job, move |_| Err(broken())).run(export_job, spec()).await.assert_failed("Broken");
    let run = service(3).mock(job_status, move |_| after(minutes(1), Err(broken()))).run(export_job, spec()).await;
    run.assert_failed("Broken").assert_calls(job_status, 1);
    assert_eq!(run.elapsed(), minutes(1));
}

#[tokio::test]
async fn the_program_runs() {
    run().await.unwrap();
}
