//! Pictures of decimal numbers (`#,##0.00`), after XPath's `format-number`.

use super::super::evaluate::Machine;
use super::super::failure::{Failure, Outcome};
use super::super::item::{Item, number_text};
use super::number::half_even;
use crate::value::Key;

/// The characters a picture is written with.
struct Symbols {
    decimal: String,
    grouping: String,
    exponent: String,
    minus: String,
    percent: String,
    per_mille: String,
    zero: char,
    digit: String,
    pattern: String,
}

impl Symbols {
    fn new(options: &[(Key, Item)]) -> Self {
        let option = |name: &str, default: &str| {
            let found = options.iter().find(|(key, _)| &**key == name).and_then(|(_, item)| item.as_str());
            found.unwrap_or(default).to_owned()
        };
        Symbols {
            decimal: option("decimal-separator", "."),
            grouping: option("grouping-separator", ","),
            exponent: option("exponent-separator", "e"),
            minus: option("minus-sign", "-"),
            percent: option("percent", "%"),
            per_mille: option("per-mille", "\u{2030}"),
            zero: option("zero-digit", "0").chars().next().unwrap_or('0'),
            digit: option("digit", "#"),
            pattern: option("pattern-separator", ";"),
        }
    }

    fn is_family(&self, character: char) -> bool {
        (self.zero as u32..self.zero as u32 + 10).contains(&(character as u32))
    }

    fn is_digit(&self, character: char) -> bool {
        is(character, &self.digit)
    }

    fn is_active(&self, character: char) -> bool {
        self.is_family(character)
            || [&self.decimal, &self.exponent, &self.grouping, &self.digit, &self.pattern]
                .into_iter()
                .any(|symbol| is(character, symbol))
    }
}

fn is(character: char, symbol: &str) -> bool {
    let mut characters = symbol.chars();
    characters.next() == Some(character) && characters.next().is_none()
}

/// One sub-picture, taken apart.
struct Parts<'a> {
    whole: &'a str,
    prefix: &'a str,
    suffix: &'a str,
    active: &'a str,
    mantissa: &'a str,
    exponent: Option<&'a str>,
    integer: &'a str,
    fraction: &'a str,
}

impl<'a> Parts<'a> {
    fn read(whole: &'a str, symbols: &Symbols) -> Self {
        let counts = |character: char| symbols.is_active(character) && !is(character, &symbols.exponent);
        let start = whole.find(counts);
        let end = whole.char_indices().rev().find(|(_, character)| counts(*character));
        let end = end.map_or(whole.len(), |(at, character)| at + character.len_utf8());
        let (prefix, suffix) = match start {
            Some(start) => (&whole[..start], &whole[end..]),
            None => ("", ""),
        };
        let active = &whole[prefix.len()..whole.len() - suffix.len()];
        let split = |text: &'a str, symbol: &str| (!symbol.is_empty()).then(|| text.split_once(symbol)).flatten();
        let (mantissa, exponent) = match split(active, &symbols.exponent) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            // A separator that nothing follows begins an exponent of no digits.
            None if !symbols.exponent.is_empty() && suffix.starts_with(&symbols.exponent) => (active, Some("")),
            None => (active, None),
        };
        let (integer, fraction) = split(mantissa, &symbols.decimal).unwrap_or((mantissa, suffix));
        Parts { whole, prefix, suffix, active, mantissa, exponent, integer, fraction }
    }

    /// The last rule that is broken names the error.
    fn check(&self, symbols: &Symbols) -> Outcome<()> {
        let twice = |symbol: &str| !symbol.is_empty() && self.whole.find(symbol) != self.whole.rfind(symbol);
        let family = |text: &str| text.chars().any(|character| symbols.is_family(character));
        let mut error = None;
        let mut rule = |broken: bool, code| {
            if broken {
                error = Some(code);
            }
        };
        let percent = self.whole.contains(&symbols.percent);
        let per_mille = self.whole.contains(&symbols.per_mille);
        rule(twice(&symbols.decimal), "D3081");
        rule(twice(&symbols.percent), "D3082");
        rule(twice(&symbols.per_mille), "D3083");
        rule(percent && per_mille, "D3084");
        rule(
            !self.mantissa.chars().any(|character| symbols.is_family(character) || symbols.is_digit(character)),
            "D3085",
        );
        rule(self.active.chars().any(|character| !symbols.is_active(character)), "D3086");
        match self.whole.split_once(&symbols.decimal) {
            Some((before, after)) => {
                rule(before.ends_with(&symbols.grouping) || after.starts_with(&symbols.grouping), "D3087");
            }
            None => rule(self.integer.ends_with(&symbols.grouping), "D3088"),
        }
        rule(self.whole.contains(&symbols.grouping.repeat(2)), "D3089");
        rule(self.integer.split_once(&symbols.digit).is_some_and(|(before, _)| family(before)), "D3090");
        rule(self.fraction.rsplit_once(&symbols.digit).is_some_and(|(_, after)| family(after)), "D3091");
        if let Some(exponent) = self.exponent {
            rule(!exponent.is_empty() && (percent || per_mille), "D3092");
            rule(exponent.is_empty() || exponent.chars().any(|character| !symbols.is_family(character)), "D3093");
        }
        error.map_or(Ok(()), |code| Err(Failure::new(code)))
    }
}

/// What a sub-picture asks for.
#[derive(Clone)]
struct Layout {
    prefix: String,
    suffix: String,
    integer_groups: Vec<usize>,
    regular: usize,
    fraction_groups: Vec<usize>,
    least_integer: usize,
    scale: usize,
    least_fraction: usize,
    most_fraction: usize,
    least_exponent: usize,
    percent: bool,
    per_mille: bool,
    has_decimal: bool,
}

impl Layout {
    fn new(parts: &Parts<'_>, symbols: &Symbols) -> Self {
        let family = |text: &str| text.chars().filter(|character| symbols.is_family(*character)).count();
        let digits = |text: &str| {
            text.chars().filter(|character| symbols.is_family(*character) || symbols.is_digit(*character)).count()
        };
        let integer_groups: Vec<usize> =
            places(parts.integer, &symbols.grouping).map(|at| digits(&parts.integer[at..])).collect();
        // As the reference has it: the separators behind the first are looked for in the integer part.
        let first = places(parts.fraction, &symbols.grouping).next();
        let more = places(parts.integer, &symbols.grouping).filter(|at| first.is_some_and(|first| *at > first));
        let before =
            |at: usize| parts.fraction.char_indices().take_while(move |(place, _)| *place < at).map(|(_, c)| c);
        let fraction_groups = first
            .into_iter()
            .chain(more)
            .map(|at| before(at).filter(|c| symbols.is_family(*c) || symbols.is_digit(*c)).count())
            .collect();
        let mut least_integer = family(parts.integer);
        let scale = least_integer;
        let mut least_fraction = family(parts.fraction);
        let mut most_fraction = digits(parts.fraction);
        if least_integer == 0 && most_fraction == 0 {
            if parts.exponent.is_some() {
                least_fraction = 1;
                most_fraction = 1;
            } else {
                least_integer = 1;
            }
        }
        if parts.exponent.is_some() && least_integer == 0 && parts.integer.contains(&symbols.digit) {
            least_integer = 1;
        }
        if least_integer == 0 && least_fraction == 0 {
            least_fraction = 1;
        }
        Layout {
            prefix: parts.prefix.to_owned(),
            suffix: parts.suffix.to_owned(),
            regular: regular(&integer_groups),
            integer_groups,
            fraction_groups,
            least_integer,
            scale,
            least_fraction,
            most_fraction,
            least_exponent: parts.exponent.map_or(0, family),
            percent: parts.whole.contains(&symbols.percent),
            per_mille: parts.whole.contains(&symbols.per_mille),
            has_decimal: parts.whole.contains(&symbols.decimal),
        }
    }
}

fn places<'a>(text: &'a str, symbol: &'a str) -> impl Iterator<Item = usize> + 'a {
    text.match_indices(symbol).filter(|(_, found)| !found.is_empty()).map(|(at, _)| at)
}

/// The distance of groups that repeat regularly, 0 otherwise.
pub(super) fn regular(positions: &[usize]) -> usize {
    fn divisor(a: usize, b: usize) -> usize {
        if b == 0 { a } else { divisor(b, a % b) }
    }
    let Some(distance) = positions.iter().copied().reduce(divisor) else { return 0 };
    let all = (1..=positions.len()).all(|index| positions.contains(&(index * distance)));
    if all { distance } else { 0 }
}

pub(super) fn format(machine: &Machine<'_>, number: f64, picture: &str, options: &[(Key, Item)]) -> Outcome<String> {
    let symbols = Symbols::new(options);
    let pictures: Vec<&str> =
        if symbols.pattern.is_empty() { vec![picture] } else { picture.split(symbols.pattern.as_str()).collect() };
    if pictures.len() > 2 {
        return Err(Failure::new("D3080"));
    }
    let parts: Vec<Parts<'_>> = pictures.iter().map(|picture| Parts::read(picture, &symbols)).collect();
    for part in &parts {
        part.check(&symbols)?;
    }
    let layout = match (number >= 0.0, parts.get(1)) {
        (true, _) => Layout::new(&parts[0], &symbols),
        (false, Some(negative)) => Layout::new(negative, &symbols),
        (false, None) => {
            let mut layout = Layout::new(&parts[0], &symbols);
            layout.prefix.insert_str(0, &symbols.minus);
            layout
        }
    };
    let scaled = match (layout.percent, layout.per_mille) {
        (true, _) => number * 100.0,
        (false, true) => number * 1000.0,
        (false, false) => number,
    };
    let (mantissa, exponent) =
        if layout.least_exponent == 0 { (scaled, None) } else { scientific(scaled, layout.scale) };
    if !mantissa.is_finite() {
        return Err(Failure::new("D1001").value("null"));
    }
    machine.charge((layout.most_fraction + layout.least_integer).saturating_mul(4))?;
    let groups = layout.integer_groups.len() + layout.fraction_groups.len();
    machine.work(groups.saturating_mul(picture.len() + 400) / 64)?;
    let mut text = laid_out(half_even(mantissa, layout.most_fraction.min(400) as f64), &layout, &symbols);
    if let Some(exponent) = exponent {
        let digits = in_family(&exponent.unsigned_abs().to_string(), symbols.zero);
        let missing = layout.least_exponent.saturating_sub(digits.chars().count());
        text.push_str(&symbols.exponent);
        if exponent < 0 {
            text.push_str(&symbols.minus);
        }
        text.extend(std::iter::repeat_n(symbols.zero, missing));
        text.push_str(&digits);
    }
    Ok(layout.prefix + &text + &layout.suffix)
}

/// A mantissa with `scale` digits before the point, and its exponent.
fn scientific(number: f64, scale: usize) -> (f64, Option<i32>) {
    let scale = i32::try_from(scale.min(400)).unwrap_or(400);
    let most = 10f64.powi(scale);
    let least = 10f64.powi(scale - 1);
    let mut mantissa = number;
    let mut exponent = 0;
    if mantissa != 0.0 && mantissa.is_finite() && most.is_finite() {
        while mantissa.abs() < least {
            mantissa *= 10.0;
            exponent -= 1;
        }
        while mantissa.abs() > most {
            mantissa /= 10.0;
            exponent += 1;
        }
    }
    (mantissa, Some(exponent))
}

fn laid_out(number: f64, layout: &Layout, symbols: &Symbols) -> String {
    let magnitude = number.abs();
    let text = match magnitude < 1e21 {
        true => format!("{magnitude:.*}", layout.most_fraction),
        // Beyond, the reference cuts the digits out of a text with an exponent, and so is it here.
        false => number_text(magnitude),
    };
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let mut integer: Vec<char> = in_family(integer.trim_start_matches('0'), symbols.zero).chars().collect();
    let mut fraction: Vec<char> = in_family(fraction.trim_end_matches('0'), symbols.zero).chars().collect();
    let missing = layout.least_integer.saturating_sub(integer.len());
    integer.splice(0..0, std::iter::repeat_n(symbols.zero, missing));
    while fraction.len() < layout.least_fraction {
        fraction.push(symbols.zero);
    }
    match layout.regular {
        0 => {}
        regular => {
            let length = integer.len();
            for groups in (1..=length.saturating_sub(1) / regular).rev() {
                let at = length - groups * regular;
                let before = integer.len() - length;
                integer.splice(at + before..at + before, symbols.grouping.chars());
            }
        }
    }
    let mut out = integer;
    let mut point = out.len();
    let separator: Vec<char> = symbols.decimal.chars().collect();
    out.extend(&separator);
    out.extend(fraction);
    if layout.regular == 0 {
        // As the reference has it: places are counted from the point, those beyond the front from the end.
        let places = layout.integer_groups.iter();
        for place in places {
            let at = match point.checked_sub(*place) {
                Some(at) => at,
                None => out.len().saturating_sub(place - point),
            };
            out.splice(at..at, symbols.grouping.chars());
            point += 1;
        }
    }
    point = find(&out, &separator).unwrap_or(out.len());
    for place in &layout.fraction_groups {
        let at = (point + 1 + place).min(out.len());
        out.splice(at..at, symbols.grouping.chars());
    }
    if !layout.has_decimal || point + 1 == out.len() {
        out.pop();
    }
    out.into_iter().collect()
}

fn find(text: &[char], sought: &[char]) -> Option<usize> {
    (!sought.is_empty()).then(|| text.windows(sought.len()).position(|window| window == sought)).flatten()
}

fn in_family(digits: &str, zero: char) -> String {
    let shift = |digit: char| digit.to_digit(10).and_then(|value| char::from_u32(zero as u32 + value)).unwrap_or(digit);
    digits.chars().map(shift).collect()
}
