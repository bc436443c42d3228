//! A place in a definition: the way from its root.

use std::sync::Arc;

/// The way from the root of a definition to one of its values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Location {
    steps: Vec<Step>,
}

/// One step of a [`Location`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// Into the member of an object.
    Key(Arc<str>),
    /// Into the item of an array.
    Index(usize),
}

impl Location {
    /// The root.
    pub fn root() -> Self {
        Location::default()
    }

    /// The place that these steps lead to.
    pub fn from_steps(steps: Vec<Step>) -> Self {
        Location { steps }
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The member `key` of this place.
    pub fn key(&self, key: impl Into<Arc<str>>) -> Self {
        let mut next = self.clone();
        next.steps.push(Step::Key(key.into()));
        next
    }

    /// The item `index` of this place.
    pub fn index(&self, index: usize) -> Self {
        let mut next = self.clone();
        next.steps.push(Step::Index(index));
        next
    }

    /// This place seen from `base`: `base` first, then these steps.
    pub fn under(&self, base: &Location) -> Self {
        Location { steps: base.steps.iter().chain(&self.steps).cloned().collect() }
    }
}

impl std::fmt::Display for Location {
    /// AWS's form: `/States/Pay/Retry[0]/MaxAttempts`, and `/` for the root.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("/");
        }
        for step in &self.steps {
            match step {
                Step::Key(key) => write!(f, "/{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
