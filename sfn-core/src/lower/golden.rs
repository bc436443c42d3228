use std::fmt;
use std::path::{Path, PathBuf};

use sfn_asl::Value;

use super::Machine;

/// Why a golden file does not hold.
#[derive(Debug)]
#[non_exhaustive]
pub enum GoldenError {
    /// The machine has no definition.
    Definition(super::DefinitionError),
    /// The file cannot be read or written.
    File(PathBuf, std::io::Error),
    /// The file is no JSON, or another document.
    Stale(PathBuf, String),
}

impl fmt::Display for GoldenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hint = "SFN_UPDATE=1 writes it";
        match self {
            GoldenError::Definition(error) => error.fmt(f),
            GoldenError::File(path, error) => write!(f, "{}: {error} ({hint})", path.display()),
            GoldenError::Stale(path, difference) => {
                write!(f, "{} is stale ({hint}):\n{difference}", path.display())
            }
        }
    }
}

impl std::error::Error for GoldenError {}

/// Holds the document of `M` against the file `golden` beside the source file; panics when they differ.
pub fn check_golden<M: Machine>(manifest_directory: &str, source: &str, golden: &str) {
    let path = beside(Path::new(manifest_directory), Path::new(source)).join(golden);
    let update = std::env::var_os("SFN_UPDATE").is_some_and(|value| value == "1");
    if let Err(error) = hold::<M>(&path, update) {
        panic!("{error}");
    }
}

fn hold<M: Machine>(path: &Path, update: bool) -> Result<(), GoldenError> {
    let definition = super::definition::<M>(&super::Bindings::substitutions()).map_err(GoldenError::Definition)?;
    let document = definition.document().clone();
    let text = document.to_json_pretty() + "\n";
    if update {
        return std::fs::write(path, text).map_err(|error| GoldenError::File(path.into(), error));
    }
    let kept = std::fs::read_to_string(path).map_err(|error| GoldenError::File(path.into(), error))?;
    let kept = match Value::parse(&kept) {
        Ok(value) => value,
        Err(error) => return Err(GoldenError::Stale(path.into(), error.to_string())),
    };
    if kept == document {
        return Ok(());
    }
    Err(GoldenError::Stale(path.into(), difference(&(kept.to_json_pretty() + "\n"), &text)))
}

/// The folder of a source file: `file!()` is relative to the workspace or to the package.
fn beside(manifest_directory: &Path, source: &Path) -> PathBuf {
    let folder = source.parent().unwrap_or(Path::new(""));
    let mut root = Some(manifest_directory);
    while let Some(directory) = root {
        if directory.join(source).is_file() {
            return directory.join(folder);
        }
        root = directory.parent();
    }
    manifest_directory.join(folder)
}

/// The lines in which two texts differ, `-` from the file and `+` from the source, each run after a line of context.
pub(super) fn difference(kept: &str, made: &str) -> String {
    let kept: Vec<&str> = kept.lines().collect();
    let made: Vec<&str> = made.lines().collect();
    let mut out = String::new();
    let mut context = None;
    for step in steps(&kept, &made) {
        match step {
            Line::Same(line) => context = Some(line),
            Line::Removed(line) | Line::Added(line) => {
                if let Some(context) = context.take() {
                    out.push_str(&format!("  {context}\n"));
                }
                let sign = if matches!(step, Line::Removed(_)) { '-' } else { '+' };
                out.push_str(&format!("{sign} {line}\n"));
            }
        }
    }
    out
}

#[derive(Clone, Copy)]
enum Line<'a> {
    Same(&'a str),
    Removed(&'a str),
    Added(&'a str),
}

/// The shortest way from one list of lines to the other, by their longest common subsequence.
fn steps<'a>(kept: &[&'a str], made: &[&'a str]) -> Vec<Line<'a>> {
    const LARGEST: usize = 16_000_000;
    if kept.len().saturating_mul(made.len()) > LARGEST {
        let removed = kept.iter().map(|line| Line::Removed(line));
        return removed.chain(made.iter().map(|line| Line::Added(line))).collect();
    }
    let width = made.len() + 1;
    let mut common = vec![0u32; (kept.len() + 1) * width];
    for row in (0..kept.len()).rev() {
        for column in (0..made.len()).rev() {
            common[row * width + column] = if kept[row] == made[column] {
                common[(row + 1) * width + column + 1] + 1
            } else {
                common[(row + 1) * width + column].max(common[row * width + column + 1])
            };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut way = Vec::new();
    while row < kept.len() || column < made.len() {
        if row < kept.len() && column < made.len() && kept[row] == made[column] {
            way.push(Line::Same(kept[row]));
            row += 1;
            column += 1;
        } else if column == made.len()
            || (row < kept.len() && common[(row + 1) * width + column] >= common[row * width + column + 1])
        {
            way.push(Line::Removed(kept[row]));
            row += 1;
        } else {
            way.push(Line::Added(made[column]));
            column += 1;
        }
    }
    way
}
