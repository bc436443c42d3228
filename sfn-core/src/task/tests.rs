//! Errors on the wire, payloads, and what a task says of itself.

use sfn_asl::Value;

use super::{Callable, Error, Parameters, Task, TaskError, lambda_cause};
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
fn a_call_is_known_by_its_function() {
    let call = |function: &str| Value::object([("FunctionName", Value::from(function)), ("Payload", Value::from("p"))]);
    let invoke = "arn:aws:states:::lambda:invoke";
    let names = [
        "one-task",
        "${OneTask}",
        "arn:aws:lambda:eu-west-1:123456789012:function:one-task",
        "arn:aws:lambda:eu-west-1:123456789012:function:one-task:live",
    ];
    for name in names {
        assert_eq!(one::describe().payload_of(invoke, &call(name)), Some(Value::from("p")), "{name}");
    }
    for name in ["one", "${one-task}", "arn:aws:lambda:eu-west-1:123456789012:function:other:one-task"] {
        assert_eq!(one::describe().payload_of(invoke, &call(name)), None, "{name}");
    }
    assert_eq!(one::describe().payload_of("arn:aws:states:::sqs:sendMessage", &call("one-task")), None);
    let result = one::describe().result_of(Value::Null);
    assert_eq!(result.get("Payload"), Some(&Value::Null));
}

#[tokio::test]
async fn a_body_is_the_handler() {
    let handler = two::HANDLER.unwrap();
    assert_eq!(handler(("a".into(), Some(4))).await, Ok(4));
    assert_eq!(handler(("a".into(), None)).await, Err(PayError::Declined { reason: "a".into(), code: None }));
    assert!(one::HANDLER.is_none());
}
