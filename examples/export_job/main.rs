//! An export is started and polled every half minute until it is done, has failed, or has taken too long.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::task::sleep;
use sfn::testing::{Ended, Env, env, secs};
use sfn::{SfnData, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Spec {
    table: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Job {
    id: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
enum JobState {
    Running,
    Done { url: String },
    Failed(String),
}

#[task(lambda = "StartJob")]
async fn start_job(spec: Spec) -> Result<Job, sfn::Error>;

#[task(lambda = "JobStatus")]
async fn job_status(id: String) -> Result<JobState, sfn::Error>;

#[state_machine]
async fn export_job(spec: Spec) -> Result<String, sfn::Error> {
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

sfn::golden!(export_job, "export_job.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    run().await
}

/// Prints the document and runs it beside the body, in virtual time.
async fn run() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", export_job::definition()?.to_json_pretty());
    for (what, done_at) in [("an export that takes a while", 3), ("an export that never ends", 100)] {
        let run = service(done_at).run(export_job, spec()).await;
        println!("\n{what}\n  {}", run.path().join(" -> "));
        match run.result() {
            Ok(url) => println!("  {url} after {:?}", run.elapsed()),
            Err(Ended::Failed(error)) => println!("  {error} after {:?}", run.elapsed()),
            Err(Ended::TimedOut) => println!("  timed out"),
        }
    }
    Ok(())
}

/// A service whose exports are done at the given poll.
fn service(done_at: usize) -> Env {
    let mut polls = 0;
    let status = move |id: String| {
        polls += 1;
        Ok(if polls % done_at == 0 { JobState::Done { url: format!("https://files/{id}") } } else { JobState::Running })
    };
    env().mock(start_job, |spec: Spec| Ok(Job { id: format!("export-of-{}", spec.table) })).mock(job_status, status)
}

fn spec() -> Spec {
    Spec { table: "orders".to_owned() }
}

#[cfg(test)]
mod tests;
