//! Structs and variants of enums, by all of serde's attributes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

use crate::{gives, stops};

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Given {
    name: String,
    count: u8,
    note: Option<String>,
    list: Vec<u8>,
    lists: Vec<Vec<u8>>,
}

fn given(note: Option<&str>, list: &[u8]) -> Given {
    let lists = list.iter().map(|count| vec![*count; usize::from(*count)]).collect();
    Given { name: "n \"1\"".into(), count: 7, note: note.map(Into::into), list: list.to_vec(), lists }
}

// External

#[derive(SfnData, Serialize, Deserialize, Clone)]
enum Units {
    Running,
    #[serde(rename = "not \"known\"")]
    Unknown,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
enum External {
    NoFields,
    OneField(String),
    OneOption(Option<u8>),
    OneUnit(()),
    OneList(Vec<u8>),
    TwoFields(u8, Vec<u8>),
    NoItems(),
    NamedFields {
        first_one: u8,
        note: Option<String>,
    },
    EmptyNamed {},
    #[serde(rename = "my-own`name")]
    Renamed(Box<External>),
    Nested(Units),
}

fn externals(given: Given) -> Vec<External> {
    vec![
        External::NoFields,
        External::OneField(given.name),
        External::OneOption(None),
        External::OneOption(Some(given.count)),
        External::OneUnit(()),
        External::OneList(given.list.clone()),
        External::TwoFields(given.count + 1, given.list),
        External::NoItems(),
        External::NamedFields { first_one: given.count, note: given.note },
        External::EmptyNamed {},
        External::Renamed(Box::new(External::Nested(Units::Unknown))),
        External::Nested(Units::Running),
    ]
}

#[state_machine(test = false)]
async fn external(given: Given) -> Result<Vec<External>, Error> {
    Ok(vec![
        External::NoFields,
        External::OneField(given.name),
        External::OneOption(None),
        External::OneOption(Some(given.count)),
        External::OneUnit(()),
        External::OneList(given.list),
        External::TwoFields(given.count + 1, given.list),
        External::NoItems(),
        External::NamedFields { first_one: given.count, note: given.note },
        External::EmptyNamed {},
        External::Renamed(Box::new(External::Nested(Units::Unknown))),
        External::Nested(Units::Running),
    ])
}

// Internal

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Address {
    #[serde(rename = "the city")]
    city: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    door: Option<String>,
    #[serde(default = "first")]
    floor: u8,
}

fn first() -> u8 {
    1
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "type", rename_all = "lowercase", rename_all_fields = "camelCase")]
enum Internal {
    NoFields,
    NamedFields {
        a_b: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<String>,
    },
    OneStruct(Address),
    OneBox(Box<Address>),
    Flattened {
        #[serde(flatten)]
        inner: Address,
        more: Vec<Internal>,
    },
}

fn internals(given: Given) -> Vec<Internal> {
    let address = Address { city: given.name, door: given.note.clone(), floor: given.count };
    vec![
        Internal::NoFields,
        Internal::NamedFields { a_b: given.count, note: given.note },
        Internal::NamedFields { a_b: 1, note: None },
        Internal::OneStruct(address.clone()),
        Internal::OneBox(Box::new(Address { floor: 9, ..address.clone() })),
        Internal::Flattened { more: vec![Internal::NoFields], inner: address },
    ]
}

#[state_machine(test = false)]
async fn internal(given: Given) -> Result<Vec<Internal>, Error> {
    let address = Address { city: given.name, door: given.note, floor: given.count };
    Ok(vec![
        Internal::NoFields,
        Internal::NamedFields { a_b: given.count, note: given.note },
        Internal::NamedFields { a_b: 1, note: None },
        Internal::OneStruct(address),
        Internal::OneBox(Box::new(Address { floor: 9, ..address })),
        Internal::Flattened { more: vec![Internal::NoFields], inner: address },
    ])
}

// Adjacent

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "t", content = "the content", rename_all = "kebab-case")]
enum Adjacent {
    NoFields,
    OneField(String),
    OneOption(Option<u8>),
    OneList(Vec<Vec<u8>>),
    TwoFields(u8, Vec<u8>),
    NamedFields {
        first_one: u8,
        #[serde(default)]
        note: Option<String>,
    },
}

fn adjacents(given: Given) -> Vec<Adjacent> {
    vec![
        Adjacent::NoFields,
        Adjacent::OneField(given.name),
        Adjacent::OneOption(None),
        Adjacent::OneOption(Some(given.count)),
        Adjacent::OneList(given.lists),
        Adjacent::TwoFields(given.count, given.list),
        Adjacent::NamedFields { first_one: 4, note: given.note },
    ]
}

mod by_name {
    use super::Adjacent::*;
    use super::{Adjacent as Renamed, Error, Given, state_machine};

    #[state_machine(test = false)]
    pub(super) async fn adjacent(given: Given) -> Result<Vec<Renamed>, Error> {
        Ok(vec![
            NoFields,
            OneField(given.name),
            OneOption(None),
            OneOption(Some(given.count)),
            OneList(given.lists),
            TwoFields(given.count, given.list),
            NamedFields { first_one: 4, note: given.note },
        ])
    }
}

// Structs

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Marker;

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Wrapper(u8);

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Pair(u8, Vec<u8>);

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(transparent)]
struct Seen {
    list: Vec<u8>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Page<T> {
    #[serde(rename = "theItems")]
    items: Vec<T>,
    next: Option<Wrapper>,
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Around {
    before: char,
    #[serde(flatten)]
    address: Address,
    marker: Marker,
}

type Structs = (Marker, Wrapper, Pair, Seen, Page<Pair>, Page<Wrapper>, Around);

fn structures(given: Given) -> Structs {
    (
        Marker,
        Wrapper(given.count),
        Pair(3, given.list.clone()),
        Seen { list: given.list.clone() },
        Page { items: vec![Pair(1, vec![]), Pair(2, given.list)], next: None },
        Page::<Wrapper> { items: vec![], next: Some(Wrapper(given.count)) },
        Around { before: 'é', address: Address { city: given.name, door: given.note, floor: 2 }, marker: Marker },
    )
}

#[state_machine(test = false)]
async fn structure(given: Given) -> Result<Structs, Error> {
    Ok((
        Marker,
        Wrapper(given.count),
        Pair(3, given.list),
        Seen { list: given.list },
        Page { items: vec![Pair(1, vec![]), Pair(2, given.list)], next: None },
        Page::<Wrapper> { items: Vec::new(), next: Some(Wrapper(given.count)) },
        Around { before: 'é', address: Address { city: given.name, door: given.note, floor: 2 }, marker: Marker },
    ))
}

#[test]
fn every_variant_and_struct_is_written_as_serde_does() {
    for note in [None, Some("a note")] {
        for list in [&[][..], &[1], &[2, 0]] {
            let given = given(note, list);
            gives(external, given.clone(), externals(given.clone()));
            gives(internal, given.clone(), internals(given.clone()));
            gives(by_name::adjacent, given.clone(), adjacents(given.clone()));
            gives(structure, given.clone(), structures(given));
        }
    }
}

// Read again

#[state_machine]
async fn read_again(given: Given) -> Result<(String, u8), Error> {
    let made = if given.count > 5 {
        External::NamedFields { first_one: given.count, note: given.note }
    } else {
        External::OneField(given.name)
    };
    match made {
        External::NamedFields { first_one, note: Some(note) } => Ok((note, first_one)),
        External::OneField(name) => Ok((name, 0)),
        other => match (other, Pair(1, given.list)) {
            (External::NamedFields { first_one, .. }, Pair(one, _)) => Ok((given.name, first_one - one)),
            _ => fail!("Never", "reached"),
        },
    }
}

#[test]
fn what_was_made_is_matched() {
    gives(read_again, given(Some("x"), &[]), ("x".into(), 7));
    gives(read_again, given(None, &[]), ("n \"1\"".into(), 6));
    gives(read_again, Given { count: 3, ..given(None, &[]) }, ("n \"1\"".into(), 0));
}

// Values that are no places, and checks

#[derive(SfnData, Serialize, Deserialize, Clone)]
struct Two {
    first: u8,
    #[serde(flatten)]
    address: Address,
    second: u8,
    maps: BTreeMap<String, u8>,
}

#[state_machine]
async fn spread(given: Given) -> Result<Vec<Two>, Error> {
    let one = Address { city: given.name, door: given.note, floor: given.count };
    let other = Address { floor: 1, ..one };
    let made = Two {
        second: given.count + 1,
        address: if given.list.is_empty() { one } else { other },
        first: given.count * 10,
        maps: BTreeMap::new(),
    };
    Ok(vec![Two { second: 0, ..made }, Two { first: 1, ..if given.count > 2 { made } else { made } }])
}

#[test]
fn a_flattened_value_is_evaluated_once_and_checks_in_the_order_they_are_written() {
    for list in [&[][..], &[1]] {
        let given = given(Some("d"), list);
        let floor = if list.is_empty() { 7 } else { 1 };
        let address = || Address { city: given.name.clone(), door: Some("d".into()), floor };
        let two = |first, second| Two { first, second, address: address(), maps: BTreeMap::new() };
        gives(spread, given.clone(), vec![two(70, 0), two(1, 8)]);
    }
    stops(spread, Given { count: 255, ..given(None, &[]) }, "u8 overflow in `given.count + 1`");
    stops(spread, Given { count: 26, ..given(None, &[]) }, "u8 overflow in `given.count * 10`");
}
