use std::fmt;
use std::path::{Path, PathBuf};

use sfn_asl::{Location, Value};

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
    Err(GoldenError::Stale(path.into(), difference(&kept, &document)))
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

/// Where two documents differ: `-` what the file has, `+` what the source makes.
fn difference(kept: &Value, made: &Value) -> String {
    let mut lines = Vec::new();
    let mut pending = vec![(Location::root(), Some(kept), Some(made))];
    while let Some((place, kept, made)) = pending.pop() {
        let mut inner = Vec::new();
        match (kept, made) {
            (Some(Value::Object(kept)), Some(Value::Object(made))) => {
                for (key, value) in kept.iter() {
                    inner.push((place.key(key.clone()), Some(value), made.get(key)));
                }
                let added = made.iter().filter(|(key, _)| !kept.contains_key(key));
                inner.extend(added.map(|(key, value)| (place.key(key.clone()), None, Some(value))));
            }
            (Some(Value::Array(kept)), Some(Value::Array(made))) => {
                let length = kept.len().max(made.len());
                inner.extend((0..length).map(|index| (place.index(index), kept.get(index), made.get(index))));
            }
            (kept, made) if kept != made => {
                lines.extend(kept.map(|value| format!("- {place}: {value}")));
                lines.extend(made.map(|value| format!("+ {place}: {value}")));
            }
            _ => {}
        }
        pending.extend(inner.into_iter().rev().filter(|(_, kept, made)| kept != made));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told_with_their_place() {
        let kept = Value::parse(r#"{"A": {"B": 1, "C": [1, 2]}, "D": "x", "E": {}}"#).unwrap();
        let made = Value::parse(r#"{"E": {}, "A": {"C": [1, 3, 4], "F": true}, "D": ["x"]}"#).unwrap();
        let expected = [
            "- /A/B: 1",
            "- /A/C[1]: 2",
            "+ /A/C[1]: 3",
            "+ /A/C[2]: 4",
            "+ /A/F: true",
            "- /D: \"x\"",
            "+ /D: [\"x\"]",
        ];
        assert_eq!(difference(&kept, &made), expected.join("\n"));
    }
}
