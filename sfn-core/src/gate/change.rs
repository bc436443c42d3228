//! Methods that change what they are called on: an assignment of the changed value in the document.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// What `push` is called on.
#[diagnostic::on_unimplemented(
    message = "`{I}` cannot be pushed to `{Self}` in a state machine",
    label = "`push` takes an item of a `Vec`, or a `char` for a `String`"
)]
pub trait Pushed<I> {
    /// Adds an item.
    fn push(&mut self, item: I);
}

impl<T> Pushed<T> for Vec<T> {
    fn push(&mut self, item: T) {
        Vec::push(self, item);
    }
}

impl Pushed<char> for String {
    fn push(&mut self, item: char) {
        String::push(self, item);
    }
}

/// What `insert` is called on.
#[diagnostic::on_unimplemented(
    message = "nothing can be inserted into `{Self}` in a state machine",
    label = "`insert` takes a key and a value of a map"
)]
pub trait Inserted<V> {
    /// Adds or replaces a value.
    fn insert(&mut self, key: String, value: V);
}

impl<V> Inserted<V> for BTreeMap<String, V> {
    fn insert(&mut self, key: String, value: V) {
        BTreeMap::insert(self, key, value);
    }
}

impl<V, S: BuildHasher> Inserted<V> for HashMap<String, V, S> {
    fn insert(&mut self, key: String, value: V) {
        HashMap::insert(self, key, value);
    }
}

/// What `clear` is called on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be cleared in a state machine",
    label = "`clear` is a method of texts, of `Vec` and of maps"
)]
pub trait Cleared {
    /// Takes all away.
    fn clear(&mut self);
}

impl<T> Cleared for Vec<T> {
    fn clear(&mut self) {
        Vec::clear(self);
    }
}

impl Cleared for String {
    fn clear(&mut self) {
        String::clear(self);
    }
}

impl<V> Cleared for BTreeMap<String, V> {
    fn clear(&mut self) {
        BTreeMap::clear(self);
    }
}

impl<V, S> Cleared for HashMap<String, V, S> {
    fn clear(&mut self) {
        HashMap::clear(self);
    }
}

/// `place.push(item)`
pub fn push<C: Pushed<I>, I>(item: I, place: &mut C) {
    place.push(item);
}

/// `place.push_str(text)`
pub fn push_str(text: &str, place: &mut String) {
    place.push_str(text);
}

/// `place.extend(items)`
pub fn extend<T, I: IntoIterator>(items: I, place: &mut Vec<T>)
where
    Vec<T>: Extend<I::Item>,
{
    Extend::extend(place, items);
}

/// `place.insert(key, value)`
pub fn insert<M: Inserted<V>, V>(key: String, value: V, place: &mut M) {
    place.insert(key, value);
}

/// `place.clear()`
pub fn clear<C: Cleared>(place: &mut C) {
    place.clear();
}
