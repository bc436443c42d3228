//! Patterns: what they ask and what they bind.

use serde::{Deserialize, Serialize};
use sfn_core::prelude::*;

use crate::gives;

const LIMIT: i32 = 10;
const NAME: &str = "the name";

#[derive(SfnData, Serialize, Deserialize, Clone, Copy, PartialEq)]
#[expect(clippy::upper_case_acronyms, reason = "a variant may look like a constant")]
enum Currency {
    EUR,
    USD,
    Other,
}

impl Currency {
    const HOME: Currency = Currency::EUR;
}

struct Limits;

impl Limits {
    const MOST: i32 = 100;
    const HALF: f64 = 0.5;
}

#[state_machine]
async fn numbers(given: i32) -> Result<String, Error> {
    Ok(match given {
        i32::MIN..=-6 => "far below".to_string(),
        -5..0 => "below".to_string(),
        0 => "zero".to_string(),
        few @ (1 | 3) => format!("few {few}"),
        LIMIT => "the limit".to_string(),
        some @ 2..LIMIT => format!("some {some}"),
        ..=Limits::MOST if given % 2 == 0 => "even".to_string(),
        LIMIT..=Limits::MOST => "odd".to_string(),
        101.. => "many".to_string(),
    })
}

#[test]
fn ranges_and_constants() {
    let cases = [
        (i32::MIN, "far below"),
        (-6, "far below"),
        (-5, "below"),
        (-1, "below"),
        (0, "zero"),
        (3, "few 3"),
        (4, "some 4"),
        (9, "some 9"),
        (10, "the limit"),
        (12, "even"),
        (13, "odd"),
        (100, "even"),
        (101, "many"),
        (i32::MAX, "many"),
    ];
    for (given, expected) in cases {
        gives(numbers, given, expected.to_owned());
    }
}

#[state_machine]
async fn scalars(given: (char, String, f64, Currency, bool)) -> Result<(u8, u8, u8, u8), Error> {
    let character = match given.0 {
        'a'..='z' => 1,
        'é' | 'ß' => 2,
        '0'..'8' => 3,
        _ => 4,
    };
    let text = match given.1.as_str() {
        NAME => 1,
        "x" | "y" => 2,
        "" => 3,
        _ => 4,
    };
    let float = match given.2 {
        ..0.0 => 1,
        0.0..Limits::HALF => 2,
        0.5 => 3,
        _ => 4,
    };
    let currency = match (given.3, given.4) {
        (Currency::EUR, true) => 1,
        (Currency::HOME, false) => 2,
        (Currency::USD, _) => 3,
        (Currency::Other, _) => 4,
    };
    Ok((character, text, float, currency))
}

#[test]
fn characters_texts_floats_and_variants_in_capitals() {
    let cases = [
        (('a', "the name", -0.5, Currency::EUR, true), (1, 1, 1, 1)),
        (('z', "x", 0.0, Currency::EUR, false), (1, 2, 2, 2)),
        (('ß', "", 0.5, Currency::USD, false), (2, 3, 3, 3)),
        (('7', "z", 0.6, Currency::Other, true), (3, 4, 4, 4)),
        (('9', "y", 7.0, Currency::Other, true), (4, 2, 4, 4)),
        (('{', "y", 7.0, Currency::Other, true), (4, 2, 4, 4)),
        (('😀', "y", 7.0, Currency::Other, true), (4, 2, 4, 4)),
    ];
    for ((character, text, float, currency, truth), expected) in cases {
        gives(scalars, (character, text.to_owned(), float, currency, truth), expected);
    }
}

type Lists = Vec<Vec<u8>>;
type Sliced = (&'static [&'static [u8]], &'static str, &'static [u8], &'static [&'static [u8]]);

#[state_machine]
async fn slices(lists: Lists) -> Result<(String, Vec<u8>, Lists), Error> {
    Ok(match lists.as_slice() {
        [] => ("none".to_string(), vec![], vec![]),
        [only] => ("one".to_string(), only.clone(), vec![]),
        [first, rest @ ..] if first.is_empty() => ("begins empty".to_string(), vec![], rest.to_vec()),
        [begin @ .., last] if last.is_empty() => ("ends empty".to_string(), vec![], begin.to_vec()),
        [first, middle @ .., last] if middle.len() > 1 => {
            (format!("{}..{}", first.len(), last.len()), middle[0], middle.to_vec())
        }
        [_, second, ..] => ("others".to_string(), second.clone(), lists),
    })
}

#[state_machine]
async fn parts(numbers: Vec<u8>) -> Result<(u8, usize, Vec<u8>), Error> {
    let [first, .., last] = numbers.as_slice() else {
        return Ok((0, numbers.len(), numbers));
    };
    if let [1 | 2, second, rest @ ..] = numbers.as_slice() {
        return Ok((*second, rest.len(), rest.iter().map(|number| number + 1).collect()));
    }
    Ok((*first + *last, numbers.len(), vec![]))
}

#[test]
fn lists_by_their_items() {
    let cases: [Sliced; 9] = [
        (&[], "none", &[], &[]),
        (&[&[]], "one", &[], &[]),
        (&[&[1, 2]], "one", &[1, 2], &[]),
        (&[&[], &[1]], "begins empty", &[], &[&[1]]),
        (&[&[], &[1, 2], &[]], "begins empty", &[], &[&[1, 2], &[]]),
        (&[&[1, 2], &[]], "ends empty", &[], &[&[1, 2]]),
        (&[&[1], &[2, 3], &[4], &[5, 6]], "1..2", &[2, 3], &[&[2, 3], &[4]]),
        (&[&[1], &[2, 3]], "others", &[2, 3], &[&[1], &[2, 3]]),
        (&[&[1], &[], &[4, 5]], "others", &[], &[&[1], &[], &[4, 5]]),
    ];
    let lists = |lists: &[&[u8]]| lists.iter().map(|list| list.to_vec()).collect::<Lists>();
    for (given, text, list, rest) in cases {
        gives(slices, lists(given), (text.to_owned(), list.to_vec(), lists(rest)));
    }
    for given in [&[][..], &[7], &[7, 8], &[7, 8, 9], &[1, 5], &[2, 5, 6], &[1, 5, 6, 7]] {
        let expected = match given {
            [1 | 2, second, rest @ ..] => (*second, rest.len(), rest.iter().map(|number| number + 1).collect()),
            [first, .., last] => (first + last, given.len(), vec![]),
            _ => (0, given.len(), given.to_vec()),
        };
        gives(parts, given.to_vec(), expected);
    }
}

#[derive(SfnData, Serialize, Deserialize, Clone)]
#[serde(tag = "kind")]
enum Shape {
    Dot { at: (i8, i8), label: Option<String> },
    Line { from: Box<Shape>, to: Box<Shape> },
    Empty,
}

#[state_machine]
async fn nested(given: (Shape, Option<Vec<u8>>)) -> Result<String, Error> {
    Ok(match given {
        (Shape::Dot { at: (0, 0), .. }, _) => "origin".to_string(),
        (Shape::Dot { at: (x, 0) | (0, x), label: Some(label) }, None) => format!("{label} on an axis at {x}"),
        (Shape::Dot { at: at @ (-5..=5, _), label }, numbers) => {
            format!("near {} {} {}", at.1, label.unwrap_or_default(), numbers.unwrap_or_default().len())
        }
        (Shape::Line { .. } | Shape::Dot { .. }, Some(numbers)) if numbers.len() == 1 => "with one".to_string(),
        (Shape::Line { from, .. }, _) => match *from {
            Shape::Empty => "from nowhere".to_string(),
            Shape::Dot { at: (x, y), .. } => format!("from {x} {y}"),
            _ => "from a line".to_string(),
        },
        (Shape::Empty | Shape::Dot { .. }, _) => "else".to_string(),
    })
}

#[test]
fn patterns_in_patterns() {
    let dot = |x, y, label: Option<&str>| Shape::Dot { at: (x, y), label: label.map(Into::into) };
    let line = |from| Shape::Line { from: Box::new(from), to: Box::new(Shape::Empty) };
    let cases = [
        ((dot(0, 0, None), None), "origin"),
        ((dot(7, 0, Some("a")), None), "a on an axis at 7"),
        ((dot(0, -7, Some("b")), None), "b on an axis at -7"),
        ((dot(0, 7, None), Some(vec![])), "near 7  0"),
        ((dot(-5, 7, Some("c")), Some(vec![1, 2])), "near 7 c 2"),
        ((dot(9, 7, None), Some(vec![1])), "with one"),
        ((dot(9, 7, None), Some(vec![])), "else"),
        ((line(Shape::Empty), Some(vec![4])), "with one"),
        ((line(Shape::Empty), None), "from nowhere"),
        ((line(dot(1, 2, None)), None), "from 1 2"),
        ((line(line(Shape::Empty)), None), "from a line"),
        ((Shape::Empty, Some(vec![1])), "else"),
    ];
    for (given, expected) in cases {
        gives(nested, given, expected.to_owned());
    }
}
