//! The modules in the examples are what the command at their top makes.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of the examples that begin with our comment.
fn generated() -> Vec<PathBuf> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let is_rust = file.extension().is_some_and(|extension| extension == "rs");
            if is_rust && std::fs::read_to_string(&file).unwrap().starts_with("// Made by sfn-codegen") {
                found.push(file);
            }
        }
    }
    found
}

#[test]
fn generated_examples_are_up_to_date() {
    let examples = generated();
    assert!(!examples.is_empty(), "there is an example with a generated module");
    for file in examples {
        let text = std::fs::read_to_string(&file).unwrap();
        let command = text.lines().nth(2).and_then(|line| line.strip_prefix("//     sfn-codegen ")).unwrap();
        let words: Vec<&str> = command.split(' ').collect();
        let output = words.iter().position(|word| *word == "-o").map(|place| words[place + 1]).unwrap();
        let folder = file.parent().unwrap();
        assert_eq!(folder.join(output), file, "the command writes the file");

        // The command is run on a copy, under the same names.
        let copy = Path::new(env!("CARGO_TARGET_TMPDIR")).join("examples").join(folder.file_name().unwrap());
        let _ = std::fs::remove_dir_all(&copy);
        std::fs::create_dir_all(&copy).unwrap();
        let definition = words.last().unwrap();
        std::fs::copy(folder.join(definition), copy.join(definition)).unwrap();
        let program = env!("CARGO_BIN_EXE_sfn-codegen");
        let outcome = Command::new(program).args(&words).current_dir(&copy).output().unwrap();
        assert!(outcome.status.success(), "{}", String::from_utf8_lossy(&outcome.stderr));
        let made = std::fs::read_to_string(copy.join(output)).unwrap();
        assert!(made == text, "{} is out of date; make it again: `sfn-codegen {command}`", file.display());
    }
}
