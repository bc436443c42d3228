use std::collections::VecDeque;
use std::sync::Arc;

use sfn_asl::value::Value;

use super::objects::ObjectReader;
use super::{Format, Item, Next, ReadError};
use crate::object_store::{ListedObject, ObjectAnswer, ObjectLocation, ObjectRequest};

/// The objects of a bucket: as items themselves, or, with `LOAD_AND_FLATTEN`, the items in them.
#[derive(Debug)]
pub(super) struct ListReader {
    bucket: Arc<str>,
    prefix: Option<Arc<str>>,
    flatten: Option<Format>,
    source: Arc<str>,
    objects: VecDeque<ListedObject>,
    continuation: Option<Arc<str>>,
    is_listed: bool,
    /// The object whose items come next.
    open: Option<ObjectReader>,
}

impl ListReader {
    pub(super) fn new(bucket: Arc<str>, prefix: Option<Arc<str>>, flatten: Option<Format>) -> Result<Self, ReadError> {
        if let Some(format) = &flatten {
            // What cannot be read at all fails before anything is listed.
            ObjectReader::check(format)?;
        }
        let source = format!("S3://{bucket}").into();
        Ok(ListReader {
            bucket,
            prefix,
            flatten,
            source,
            objects: VecDeque::new(),
            continuation: None,
            is_listed: false,
            open: None,
        })
    }

    pub(super) fn poll(&mut self) -> Result<Next, ReadError> {
        loop {
            if let Some(reader) = &mut self.open {
                match reader.poll()? {
                    Next::End => self.open = None,
                    next => return Ok(next),
                }
            }
            let Some(object) = self.objects.pop_front() else {
                if self.is_listed {
                    return Ok(Next::End);
                }
                return Ok(Next::Needs(ObjectRequest::List {
                    bucket: self.bucket.clone(),
                    prefix: self.prefix.clone(),
                    continuation: self.continuation.clone(),
                }));
            };
            match &self.flatten {
                None => return Ok(Next::Item(Item { value: listed(&object), key: None, source: self.source.clone() })),
                // Consoles make such objects so that a folder is seen; nothing is in them.
                Some(_) if object.size == 0 && object.key.ends_with('/') => {}
                Some(format) => {
                    let location = ObjectLocation { bucket: self.bucket.clone(), key: object.key, version_id: None };
                    self.open = Some(ObjectReader::new(location, format)?);
                }
            }
        }
    }

    pub(super) fn answer(&mut self, answer: ObjectAnswer) -> Result<(), ReadError> {
        if let Some(reader) = &mut self.open {
            return reader.answer(answer);
        }
        let ObjectAnswer::Page { objects, continuation } = answer else {
            return Err(ReadError::new("The store answered with an object where a list was asked for."));
        };
        self.objects.extend(objects);
        self.is_listed = continuation.is_none();
        self.continuation = continuation;
        Ok(())
    }
}

/// An object of a list as an item.
fn listed(object: &ListedObject) -> Value {
    Value::object([
        ("Etag", Value::from(&*object.etag)),
        ("Key", Value::from(&*object.key)),
        ("LastModified", Value::from(object.last_modified)),
        ("Size", Value::from(object.size)),
        ("StorageClass", Value::from(&*object.storage_class)),
    ])
}
