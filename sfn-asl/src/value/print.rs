//! JSON text out, without recursion.

use std::fmt::{Result, Write};

use super::{Key, Value};

enum Open<'a> {
    Array(std::slice::Iter<'a, Value>),
    Object(std::slice::Iter<'a, (Key, Value)>),
}

pub(super) fn compact(value: &Value, out: &mut impl Write) -> Result {
    print(value, out, None)
}

pub(super) fn pretty(value: &Value, out: &mut impl Write) -> Result {
    print(value, out, Some("  "))
}

fn print(value: &Value, out: &mut impl Write, indent: Option<&str>) -> Result {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut current = Some(value);
    let mut first = true;
    loop {
        if let Some(value) = current.take() {
            match value {
                Value::Null => out.write_str("null")?,
                Value::Bool(value) => out.write_str(if *value { "true" } else { "false" })?,
                Value::Number(number) => write!(out, "{number}")?,
                Value::String(text) => string(text, out)?,
                Value::Array(array) if array.is_empty() => out.write_str("[]")?,
                Value::Object(object) if object.is_empty() => out.write_str("{}")?,
                Value::Array(array) => {
                    out.write_char('[')?;
                    open.push(Open::Array(array.iter()));
                    first = true;
                }
                Value::Object(object) => {
                    out.write_char('{')?;
                    open.push(Open::Object(object.as_slice().iter()));
                    first = true;
                }
            }
        }
        let depth = open.len();
        let Some(container) = open.last_mut() else { return Ok(()) };
        let next = match container {
            Open::Array(items) => items.next().map(|item| (None, item)),
            Open::Object(members) => members.next().map(|(key, value)| (Some(key), value)),
        };
        match next {
            Some((key, value)) => {
                if !first {
                    out.write_char(',')?;
                }
                first = false;
                if let Some(indent) = indent {
                    line(out, indent, depth)?;
                }
                if let Some(key) = key {
                    string(key, out)?;
                    out.write_str(if indent.is_some() { ": " } else { ":" })?;
                }
                current = Some(value);
            }
            None => {
                let close = if matches!(container, Open::Array(_)) { ']' } else { '}' };
                open.pop();
                if let Some(indent) = indent {
                    line(out, indent, depth - 1)?;
                }
                out.write_char(close)?;
                first = false;
            }
        }
    }
}

fn line(out: &mut impl Write, indent: &str, depth: usize) -> Result {
    out.write_char('\n')?;
    for _ in 0..depth {
        out.write_str(indent)?;
    }
    Ok(())
}

/// A JSON string: quote, backslash and control characters are escaped, nothing else.
fn string(text: &str, out: &mut impl Write) -> Result {
    out.write_char('"')?;
    let mut start = 0;
    for (index, byte) in text.bytes().enumerate() {
        let Some(escape) = escape(byte) else { continue };
        out.write_str(&text[start..index])?;
        match escape {
            Escape::Short(letter) => {
                out.write_char('\\')?;
                out.write_char(letter)?;
            }
            Escape::Unicode => write!(out, "\\u{byte:04x}")?,
        }
        start = index + 1;
    }
    out.write_str(&text[start..])?;
    out.write_char('"')
}

enum Escape {
    Short(char),
    Unicode,
}

fn escape(byte: u8) -> Option<Escape> {
    match byte {
        b'"' => Some(Escape::Short('"')),
        b'\\' => Some(Escape::Short('\\')),
        b'\n' => Some(Escape::Short('n')),
        b'\r' => Some(Escape::Short('r')),
        b'\t' => Some(Escape::Short('t')),
        0x08 => Some(Escape::Short('b')),
        0x0c => Some(Escape::Short('f')),
        0x00..0x20 => Some(Escape::Unicode),
        _ => None,
    }
}

/// Length in bytes of the JSON string that stands for `text`.
pub(super) fn string_size(text: &str) -> usize {
    let mut size = text.len() + 2;
    // Nearly always there is nothing to escape, which is quickly seen as long as the loop does nothing else.
    let plain = |byte: &u8| *byte >= 0x20 && *byte != b'"' && *byte != b'\\';
    if text.as_bytes().iter().fold(true, |all, byte| all & plain(byte)) {
        return size;
    }
    for byte in text.bytes() {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            size += match escape(byte) {
                Some(Escape::Short(_)) => 1,
                Some(Escape::Unicode) => 5,
                None => 0,
            };
        }
    }
    size
}
