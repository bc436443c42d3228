//! Cases of our own: requests as the API carries them, but with values where it has texts of JSON.

use super::*;
use crate::machine::FailureKind;

/// A request in JSON; `definition`, `input` and the like may stand there as values.
fn arguments(text: &str) -> Value {
    let texts = |value: &Value, names: &[&str]| {
        let Value::Object(object) = value else { panic!("{value} is an object") };
        let member = |(name, value): (&Arc<str>, &Value)| {
            let is_text = value.as_str().is_some() || !names.contains(&&**name);
            (name.clone(), if is_text { value.clone() } else { Value::from(value.to_json()) })
        };
        Value::Object(object.iter().map(member).collect())
    };
    let mut request = texts(&json_value(text), &["definition", "input", "variables", "context"]);
    for (name, names) in [("mock", ["result"]), ("stateConfiguration", ["mapItemReaderData"])] {
        if let (Value::Object(object), Some(value)) = (&request, request.get(name)) {
            request = Value::Object(object.with(name, texts(value, &names)));
        }
    }
    request
}

fn json_value(text: &str) -> Value {
    Value::parse(text).unwrap_or_else(|error| panic!("{error} in {text}"))
}

fn ask(arguments: &Value, seed: u64) -> Result<TestStateResponse, TestStateError> {
    let request = TestStateRequest::from_arguments(arguments)?;
    test_state(&TestStateRequest { now: 1_700_000_000_000, seed, ..request })
}

#[track_caller]
fn check(request: &str, expected: &str) {
    match ask(&arguments(request), 1) {
        Ok(answer) => assert_eq!(answer.to_value(), json_value(expected), "{request}"),
        Err(error) => panic!("{error}: {request}"),
    }
}

#[track_caller]
fn check_refusal(request: &str, code: &str, message: &str) {
    match ask(&arguments(request), 1) {
        Ok(answer) => panic!("{} for {request}", answer.to_value()),
        Err(error) => assert_eq!((error.code, &*error.message), (code, message), "{request}"),
    }
}

#[test]
fn what_each_type_of_state_shows() {
    check(
        r#"{"definition":{"Type":"Wait","Seconds":3600,"InputPath":"$.a","Next":"B"},"input":{"a":[1]},
            "inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":[1],"nextState":"B","inspectionData":{"input":{"a":[1]},"afterInputPath":[1]}}"#,
    );
    check(
        r#"{"definition":{"Type":"Succeed","OutputPath":"$.a"},"input":{"a":1},"inspectionLevel":"TRACE"}"#,
        r#"{"status":"SUCCEEDED","output":1,"inspectionData":{"input":{"a":1},"afterInputPath":{"a":1}}}"#,
    );
    check(
        r#"{"definition":{"Type":"Pass","InputPath":"$.a","Parameters":{"b.$":"$"},"ResultPath":"$.c","OutputPath":"$.c.b",
            "End":true},"input":{"a":1},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":1,"inspectionData":{"input":{"a":1},"afterInputPath":1,"afterParameters":{"b":1},
            "afterResultSelector":{"b":1},"afterResultPath":{"a":1,"c":{"b":1}}}}"#,
    );
    check(
        r#"{"definition":{"Type":"Pass","QueryLanguage":"JSONata","Assign":{"n":"{% $m + 1 %}"},"Output":"{% $m %}","End":true},
            "variables":{"m":1},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":1,"inspectionData":{"input":{},"variables":{"m":1,"n":2}}}"#,
    );
    check(
        r#"{"definition":{"Type":"Fail","ErrorPath":"$.e","Cause":"why"},"input":{"e":"E"},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"FAILED","error":"E","cause":"why","inspectionData":{"input":{"e":"E"},"afterInputPath":{"e":"E"}}}"#,
    );
    check(
        r#"{"definition":{"Type":"Choice","QueryLanguage":"JSONata","Choices":[{"Condition":"{% $states.input.a = 1 %}",
            "Output":"one","Next":"One"}],"Default":"Other"},"input":{"a":1},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":"one","nextState":"One","inspectionData":{"input":{"a":1}}}"#,
    );
}

#[test]
fn a_task_shows_its_way_from_input_to_output() {
    check(
        r#"{"definition":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","InputPath":"$.a",
            "Parameters":{"Message.$":"$.m"},"ResultSelector":{"id.$":"$.MessageId"},"ResultPath":"$.sent",
            "OutputPath":"$.sent","Next":"B"},
            "input":{"a":{"m":"hi"}},"mock":{"result":{"MessageId":"1"}},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":{"id":"1"},"nextState":"B","inspectionData":{"input":{"a":{"m":"hi"}},
            "afterInputPath":{"m":"hi"},"afterParameters":{"Message":"hi"},"result":{"MessageId":"1"},
            "afterResultSelector":{"id":"1"},"afterResultPath":{"a":{"m":"hi"},"sent":{"id":"1"}}}}"#,
    );
    check(
        r#"{"definition":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sns:publish",
            "Arguments":{"Message":"{% $states.input %}"},"Output":"{% $states.result.MessageId %}","End":true},
            "input":["hi"],"mock":{"result":{"MessageId":"1"}},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":"1","inspectionData":{"input":["hi"],"afterArguments":{"Message":["hi"]},
            "result":{"MessageId":"1"}}}"#,
    );
    // What comes before the field that cannot be evaluated is shown; texts do not point at a history there is none of.
    check(
        r#"{"definition":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","Parameters":{"Message.$":"$.m"},"End":true},
            "mock":{"result":{}},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"FAILED","error":"States.Runtime",
            "cause":"The JSONPath '$.m' specified for the field 'Message.$' could not be found in the input '{}'",
            "inspectionData":{"input":{},"afterInputPath":{}}}"#,
    );
}

#[test]
fn what_retry_and_catch_make_of_an_error() {
    let task = |error: &str, count: u32| {
        format!(
            r#"{{"definition":{{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true,
                "Retry":[{{"ErrorEquals":["A"],"MaxAttempts":2}},
                         {{"ErrorEquals":["B"],"IntervalSeconds":3,"BackoffRate":1.5,"MaxDelaySeconds":6,"MaxAttempts":9}}],
                "Catch":[{{"ErrorEquals":["States.TaskFailed"],"ResultPath":"$.error","Next":"C"}},
                         {{"ErrorEquals":["States.ALL"],"Next":"D"}}]}},
               "input":{{"a":1}},"mock":{{"errorOutput":{{"error":"{error}","cause":"why"}}}},
               "stateConfiguration":{{"retrierRetryCount":{count}}},"inspectionLevel":"DEBUG"}}"#
        )
    };
    let shown = r#""input":{"a":1},"afterInputPath":{"a":1},"afterParameters":{"a":1}"#;
    let retriable = |error: &str, index: u32, seconds: u32| {
        format!(
            r#"{{"status":"RETRIABLE","error":"{error}","cause":"why","inspectionData":{{{shown},
                "errorDetails":{{"retryIndex":{index},"retryBackoffIntervalSeconds":{seconds}}}}}}}"#
        )
    };
    check(&task("A", 0), &retriable("A", 0, 1));
    check(&task("A", 1), &retriable("A", 0, 2));
    check(&task("B", 1), &retriable("B", 1, 4));
    check(&task("B", 8), &retriable("B", 1, 6));
    let caught = |error: &str, output: &str, next: &str, details: &str| {
        format!(
            r#"{{"status":"CAUGHT_ERROR","error":"{error}","cause":"why","output":{output},"nextState":"{next}",
                "inspectionData":{{{shown},"errorDetails":{details}}}}}"#
        )
    };
    let kept = |error: &str| format!(r#"{{"a":1,"error":{{"Error":"{error}","Cause":"why"}}}}"#);
    check(&task("A", 2), &caught("A", &kept("A"), "C", r#"{"retryIndex":0,"catchIndex":0}"#));
    check(&task("X", 2), &caught("X", &kept("X"), "C", r#"{"catchIndex":0}"#));
    let alone = r#"{"Error":"States.Timeout","Cause":"why"}"#;
    check(&task("States.Timeout", 0), &caught("States.Timeout", alone, "D", r#"{"catchIndex":1}"#));
    // A Catcher that fails itself: its error counts, and nothing caught the first.
    check(
        r#"{"definition":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sns:publish","Arguments":{},
            "Catch":[{"ErrorEquals":["States.ALL"],"Output":"{% $missing %}","Next":"C"}],"End":true},
            "mock":{"errorOutput":{"error":"E"}}}"#,
        r#"{"status":"FAILED","error":"States.QueryEvaluationError",
            "cause":"The JSONata expression '$missing' specified for the field 'Catch[0]/Output' returned nothing (undefined)."}"#,
    );
}

#[test]
fn a_map_shows_what_its_iterations_would_get() {
    check(
        r#"{"definition":{"Type":"Map","ItemsPath":"$.items","ItemSelector":{"v.$":"$$.Map.Item.Value","i.$":"$$.Map.Item.Index",
            "all.$":"$.items"},"MaxConcurrencyPath":"$.most","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},
            "ResultPath":"$.done","End":true},"input":{"items":["a"],"most":3},"mock":{"result":[1]},"inspectionLevel":"DEBUG"}"#,
        r#"{"status":"SUCCEEDED","output":{"items":["a"],"most":3,"done":[1]},"inspectionData":{"input":{"items":["a"],"most":3},
            "afterInputPath":{"items":["a"],"most":3},"afterItemsPath":["a"],"afterItemSelector":[{"all":["a"],"i":0,"v":"a"}],
            "maxConcurrency":3,"afterResultSelector":[1],"afterResultPath":{"items":["a"],"most":3,"done":[1]}}}"#,
    );
}

#[test]
fn a_distributed_map_shows_what_its_children_would_get() {
    let processor = r#""ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
        "StartAt":"P","States":{"P":{"Type":"Pass","End":true}}},"End":true"#;
    check(
        &format!(
            r#"{{"definition":{{"Type":"Map","QueryLanguage":"JSONata","Items":"{{% $states.input.list %}}",
                "ItemSelector":{{"v":"{{% $states.context.Map.Item.Value %}}"}},
                "ItemBatcher":{{"MaxItemsPerBatch":2,"BatchInput":{{"all":"{{% $states.input.name %}}"}}}},{processor}}},
                "input":{{"list":[1,2,3],"name":"n"}},"mock":{{"result":[1,2]}},"inspectionLevel":"DEBUG"}}"#
        ),
        r#"{"status":"SUCCEEDED","output":[1,2],"inspectionData":{"input":{"list":[1,2,3],"name":"n"},"maxConcurrency":0,
            "afterItemSelector":[{"v":1},{"v":2},{"v":3}],
            "afterItemBatcher":[{"BatchInput":{"all":"n"},"Items":[{"v":1},{"v":2}]},
                                {"BatchInput":{"all":"n"},"Items":[{"v":3}]}]}}"#,
    );
    let reader = |config: &str, data: &str, shown: &str| {
        let data = Value::from(data).to_json();
        check(
            &format!(
                r#"{{"definition":{{"Type":"Map","QueryLanguage":"JSONata","ItemReader":{{"ReaderConfig":{config},
                    "Resource":"arn:aws:states:::s3:getObject","Arguments":{{"Bucket":"b","Key":"k"}}}},
                    "ItemSelector":"{{% $states.context.Map.Item.Value %}}",{processor}}},
                    "mock":{{"errorOutput":{{"error":"E"}}}},"stateConfiguration":{{"mapItemReaderData":{data}}},
                    "inspectionLevel":"DEBUG"}}"#
            ),
            &format!(r#"{{"status":"FAILED",{shown}}}"#),
        );
    };
    reader(
        r#"{"InputType":"JSON","ItemsPointer":"/a/b"}"#,
        r#"{"a":{"b":[1,2]}}"#,
        r#""error":"E","inspectionData":{"input":{},"maxConcurrency":0,"afterItemsPointer":[1,2],"afterItemSelector":[1,2]}"#,
    );
    reader(
        r#"{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW","MaxItems":1}"#,
        "x,y\n1,2\n3,4\n",
        r#""error":"E","inspectionData":{"input":{},"maxConcurrency":0,"afterItemSelector":[{"x":"1","y":"2"}]}"#,
    );
    reader(
        r#"{"InputType":"JSON"}"#,
        "7",
        r#""error":"States.ItemReaderFailed","cause":"Attempting to map over non-iterable node.",
            "inspectionData":{"input":{},"maxConcurrency":0}"#,
    );
}

#[test]
fn failed_iterations_count_against_what_a_map_tolerates() {
    let check_count = |tolerance: &str, failed: u64, expected: &str| {
        let request = format!(
            r#"{{"definition":{{"Type":"Map",{tolerance}"ItemProcessor":{{"StartAt":"P","States":{{"P":{{"Type":"Pass","End":true}}}}}},
                "End":true}},"input":[1,2,3,4],"mock":{{"result":[1,2,3,4]}},
                "stateConfiguration":{{"mapIterationFailureCount":{failed}}}}}"#
        );
        let answer = ask(&arguments(&request), 1).unwrap_or_else(|error| panic!("{error}: {request}"));
        assert_eq!(answer.error.as_deref().unwrap_or("none"), expected, "{failed} failures against {tolerance}");
    };
    let exceeded = "States.ExceedToleratedFailureThreshold";
    check_count("", 4, "none");
    check_count(r#""ToleratedFailureCount":2,"#, 2, "none");
    check_count(r#""ToleratedFailureCount":2,"#, 3, exceeded);
    check_count(r#""ToleratedFailurePercentage":50,"#, 2, "none");
    check_count(r#""ToleratedFailurePercentage":50,"#, 3, exceeded);
    check_count(r#""ToleratedFailurePercentage":50,"ToleratedFailureCount":1,"#, 2, exceeded);
}

#[test]
fn a_parallel_takes_a_result_for_each_branch() {
    let branch = r#"{"StartAt":"NAME","States":{"NAME":{"Type":"Pass","End":true}}}"#;
    let parallel = format!(
        r#"{{"definition":{{"Type":"Parallel","Branches":[{},{}],"InputPath":"$.a","ResultSelector":{{"first.$":"$[0]"}},
            "End":true}},"input":{{"a":1}},"inspectionLevel":"DEBUG","mock":MOCK}}"#,
        branch.replace("NAME", "X"),
        branch.replace("NAME", "Y"),
    );
    check(
        &parallel.replace("MOCK", r#"{"result":[1,2]}"#),
        r#"{"status":"SUCCEEDED","output":{"first":1},"inspectionData":{"input":{"a":1},"afterResultSelector":{"first":1},
            "afterResultPath":{"first":1}}}"#,
    );
    check(
        &parallel.replace(
            "MOCK",
            r#"{"errorOutput":{"error":"E","cause":"why"}},"stateConfiguration":{"errorCausedByState":"Y"}"#,
        ),
        r#"{"status":"FAILED","error":"E","cause":"why","inspectionData":{"input":{"a":1}}}"#,
    );
    check_refusal(
        &parallel.replace("MOCK", r#"{"errorOutput":{"error":"E"}},"stateConfiguration":{"errorCausedByState":"Z"}"#),
        "ValidationException",
        "State not found in definition",
    );
}

#[test]
fn a_state_of_a_machine_wherever_it_stands() {
    let machine = r#"{"StartAt":"A","States":{
        "A":{"Type":"Parallel","Next":"B","Branches":[{"StartAt":"In","States":{
            "In":{"Type":"Pass","Result":1,"Next":"Last"},"Last":{"Type":"Succeed"}}}]},
        "B":{"Type":"Pass","End":true}}}"#;
    let request = |name: &str| format!(r#"{{"definition":{machine},"stateName":"{name}"}}"#);
    check(&request("In"), r#"{"status":"SUCCEEDED","output":1,"nextState":"Last"}"#);
    check(&request("B"), r#"{"status":"SUCCEEDED","output":{}}"#);
    check_refusal(&request("C"), "ValidationException", "State not found in definition");
}

#[test]
fn what_is_refused() {
    let task = r#""definition":{"Type":"Task","Resource":"arn:aws:states:::sns:publish","End":true}"#;
    let pass = r#""definition":{"Type":"Pass","End":true}"#;
    let refuse = |arguments: &str, message: &str| {
        check_refusal(&format!("{{{arguments}}}"), "ValidationException", message);
    };
    refuse(
        &format!(r#"{task},"mock":{{}}"#),
        "A test mock should have only one of the following fields: [result, errorOutput].",
    );
    refuse(&format!(r#"{task},"mock":{{"result":"{{"}}"#), "Mocked result must be valid JSON.");
    refuse(&format!(r#"{task},"mock":{{"result":[]}}"#), "Mocked result must be a JSON object.");
    refuse(task, "A role ARN must be specified to test a Task state without a mock.");
    refuse(
        &format!(r#"{task},"roleArn":"arn:aws:iam::123456789012:role/r""#),
        "There is nothing here that does a Task: it needs a mock.",
    );
    refuse(&format!(r#"{pass},"context":{{}}"#), "A Context object may only be specified when a mock is specified.");
    refuse(&format!(r#"{pass},"variables":[]"#), "Invalid variables provided: they must be a JSON object");
    refuse(
        &format!(r#"{pass},"inspectionLevel":"ALL""#),
        "1 validation error detected: Value 'ALL' at 'inspectionLevel' failed to satisfy constraint: Member must satisfy \
         enum value set: [INFO, DEBUG, TRACE]",
    );
    refuse(
        &format!(r#"{task},"mock":{{"result":{{}}}},"stateConfiguration":{{"retrierRetryCount":-1}}"#),
        "1 validation error detected: Value '-1' at 'stateConfiguration.retrierRetryCount' failed to satisfy constraint: \
         Member must have value greater than or equal to 0",
    );
    refuse(&format!(r#"{task},"mock":{{"errorOutput":2}}"#), "'mock.errorOutput' must be an object");
    refuse(
        r#""input":{}"#,
        "1 validation error detected: Value null at 'definition' failed to satisfy constraint: Member must not be null",
    );
    check_refusal(
        r#"{"definition":{"Type":"Pass"}}"#,
        "InvalidDefinition",
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at \
         /States/StateName'",
    );
    check_refusal(
        &format!(r#"{{{pass},"input":"{{"}}"#),
        "InvalidExecutionInput",
        &ask(&json_value(r#"{"definition":"{\"Type\":\"Pass\",\"End\":true}","input":"{"}"#), 1).unwrap_err().message,
    );
}

#[test]
fn a_given_context_object_is_taken_as_it_is() {
    let request = |resource: &str, context: &str| {
        format!(
            r#"{{"definition":{{"Type":"Task","Resource":"arn:aws:states:::{resource}","ResultSelector":{{"c.$":"$$"}},"End":true}},
                "context":{context},"mock":{{"result":{{}}}}}}"#
        )
    };
    let taken = |resource: &str, context: &str| {
        check(&request(resource, context), &format!(r#"{{"status":"SUCCEEDED","output":{{"c":{context}}}}}"#));
    };
    taken("sns:publish", r#"{"Execution":{"Input":[1]},"State":{"RetryCount":3}}"#);
    taken("sqs:sendMessage.waitForTaskToken", r#"{"Task":{"Token":"t"}}"#);
    let refused = |resource: &str, context: &str, what: &str| {
        let message = format!("Invalid Context object provided: {what}");
        check_refusal(&request(resource, context), "ValidationException", &message);
    };
    refused("sns:publish", r#"{"Other":1}"#, "Field 'Other' is not allowed");
    refused("sns:publish", r#"{"State":{"Other":1}}"#, "Field 'Other' is not allowed");
    refused("sns:publish", r#"{"Map":{}}"#, "'Map' field is not supported when mocking a Context object");
    refused("sns:publish", r#"{"Execution":1}"#, "Field 'Execution' must be an object");
    refused("sns:publish", r#"{"Execution":{"Id":1}}"#, "Field 'Id' must be a string");
    refused("sns:publish", r#"{"State":{"RetryCount":"1"}}"#, "Field 'RetryCount' must be a number");
    refused(
        "sns:publish",
        r#"{"Task":{"Token":"t"}}"#,
        "Context object contains 'Task' when state is not a Task state with a '.sync' or '.waitForTaskToken' service \
         integration pattern",
    );
}

#[test]
fn the_context_object_that_is_made_up() {
    let request = arguments(
        r#"{"definition":{"Type":"Task","QueryLanguage":"JSONata","Resource":"arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Arguments":{"t":"{% $states.context.Task.Token %}"},"Output":"{% $states.context %}","End":true},
            "roleArn":"arn:aws:iam::123456789012:role/r","input":{"a":1},"mock":{"result":["any"]},"inspectionLevel":"DEBUG"}"#,
    );
    let context = |seed| ask(&request, seed).unwrap().output.unwrap();
    let made = context(1);
    let at = |path: &[&str]| path.iter().fold(&made, |value, name| value.get(name).unwrap_or(&Value::Null)).clone();
    let text = |path: &[&str]| at(path).as_str().unwrap().to_owned();
    let (machine, execution) = (text(&["StateMachine", "Name"]), text(&["Execution", "Name"]));
    let arn = |kind: &str, name: &str| format!("arn:aws:states:us-east-1:123456789012:{kind}:{name}");
    assert_eq!(text(&["Execution", "Id"]), arn("express", &format!("{machine}:{execution}")));
    assert_eq!(text(&["StateMachine", "Id"]), arn("stateMachine", &machine));
    assert_eq!(at(&["Execution", "Input"]), json_value(r#"{"a":1}"#));
    assert_eq!(text(&["Execution", "RoleArn"]), "arn:aws:iam::123456789012:role/r");
    assert_eq!(
        at(&["State"]),
        json_value(r#"{"Name":"StateName","EnteredTime":"2023-11-14T22:13:20Z","RetryCount":0}"#)
    );
    let token = ask(&request, 1).unwrap().inspection_data.unwrap().after_arguments.unwrap();
    assert!(token.get("t").and_then(Value::as_str).is_some_and(|token| token.len() >= 32), "{token}");
    assert_eq!(context(1), made, "one seed, one answer");
    assert_ne!(context(2), made, "names come from the seed");
}

#[test]
fn a_task_without_a_mock_is_done_by_the_caller() {
    let request = arguments(
        r#"{"definition":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f","Parameters":{"b.$":"$.a"},
            "Catch":[{"ErrorEquals":["Oops"],"Next":"C"}],"End":true},"input":{"a":1},"roleArn":"arn:aws:iam::123456789012:role/r"}"#,
    );
    let request = TestStateRequest::from_arguments(&request).unwrap();
    let mut call = |task: &TaskRequest| {
        assert_eq!(task.parameters, json_value(r#"{"b":1}"#));
        Ok(Value::from("done"))
    };
    let answer = test_state_with(&request, &mut call).unwrap();
    assert_eq!(answer.to_value(), json_value(r#"{"status":"SUCCEEDED","output":"done"}"#));
    let mut call = |_: &TaskRequest| {
        Err(Failure { error: Some("Oops".into()), cause: Some("why".into()), kind: FailureKind::Ordinary })
    };
    let answer = test_state_with(&request, &mut call).unwrap();
    assert_eq!((answer.status, answer.next_state.as_deref()), (Status::CaughtError, Some("C")));
}

/// The mock of a task on `resource`, in a mode, with the refusal it gets; `""` is none, `?` says that it is not checked.
#[test]
fn mocked_results_fit_the_api() {
    let check = |resource: &str, mode: &str, result: &str, expected: &str| {
        let request = format!(
            r#"{{"definition":{{"Type":"Task","Resource":"arn:aws:states:::{resource}","End":true}},
                "mock":{{"result":{result},"fieldValidationMode":"{mode}"}}}}"#
        );
        let found = match ask(&arguments(&request), 1) {
            Ok(answer) if answer.unchecked_mock.is_some() => "?".to_owned(),
            Ok(_) => String::new(),
            Err(error) => error.message.strip_prefix("Mock result schema validation error: ").unwrap().to_owned(),
        };
        assert_eq!(found, expected, "{resource} {mode} {result}");
    };
    // Required members, and those within others.
    check("states:startExecution", "STRICT", r#"{"ExecutionArn":"a","StartDate":"now"}"#, "");
    check("states:startExecution", "STRICT", r#"{"ExecutionArn":"a"}"#, "Required field 'StartDate' is missing");
    check("states:startExecution", "PRESENT", r#"{"ExecutionArn":"a"}"#, "");
    check("states:startExecution", "NONE", r#"{"ExecutionArn":1}"#, "");
    check("aws-sdk:sfn:listExecutions", "STRICT", r#"{"Executions":[{}]}"#, "Required field 'ExecutionArn' is missing");
    // Types, in members of members, in lists and in maps; members that the API does not have pass.
    check("dynamodb:getItem", "STRICT", r#"{"Item":{"id":{"S":1}}}"#, "Field 'S' must be a string");
    check(
        "dynamodb:getItem",
        "STRICT",
        r#"{"Item":{"id":{"L":[{"M":{"x":{"BOOL":1}}}]}}}"#,
        "Field 'BOOL' must be a boolean",
    );
    check("dynamodb:getItem", "STRICT", r#"{"Item":[]}"#, "Field 'Item' must be an object");
    check("dynamodb:getItem", "STRICT", r#"{"Other":1,"Item":{}}"#, "");
    check("events:putEvents", "PRESENT", r#"{"FailedEntryCount":"0"}"#, "Field 'FailedEntryCount' must be a number");
    check("aws-sdk:eventbridge:putEvents", "STRICT", r#"{"Entries":{}}"#, "Field 'Entries' must be an array");
    // Bounds and enumerations.
    check(
        "aws-sdk:lambda:getFunctionConfiguration",
        "STRICT",
        r#"{"Timeout":0}"#,
        "Field 'Timeout' is less than the minimum value",
    );
    check(
        "aws-sdk:lambda:getFunctionConfiguration",
        "STRICT",
        r#"{"State":"Idle"}"#,
        "Field 'State' is not an expected value",
    );
    check(
        "aws-sdk:sfn:describeActivity",
        "PRESENT",
        r#"{"Name":""}"#,
        "Field 'Name' is smaller than the minimum length",
    );
    // A Lambda payload is whatever the function gives, unless the SDK call is made, which knows bytes.
    check("lambda:invoke", "STRICT", r#"{"StatusCode":200,"Payload":{"a":1}}"#, "");
    check("aws-sdk:lambda:invoke", "STRICT", r#"{"Payload":{"a":1}}"#, "Field 'Payload' must be a string");
    // A job that is waited for answers what tells how it stands; others tell the end of a task with a token.
    check("states:startExecution.sync", "PRESENT", r#"{"Status":"OVER"}"#, "Field 'Status' is not an expected value");
    check("states:startExecution.sync", "PRESENT", r#"{"Output":{}}"#, "Field 'Output' must be a string");
    check("states:startExecution.sync:2", "PRESENT", r#"{"Output":{}}"#, "");
    check("states:startExecution.waitForTaskToken", "STRICT", "1", "");
    // What is not known is not checked, and says so.
    check("aws-sdk:iot:createThing", "STRICT", r#"{"ThingName":1}"#, "?");
    check("apigateway:invoke", "STRICT", r#"{"StatusCode":"200"}"#, "?");
}
