// Made by sfn-codegen 0.1.0 from workflow.asl.json. Changes are lost when it is made again:
//
//     sfn-codegen --style types --name photo-album -o workflow.rs workflow.asl.json

use ::core::future::Future;
use ::sfn_core::asl::Definition;
use ::sfn_core::executor::{
    Execution, Executor, ExecutorBuilder, StartError, TaskContext,
};
use ::sfn_core::serde::{Deserialize, Serialize, de::DeserializeOwned};
use ::sfn_core::{Error, Value};
use ::std::sync::Arc;

/// The definition in the Amazon States Language, byte for byte.
#[must_use]
#[allow(dead_code, unreachable_pub)]
pub const fn definition() -> &'static str {
    DEFINITION
}

/// What the workflow is called.
#[allow(dead_code, unreachable_pub)]
pub const NAME: &str = "photo-album";

/// Runs the workflow to its end, in memory and by the clock on the wall.
///
/// The execution that is returned is over: it has its output, or why there is none, and its history. A workflow
/// that waits for a task's token is started with [`bind`] and [`start`] instead, on an executor that can be told
/// the result.
///
/// # Errors
/// The input is too large, or there is no tokio runtime.
#[allow(dead_code, unreachable_pub)]
pub async fn run(tasks: impl Tasks, input: Value) -> Result<Execution, StartError> {
    let executor = bind(Executor::builder(), tasks).build();
    let execution = start(&executor, input).await?;
    execution.ended().await;
    executor.shutdown().await;
    Ok(execution)
}

/// Starts the workflow on an executor that knows its tasks, see [`bind`].
///
/// # Errors
/// The input is too large, the executor is shut down, or there is no tokio runtime.
#[allow(dead_code, unreachable_pub)]
pub async fn start(executor: &Executor, input: Value) -> Result<Execution, StartError> {
    let definition = Definition::parse_json(definition()).map_err(StartError::Refused)?;
    executor.start_named(NAME, &definition, input).await
}

/// Lets `tasks` do the work of the workflow's tasks.
///
/// Functions, activities and other resources are bound by their names, service calls by the names of their states:
/// workflows that share an executor should not share those.
#[allow(dead_code, unreachable_pub)]
pub fn bind<T: Tasks>(mut builder: ExecutorBuilder, tasks: T) -> ExecutorBuilder {
    let tasks = Arc::new(tasks);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::list_photos(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.function("list-photos", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::read_metadata(&tasks, input, context).await }
        }
    };
    builder = builder.function("read-metadata", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::make_thumbnail(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.function("make-thumbnail", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::detect_labels(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Detect Labels", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::store_index(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Store Index", handler);
    let handler = {
        let tasks = Arc::clone(&tasks);
        move |input: Value, context: TaskContext| {
            let tasks = Arc::clone(&tasks);
            async move { T::tell_owner(&tasks, typed(&input)?, context).await }
        }
    };
    builder = builder.state("Tell Owner", handler);
    builder
}

fn typed<T: DeserializeOwned>(input: &Value) -> Result<T, Error> {
    input.to_data().map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
}

/// The work that is done outside the workflow: a method for each function, activity and service call.
#[allow(unreachable_pub, clippy::wrong_self_convention)]
pub trait Tasks: Send + Sync + 'static {
    /// The Lambda function `list-photos`.
    ///
    /// Called by the state `List Photos`.
    fn list_photos(
        &self,
        input: ListPhotosInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The Lambda function `arn:aws:lambda:eu-central-1:111122223333:function:read-metadata`.
    ///
    /// Called by the state `Read Metadata`.
    fn read_metadata(
        &self,
        input: Value,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The Lambda function `arn:aws:lambda:eu-central-1:111122223333:function:make-thumbnail:live`.
    ///
    /// Called by the state `Make Thumbnail`.
    fn make_thumbnail(
        &self,
        input: MakeThumbnailInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::aws-sdk:rekognition:detectLabels`.
    ///
    /// Called by the state `Detect Labels`.
    fn detect_labels(
        &self,
        input: DetectLabelsInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::dynamodb:putItem`.
    ///
    /// Called by the state `Store Index`.
    fn store_index(
        &self,
        input: StoreIndexInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;

    /// The service call `arn:aws:states:::sns:publish`.
    ///
    /// Called by the state `Tell Owner`.
    fn tell_owner(
        &self,
        input: TellOwnerInput,
        context: TaskContext,
    ) -> impl Future<Output = Result<Value, Error>> + Send;
}

/// What [`Tasks::list_photos`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct ListPhotosInput {
    /// `bucket` in the input.
    pub bucket: Value,
    /// `prefix` in the input.
    pub prefix: String,
    /// `limit` in the input.
    pub limit: i64,
}

/// What [`Tasks::make_thumbnail`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct MakeThumbnailInput {
    /// `source` in the input.
    pub source: MakeThumbnailInputSource,
    /// `size` in the input.
    pub size: MakeThumbnailInputSize,
    /// `format` in the input.
    pub format: String,
}

/// What [`Tasks::make_thumbnail`] is called with, member `source`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct MakeThumbnailInputSource {
    /// `bucket` in the input.
    pub bucket: Value,
    /// `key` in the input.
    pub key: Value,
}

/// What [`Tasks::make_thumbnail`] is called with, member `size`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct MakeThumbnailInputSize {
    /// `width` in the input.
    pub width: i64,
    /// `height` in the input.
    pub height: i64,
}

/// What [`Tasks::detect_labels`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct DetectLabelsInput {
    /// `Image` in the input.
    #[serde(rename = "Image")]
    pub image: DetectLabelsInputImage,
    /// `MaxLabels` in the input.
    #[serde(rename = "MaxLabels")]
    pub max_labels: i64,
    /// `MinConfidence` in the input.
    #[serde(rename = "MinConfidence")]
    pub min_confidence: f64,
}

/// What [`Tasks::detect_labels`] is called with, member `image`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct DetectLabelsInputImage {
    /// `S3Object` in the input.
    #[serde(rename = "S3Object")]
    pub s3_object: DetectLabelsInputImageS3Object,
}

/// What [`Tasks::detect_labels`] is called with, member `image`, member `s3_object`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct DetectLabelsInputImageS3Object {
    /// `Bucket` in the input.
    #[serde(rename = "Bucket")]
    pub bucket: Value,
    /// `Name` in the input.
    #[serde(rename = "Name")]
    pub name: Value,
}

/// What [`Tasks::store_index`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct StoreIndexInput {
    /// `TableName` in the input.
    #[serde(rename = "TableName")]
    pub table_name: String,
    /// `Item` in the input.
    #[serde(rename = "Item")]
    pub item: StoreIndexInputItem,
}

/// What [`Tasks::store_index`] is called with, member `item`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct StoreIndexInputItem {
    /// `album` in the input.
    pub album: StoreIndexInputItemAlbum,
    /// `photos` in the input.
    pub photos: StoreIndexInputItemPhotos,
}

/// What [`Tasks::store_index`] is called with, member `item`, member `album`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct StoreIndexInputItemAlbum {
    /// `S` in the input.
    #[serde(rename = "S")]
    pub s: Value,
}

/// What [`Tasks::store_index`] is called with, member `item`, member `photos`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct StoreIndexInputItemPhotos {
    /// `S` in the input.
    #[serde(rename = "S")]
    pub s: String,
}

/// What [`Tasks::tell_owner`] is called with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(crate = "::sfn_core::serde")]
#[allow(dead_code, unreachable_pub)]
pub struct TellOwnerInput {
    /// `TopicArn` in the input.
    #[serde(rename = "TopicArn")]
    pub topic_arn: String,
    /// `Message` in the input.
    #[serde(rename = "Message")]
    pub message: String,
}

/// The states of the workflow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(dead_code, unreachable_pub, clippy::enum_variant_names)]
pub enum State {
    /// `List Photos`, a Task state.
    ListPhotos,
    /// `Any Photos?`, a Choice state.
    AnyPhotos,
    /// `Empty Album`, a Fail state.
    EmptyAlbum,
    /// `Process Photos`, a Map state.
    ProcessPhotos,
    /// `Read Metadata`, a Task state.
    ReadMetadata,
    /// `Skip Photo`, a Pass state.
    SkipPhoto,
    /// `Derive`, a Parallel state.
    Derive,
    /// `Make Thumbnail`, a Task state.
    MakeThumbnail,
    /// `Detect Labels`, a Task state.
    DetectLabels,
    /// `Describe Photo`, a Pass state.
    DescribePhoto,
    /// `Store Index`, a Task state.
    StoreIndex,
    /// `Tell Owner`, a Task state.
    TellOwner,
    /// `Published`, a Pass state.
    Published,
}

#[allow(dead_code, unreachable_pub)]
impl State {
    /// Every state, in the order of the definition.
    pub const ALL: [State; 13] = [
        State::ListPhotos,
        State::AnyPhotos,
        State::EmptyAlbum,
        State::ProcessPhotos,
        State::ReadMetadata,
        State::SkipPhoto,
        State::Derive,
        State::MakeThumbnail,
        State::DetectLabels,
        State::DescribePhoto,
        State::StoreIndex,
        State::TellOwner,
        State::Published,
    ];

    /// The name of the state in the definition.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            State::ListPhotos => "List Photos",
            State::AnyPhotos => "Any Photos?",
            State::EmptyAlbum => "Empty Album",
            State::ProcessPhotos => "Process Photos",
            State::ReadMetadata => "Read Metadata",
            State::SkipPhoto => "Skip Photo",
            State::Derive => "Derive",
            State::MakeThumbnail => "Make Thumbnail",
            State::DetectLabels => "Detect Labels",
            State::DescribePhoto => "Describe Photo",
            State::StoreIndex => "Store Index",
            State::TellOwner => "Tell Owner",
            State::Published => "Published",
        }
    }
}

impl ::core::fmt::Display for State {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        f.write_str(self.name())
    }
}

impl ::core::convert::TryFrom<&str> for State {
    type Error = UnknownState;

    fn try_from(name: &str) -> Result<State, UnknownState> {
        match name {
            "List Photos" => Ok(State::ListPhotos),
            "Any Photos?" => Ok(State::AnyPhotos),
            "Empty Album" => Ok(State::EmptyAlbum),
            "Process Photos" => Ok(State::ProcessPhotos),
            "Read Metadata" => Ok(State::ReadMetadata),
            "Skip Photo" => Ok(State::SkipPhoto),
            "Derive" => Ok(State::Derive),
            "Make Thumbnail" => Ok(State::MakeThumbnail),
            "Detect Labels" => Ok(State::DetectLabels),
            "Describe Photo" => Ok(State::DescribePhoto),
            "Store Index" => Ok(State::StoreIndex),
            "Tell Owner" => Ok(State::TellOwner),
            "Published" => Ok(State::Published),
            _ => Err(UnknownState { name: name.into() }),
        }
    }
}

impl ::core::str::FromStr for State {
    type Err = UnknownState;

    fn from_str(name: &str) -> Result<State, UnknownState> {
        State::try_from(name)
    }
}

/// The workflow has no state of this name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)]
pub struct UnknownState {
    /// The name that was asked for.
    pub name: String,
}

impl ::core::fmt::Display for UnknownState {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        write!(f, "the workflow has no state `{}`", self.name)
    }
}

impl ::std::error::Error for UnknownState {}

const DEFINITION: &str = r#"{
  "Comment": "Publishes a photo album: reads every photo, derives a thumbnail and labels, stores an index and tells the owner",
  "StartAt": "List Photos",
  "TimeoutSeconds": 900,
  "States": {
    "List Photos": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": {
        "FunctionName": "list-photos",
        "Payload": {
          "bucket.$": "$.bucket",
          "prefix.$": "States.Format('albums/{}/', $.album)",
          "limit": 100
        }
      },
      "ResultSelector": {
        "keys.$": "$.Payload.keys",
        "count.$": "States.ArrayLength($.Payload.keys)"
      },
      "ResultPath": "$.found",
      "TimeoutSeconds": 30,
      "Retry": [
        {
          "ErrorEquals": ["Lambda.ServiceException", "Lambda.TooManyRequestsException"],
          "IntervalSeconds": 2,
          "MaxAttempts": 5,
          "BackoffRate": 2
        }
      ],
      "Next": "Any Photos?"
    },
    "Any Photos?": {
      "Type": "Choice",
      "Choices": [
        {
          "Variable": "$.found.count",
          "NumericGreaterThan": 0,
          "Next": "Process Photos"
        }
      ],
      "Default": "Empty Album"
    },
    "Empty Album": {
      "Type": "Fail",
      "Error": "EmptyAlbum",
      "Cause": "there is no photo in the album"
    },
    "Process Photos": {
      "Type": "Map",
      "ItemsPath": "$.found.keys",
      "ItemSelector": {
        "bucket.$": "$.bucket",
        "key.$": "$$.Map.Item.Value"
      },
      "MaxConcurrency": 2,
      "ItemProcessor": {
        "ProcessorConfig": { "Mode": "INLINE" },
        "StartAt": "Read Metadata",
        "States": {
          "Read Metadata": {
            "Type": "Task",
            "Resource": "arn:aws:lambda:eu-central-1:111122223333:function:read-metadata",
            "ResultPath": "$.metadata",
            "Catch": [
              {
                "ErrorEquals": ["UnsupportedFormat"],
                "ResultPath": "$.error",
                "Next": "Skip Photo"
              }
            ],
            "Next": "Derive"
          },
          "Skip Photo": {
            "Type": "Pass",
            "Parameters": {
              "key.$": "$.key",
              "skipped.$": "$.error.Error"
            },
            "End": true
          },
          "Derive": {
            "Type": "Parallel",
            "Branches": [
              {
                "StartAt": "Make Thumbnail",
                "States": {
                  "Make Thumbnail": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": {
                      "FunctionName": "arn:aws:lambda:eu-central-1:111122223333:function:make-thumbnail:live",
                      "Payload": {
                        "source": { "bucket.$": "$.bucket", "key.$": "$.key" },
                        "size": { "width": 256, "height": 256 },
                        "format": "webp"
                      }
                    },
                    "OutputPath": "$.Payload",
                    "Retry": [
                      {
                        "ErrorEquals": ["States.ALL"],
                        "IntervalSeconds": 1,
                        "MaxAttempts": 2,
                        "BackoffRate": 1.5
                      }
                    ],
                    "End": true
                  }
                }
              },
              {
                "StartAt": "Detect Labels",
                "States": {
                  "Detect Labels": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::aws-sdk:rekognition:detectLabels",
                    "Parameters": {
                      "Image": { "S3Object": { "Bucket.$": "$.bucket", "Name.$": "$.key" } },
                      "MaxLabels": 3,
                      "MinConfidence": 75.5
                    },
                    "ResultSelector": { "names.$": "$.Labels[*].Name" },
                    "End": true
                  }
                }
              }
            ],
            "ResultSelector": {
              "thumbnail.$": "$[0].key",
              "labels.$": "$[1].names"
            },
            "ResultPath": "$.derived",
            "Next": "Describe Photo"
          },
          "Describe Photo": {
            "Type": "Pass",
            "Parameters": {
              "key.$": "$.key",
              "taken.$": "$.metadata.taken",
              "thumbnail.$": "$.derived.thumbnail",
              "labels.$": "$.derived.labels"
            },
            "End": true
          }
        }
      },
      "ResultPath": "$.photos",
      "Next": "Store Index"
    },
    "Store Index": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {
        "TableName": "albums",
        "Item": {
          "album": { "S.$": "$.album" },
          "photos": { "S.$": "States.JsonToString($.photos)" }
        }
      },
      "ResultPath": null,
      "Next": "Tell Owner"
    },
    "Tell Owner": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sns:publish",
      "Parameters": {
        "TopicArn": "arn:aws:sns:eu-central-1:111122223333:albums",
        "Message.$": "States.Format('{} is published: {} files were looked at', $.album, $.found.count)"
      },
      "ResultPath": "$.message",
      "Catch": [
        {
          "ErrorEquals": ["States.ALL"],
          "ResultPath": null,
          "Next": "Published"
        }
      ],
      "Next": "Published"
    },
    "Published": {
      "Type": "Pass",
      "Parameters": {
        "album.$": "$.album",
        "photos.$": "$.photos"
      },
      "End": true
    }
  }
}
"#;
