//! The cases of a folder: one JSON object a line, told apart by their keys.

use std::path::Path;
use std::sync::Arc;

use sfn_core::asl::value::{Limits, Value};

/// One recorded case.
#[derive(Clone)]
pub(crate) struct Case {
    /// The name of its file without the extension.
    pub(crate) area: Arc<str>,
    /// Its id, which no other case of the folder has.
    pub(crate) id: Arc<str>,
    /// What it is about.
    pub(crate) kind: Kind,
    /// The whole line.
    pub(crate) record: Value,
}

/// The kinds of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A definition run to its end, with the outcomes of its tasks.
    Execution,
    /// A definition judged, by one of the operations that take one.
    Validation,
    /// One state run by `TestState`.
    TestState,
}

impl Case {
    /// Reads the line of a case file.
    pub(crate) fn read(area: &Arc<str>, line: &str) -> Result<Self, String> {
        let limits = Limits { bytes: usize::MAX, ..Limits::default() };
        let record = Value::parse_within(line, &limits).map_err(|error| error.to_string())?;
        let id = record.get("id").and_then(Value::as_str).ok_or("the case has no `id`")?.into();
        let kind = if record.get("tasks").is_some() {
            Kind::Execution
        } else if record.get("operation").is_some() {
            Kind::Validation
        } else if record.get("request").is_some() {
            Kind::TestState
        } else {
            return Err(format!("the case `{id}` is of an unknown kind"));
        };
        Ok(Case { area: area.clone(), id, kind, record })
    }

    /// The value at a path of keys, `null` where there is none.
    pub(crate) fn at(&self, path: &[&str]) -> &Value {
        at(&self.record, path)
    }

    /// The text of the member `key`, or why there is none.
    pub(crate) fn text(&self, key: &str) -> Result<&str, String> {
        self.record.get(key).and_then(Value::as_str).ok_or_else(|| format!("the case has no text `{key}`"))
    }

    /// True when the case carries this note.
    pub(crate) fn notes(&self, note: &str) -> bool {
        items(self.at(&["notes"])).iter().any(|item| item.as_str() == Some(note))
    }
}

/// The value at a path of keys, `null` where there is none.
pub(crate) fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().try_fold(value, |value, key| value.get(key)).unwrap_or(&Value::Null)
}

/// The items of an array, none when it is no array.
pub(crate) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], |array| array.as_slice())
}

/// What a folder holds.
pub(crate) struct Folder {
    /// The cases, by file name, in the order of each file.
    pub(crate) cases: Vec<Case>,
    /// Lines that are no case: area, line number, reason.
    pub(crate) unreadable: Vec<(Arc<str>, usize, String)>,
    /// `lambdas.json`: the behaviour of handlers by key.
    pub(crate) lambdas: Value,
}

/// Reads every `<area>.jsonl` of a folder but `api.jsonl`, whose cases need the server.
pub(crate) fn read_folder(folder: &Path) -> Result<Folder, String> {
    let failed = |path: &Path, error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| failed(folder, error))? {
        let path = entry.map_err(|error| failed(folder, error))?.path();
        let area = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if path.extension().is_some_and(|extension| extension == "jsonl") && area != "api" {
            files.push((Arc::<str>::from(area), path));
        }
    }
    files.sort();
    let mut cases = Vec::new();
    let mut unreadable = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for (area, path) in files {
        let text = std::fs::read_to_string(&path).map_err(|error| failed(&path, error))?;
        for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match Case::read(&area, line) {
                Ok(case) if !ids.insert(case.id.clone()) => {
                    unreadable.push((area.clone(), number + 1, format!("a second case `{}`", case.id)));
                }
                Ok(case) => cases.push(case),
                Err(reason) => unreadable.push((area.clone(), number + 1, reason)),
            }
        }
    }
    let path = folder.join("lambdas.json");
    let lambdas = match std::fs::read_to_string(&path) {
        Ok(text) => Value::parse(&text).map_err(|error| format!("cannot read {}: {error}", path.display()))?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Value::empty_object(),
        Err(error) => return Err(failed(&path, error)),
    };
    Ok(Folder { cases, unreadable, lambdas })
}
