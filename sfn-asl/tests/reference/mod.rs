//! Where the reference data is: `SFN_REFERENCE`, else `shared` beside the workspace.

use std::path::{Path, PathBuf};

/// The folder of the reference data, or why the test is skipped.
///
/// Under `CI=true` missing data is an error unless `SFN_REFERENCE=none` says that it is meant.
pub(crate) fn folder() -> Result<PathBuf, String> {
    let named = std::env::var_os("SFN_REFERENCE");
    if named.as_deref() == Some("none".as_ref()) {
        return Err("SFN_REFERENCE is `none`".to_owned());
    }
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = named.map_or_else(beside, PathBuf::from);
    if folder.is_dir() {
        return Ok(folder);
    }
    let reason = format!("there is no folder {}", folder.display());
    if std::env::var_os("CI").as_deref() == Some("true".as_ref()) {
        panic!("{reason}; set SFN_REFERENCE, or SFN_REFERENCE=none to do without the data");
    }
    Err(reason)
}
