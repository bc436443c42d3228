//! Findings as text for people, in the manner of rustc.

use std::fmt::Write;
use std::ops::Range;

use sfn_asl::{Diagnostic, Severity};

/// Most characters of a source line that are shown around a finding.
const WIDEST: usize = 120;

/// One finding with its source line underlined.
pub(crate) struct Report<'a> {
    /// The name of the file as the user wrote it.
    pub(crate) file: &'a str,
    /// Its text.
    pub(crate) text: &'a str,
}

impl Report<'_> {
    /// All findings in the order of their places, and how many they are.
    pub(crate) fn all(&self, findings: &[Diagnostic]) -> String {
        let mut out = String::new();
        let mut sorted: Vec<&Diagnostic> = findings.iter().collect();
        sorted.sort_by_key(|finding| finding.position);
        for finding in sorted {
            self.one(finding, &mut out);
            out.push('\n');
        }
        let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
        let counts = [(count(Severity::Error), "error"), (count(Severity::Warning), "warning")];
        let counts: Vec<String> = counts
            .into_iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("{number} {word}{}", if number == 1 { "" } else { "s" }))
            .collect();
        if !counts.is_empty() {
            writeln!(out, "{}: {}", visible(self.file), counts.join(", ")).expect("writing to a String does not fail");
        }
        out
    }

    fn one(&self, finding: &Diagnostic, out: &mut String) {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let title = format!("{severity}[{}]: {}", finding.code, visible(&finding.message));
        let mut notes = Vec::new();
        let place = finding.focus.to_string();
        if place != "/" {
            notes.push(("place", visible(&place)));
        }
        if let Some(help) = &finding.help {
            notes.push(("help", visible(help)));
        }
        let position = finding.position.map(|position| (position.line, position.column));
        self.write(&title, position, finding.range.clone(), &notes, out);
    }

    /// A finding about the bytes of the file rather than the definition in them.
    pub(crate) fn plain(&self, message: &str, position: (usize, usize), help: &str) -> String {
        let mut out = String::new();
        self.write(&format!("error: {message}"), Some(position), None, &[("help", help.to_owned())], &mut out);
        out
    }

    fn write(
        &self,
        title: &str,
        position: Option<(usize, usize)>,
        range: Option<Range<usize>>,
        notes: &[(&str, String)],
        out: &mut String,
    ) {
        let excerpt = range.and_then(|range| excerpt(self.text, range));
        let number = position.map_or(String::new(), |(line, _)| line.to_string());
        let margin = " ".repeat(number.len());
        let file = visible(self.file);
        let place = position.map_or(file.clone(), |(line, column)| format!("{file}:{line}:{column}"));
        let mut line = |text: String| {
            out.push_str(text.trim_end());
            out.push('\n');
        };
        line(title.to_owned());
        line(format!("{margin}--> {place}"));
        if let Some((source, marks)) = excerpt {
            line(format!("{margin} |"));
            line(format!("{number} | {source}"));
            line(format!("{margin} | {marks}"));
            if !notes.is_empty() {
                line(format!("{margin} |"));
            }
        }
        for (kind, note) in notes {
            line(format!("{margin} = {kind}: {note}"));
        }
    }
}

/// The line in which `range` begins, and the marks below it; a long line is cut on both sides.
fn excerpt(text: &str, range: Range<usize>) -> Option<(String, String)> {
    let start = range.start.min(text.len());
    let end = range.end.clamp(start, text.len());
    let line_start = text.get(..start)?.rfind('\n').map_or(0, |index| index + 1);
    let line_end = text.get(start..)?.find('\n').map_or(text.len(), |index| start + index);
    // A line may be as long as the file: only what can be shown of it is looked at, and one character more.
    let few = |text: &str| text.chars().take(WIDEST + 1).collect::<Vec<char>>();
    let mut before: Vec<char> = text.get(line_start..start)?.chars().rev().take(WIDEST + 1).collect();
    before.reverse();
    let marked = few(text.get(start..end.min(line_end))?);
    let after = few(text.get(end.min(line_end)..line_end)?.trim_end_matches('\r'));

    let shown = marked.len().min(WIDEST);
    let side = (WIDEST - shown) / 2;
    let cut_before = before.len().saturating_sub(side.max(WIDEST.saturating_sub(shown + after.len())));
    let room_after = WIDEST.saturating_sub(shown + before.len() - cut_before);
    let cut_after = if shown < marked.len() { 0 } else { after.len().min(room_after) };

    let lead = if cut_before > 0 { "… " } else { "" };
    let trail = if shown < marked.len() || cut_after < after.len() { " …" } else { "" };
    let printed = |characters: &[char]| characters.iter().copied().map(printable).collect::<String>();
    let head = format!("{lead}{}", printed(&before[cut_before..]));
    let source = format!("{head}{}{}{trail}", printed(&marked[..shown]), printed(&after[..cut_after]));
    let marks = format!("{}{}", " ".repeat(width(&head)), "^".repeat(width(&printed(&marked[..shown])).max(1)));
    Some((source, marks))
}

/// A character as it may appear on a terminal.
fn printable(character: char) -> char {
    match character {
        '\t' => ' ',
        character if is_treacherous(character) => '\u{FFFD}',
        character => character,
    }
}

/// A text on one line, with what could command a terminal written out.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_treacherous(character) { out.extend(character.escape_unicode()) } else { out.push(character) }
    }
    out
}

/// Control characters, and those that reorder the text around them.
fn is_treacherous(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Columns that a text takes on a terminal, near enough: letters of East Asia take two.
fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}'
            | '\u{FE30}'..='\u{FE6F}' | '\u{FF00}'..='\u{FF60}' | '\u{FFE0}'..='\u{FFE6}' | '\u{1F300}'..='\u{1FAFF}'
            | '\u{20000}'..='\u{3FFFD}')
    };
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests;
