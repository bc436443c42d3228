//! Errors on the wire, payloads, and what a task says of itself.

use sfn_asl::Value;

use super::{Callable, Channel, Error, Parameters, Task, TaskDescription, TaskError, TaskResource, lambda_cause};
use crate::{SfnError, task};

#[derive(SfnError, Clone, Debug, PartialEq)]
enum PayError {
    #[sfn(name = "CardDeclined")]
    Declined {
        reason: String,
        code: Option<u8>,
    },
    Limits((u32, u32)),
    RateLimited,
    #[sfn(timeout)]
    Timeout,
    #[sfn(other)]
    Other(Error),
}

#[test]
fn errors_go_there_and_back() {
    let declined = |code| PayError::Declined { reason: "no \"money\"".into(), code };
    let cases = [
        (declined(Some(3)), "CardDeclined", r#"{"reason":"no \"money\"","code":3}"#),
        (declined(None), "CardDeclined", r#"{"reason":"no \"money\"","code":null}"#),
        (PayError::Limits((1, 2)), "Limits", "[1,2]"),
        (PayError::RateLimited, "RateLimited", ""),
        (PayError::Timeout, "States.Timeout", ""),
        (PayError::Other(Error::new("Else", "text")), "Else", "text"),
    ];
    for (error, name, cause) in cases {
        let travelling: Error = match error.clone() {
            PayError::Other(error) => error,
            error => Error::from(error),
        };
        assert_eq!(travelling, Error::new(name, cause));
        assert_eq!(PayError::from_error(travelling.clone()), error, "as it is");
        let raised = Error::new(name, lambda_cause(&travelling));
        assert_eq!(raised.message(), cause);
        if !matches!(error, PayError::Other(_)) {
            assert_eq!(PayError::from_error(raised), error, "as Lambda raises it");
        }
    }
}

#[test]
fn what_is_no_variant_is_other() {
    let cases = [
        ("Unknown", "{}"),
        ("CardDeclined", "plain text"),
        ("CardDeclined", r#"{"code":3}"#),
        ("CardDeclined", r#"{"errorType":"CardDeclined","errorMessage":"plain text","trace":[]}"#),
        ("CardDeclined", r#"["a"]"#),
        ("Limits", "[1]"),
        ("declined", ""),
    ];
    for (name, cause) in cases {
        let error = Error::new(name, cause);
        assert_eq!(PayError::from_error(error.clone()), PayError::Other(error));
    }
    let heartbeat = PayError::from_error(Error::new("States.HeartbeatTimeout", "x"));
    assert_eq!(heartbeat, PayError::Timeout);
    assert_eq!(PayError::from_error(Error::new("RateLimited", "whatever it says")), PayError::RateLimited);
}

#[task(lambda = "None")]
async fn none() -> Result<(), Error>;
#[task(lambda = "one-task")]
async fn one(list: Vec<u8>) -> Result<(), Error>;
#[task(lambda = "Two")]
async fn two(r#type: String, note: Option<u8>) -> Result<u8, PayError> {
    match note {
        Some(note) => Ok(note),
        None => Err(PayError::Declined { reason: r#type, code: None }),
    }
}

#[test]
fn payloads() {
    let payload = two::describe().payload(&("a".to_owned(), None::<u8>)).unwrap();
    assert_eq!(payload.to_string(), r#"{"type":"a","note":null}"#);
    assert_eq!(two::describe().input::<(String, Option<u8>)>(&payload), Ok(("a".to_owned(), None)));
    let sparse = Value::parse(r#"{"type": "a", "more": 1}"#).unwrap();
    assert_eq!(two::describe().input::<(String, Option<u8>)>(&sparse), Ok(("a".to_owned(), None)));
    assert!(two::describe().input::<(String, Option<u8>)>(&Value::Null).is_err());
    assert_eq!(one::describe().payload(&vec![1u8]).unwrap().to_string(), "[1]");
    assert_eq!(none::describe().payload(&()).unwrap().to_string(), "{}");
    assert_eq!(none::describe().input::<()>(&Value::empty_object()), Ok(()));
    assert_eq!(none::describe().parameters, Parameters::Named(&[]));
    assert_eq!(two::NAME, "two");
}

#[test]
fn a_payload_is_where_its_kind_of_task_puts_it() {
    let check = |task: &TaskDescription, arguments: &str| {
        let payload = task.payload_of(&Value::parse(arguments).unwrap());
        assert_eq!(payload.to_string(), r#"{"note":"n"}"#, "{arguments}");
    };
    let message = |channel| TaskResource::Message { channel, target: "Target", callback: true };
    let cases = [
        (TaskResource::Lambda { function: "One" }, r#"{"FunctionName":"One","Payload":~}"#),
        (message(Channel::Sqs), r#"{"QueueUrl":"u","MessageBody":~}"#),
        (message(Channel::Sns), r#"{"TopicArn":"t","Message":~}"#),
        (message(Channel::Lambda), r#"{"FunctionName":"One","Payload":~}"#),
        (message(Channel::EventBridge { source: "s", detail_type: "d" }), r#"{"Entries":[{"Source":"s","Detail":~}]}"#),
        (TaskResource::Activity { activity: "A" }, "~"),
        (TaskResource::Sdk { service: "s3", action: "getObject", pattern: "" }, "~"),
        (TaskResource::Arn { resource: "arn:aws:states:::sns:publish" }, "~"),
    ];
    for (resource, arguments) in cases {
        check(&TaskDescription::new("one", resource), &arguments.replace('~', r#"{"note":"n"}"#));
    }
    let machine = TaskDescription::new("one", TaskResource::Machine { machine: "M", awaited: true });
    let linked = r#"{"Input":{"note":"n","AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID":"arn"}}"#;
    check(&machine, linked);
    assert_eq!(one::describe().result_of(Value::Null).get("Payload"), Some(&Value::Null));
}

#[test]
fn a_resource_is_the_optimized_one_where_there_is_one() {
    let cases = [
        ("dynamodb", "getItem", "", "arn:aws:states:::dynamodb:getItem", "dynamodb:GetItem"),
        ("dynamodb", "query", "", "arn:aws:states:::aws-sdk:dynamodb:query", "dynamodb:Query"),
        ("s3", "getObject", "", "arn:aws:states:::aws-sdk:s3:getObject", "s3:GetObject"),
        ("ecs", "runTask", ".sync", "arn:aws:states:::ecs:runTask.sync", "ecs:RunTask"),
        ("sfn", "startExecution", "", "arn:aws:states:::aws-sdk:sfn:startExecution", "states:StartExecution"),
    ];
    for (service, action, pattern, resource, allowed) in cases {
        let found = TaskResource::Sdk { service, action, pattern };
        assert_eq!(found.resource(), resource);
        let actions: Vec<_> = found.requirements().into_iter().map(|requirement| requirement.action).collect();
        assert_eq!(actions, [allowed]);
    }
    let publish = TaskResource::Arn { resource: "arn:aws:states:::aws-sdk:sns:publish.waitForTaskToken" };
    assert!(publish.is_callback() && publish.has_heartbeats());
    assert_eq!(publish.requirements()[0].action, "sns:Publish");
}

#[tokio::test]
async fn a_body_is_the_handler() {
    let handler = two::HANDLER.unwrap();
    assert_eq!(handler(("a".into(), Some(4))).await, Ok(4));
    assert_eq!(handler(("a".into(), None)).await, Err(PayError::Declined { reason: "a".into(), code: None }));
    assert!(one::HANDLER.is_none());
}

mod beside {
    //! Branches of a body outside of the test kit: they run as soon as they can.

    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use sfn_asl::Value;

    use crate::lower::Machine;
    use crate::prelude::*;
    use crate::task::{BoxFuture, Dispatch, Pause, Run, TaskCall};

    #[crate::task(lambda = "Work")]
    async fn work(rounds: u32) -> Result<u32, Error>;

    #[state_machine]
    async fn both(rounds: u32) -> Result<(u32, Vec<u32>), Error> {
        try_join!(
            work(rounds),
            map(vec![3u32, 2, 5, 1]).concurrency(2).each(|number| async {
                let one = work(number).await?;
                work(one).await
            }),
        )
    }

    /// Each call is polled as often as its payload says; 0 fails.
    #[derive(Default)]
    struct Calls {
        begun: AtomicUsize,
        running: AtomicUsize,
        most: AtomicUsize,
    }

    struct Running(Arc<Calls>);

    impl Drop for Running {
        fn drop(&mut self) {
            self.0.running.fetch_sub(1, Ordering::SeqCst);
        }
    }

    struct Driver(Arc<Calls>);

    impl Dispatch for Driver {
        fn call(&self, call: TaskCall) -> BoxFuture<Result<Value, Error>> {
            let calls = self.0.clone();
            Box::pin(async move {
                calls.begun.fetch_add(1, Ordering::SeqCst);
                let now = calls.running.fetch_add(1, Ordering::SeqCst) + 1;
                calls.most.fetch_max(now, Ordering::SeqCst);
                let _running = Running(calls);
                let rounds = call.payload.as_i64().unwrap_or_default();
                for _ in 0..rounds {
                    tokio::task::yield_now().await;
                }
                if rounds == 0 { Err(Error::new("Zero", "")) } else { Ok(call.payload) }
            })
        }

        fn pause(&self, _pause: Pause) -> BoxFuture<()> {
            Box::pin(async {})
        }
    }

    async fn run(rounds: u32) -> (Result<(u32, Vec<u32>), Error>, usize, usize, usize) {
        let calls = Arc::new(Calls::default());
        let result = <both as Machine>::body(Run::new(Arc::new(Driver(calls.clone()))), rounds).await;
        let count = |counter: &AtomicUsize| counter.load(Ordering::SeqCst);
        (result, count(&calls.begun), count(&calls.most), count(&calls.running))
    }

    #[tokio::test]
    async fn branches_run_side_by_side() {
        assert_eq!(run(9).await, (Ok((9, vec![3, 2, 5, 1])), 9, 3, 0));
        // The first fails at once: no other begins.
        assert_eq!(run(0).await, (Err(Error::new("Zero", "")), 1, 1, 0));
    }
}
