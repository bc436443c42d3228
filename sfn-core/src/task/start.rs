use std::marker::PhantomData;

use sfn_asl::Value;

use super::{Call, CallSettings, Task};
use crate::data::{Data, DataError, Field, NeverNull, Schema, Structure};
use crate::lower::Machine;

/// The start of an execution whose end nobody awaits. Made by [`Call::start`].
#[must_use = "an execution starts when this is awaited in a `#[state_machine]`"]
pub struct Start<M: Machine + Task> {
    pub(crate) call: Call<M>,
    pub(crate) kind: PhantomData<fn() -> M>,
}

impl<M: Machine + Task> Call<M> {
    /// Starts an execution of the state machine and goes on: `report(run).start().await?`.
    pub fn start(self) -> Start<M> {
        Start { call: self, kind: PhantomData }
    }
}

impl<M: Machine + Task> Start<M> {
    #[doc(hidden)]
    pub fn __sfn_with(self, settings: CallSettings) -> Self {
        Start { call: self.call.__sfn_with(settings), kind: PhantomData }
    }
}

/// An execution that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// Its ARN.
    pub execution_arn: String,
}

const ARN: &str = "ExecutionArn";

impl Data for Started {
    fn schema() -> Schema {
        Schema::Structure(Structure {
            name: "Started",
            fields: vec![Field {
                name: "execution_arn",
                wire: ARN,
                schema: String::schema,
                default: None,
                skipped_if_none: false,
                flattened: false,
            }],
            closed: false,
        })
    }

    fn encode(&self) -> Result<Value, DataError> {
        Ok(Value::object([(ARN, Value::from(self.execution_arn.as_str()))]))
    }

    fn decode(value: &Value) -> Result<Self, DataError> {
        let arn = value.get(ARN).and_then(Value::as_str);
        let arn = arn.ok_or_else(|| DataError::new(format!("expected an object with `{ARN}`, found {value}")))?;
        Ok(Started { execution_arn: arn.to_owned() })
    }
}

impl NeverNull for Started {}
