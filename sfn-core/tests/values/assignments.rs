//! Assignments to fields, and methods that change a value in its place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

use crate::{gives, stops};

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    count: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    maybe: Option<u8>,
    the_address: Address,
    #[serde(flatten)]
    contact: Contact,
    pair: (u8, Vec<u8>),
    wrapped: Wrapped,
    lists: Vec<Vec<u8>>,
    #[serde(default)]
    by_key: BTreeMap<String, Vec<u8>>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Address {
    #[serde(rename = "the city")]
    city: String,
    #[serde(default = "first")]
    floor: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<String>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Contact {
    #[serde(rename = "e-mail")]
    mail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(flatten)]
    deep: Deep,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Deep {
    deepest: u8,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Wrapped(Address);

fn first() -> u8 {
    1
}

fn address(city: &str) -> Address {
    Address { city: city.into(), floor: 3, door: Some("d".into()) }
}

fn order() -> Order {
    Order {
        order_id: "o1".into(),
        count: 7,
        note: Some("a note".into()),
        maybe: Some(1),
        the_address: address("Rome"),
        contact: Contact { mail: "a@b".into(), phone: None, deep: Deep { deepest: 5 } },
        pair: (1, vec![2]),
        wrapped: Wrapped(address("Oslo")),
        lists: vec![vec![1]],
        by_key: BTreeMap::from([("a".into(), vec![1])]),
    }
}

#[state_machine]
async fn plain(mut order: Order) -> Result<Order, Error> {
    order.order_id = order.order_id + "!";
    order.count += 1;
    order.the_address.city = "Paris".to_string();
    order.the_address.floor *= 2;
    order.contact.mail = order.the_address.city;
    order.contact.deep.deepest = order.count;
    order.pair.0 = 9;
    order.pair.1 = vec![];
    order.wrapped.0.city = "Bonn".into();
    order.maybe = None;
    Ok(order)
}

#[test]
fn a_field_by_its_place() {
    let expected = Order {
        order_id: "o1!".into(),
        count: 8,
        maybe: None,
        the_address: Address { floor: 6, ..address("Paris") },
        contact: Contact { mail: "Paris".into(), phone: None, deep: Deep { deepest: 8 } },
        pair: (9, vec![]),
        wrapped: Wrapped(address("Bonn")),
        ..order()
    };
    gives(plain, order(), expected);
    stops(plain, Order { count: 255, ..order() }, "u8 overflow in `order.count + 1`");
}

#[state_machine]
async fn left_out(given: (Order, Option<String>)) -> Result<Order, Error> {
    let (mut order, note) = given;
    order.note = note;
    order.the_address.door = None;
    order.contact.phone = note;
    order.wrapped.0.door = note;
    Ok(order)
}

#[state_machine]
async fn whole(mut order: Order) -> Result<Order, Error> {
    let deep = Deep { deepest: order.count };
    order.contact = Contact { mail: "x".into(), phone: Some("1".into()), deep };
    order.the_address = Address { floor: 0, ..order.wrapped.0 };
    order.wrapped = Wrapped(Address { floor: 9, ..order.wrapped.0 });
    order.contact.deep = Deep { deepest: order.contact.deep.deepest + 1 };
    Ok(order)
}

#[test]
fn what_serde_leaves_out_and_what_is_flattened() {
    for note in [None, Some("n".to_owned())] {
        let expected = Order {
            note: note.clone(),
            the_address: Address { door: None, ..address("Rome") },
            contact: Contact { phone: note.clone(), ..order().contact },
            wrapped: Wrapped(Address { door: note.clone(), ..address("Oslo") }),
            ..order()
        };
        gives(left_out, (order(), note.clone()), expected.clone());
        gives(left_out, (Order { note: None, ..order() }, note.clone()), expected);
    }
    let expected = Order {
        contact: Contact { mail: "x".into(), phone: Some("1".into()), deep: Deep { deepest: 8 } },
        the_address: Address { floor: 0, ..address("Oslo") },
        wrapped: Wrapped(Address { floor: 9, ..address("Oslo") }),
        ..order()
    };
    gives(whole, order(), expected);
}

type Grown = (Order, Vec<Vec<u8>>, String, Vec<(usize, u8)>);

#[state_machine]
async fn grown(mut order: Order) -> Result<Grown, Error> {
    let mut lists = Vec::new();
    let mut text = String::new();
    let mut pairs = vec![];
    lists.push(vec![]);
    for (index, number) in order.lists.concat().into_iter().enumerate().collect::<Vec<_>>() {
        lists.push(vec![number, order.count]);
        text.push_str(&number.to_string());
        text.push('é');
        text += ";";
        pairs.push((index, number));
    }
    order.lists.extend(lists.iter().filter(|list| list.len() > 1).cloned());
    order.pair.1.extend(order.lists.concat());
    order.by_key.insert(text, order.pair.1);
    order.by_key.insert("a".to_string(), vec![order.count]);
    order.the_address.city.push_str("!");
    order.wrapped.0.city.clear();
    Ok((order, lists, text, pairs))
}

#[test]
fn lists_texts_and_maps_grow() {
    for given in [vec![], vec![vec![1]], vec![vec![], vec![4, 5]]] {
        let mut expected = Order { lists: given.clone(), ..order() };
        let mut lists = vec![vec![]];
        let mut text = String::new();
        let mut pairs = vec![];
        for (index, number) in given.concat().into_iter().enumerate() {
            lists.push(vec![number, 7]);
            text += &format!("{number}é;");
            pairs.push((index, number));
        }
        expected.lists.extend(lists.iter().filter(|list| list.len() > 1).cloned());
        expected.pair.1.extend(expected.lists.concat());
        expected.by_key.insert(text.clone(), expected.pair.1.clone());
        expected.by_key.insert("a".into(), vec![7]);
        expected.the_address.city += "!";
        expected.wrapped.0.city.clear();
        gives(grown, Order { lists: given, ..order() }, (expected, lists, text, pairs));
    }
}

#[state_machine]
async fn emptied(mut order: Order) -> Result<Order, Error> {
    order.lists.clear();
    order.lists.push(vec![1, 2]);
    order.by_key.clear();
    match order.count {
        7 => order.pair.1.clear(),
        _ => order.pair.1.push(3),
    }
    if order.maybe.is_some() {
        order.by_key.insert("b".to_string(), vec![]);
    }
    Ok(order)
}

#[test]
fn a_change_stands_where_a_statement_stands() {
    let emptied_of = |count, maybe: Option<u8>| {
        let pair = if count == 7 { (1, vec![]) } else { (1, vec![2, 3]) };
        let by_key = if maybe.is_none() { BTreeMap::new() } else { BTreeMap::from([("b".into(), vec![])]) };
        Order { count, maybe, pair, by_key, lists: vec![vec![1, 2]], ..order() }
    };
    for (count, maybe) in [(7, None), (7, Some(1)), (8, Some(0))] {
        gives(emptied, Order { count, maybe, ..order() }, emptied_of(count, maybe));
    }
}
