//! A store that answers at once as a service.

use std::sync::{Arc, Mutex, PoisonError};

use crate::object_store::{ObjectAnswer, ObjectError, ObjectPart, ObjectRequest, ObjectService, ObjectStore};
use crate::task::BoxFuture;

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
