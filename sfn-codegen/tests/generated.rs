//! Modules made from the corpus are compiled as printed, and three of the published ones are run.
//!
//! They go into a package of their own under `target`, which is built once and kept. A sample of the corpus is compiled,
//! all of it with `SFN_CODEGEN_COMPILE=all`, which takes a minute or two.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(clippy::print_stdout, reason = "what was skipped or done is said")]

mod reference;

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

use sfn_asl::Format;
use sfn_codegen::Options;

/// The published workflows that are run, with the modules that `published/*_run.rs` mock.
const PUBLISHED: &[(&str, &str)] =
    &[("d97ebdeb8b96", "image_recognition"), ("0a718c2d0238", "power_tuning"), ("2148c3ba0d0f", "data_quality")];

/// Of so many definitions one is compiled, unless all are.
const SAMPLE: usize = 20;

/// What compiles without a warning compiles under these.
const LINTS: &str =
    "#![deny(warnings, missing_docs, nonstandard_style, unused, unused_qualifications, unreachable_pub)]";

#[test]
fn modules_of_the_corpus_compile_and_run() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(definitions) = reference::corpus() else { return };

    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join("generated");
    let source = package.join("src");
    let _ = std::fs::remove_dir_all(&source);
    std::fs::create_dir_all(&source).unwrap();
    let mut library = format!("//! The modules of the corpus.\n{LINTS}\n");
    let mut modules = 0;
    let sample = if std::env::var_os("SFN_CODEGEN_COMPILE").is_some_and(|value| value == "all") { 1 } else { SAMPLE };
    for (index, (id, definition)) in definitions.iter().enumerate() {
        let published = PUBLISHED.iter().find(|(published, _)| published == id).map(|(_, name)| *name);
        if index % sample != 0 && published.is_none() {
            continue;
        }
        let text = definition.to_json_pretty();
        match sfn_codegen::generate(&text, Format::Json, &Options::new(published.unwrap_or(id.as_str()))) {
            Ok(module) => {
                let name = published.map_or_else(|| format!("w{id}"), str::to_owned);
                std::fs::write(source.join(format!("{name}.rs")), module.code).unwrap();
                writeln!(library, "pub mod {name};").unwrap();
                modules += 1;
            }
            Err(findings) => assert!(published.is_none(), "{id}: {findings}"),
        }
    }
    std::fs::write(source.join("lib.rs"), documented(&library)).unwrap();
    std::fs::write(package.join("Cargo.toml"), manifest(here)).unwrap();
    std::fs::copy(here.join("../Cargo.lock"), package.join("Cargo.lock")).unwrap();
    for file in std::fs::read_dir(here.join("tests/published")).unwrap().map(|entry| entry.unwrap().path()) {
        std::fs::copy(&file, source.join(file.file_name().unwrap())).unwrap();
    }

    let checked = cargo(&package, &["check", "--lib"]);
    println!("{modules} modules compiled\n{checked}");
    let said = cargo(&package, &["run", "--bin", "published"]);
    println!("{said}");
    for (_, name) in PUBLISHED {
        assert!(said.contains(&format!("{}, ", name.replace('_', " "))), "{name} is run: {said}");
    }
}

/// Modules need a comment where `missing_docs` is denied.
fn documented(library: &str) -> String {
    library.replace("pub mod ", "/// A module of the corpus.\npub mod ")
}

fn manifest(here: &Path) -> String {
    format!(
        r#"[package]
name = "generated"
version = "0.0.0"
edition = "2024"

[dependencies]
sfn-core = {{ path = {:?} }}
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}

[[bin]]
name = "published"
path = "src/run.rs"

[profile.dev]
debug = "line-tables-only"

[workspace]
"#,
        here.join("../sfn-core")
    )
}

/// Runs cargo on the package; gives what it printed.
#[track_caller]
fn cargo(package: &Path, arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        // What the workspace has built already need not be built again.
        .args(["--quiet", "--offline", "--target-dir"])
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is a folder in the target folder"))
        .current_dir(package)
        .output()
        .expect("cargo runs");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "cargo {}: {said}", arguments.join(" "));
    said
}
