//! Values in the arguments of attributes.

use darling::FromMeta;
use proc_macro2::Span;

/// Most seconds that a timeout may have.
const LONGEST: u64 = 99_999_999;

/// A length of time as text: `"30s"`, `"1h30m"`, `"2d"`.
#[derive(Clone, Copy)]
pub(crate) struct Seconds {
    pub(crate) count: u64,
    pub(crate) span: Span,
}

impl FromMeta for Seconds {
    fn from_value(value: &syn::Lit) -> darling::Result<Self> {
        let help = "a length of time is whole seconds, minutes, hours or days: `\"30s\"`, `\"1h30m\"`, `\"2d\"`";
        let syn::Lit::Str(text) = value else {
            return Err(darling::Error::custom(format!("SFN053: {help}")).with_span(value));
        };
        match seconds(&text.value()) {
            Some(count @ 1..=LONGEST) => Ok(Seconds { count, span: text.span() }),
            Some(_) => {
                let message = format!("SFN053: a length of time has 1 to {LONGEST} seconds");
                Err(darling::Error::custom(message).with_span(text))
            }
            None => Err(darling::Error::custom(format!("SFN053: {help}")).with_span(text)),
        }
    }
}

fn seconds(text: &str) -> Option<u64> {
    let mut total: u64 = 0;
    let mut smallest_unit = u64::MAX;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        let unit = match rest.as_bytes().get(digits)? {
            b's' => 1,
            b'm' => 60,
            b'h' => 3_600,
            b'd' => 86_400,
            _ => return None,
        };
        if unit >= smallest_unit {
            return None;
        }
        smallest_unit = unit;
        total = total.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(digits + 1..)?;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn reads_lengths_of_time() {
        let cases = [
            ("30s", Some(30)),
            ("5m", Some(300)),
            ("1h", Some(3_600)),
            ("3d", Some(259_200)),
            ("1h30m", Some(5_400)),
            ("1d2h3m4s", Some(93_784)),
            ("", None),
            ("30", None),
            ("s", None),
            ("1.5h", None),
            ("500ms", None),
            ("30m1h", None),
            ("1s1s", None),
            ("-1s", None),
            ("99999999999999999999s", None),
            ("1é", None),
        ];
        for (text, expected) in cases {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
