//! What serde's attributes may say.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use sfn_core::SfnData;

#[derive(SfnData, Serialize, Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", rename = "Bestellung", default, expecting = "an order")]
struct Order {
    order_id: String,
    #[serde(rename(serialize = "no", deserialize = "no"))]
    number: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip)]
    cached: Option<u8>,
    labels: HashMap<String, Vec<char>>,
    rest: BTreeMap<String, sfn_core::Value>,
    #[serde(flatten)]
    address: Box<Address>,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Default)]
struct Address {
    city: String,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent)]
struct Cents {
    value: u32,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
enum Payment {
    Card { card_number: String },
    Invoice(Address),
    Free,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "t", content = "c")]
enum Event {
    Paid(Cents),
    Moved(u8, u8),
    #[serde(rename = "ended")]
    Ended,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Unit;

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(bound(deserialize = "T: Deserialize<'de>"))]
struct Page<T> {
    items: Vec<T>,
    next: Option<T>,
    #[serde(default)]
    first: Vec<T>,
    children: Vec<Page<T>>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Tree<T> {
    Leaf(T),
    Node(Box<Tree<T>>, Box<Tree<T>>),
}

fn main() {
    fn is_data<T: sfn_core::data::Data>() {}
    is_data::<Order>();
    is_data::<Payment>();
    is_data::<Option<Event>>();
    is_data::<Page<Payment>>();
    is_data::<Tree<Page<u8>>>();
    is_data::<Unit>();
}
