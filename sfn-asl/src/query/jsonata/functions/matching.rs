//! Matching strings against regular expressions, and against functions that act like one.

use std::sync::Arc;

use super::super::evaluate::{Machine, function, normal};
use super::super::failure::{Failure, Outcome, quoted};
use super::super::item::{Function, Item, List, Record, number_text};
use super::super::regex::{Match, Pattern};
use super::string::string_of;
use super::{next, number_at, text_at};
use crate::value::{Text, Value};

/// A match, and where the next one comes from.
struct Hit {
    text: String,
    /// Bytes.
    start: usize,
    end: usize,
    groups: Vec<Item>,
    next: Next,
    /// The match as the matcher function gave it.
    record: Option<Item>,
}

enum Next {
    Pattern(Arc<Pattern>, usize),
    Function(Item),
}

/// The first match of `matcher`, a regular expression or a function that acts like one.
fn first_hit(machine: &Machine<'_>, matcher: &Item, text: &str) -> Outcome<Option<Hit>> {
    if let Item::Function(function) = matcher
        && let Function::Regex(pattern) = &**function
    {
        machine.work(1 + text.len() / 4)?;
        return Ok(pattern.find(text, 0)?.map(|found| pattern_hit(pattern, text, found)));
    }
    function_hit(machine, matcher, vec![Item::text(text)], text)
}

fn next_hit(machine: &Machine<'_>, hit: &Hit, text: &str) -> Outcome<Option<Hit>> {
    match &hit.next {
        Next::Pattern(pattern, from) => {
            machine.work(4 + pattern.effort(text.len().saturating_sub(*from)))?;
            Ok(next_match(pattern, text, *from)?.map(|found| pattern_hit(pattern, text, found)))
        }
        Next::Function(next) if next.as_function().is_some() => function_hit(machine, next, Vec::new(), text),
        Next::Function(_) => Ok(None),
    }
}

/// A match after another one: an empty one would go on for ever.
fn next_match(pattern: &Pattern, text: &str, from: usize) -> Outcome<Option<Match>> {
    if from >= text.len() {
        return Ok(None);
    }
    match pattern.find(text, from)? {
        Some(found) if found.start == found.end => Err(Failure::new("D1004").value(quoted(&pattern.source))),
        found => Ok(found),
    }
}

fn pattern_hit(pattern: &Arc<Pattern>, text: &str, found: Match) -> Hit {
    Hit {
        text: text[found.start..found.end].to_owned(),
        start: found.start,
        end: found.end,
        groups: groups_of(found.groups),
        next: Next::Pattern(pattern.clone(), found.end),
        record: None,
    }
}

fn groups_of(groups: Vec<Option<String>>) -> Vec<Item> {
    groups.into_iter().map(|group| group.map_or(Item::Undefined, Item::text)).collect()
}

fn function_hit(machine: &Machine<'_>, matcher: &Item, arguments: Vec<Item>, text: &str) -> Outcome<Option<Hit>> {
    let result = normal(machine.apply_given(matcher, arguments)?, false)?;
    if matches!(result, Item::Undefined | Item::Json(Value::Null | Value::Bool(false))) {
        return Ok(None);
    }
    let (start, end) = (result.member("start").as_f64(), result.member("end").as_f64());
    let (groups, next) = (result.member("groups"), result.member("next"));
    if start.is_none() && groups.list().is_none() && next.as_function().is_none() {
        return Err(Failure::new("T1010"));
    }
    let start = byte_place(text, start.unwrap_or(0.0));
    Ok(Some(Hit {
        text: result.member("match").as_str().unwrap_or_default().to_owned(),
        start,
        end: byte_place(text, end.unwrap_or(0.0)).max(start),
        groups: groups.list().map(|items| items.iter().collect()).unwrap_or_default(),
        next: Next::Function(next),
        record: Some(result),
    }))
}

/// Where the UTF-16 unit `index` stands.
fn byte_place(text: &str, index: f64) -> usize {
    let mut units = 0;
    for (at, character) in text.char_indices() {
        if units as f64 >= index {
            return at;
        }
        units += character.len_utf16();
    }
    text.len()
}

/// What a regular expression returns when it is called: the match, with a function that finds the next one.
pub(in super::super) fn match_record(
    machine: &Machine<'_>,
    pattern: &Arc<Pattern>,
    text: &Text,
    from: usize,
    again: bool,
) -> Outcome<Item> {
    machine.work(1 + text.len() / 4)?;
    let found = if again { next_match(pattern, text, from)? } else { pattern.find(text, from)? };
    match found {
        Some(found) => {
            let unit = text[..found.start].encode_utf16().count();
            record_of(pattern, text, found, unit)
        }
        None => Ok(Item::Undefined),
    }
}

/// The object for a match that starts at the UTF-16 unit `unit`.
fn record_of(pattern: &Arc<Pattern>, text: &Text, found: Match, unit: usize) -> Outcome<Item> {
    let (start, end) = (found.start, found.end);
    let length = text[start..end].encode_utf16().count();
    Record::object(vec![
        ("match".into(), Item::text(&text[start..end])),
        ("start".into(), Item::number(unit as f64)),
        ("end".into(), Item::number((unit + length) as f64)),
        ("groups".into(), List::plain(groups_of(found.groups))?),
        ("next".into(), function(Function::NextMatch(pattern.clone(), text.clone(), end))),
    ])
}

pub(super) fn contains(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.work(text.len() / 16)?;
    match &arguments[1] {
        Item::Undefined => Ok(Item::Undefined),
        Item::Json(Value::String(sought)) => Ok(Item::bool(text.contains(sought.as_str()))),
        matcher => Ok(Item::bool(first_hit(machine, matcher, text)?.is_some())),
    }
}

pub(super) fn match_all(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    let limit = number_at(&arguments, 2);
    if let Some(limit) = limit
        && limit < 0.0
    {
        return Err(Failure::new("D3040").value(number_text(limit)));
    }
    let limit = limit.unwrap_or(f64::INFINITY);
    let mut found = Vec::new();
    let mut hit = if limit > 0.0 { first_hit(machine, &arguments[1], text)? } else { None };
    // Places are counted in UTF-16 units, from the last place on.
    let (mut bytes, mut units) = (0, 0);
    while let Some(current) = hit {
        if found.len() as f64 >= limit {
            break;
        }
        machine.charge(200 + current.text.len())?;
        if current.start >= bytes {
            units += text[bytes..current.start].encode_utf16().count();
            bytes = current.start;
        }
        let (index, groups) = match &current.record {
            Some(record) => (record.member("start"), record.member("groups")),
            None => (Item::number(units as f64), List::plain(current.groups.clone())?),
        };
        found.push(Record::object(vec![
            ("match".into(), Item::text(current.text.as_str())),
            ("index".into(), index),
            ("groups".into(), groups),
        ])?);
        hit = next_hit(machine, &current, text)?;
    }
    List::sequence(found)
}

pub(super) fn replace(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    if text_at(&arguments, 1) == Some("") {
        return Err(Failure::new("D3010").value("\"\""));
    }
    let limit = number_at(&arguments, 3);
    if let Some(limit) = limit
        && limit < 0.0
    {
        return Err(Failure::new("D3011").value(number_text(limit)));
    }
    let limit = limit.unwrap_or(f64::INFINITY);
    machine.charge(text.len())?;
    if limit <= 0.0 {
        return Ok(arguments[0].clone());
    }
    let replacement = &arguments[2];
    let mut out = String::with_capacity(text.len());
    let mut position = 0;
    let mut count = 0;
    if let Some(pattern) = text_at(&arguments, 1) {
        let plain = string_of(machine, replacement, false)?;
        while let Some(at) = text[position..].find(pattern)
            && (count as f64) < limit
        {
            machine.charge(plain.len() + 8)?;
            out.push_str(&text[position..position + at]);
            out.push_str(&plain);
            position += at + pattern.len();
            count += 1;
        }
        out.push_str(&text[position..]);
        return Ok(Item::text(out));
    }
    if arguments[1].is_undefined() {
        return Ok(arguments[0].clone());
    }
    let mut hit = first_hit(machine, &arguments[1], text)?;
    let subject = Text::from(text);
    let (mut bytes, mut units) = (0, 0);
    while let Some(current) = hit {
        if count as f64 >= limit {
            break;
        }
        let replaced = match replacement.as_str() {
            Some(replacement) => {
                machine.work(replacement.len() / 16)?;
                substituted(replacement, &current)
            }
            None => {
                let record = match (&current.record, &current.next) {
                    (Some(record), _) => record.clone(),
                    (None, Next::Pattern(pattern, _)) => {
                        let groups = current.groups.iter().map(|group| group.as_str().map(str::to_owned)).collect();
                        let found = Match { start: current.start, end: current.end, groups };
                        units += text[bytes..found.start].encode_utf16().count();
                        bytes = found.start;
                        record_of(pattern, &subject, found, units)?
                    }
                    (None, Next::Function(_)) => Item::Undefined,
                };
                let value = normal(machine.apply_given(replacement, vec![record])?, false)?;
                match value.as_str() {
                    Some(text) => text.to_owned(),
                    None => return Err(Failure::new("D3012").value(value.shown())),
                }
            }
        };
        machine.charge(replaced.len() + 8)?;
        if current.start >= position {
            out.push_str(&text[position..current.start]);
        }
        out.push_str(&replaced);
        position = (current.start + current.text.len()).min(text.len());
        while !text.is_char_boundary(position) {
            position += 1;
        }
        count += 1;
        hit = next_hit(machine, &current, text)?;
    }
    out.push_str(&text[position..]);
    Ok(Item::text(out))
}

/// The replacement for a match: `$1` stands for a group, `$0` for the match, `$$` for `$`.
fn substituted(replacement: &str, hit: &Hit) -> String {
    let mut out = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(after) = rest.strip_prefix('0') {
            out.push_str(&hit.text);
            rest = after;
        } else {
            let groups = hit.groups.len();
            let most = if groups == 0 { 1 } else { groups.ilog10() as usize + 1 };
            let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
            let mut index: Option<usize> = rest[..digits].parse().ok();
            if most > 1 && index.is_some_and(|index| index > groups) {
                index = rest[..digits.min(most - 1)].parse().ok();
            }
            match index {
                Some(index) => {
                    if let Some(group) = index.checked_sub(1).and_then(|index| hit.groups.get(index)) {
                        out.push_str(group.as_str().unwrap_or_default());
                    }
                    rest = &rest[index.to_string().len()..];
                }
                None => out.push('$'),
            }
        }
    }
    out.push_str(rest);
    out
}

pub(super) fn split(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let mut given = arguments.into_iter();
    let (subject, separator, limit) = (next(&mut given), next(&mut given), next(&mut given).as_f64());
    let Some(text) = subject.as_str() else { return Ok(Item::Undefined) };
    if let Some(limit) = limit
        && limit < 0.0
    {
        return Err(Failure::new("D3020").value(number_text(limit)));
    }
    let limit = limit.unwrap_or(f64::INFINITY);
    let mut parts = Vec::new();
    let keep = |parts: &mut Vec<Item>, part: &str| -> Outcome<()> {
        machine.charge(64 + part.len())?;
        parts.push(Item::text(part));
        Ok(())
    };
    if limit <= 0.0 {
        return List::plain(parts);
    }
    machine.work(text.len() / 16)?;
    match separator.as_str() {
        Some("") => {
            for (at, character) in text.char_indices() {
                if parts.len() as f64 >= limit.floor() {
                    break;
                }
                keep(&mut parts, &text[at..at + character.len_utf8()])?;
            }
        }
        Some(separator) => {
            for part in text.split(separator) {
                if parts.len() as f64 >= limit.floor() {
                    break;
                }
                keep(&mut parts, part)?;
            }
        }
        None if separator.is_undefined() => keep(&mut parts, text)?,
        None => {
            let mut start = 0;
            let mut hit = first_hit(machine, &separator, text)?;
            while let Some(current) = hit {
                if parts.len() as f64 >= limit {
                    return List::plain(parts);
                }
                keep(&mut parts, text.get(start..current.start).unwrap_or_default())?;
                start = current.end;
                hit = next_hit(machine, &current, text)?;
            }
            if (parts.len() as f64) < limit {
                keep(&mut parts, &text[start..])?;
            }
        }
    }
    List::plain(parts)
}
