//! Methods of options, numbers and lists, closures, and branches inside of expressions: each body also runs as plain Rust.

#![expect(clippy::type_complexity, clippy::useless_vec, reason = "a machine says its types, and has no arrays")]

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

use crate::{gives, stops};

/// A machine, and the same body as a plain function.
macro_rules! both {
    ($($name:ident($input:ident: $kind:ty) -> $output:ty { $($body:tt)* })*) => {
        $(
            #[state_machine]
            async fn $name($input: $kind) -> Result<$output, Error> {
                Ok({ $($body)* })
            }
        )*

        mod plain {
            use super::*;

            $(
                pub(super) fn $name($input: $kind) -> $output {
                    $($body)*
                }
            )*
        }
    };
}

macro_rules! check {
    ($name:ident, $inputs:expr) => {
        for input in $inputs {
            gives($name, input.clone(), plain::$name(input));
        }
    };
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind")]
enum Item {
    Sold { cents: u32, tags: Vec<String> },
    Gift { from: Option<String> },
    Lost,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug)]
struct Given {
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<u32>,
    list: Option<Vec<u8>>,
    items: Vec<Item>,
    lists: Vec<Vec<u8>>,
    name: String,
}

type Numbers = (u8, u8, i32, i32, u64, u64);
type Checked = (Option<u8>, Option<u8>, Option<u8>, Option<i32>, Option<i32>, Option<i32>, Option<u64>);
type Saturated = (u8, u8, u8, i32, i32, u64, (u8, i32));
type Narrowed = (Option<u8>, Option<i8>, u32, Option<u64>, usize, Option<u16>, i64);

both! {
    options(given: Given) -> (u32, bool, bool, Option<u32>, String, Option<String>, usize, Option<usize>) {
        (
            given.limit.map_or(7, |limit| limit / 2),
            given.note.as_ref().is_some_and(|note| note.contains("a")),
            given.limit.is_none_or(|limit| limit > 3),
            given.limit.filter(|limit| *limit > 3),
            given.note.clone().unwrap_or_else(|| given.name.to_uppercase()),
            given.note.clone().or_else(|| if given.items.is_empty() { None } else { Some(given.name.clone()) }),
            given.list.as_ref().map_or_else(|| given.items.len(), |list| list.len() + 1),
            given.list.as_ref().map(|list| list.len()).filter(|count| *count != 1),
        )
    }

    checked(n: Numbers) -> Checked {
        (
            n.0.checked_add(n.1),
            n.0.checked_sub(n.1),
            n.0.checked_mul(n.1),
            n.2.checked_add(n.3),
            n.2.checked_div(n.3),
            n.2.checked_rem(n.3),
            n.4.checked_sub(n.5),
        )
    }

    saturated(n: Numbers) -> Saturated {
        (
            n.0.saturating_add(n.1),
            n.0.saturating_sub(n.1),
            n.0.saturating_mul(n.1),
            n.2.saturating_add(n.3),
            n.2.saturating_sub(n.3),
            n.4.saturating_sub(n.5),
            (n.0.max(n.1), n.2.min(n.3)),
        )
    }

    narrowed(n: Numbers) -> Narrowed {
        let small: Option<u16> = n.4.try_into().ok();
        (
            u8::try_from(n.2).ok(),
            i8::try_from(n.0).ok(),
            u32::try_from(n.3).unwrap_or(9),
            u64::try_from(n.2).ok(),
            usize::try_from(n.3).unwrap_or_default(),
            small,
            i64::from(n.2) + i64::from(n.0),
        )
    }

    listed(given: Given) -> (Vec<String>, Vec<u32>, Option<u8>, u32, Vec<usize>, Option<Vec<u8>>, String) {
        let fold = given.lists.iter().fold(0, |sum, list| sum + list.len() as u64 * 2);
        (
            given.items.iter().flat_map(|item| match item {
                Item::Sold { tags, .. } => tags.clone(),
                Item::Gift { from: Some(from) } => vec![from.clone(), given.name.clone()],
                _ => vec![],
            }).collect::<Vec<_>>(),
            given.items.iter().filter_map(|item| if let Item::Sold { cents, .. } = item { Some(*cents) } else { None })
                .collect::<Vec<_>>(),
            given.lists.iter().find_map(|list| list.first().cloned()),
            u32::try_from(fold).unwrap_or(1),
            given.lists.iter().enumerate().map(|(index, list)| index + list.len()).rev().collect::<Vec<_>>(),
            given.lists.iter().last().cloned(),
            given.items.iter().fold(String::new(), |text, item| format!("{text}{}", match item {
                Item::Sold { .. } => 's',
                Item::Gift { .. } => 'g',
                Item::Lost => 'l',
            })),
        )
    }

    branches(given: Given) -> (usize, Vec<bool>, bool, bool, Vec<Option<String>>, Vec<u8>) {
        (
            given.items.iter().filter(|item| matches!(item, Item::Sold { cents: 1..=9 | 20, .. } | Item::Lost)).count(),
            given.items.iter()
                .map(|item| matches!(item, Item::Gift { from: Some(from) } if *from == given.name))
                .collect::<Vec<_>>(),
            !given.items.is_empty() && match given.items[0] {
                Item::Sold { cents, .. } => 100 / cents > 5,
                _ => given.note.is_none(),
            },
            matches!(given.note.as_deref(), Some("a" | "b")) || given.limit.is_some_and(|limit| 10 / limit > 1),
            given.items.iter().map(|item| match item {
                Item::Gift { from } => from.clone().or(given.note.clone()),
                Item::Sold { tags, .. } => match tags.as_slice() {
                    [] => None,
                    [only] => Some(only.to_uppercase()),
                    [first, .., last] => Some(format!("{first}-{last}")),
                },
                Item::Lost => Some(String::new()),
            }).collect::<Vec<_>>(),
            given.lists.iter().map(|list| list.iter().map(|x| x / 2).max().map_or(0, |x| x + 1)).collect::<Vec<_>>(),
        )
    }

    repeated(given: Given) -> (Vec<u8>, Vec<Vec<u8>>, Vec<Option<String>>, Vec<u32>) {
        (
            vec![7; 3],
            vec![given.list.clone().unwrap_or_default(); given.items.len()],
            vec![given.note.clone(); 1],
            vec![given.limit.unwrap_or(5); given.lists.len() * 2],
        )
    }

    named(given: Given) -> (bool, char, String, Vec<String>, String) {
        let letters = vec!['a', 'é'];
        (
            letters.contains(&'é') && letters[0] != 'b',
            letters[1],
            format!("{}{0}{name}{}", letters[0], given.lists.len(), name = given.name),
            letters.iter().map(|letter| letter.to_string()).collect::<Vec<_>>(),
            vec![given.name.clone(), "x".to_string()].concat(),
        )
    }
}

fn givens() -> Vec<Given> {
    let text = |text: &str| text.to_owned();
    let given = |note: Option<&str>, limit, list, items: Vec<Item>, lists| Given {
        note: note.map(str::to_owned),
        limit,
        list,
        items,
        lists,
        name: text("ann"),
    };
    let sold = |cents, tags: &[&str]| Item::Sold { cents, tags: tags.iter().map(|tag| text(tag)).collect() };
    let gift = |from: Option<&str>| Item::Gift { from: from.map(str::to_owned) };
    vec![
        given(None, None, None, vec![], vec![]),
        given(Some("a"), Some(2), Some(vec![]), vec![Item::Lost], vec![vec![]]),
        given(Some("b"), Some(8), Some(vec![1]), vec![sold(20, &["x"])], vec![vec![3]]),
        given(Some("nothing"), Some(4), Some(vec![1, 2]), vec![gift(Some("ann"))], vec![vec![], vec![255, 4]]),
        given(None, Some(3), None, vec![sold(5, &[]), gift(None), sold(30, &["p", "q", "r"])], vec![vec![1], vec![2]]),
        given(
            Some("c"),
            Some(5),
            Some(vec![9]),
            vec![gift(Some("bob")), Item::Lost, sold(1, &["a", "b"])],
            vec![vec![1, 2], vec![], vec![5, 6, 7]],
        ),
    ]
}

fn numbers() -> Vec<Numbers> {
    vec![
        (0, 0, 0, 0, 0, 0),
        (255, 1, i32::MAX, 1, 5, 6),
        (1, 255, i32::MIN, -1, 6, 5),
        (16, 16, -7, 2, 65_535, 65_536),
        (127, 2, 255, 256, 65_536, 9_007_199_254_740_991),
        (128, 0, -1, i32::MIN, 9_007_199_254_740_991, 0),
        (100, 200, 7, -2, 3, 3),
    ]
}

#[test]
fn methods_give_what_rust_gives() {
    check!(options, givens());
    check!(checked, numbers());
    check!(saturated, numbers());
    check!(narrowed, numbers());
    check!(listed, givens());
    check!(branches, givens());
    check!(repeated, givens());
    check!(named, givens());
}

#[state_machine]
async fn absolutes(n: (i32, f64, i64)) -> Result<(i32, f64, i64), Error> {
    Ok((n.0.abs(), n.1.abs(), n.2.abs()))
}

#[state_machine]
async fn wide(n: (u64, u64)) -> Result<(Option<u64>, u64), Error> {
    Ok((n.0.checked_mul(n.1), n.0.saturating_add(n.1)))
}

#[test]
fn absolute_values_and_what_json_does_not_hold() {
    gives(absolutes, (-7, -0.5, -9_007_199_254_740_991), (7, 0.5, 9_007_199_254_740_991));
    gives(absolutes, (i32::MAX, 2.5, 0), (i32::MAX, 2.5, 0));
    stops(absolutes, (i32::MIN, 0.0, 0), "i32 overflow in `n.0.abs()`");
    gives(wide, (3, 4), (Some(12), 7));
    stops(wide, (1 << 40, 1 << 40), "u64 overflow in `n.0.checked_mul(n.1)`");
    stops(wide, (1, (1 << 53) - 1), "u64 overflow in `n.0.saturating_add(n.1)`");
}

#[derive(SfnError, Clone, Debug, PartialEq)]
enum Missing {
    Note,
    Limit {
        least: u32,
    },
    #[sfn(other)]
    Other(Error),
}

#[task(lambda = "Count")]
async fn count(text: String) -> Result<u32, Error>;

#[state_machine]
async fn required(given: Given) -> Result<String, Error> {
    let note = given.note.ok_or(Missing::Note)?;
    let limit = given.limit.filter(|limit| *limit > 2).ok_or_else(|| Missing::Limit { least: 3 })?;
    let list = given.list.ok_or(Error::new("NoList", format!("of {}", 10 / given.lists.len())))?;
    let item = given.items.first().cloned().ok_or_else(|| Error::new("NoItem", format!("of {}", 10 / list.len())))?;
    let name = match item {
        Item::Gift { from } => from.ok_or(Error::new("Nobody", note))?,
        _ => note,
    };
    Ok(format!("{name} {limit} {}", count(given.lists.first().ok_or(Missing::Note)?.len().to_string()).await?))
}

#[test]
fn what_is_required_is_there_or_the_machine_fails() {
    let all = Given { limit: Some(9), note: Some("n".into()), ..givens()[5].clone() };
    let run = |given: Given| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let env = sfn_core::testing::env().mock(count, |text| Ok(text.parse().unwrap_or(0)));
        runtime.block_on(env.run(required, given))
    };
    assert_eq!(run(all.clone()).assert_succeeded(), "bob 9 2");
    run(Given { note: None, ..all.clone() }).assert_failed("Note");
    run(Given { limit: Some(2), ..all.clone() }).assert_failed("Limit");
    run(Given { limit: None, ..all.clone() }).assert_failed("Limit");
    run(Given { list: None, ..all.clone() }).assert_failed("NoList");
    run(Given { list: None, lists: vec![], ..all.clone() }).assert_failed("States.QueryEvaluationError");
    run(Given { lists: vec![], ..all.clone() }).assert_failed("States.QueryEvaluationError");
    run(Given { items: vec![], ..all.clone() }).assert_failed("NoItem");
    run(Given { items: vec![], list: Some(vec![]), ..all.clone() }).assert_failed("States.QueryEvaluationError");
    run(Given { list: Some(vec![]), ..all.clone() }).assert_calls(count, 1).assert_succeeded();
    run(Given { items: vec![Item::Gift { from: None }], ..all }).assert_failed("Nobody").assert_calls(count, 0);
}

#[state_machine]
async fn in_order(given: Given) -> Result<(u32, Vec<u32>), Error> {
    let first = 10 / given.limit.unwrap_or(0) + count(given.name).await?;
    Ok((first, vec![first - 1, count(given.name).await?]))
}

#[test]
fn what_may_end_the_run_is_evaluated_before_the_call_behind_it() {
    let run = |limit, answer| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let env = sfn_core::testing::env().mock(count, move |_| Ok(answer));
        runtime.block_on(env.run(in_order, Given { limit, ..givens()[0].clone() }))
    };
    assert_eq!(run(Some(5), 1).assert_calls(count, 2).assert_succeeded(), &(3, vec![2, 1]));
    run(None, 1).assert_failed("States.QueryEvaluationError").assert_calls(count, 0);
    run(Some(11), 0).assert_failed("States.QueryEvaluationError").assert_calls(count, 1);
}

#[state_machine]
async fn unused(n: u32) -> Result<u32, Error> {
    let _checked = 10 / n;
    let mut list = vec![1, 2];
    list.push(20 / (n - 1));
    Ok(1)
}

#[test]
fn a_check_of_a_value_that_nobody_reads_ends_the_run() {
    gives(unused, 2, 1);
    stops(unused, 0, "division by zero in `10 / n`");
    stops(unused, 1, "division by zero in `20 / (n - 1)`");
}

#[state_machine]
async fn walked(given: Given) -> Result<(Vec<String>, u64), Error> {
    let mut found = vec![];
    let mut sum = 0;
    for (index, list) in given.lists.iter().enumerate().skip(1) {
        for number in list.iter().rev() {
            found.push(format!("{index}:{number}"));
            sum += u64::from(*number);
        }
    }
    for Given { name, .. } in vec![given].iter() {
        found.push(name.clone());
    }
    for tag in given.items.iter().flat_map(|item| match item {
        Item::Sold { tags, .. } => tags.clone(),
        _ => vec![],
    }) {
        found.push(tag);
    }
    for (list, note) in given.lists.into_iter().zip(vec![given.note, None]) {
        found.push(format!("{} {}", list.len(), note.unwrap_or_default()));
    }
    Ok((found, sum))
}

#[test]
fn a_loop_goes_through_iterators() {
    for given in givens() {
        let mut found = vec![];
        let mut sum = 0;
        for (index, list) in given.lists.iter().enumerate().skip(1) {
            for number in list.iter().rev() {
                found.push(format!("{index}:{number}"));
                sum += u64::from(*number);
            }
        }
        found.push(given.name.clone());
        found.extend(given.items.iter().flat_map(|item| match item {
            Item::Sold { tags, .. } => tags.clone(),
            _ => vec![],
        }));
        let notes = [given.note.clone().unwrap_or_default(), String::new()];
        found.extend(given.lists.iter().zip(notes).map(|(list, note)| format!("{} {note}", list.len())));
        gives(walked, given, (found, sum));
    }
}
