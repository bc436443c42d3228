//! What the attributes make of a body: the value that the document returns is the one that the body returns.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sfn_asl::Value;

use crate::data::Data;
use crate::executor::Executor;
use crate::lower::{Bindings, DefinitionError, Machine, definition};
use crate::task::{BoxFuture, Callable, Dispatch, Outcome, Run, Signature, TaskCall};
use crate::{Error, SfnData, state_machine};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Order {
    id: u8,
    #[serde(flatten)]
    address: Address,
    #[serde(skip)]
    cached: u8,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Address {
    #[serde(rename = "the city")]
    city: String,
    #[serde(default = "first_floor")]
    floor: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<String>,
    #[serde(flatten)]
    country: Country,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Country {
    code: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent)]
struct Cents {
    value: Option<u32>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Bill {
    note: Option<u8>,
    cents: Cents,
    lists: (Option<Vec<u8>>, Vec<Vec<u8>>, Value, u8),
    counts: BTreeMap<String, u8>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Lists {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<u8>,
    lists: (Option<Vec<u8>>, Vec<Vec<u8>>, Value, u8),
}

fn first_floor() -> u8 {
    1
}

#[state_machine]
async fn flattened_field(order: Order) -> Result<(String, String, u8), Error> {
    Ok((order.address.city, order.address.country.code, order.address.floor))
}

#[state_machine]
async fn flattened_whole(order: Order) -> Result<Address, Error> {
    Ok(order.address)
}

#[state_machine]
async fn flattened_written(bill: Address) -> Result<Parcel, Error> {
    Ok(Parcel { number: 7, to: bill })
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Parcel {
    number: u8,
    #[serde(flatten)]
    to: Address,
}

#[state_machine]
async fn flattened_literal(city: String) -> Result<Parcel, Error> {
    Ok(Parcel { number: 7, to: Address { city, floor: 2, door: None, country: Country { code: city } } })
}

#[state_machine]
async fn transparent_read(bill: Bill) -> Result<Option<u32>, Error> {
    Ok(bill.cents.value)
}

#[state_machine]
async fn transparent_written(bill: Bill) -> Result<Cents, Error> {
    Ok(Cents { value: bill.cents.value })
}

#[state_machine]
async fn lists_in_a_tuple(bill: Bill) -> Result<Lists, Error> {
    Ok(Lists { note: bill.note, lists: (bill.lists.0, bill.lists.1, bill.lists.2, bill.lists.3) })
}

#[state_machine(test = false)]
async fn skipped_field(order: Order) -> Result<u8, Error> {
    Ok(order.cached)
}

/// The output of the document, which is that of the body as its reader sees it.
async fn check<M>(input: &str, expected: &str)
where
    M: Machine,
    M: Callable<Input = <M as Signature>::Parameters>,
    M::Returned: Outcome<Output = M::Output>,
{
    let input = Value::parse(input).unwrap();
    let definition = definition::<M>(&Bindings::substitutions()).unwrap();
    let executor = Executor::builder().build();
    let execution = executor.start_document(&definition, input.clone()).await.unwrap();
    let document = execution.output().await.unwrap();
    assert_eq!(document.to_json(), expected, "{}", M::NAME);
    let returned = M::body(Run::new(Arc::new(NoCalls)), M::Input::decode(&input).unwrap()).await;
    let Ok(body) = returned.into_result() else { panic!("`{}` returns data", M::NAME) };
    let read = M::Output::decode(&document).unwrap();
    assert_eq!(body.encode().unwrap(), read.encode().unwrap(), "{}", M::NAME);
}

struct NoCalls;

impl Dispatch for NoCalls {
    fn call(&self, _call: TaskCall) -> BoxFuture<Result<Value, Error>> {
        Box::pin(async { Err(Error::new("Unexpected", "no call is made")) })
    }

    fn pause(&self, _pause: crate::task::Pause) -> BoxFuture<()> {
        Box::pin(async {})
    }
}

const ADDRESS: &str = r#"{"id": 1, "the city": "Bonn", "code": "DE"}"#;

#[tokio::test]
async fn flattened_structs() {
    check::<flattened_field>(ADDRESS, r#"["Bonn","DE",1]"#).await;
    check::<flattened_whole>(ADDRESS, r#"{"the city":"Bonn","floor":1,"code":"DE"}"#).await;
    let with_door = r#"{"id": 1, "the city": "Bonn", "floor": 3, "door": "left", "code": "DE"}"#;
    check::<flattened_whole>(with_door, r#"{"the city":"Bonn","floor":3,"door":"left","code":"DE"}"#).await;
    check::<flattened_written>(ADDRESS, r#"{"number":7,"the city":"Bonn","floor":1,"code":"DE"}"#).await;
    check::<flattened_literal>("\"Bonn\"", r#"{"number":7,"the city":"Bonn","floor":2,"code":"Bonn"}"#).await;
}

#[tokio::test]
async fn transparent_structs() {
    for (cents, expected) in [(r#""cents": 5, "#, "5"), (r#""cents": null, "#, "null"), ("", "null")] {
        let bill = format!(r#"{{{cents}"lists": [[1], [], 0, 0], "counts": {{}}}}"#);
        check::<transparent_read>(&bill, expected).await;
        check::<transparent_written>(&bill, expected).await;
    }
}

#[tokio::test]
async fn arrays_in_an_array_that_is_an_expression() {
    for lists in [
        "[null,[],null,1]",
        "[[],[[]],[],1]",
        "[[1],[[1]],[1],1]",
        "[[1,2],[[1],[2]],[[1]],1]",
        "[null,[[],[1,2]],{},1]",
        "[null,[[1,2]],\"x\",1]",
    ] {
        let bill = |note: &str| format!(r#"{{{note}"cents": 1, "lists": {lists}, "counts": {{}}}}"#);
        check::<lists_in_a_tuple>(&bill(""), &format!(r#"{{"lists":{lists}}}"#)).await;
        check::<lists_in_a_tuple>(&bill(r#""note": 1, "#), &format!(r#"{{"note":1,"lists":{lists}}}"#)).await;
    }
}

#[test]
fn a_skipped_field_is_no_part_of_the_data() {
    let refused = definition::<skipped_field>(&Bindings::substitutions()).unwrap_err();
    assert_eq!(refused, DefinitionError::NoField { structure: "Order".into(), field: "cached".into() });
}
