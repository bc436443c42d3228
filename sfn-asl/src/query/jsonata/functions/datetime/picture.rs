//! Pictures of dates and times.

use super::super::super::evaluate::Machine;
use super::super::super::failure::{Failure, Outcome, quoted};
use super::super::integer_picture::{Case, IntegerPicture};
use super::calendar::{Moment, civil, millis_of};

const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A picture that was read.
pub(super) struct Picture {
    parts: Vec<Part>,
}

enum Part {
    Text(String),
    Marker(Marker),
}

/// `[M01]`, `[FNn,3-3]`
struct Marker {
    component: char,
    /// Widest name.
    most: Option<usize>,
    names: Option<Case>,
    integer: Option<IntegerPicture>,
    /// Digits of the year; `None` for all.
    year_digits: Option<usize>,
    /// `t`: `Z` for an offset of zero.
    traditional: bool,
}

/// Widths beyond this are no pictures.
const WIDEST: usize = 10_000;

impl Picture {
    pub(super) fn read(picture: &str) -> Outcome<Self> {
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = picture;
        let mut text = String::new();
        while let Some(open) = rest.find('[') {
            text.push_str(&rest[..open]);
            rest = &rest[open + 1..];
            if let Some(after) = rest.strip_prefix('[') {
                push_text(&mut parts, &mut text);
                parts.push(Part::Text("[".to_owned()));
                rest = after;
                continue;
            }
            push_text(&mut parts, &mut text);
            let Some(close) = rest.find(']') else { return Err(Failure::new("D3135")) };
            let marker = Marker::read(&rest[..close])?;
            // Digits that follow digits at once need a width to be read by.
            if marker.counts()
                && let Some(Part::Marker(before)) = parts.last_mut()
                && let Some(decimal) = before.integer.as_mut().and_then(IntegerPicture::decimal_mut)
            {
                decimal.width = Some(decimal.mandatory);
            }
            parts.push(Part::Marker(marker));
            rest = &rest[close + 1..];
        }
        text.push_str(rest);
        push_text(&mut parts, &mut text);
        Ok(Picture { parts })
    }

    pub(super) fn format(&self, machine: &Machine<'_>, moment: &Moment, hours: f64, minutes: f64) -> Outcome<String> {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Marker(marker) => out.push_str(&marker.format(machine, moment, hours, minutes)?),
            }
        }
        Ok(out)
    }

    /// The moment a text in this picture stands for; `None` when it does not fit the picture.
    pub(super) fn parse(&self, machine: &Machine<'_>, text: &str) -> Outcome<Option<f64>> {
        let mut pattern = String::from("^");
        for part in &self.parts {
            match part {
                Part::Text(text) => pattern.push_str(&escaped(text)),
                Part::Marker(marker) => {
                    pattern.push('(');
                    pattern.push_str(&marker.pattern()?);
                    pattern.push(')');
                }
            }
        }
        pattern.push('$');
        let Ok(regex) = fancy_regex::RegexBuilder::new(&pattern)
            .case_insensitive(true)
            .backtrack_limit(100_000)
            .delegate_size_limit(4 << 20)
            .build()
        else {
            return Err(Failure::new("D3136"));
        };
        let Ok(Some(captures)) = regex.captures(text) else { return Ok(None) };
        let mut found = Components::default();
        let markers =
            self.parts.iter().filter_map(|part| if let Part::Marker(marker) = part { Some(marker) } else { None });
        for (index, marker) in markers.enumerate() {
            let value = captures.get(index + 1).map_or("", |group| group.as_str());
            found.set(marker.component, marker.parse(value)?);
        }
        found.moment(machine.now)
    }
}

fn push_text(parts: &mut Vec<Part>, text: &mut String) {
    if !text.is_empty() {
        parts.push(Part::Text(text.replace("]]", "]")));
        text.clear();
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        if character.is_ascii_punctuation() {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

impl Marker {
    fn read(text: &str) -> Outcome<Self> {
        let text: String = text.chars().filter(|character| !character.is_whitespace()).collect();
        let mut characters = text.chars();
        let component = characters.next().unwrap_or('\0');
        let body = characters.as_str();
        let unknown = || {
            let shown = if component == '\0' { String::new() } else { component.to_string() };
            Failure::new("D3132").value(quoted(&shown))
        };
        let (body, width) = match body.rsplit_once(',') {
            Some((body, width)) => (body, Some(width)),
            None => (body, None),
        };
        let (least, most) = match width.map(|width| width.split_once('-').unwrap_or((width, "*"))) {
            Some((least, most)) => (digits(least), digits(most)),
            None => (None, None),
        };
        let default = match component {
            'Y' | 'M' | 'D' | 'd' | 'W' | 'w' | 'X' | 'x' | 'H' | 'h' | 'f' => Some("1"),
            'F' | 'P' | 'C' | 'E' => Some("n"),
            'm' | 's' => Some("01"),
            'Z' | 'z' => Some("01:01"),
            _ => None,
        };
        let mut modifier = None;
        let presentation = match body.chars().count() {
            0 => default.ok_or_else(unknown)?.to_owned(),
            1 => body.to_owned(),
            _ => match body.chars().next_back() {
                Some(last @ ('a' | 't' | 'c' | 'o')) => {
                    modifier = Some(last);
                    body[..body.len() - 1].to_owned()
                }
                _ => body.to_owned(),
            },
        };
        let names = match presentation.as_bytes() {
            [b'n', ..] => Some(Case::Lower),
            [b'N', b'n', ..] => Some(Case::Title),
            [b'N', ..] => Some(Case::Upper),
            _ => None,
        };
        let mut marker =
            Marker { component, most, names, integer: None, year_digits: None, traditional: modifier == Some('t') };
        if names.is_none() && "YMDdFWwXxHhmsf".contains(component) {
            let mut picture = presentation.clone();
            if let Some(modifier) = modifier {
                picture.push(';');
                picture.push(modifier);
            }
            let mut integer = IntegerPicture::read(&picture)?;
            if let Some(decimal) = integer.decimal_mut() {
                decimal.mandatory = decimal.mandatory.max(least.unwrap_or(0));
            }
            if component == 'Y' {
                if let Some(most) = most {
                    marker.year_digits = Some(most);
                    if let Some(decimal) = integer.decimal_mut() {
                        decimal.mandatory = most;
                    }
                } else if let Some(decimal) = integer.decimal() {
                    let width = decimal.mandatory + decimal.optional;
                    marker.year_digits = (width >= 2).then_some(width);
                }
            }
            marker.integer = Some(integer);
        } else if matches!(component, 'Z' | 'z') {
            marker.integer = Some(IntegerPicture::read(&presentation)?);
        }
        Ok(marker)
    }

    fn counts(&self) -> bool {
        self.integer.is_some() && !matches!(self.component, 'Z' | 'z')
    }

    fn format(&self, machine: &Machine<'_>, moment: &Moment, hours: f64, minutes: f64) -> Outcome<String> {
        let number = match self.component {
            'Y' => match self.year_digits {
                Some(digits) if digits < 18 => moment.year % 10i64.pow(u32::try_from(digits).unwrap_or(17)),
                _ => moment.year,
            },
            'M' => moment.month,
            'D' => moment.day,
            'd' => moment.day_of_year(),
            'F' => moment.day_of_week(),
            'W' => moment.week_of_year(),
            'w' => moment.week_of_month(),
            'X' => moment.week_year(),
            'x' => moment.week_month(),
            'H' => moment.hour(),
            'h' => (moment.hour() + 11) % 12 + 1,
            'm' => moment.minute(),
            's' => moment.second(),
            'f' => moment.milli(),
            'Z' | 'z' => return self.zone(machine, hours, minutes),
            'P' => {
                let marker = if moment.hour() >= 12 { "pm" } else { "am" };
                let upper = self.names == Some(Case::Upper);
                return Ok(if upper { marker.to_uppercase() } else { marker.to_owned() });
            }
            'C' | 'E' => return Ok("ISO".to_owned()),
            _ => return Ok("undefined".to_owned()),
        };
        match (&self.integer, self.names) {
            (Some(integer), None) => integer.format(machine, number as f64),
            (_, case) => {
                let index = usize::try_from(number - 1).unwrap_or_default();
                let name = match self.component {
                    'M' | 'x' => MONTHS.get(index),
                    'F' => DAYS.get(index),
                    _ => None,
                };
                let Some(name) = name else {
                    return Err(Failure::new("D3133").value(quoted(&self.component.to_string())));
                };
                let name = match case {
                    Some(Case::Upper) => name.to_uppercase(),
                    Some(Case::Lower) => name.to_lowercase(),
                    _ => (*name).to_owned(),
                };
                Ok(name.chars().take(self.most.unwrap_or(WIDEST)).collect())
            }
        }
    }

    fn zone(&self, machine: &Machine<'_>, hours: f64, minutes: f64) -> Outcome<String> {
        let offset = hours * 100.0 + minutes;
        if offset == 0.0 && self.traditional {
            return Ok("Z".to_owned());
        }
        let mut out = String::new();
        if self.component == 'z' {
            out.push_str("GMT");
        }
        if offset >= 0.0 {
            out.push('+');
        }
        let Some(integer) = &self.integer else { return Ok(out) };
        let digits = integer.decimal().map_or(0, |decimal| decimal.mandatory);
        if integer.decimal().is_some_and(|decimal| decimal.regular > 0) || matches!(digits, 3 | 4) {
            out.push_str(&integer.format(machine, offset)?);
        } else if matches!(digits, 1 | 2) {
            out.push_str(&integer.format(machine, hours)?);
            if minutes != 0.0 {
                out.push_str(&format!(":{:02}", minutes.abs()));
            }
        } else {
            return Err(Failure::new("D3134").value(digits.to_string()));
        }
        Ok(out)
    }

    fn pattern(&self) -> Outcome<String> {
        match (self.component, &self.integer) {
            ('Z' | 'z', Some(integer)) => {
                let prefix = if self.component == 'z' { "GMT" } else { "" };
                let minutes = integer.decimal().and_then(|decimal| decimal.separator());
                let minutes = minutes.map_or(String::new(), |separator| escaped(&separator.to_string()) + "[0-9]+");
                Ok(format!("{prefix}[-+][0-9]+{minutes}"))
            }
            ('f', _) => Ok("[0-9]+".to_owned()),
            (_, Some(integer)) => integer.pattern(),
            ('M' | 'x' | 'F' | 'P', None) => Ok("[a-zA-Z]+".to_owned()),
            (component, None) => Err(Failure::new("D3133").value(quoted(&component.to_string()))),
        }
    }

    fn parse(&self, text: &str) -> Outcome<Option<f64>> {
        match (self.component, &self.integer) {
            ('Z' | 'z', Some(integer)) => {
                let text = text.trim_start_matches(|character: char| character.is_ascii_alphabetic());
                let (hours, minutes) = match integer.decimal().and_then(|decimal| decimal.separator()) {
                    Some(separator) => text.split_once(separator).unwrap_or((text, "")),
                    None if text.len() <= 3 => (text, ""),
                    None => text.split_at(3),
                };
                let hours: f64 = hours.parse().unwrap_or(0.0);
                let minutes: f64 = minutes.parse().unwrap_or(0.0);
                Ok(Some(hours * 60.0 + minutes))
            }
            ('f', _) => {
                let digits: String = text.chars().take(3).collect();
                Ok(format!("0.{digits}").parse::<f64>().ok().map(|fraction| fraction * 1000.0))
            }
            (_, Some(integer)) => integer.parse(text),
            (component, None) => {
                let shortened = |name: &str| -> String { name.chars().take(self.most.unwrap_or(WIDEST)).collect() };
                let find = |names: &[&str]| {
                    names.iter().position(|name| shortened(name) == text).map(|index| (index + 1) as f64)
                };
                Ok(match component {
                    'M' | 'x' => find(&MONTHS),
                    'F' => find(&DAYS),
                    _ => match text {
                        "am" | "AM" => Some(0.0),
                        "pm" | "PM" => Some(1.0),
                        _ => None,
                    },
                })
            }
        }
    }
}

fn digits(text: &str) -> Option<usize> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..length].parse().ok().map(|width: usize| width.min(WIDEST))
}

/// What was read of a moment.
#[derive(Default)]
struct Components {
    found: Vec<(char, f64)>,
    seen: bool,
}

impl Components {
    fn set(&mut self, component: char, value: Option<f64>) {
        self.seen = true;
        self.found.retain(|(known, _)| *known != component);
        if let Some(value) = value {
            self.found.push((component, value));
        }
    }

    fn get(&self, component: char) -> Option<f64> {
        self.found.iter().find(|(known, _)| *known == component).map(|(_, value)| *value)
    }

    /// Some of `yes` were found, and nothing besides.
    fn is(&self, yes: &str, all: &str) -> bool {
        let found = |component: char| self.get(component).is_some_and(|value| value != 0.0);
        all.chars().all(|component| yes.contains(component) || !found(component)) && yes.chars().any(found)
    }

    /// What stands left of the most significant component found is taken from the clock, what stands right of the least
    /// significant one is zero; a gap between them is an error.
    fn moment(self, now: i64) -> Outcome<Option<f64>> {
        if !self.seen {
            return Ok(None);
        }
        let dates = "YXMxWwdD";
        let by_day = !self.is("YMD", dates) && self.is("Yd", dates);
        let by_month_week = self.is("XxwF", dates);
        let by_week = !by_month_week && self.is("XWF", dates);
        let half_days = !self.is("Hmsf", "PHhmsf") && self.is("Phmsf", "PHhmsf");
        let date = match (by_day, by_month_week, by_week) {
            (true, ..) => "YD",
            (_, true, _) => "XxwF",
            (_, _, true) => "XWF",
            _ => "YMD",
        };
        let now = Moment::new(now);
        let mut values: Vec<(char, f64)> = Vec::new();
        let (mut started, mut ended) = (false, false);
        for component in date.chars().chain(if half_days { "Phmsf" } else { "Hmsf" }.chars()) {
            let value = match self.get(component) {
                Some(value) => {
                    started = true;
                    if ended {
                        return Err(Failure::new("D3136"));
                    }
                    value
                }
                None if started => {
                    ended = true;
                    if "MDd".contains(component) { 1.0 } else { 0.0 }
                }
                None => match component {
                    'Y' => now.year as f64,
                    'M' => now.month as f64,
                    'D' => now.day as f64,
                    'X' => now.week_year() as f64,
                    'x' => now.week_month() as f64,
                    'W' => now.week_of_year() as f64,
                    'w' => now.week_of_month() as f64,
                    'F' => now.day_of_week() as f64,
                    'H' => now.hour() as f64,
                    'h' => ((now.hour() + 11) % 12 + 1) as f64,
                    'm' => now.minute() as f64,
                    's' => now.second() as f64,
                    'f' => now.milli() as f64,
                    _ => 0.0,
                },
            };
            values.push((component, value));
        }
        if by_month_week || by_week {
            return Err(Failure::new("D3136"));
        }
        let value =
            |component: char| values.iter().find(|(known, _)| *known == component).map_or(0.0, |(_, value)| *value);
        // Far enough for every date there is, near enough for the arithmetic.
        let whole = |number: f64| number.clamp(-1e9, 1e9) as i64;
        let year = whole(value('Y'));
        let (month, day) = if by_day {
            let day = self.get('d').unwrap_or(1.0);
            let (_, month, day) = civil(millis_of(year, 0, 1) + (whole(day) - 1) * 86_400_000);
            (month - 1, day)
        } else {
            (whole((value('M') - 1.0).max(0.0)), whole(value('D')))
        };
        let hour = if half_days {
            let hour = value('h');
            (if hour == 12.0 { 0.0 } else { hour }) + if value('P') == 1.0 { 12.0 } else { 0.0 }
        } else {
            value('H')
        };
        // As `Date.UTC` has it, years of two digits belong to the last century.
        let year = if (0..=99).contains(&year) { 1900 + year } else { year };
        if year.abs() > LAST_YEAR || month.abs() > 12 * LAST_YEAR || day.abs() > 366 * LAST_YEAR {
            return Ok(None);
        }
        let mut millis = millis_of(year, month, day) as f64
            + ((hour * 60.0 + value('m')) * 60.0 + value('s')) * 1000.0
            + value('f').floor();
        millis -= self.get('Z').or_else(|| self.get('z')).unwrap_or(0.0) * 60_000.0;
        Ok(millis.is_finite().then_some(millis))
    }
}

/// Beyond this year no moment is a number of milliseconds that `Date` can hold.
const LAST_YEAR: i64 = 275_760;
