//! Base64 and URL encoding.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome, quoted};
use super::super::item::Item;
use super::text_at;

/// Takes texts with and without padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn base64_encode(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(text.len() * 2)?;
    Ok(Item::text(STANDARD.encode(text)))
}

pub(super) fn base64_decode(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    let Some(text) = text_at(&arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(text.len())?;
    // Characters that are no base64 are passed over, those of the URL alphabet are taken for what they mean.
    let clean: Vec<u8> = text
        .bytes()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .take_while(|byte| *byte != b'=')
        .filter(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/'))
        .collect();
    let whole = if clean.len() % 4 == 1 { &clean[..clean.len() - 1] } else { &clean[..] };
    let bytes = LENIENT.decode(whole).unwrap_or_default();
    Ok(Item::text(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Stands for itself in every part of a URL.
const PLAIN: &[u8] = b"-_.!~*'()";
/// Stands for itself in a whole URL.
const RESERVED: &[u8] = b";/?:@&=+$,#";

pub(super) fn encode_url_component(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    encode(machine, &arguments, &[])
}

pub(super) fn encode_url(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    encode(machine, &arguments, RESERVED)
}

fn encode(machine: &Machine<'_>, arguments: &[Item], plain: &[u8]) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(text.len() * 3)?;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN.contains(&byte) || plain.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    Ok(Item::text(out))
}

pub(super) fn decode_url_component(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    decode(machine, &arguments, &[], "decodeUrlComponent")
}

pub(super) fn decode_url(machine: &Machine<'_>, arguments: Vec<Item>) -> Outcome<Item> {
    decode(machine, &arguments, RESERVED, "decodeUrl")
}

fn decode(machine: &Machine<'_>, arguments: &[Item], keep: &[u8], name: &str) -> Outcome<Item> {
    let Some(text) = text_at(arguments, 0) else { return Ok(Item::Undefined) };
    machine.charge(text.len())?;
    let malformed = || Failure::new("D3140").token(name).value(quoted(text));
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut bytes = text.as_bytes();
    while let Some((&byte, rest)) = bytes.split_first() {
        bytes = rest;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let digits = rest.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit)).ok_or_else(malformed)?;
        let code = str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(malformed)?;
        if keep.contains(&code) {
            out.push(b'%');
            out.extend_from_slice(digits);
        } else {
            out.push(code);
        }
        bytes = &rest[2..];
    }
    String::from_utf8(out).map(Item::text).map_err(|_| malformed())
}
