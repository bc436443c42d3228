//! The comparison of a recorded value with ours: values may hold placeholders where the recording held something random.
//!
//! The rules are those of the data's own README and its reference implementation; [`Comparison::matches`] follows them
//! line by line, so that both give one verdict.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use fancy_regex::Regex;
use sfn_core::asl::value::Value;

/// A date and time as AWS writes it; the recorder replaced each by the word `date`.
static DATE_TIME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)"));
/// What stands for a text that differs from run to run.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(PLACEHOLDER_PATTERN));
static ONLY_PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| regex(&format!(r"\A{PLACEHOLDER_PATTERN}\z")));
/// A placeholder with a number: it stands for one text throughout a case.
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| regex(r"[:_]\d+>|\d+idx>"));

const PLACEHOLDER_PATTERN: &str = r"<[A-Za-z0-9_][A-Za-z0-9_:.\- ]*>";

/// Redrive and billing data do not count: what was recorded before there was any lacks it.
const IGNORED: [&str; 5] = ["RedriveCount", "redriveCount", "redriveStatus", "redriveStatusReason", "billingDetails"];

/// Values nested deeper than this do not occur in a recording; they differ.
const DEEPEST: usize = 512;

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is written here")
}

/// One comparison of a case: what its numbered placeholders stand for, and the first difference.
#[derive(Clone, Default)]
pub(crate) struct Comparison {
    bindings: BTreeMap<String, String>,
    difference: Option<String>,
}

impl Comparison {
    /// True when `actual` is what was recorded as `expected`; else the first [`difference`](Self::difference) is kept.
    pub(crate) fn matches(&mut self, expected: &Value, actual: &Value, place: &str) -> bool {
        self.compare(expected, actual, place, 0)
    }

    /// Like [`matches`](Self::matches), but leaves bindings and difference as they were unless it matches.
    pub(crate) fn matches_or_restores(&mut self, expected: &Value, actual: &Value) -> bool {
        let mut attempt = self.clone();
        let matched = attempt.matches(expected, actual, "$");
        if matched {
            *self = attempt;
        }
        matched
    }

    /// Where the two differed first, and how.
    pub(crate) fn difference(&self) -> &str {
        self.difference.as_deref().unwrap_or("no difference")
    }

    fn compare(&mut self, expected: &Value, actual: &Value, place: &str, depth: usize) -> bool {
        let before = self.clone();
        if self.compare_plainly(expected, actual, place, depth) {
            return true;
        }
        // The last resort: AWS keeps the spacing of a text that a handler wrote, a mock may not.
        if let (Value::String(expected), Value::String(actual)) = (expected, actual)
            && expected.starts_with('{')
            && actual.starts_with('{')
            && let (Ok(expected), Ok(actual)) = (Value::parse(expected), Value::parse(actual))
        {
            *self = before;
            return self.compare_plainly(&expected, &actual, place, depth);
        }
        false
    }

    fn compare_plainly(&mut self, expected: &Value, actual: &Value, place: &str, depth: usize) -> bool {
        if depth > DEEPEST {
            return self.differs(place, expected, actual);
        }
        let parsed;
        let actual = match (expected, actual) {
            (Value::Object(_) | Value::Array(_), Value::String(text)) => match Value::parse(text) {
                Ok(value) => {
                    parsed = value;
                    &parsed
                }
                Err(_) => return self.differs(place, expected, actual),
            },
            _ => actual,
        };
        match (expected, actual) {
            // What the recorder could not read as JSON it left out.
            (Value::Object(members), _)
                if members.len() == 1
                    && members.get("$unparsed").and_then(Value::as_str).is_some_and(is_only_placeholder) =>
            {
                true
            }
            (Value::Object(members), Value::Object(others)) => {
                let told = others.keys().filter(|key| members.contains_key(key) || !IGNORED.contains(&&***key)).count();
                if members.len() != told || !members.keys().all(|key| others.contains_key(key)) {
                    return self.differs(place, expected, actual);
                }
                let mut same = true;
                for (key, value) in members.iter() {
                    let other = others.get(key).expect("both have the same keys");
                    same &= self.compare(value, other, &format!("{place}.{key}"), depth + 1);
                }
                same
            }
            (Value::Array(items), Value::Array(others)) => {
                if items.len() != others.len() {
                    return self.differs(place, expected, actual);
                }
                let mut same = true;
                for (index, (item, other)) in items.iter().zip(others.iter()).enumerate() {
                    same &= self.compare(item, other, &format!("{place}[{index}]"), depth + 1);
                }
                same
            }
            (Value::String(text), _) => {
                self.compare_text(text, actual).unwrap_or_else(|Differs| self.differs(place, expected, actual))
            }
            (Value::Bool(truth), Value::Bool(other)) if truth == other => true,
            (Value::Null, Value::Null) => true,
            (Value::Number(number), Value::Number(other)) => {
                let (number, other) = (number.as_f64(), other.as_f64());
                let near = (number - other).abs() <= 1e-9 * number.abs().max(1.0);
                near || self.differs(place, expected, actual)
            }
            _ => self.differs(place, expected, actual),
        }
    }

    fn compare_text(&mut self, expected: &str, actual: &Value) -> Result<bool, Differs> {
        if actual.as_str() == Some(expected) {
            return Ok(true);
        }
        let only_placeholder = is_only_placeholder(expected);
        if only_placeholder && !expected.contains(':') && !matches!(actual, Value::Array(_) | Value::Object(_)) {
            return Ok(true);
        }
        let Some(actual) = actual.as_str() else {
            return if only_placeholder { Ok(true) } else { Err(Differs) };
        };
        let dated = without_dates(actual);
        let names: Vec<_> = PLACEHOLDER.find_iter(expected).filter_map(Result::ok).collect();
        if names.is_empty() {
            return if *expected == *dated { Ok(true) } else { Err(Differs) };
        }
        let mut pattern = String::from(r"(?s)\A");
        let mut end = 0;
        for name in &names {
            pattern.push_str(&fancy_regex::escape(&without_dates(&expected[end..name.start()])));
            pattern.push_str("(.+?)");
            end = name.end();
        }
        pattern.push_str(&fancy_regex::escape(&expected[end..]));
        pattern.push_str(r"\z");
        let Ok(pattern) = Regex::new(&pattern) else { return Err(Differs) };
        let found = match pattern.captures(actual) {
            Ok(Some(found)) => found,
            _ => match pattern.captures(dated.as_str()) {
                Ok(Some(found)) => found,
                _ => return Err(Differs),
            },
        };
        for (name, text) in names.iter().zip(found.iter().skip(1)) {
            let text = text.map_or("", |text| text.as_str());
            if NUMBERED.is_match(name.as_str()).unwrap_or(false)
                && self.bindings.entry(name.as_str().to_owned()).or_insert_with(|| text.to_owned()) != text
            {
                return Err(Differs);
            }
        }
        Ok(true)
    }

    fn differs(&mut self, place: &str, expected: &Value, actual: &Value) -> bool {
        if self.difference.is_none() {
            self.difference = Some(format!("{place}: expected {}, found {}", shortened(expected), shortened(actual)));
        }
        false
    }
}

struct Differs;

fn is_only_placeholder(text: &str) -> bool {
    ONLY_PLACEHOLDER.is_match(text).unwrap_or(false)
}

fn without_dates(text: &str) -> String {
    DATE_TIME.replace_all(text, "date").into_owned()
}

/// The JSON text of a value, cut where it gets long.
pub(crate) fn shortened(value: &Value) -> String {
    const LENGTH: usize = 300;
    if value.json_size() > 1_000_000 {
        return format!("a value of {} bytes", value.json_size());
    }
    let text = value.to_json();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}… ({} bytes)", &text[..end], text.len()),
        None => text,
    }
}
