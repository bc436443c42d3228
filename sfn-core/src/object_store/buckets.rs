//! Buckets over the stores of the crate `object_store`.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::object_store::local::LocalFileSystem;
use ::object_store::memory::InMemory;
use ::object_store::path::Path;
use ::object_store::{
    GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore as Store, ObjectStoreExt, PutPayload,
};
use futures_util::StreamExt;

use super::{
    ListedObject, ObjectAnswer, ObjectError, ObjectLocation, ObjectPart, ObjectRequest, ObjectService, no_such_key,
};
use crate::task::BoxFuture;

/// Bytes of a piece that is read at once.
const PIECE: u64 = 4 << 20;

/// Objects on a page of a list. A store that does not list in order is looked through once a page.
const PAGE: usize = 10_000;

/// Buckets by their names: in memory, in local folders, in S3, or in any other store of the crate `object_store`.
///
/// ```
/// use sfn_core::asl::{definition::Definition, value::Value};
/// use sfn_core::executor::Executor;
/// use sfn_core::object_store::Buckets;
///
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let root = std::env::temp_dir().join(format!("sfn-buckets-{}", std::process::id()));
/// // The folder `orders` is the bucket `orders`; `results` is made when something is written to it.
/// std::fs::create_dir_all(root.join("orders"))?;
/// std::fs::write(root.join("orders/today.csv"), "id,cents\na,700\nb,350\n")?;
/// let definition = Definition::parse_json(r#"{"QueryLanguage": "JSONata", "StartAt": "Orders", "States": {"Orders": {
///     "Type": "Map",
///     "ItemReader": {
///         "Resource": "arn:aws:states:::s3:getObject",
///         "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
///         "Arguments": {"Bucket": "orders", "Key": "today.csv"}
///     },
///     "ItemProcessor": {
///         "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
///         "StartAt": "Bill",
///         "States": {"Bill": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true,
///             "Arguments": {"FunctionName": "bill", "Payload": "{% $states.input %}"},
///             "Output": "{% $states.result.Payload %}"}}
///     },
///     "MaxConcurrency": 1,
///     "ResultWriter": {
///         "Resource": "arn:aws:states:::s3:putObject",
///         "Arguments": {"Bucket": "results", "Prefix": "bills"},
///         "WriterConfig": {"Transformation": "COMPACT", "OutputType": "JSONL"}
///     },
///     "End": true
/// }}}"#).map_err(|findings| format!("{findings:?}"))?;
/// let executor = Executor::builder()
///     .object_service(Buckets::in_folder(&root))
///     .function("bill", |order, _| async move { Ok(order.get("cents").cloned().unwrap_or_default()) })
///     .build();
/// let execution = executor.start_document(&definition, Value::empty_object()).await?;
/// let output = execution.output().await?;
/// // {"MapRunArn": …, "ResultWriterDetails": {"Bucket": "results", "Key": "bills/…/manifest.json"}}
/// let manifest = output.get("ResultWriterDetails").and_then(|details| details.get("Key")).and_then(Value::as_str);
/// let results = root.join("results").join(manifest.unwrap_or_default()).with_file_name("SUCCEEDED_0.jsonl");
/// assert_eq!(std::fs::read_to_string(results)?, "\"700\"\n\"350\"\n");
/// assert_eq!(execution.map_runs()[0].describe().counts.items.succeeded, 2);
/// executor.shutdown().await;
/// # std::fs::remove_dir_all(root)?;
/// # Ok(()) }
/// ```
///
/// They are what an executor reads items from and writes results to (`ExecutorBuilder::object_service`). Limits: a key is a
/// path without empty parts, as the crate has it; every object is of the storage class `STANDARD`; tags are the store's,
/// which for a folder are no MD5; versions are known in S3 alone. An object that is written in pieces appears when the last
/// one is there; one whose pieces began in a process that ended cannot be gone on with.
#[derive(Clone, Default)]
pub struct Buckets {
    stores: HashMap<Arc<str>, Arc<Bucket>>,
    others: Option<Others>,
    /// Those of the others that were asked for: an S3 client is made once.
    opened: Arc<Mutex<HashMap<Arc<str>, Arc<Bucket>>>>,
    /// Objects that are being written, by bucket and key.
    uploads: Uploads,
}

type Uploads = Arc<Mutex<HashMap<(Arc<str>, Arc<str>), Upload>>>;

/// An object that is being written.
struct Upload {
    upload: Box<dyn MultipartUpload>,
    /// The piece that comes next.
    next: u32,
}

/// Where the buckets are that were not named.
#[derive(Clone)]
enum Others {
    /// Each is a folder in this one.
    Folder(PathBuf),
    #[cfg(feature = "s3")]
    S3(Box<::object_store::aws::AmazonS3Builder>),
}

enum Bucket {
    Store(Arc<dyn Store>),
    /// It lists in order, a page at a time.
    #[cfg(feature = "s3")]
    S3(Arc<::object_store::aws::AmazonS3>),
}

impl Bucket {
    fn store(&self) -> &dyn Store {
        match self {
            Bucket::Store(store) => &**store,
            #[cfg(feature = "s3")]
            Bucket::S3(store) => &**store,
        }
    }
}

impl Buckets {
    /// No buckets.
    pub fn new() -> Self {
        Buckets::default()
    }

    /// A bucket for each folder in `root`, which is made when something is written to it.
    pub fn in_folder(root: impl Into<PathBuf>) -> Self {
        Buckets { others: Some(Others::Folder(root.into())), ..Buckets::default() }
    }

    /// The buckets of an S3 service: `builder` says all but the bucket.
    ///
    /// `AmazonS3Builder::from_env()` reads AWS's variables; with `with_endpoint`, `with_allow_http` and
    /// `with_virtual_hosted_style_request` it reaches what speaks S3's language on another machine, or on this one.
    #[cfg(feature = "s3")]
    pub fn in_s3(builder: ::object_store::aws::AmazonS3Builder) -> Self {
        Buckets { others: Some(Others::S3(Box::new(builder))), ..Buckets::default() }
    }

    /// The same, and a bucket of this name in memory, empty at first.
    pub fn with_memory(self, bucket: &str) -> Self {
        self.with_store(bucket, Arc::new(InMemory::new()))
    }

    /// The same, and a bucket of this name in a folder, which has to be there.
    pub fn with_folder(self, bucket: &str, folder: impl AsRef<std::path::Path>) -> Result<Self, ObjectError> {
        let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
        Ok(self.with_store(bucket, Arc::new(store)))
    }

    /// The same, and a bucket of this name in `store`.
    pub fn with_store(mut self, bucket: &str, store: Arc<dyn Store>) -> Self {
        self.stores.insert(bucket.into(), Arc::new(Bucket::Store(store)));
        self
    }

    /// The bucket `name`; `is_made`, if there is none yet, where that can be done.
    fn bucket(&self, name: &str, is_made: bool) -> Result<Arc<Bucket>, ObjectError> {
        let none = || ObjectError {
            cause: format!("The specified bucket does not exist: {name} (Service: S3, Status Code: 404)"),
        };
        if let Some(bucket) = self.stores.get(name) {
            return Ok(bucket.clone());
        }
        let mut opened = lock(&self.opened);
        if let Some(bucket) = opened.get(name) {
            return Ok(bucket.clone());
        }
        let bucket = match &self.others {
            None => return Err(none()),
            Some(Others::Folder(root)) => {
                let is_plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\']);
                let folder = root.join(name);
                if is_plain && is_made {
                    std::fs::create_dir_all(&folder).map_err(|error| ObjectError { cause: error.to_string() })?;
                }
                if !is_plain || !folder.is_dir() {
                    return Err(none());
                }
                let store = LocalFileSystem::new_with_prefix(folder).map_err(failed)?;
                Arc::new(Bucket::Store(Arc::new(store)))
            }
            #[cfg(feature = "s3")]
            Some(Others::S3(builder)) => {
                let store = builder.as_ref().clone().with_bucket_name(name).build().map_err(failed)?;
                Arc::new(Bucket::S3(Arc::new(store)))
            }
        };
        opened.insert(name.into(), bucket.clone());
        Ok(bucket)
    }
}

impl ObjectService for Buckets {
    fn answer(&self, request: ObjectRequest) -> BoxFuture<Result<ObjectAnswer, ObjectError>> {
        let buckets = self.clone();
        Box::pin(async move {
            match request {
                ObjectRequest::Get { location, offset } => {
                    let bucket = buckets.bucket(&location.bucket, false)?;
                    piece(bucket.store(), &location, offset).await
                }
                ObjectRequest::Size { location } => {
                    let bucket = buckets.bucket(&location.bucket, false)?;
                    Ok(ObjectAnswer::Size(meta(bucket.store(), &location).await?.size))
                }
                ObjectRequest::List { bucket, prefix, continuation } => {
                    let bucket = buckets.bucket(&bucket, false)?;
                    list(&bucket, prefix.as_deref().unwrap_or_default(), continuation).await
                }
            }
        })
    }

    fn put(&self, part: ObjectPart) -> BoxFuture<Result<(), ObjectError>> {
        let buckets = self.clone();
        Box::pin(async move {
            let bucket = buckets.bucket(&part.bucket, true)?;
            let path = path(&part.key)?;
            let bytes = PutPayload::from(part.bytes.to_vec());
            let name = (part.bucket, part.key);
            if part.number == 0 && part.is_last {
                bucket.store().put(&path, bytes).await.map_err(failed)?;
                return Ok(());
            }
            // The entry is taken out while a piece is on its way: the pieces of an object come one at a time.
            let upload = lock(&buckets.uploads).remove(&name);
            let mut upload = match upload {
                _ if part.number == 0 => {
                    Upload { upload: bucket.store().put_multipart(&path).await.map_err(failed)?, next: 0 }
                }
                Some(upload) if upload.next == part.number => upload,
                _ => {
                    return Err(ObjectError {
                        cause: format!("Nobody here began to write s3://{}/{}", name.0, name.1),
                    });
                }
            };
            upload.upload.put_part(bytes).await.map_err(failed)?;
            upload.next += 1;
            if part.is_last {
                upload.upload.complete().await.map_err(failed)?;
            } else {
                lock(&buckets.uploads).insert(name, upload);
            }
            Ok(())
        })
    }
}

fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn meta(store: &dyn Store, location: &ObjectLocation) -> Result<ObjectMeta, ObjectError> {
    let version = location.version_id.as_deref().map(str::to_owned);
    let options = GetOptions { head: true, version, ..GetOptions::default() };
    Ok(store.get_opts(&path(&location.key)?, options).await.map_err(|error| not_found(error, location))?.meta)
}

async fn piece(store: &dyn Store, location: &ObjectLocation, offset: u64) -> Result<ObjectAnswer, ObjectError> {
    // Nothing can be asked of an empty object but its size, and nothing beyond the end of any.
    if offset == 0 && meta(store, location).await?.size == 0 {
        return Ok(ObjectAnswer::Piece { bytes: Vec::new(), is_last: true });
    }
    let version = location.version_id.as_deref().map(str::to_owned);
    let range = Some(GetRange::Bounded(offset..offset.saturating_add(PIECE)));
    let options = GetOptions { range, version, ..GetOptions::default() };
    let got = store.get_opts(&path(&location.key)?, options).await.map_err(|error| not_found(error, location))?;
    let size = got.meta.size;
    let bytes = got.bytes().await.map_err(failed)?;
    let is_last = offset.saturating_add(bytes.len() as u64) >= size;
    Ok(ObjectAnswer::Piece { bytes: bytes.into(), is_last })
}

async fn list(bucket: &Bucket, prefix: &str, continuation: Option<Arc<str>>) -> Result<ObjectAnswer, ObjectError> {
    match bucket {
        Bucket::Store(store) => list_in_order(&**store, prefix, continuation).await,
        #[cfg(feature = "s3")]
        Bucket::S3(store) => {
            use ::object_store::list::{PaginatedListOptions, PaginatedListStore};
            let page_token = continuation.as_deref().map(str::to_owned);
            let options = PaginatedListOptions { page_token, ..PaginatedListOptions::default() };
            let page = store.list_paginated(Some(prefix).filter(|prefix| !prefix.is_empty()), options).await;
            let page = page.map_err(failed)?;
            let objects = page.result.objects.iter().map(listed).collect();
            Ok(ObjectAnswer::Page { objects, continuation: page.page_token.map(Arc::from) })
        }
    }
}

/// The objects of a store that tells them in any order, in the order of their keys: the first ones after `continuation`.
async fn list_in_order(
    store: &dyn Store,
    prefix: &str,
    continuation: Option<Arc<str>>,
) -> Result<ObjectAnswer, ObjectError> {
    // The crate's prefixes are whole folders, S3's are any text.
    let folder = prefix.rsplit_once('/').map(|(folder, _)| path(folder)).transpose()?;
    let mut all = store.list(folder.as_ref());
    let mut first: BinaryHeap<ByKey> = BinaryHeap::new();
    let mut more = false;
    while let Some(object) = all.next().await {
        let object = object.map_err(failed)?;
        let key = object.location.as_ref();
        if !key.starts_with(prefix) || continuation.as_deref().is_some_and(|after| key <= after) {
            continue;
        }
        first.push(ByKey(object));
        if first.len() > PAGE {
            first.pop();
            more = true;
        }
    }
    let objects: Vec<_> = first.into_sorted_vec().iter().map(|ByKey(object)| listed(object)).collect();
    let continuation = objects.last().filter(|_| more).map(|object| object.key.clone());
    Ok(ObjectAnswer::Page { objects, continuation })
}

/// An object, ordered by its key.
struct ByKey(ObjectMeta);

impl Ord for ByKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.location.as_ref().cmp(other.0.location.as_ref())
    }
}

impl PartialOrd for ByKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByKey {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ByKey {}

fn listed(object: &ObjectMeta) -> ListedObject {
    let tag = object.e_tag.as_deref().unwrap_or_default().trim_matches('"');
    ListedObject {
        key: object.location.as_ref().into(),
        etag: format!("\"{tag}\"").into(),
        last_modified: object.last_modified.timestamp(),
        size: object.size,
        storage_class: "STANDARD".into(),
    }
}

fn path(key: &str) -> Result<Path, ObjectError> {
    Path::parse(key).map_err(|error| ObjectError { cause: format!("The key cannot be the path of an object: {error}") })
}

fn failed(error: ::object_store::Error) -> ObjectError {
    ObjectError { cause: error.to_string() }
}

fn not_found(error: ::object_store::Error, location: &ObjectLocation) -> ObjectError {
    match error {
        ::object_store::Error::NotFound { .. } => no_such_key(location),
        error => failed(error),
    }
}

impl std::fmt::Debug for Buckets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut names: Vec<_> = self.stores.keys().collect();
        names.sort();
        f.debug_struct("Buckets").field("named", &names).finish_non_exhaustive()
    }
}
