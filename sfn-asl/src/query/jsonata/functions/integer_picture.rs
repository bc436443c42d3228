//! Pictures of integers: digits, letters, roman numerals and words, after XPath's `format-integer`.

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome, quoted};
use super::super::item::number_text;
use super::number_picture::regular;

/// A picture that was read.
#[derive(Clone, Debug)]
pub(super) struct IntegerPicture {
    primary: Primary,
    case: Case,
    pub(super) ordinal: bool,
}

#[derive(Clone, Debug)]
enum Primary {
    Letters,
    Roman,
    Words,
    Decimal(Decimal),
    /// A numbering that is not supported.
    Other(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Upper,
    Lower,
    Title,
}

#[derive(Clone, Debug)]
pub(super) struct Decimal {
    zero: char,
    pub(super) mandatory: usize,
    pub(super) optional: usize,
    /// Distance from the right end, and the separator there; from right to left.
    separators: Vec<(usize, char)>,
    /// The distance, if the separators repeat.
    pub(super) regular: usize,
    /// How many digits to read, where another number follows at once.
    pub(super) width: Option<usize>,
}

/// The zeros of Unicode's decimal digits.
const ZEROS: [u32; 37] = [
    0x30, 0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6,
    0x0E50, 0x0ED0, 0x0F20, 0x1040, 0x1090, 0x17E0, 0x1810, 0x1946, 0x19D0, 0x1A80, 0x1A90, 0x1B50, 0x1BB0, 0x1C40,
    0x1C50, 0xA620, 0xA8D0, 0xA900, 0xA9D0, 0xA9F0, 0xAA50, 0xABF0, 0xFF10,
];

impl IntegerPicture {
    pub(super) fn read(picture: &str) -> Outcome<Self> {
        let (primary, modifier) = picture.rsplit_once(';').unwrap_or((picture, ""));
        let ordinal = modifier.starts_with('o');
        let (primary, case) = match primary {
            "A" => (Primary::Letters, Case::Upper),
            "a" => (Primary::Letters, Case::Lower),
            "I" => (Primary::Roman, Case::Upper),
            "i" => (Primary::Roman, Case::Lower),
            "W" => (Primary::Words, Case::Upper),
            "Ww" => (Primary::Words, Case::Title),
            "w" => (Primary::Words, Case::Lower),
            _ => (Decimal::read(primary)?, Case::Lower),
        };
        Ok(IntegerPicture { primary, case, ordinal })
    }

    pub(super) fn decimal(&self) -> Option<&Decimal> {
        if let Primary::Decimal(decimal) = &self.primary { Some(decimal) } else { None }
    }

    pub(super) fn decimal_mut(&mut self) -> Option<&mut Decimal> {
        if let Primary::Decimal(decimal) = &mut self.primary { Some(decimal) } else { None }
    }

    pub(super) fn format(&self, machine: &Machine<'_>, number: f64) -> Outcome<String> {
        let value = number.abs();
        if !value.is_finite() {
            return Err(Failure::new("D1001").value("null"));
        }
        let text = match &self.primary {
            Primary::Letters => {
                let first = if self.case == Case::Upper { b'A' } else { b'a' };
                letters(value, first)
            }
            Primary::Roman => {
                machine.charge((value / 1000.0) as usize)?;
                let text = roman(value);
                if self.case == Case::Upper { text.to_uppercase() } else { text }
            }
            Primary::Words => {
                let text = words(value, self.ordinal);
                match self.case {
                    Case::Upper => text.to_uppercase(),
                    Case::Lower => text.to_lowercase(),
                    Case::Title => text,
                }
            }
            Primary::Decimal(decimal) => {
                machine.charge(decimal.mandatory.saturating_mul(4))?;
                decimal.format(value, self.ordinal)
            }
            Primary::Other(token) => return Err(unsupported(token)),
        };
        Ok(if number < 0.0 { format!("-{text}") } else { text })
    }

    /// The number a text in this picture stands for.
    pub(super) fn parse(&self, text: &str) -> Outcome<Option<f64>> {
        Ok(match &self.primary {
            Primary::Letters => Some(letters_value(text, if self.case == Case::Upper { 'A' } else { 'a' })),
            Primary::Roman => {
                roman_value(&if self.case == Case::Upper { text.to_owned() } else { text.to_uppercase() })
            }
            Primary::Words => words_value(&text.to_lowercase()),
            Primary::Decimal(decimal) => decimal.parse(text, self.ordinal),
            Primary::Other(token) => return Err(unsupported(token)),
        })
    }

    /// The pattern of the texts in this picture.
    pub(super) fn pattern(&self) -> Outcome<String> {
        Ok(match &self.primary {
            Primary::Letters if self.case == Case::Upper => "[A-Z]+".to_owned(),
            Primary::Letters => "[a-z]+".to_owned(),
            Primary::Roman if self.case == Case::Upper => "[MDCLXVI]+".to_owned(),
            Primary::Roman => "[mdclxvi]+".to_owned(),
            Primary::Words => {
                let decades = DECADES.iter().flat_map(|word| [(*word).to_owned(), word.replace('y', "ieth")]);
                let magnitudes =
                    MAGNITUDES.iter().chain(&["Hundred"]).flat_map(|word| [format!("{word}th"), (*word).to_owned()]);
                // Longer words first: `sixteenth` begins with `six`.
                let words: Vec<String> = ORDINALS
                    .iter()
                    .chain(FEW.iter().rev())
                    .map(|word| (*word).to_owned())
                    .chain(decades)
                    .chain(magnitudes)
                    .collect();
                format!("(?:{}|and|[\\-, ])+", words.join("|"))
            }
            Primary::Decimal(decimal) => {
                let count = decimal.width.map_or("+".to_owned(), |width| format!("{{{width}}}"));
                format!("[0-9]{count}{}", if self.ordinal { "(?:th|st|nd|rd)" } else { "" })
            }
            Primary::Other(token) => return Err(unsupported(token)),
        })
    }
}

fn unsupported(token: &str) -> Box<Failure> {
    Failure::new("D3130").value(quoted(token))
}

impl Decimal {
    fn read(picture: &str) -> Outcome<Primary> {
        let mut decimal =
            Decimal { zero: '0', mandatory: 0, optional: 0, separators: Vec::new(), regular: 0, width: None };
        let mut zero = None;
        let mut position = 0;
        for character in picture.chars().rev() {
            let code = character as u32;
            if let Some(&group) = ZEROS.iter().find(|&&zero| (zero..zero + 10).contains(&code)) {
                if zero.is_some_and(|zero| zero != group) {
                    return Err(Failure::new("D3131"));
                }
                zero = Some(group);
                decimal.mandatory += 1;
                position += 1;
            } else if character == '#' {
                decimal.optional += 1;
                position += 1;
            } else {
                decimal.separators.push((position, character));
            }
        }
        let Some(zero) = zero.and_then(char::from_u32) else { return Ok(Primary::Other(picture.to_owned())) };
        decimal.zero = zero;
        let same = decimal.separators.windows(2).all(|pair| pair[0].1 == pair[1].1);
        let positions: Vec<usize> = decimal.separators.iter().map(|(position, _)| *position).collect();
        decimal.regular = if same { regular(&positions) } else { 0 };
        Ok(Primary::Decimal(decimal))
    }

    fn format(&self, value: f64, ordinal: bool) -> String {
        let plain = number_text(value);
        let missing = self.mandatory.saturating_sub(plain.len());
        let digits: Vec<char> = std::iter::repeat_n('0', missing).chain(plain.chars()).collect();
        let mut out = String::new();
        for (index, digit) in digits.iter().enumerate() {
            let right = digits.len() - index;
            if self.regular > 0 {
                if index > 0 && right.is_multiple_of(self.regular) {
                    out.push(self.separators[0].1);
                }
            } else {
                // Separators of one place stand in the order they were written.
                let here = self.separators.iter().rev().filter(|(position, _)| *position == right);
                out.extend(here.map(|(_, character)| *character));
            }
            let shifted = digit.to_digit(10).and_then(|value| char::from_u32(self.zero as u32 + value));
            out.push(shifted.unwrap_or(*digit));
        }
        out.extend(
            self.separators.iter().rev().filter(|(position, _)| *position == 0).map(|(_, character)| *character),
        );
        if ordinal {
            let tens = digits.len() > 1 && digits[digits.len() - 2] == '1';
            out.push_str(match digits.last() {
                Some('1') if !tens => "st",
                Some('2') if !tens => "nd",
                Some('3') if !tens => "rd",
                _ => "th",
            });
        }
        out
    }

    fn parse(&self, text: &str, ordinal: bool) -> Option<f64> {
        let mut text = text;
        if ordinal {
            text = text.char_indices().rev().nth(1).map_or("", |(at, _)| &text[..at]);
        }
        let separates = |character: char| {
            if self.regular > 0 {
                character == ','
            } else {
                self.separators.iter().any(|(_, separator)| *separator == character)
            }
        };
        let digits: String = text
            .chars()
            .filter(|character| !separates(*character))
            .map(|character| match (character as u32).checked_sub(self.zero as u32) {
                Some(value @ 0..=9) => char::from_digit(value, 10).unwrap_or(character),
                _ => character,
            })
            .collect();
        let digits = digits.trim_start();
        let sign = usize::from(digits.starts_with(['-', '+']));
        if let Some(hexadecimal) = digits[sign..].strip_prefix("0x").or_else(|| digits[sign..].strip_prefix("0X")) {
            let value = hexadecimal.chars().map_while(|digit| digit.to_digit(16));
            let value = value.fold(None, |sum: Option<f64>, digit| Some(sum.unwrap_or(0.0) * 16.0 + f64::from(digit)));
            return value.map(|value| if digits.starts_with('-') { -value } else { value });
        }
        let length = digits[sign..].bytes().take_while(u8::is_ascii_digit).count();
        digits[..sign + length].parse().ok()
    }

    /// Whether every separator stands where the picture has them: the character between hours and minutes.
    pub(super) fn separator(&self) -> Option<char> {
        if self.regular > 0 { self.separators.first().map(|(_, character)| *character) } else { None }
    }
}

fn letters(mut value: f64, first: u8) -> String {
    let mut out = Vec::new();
    while value > 0.0 {
        out.push(char::from(first + ((value - 1.0) % 26.0) as u8));
        value = ((value - 1.0) / 26.0).floor();
    }
    out.into_iter().rev().collect()
}

fn letters_value(text: &str, first: char) -> f64 {
    text.chars().fold(0.0, |sum, letter| sum * 26.0 + f64::from(letter as u32) - f64::from(first as u32) + 1.0)
}

const ROMAN: [(f64, &str); 13] = [
    (1000.0, "m"),
    (900.0, "cm"),
    (500.0, "d"),
    (400.0, "cd"),
    (100.0, "c"),
    (90.0, "xc"),
    (50.0, "l"),
    (40.0, "xl"),
    (10.0, "x"),
    (9.0, "ix"),
    (5.0, "v"),
    (4.0, "iv"),
    (1.0, "i"),
];

fn roman(mut value: f64) -> String {
    let mut out = String::new();
    for (worth, numeral) in ROMAN {
        while value >= worth {
            out.push_str(numeral);
            value -= worth;
        }
    }
    out
}

fn roman_value(text: &str) -> Option<f64> {
    let mut sum = 0.0;
    let mut most = 1.0;
    for letter in text.chars().rev() {
        let worth = match letter {
            'M' => 1000.0,
            'D' => 500.0,
            'C' => 100.0,
            'L' => 50.0,
            'X' => 10.0,
            'V' => 5.0,
            'I' => 1.0,
            _ => return None,
        };
        if worth < most {
            sum -= worth;
        } else {
            most = worth;
            sum += worth;
        }
    }
    Some(sum)
}

const FEW: [&str; 20] = [
    "Zero",
    "One",
    "Two",
    "Three",
    "Four",
    "Five",
    "Six",
    "Seven",
    "Eight",
    "Nine",
    "Ten",
    "Eleven",
    "Twelve",
    "Thirteen",
    "Fourteen",
    "Fifteen",
    "Sixteen",
    "Seventeen",
    "Eighteen",
    "Nineteen",
];
const ORDINALS: [&str; 20] = [
    "Zeroth",
    "First",
    "Second",
    "Third",
    "Fourth",
    "Fifth",
    "Sixth",
    "Seventh",
    "Eighth",
    "Ninth",
    "Tenth",
    "Eleventh",
    "Twelfth",
    "Thirteenth",
    "Fourteenth",
    "Fifteenth",
    "Sixteenth",
    "Seventeenth",
    "Eighteenth",
    "Nineteenth",
];
const DECADES: [&str; 8] = ["Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety"];
const MAGNITUDES: [&str; 4] = ["Thousand", "Million", "Billion", "Trillion"];

fn words(value: f64, ordinal: bool) -> String {
    let mut out = String::new();
    spell(value, false, ordinal, &mut out);
    out
}

/// Numbers beyond a trillion nest the largest word: a double does so about 25 times at most.
fn spell(value: f64, continued: bool, ordinal: bool, out: &mut String) {
    if value < 100.0 {
        if continued {
            out.push_str(" and ");
        }
        let value = value as usize;
        if value < 20 {
            out.push_str(if ordinal { ORDINALS[value] } else { FEW[value] });
            return;
        }
        let decade = DECADES[value / 10 - 2];
        match value % 10 {
            0 if ordinal => {
                out.push_str(&decade[..decade.len() - 1]);
                out.push_str("ieth");
            }
            0 => out.push_str(decade),
            rest => {
                out.push_str(decade);
                out.push('-');
                out.push_str(if ordinal { ORDINALS[rest] } else { FEW[rest] });
            }
        }
        return;
    }
    if continued {
        out.push_str(", ");
    }
    let rest = if value < 1000.0 {
        out.push_str(FEW[(value / 100.0) as usize]);
        out.push_str(" Hundred");
        value % 100.0
    } else {
        let magnitude = ((value.log10() / 3.0).floor() as usize).clamp(1, MAGNITUDES.len());
        let factor = 1000f64.powi(i32::try_from(magnitude).unwrap_or(1));
        let count = (value / factor).floor();
        spell(count, false, false, out);
        out.push(' ');
        out.push_str(MAGNITUDES[magnitude - 1]);
        value - count * factor
    };
    if rest > 0.0 {
        spell(rest, true, ordinal, out);
    } else if ordinal {
        out.push_str("th");
    }
}

fn words_value(text: &str) -> Option<f64> {
    let text = text.replace(" and ", " ").replace(", ", " ");
    let mut segments = vec![0.0];
    for word in text.split([' ', '-', '\t', '\n', '\r', '\\']) {
        let value = word_value(word)?;
        let top: f64 = segments.pop().unwrap_or(0.0);
        if value < 100.0 {
            if top >= 1000.0 {
                segments.push(top);
                segments.push(value);
            } else {
                segments.push(top + value);
            }
        } else {
            segments.push(top * value);
        }
    }
    Some(segments.into_iter().sum())
}

fn word_value(word: &str) -> Option<f64> {
    let position = |words: &[&str]| words.iter().position(|known| known.eq_ignore_ascii_case(word));
    if let Some(value) = position(&FEW).or_else(|| position(&ORDINALS)) {
        return Some(value as f64);
    }
    let base = word.strip_suffix("ieth").map(|stem| format!("{stem}y"));
    let plain = base.as_deref().unwrap_or(word);
    if let Some(index) = DECADES.iter().position(|known| known.eq_ignore_ascii_case(plain)) {
        return Some((index + 2) as f64 * 10.0);
    }
    let stem = word.strip_suffix("th").unwrap_or(word);
    if stem == "hundred" {
        return Some(100.0);
    }
    let magnitude = MAGNITUDES.iter().position(|known| known.eq_ignore_ascii_case(stem))?;
    Some(1000f64.powi(i32::try_from(magnitude).unwrap_or(0) + 1))
}
