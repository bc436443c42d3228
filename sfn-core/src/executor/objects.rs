//! Where Map Runs get and put objects: a service that answers when it can.

use std::sync::{Arc, Mutex, PoisonError};

use crate::object_store::{ObjectAnswer, ObjectError, ObjectPart, ObjectRequest, ObjectStore};
use crate::task::BoxFuture;

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

/// A store that answers at once.
pub(super) struct Immediate<S>(pub(super) Arc<Mutex<S>>);

impl<S: ObjectStore + Send + 'static> ObjectService for Immediate<S> {
    fn answer(&self, request: ObjectRequest) -> BoxFuture<Result<ObjectAnswer, ObjectError>> {
        let store = self.0.clone();
        Box::pin(async move { store.lock().unwrap_or_else(PoisonError::into_inner).answer(&request) })
    }

    fn put(&self, part: ObjectPart) -> BoxFuture<Result<(), ObjectError>> {
        let store = self.0.clone();
        Box::pin(async move { store.lock().unwrap_or_else(PoisonError::into_inner).put(&part) })
    }
}
