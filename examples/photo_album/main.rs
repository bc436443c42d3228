//! A definition in the States Language as typed Rust: `workflow.rs` was made from `workflow.asl.json`, see README.md.

#![allow(clippy::print_stdout, reason = "an example shows what it does")]

use std::sync::atomic::{AtomicU32, Ordering};

use sfn_core::executor::{Execution, TaskContext};
use sfn_core::{Error, Value};

#[rustfmt::skip]
#[allow(unused_qualifications, unreachable_pub)]
mod workflow;

use workflow::{DetectLabelsInput, ListPhotosInput, MakeThumbnailInput, State, StoreIndexInput, Tasks, TellOwnerInput};

/// What the workflow calls, without a cloud: three photos, of which one is none.
#[derive(Default)]
struct Studio {
    thumbnails: AtomicU32,
}

impl Tasks for Studio {
    async fn list_photos(&self, input: ListPhotosInput, _: TaskContext) -> Result<Value, Error> {
        let keys = ["beach.jpg", "notes.txt", "sunset.jpg"].map(|name| Value::from(format!("{}{name}", input.prefix)));
        Ok(Value::object([("keys", Value::array(keys))]))
    }

    async fn read_metadata(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
        let key = input.get("key").and_then(Value::as_str).unwrap_or_default();
        match key.rsplit_once('.') {
            Some((_, "jpg")) => Ok(Value::object([("taken", "2026-07-01")].map(|(key, day)| (key, Value::from(day))))),
            _ => Err(Error::new("UnsupportedFormat", format!("`{key}` is no photo"))),
        }
    }

    async fn make_thumbnail(&self, input: MakeThumbnailInput, context: TaskContext) -> Result<Value, Error> {
        // The first call of all fails, to show that the state is retried.
        if self.thumbnails.fetch_add(1, Ordering::Relaxed) == 0 {
            return Err(Error::new("OutOfMemory", format!("{} is too large", input.source.key)));
        }
        let key = format!("thumbnails/{}x{}.{}", input.size.width, input.size.height, input.format);
        Ok(Value::object([("key", Value::from(key)), ("attempt", Value::from(context.retry_count()))]))
    }

    async fn detect_labels(&self, input: DetectLabelsInput, _: TaskContext) -> Result<Value, Error> {
        let is_beach = input.image.s3_object.name.as_str().is_some_and(|name| name.contains("beach"));
        let names: &[&str] = if is_beach { &["Sea", "Sand"] } else { &["Sun", "Sea", "Sky"] };
        let labels = names.iter().take(usize::try_from(input.max_labels).unwrap_or(0));
        let labels = labels.map(|name| Value::object([("Name", Value::from(*name))]));
        Ok(Value::object([("Labels", Value::array(labels))]))
    }

    async fn store_index(&self, input: StoreIndexInput, _: TaskContext) -> Result<Value, Error> {
        println!("stored in {}: {}", input.table_name, input.item.photos.s);
        Ok(Value::empty_object())
    }

    async fn tell_owner(&self, input: TellOwnerInput, _: TaskContext) -> Result<Value, Error> {
        println!("told the owner: {}", input.message);
        Ok(Value::object([("MessageId", Value::from("m-1"))]))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{} has {} states, it starts with `{}`", workflow::NAME, State::ALL.len(), State::ListPhotos);
    let album = Value::parse(r#"{"album": "summer", "bucket": "photos"}"#)?;
    let ended: Execution = workflow::run(Studio::default(), album).await?;
    println!("{:#}", ended.output().await?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use sfn_core::executor::{Executor, VirtualClock};

    use super::*;

    #[tokio::test]
    async fn the_album_is_published() {
        let executor = workflow::bind(Executor::builder().clock(VirtualClock::new()), Studio::default()).build();
        let album = Value::parse(r#"{"album": "summer", "bucket": "photos"}"#).unwrap();
        let execution = workflow::start(&executor, album).await.unwrap();
        let expected = r#"{"album": "summer", "photos": [
            {"key": "albums/summer/beach.jpg", "taken": "2026-07-01", "thumbnail": "thumbnails/256x256.webp",
             "labels": ["Sea", "Sand"]},
            {"key": "albums/summer/notes.txt", "skipped": "UnsupportedFormat"},
            {"key": "albums/summer/sunset.jpg", "taken": "2026-07-01", "thumbnail": "thumbnails/256x256.webp",
             "labels": ["Sun", "Sea", "Sky"]}]}"#;
        assert_eq!(execution.output().await, Ok(Value::parse(expected).unwrap()));
        executor.shutdown().await;
    }

    #[test]
    fn the_module_has_the_document() {
        assert_eq!(workflow::definition(), include_str!("workflow.asl.json"));
    }
}
