//! [`Data`] for the plain types.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::Arc;

use sfn_asl::Value;

use super::{Data, DataError, NeverNull, Schema};

macro_rules! integer {
    ($($integer:ident),*) => {$(
        impl Data for $integer {
            fn schema() -> Schema {
                Schema::Integer(stringify!($integer))
            }

            fn encode(&self) -> Result<Value, DataError> {
                Ok(Value::from_data(self)?)
            }

            fn decode(value: &Value) -> Result<Self, DataError> {
                Ok(value.to_data()?)
            }
        }
    )*};
}
integer!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize);

impl Data for f64 {
    fn schema() -> Schema {
        Schema::Float
    }

    fn encode(&self) -> Result<Value, DataError> {
        if !self.is_finite() {
            return Err(DataError::new(format!("JSON has no number `{self}`")));
        }
        Ok(Value::from_data(self)?)
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        Ok(value.to_data()?)
    }
}

impl Data for bool {
    fn schema() -> Schema {
        Schema::Bool
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::from(*self))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        value.as_bool().ok_or_else(|| expected("a truth value", value))
    }
}

impl Data for String {
    fn schema() -> Schema {
        Schema::String
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::from(self.as_str()))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        value.as_str().map(str::to_owned).ok_or_else(|| expected("a string", value))
    }
}

impl Data for char {
    fn schema() -> Schema {
        Schema::Char
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::from(self.encode_utf8(&mut [0; 4]) as &str))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        let mut characters = value.as_str().ok_or_else(|| expected("a string of one character", value))?.chars();
        match (characters.next(), characters.next()) {
            (Some(character), None) => Ok(character),
            _ => Err(DataError::new("expected a string of one character, found another length")),
        }
    }
}

impl Data for () {
    fn schema() -> Schema {
        Schema::Unit
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::Null)
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        if value.is_null() { Ok(()) } else { Err(expected("null", value)) }
    }
}

impl Data for Value {
    fn schema() -> Schema {
        Schema::Any
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(self.clone())
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        Ok(value.clone())
    }
}

/// What may be `null` itself is refused inside: it could not be told from `None`.
impl<T: NeverNull> Data for Option<T> {
    fn schema() -> Schema {
        Schema::Option(T::schema)
    }

    fn encode(&self) -> Result<Value, DataError> {
        self.as_ref().map_or(Ok(Value::Null), T::encode)
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        if value.is_null() { Ok(None) } else { T::decode(value).map(Some) }
    }
}

impl<T: Data> Data for Vec<T> {
    fn schema() -> Schema {
        Schema::List(T::schema)
    }

    fn encode(&self) -> Result<Value, DataError> {
        self.iter().map(T::encode).collect::<Result<Vec<_>, _>>().map(Value::from)
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        let array = value.as_array().ok_or_else(|| expected("an array", value))?;
        array.iter().map(T::decode).collect()
    }
}

impl<T: Data> Data for BTreeMap<String, T> {
    fn schema() -> Schema {
        Schema::Map(T::schema)
    }

    fn encode(&self) -> Result<Value, DataError> {
        let members = self.iter().map(|(key, value)| Ok((key.as_str(), value.encode()?)));
        Ok(Value::object(members.collect::<Result<Vec<_>, DataError>>()?))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        let object = value.as_object().ok_or_else(|| expected("an object", value))?;
        object.iter().map(|(key, value)| Ok((key.to_string(), T::decode(value)?))).collect()
    }
}

/// The members are written in the order of their keys.
impl<T: Data, S: BuildHasher + Default + Clone + Send + Sync> Data for HashMap<String, T, S> {
    fn schema() -> Schema {
        Schema::Map(T::schema)
    }

    fn encode(&self) -> Result<Value, DataError> {
        let sorted: BTreeMap<&str, &T> = self.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let members = sorted.into_iter().map(|(key, value)| Ok((key, value.encode()?)));
        Ok(Value::object(members.collect::<Result<Vec<_>, DataError>>()?))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        let object = value.as_object().ok_or_else(|| expected("an object", value))?;
        object.iter().map(|(key, value)| Ok((key.to_string(), T::decode(value)?))).collect()
    }
}

macro_rules! pointer {
    ($($pointer:ident),*) => {$(
        impl<T: Data> Data for $pointer<T> {
            fn schema() -> Schema {
                T::schema()
            }

            fn encode(&self) -> Result<Value, DataError> {
                T::encode(self)
            }

            fn decode(value: &Value) -> Result<Self, DataError> {
                T::decode(value).map($pointer::new)
            }
        }

        impl<T: NeverNull> NeverNull for $pointer<T> {}
    )*};
}
pointer!(Box, Arc);

/// A reference is data inside a body; nothing decodes to one.
impl<T: Data> Data for &T {
    fn schema() -> Schema {
        T::schema()
    }

    fn encode(&self) -> Result<Value, DataError> {
        T::encode(self)
    }

    fn decode(_value: &Value) -> Result<Self, DataError> {
        Err(DataError::new("a reference cannot be read from JSON"))
    }
}

/// A part of a list, as a pattern binds it, is data inside a body; nothing decodes to one.
impl<T: Data> Data for &[T] {
    fn schema() -> Schema {
        Schema::List(T::schema)
    }

    fn encode(&self) -> Result<Value, DataError> {
        self.iter().map(T::encode).collect::<Result<Vec<_>, _>>().map(Value::from)
    }

    fn decode(_value: &Value) -> Result<Self, DataError> {
        Err(DataError::new("a reference cannot be read from JSON"))
    }
}

macro_rules! tuple {
    ($count:literal: $($item:ident $place:tt),*) => {
        impl<$($item: Data),*> NeverNull for ($($item,)*) {}

        impl<$($item: Data),*> Data for ($($item,)*) {
            fn schema() -> Schema {
                Schema::Tuple(vec![$($item::schema),*])
            }

            fn encode(&self) -> Result<Value, DataError> {
                Ok(Value::array([$(self.$place.encode()?),*]))
            }

            fn decode(value: &Value) -> Result<Self, DataError> {
                match value.as_array() {
                    Some(array) if array.len() == $count => {
                        Ok(($($item::decode(array.get($place).expect("the length was just compared"))?,)*))
                    }
                    _ => Err(expected(concat!("an array of ", $count), value)),
                }
            }
        }
    };
}
tuple!(1: A 0);
tuple!(2: A 0, B 1);
tuple!(3: A 0, B 1, C 2);
tuple!(4: A 0, B 1, C 2, D 3);
tuple!(5: A 0, B 1, C 2, D 3, E 4);
tuple!(6: A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

macro_rules! never_null {
    ($($kind:ty),*) => {$(impl NeverNull for $kind {})*};
}
never_null!(i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f64, bool, char, String);

impl<T: Data> NeverNull for Vec<T> {}
impl<T: Data> NeverNull for BTreeMap<String, T> {}
impl<T: Data, S: BuildHasher + Default + Clone + Send + Sync> NeverNull for HashMap<String, T, S> {}
impl<T: NeverNull> NeverNull for &T {}
impl<T: Data> NeverNull for &[T] {}

fn expected(what: &str, found: &Value) -> DataError {
    DataError::new(format!("expected {what}, found {}", found.type_name()))
}
