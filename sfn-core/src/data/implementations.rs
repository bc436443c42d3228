//! [`Data`] for the plain types.

use sfn_asl::Value;

use super::{Data, DataError, Schema};

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

impl<T: Data> Data for Option<T> {
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

impl<T: Data> Data for Box<T> {
    fn schema() -> Schema {
        T::schema()
    }

    fn encode(&self) -> Result<Value, DataError> {
        T::encode(self)
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        T::decode(value).map(Box::new)
    }
}

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

macro_rules! tuple {
    ($count:literal: $($item:ident $place:tt),*) => {
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

fn expected(what: &str, found: &Value) -> DataError {
    DataError::new(format!("expected {what}, found {}", found.type_name()))
}
