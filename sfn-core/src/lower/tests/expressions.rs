//! Pure expressions, a workflow for each family: body and document give the same, and end the same when a check fails.

#![expect(clippy::type_complexity, reason = "a tuple shows many results of a family at once")]

use super::*;
use crate::gate::EVALUATION;
use crate::testing::{Ended, env};

/// The error of a run that a check ended.
fn failure<M: Machine>(run: &crate::testing::Run<M>) -> String {
    match run.result() {
        Err(Ended::Failed(error)) => {
            assert_eq!(error.error, EVALUATION);
            error.cause.rsplit_once("D3137: ").map(|(_, message)| message.to_owned()).unwrap_or_default()
        }
        _ => panic!("the run did not fail"),
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Numbers {
    a: u32,
    b: u32,
    small: u16,
    other: u16,
    signed: i32,
    by: i32,
    large: u64,
    float: f64,
}

fn numbers() -> Numbers {
    Numbers { a: 7, b: 3, small: 65_535, other: 65_535, signed: -7, by: 2, large: 10, float: 1.5 }
}

#[state_machine]
async fn arithmetic(n: Numbers) -> Result<(u32, u32, u32, i32, i32, u64, f64, i32), Error> {
    Ok((
        n.a + n.b * 2,
        n.a - n.b,
        u32::from(n.small) * u32::from(n.other),
        n.signed / n.by,
        n.signed % n.by,
        n.large + u64::from(n.a) / 2,
        n.float * 2.0 - 0.25,
        -n.signed,
    ))
}

#[state_machine]
async fn truth(n: Numbers) -> Result<(bool, bool, bool, bool), Error> {
    Ok((
        n.a > n.b && n.b != 0,
        !(n.a == n.b) || n.float <= 1.0,
        // What is on the right is not evaluated.
        n.b != 0 && n.a / n.b > 1,
        n.a < n.b || n.signed >= -7,
    ))
}

#[tokio::test]
async fn whole_numbers_and_floats() {
    let run = env().run(arithmetic, numbers()).await;
    assert_eq!(run.assert_succeeded(), &(13, 4, 4_294_836_225, -3, -1, 13, 2.75, 7));
    let ends = [
        (Numbers { a: u32::MAX, ..numbers() }, "u32 overflow in `n.a + n.b * 2`"),
        (Numbers { a: 2, ..numbers() }, "u32 overflow in `n.a - n.b`"),
        (Numbers { by: 0, ..numbers() }, "division by zero in `n.signed / n.by`"),
        (Numbers { signed: i32::MIN, by: -1, ..numbers() }, "i32 overflow in `n.signed / n.by`"),
        (
            Numbers { large: (1 << 53) - 1, ..numbers() },
            "u64 overflow in `n.large + u64::from(n.a) / 2`: whole numbers are exact up to 2^53",
        ),
        (Numbers { float: 1e308, ..numbers() }, "f64 is not finite in `n.float * 2.0`"),
        (Numbers { signed: i32::MIN, ..numbers() }, "i32 overflow in `-n.signed`"),
    ];
    for (input, message) in ends {
        assert_eq!(failure(&env().run(arithmetic, input).await), message);
    }
    let run = env().run(truth, numbers()).await;
    assert_eq!(run.assert_succeeded(), &(true, true, true, true));
    let run = env().run(truth, Numbers { b: 0, ..numbers() }).await;
    assert_eq!(run.assert_succeeded(), &(false, true, false, true));
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Texts {
    first: String,
    second: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    count: u32,
    limits: Option<Vec<u32>>,
}

fn texts(first: &str, note: Option<&str>) -> Texts {
    Texts { first: first.into(), second: "b".into(), note: note.map(Into::into), count: 12, limits: None }
}

#[state_machine]
async fn written(t: Texts) -> Result<Vec<String>, Error> {
    let first = t.first;
    Ok(vec![
        format!("{first}-{}-{n} {{}} {0}", t.count, n = t.count > 3),
        t.first + "/" + &t.second,
        t.first.to_uppercase(),
        t.first.to_lowercase(),
        t.first.trim().to_string(),
        t.first.replace("a", "xx"),
        t.count.to_string(),
        String::from("plain"),
        t.first.split(",").collect::<Vec<_>>().join("+"),
    ])
}

#[state_machine]
async fn asked(t: Texts) -> Result<(bool, bool, bool, bool, bool, usize), Error> {
    Ok((
        t.first == "a b",
        t.first.is_empty(),
        t.first.contains(&t.second),
        t.first.starts_with("a"),
        t.first.ends_with(&t.second),
        t.first.chars().count(),
    ))
}

#[tokio::test]
async fn text() {
    for first in ["", "a", "a b", "b", " a  b ", "a,b,", "😀é", "\u{85}x\u{feff}", "ab", "ß", "\u{3000}a\n"] {
        let t = texts(first, None);
        let run = env().run(written, t.clone()).await;
        let expected = vec![
            format!("{first}-12-true {{}} 12"),
            format!("{first}/b"),
            first.to_uppercase(),
            first.to_lowercase(),
            first.trim().to_string(),
            first.replace('a', "xx"),
            "12".to_string(),
            "plain".to_string(),
            first.split(',').collect::<Vec<_>>().join("+"),
        ];
        assert_eq!(run.assert_succeeded(), &expected, "{first:?}");
        let run = env().run(asked, t).await;
        let expected = (
            first == "a b",
            first.is_empty(),
            first.contains('b'),
            first.starts_with('a'),
            first.ends_with('b'),
            first.chars().count(),
        );
        assert_eq!(run.assert_succeeded(), &expected, "{first:?}");
    }
}

#[state_machine]
async fn optional(t: Texts) -> Result<(bool, bool, String, Option<u32>, usize, Option<String>, bool), Error> {
    Ok((
        t.note.is_some(),
        t.note.is_none(),
        t.note.unwrap_or("none".into()),
        t.limits.as_ref().and_then(|limits| limits.first().cloned()).map(|limit| limit + 1),
        t.limits.unwrap_or_default().len(),
        t.note.or(Some(t.second)),
        t.note == Some("n".to_string()),
    ))
}

#[tokio::test]
async fn options() {
    let limits = [None, Some(vec![]), Some(vec![4]), Some(vec![4, 5])];
    for note in [None, Some("n"), Some("")] {
        for limits in limits.clone() {
            let run = env().run(optional, Texts { limits: limits.clone(), ..texts("a", note) }).await;
            let note = note.map(str::to_owned);
            let expected = (
                note.is_some(),
                note.is_none(),
                note.clone().unwrap_or("none".into()),
                limits.as_ref().and_then(|limits| limits.first().copied()).map(|limit| limit + 1),
                limits.unwrap_or_default().len(),
                note.clone().or(Some("b".into())),
                note == Some("n".into()),
            );
            assert_eq!(run.assert_succeeded(), &expected);
        }
    }
    let run = env().run(optional, Texts { limits: Some(vec![u32::MAX]), ..texts("a", None) }).await;
    assert_eq!(failure(&run), "u32 overflow in `limit + 1`");
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Cart {
    items: Vec<Item>,
    nested: Vec<Vec<u32>>,
    maybe: Vec<Option<Vec<u32>>>,
    at: usize,
}

#[derive(SfnData, Serialize, Deserialize, Clone, Debug, PartialEq)]
struct Item {
    name: String,
    cents: u32,
    tags: Vec<String>,
}

#[state_machine]
async fn counted(cart: Cart) -> Result<(usize, bool, u64, Option<u32>, Option<u32>, Option<usize>, bool, bool), Error> {
    Ok((
        cart.items.len(),
        cart.items.is_empty(),
        cart.items.iter().map(|item| u64::from(item.cents)).sum::<u64>(),
        cart.items.iter().map(|item| item.cents).max(),
        cart.items.iter().map(|item| item.cents).min(),
        cart.items.iter().position(|item| item.cents > 20),
        cart.items.iter().any(|item| item.name == "b"),
        cart.items.iter().all(|item| item.tags.is_empty()),
    ))
}

#[state_machine]
async fn shaped(
    cart: Cart,
) -> Result<(Vec<Vec<String>>, Vec<Vec<u32>>, Vec<Option<Vec<u32>>>, Vec<u32>, usize), Error> {
    Ok((
        cart.items.iter().map(|item| item.tags.clone()).collect::<Vec<_>>(),
        cart.nested.iter().filter(|list| list.len() < 2).cloned().collect::<Vec<_>>(),
        cart.maybe.iter().rev().cloned().collect::<Vec<_>>(),
        cart.nested.concat(),
        cart.maybe.iter().filter(|list| list.is_none()).count(),
    ))
}

#[state_machine]
async fn picked(
    cart: Cart,
) -> Result<(Option<Item>, Option<Item>, Option<Vec<u32>>, Vec<(usize, u32)>, Vec<Item>), Error> {
    let limit = 15;
    Ok((
        cart.items.first().cloned(),
        cart.items.iter().find(|item| item.cents > limit).cloned(),
        cart.nested.get(cart.at).cloned(),
        cart.items.iter().enumerate().map(|(index, item)| (index, item.cents)).collect::<Vec<_>>(),
        cart.items.iter().skip(cart.at).take(1).cloned().collect::<Vec<_>>(),
    ))
}

#[state_machine]
async fn indexed(cart: Cart) -> Result<Item, Error> {
    let found = cart.items[cart.at];
    Ok(Item { name: found.name + "!", ..found })
}

fn carts() -> Vec<Cart> {
    let item = |name: &str, cents, tags: &[&str]| Item {
        name: name.into(),
        cents,
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
    };
    let all = [item("a", 10, &[]), item("b", 30, &["x"]), item("c", 20, &["y", "z"])];
    let mut carts = Vec::new();
    for count in 0..=3 {
        for nested in [vec![], vec![vec![]], vec![vec![1]], vec![vec![1, 2]], vec![vec![1], vec![], vec![2, 3]]] {
            let maybe = match nested.len() {
                0 => vec![],
                1 => vec![None],
                _ => vec![Some(vec![]), None, Some(vec![7]), Some(vec![8, 9])],
            };
            carts.push(Cart { items: all[..count].to_vec(), nested, maybe, at: 1 });
        }
    }
    carts.push(Cart { items: vec![], nested: vec![], maybe: vec![Some(vec![])], at: 0 });
    carts.push(Cart { items: all[2..].to_vec(), nested: vec![], maybe: vec![Some(vec![1, 2])], at: 0 });
    carts
}

#[tokio::test]
async fn lists() {
    for cart in carts() {
        let cents = || cart.items.iter().map(|item| item.cents);
        let run = env().run(counted, cart.clone()).await;
        let expected = (
            cart.items.len(),
            cart.items.is_empty(),
            cents().map(u64::from).sum::<u64>(),
            cents().max(),
            cents().min(),
            cart.items.iter().position(|item| item.cents > 20),
            cart.items.iter().any(|item| item.name == "b"),
            cart.items.iter().all(|item| item.tags.is_empty()),
        );
        assert_eq!(run.assert_succeeded(), &expected);
        let run = env().run(shaped, cart.clone()).await;
        let expected = (
            cart.items.iter().map(|item| item.tags.clone()).collect::<Vec<_>>(),
            cart.nested.iter().filter(|list| list.len() < 2).cloned().collect::<Vec<_>>(),
            cart.maybe.iter().rev().cloned().collect::<Vec<_>>(),
            cart.nested.concat(),
            cart.maybe.iter().filter(|list| list.is_none()).count(),
        );
        assert_eq!(run.assert_succeeded(), &expected);
        let run = env().run(picked, cart.clone()).await;
        let expected = (
            cart.items.first().cloned(),
            cart.items.iter().find(|item| item.cents > 15).cloned(),
            cart.nested.get(cart.at).cloned(),
            cart.items.iter().enumerate().map(|(index, item)| (index, item.cents)).collect::<Vec<_>>(),
            cart.items.iter().skip(cart.at).take(1).cloned().collect::<Vec<_>>(),
        );
        assert_eq!(run.assert_succeeded(), &expected);
        let run = env().run(indexed, cart.clone()).await;
        match cart.items.get(cart.at) {
            Some(item) => assert_eq!(run.assert_succeeded().name, format!("{}!", item.name)),
            None => assert_eq!(failure(&run), "index out of bounds in `cart.items[cart.at]`"),
        }
    }
}
