use std::collections::HashMap;
use std::marker::PhantomData;

use sfn_asl::Value;

use crate::data::{Data, DataError, Schema};
use crate::task::{
    BoxFuture, CallSettings, Effect, EffectDescription, EffectKind, ErrorSchema, Nested, Pause, Run, TaskBody,
    TaskError, Underway,
};

/// A place in a body whose type rustc infers: it is created untyped, unified with the expression by [`see`], and handed
/// to the [`Witness`] when the body has been built, but not run.
pub struct Site<T>(PhantomData<fn() -> T>);

impl<T> Site<T> {
    /// A site of a type yet to be inferred.
    #[expect(clippy::new_without_default, reason = "only emitted code makes sites")]
    pub fn new() -> Self {
        Site(PhantomData)
    }
}

impl<T> Clone for Site<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Site<T> {}

/// Gives `site` the type of `value`.
#[inline(always)]
pub fn see<T>(_site: &Site<T>, _value: &T) {}

/// Gives `site` the type of `value`, and the value on: what it borrows lives as long as the statement.
#[inline(always)]
pub fn seen<T>(_site: &Site<T>, value: T) -> T {
    value
}

/// Reads a place: a copy, as every read in the States Language is.
#[inline(always)]
pub fn read<T: Clone>(place: &T) -> T {
    place.clone()
}

/// Begins an effect in a run of the body.
#[inline(always)]
pub fn effect<C: Effect>(run: &Run, effect: C) -> C::Performing {
    effect.perform(run.clone())
}

/// Lets time pass in a run of the body.
#[inline(always)]
pub fn pause(run: &Run, pause: Pause) -> BoxFuture<()> {
    run.pause(pause)
}

/// Gives `site` the kind of the effect that is under way.
#[inline(always)]
pub fn see_effect<P: Underway>(_site: &Site<P::Kind>, performing: P) -> P {
    performing
}

/// What rustc inferred at the sites of one body.
#[derive(Default)]
pub struct Witness {
    ignoring: bool,
    types: HashMap<usize, Schema>,
    effects: HashMap<usize, EffectDescription>,
    recovered: HashMap<usize, Schema>,
    bodies: Vec<TaskBody>,
    nested: Vec<Nested>,
    constants: HashMap<usize, Result<Value, DataError>>,
    errors: HashMap<usize, ErrorSchema>,
    settings: HashMap<usize, CallSettings>,
}

impl Witness {
    /// A witness that remembers.
    pub fn new() -> Self {
        Witness::default()
    }

    /// A witness that remembers nothing, for a run of the body.
    pub fn ignoring() -> Self {
        Witness { ignoring: true, ..Witness::default() }
    }

    /// Records the type of the data at a site.
    pub fn data<T: Data>(&mut self, site: usize, _type: Site<T>) {
        if !self.ignoring {
            self.types.insert(site, T::schema());
        }
    }

    /// Records the effect at a site.
    pub fn effect<K: EffectKind>(&mut self, site: usize, _type: Site<K>) {
        if !self.ignoring {
            self.effects.insert(site, K::describe());
            self.bodies.extend(K::bodies());
            self.nested.extend(K::nested());
        }
    }

    /// Records what branches yield, and the same where they may have failed.
    pub fn branches<T: Data>(&mut self, site: usize, _type: Site<T>) {
        if !self.ignoring {
            self.types.insert(site, T::schema());
            self.recovered.insert(site, Schema::Option(T::schema));
        }
    }

    /// Records the value at a site.
    pub fn constant<T: Data>(&mut self, site: usize, value: impl FnOnce() -> T) {
        if !self.ignoring {
            self.types.insert(site, T::schema());
            self.constants.insert(site, value().encode());
        }
    }

    /// Records the type of an error that is raised.
    pub fn error<E: TaskError>(&mut self, site: usize, _type: Site<E>) {
        if !self.ignoring {
            self.errors.insert(site, E::schema());
        }
    }

    /// Records the settings of the call at a site.
    pub fn settings(&mut self, site: usize, settings: impl FnOnce() -> CallSettings) {
        if !self.ignoring {
            self.settings.insert(site, settings());
        }
    }

    /// The bodies of the tasks that were recorded.
    pub fn bodies(&self) -> &[TaskBody] {
        &self.bodies
    }

    /// The state machines that are called.
    pub(crate) fn nested(&self) -> &[Nested] {
        &self.nested
    }

    pub(super) fn type_at(&self, site: usize) -> Option<&Schema> {
        self.types.get(&site)
    }

    pub(super) fn recovered_at(&self, site: usize) -> Option<&Schema> {
        self.recovered.get(&site)
    }

    pub(super) fn effect_at(&self, site: usize) -> Option<&EffectDescription> {
        self.effects.get(&site)
    }

    pub(super) fn error_at(&self, site: usize) -> Option<&ErrorSchema> {
        self.errors.get(&site)
    }

    pub(super) fn settings_at(&self, site: usize) -> Option<&CallSettings> {
        self.settings.get(&site)
    }

    pub(super) fn constant_at(&self, site: usize) -> Option<&Result<Value, DataError>> {
        self.constants.get(&site)
    }
}
