//! `known_failures.txt`: the cases that fail yet, each with its reason.

use std::collections::BTreeMap;
use std::path::Path;

/// The reasons by case id.
#[derive(Default)]
pub(crate) struct KnownFailures {
    reasons: BTreeMap<String, String>,
}

const HEADER: &str = "\
# The recorded cases that fail yet: case id, a tab, the reason. A case that fails and is not listed fails the run, and so
# does a listed one that passes. `SFN_KNOWN=write` brings this file up to date.
";

impl KnownFailures {
    /// Reads the text of the file: lines `id<TAB>reason`, blank lines, and comments that begin with `#`.
    pub(crate) fn read(text: &str) -> Result<Self, String> {
        let mut reasons = BTreeMap::new();
        for (number, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let (id, reason) = line.split_once('\t').ok_or(format!("line {}: no tab after the id", number + 1))?;
            if reason.trim().is_empty() {
                return Err(format!("line {}: no reason after the tab", number + 1));
            }
            if reasons.insert(id.to_owned(), reason.to_owned()).is_some() {
                return Err(format!("line {}: `{id}` is listed twice", number + 1));
            }
        }
        Ok(KnownFailures { reasons })
    }

    /// Reads the file, which may be absent.
    pub(crate) fn load(path: &Path) -> Result<Self, String> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::read(&text).map_err(|error| format!("{}: {error}", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(KnownFailures::default()),
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    /// Why the case fails, if it is listed.
    pub(crate) fn reason(&self, id: &str) -> Option<&str> {
        self.reasons.get(id).map(String::as_str)
    }

    /// The listed ids.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.reasons.keys().map(String::as_str)
    }

    /// Takes over what a run showed: a case that passed leaves the list, one that failed enters it, unless it stands there
    /// with a reason that somebody wrote.
    pub(crate) fn update(&mut self, id: &str, failure: Option<&str>) {
        match failure {
            None => drop(self.reasons.remove(id)),
            Some(failure) => {
                self.reasons.entry(id.to_owned()).or_insert_with(|| one_line(failure));
            }
        }
    }

    /// The text of the file.
    pub(crate) fn write(&self) -> String {
        let lines = self.reasons.iter().map(|(id, reason)| format!("{id}\t{reason}\n"));
        std::iter::once(HEADER.to_owned()).chain(lines).collect()
    }
}

/// A reason on one line of bounded length.
fn one_line(reason: &str) -> String {
    const LENGTH: usize = 240;
    let line = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The verdict of the run on one case: an unlisted failure fails it, and so does a listed case that passes.
pub(crate) fn verdict(known: Option<&str>, outcome: &Result<(), String>) -> Result<(), String> {
    match (known, outcome) {
        (None, Ok(())) | (Some(_), Err(_)) => Ok(()),
        (None, Err(failure)) => Err(failure.clone()),
        (Some(reason), Ok(())) => Err(format!("passes now, but known_failures.txt lists it: {reason}")),
    }
}
