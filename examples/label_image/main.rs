//! Images are labelled by workers of an activity: processes of one's own that ask for work, beat while they do it, answer.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::activity::Worker;
use sfn::executor::{Clock, Executor, VirtualClock};
use sfn::{SfnData, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Image {
    bucket: String,
    key: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Label {
    label: String,
    certainty: f64,
}

#[task(
    activity = "LabelActivityArn",
    timeout = "24h",
    heartbeat = "5m",
    retry(on = ["States.HeartbeatTimeout"], max = 2, interval = "1s", backoff = 1.0)
)]
async fn label(img: Image) -> Result<Label, sfn::Error>;

#[state_machine]
async fn label_image(img: Image) -> Result<String, sfn::Error> {
    Ok(label(img).await?.label)
}

sfn::golden!(label_image, "label_image.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", label_image::definition()?.to_json_pretty());
    for key in ["cat.png", "dog.png", "empty.png"] {
        match run(key).await? {
            Ok(label) => println!("{key}: {label}"),
            Err(error) => println!("{key}: FAILED {error}"),
        }
    }
    Ok(())
}

/// Runs the document and a worker in this process. With AWS the worker is a process of its own, and its client is made of
/// the SDK's; the rest is the same.
async fn run(key: &str) -> Result<Result<String, String>, Box<dyn std::error::Error>> {
    let clock = VirtualClock::new();
    let executor = Executor::builder().clock(clock.clone()).build();
    let worker = Worker::new(executor.clone()).concurrency(8).serve(label, move |img: Image, heartbeat| {
        let clock = clock.clone();
        async move {
            // Twenty minutes of work, which the virtual clock passes at once.
            for _ in 0..5 {
                heartbeat.beat().await?;
                heartbeat.waiting(clock.sleep_until(clock.now() + 4 * 60_000)).await;
            }
            match img.key.strip_suffix(".png") {
                Some("empty") | None => Err(sfn::Error::new("NothingThere", img.key)),
                Some(name) => Ok(Label { label: format!("a {name}"), certainty: 0.9 }),
            }
        }
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    // The worker comes first: under a virtual clock a day is over at once when nobody is there.
    let ((), result) = tokio::join!(worker.run_until(stopped), async {
        let image = Image { bucket: "images".to_owned(), key: key.to_owned() };
        let execution = executor.start(label_image, image).await;
        let result = match execution {
            Ok(execution) => Ok(execution.result().await.map_err(|error| error.to_string())),
            Err(error) => Err(error),
        };
        drop(stop);
        result
    });
    executor.shutdown().await;
    Ok(result?)
}

#[cfg(test)]
mod tests;
