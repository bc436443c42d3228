//! Thumbnails of an album: its images are resized side by side, ten at a time.
#![expect(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use serde::{Deserialize, Serialize};
use sfn::asl::Value;
use sfn::executor::{ExecutionError, Executor};
use sfn::history::HistoryEvent;
use sfn::{SfnData, map, state_machine, task};
use sfn_core as sfn;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Album {
    bucket: String,
    images: Vec<Image>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Image {
    key: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Thumbnail {
    key: String,
    bytes: u64,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Summary {
    bucket: String,
    count: usize,
    bytes: u64,
}

#[task(lambda = "Resize")]
async fn resize(key: String, index: usize) -> Result<Thumbnail, sfn::Error>;

#[state_machine]
async fn thumbs(req: Album) -> Result<Summary, sfn::Error> {
    let thumbs = map(req.images).concurrency(10).each(|i, img| resize(img.key, i)).await?;
    Ok(Summary { bucket: req.bucket, count: thumbs.len(), bytes: thumbs.iter().map(|t| t.bytes).sum::<u64>() })
}

sfn::golden!(thumbs, "thumbs.asl.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{}", thumbs::definition()?.to_json_pretty());
    for keys in [vec!["cat.png", "dog.png", "owl.png"], vec![], vec!["cat.png", "notes.txt", "owl.png"]] {
        println!("\n{keys:?}");
        run(album(&keys)).await?;
    }
    Ok(())
}

/// Runs the document in this process; the function below does the work of the Lambda function.
async fn run(album: Album) -> Result<(), Box<dyn std::error::Error>> {
    let executor = Executor::builder()
        .task(resize, |(key, index): (String, usize), _| async move {
            match key.ends_with(".png") {
                true => Ok(Thumbnail { key: format!("small-{index}-{key}"), bytes: 1_024 }),
                false => Err(sfn::Error::new("NoImage", key)),
            }
        })
        .build();
    let execution = executor.start(thumbs, album).await?;
    execution.ended().await;
    for event in execution.history() {
        if let Some(line) = line(&event) {
            println!("  {line}");
        }
    }
    match execution.result().await {
        Ok(summary) => println!("SUCCEEDED {}", serde_json::to_string(&summary)?),
        Err(ExecutionError::Failed(error)) => println!("FAILED {}: {}", error.error, error.message()),
        Err(other) => return Err(other.into()),
    }
    executor.shutdown().await;
    Ok(())
}

/// What an event tells about a state.
fn line(event: &HistoryEvent) -> Option<String> {
    let detail = |name: &str| event.details.as_ref().and_then(|details| details.get(name));
    let text = |name: &str| detail(name).and_then(Value::as_str).unwrap_or_default();
    match event.kind {
        kind if kind.ends_with("StateEntered") => Some(text("name").to_owned()),
        "TaskSucceeded" => Some(format!("  returned {}", detail("output")?.get("Payload")?)),
        "TaskFailed" => Some(format!("  failed with {}", text("error"))),
        _ => None,
    }
}

fn album(keys: &[&str]) -> Album {
    let images = keys.iter().map(|key| Image { key: (*key).to_owned() });
    Album { bucket: "photos".to_owned(), images: images.collect() }
}

#[cfg(test)]
mod tests;
