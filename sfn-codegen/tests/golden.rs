//! Definitions of our own with the modules made from them: the text is pinned, and it is compiled and run here.
//!
//! `UPDATE_GOLDEN=1 cargo test -p sfn-codegen --test golden` writes the modules anew.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![deny(warnings)]

use std::path::Path;

use sfn_codegen::Options;
use sfn_core::executor::{ExecutionError, Executor, TaskContext, VirtualClock};
use sfn_core::{Error, Value};

#[rustfmt::skip]
#[path = "golden/approval.rs"]
mod approval;
#[rustfmt::skip]
#[path = "golden/names.rs"]
mod names;
#[rustfmt::skip]
#[path = "golden/order.rs"]
mod order;
#[rustfmt::skip]
#[path = "golden/plain.rs"]
mod plain;

/// Generates the module for `file` and compares it with the one beside it.
#[track_caller]
fn check(file: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let text = std::fs::read_to_string(folder.join(file)).unwrap();
    let name = file.split('.').next().unwrap();
    let format = if file.ends_with("yaml") { sfn_asl::Format::Yaml } else { sfn_asl::Format::Json };
    let options = Options {
        source: Some(file.to_owned()),
        command: Some(format!("sfn-codegen --style types -o {name}.rs {file}")),
        ..Options::new(name)
    };
    let module = sfn_codegen::generate(&text, format, &options).unwrap_or_else(|findings| panic!("{findings}"));
    let golden = folder.join(format!("{name}.rs"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &module.code).unwrap();
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(module.code == expected, "{} is another text than:\n{}", golden.display(), module.code);
}

#[test]
fn modules_are_as_they_were() {
    for file in ["names.asl.json", "order.asl.json", "approval.asl.yaml", "plain.asl.json"] {
        check(file);
    }
}

#[test]
fn the_document_is_the_one_that_was_given() {
    assert_eq!(names::definition(), include_str!("golden/names.asl.json"));
    assert_eq!(order::definition(), include_str!("golden/order.asl.json"));
    let yaml = sfn_asl::Definition::parse(include_str!("golden/approval.asl.yaml"), sfn_asl::Format::Yaml).unwrap();
    assert_eq!(Value::parse(approval::definition()).unwrap(), *yaml.document());
}

#[test]
fn states_have_names_and_are_found_by_them() {
    for state in names::State::ALL {
        assert_eq!(state.name().parse(), Ok(state));
        assert_eq!(names::State::try_from(state.name()), Ok(state));
        assert_eq!(state.to_string(), state.name());
    }
    assert_eq!(names::State::ALL.len(), 20);
    assert_eq!(names::State::状態.name(), "状態");
    assert_eq!("pay now".parse::<names::State>().unwrap_err().to_string(), "the workflow has no state `pay now`");
}

/// The shop's functions; the card is good or not.
struct Shop {
    good_card: bool,
}

impl order::Tasks for Shop {
    async fn reserve_stock(&self, input: order::ReserveStockInput, _: TaskContext) -> Result<Value, Error> {
        match input.days {
            0 => Ok(Value::Null),
            days => Ok(Value::object([("id", Value::from(format!("{}-{days}", input.order.as_str().unwrap())))])),
        }
    }

    async fn charge_card(&self, input: order::ChargeCardInput, context: TaskContext) -> Result<Value, Error> {
        assert_eq!(context.state(), order::State::Charge.name());
        if self.good_card {
            Ok(Value::from(format!("{} {}", input.cents, input.currency)))
        } else {
            Err(Error::new("CardDeclined", "no funds"))
        }
    }
}

fn an_order() -> Value {
    Value::parse(r#"{"id": "o1", "items": ["tea"], "cents": 1200}"#).unwrap()
}

#[tokio::test]
async fn a_module_runs_to_the_end() {
    let ended = order::run(Shop { good_card: true }, an_order()).await.unwrap();
    let expected = r#"{"receipt": "1200 EUR", "reservation": "o1-7"}"#;
    assert_eq!(ended.output().await, Ok(Value::parse(expected).unwrap()));
    assert!(ended.arn().contains(":order:"), "{}", ended.arn());
}

#[tokio::test]
async fn a_module_fails_as_the_workflow_does() {
    let ended = order::run(Shop { good_card: false }, an_order()).await.unwrap();
    let expected = Error::new("CardDeclined", "no funds");
    assert_eq!(ended.output().await, Err(ExecutionError::Failed(expected)));
}

#[tokio::test]
async fn methods_may_be_called_like_those_of_the_standard_library() {
    struct Nobody;
    impl names::Tasks for Nobody {
        async fn 状態(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
            Ok(input)
        }
        async fn type_(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
            Ok(input)
        }
        async fn pay_now(&self, input: names::PayNowInput, _: TaskContext) -> Result<Value, Error> {
            assert_eq!((input.type_, input.field_42), (1, 1.5));
            assert_eq!((&*input.self_, &*input.self2), ("x", "y"));
            Ok(input.a_b.x)
        }
        async fn drop(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
            Ok(input)
        }
        async fn from(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
            Ok(input)
        }
        async fn clone(&self, input: Value, _: TaskContext) -> Result<Value, Error> {
            Ok(input)
        }
        async fn into_value(&self, input: names::IntoValueInput, _: TaskContext) -> Result<Value, Error> {
            Ok(Value::from(input.v))
        }
        async fn into_value_2(&self, input: names::IntoValue2Input, _: TaskContext) -> Result<Value, Error> {
            Ok(Value::from(input.v + 1))
        }
    }
    let ended = names::run(Nobody, Value::parse(r#"{"a": 3}"#).unwrap()).await.unwrap();
    assert_eq!(ended.output().await, Ok(Value::from(2)));
}

#[tokio::test]
async fn an_input_of_another_shape_fails_the_task() {
    let other = r#"{"StartAt": "A", "States": {"A": {
        "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:111122223333:function:ReserveStock", "End": true}}}"#;
    let other = sfn_asl::Definition::parse_json(other).unwrap();
    let executor = order::bind(Executor::builder(), Shop { good_card: true }).build();
    let execution = executor.start_document(&other, Value::parse(r#"{"order": 1}"#).unwrap()).await.unwrap();
    match execution.output().await {
        Err(ExecutionError::Failed(failure)) => {
            assert_eq!(failure.error, "Sfn.TypeMismatch");
            assert!(failure.cause.contains("missing field `items`"), "{}", failure.cause);
        }
        outcome => panic!("{outcome:?}"),
    }
    executor.shutdown().await;
}

/// An office that leaves the decision to somebody else.
struct Office;

impl approval::Tasks for Office {
    async fn prepare_request(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
        context.heartbeat().await;
        Ok(input)
    }

    async fn ask(&self, input: approval::AskInput, context: TaskContext) -> Result<Value, Error> {
        assert_eq!(Some(&*input.message_body.token), context.token());
        Ok(Value::Null)
    }

    async fn fulfil(&self, input: approval::FulfilInput, _: TaskContext) -> Result<Value, Error> {
        Ok(Value::object([("Output", input.input.request)]))
    }
}

#[tokio::test]
async fn somebody_answers_with_the_token() {
    struct Asking(tokio::sync::mpsc::UnboundedSender<String>);
    impl approval::Tasks for Asking {
        async fn prepare_request(&self, input: Value, context: TaskContext) -> Result<Value, Error> {
            Office.prepare_request(input, context).await
        }
        async fn ask(&self, input: approval::AskInput, context: TaskContext) -> Result<Value, Error> {
            self.0.send(input.message_body.token.clone()).unwrap();
            Office.ask(input, context).await
        }
        async fn fulfil(&self, input: approval::FulfilInput, context: TaskContext) -> Result<Value, Error> {
            Office.fulfil(input, context).await
        }
    }
    let (sender, mut tokens) = tokio::sync::mpsc::unbounded_channel();
    let executor = approval::bind(Executor::builder(), Asking(sender)).build();
    let execution = approval::start(&executor, Value::parse(r#"{"what": "a chair"}"#).unwrap()).await.unwrap();
    let token = tokens.recv().await.unwrap();
    executor.send_task_success(&token, Value::parse(r#"{"approved": true}"#).unwrap()).await.unwrap();
    assert_eq!(execution.output().await, Ok(Value::parse(r#"{"output": {"what": "a chair"}}"#).unwrap()));
    executor.shutdown().await;
}

#[tokio::test]
async fn a_module_without_tasks_runs_by_any_clock() {
    struct Nothing;
    impl plain::Tasks for Nothing {}
    let executor = plain::bind(Executor::builder().clock(VirtualClock::new()), Nothing).build();
    let execution = plain::start(&executor, Value::from(7)).await.unwrap();
    assert_eq!(execution.output().await, Ok(Value::from(7)));
    executor.shutdown().await;
}
