//! Types that derive serde's traits, `SfnData` and schemars' `JsonSchema`: our reading of serde's attributes against what
//! serde writes and reads, and against how schemars reads them.

mod agreement;
mod check;
mod enumeration;
mod json_schema;
#[cfg(feature = "executor")]
mod lowering;
mod mutation;
mod plain;
mod structures;
mod types;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sfn_asl::Value;

use super::{Data, DataError, Schema};

/// A type with some of its values.
struct Case {
    name: &'static str,
    schema: Schema,
    /// Values as serde writes them.
    samples: Vec<Value>,
    /// Reads a value by serde and writes what was read.
    read: fn(&Value) -> Result<Value, DataError>,
    json_schema: serde_json::Value,
}

fn case<T: Data + Serialize + DeserializeOwned + JsonSchema>(samples: Vec<T>) -> Case {
    Case {
        name: std::any::type_name::<T>().rsplit("::").next().expect("a type has a name"),
        schema: T::schema(),
        samples: samples.iter().map(|sample| Value::from_data(sample).unwrap()).collect(),
        read: |value| Value::from_data(&value.to_data::<T>()?).map_err(DataError::from),
        json_schema: serde_json::to_value(schemars::schema_for!(T)).unwrap(),
    }
}
