//! Objects that a Map Run reads and writes: what is asked for, what is answered, and a store in memory.
//!
//! Readers and Map Runs do no I/O. They say what they need, a piece at a time, and a driver answers from S3, from a
//! folder, or from memory. What answers at once is an [`ObjectStore`], what answers later an [`ObjectService`]; with the
//! feature `object-store` `Buckets` are one, over the stores of the crate `object_store`.

#[cfg(feature = "object-store")]
mod buckets;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use md5::Digest;

#[cfg(feature = "object-store")]
pub use buckets::Buckets;

use crate::task::BoxFuture;

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ObjectLocation {
    /// `Bucket`
    pub bucket: Arc<str>,
    /// `Key`
    pub key: Arc<str>,
    /// `VersionId`
    pub version_id: Option<Arc<str>>,
}

/// What a reader needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ObjectRequest {
    /// A piece of an object, from this offset on; the answer says how long it is.
    Get {
        /// Which object.
        location: ObjectLocation,
        /// The first byte of the piece.
        offset: u64,
    },
    /// How many bytes an object has.
    Size {
        /// Which object.
        location: ObjectLocation,
    },
    /// A page of the objects of a bucket, in the order of their keys.
    List {
        /// The bucket.
        bucket: Arc<str>,
        /// What their keys begin with.
        prefix: Option<Arc<str>>,
        /// What the page before said.
        continuation: Option<Arc<str>>,
    },
}

/// The answer to an [`ObjectRequest`].
#[derive(Clone, Debug, PartialEq)]
pub enum ObjectAnswer {
    /// A piece of the object.
    Piece {
        /// Its bytes.
        bytes: Vec<u8>,
        /// Nothing comes after it.
        is_last: bool,
    },
    /// How many bytes the object has.
    Size(u64),
    /// A page of the list.
    Page {
        /// The objects.
        objects: Vec<ListedObject>,
        /// How to ask for the next page; `None` when there is none.
        continuation: Option<Arc<str>>,
    },
}

/// An object in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListedObject {
    /// `Key`
    pub key: Arc<str>,
    /// `ETag`, in its quotes.
    pub etag: Arc<str>,
    /// `LastModified`, in seconds since 1970-01-01T00:00Z.
    pub last_modified: i64,
    /// `Size`
    pub size: u64,
    /// `StorageClass`
    pub storage_class: Arc<str>,
}

/// A piece of an object that a Map Run writes. The pieces of an object come in order, one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectPart {
    /// The bucket.
    pub bucket: Arc<str>,
    /// The object's key.
    pub key: Arc<str>,
    /// Which piece, from 0. A piece may come twice after a crash: it replaces itself.
    pub number: u32,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The object is whole with it.
    pub is_last: bool,
}

/// Why a store could not do what it was asked for, in the store's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct ObjectError {
    /// The words, which become the `Cause` of the failure.
    pub cause: String,
}

/// Answers the requests of readers, and takes in what Map Runs write.
pub trait ObjectStore {
    /// Answers a request.
    fn answer(&mut self, request: &ObjectRequest) -> Result<ObjectAnswer, ObjectError>;

    /// Takes in a piece of an object.
    fn put(&mut self, part: &ObjectPart) -> Result<(), ObjectError>;
}

/// Answers the requests of readers and takes in what Map Runs write, without keeping a thread meanwhile.
///
/// A Map Run waits for one answer and one piece at a time. The future of a request that nobody waits for any more is
/// dropped. Stores that answer at once are an [`ObjectStore`]; with the feature `object-store` there are `Buckets` in
/// memory, in local folders, in S3.
pub trait ObjectService: Send + Sync + 'static {
    /// Answers a request.
    fn answer(&self, request: ObjectRequest) -> BoxFuture<Result<ObjectAnswer, ObjectError>>;

    /// Takes in a piece of an object.
    fn put(&self, part: ObjectPart) -> BoxFuture<Result<(), ObjectError>>;
}

/// A store that several hold.
impl<S: ObjectStore + ?Sized> ObjectStore for Arc<Mutex<S>> {
    fn answer(&mut self, request: &ObjectRequest) -> Result<ObjectAnswer, ObjectError> {
        self.lock().unwrap_or_else(PoisonError::into_inner).answer(request)
    }

    fn put(&mut self, part: &ObjectPart) -> Result<(), ObjectError> {
        self.lock().unwrap_or_else(PoisonError::into_inner).put(part)
    }
}

/// Bucket and key.
type Name = (Arc<str>, Arc<str>);

/// Objects in memory: for tests and small runs. It knows no versions, and no times: objects date from 1970.
#[derive(Clone, Debug)]
pub struct MemoryStore {
    objects: BTreeMap<Name, Vec<u8>>,
    /// Objects that are being written: their pieces.
    unfinished: BTreeMap<Name, BTreeMap<u32, Arc<[u8]>>>,
    /// Bytes of a piece that is read.
    piece: usize,
    /// Objects on a page of a list.
    page: usize,
}

impl Default for MemoryStore {
    fn default() -> Self {
        MemoryStore { objects: BTreeMap::new(), unfinished: BTreeMap::new(), piece: 64 << 10, page: 1000 }
    }
}

impl MemoryStore {
    /// An empty store that answers in pieces of so many bytes and pages of so many objects, at least one.
    pub fn with_pieces(piece: usize, page: usize) -> Self {
        MemoryStore { piece: piece.max(1), page: page.max(1), ..MemoryStore::default() }
    }

    /// Puts an object in.
    pub fn insert(&mut self, bucket: &str, key: &str, bytes: impl Into<Vec<u8>>) {
        self.objects.insert((bucket.into(), key.into()), bytes.into());
    }

    /// The bytes of an object.
    pub fn get(&self, bucket: &str, key: &str) -> Option<&[u8]> {
        self.objects.get(&(bucket.into(), key.into())).map(Vec::as_slice)
    }

    /// The keys of a bucket, in order.
    pub fn keys(&self, bucket: &str) -> Vec<Arc<str>> {
        self.objects.keys().filter(|(name, _)| &**name == bucket).map(|(_, key)| key.clone()).collect()
    }
}

impl ObjectStore for MemoryStore {
    fn answer(&mut self, request: &ObjectRequest) -> Result<ObjectAnswer, ObjectError> {
        match request {
            ObjectRequest::Get { location, offset } => {
                let object = self.objects.get(&(location.bucket.clone(), location.key.clone()));
                let object = object.ok_or_else(|| no_such_key(location))?;
                let start = usize::try_from(*offset).unwrap_or(usize::MAX).min(object.len());
                let end = start.saturating_add(self.piece).min(object.len());
                Ok(ObjectAnswer::Piece { bytes: object[start..end].to_vec(), is_last: end == object.len() })
            }
            ObjectRequest::Size { location } => {
                let object = self.objects.get(&(location.bucket.clone(), location.key.clone()));
                Ok(ObjectAnswer::Size(object.ok_or_else(|| no_such_key(location))?.len() as u64))
            }
            ObjectRequest::List { bucket, prefix, continuation } => {
                let prefix = prefix.as_deref().unwrap_or_default();
                let after = continuation.as_deref();
                let mut objects = self.objects.iter().filter(|((name, key), _)| {
                    name == bucket && key.starts_with(prefix) && after.is_none_or(|after| &**key > after)
                });
                let listed = |((_, key), bytes): (&Name, &Vec<u8>)| ListedObject {
                    key: key.clone(),
                    etag: etag(bytes),
                    last_modified: 0,
                    size: bytes.len() as u64,
                    storage_class: "STANDARD".into(),
                };
                let page: Vec<_> = objects.by_ref().take(self.page).map(listed).collect();
                let more = objects.next().is_some();
                let continuation = page.last().filter(|_| more).map(|object| object.key.clone());
                Ok(ObjectAnswer::Page { objects: page, continuation })
            }
        }
    }

    fn put(&mut self, part: &ObjectPart) -> Result<(), ObjectError> {
        let name = (part.bucket.clone(), part.key.clone());
        let parts = self.unfinished.entry(name.clone()).or_default();
        parts.insert(part.number, part.bytes.clone());
        if part.is_last {
            let parts = self.unfinished.remove(&name).unwrap_or_default();
            self.objects.insert(name, parts.into_values().flat_map(|bytes| bytes.to_vec()).collect());
        }
        Ok(())
    }
}

/// The tag that S3 gives an object that was put as a whole.
fn etag(bytes: &[u8]) -> Arc<str> {
    let digest = md5::Md5::digest(bytes);
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("\"{digits}\"").into()
}

pub(crate) fn no_such_key(location: &ObjectLocation) -> ObjectError {
    let ObjectLocation { bucket, key, .. } = location;
    ObjectError {
        cause: format!("The specified key does not exist: s3://{bucket}/{key} (Service: S3, Status Code: 404)"),
    }
}
