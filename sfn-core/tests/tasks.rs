//! The kinds of tasks: what their states look like, and that body and document agree on them.
#![cfg(feature = "macros")]

use serde::{Deserialize, Serialize};
use sfn_core::asl::value::Value;
use sfn_core::lower::{BindingKind, DefinitionError};
use sfn_core::prelude::*;
use sfn_core::task::Task;
use sfn_core::testing::{after, env, never};

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Question {
    text: String,
    urgent: bool,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Reply {
    Yes,
    No { reason: String },
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum AskError {
    #[sfn(name = "Ask.Refused")]
    Refused { by: String },
    #[sfn(timeout)]
    Expired,
    #[sfn(other)]
    Other(Error),
}

#[task(callback, sqs = "QuestionsQueueUrl", timeout = "2d", heartbeat = "12h")]
async fn by_queue(question: Question, token: TaskToken) -> Result<Reply, AskError>;
#[task(callback, sns = "QuestionsTopicArn", timeout = "2d")]
async fn by_topic(token: TaskToken, question: Question) -> Result<Reply, AskError>;
#[task(callback, lambda = "AskByMail", timeout = "2d")]
async fn by_function(text: String, urgent: bool, token: TaskToken) -> Result<Reply, AskError>;
#[task(callback, eventbridge = "Office", source = "questions", timeout = "2d")]
async fn by_event(question: Question, token: TaskToken) -> Result<Reply, AskError>;
#[task(
    callback,
    resource = "arn:aws:states:::apigateway:invoke.waitForTaskToken",
    rename_all = "PascalCase",
    timeout = "2d"
)]
async fn by_resource(api_endpoint: String, request_body: Question, task_token: TaskToken) -> Result<Reply, AskError>;
#[task(callback, sdk = "sfn:sendTaskHeartbeat.waitForTaskToken", rename_all = "PascalCase")]
async fn only_a_token(task_token: TaskToken) -> Result<(), AskError>;
#[task(activity = "AnswerActivityArn", timeout = "1d", heartbeat = "5m", retry(on = ["States.HeartbeatTimeout"], max = 1))]
async fn by_hand(question: Question) -> Result<Reply, AskError>;

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct GetItem {
    table_name: String,
    key: Key,
}
#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Key {
    id: Text,
}
#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Text {
    #[serde(rename = "S")]
    s: String,
}
#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(rename_all = "PascalCase")]
struct GotItem {
    item: Option<Key>,
}

#[task(sdk = "dynamodb:getItem")]
async fn get_item(request: GetItem) -> Result<GotItem, Error>;
#[task(sdk = "s3:deleteObject", rename_all = "PascalCase", retry(on = ["S3.SdkClientException"], max = 2))]
async fn delete_object(bucket: String, key: String) -> Result<(), Error>;
#[task(resource = "arn:aws:states:::sns:publish", rename_all = "PascalCase")]
async fn publish(topic_arn: String, message: String) -> Result<(), Error>;
#[task(sqs = "AuditQueueUrl")]
async fn audit(note: String) -> Result<(), Error>;

macro_rules! machines {
    ($($machine:ident($input:ident: $kind:ty) $call:expr => $output:ty, $error:ty;)*) => {$(
        #[state_machine]
        async fn $machine($input: $kind) -> Result<$output, $error> {
            let reply = $call.await?;
            Ok(reply)
        }
    )*};
}
machines! {
    queue(question: Question) by_queue(question) => Reply, Error;
    topic(question: Question) by_topic(question) => Reply, Error;
    function(question: Question) by_function(question.text, question.urgent) => Reply, Error;
    event(question: Question) by_event(question) => Reply, Error;
    resource(question: Question) by_resource("api.example.com".to_string(), question) => Reply, Error;
    token(_question: Question) only_a_token() => (), Error;
    hand(question: Question) by_hand(question) => Reply, Error;
    item(id: String) get_item(GetItem { table_name: "T".to_string(), key: Key { id: Text { s: id } } }) => GotItem, Error;
    delete(key: String) delete_object("b".to_string(), key) => (), Error;
    tell(text: String) publish("arn:aws:sns:eu-west-1:123456789012:t".to_string(), text) => (), Error;
    note(text: String) audit(text) => (), Error;
}

/// The only state of a document, without its name.
fn state<M: Machine>() -> Value {
    let document = M::document().expect("a document");
    document
        .get("States")
        .expect("a document")
        .as_object()
        .expect("a document")
        .values()
        .next()
        .expect("a document")
        .clone()
}

#[track_caller]
fn check<M: Machine>(expected: &str) {
    assert_eq!(state::<M>(), Value::parse(expected).expect("a document"), "{}", state::<M>());
}

#[test]
fn each_kind_has_its_arguments() {
    check::<queue>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Arguments":{
            "QueueUrl":"${QuestionsQueueUrl}",
            "MessageBody":{"question":"{% $states.input %}","token":"{% $states.context.Task.Token %}"}},
            "TimeoutSeconds":172800,"HeartbeatSeconds":43200,"Output":"{% $states.result %}","End":true}"#,
    );
    check::<topic>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::sns:publish.waitForTaskToken","Arguments":{
            "TopicArn":"${QuestionsTopicArn}",
            "Message":{"token":"{% $states.context.Task.Token %}","question":"{% $states.input %}"}},
            "TimeoutSeconds":172800,"Output":"{% $states.result %}","End":true}"#,
    );
    check::<function>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","Arguments":{
            "FunctionName":"${AskByMail}",
            "Payload":{"text":"{% $states.input.text %}","urgent":"{% $states.input.urgent %}",
                "token":"{% $states.context.Task.Token %}"}},
            "TimeoutSeconds":172800,"Output":"{% $states.result %}","End":true}"#,
    );
    check::<event>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::events:putEvents.waitForTaskToken","Arguments":{"Entries":[{
            "EventBusName":"${Office}","Source":"questions","DetailType":"ByEvent",
            "Detail":{"question":"{% $states.input %}","token":"{% $states.context.Task.Token %}"}}]},
            "TimeoutSeconds":172800,"Output":"{% $states.result %}","End":true}"#,
    );
    check::<resource>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke.waitForTaskToken","Arguments":{
            "ApiEndpoint":"api.example.com","RequestBody":"{% $states.input %}",
            "TaskToken":"{% $states.context.Task.Token %}"},
            "TimeoutSeconds":172800,"Output":"{% $states.result %}","End":true}"#,
    );
    check::<token>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:sfn:sendTaskHeartbeat.waitForTaskToken",
            "Arguments":{"TaskToken":"{% $states.context.Task.Token %}"},"Output":"{% null %}","End":true}"#,
    );
    check::<hand>(
        r#"{"Type":"Task","Resource":"${AnswerActivityArn}","Arguments":"{% $states.input %}",
            "TimeoutSeconds":86400,"HeartbeatSeconds":300,
            "Retry":[{"ErrorEquals":["States.HeartbeatTimeout"],"IntervalSeconds":1,"MaxAttempts":1,"BackoffRate":2}],
            "Output":"{% $states.result %}","End":true}"#,
    );
    check::<item>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::dynamodb:getItem",
            "Arguments":{"TableName":"T","Key":{"id":{"S":"{% $states.input %}"}}},
            "Output":"{% $states.result %}","End":true}"#,
    );
    check::<delete>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::aws-sdk:s3:deleteObject",
            "Arguments":{"Bucket":"b","Key":"{% $states.input %}"},
            "Retry":[{"ErrorEquals":["S3.SdkClientException"],"IntervalSeconds":1,"MaxAttempts":2,"BackoffRate":2}],
            "Output":"{% null %}","End":true}"#,
    );
    check::<tell>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::sns:publish",
            "Arguments":{"TopicArn":"arn:aws:sns:eu-west-1:123456789012:t","Message":"{% $states.input %}"},
            "Output":"{% null %}","End":true}"#,
    );
    check::<note>(
        r#"{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage",
            "Arguments":{"QueueUrl":"${AuditQueueUrl}","MessageBody":"{% $states.input %}"},
            "Output":"{% null %}","End":true}"#,
    );
}

/// A machine with a target of each kind.
#[state_machine]
async fn all(question: Question) -> Result<(), Error> {
    by_queue(question).await?;
    by_topic(question).await?;
    by_function(question.text, question.urgent).await?;
    by_event(question).await?;
    by_hand(question).await?;
    delete_object("b".to_string(), "k".to_string()).await
}

/// What stands for the target of each state of [`all`].
fn targets(bindings: &Bindings) -> Vec<String> {
    let definition = all::definition_with(bindings).expect("a document");
    let states = definition.document().get("States").expect("a document").as_object().expect("a document");
    let text = |value: &Value| value.as_str().expect("a document").to_owned();
    let target = |state: &Value| {
        let arguments = state.get("Arguments").expect("a document");
        let names = ["QueueUrl", "TopicArn", "FunctionName"];
        let found = names.iter().find_map(|name| arguments.get(name));
        let bus = || arguments.get("Entries")?.at(0)?.get("EventBusName");
        text(found.or_else(bus).unwrap_or_else(|| state.get("Resource").expect("a document")))
    };
    states.values().map(target).collect()
}

#[test]
fn bindings_resolve_each_kind() {
    let substituted =
        ["${QuestionsQueueUrl}", "${QuestionsTopicArn}", "${AskByMail}", "${Office}", "${AnswerActivityArn}"];
    assert_eq!(targets(&Bindings::substitutions())[..5], substituted);
    let account = Bindings::account("aws", "eu-west-1", "123456789012");
    assert_eq!(
        targets(&account.clone().alias("live")),
        [
            "https://sqs.eu-west-1.amazonaws.com/123456789012/QuestionsQueue",
            "arn:aws:sns:eu-west-1:123456789012:QuestionsTopic",
            "arn:aws:lambda:eu-west-1:123456789012:function:AskByMail:live",
            "arn:aws:events:eu-west-1:123456789012:event-bus/Office",
            "arn:aws:states:eu-west-1:123456789012:activity:AnswerActivity",
            "arn:aws:states:::aws-sdk:s3:deleteObject",
        ]
    );
    let queue = account.queue("QuestionsQueueUrl", "https://sqs.eu-west-1.amazonaws.com/1/q.fifo");
    assert_eq!(targets(&queue)[0], "https://sqs.eu-west-1.amazonaws.com/1/q.fifo");
    let china = Bindings::account("aws-cn", "cn-north-1", "123456789012");
    assert_eq!(targets(&china)[0], "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/QuestionsQueue");
}

#[test]
fn what_is_missing_is_listed_with_what_it_takes() {
    let some = Bindings::explicit().topic("QuestionsTopicArn", "t").event_bus("Office", "b");
    let error = all::definition_with(&some).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`all` needs bindings for: `QuestionsQueueUrl` (SQS queue, sqs:SendMessage), \
         `AskByMail` (Lambda function, lambda:InvokeFunction), \
         `AnswerActivityArn` (activity, states:GetActivityTask)"
    );
    assert!(matches!(error, DefinitionError::MissingBindings { needs, .. } if needs.len() == 3));
    let every = some.queue("QuestionsQueueUrl", "q").function("AskByMail", "f");
    let every = every.activity("AnswerActivityArn", "arn:aws:states:eu-west-1:1:activity:a");
    assert!(all::definition_with(&every).is_ok());
    let required = all::bindings_required().unwrap();
    let last = required.last().unwrap();
    assert_eq!((last.kind, last.name, &*last.action), (BindingKind::Service, "deleteObject", "s3:DeleteObject"));
    assert_eq!(required.len(), 6);
}

/// One name for two things.
#[task(activity = "AskByMail")]
async fn same_name(question: Question) -> Result<Reply, Error>;

#[state_machine(test = false)]
async fn same_names(question: Question) -> Result<Reply, Error> {
    by_function(question.text, question.urgent).await?;
    same_name(question).await
}

#[test]
fn one_key_does_not_stand_for_two_things() {
    let error = same_names::definition().unwrap_err().to_string();
    assert_eq!(
        error,
        "`Lambda function AskByMail` and `activity AskByMail` would both be the placeholder `${AskByMail}`"
    );
}

fn question() -> Question {
    Question { text: "may I?".to_string(), urgent: false }
}

fn refused() -> AskError {
    AskError::Refused { by: "Ann".to_string() }
}

/// Good and bad answers of one machine: the task's `(answer, error, seconds)`.
macro_rules! answers {
    ($machine:ident, $task:ident) => {{
        let good = env().mock($task, |_| after(days(1), Ok(Reply::Yes))).run($machine, question()).await;
        assert_eq!(good.assert_succeeded(), &Reply::Yes);
        assert_eq!(good.elapsed(), days(1));
        good.assert_calls($task, 1);
        let bad = env().mock($task, |_| after(hours(1), Err(refused()))).run($machine, question()).await;
        bad.assert_failed("Ask.Refused");
        assert_eq!(
            bad.result().unwrap_err(),
            &sfn_core::testing::Ended::Failed(Error::new("Ask.Refused", r#"{"by":"Ann"}"#))
        );
        let late = env().mock($task, |_| never().beating(minutes(1))).run($machine, question()).await;
        late.assert_failed("States.Timeout");
        assert_eq!(late.elapsed(), secs($task::describe().timeout_seconds.unwrap()));
    }};
}

#[tokio::test]
async fn body_and_document_agree_on_each_kind() {
    answers!(queue, by_queue);
    answers!(topic, by_topic);
    answers!(function, by_function);
    answers!(event, by_event);
    answers!(resource, by_resource);
}

#[tokio::test]
async fn the_parameters_arrive() {
    let run = env()
        .callback(by_function, |(text, urgent), token| {
            assert!(!token.as_str().is_empty());
            assert_eq!((text.as_str(), urgent), ("may I?", false));
            Ok(Reply::No { reason: text })
        })
        .run(function, question())
        .await;
    assert_eq!(run.assert_succeeded(), &Reply::No { reason: "may I?".to_string() });
    let calls: Vec<_> = run.calls().iter().map(|call| call.input.to_string()).collect();
    assert_eq!(calls, [r#"{"text":"may I?","urgent":false}"#]);
    let got = |request: GetItem| Ok(GotItem { item: Some(request.key) });
    let run = env().mock(get_item, got).run(item, "i".to_string()).await;
    assert_eq!(run.assert_succeeded().item, Some(Key { id: Text { s: "i".to_string() } }));
}

#[tokio::test]
async fn a_service_that_returns_nothing_of_interest_may_answer_anything() {
    let answer = |_| Ok(Value::parse(r#"{"MessageId": "m"}"#).unwrap());
    env().raw(audit, answer).run(note, "n".to_string()).await.assert_succeeded();
    env().mock(delete_object, |_| Ok(())).run(delete, "k".to_string()).await.assert_succeeded();
    env().mock(only_a_token, |()| Ok(())).run(token, question()).await.assert_succeeded();
}

#[tokio::test]
async fn a_lost_heartbeat_is_retried_as_the_task_says() {
    let mut attempt = 0;
    let run = env()
        .mock(by_hand, move |_| {
            attempt += 1;
            let answer = after(minutes(30), Ok(Reply::Yes));
            if attempt == 1 { answer.silent() } else { answer }
        })
        .run(hand, question())
        .await;
    assert_eq!(run.assert_succeeded(), &Reply::Yes);
    assert_eq!(run.elapsed(), minutes(5) + secs(1) + minutes(30));
    run.assert_calls(by_hand, 2).assert_path(["ByHand"]);
    let lost = env().mock(by_hand, |_| never()).run(hand, question()).await;
    lost.assert_failed("States.Timeout").assert_calls(by_hand, 2);
    assert_eq!(lost.elapsed(), minutes(10) + secs(1));
}

/// Two tasks that one function serves.
#[task(lambda = "Shared")]
async fn first(text: String) -> Result<String, Error>;
#[task(lambda = "Shared", retry = "none")]
async fn second(text: String) -> Result<u32, Error>;

#[state_machine]
async fn shared(text: String) -> Result<(String, u32), Error> {
    let one = first(text).await?;
    let two = second(one).await?;
    Ok((one, two))
}

#[tokio::test]
async fn tasks_of_one_function_have_each_its_mock() {
    let run = env().mock(first, |text| Ok(format!("{text}!"))).mock(second, |_| Ok(7)).run(shared, "a".into()).await;
    assert_eq!(run.assert_succeeded(), &("a!".to_string(), 7));
    run.assert_calls(first, 1).assert_calls(second, 1);
}

/// A compensation without a mock.
#[state_machine]
async fn undone(text: String) -> Result<u32, Error> {
    let one = first(text).undo(|one| audit(one)).await?;
    second(one).await
}

#[tokio::test]
#[should_panic(expected = "no mock for the task `audit`")]
async fn a_compensation_without_a_mock_is_named() {
    let env = env().mock(first, Ok).mock(second, |_| Err(Error::new("Broken", "")));
    env.run(undone, "a".to_string()).await;
}

/// The reply is looked at, so that a raw one shows.
#[state_machine]
async fn looks(question: Question) -> Result<bool, Error> {
    match by_queue(question).await {
        Ok(Reply::Yes) => Ok(true),
        Ok(Reply::No { .. }) => Ok(false),
        Err(AskError::Expired) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

#[tokio::test]
async fn a_raw_answer_shows_the_document_alone() {
    let raw = |text: &'static str| env().raw(by_queue, move |_| after(hours(1), Ok(Value::parse(text).unwrap())));
    let run = raw(r#"{"type":"maybe"}"#).run(looks, question()).await;
    run.assert_failed("Sfn.UnknownVariant");
    assert_eq!(run.elapsed(), hours(1));
    assert_eq!(raw(r#"{"type":"yes"}"#).run(looks, question()).await.assert_succeeded(), &true);
    let failed = env().raw(by_queue, |_| Err(Error::new("Ask.Refused", "no")));
    failed.run(looks, question()).await.assert_failed("Ask.Refused");
    let expired = env().raw(by_queue, |_| never()).run(looks, question()).await;
    assert_eq!(expired.assert_succeeded(), &false);
    assert_eq!(expired.elapsed(), hours(12));
}

/// Bodies stand in for whoever does the work elsewhere.
#[task(callback, sqs = "Approvals", timeout = "1h")]
async fn approves(cents: u32, token: TaskToken) -> Result<bool, Error> {
    Ok(cents < 100 && !token.as_str().is_empty())
}
#[task(activity = "Doubles")]
async fn doubles(number: u32) -> Result<u32, Error> {
    Ok(number * 2)
}

#[state_machine]
async fn with_bodies(cents: u32) -> Result<(bool, u32), Error> {
    let approved = approves(cents).await?;
    let doubled = doubles(cents).await?;
    Ok((approved, doubled))
}

#[tokio::test]
async fn bodies_do_the_work_of_every_kind() {
    let run = env().real(approves).real(doubles).run(with_bodies, 20).await;
    assert_eq!(run.assert_succeeded(), &(true, 40));
    assert!(doubles::HANDLER.is_some() && approves::ANSWERER.is_some() && approves::HANDLER.is_none());
    let clock = sfn_core::executor::VirtualClock::new();
    let executor = sfn_core::executor::Executor::builder().clock(clock).build();
    let execution = executor.start(with_bodies, 200).await.unwrap();
    assert_eq!(execution.result().await, Ok((false, 400)));
    executor.shutdown().await;
}
