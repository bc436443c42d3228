//! Choice, Parallel, Retry and Catch: metadata of an image, then labels and a thumbnail side by side.

use std::sync::Arc;

use sfn_core::executor::TaskContext;
use sfn_core::{Error, Value};

use crate::image_recognition::{self as workflow, State};
use crate::{Calls, builder, check, json};

struct Images {
    format: Result<&'static str, &'static str>,
    calls: Arc<Calls>,
}

impl workflow::Tasks for Images {
    async fn extract_image_metadata_function(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
        assert_eq!(context.state().parse(), Ok(State::ExtractImageMetadata));
        assert_eq!(input.get("key"), Some(&Value::from("dog.png")));
        self.calls.note("extract");
        match self.format {
            Ok(format) => Ok(Value::object([("format", Value::from(format)), ("width", Value::from(640))])),
            Err(error) => Err(Error::new(error, "not an image")),
        }
    }

    async fn transform_metadata_function(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("transform");
        // `InputPath` picks the metadata.
        Ok(Value::object([("size", input.get("width").cloned().unwrap_or_default())]))
    }

    async fn rekognition_function(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
        assert_eq!(input.get("extractedMetadata"), Some(&json(r#"{"size": 640}"#)));
        match context.retry_count() {
            0 => Err(Error::new("ThrottlingException", "try again")),
            retries => Ok(Value::array([Value::from("dog"), Value::from(retries)])),
        }
    }

    async fn generate_thumbnail_function(&self, _: Value, _: TaskContext) -> Result<Value, Error> {
        Ok(json(r#"{"thumb": "dog-small.png"}"#))
    }

    async fn store_image_metadata_function(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("store");
        Ok(input.get("parallelResults").cloned().unwrap_or_default())
    }
}

async fn case(name: &str, format: Result<&'static str, &'static str>, expected: Result<&str, Error>, calls: &str) {
    let made = Arc::new(Calls::default());
    let executor = workflow::bind(builder(), Images { format, calls: made.clone() }).build();
    let execution = workflow::start(&executor, json(r#"{"key": "dog.png"}"#)).await.expect("it starts");
    check(&format!("image recognition, {name}"), execution.output().await, expected);
    assert_eq!(made.all(), calls, "{name}");
    executor.shutdown().await;
}

pub(crate) async fn run() {
    let stored = r#"[["dog", 1], {"thumb": "dog-small.png"}]"#;
    let done = format!(
        r#"{{"key": "dog.png", "extractedMetadata": {{"size": 640}}, "parallelResults": {stored}, "storeResult": {stored}}}"#
    );
    case("a PNG", Ok("PNG"), Ok(&done), "extract transform store").await;
    let unsupported = || Error::new("FileTypeNotSupported", "Image type not supported!");
    case("a TIFF", Ok("TIFF"), Err(unsupported()), "extract").await;
    case("no image", Err("ImageIdentifyError"), Err(unsupported()), "extract").await;
    let broken = Error::new("Broken", "not an image");
    case("a function that fails", Err("Broken"), Err(broken), "extract extract extract").await;
}
