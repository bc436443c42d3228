use super::{Data, Schema};

/// A type whose value is never `null`, so that it can stand inside `Option`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand inside `Option` in workflow data",
    label = "not inside an `Option`",
    note = "what may be `null` itself, as `Option`, `()` and `Value` may, cannot be told from `None`: both are `null`",
    note = "use one `Option`, or `Value`, or an enum with a variant for each case; a type of your own derives `SfnData`",
    note = "not f32, i128 and u128: JSON and JSONata have doubles; use f64, i64, u64 or a String"
)]
pub trait NeverNull: Data {}

/// A struct with named fields: what can be flattened into another and what an internally tagged variant can hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no struct with named fields",
    label = "its fields are to stand beside others",
    note = "`flatten`, and a variant with one unnamed field under `tag` without `content`, take a struct with named fields that derives `SfnData`"
)]
pub trait Fields: Data {
    /// The names on the wire.
    const NAMES: &'static Names;

    /// The schema, of which the fields are taken.
    fn fields() -> Schema {
        Self::schema()
    }
}

/// The names of the fields of a struct on the wire.
pub struct Names {
    /// Those of its own fields.
    pub own: &'static [&'static str],
    /// Those of the structs that are flattened into it.
    pub flattened: &'static [&'static Names],
}

impl Names {
    /// True when one of the names is `name`.
    pub const fn contains(&self, name: &str) -> bool {
        let mut index = 0;
        while index < self.own.len() {
            if equal(self.own[index], name) {
                return true;
            }
            index += 1;
        }
        index = 0;
        while index < self.flattened.len() {
            if self.flattened[index].contains(name) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// True when a name stands in both.
    pub const fn overlaps(&self, other: &Names) -> bool {
        let mut index = 0;
        while index < self.own.len() {
            if other.contains(self.own[index]) {
                return true;
            }
            index += 1;
        }
        index = 0;
        while index < self.flattened.len() {
            if self.flattened[index].overlaps(other) {
                return true;
            }
            index += 1;
        }
        false
    }
}

const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

impl<T: Fields> Fields for Box<T> {
    const NAMES: &'static Names = T::NAMES;
}

impl<T: Fields> Fields for std::sync::Arc<T> {
    const NAMES: &'static Names = T::NAMES;
}
