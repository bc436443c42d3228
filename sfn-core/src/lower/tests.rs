//! Workflows and the documents they become. A document is shown as one line a state; what every Lambda task has (its
//! resource, its default `Retry`) is checked once and left out.

#[cfg(feature = "testing")]
mod agree;
#[cfg(feature = "testing")]
mod expressions;
#[cfg(feature = "testing")]
mod shape;
#[cfg(feature = "testing")]
mod traps;

use serde::{Deserialize, Serialize};
use sfn_asl::Value;
use sfn_asl::definition::Definition;

use super::{BindingKind, Bindings, DefinitionError, Machine, Requirement};
use crate::{Error, SfnData, SfnError, state_machine, task};

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Trip {
    trip_id: String,
    #[serde(rename = "to")]
    city: String,
    traveller: Traveller,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default = "three")]
    stars: u8,
    #[serde(default)]
    tags: Vec<String>,
}

fn three() -> u8 {
    3
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "kebab-case")]
struct Traveller {
    full_name: String,
    age: Option<u8>,
    id: Passport,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Passport(String);

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Booking {
    code: String,
    price: (u32, String),
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Ask {
    who: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    limit: i64,
    exact: bool,
    currency: String,
}

#[derive(SfnError)]
enum BookError {
    Full,
    #[sfn(name = "Book.Refused")]
    Refused {
        reason: String,
    },
    #[sfn(timeout)]
    Slow,
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Flight")]
async fn flight(trip: Trip) -> Result<Booking, BookError>;
#[task(lambda = "Hotel", timeout = "1m")]
async fn hotel(city: String, stars: u8) -> Result<Booking, Error>;
#[task(lambda = "ask-price")]
async fn ask_price(ask: Ask) -> Result<Option<Booking>, Error>;
#[task(lambda = "Tick")]
async fn tick() -> Result<(), Error>;
#[task(lambda = "Cancel")]
async fn cancel(code: String) -> Result<(), Error>;
#[task(lambda = "Note")]
async fn note(text: Option<String>) -> Result<String, Error>;
#[task(
    lambda = "Pay",
    retry(on = [BookError::Full, BookError::Slow], max = 5, interval = "2s", backoff = 1.5, cap = "1m", jitter),
    retry(on = ["Custom"], max = 0),
)]
async fn pay(price: (u32, String)) -> Result<(), BookError>;
#[task(lambda = "Once", retry = "none")]
async fn once(id: String) -> Result<String, Error>;

#[state_machine]
async fn no_task(trip: Trip) -> Result<Trip, Error> {
    Ok(trip)
}

#[state_machine]
async fn no_task_with_let(trip: Trip) -> Result<(String, Vec<String>), Error> {
    let name = trip.traveller.full_name;
    let tags = trip.tags;
    Ok((name, tags))
}

#[state_machine]
async fn nothing_returned(_: ()) -> Result<(), Error> {
    tick().await?;
    Ok(())
}

#[state_machine]
async fn result_directly(trip: Trip) -> Result<Booking, BookError> {
    flight(trip).await
}

#[state_machine]
async fn early_return(trip: Trip) -> Result<String, Error> {
    let booking = flight(trip).await?;
    return Ok(booking.code);
}

#[state_machine]
async fn unused_result(trip: Trip) -> Result<String, Error> {
    let _ = hotel(trip.city, trip.stars).await?;
    tick().await?;
    let _unused = flight(trip).await?;
    Ok(trip.trip_id)
}

#[state_machine]
async fn missing_members(trip: Trip) -> Result<Option<String>, Error> {
    let text = note(trip.note).await?;
    hotel(text, trip.stars).await?;
    Ok(trip.note)
}

#[state_machine]
async fn struct_with_optional_member(trip: Trip) -> Result<Option<Booking>, Error> {
    let reply = note(trip.note).await?;
    ask_price(Ask { note: trip.note, who: reply, limit: -7, exact: true, currency: "EUR".to_string() }).await
}

#[state_machine]
async fn nested_calls(trip: Trip) -> Result<String, Error> {
    Ok(once(flight(trip).await?.code).await?)
}

#[state_machine]
async fn lets_between(trip: Trip) -> Result<(String, u32), Error> {
    let city = trip.city;
    let booking = flight(trip).await?;
    let code = booking.code;
    let price = booking.price;
    tick().await?;
    hotel(city, 4).await?;
    Ok((code, price.0))
}

#[state_machine]
async fn shadowed(trip: Trip) -> Result<String, Error> {
    let code = flight(trip).await?.code;
    let code = once(code).await?;
    let code = once(code).await?;
    tick().await?;
    Ok(code)
}

#[state_machine]
async fn awkward_names(count: Trip) -> Result<(String, String, String), Error> {
    let states = once(count.trip_id).await?;
    let err = once(count.city).undo(|sum| cancel(sum)).await?;
    let r#type = once(count.traveller.id.0).await?;
    tick().await?;
    Ok((states, err, r#type))
}

#[state_machine]
async fn several_undos(trip: Trip) -> Result<String, Error> {
    let flight = flight(trip).undo(|booking| cancel(booking.code)).await?;
    hotel(trip.city, trip.stars).undo(|booking| cancel(booking.code)).await?;
    pay(flight.price).undo(|_| tick()).await?;
    tick().await?;
    Ok(flight.code)
}

#[state_machine]
async fn undo_of_the_last_call(trip: Trip) -> Result<Booking, BookError> {
    flight(trip).undo(|booking| cancel(booking.code)).await
}

#[state_machine]
async fn undo_reads_the_input(trip: Trip) -> Result<(), Error> {
    tick().undo(|_| note(trip.note)).await?;
    tick().await
}

#[task(lambda = "Both")]
async fn both_of(lists: (Vec<String>, Option<Vec<u8>>)) -> Result<String, Error>;

#[state_machine]
async fn tuples(lists: (Vec<String>, Option<Vec<u8>>)) -> Result<Ask, Error> {
    let first = lists.0;
    let both = (first, lists.1);
    Ok(Ask { who: both_of(both).await?, note: NO_NOTE, limit: LIMIT, exact: false, currency: String::from("{% x %}") })
}

const LIMIT: i64 = 9;
const NO_NOTE: Option<String> = None;

#[state_machine]
async fn constant_output(_: ()) -> Result<String, Error> {
    tick().await?;
    Ok("done".into())
}

/// A machine's `definition`.
type Made = fn() -> Result<Definition, DefinitionError>;

#[test]
fn documents() {
    let cases: &[(Made, &str)] = &[
        (
            no_task::definition,
            r#"
start Return trip
Return trip: Succeed Output "$states.input"
"#,
        ),
        (
            no_task_with_let::definition,
            r#"
start Return
Return: Succeed Output ["$states.input.traveller.`full-name`","$exists($states.input.tags) ? $states.input.tags : []"]
"#,
        ),
        (
            nothing_returned::definition,
            r#"
start Tick
Tick: Task {} Output "null" -> end
"#,
        ),
        (
            result_directly::definition,
            r#"
start Flight
Flight: Task "$states.input" Output "$states.result.Payload" -> end
"#,
        ),
        (
            early_return::definition,
            r#"
start Flight
Flight: Task "$states.input" Output "$states.result.Payload.code" -> end
"#,
        ),
        (
            unused_result::definition,
            r#"
start Hotel
Hotel: Task {"city":"$states.input.to","stars":"$exists($states.input.stars) ? $states.input.stars : 3"} TimeoutSeconds 60 Assign {"trip":"$states.input"} -> Tick
Tick: Task {} -> Flight
Flight: Task "$trip" Output "$trip.tripId" -> end
"#,
        ),
        (
            missing_members::definition,
            r#"
start Note
Note: Task "$exists($states.input.note) ? $states.input.note : null" Assign {"trip":"$states.input","text":"$states.result.Payload"} -> Hotel
Hotel: Task {"city":"$text","stars":"$exists($trip.stars) ? $trip.stars : 3"} TimeoutSeconds 60 Output "$exists($trip.note) ? $trip.note : null" -> end
"#,
        ),
        (
            struct_with_optional_member::definition,
            r#"
start Note
Note: Task "$exists($states.input.note) ? $states.input.note : null" Assign {"note":"$exists($states.input.note) ? $states.input.note : null","reply":"$states.result.Payload"} -> AskPrice
AskPrice: Task "{\"who\":$reply,\"note\":($note != null ? $note),\"limit\":-7,\"exact\":true,\"currency\":\"EUR\"}" Output "$states.result.Payload" -> end
"#,
        ),
        (
            nested_calls::definition,
            r#"
start Flight
Flight: Task "$states.input" Assign {"flight":"$states.result.Payload"} -> Once
Once: Task "$flight.code" Output "$states.result.Payload" -> end
"#,
        ),
        (
            lets_between::definition,
            r#"
start Flight
Flight: Task "$states.input" Assign {"city":"$states.input.to","code":"$states.result.Payload.code","price":"$states.result.Payload.price"} -> Tick
Tick: Task {} -> Hotel
Hotel: Task {"city":"$city","stars":4} TimeoutSeconds 60 Output ["$code","$price[0]"] -> end
"#,
        ),
        (
            shadowed::definition,
            r#"
start Flight
Flight: Task "$states.input" Assign {"code":"$states.result.Payload.code"} -> Once
Once: Task "$code" Assign {"code":"$states.result.Payload"} -> Once #2
Once #2: Task "$code" Assign {"code":"$states.result.Payload"} -> Tick
Tick: Task {} Output "$code" -> end
"#,
        ),
        (
            awkward_names::definition,
            r#"
start Once
Once: Task "$states.input.tripId" Assign {"count2":"$states.input","states2":"$states.result.Payload"} -> Once #2
Once #2: Task "$count2.to" Assign {"err":"$states.result.Payload"} -> Once #3
Once #3: Task "$count2.traveller.id" Assign {"type2":"$states.result.Payload"} catch {"err2":"$states.errorOutput"} -> Undo Once #2 -> Tick
Tick: Task {} catch {"err2":"$states.errorOutput"} -> Undo Once #2 Output ["$states2","$err","$type2"] -> end
Undo Once #2: Task "$err" catch -> Fail -> Fail
Fail: Fail Error "$err2.Error" Cause "$exists($err2.Cause) ? $err2.Cause : \"\""
"#,
        ),
        (
            several_undos::definition,
            r#"
start Flight
Flight: Task "$states.input" Assign {"trip":"$states.input","flight":"$states.result.Payload"} -> Hotel
Hotel: Task {"city":"$trip.to","stars":"$exists($trip.stars) ? $trip.stars : 3"} TimeoutSeconds 60 Assign {"booking":"$states.result.Payload"} catch {"err":"$states.errorOutput"} -> Undo Flight -> Pay
Pay: Task "$flight.price" catch {"err":"$states.errorOutput"} -> Undo Hotel -> Tick
Tick: Task {} catch {"err":"$states.errorOutput"} -> Undo Pay Output "$flight.code" -> end
Undo Pay: Task {} catch -> Undo Hotel -> Undo Hotel
Undo Hotel: Task "$booking.code" catch -> Undo Flight -> Undo Flight
Undo Flight: Task "$flight.code" catch -> Fail -> Fail
Fail: Fail Error "$err.Error" Cause "$exists($err.Cause) ? $err.Cause : \"\""
"#,
        ),
        (
            undo_of_the_last_call::definition,
            r#"
start Flight
Flight: Task "$states.input" Output "$states.result.Payload" -> end
"#,
        ),
        (
            undo_reads_the_input::definition,
            r#"
start Tick
Tick: Task {} Assign {"note":"$exists($states.input.note) ? $states.input.note : null"} -> Tick #2
Tick #2: Task {} catch {"err":"$states.errorOutput"} -> Undo Tick Output "$states.result.Payload" -> end
Undo Tick: Task "$note" catch -> Fail -> Fail
Fail: Fail Error "$err.Error" Cause "$exists($err.Cause) ? $err.Cause : \"\""
"#,
        ),
        (
            tuples::definition,
            r#"
start BothOf
BothOf: Task ["$states.input[0]","$states.input[1]"] Output {"who":"$states.result.Payload","limit":9,"exact":false,"currency":"\"x\""} -> end
"#,
        ),
        (
            constant_output::definition,
            r#"
start Tick
Tick: Task {} Output "\"done\"" -> end
"#,
        ),
    ];
    let mut stale = Vec::new();
    for (definition, expected) in cases {
        let (made, expected) = (outline(definition().unwrap().document()), expected.trim_matches('\n'));
        if made != expected {
            stale.push(format!("made\n{made}\nexpected\n{expected}"));
        }
    }
    assert!(stale.is_empty(), "{}", stale.join("\n\n"));
}

#[test]
fn what_all_tasks_have() {
    let document = result_directly::definition().unwrap().document().clone();
    let expected = r#"{
        "Comment": "generated by sfn from result_directly", "QueryLanguage": "JSONata", "StartAt": "Flight",
        "States": {"Flight": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
            "Arguments": {"FunctionName": "${Flight}", "Payload": "{% $states.input %}"},
            "Retry": [{
                "ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
                    "Lambda.TooManyRequestsException"],
                "IntervalSeconds": 1, "MaxAttempts": 3, "BackoffRate": 2, "JitterStrategy": "FULL"
            }],
            "Output": "{% $states.result.Payload %}", "End": true
        }}
    }"#;
    assert_eq!(document, Value::parse(expected).unwrap());
}

#[test]
fn retry_policies() {
    let document = several_undos::definition().unwrap().document().clone();
    let retry =
        |state: &str| document.get("States").and_then(|states| states.get(state)).unwrap().get("Retry").cloned();
    let own = r#"[
        {"ErrorEquals": ["Full", "States.Timeout", "States.HeartbeatTimeout"], "IntervalSeconds": 2, "MaxAttempts": 5,
            "BackoffRate": 1.5, "MaxDelaySeconds": 60, "JitterStrategy": "FULL"},
        {"ErrorEquals": ["Custom"], "IntervalSeconds": 1, "MaxAttempts": 0, "BackoffRate": 2}
    ]"#;
    let own = Value::parse(own).unwrap();
    let pay = retry("Pay").unwrap();
    assert_eq!(pay.at(0), own.at(0));
    assert_eq!(pay.at(1), own.at(1));
    assert_eq!(pay.at(2), retry("Tick").unwrap().at(0), "the default policy comes last");
    assert_eq!(pay.at(3), None);
    let document = nested_calls::definition().unwrap().document().clone();
    assert_eq!(document.get("States").and_then(|states| states.get("Once")).unwrap().get("Retry"), None);
}

#[test]
fn bindings() {
    let function = |bindings: &Bindings, state: &str| {
        let document = struct_with_optional_member::definition_with(bindings)?.document().clone();
        let state = document.get("States").and_then(|states| states.get(state)).cloned().unwrap();
        Ok(state.get("Arguments").and_then(|arguments| arguments.get("FunctionName")).unwrap().to_string())
    };
    let account = Bindings::account("aws-cn", "cn-north-1", "123456789012");
    let cases: &[(Bindings, &str, Result<&str, DefinitionError>)] = &[
        (Bindings::substitutions(), "Note", Ok("${Note}")),
        (Bindings::substitutions(), "AskPrice", Ok("${AskPrice}")),
        (account.clone(), "AskPrice", Ok("arn:aws-cn:lambda:cn-north-1:123456789012:function:ask-price")),
        (account.clone().alias("live"), "Note", Ok("arn:aws-cn:lambda:cn-north-1:123456789012:function:Note:live")),
        (account.function("Note", "other"), "Note", Ok("other")),
        (Bindings::explicit().function("Note", "a").function("ask-price", "b"), "AskPrice", Ok("b")),
        (
            Bindings::explicit(),
            "Note",
            Err(DefinitionError::MissingBindings {
                machine: "struct_with_optional_member".into(),
                needs: ["Note", "ask-price"].map(needed).into(),
            }),
        ),
    ];
    for (bindings, state, expected) in cases {
        let expected = expected.clone().map(|text| Value::from(text).to_string());
        assert_eq!(function(bindings, state), expected, "{bindings:?}");
    }
    let required = several_undos::bindings_required().unwrap();
    let names: Vec<_> = required.iter().map(|requirement| requirement.name).collect();
    assert_eq!(names, ["Flight", "Hotel", "Pay", "Tick", "Cancel"]);
    assert!(required.iter().all(|requirement| requirement.action == "lambda:InvokeFunction"));
}

fn needed(name: &'static str) -> Requirement {
    Requirement { name, kind: BindingKind::Function, action: "lambda:InvokeFunction".to_owned() }
}

#[task(lambda = "a-b")]
async fn dashed(_text: String) -> Result<String, Error>;
#[task(lambda = "AB")]
async fn plain(_text: String) -> Result<String, Error>;

#[state_machine(test = false)]
async fn clash(text: String) -> Result<String, Error> {
    plain(dashed(text).await?).await
}

#[task(lambda = "Long")]
async fn a_task_with_a_name_that_is_longer_than_what_aws_lets_the_name_of_a_state_be_which_is_eighty_characters(
    _text: String,
) -> Result<String, Error>;

#[state_machine(test = false)]
async fn too_long(text: String) -> Result<String, Error> {
    a_task_with_a_name_that_is_longer_than_what_aws_lets_the_name_of_a_state_be_which_is_eighty_characters(text).await
}

#[test]
fn refusals() {
    let text = |result: Result<Definition, DefinitionError>| result.unwrap_err().to_string();
    assert_eq!(text(clash::definition()), "`a-b` and `AB` would both be the placeholder `${AB}`");
    assert!(text(too_long::definition()).starts_with("SFN050: the name `ATaskWithAName"));
}

/// The document, one line a state, without what all tasks have.
fn outline(document: &Value) -> String {
    let start = document.get("StartAt").and_then(Value::as_str).unwrap();
    let mut lines = vec![format!("start {start}")];
    for (name, state) in document.get("States").and_then(Value::as_object).unwrap().iter() {
        let mut line = format!("{name}:");
        for (field, value) in state.as_object().unwrap().iter() {
            let shown = match &**field {
                "Resource" | "Retry" => continue,
                "Type" => value.as_str().unwrap().to_owned(),
                "Next" => format!("-> {}", value.as_str().unwrap()),
                "End" => "-> end".to_owned(),
                "Arguments" => value.get("Payload").unwrap().to_string(),
                "Catch" => {
                    let catcher = value.at(0).unwrap();
                    let assign = catcher.get("Assign").map(|assign| format!(" {assign}")).unwrap_or_default();
                    format!("catch{assign} -> {}", catcher.get("Next").and_then(Value::as_str).unwrap())
                }
                field => format!("{field} {value}"),
            };
            line += &format!(" {shown}");
        }
        lines.push(line);
    }
    lines.join("\n").replace("{% ", "").replace(" %}", "")
}
