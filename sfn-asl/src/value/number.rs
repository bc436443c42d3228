use std::cmp::Ordering;
use std::sync::Arc;

/// A JSON number with the text it was written in; never infinite, never not-a-number.
#[derive(Clone)]
pub struct Number(Repr);

#[derive(Clone)]
enum Repr {
    Integer(i64),
    /// A double whose shortest text is the one it prints.
    Float(f64),
    /// Any other spelling: `1.0`, `1e3`, integers beyond 64 bits.
    Written(Arc<(Box<str>, f64)>),
}

impl Number {
    /// The number a double stands for; whole numbers below 2^53 become integers. `None` for infinities and NaN.
    pub fn from_f64(value: f64) -> Option<Self> {
        if !value.is_finite() {
            None
        } else if value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0 {
            Some(Number(Repr::Integer(value as i64)))
        } else {
            Some(Number(Repr::Float(value)))
        }
    }

    /// A double that keeps its fraction even when it is `.0`.
    pub fn from_float(value: f64) -> Option<Self> {
        value.is_finite().then_some(Number(Repr::Float(value)))
    }

    /// The number a JSON number text stands for. `None` when the text is none, or beyond the range of a double.
    pub fn from_text(text: &str) -> Option<Self> {
        if !is_number(text) {
            return None;
        }
        if text != "-0"
            && !text.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'))
            && let Ok(value) = text.parse::<i64>()
        {
            return Some(Number(Repr::Integer(value)));
        }
        let value: f64 = text.parse().ok()?;
        if !value.is_finite() {
            return None;
        }
        let float = Repr::Float(value);
        if Number(float.clone()).to_string() == text {
            return Some(Number(float));
        }
        Some(Number(Repr::Written(Arc::new((text.into(), value)))))
    }

    /// The whole number, if there is no fraction and it fits 64 bits.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Integer(value) => Some(*value),
            _ => {
                let value = self.as_f64();
                (value.fract() == 0.0 && value.abs() < 9.2e18).then_some(value as i64)
            }
        }
    }

    /// The nearest double.
    pub fn as_f64(&self) -> f64 {
        match &self.0 {
            Repr::Integer(value) => *value as f64,
            Repr::Float(value) => *value,
            Repr::Written(written) => written.1,
        }
    }

    /// True when it was written without fraction and exponent.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Integer(_) => true,
            Repr::Float(_) => false,
            Repr::Written(written) => !written.0.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E')),
        }
    }

    /// Length in bytes of the text.
    pub fn json_size(&self) -> usize {
        match &self.0 {
            Repr::Integer(value) => {
                let digits = value.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
                digits + usize::from(*value < 0)
            }
            Repr::Float(_) => self.to_string().len(),
            Repr::Written(written) => written.0.len(),
        }
    }
}

/// The grammar of RFC 8259: `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`
fn is_number(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.strip_prefix('-').unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (whole > 1 && rest.starts_with('0')) {
        return false;
    }
    let mut rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix('.') {
        let length = digits(fraction);
        if length == 0 {
            return false;
        }
        rest = &fraction[length..];
    }
    if let Some(exponent) = rest.strip_prefix(['e', 'E']) {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        let length = digits(exponent);
        if length == 0 {
            return false;
        }
        rest = &exponent[length..];
    }
    rest.is_empty()
}

impl PartialEq for Number {
    /// By value: `1` equals `1.0`. Whole numbers beyond the precision of a double are told apart.
    fn eq(&self, other: &Self) -> bool {
        self.compare(other).is_eq()
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.compare(other))
    }
}

impl Number {
    /// The order of two numbers, of which those without fraction and exponent count as written, all others as doubles.
    fn compare(&self, other: &Self) -> Ordering {
        if let (Repr::Integer(a), Repr::Integer(b)) = (&self.0, &other.0) {
            return a.cmp(b);
        }
        let (a, b) = (self.as_f64(), other.as_f64());
        // Rounding to doubles keeps the order, so only doubles that are equal leave it open.
        match a.partial_cmp(&b).expect("a number is never not-a-number") {
            Ordering::Equal if a != 0.0 && (self.is_integer() || other.is_integer()) => {
                let (left, right) = (self.whole_text(), other.whole_text());
                // Both have the same sign; without leading zeros the longer text is the larger number.
                let order = left.len().cmp(&right.len()).then_with(|| left.cmp(&right));
                if a < 0.0 { order.reverse() } else { order }
            }
            order => order,
        }
    }

    /// All digits of a whole number.
    fn whole_text(&self) -> String {
        if self.is_integer() { self.to_string() } else { format!("{:.0}", self.as_f64()) }
    }

    /// The whole number, if it was written as one and fits 64 bits without a sign.
    pub(super) fn as_u64(&self) -> Option<u64> {
        match &self.0 {
            Repr::Integer(value) => u64::try_from(*value).ok(),
            Repr::Float(_) => None,
            Repr::Written(written) => written.0.parse().ok(),
        }
    }
}

impl std::fmt::Display for Number {
    /// The text as written, or the shortest that reads back as the same double.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Repr::Integer(value) => write!(f, "{value}"),
            Repr::Float(value) => write!(f, "{value:?}"),
            Repr::Written(written) => f.write_str(&written.0),
        }
    }
}

impl std::fmt::Debug for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

macro_rules! from_small {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Number {
            fn from(value: $integer) -> Self {
                Number(Repr::Integer(i64::from(value)))
            }
        }
    )*};
}
from_small!(i8, i16, i32, i64, u8, u16, u32);

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        match i64::try_from(value) {
            Ok(value) => Number(Repr::Integer(value)),
            Err(_) => Number(Repr::Written(Arc::new((value.to_string().into(), value as f64)))),
        }
    }
}

impl From<usize> for Number {
    fn from(value: usize) -> Self {
        Number::from(value as u64)
    }
}
