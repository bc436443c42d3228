//! How the user's crate calls `sfn-core`.

use std::path::{Path, PathBuf};

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

/// The path that emitted code begins with: the one that the user gave, else the name in the user's `Cargo.toml`.
pub(crate) fn core(given: Option<&syn::Path>) -> TokenStream {
    if let Some(path) = given {
        return quote!(#path);
    }
    let name = dependency_name().unwrap_or_else(|| "sfn_core".into());
    let name = Ident::new(&name, Span::mixed_site());
    quote!(::#name)
}

/// The key of a dependency of the current package whose `package` is `sfn-core`.
fn dependency_name() -> Option<String> {
    let directory = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
    let manifest = std::fs::read_to_string(directory.join("Cargo.toml")).ok()?;
    if let Some(alias) = alias_in(&manifest) {
        return identifier(&alias);
    }
    // `sfn = { workspace = true }`: the alias stands in the manifest of the workspace.
    let alias = directory.ancestors().skip(1).find_map(workspace_alias)?;
    inherits(&manifest, &alias).then(|| identifier(&alias)).flatten()
}

fn workspace_alias(directory: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(directory.join("Cargo.toml")).ok()?;
    manifest.contains("[workspace").then(|| alias_in(&manifest)).flatten()
}

/// Reads `alias = { package = "sfn-core" }` and `[dependencies.alias]` with `package = "sfn-core"` line by line; what is
/// written in another way is reached by the argument `crate = path`.
fn alias_in(manifest: &str) -> Option<String> {
    let mut section = "";
    for line in manifest.lines() {
        let line = line.trim();
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = header;
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let (key, value) = (key.trim(), value.trim());
        if !section.contains("dependencies") {
            continue;
        }
        if key == "package" && value.starts_with("\"sfn-core\"") {
            return section.rsplit('.').next().map(str::to_owned);
        }
        let inline: String = value.chars().filter(|character| !character.is_whitespace()).collect();
        if inline.starts_with('{') && inline.contains("package=\"sfn-core\"") {
            return Some(key.trim_matches('"').to_owned());
        }
    }
    None
}

fn inherits(manifest: &str, alias: &str) -> bool {
    manifest.lines().any(|line| {
        let line: String = line.chars().filter(|character| !character.is_whitespace()).collect();
        line.strip_prefix(alias).is_some_and(|rest| {
            rest.starts_with(".workspace=true") || (rest.starts_with("={") && rest.contains("workspace=true"))
        })
    })
}

fn identifier(alias: &str) -> Option<String> {
    let name = alias.replace('-', "_");
    syn::parse_str::<Ident>(&name).is_ok().then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{alias_in, inherits};

    #[test]
    fn finds_the_alias() {
        let cases = [
            ("[dependencies]\nsfn-core = \"1\"", None),
            ("[dependencies]\nsfn = { package = \"sfn-core\", version = \"1\" }", Some("sfn")),
            ("[dependencies]\nsfn = {version=\"1\",package=\"sfn-core\"}", Some("sfn")),
            ("[dependencies.flow]\nversion = \"1\"\npackage = \"sfn-core\"", Some("flow")),
            ("[dev-dependencies]\nw = { path = \"..\", package = \"sfn-core\" }", Some("w")),
            ("[package.metadata]\nw = { package = \"sfn-core\" }", None),
        ];
        for (manifest, alias) in cases {
            assert_eq!(alias_in(manifest).as_deref(), alias, "{manifest}");
        }
    }

    #[test]
    fn knows_an_inherited_dependency() {
        assert!(inherits("[dependencies]\nsfn.workspace = true", "sfn"));
        assert!(inherits("[dependencies]\nsfn = { workspace = true, features = [] }", "sfn"));
        assert!(!inherits("[dependencies]\nsfn-core.workspace = true", "sfn"));
    }
}
