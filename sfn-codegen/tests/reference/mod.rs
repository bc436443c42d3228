//! Where the corpus is: `corpus/definitions.jsonl` in the folder `SFN_REFERENCE`, else in `shared` beside the workspace.

use std::io::Write;
use std::path::{Path, PathBuf};

use sfn_asl::Value;

/// The definitions of a corpus, by their id.
///
/// Without the data the word SKIPPED is said and there are none; under `CI=true` that is an error unless
/// `SFN_REFERENCE=none` says that it is meant.
pub(crate) fn corpus() -> Option<Vec<(String, Value)>> {
    let named = std::env::var_os("SFN_REFERENCE");
    if named.as_deref() == Some("none".as_ref()) {
        return skipped("SFN_REFERENCE is `none`");
    }
    // A relative folder is meant from the root of the workspace.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = named.map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let file = root.join(folder).join("corpus/definitions.jsonl");
    let Ok(text) = std::fs::read_to_string(&file) else {
        let reason = format!("there is no {}", file.display());
        if std::env::var_os("CI").as_deref() == Some("true".as_ref()) {
            panic!("{reason}; set SFN_REFERENCE, or SFN_REFERENCE=none to do without the data");
        }
        return skipped(&reason);
    };
    let definitions = text.lines().map(|line| {
        let row = Value::parse(line).expect("a line of the corpus is JSON");
        let id = row.get("id").and_then(Value::as_str).expect("a row has an id");
        (id.to_owned(), row.get("definition").expect("a row has a definition").clone())
    });
    Some(definitions.collect())
}

/// Says so past the harness, which keeps to itself what a passing test prints.
fn skipped(reason: &str) -> Option<Vec<(String, Value)>> {
    let _ = writeln!(std::io::stderr(), "SKIPPED: {reason}");
    None
}
