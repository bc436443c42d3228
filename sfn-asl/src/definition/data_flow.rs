use crate::query::jsonata::Expression;
use crate::query::path::{Path, ReferencePath};
use crate::query::template::{JsonataTemplate, PayloadTemplate};

/// `QueryLanguage`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryLanguage {
    /// Paths, payload templates, intrinsic functions.
    #[default]
    JsonPath,
    /// Expressions in `{% … %}`.
    Jsonata,
}

impl QueryLanguage {
    /// The text of the field.
    pub fn name(self) -> &'static str {
        match self {
            QueryLanguage::JsonPath => "JSONPath",
            QueryLanguage::Jsonata => "JSONata",
        }
    }
}

/// How a state makes its effective input, its output and its variables; fields a type of state lacks are at their default.
#[derive(Clone, Debug, PartialEq)]
pub enum DataFlow {
    /// The fields of JSONPath.
    JsonPath(JsonPathFlow),
    /// The fields of JSONata.
    Jsonata(JsonataFlow),
}

/// `InputPath`, `Parameters`, `ResultSelector`, `ResultPath`, `OutputPath`, `Assign`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonPathFlow {
    /// `InputPath`
    pub input_path: PathSelection,
    /// `Parameters`; of a Map its `ItemSelector` is not here.
    pub parameters: Option<PayloadTemplate>,
    /// `ResultSelector`
    pub result_selector: Option<PayloadTemplate>,
    /// `ResultPath`
    pub result_path: ResultPath,
    /// `OutputPath`
    pub output_path: PathSelection,
    /// `Assign`
    pub assign: Option<PayloadTemplate>,
}

/// `Arguments`, `Output`, `Assign`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct JsonataFlow {
    /// `Arguments`
    pub arguments: Option<JsonataTemplate>,
    /// `Output`
    pub output: Option<JsonataTemplate>,
    /// `Assign`
    pub assign: Option<JsonataTemplate>,
}

/// `InputPath` and `OutputPath`: a path, or `null` for `{}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum PathSelection {
    /// Absent or `$`.
    #[default]
    Whole,
    /// `null`: `{}`.
    Nothing,
    /// A path.
    Path(Path),
}

/// `ResultPath`: where the result goes in the raw input.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum ResultPath {
    /// Absent or `$`: the result replaces the input.
    #[default]
    Replace,
    /// `null`: the result is dropped.
    Discard,
    /// The place it is written to.
    At(ReferencePath),
}

/// A field with a fixed value, or one that is read when the state runs: `TimeoutSeconds`, `TimeoutSecondsPath`,
/// `"{% … %}"`.
#[derive(Clone, Debug, PartialEq)]
pub enum Setting<T, P = Path> {
    /// The value as written.
    Literal(T),
    /// The `…Path` twin of the field.
    Path(P),
    /// An expression.
    Jsonata(Expression),
}

/// An RFC 3339 date-time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    /// As written.
    pub text: std::sync::Arc<str>,
    /// Milliseconds since 1970-01-01T00:00Z.
    pub milliseconds: i64,
}

impl Timestamp {
    /// Reads a date-time of RFC 3339 with a capital `T`, seconds, and `Z` or an offset; digits beyond the milliseconds
    /// are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let fixed = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if bytes.len() < 20 || fixed.iter().any(|&(at, byte)| bytes[at] != byte) {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<i64> {
            bytes
                .get(from..to)?
                .iter()
                .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0')))
        };
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
            return None;
        }
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let mut at = 19;
        let mut fraction = 0;
        if bytes[at] == b'.' {
            let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if !(1..=9).contains(&digits) {
                return None;
            }
            let kept = digits.min(3);
            fraction = number(at + 1, at + 1 + kept)? * 10_i64.pow(3 - kept as u32);
            at += 1 + digits;
        }
        let offset = match bytes.get(at)? {
            b'Z' if bytes.len() == at + 1 => 0,
            sign @ (b'+' | b'-') if bytes.len() == at + 6 && bytes[at + 3] == b':' => {
                let (hours, minutes) = (number(at + 1, at + 3)?, number(at + 4, at + 6)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                (hours * 60 + minutes) * if *sign == b'-' { -1 } else { 1 }
            }
            _ => return None,
        };
        let seconds = days_since_1970(year, month, day) * 86_400 + (hour * 60 + minute - offset) * 60 + second;
        Some(Timestamp { text: text.into(), milliseconds: seconds * 1000 + fraction })
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn timestamps() {
        for (text, milliseconds) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("1969-12-31T23:59:59.999Z", Some(-1)),
            ("2016-03-14T01:59:00Z", Some(1_457_920_740_000)),
            ("2000-02-29T12:00:00.5+05:30", Some(951_805_800_500)),
            ("2024-12-31T23:59:59.123456789-00:15", Some(1_735_690_499_123)),
            ("0000-01-01T00:00:00Z", Some(-62_167_219_200_000)),
            ("9999-12-31T23:59:59Z", Some(253_402_300_799_000)),
            ("2016-03-14T01:59:00", None),
            ("2016-03-14 01:59:00Z", None),
            ("2016-03-14t01:59:00Z", None),
            ("2016-03-14T01:59Z", None),
            ("2016-03-14T01:59:00z", None),
            ("2016-03-14T24:00:00Z", None),
            ("2015-02-29T00:00:00Z", None),
            ("2100-02-29T00:00:00Z", None),
            ("2016-03-14T01:59:00.Z", None),
            ("2016-03-14T01:59:00.1234567890Z", None),
            ("2016-03-14T01:59:00+0100", None),
            ("2016-03-14T01:59:00+01:00x", None),
            ("٢016-03-14T01:59:00Z", None),
            ("", None),
        ] {
            assert_eq!(Timestamp::parse(text).map(|timestamp| timestamp.milliseconds), milliseconds, "{text}");
        }
    }
}
