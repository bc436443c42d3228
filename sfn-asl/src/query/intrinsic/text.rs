//! The functions on texts and JSON: Format, StringToJson, JsonToString, StringSplit, Base64, Hash, JsonMerge.

use std::fmt::Write;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use sha2::Digest;

use super::function::{shown, string_argument};
use crate::query::{Budget, java_order};
use crate::value::{Key, Number, Object, Value};

/// Longest text that Base64 and Hash take, in UTF-16 units as Java counts.
const LONGEST: usize = 10_000;

/// The template with each `{}` replaced by the next value.
pub(super) fn format(template: &Value, values: &[Value], budget: &Budget) -> Result<Value, String> {
    let template = string_argument(template, 1)?;
    let mut out = String::with_capacity(template.len());
    let mut values = values.iter();
    let mut rest = template;
    while let Some(at) = rest.find(['\\', '{']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("{}") {
            let value = values.next().ok_or("The template has more occurrences of {} than there are arguments")?;
            java_text(value, &mut out, budget.bytes)?;
            rest = after;
        } else if rest.starts_with('{') {
            out.push('{');
            rest = &rest[1..];
        } else {
            match rest[1..].chars().next() {
                None => return Err("The template ends in a backslash that escapes nothing".to_owned()),
                Some(escaped @ ('\'' | '{' | '}' | '\\')) => out.push(escaped),
                Some(other) => {
                    out.push('\\');
                    out.push(other);
                }
            }
            rest = rest[1..].char_indices().nth(1).map_or("", |(next, _)| &rest[1 + next..]);
        }
    }
    out.push_str(rest);
    if values.next().is_some() {
        return Err("The template has fewer occurrences of {} than there are arguments".to_owned());
    }
    Ok(Value::from(out))
}

/// Appends a value as Java prints it: strings without quotes, objects `{a=1, b=[]}`.
fn java_text(value: &Value, out: &mut String, limit: usize) -> Result<(), String> {
    enum Open<'a> {
        Array(std::slice::Iter<'a, Value>),
        Object(std::slice::Iter<'a, (Key, Value)>),
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut current = Some(value);
    let mut first = true;
    loop {
        match current.take() {
            None => {}
            Some(Value::Null) => out.push_str("null"),
            Some(Value::Bool(value)) => out.push_str(if *value { "true" } else { "false" }),
            Some(Value::Number(number)) => out.push_str(&java_number(number)),
            Some(Value::String(text)) => out.push_str(text),
            Some(Value::Array(array)) => {
                out.push('[');
                open.push(Open::Array(array.iter()));
                first = true;
            }
            Some(Value::Object(object)) => {
                out.push('{');
                open.push(Open::Object(object.as_slice().iter()));
                first = true;
            }
        }
        if out.len() > limit {
            return Err(format!("The text is longer than {limit} bytes"));
        }
        let (next, close) = match open.last_mut() {
            None => return Ok(()),
            Some(Open::Array(items)) => (items.next().map(|item| (None, item)), ']'),
            Some(Open::Object(members)) => (members.next().map(|(key, value)| (Some(key), value)), '}'),
        };
        match next {
            Some((key, value)) => {
                if !first {
                    out.push_str(", ");
                }
                first = false;
                if let Some(key) = key {
                    out.push_str(key);
                    out.push('=');
                }
                current = Some(value);
            }
            None => {
                open.pop();
                out.push(close);
                first = false;
            }
        }
    }
}

/// Whole numbers as written, others as Java's `Double.toString`: `1.1`, `1.0E10`, `1.0E-4`.
fn java_number(number: &Number) -> String {
    let value = number.as_f64();
    if number.is_integer() {
        return number.to_string();
    }
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let scientific = format!("{value:E}");
    match scientific.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => scientific,
    }
}

/// The value a JSON text stands for; an empty or blank one stands for null.
pub(super) fn string_to_json(text: &Value) -> Result<Value, String> {
    let text = string_argument(text, 1)?;
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    match Value::parse(text) {
        // Java has one whole zero.
        Ok(Value::Number(number)) if number.is_integer() && number.as_f64() == 0.0 => Ok(Value::from(0)),
        Ok(value) => Ok(value),
        Err(error) => Err(format!("The text is not valid JSON: {error}")),
    }
}

pub(super) fn json_to_string(value: &Value, budget: &Budget) -> Result<Value, String> {
    if value.json_size() > budget.bytes {
        return Err(format!("The text is longer than {} bytes", budget.bytes));
    }
    Ok(Value::from(value.to_json()))
}

/// The pieces between the characters of `splitters`, empty ones left out.
pub(super) fn string_split(text: &Value, splitters: &Value) -> Result<Value, String> {
    let text = string_argument(text, 1)?;
    let splitters: std::collections::HashSet<char> = string_argument(splitters, 2)?.chars().collect();
    let pieces = text.split(|c| splitters.contains(&c)).filter(|piece| !piece.is_empty());
    Ok(Value::array(pieces.map(Value::from)))
}

/// Java's decoder does not insist on padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn base64_encode(text: &Value) -> Result<Value, String> {
    let text = short_enough(string_argument(text, 1)?)?;
    Ok(Value::from(BASE64.encode(text)))
}

/// Bytes that are no UTF-8 become replacement characters.
pub(super) fn base64_decode(text: &Value) -> Result<Value, String> {
    let text = short_enough(string_argument(text, 1)?)?;
    let bytes = BASE64.decode(text).map_err(|error| format!("The text is not valid Base64: {error}"))?;
    Ok(Value::from(String::from_utf8_lossy(&bytes).into_owned()))
}

/// The hash of a text, or of the JSON text of anything else, in lower-case hexadecimal digits.
pub(super) fn hash(data: &Value, algorithm: &Value) -> Result<Value, String> {
    if data.json_size() > 6 * LONGEST + 2 {
        return Err(too_long());
    }
    let json;
    let text = match data {
        Value::String(text) => text.as_str(),
        other => {
            json = other.to_json();
            &json
        }
    };
    let bytes = short_enough(text)?.as_bytes();
    let digest: Vec<u8> = match string_argument(algorithm, 2)? {
        "MD5" => md5::Md5::digest(bytes).to_vec(),
        "SHA-1" => sha1::Sha1::digest(bytes).to_vec(),
        "SHA-256" => sha2::Sha256::digest(bytes).to_vec(),
        "SHA-384" => sha2::Sha384::digest(bytes).to_vec(),
        "SHA-512" => sha2::Sha512::digest(bytes).to_vec(),
        _ => {
            return Err(format!(
                "The algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, but was: {}",
                shown(algorithm)
            ));
        }
    };
    let mut hex = String::with_capacity(digest.len() * 2);
    for byte in digest {
        write!(hex, "{byte:02x}").map_err(|error| error.to_string())?;
    }
    Ok(Value::from(hex))
}

fn short_enough(text: &str) -> Result<&str, String> {
    if text.encode_utf16().take(LONGEST + 1).count() > LONGEST { Err(too_long()) } else { Ok(text) }
}

fn too_long() -> String {
    format!("The text is longer than {LONGEST} characters")
}

/// The members of both objects; where both have one, the second's counts. There is no deep merging.
///
/// They come in the order of a `java.util.HashMap`, as recorded.
pub(super) fn json_merge(first: &Value, second: &Value, deep: &Value) -> Result<Value, String> {
    let object = |value: &Value, place: usize| match value.as_object() {
        Some(object) => Ok(object.clone()),
        None => Err(format!("Argument {place} must be an object, but was: {}", shown(value))),
    };
    let (first, second) = (object(first, 1)?, object(second, 2)?);
    match deep {
        Value::Bool(false) => {
            let members = first.iter().chain(second.iter()).map(|(key, value)| (key.clone(), value.clone()));
            let mut members = members.collect::<Object>().as_slice().to_vec();
            java_order::sort(&mut members);
            Ok(Value::object(members))
        }
        Value::Bool(true) => Err("Deep merging is not supported, the third argument must be false".to_owned()),
        other => Err(format!("Argument 3 must be a boolean, but was: {}", shown(other))),
    }
}
