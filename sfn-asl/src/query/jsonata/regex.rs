//! Regular expressions: JavaScript's notation, read by `fancy-regex` within bounds.

use super::failure::{Failure, Outcome};

/// A compiled regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    pub(super) source: Box<str>,
    /// It looks around or back: matching may take the square of the text's length.
    hard: bool,
    /// It may look far ahead of what it matches, again for each match.
    far: bool,
    regex: fancy_regex::Regex,
}

/// One match.
#[derive(Debug)]
pub(super) struct Match {
    /// Bytes from and to.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The groups' texts; `None` for a group that took no part.
    pub(super) groups: Vec<Option<String>>,
}

/// Steps back a match may take; catastrophic patterns end here.
const BACKTRACKS: usize = 100_000;
/// Longest text for patterns that look around or back.
const HARD_TEXT: usize = 16 << 10;
/// Bytes of a compiled pattern.
const COMPILED: usize = 1 << 20;

impl Pattern {
    pub(super) fn new(source: &str, flags: &str, position: u32) -> Outcome<Self> {
        let translated = translate(source);
        let regex = fancy_regex::RegexBuilder::new(&translated)
            .case_insensitive(flags.contains('i'))
            .multi_line(flags.contains('m'))
            .backtrack_limit(BACKTRACKS)
            .delegate_size_limit(COMPILED)
            .delegate_dfa_size_limit(COMPILED)
            .build()
            .map_err(|error| {
                let reason = error.to_string();
                let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
                Failure::at("", position).text(format!("Invalid regular expression: /{source}/: {reason}"))
            })?;
        let looks = ["(?=", "(?!", "(?<=", "(?<!", "(?>", "\\k"];
        let refers_back = translated.as_bytes().windows(2).any(|pair| pair[0] == b'\\' && pair[1].is_ascii_digit());
        let hard = refers_back || looks.iter().any(|look| translated.contains(look));
        let unbounded = source.contains(['*', '+']) || source.contains(",}");
        let far = unbounded && ["|", ")?", ")*", "){0"].iter().any(|choice| source.contains(choice));
        Ok(Pattern { source: source.into(), hard, far, regex })
    }

    /// The work of looking for the next match in so many bytes.
    pub(super) fn effort(&self, bytes: usize) -> usize {
        match (self.hard, self.far) {
            (true, _) => bytes,
            (false, true) => bytes / 64,
            (false, false) => bytes / 1024,
        }
    }

    /// The first match at or after the byte `from`.
    pub(super) fn find(&self, text: &str, from: usize) -> Outcome<Option<Match>> {
        if self.hard && text.len() > HARD_TEXT {
            return Err(Failure::time());
        }
        if self.regex.captures_len() == 1 {
            let found = self.regex.find_from_pos(text, from).map_err(|_| Failure::time())?;
            return Ok(found.map(|found| Match { start: found.start(), end: found.end(), groups: Vec::new() }));
        }
        let Some(captures) = self.regex.captures_from_pos(text, from).map_err(|_| Failure::time())? else {
            return Ok(None);
        };
        let whole = captures.get(0).expect("group 0 is the match itself");
        let groups = captures.iter().skip(1).map(|group| group.map(|group| group.as_str().to_owned())).collect();
        Ok(Some(Match { start: whole.start(), end: whole.end(), groups }))
    }
}

/// The same pattern in the notation of the Rust crates.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut characters = source.chars().peekable();
    let mut class = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('d') => out.push_str(if class { "0-9" } else { "[0-9]" }),
                Some('D') => out.push_str("[^0-9]"),
                Some('w') => out.push_str(if class { "A-Za-z0-9_" } else { "[A-Za-z0-9_]" }),
                Some('W') => out.push_str("[^A-Za-z0-9_]"),
                Some('b') if class => out.push_str("\\x08"),
                Some('0') => out.push_str("\\x00"),
                Some('/') => out.push('/'),
                Some('c') => match characters.next_if(char::is_ascii_alphabetic) {
                    Some(letter) => out.push_str(&format!("\\x{:02x}", letter as u32 % 32)),
                    None => out.push_str("\\\\c"),
                },
                // Letters that JavaScript leaves as they are have other meanings, or none, in Rust.
                Some(other) if other.is_ascii_alphabetic() && !"bBfnrtvsSxupPk".contains(other) => out.push(other),
                Some(other) if other.is_ascii() || class => {
                    out.push('\\');
                    out.push(other);
                }
                Some(other) => out.push(other),
                None => out.push_str("\\\\"),
            },
            '[' if class => out.push_str("\\["),
            '[' => {
                let negated = characters.next_if_eq(&'^').is_some();
                if characters.next_if_eq(&']').is_some() {
                    out.push_str(if negated { "[\\s\\S]" } else { "[^\\s\\S]" });
                } else {
                    class = true;
                    out.push_str(if negated { "[^" } else { "[" });
                }
            }
            ']' if class => {
                class = false;
                out.push(']');
            }
            ']' => out.push_str("\\]"),
            '&' | '~' if class => {
                out.push('\\');
                out.push(character);
            }
            '-' if class && characters.peek() == Some(&'-') => out.push_str("\\-"),
            '.' if !class => out.push_str("[^\\n\\r\\u2028\\u2029]"),
            '{' if !class && !is_repetition(characters.clone()) => out.push_str("\\{"),
            _ => out.push(character),
        }
    }
    out
}

/// `{2}`, `{2,}`, `{2,3}`; any other brace stands for itself.
fn is_repetition(mut rest: impl Iterator<Item = char>) -> bool {
    let mut digits = 0;
    let mut commas = 0;
    loop {
        match rest.next() {
            Some('0'..='9') => digits += 1,
            Some(',') if digits > 0 && commas == 0 => commas += 1,
            Some('}') => return digits > 0,
            _ => return false,
        }
    }
}
