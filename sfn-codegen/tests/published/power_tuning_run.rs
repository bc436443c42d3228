//! A loop over a Choice, then a Map whose items are retried, with a Catch that cleans up.

use std::sync::Arc;

use sfn_core::executor::TaskContext;
use sfn_core::{Error, Value};

use crate::power_tuning::{self as workflow, State};
use crate::{Calls, builder, check, json};

struct Tuning {
    broken: bool,
    calls: Arc<Calls>,
}

impl workflow::Tasks for Tuning {
    async fn initializer(&self, _: Value, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("initialize");
        Ok(json(r#"{"initialized": true}"#))
    }

    async fn publisher(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
        assert!(input.get("lambdaConfigurations").is_some());
        let goes_on = self.calls.note("publish") < 2;
        let configurations = json(r#"{"powerValues": [128, 256, 512]}"#);
        let configurations = configurations.as_object().expect("an object");
        Ok(configurations.with("iterator", Value::object([("continue", Value::from(goes_on))])).into())
    }

    async fn executor(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
        assert_eq!(context.state(), State::Executor.name());
        let power = input.get("value").and_then(Value::as_i64).expect("a power value");
        if power == 256 && (self.broken || context.retry_count() == 0) {
            return Err(Error::new("Broken", "no power"));
        }
        Ok(Value::object([("power", Value::from(power)), ("cost", Value::from(power * 2))]))
    }

    async fn cleaner(&self, _: Value, context: TaskContext) -> Result<Value, Error> {
        self.calls.note(context.state());
        Ok(Value::Null)
    }

    async fn analyzer(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("analyze");
        Ok(Value::object([("stats", input.get("stats").cloned().unwrap_or_default())]))
    }

    async fn optimizer(&self, _: Value, _: TaskContext) -> Result<Value, Error> {
        self.calls.note("optimize");
        Ok(Value::Null)
    }
}

async fn case(name: &str, broken: bool, expected: &str, calls: &str) {
    let made = Arc::new(Calls::default());
    let executor = workflow::bind(builder(), Tuning { broken, calls: made.clone() }).build();
    let execution = workflow::start(&executor, json(r#"{"lambdaARN": "f"}"#)).await.expect("it starts");
    check(&format!("power tuning, {name}"), execution.output().await, Ok(expected));
    assert_eq!(made.all(), calls, "{name}");
    executor.shutdown().await;
}

pub(crate) async fn run() {
    let stats = r#"{"stats": [{"power": 128, "cost": 256}, {"power": 256, "cost": 512}, {"power": 512, "cost": 1024}]}"#;
    case("tuned", false, stats, "initialize publish publish publish Cleaner analyze optimize").await;
    case("broken", true, "{}", "initialize publish publish publish CleanUpOnError").await;
}
