//! The program from outside: what it prints, what it writes, how it ends.

#![allow(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOOD: &str = r#"{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}"#;
const BAD: &str = r#"{
  "StartAt": "A",
  "States": {
    "A": {"Type": "Pass", "Next": "B"},
    "C": {"Type": "Pass", "End": true, "Colour": 1}
  }
}
"#;

/// A folder of its own for each test, fresh at its beginning.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn program(folder: &Path) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_sfn-codegen"));
    program.current_dir(folder).stdin(Stdio::null());
    program
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder).args(arguments).output().unwrap()
}

fn run_with(folder: &Path, arguments: &[&str], input: &[u8]) -> Output {
    let mut program = program(folder);
    let mut child =
        program.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A program that refuses its arguments does not read on.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, on_error_channel: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    for part in on_error_channel {
        assert!(said.contains(part), "`{part}` is missing in:\n{said}");
    }
    assert!(!said.contains("panicked"), "{said}");
    if code != 0 {
        assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn code_goes_to_standard_output_or_to_a_file() {
    let folder = folder("good");
    std::fs::write(folder.join("a.asl.json"), GOOD).unwrap();
    let printed = run(&folder, &["a.asl.json"]);
    check(&printed, 0, &[]);
    assert!(printed.stderr.is_empty());
    let code = String::from_utf8(printed.stdout).unwrap();
    assert!(code.starts_with("// Made by sfn-codegen"), "{code}");
    assert!(code.contains("    sfn-codegen --style types a.asl.json\n"), "{code}");
    assert!(code.contains("pub enum State"), "{code}");

    let written = run(&folder, &["-o", "a.rs", "a.asl.json"]);
    check(&written, 0, &[]);
    assert!(written.stdout.is_empty());
    let written = std::fs::read_to_string(folder.join("a.rs")).unwrap();
    assert_eq!(written.replace(" -o a.rs", ""), code);
    assert_eq!(files(&folder), ["a.asl.json", "a.rs"]);
}

#[test]
fn standard_input_is_json_or_yaml() {
    let folder = folder("stdin");
    let json = run_with(&folder, &["-", "--name", "x"], GOOD.as_bytes());
    check(&json, 0, &[]);
    let yaml = run_with(&folder, &["-", "--name", "x"], b"StartAt: A\nStates:\n  A:\n    Type: Pass\n    End: true\n");
    check(&yaml, 0, &[]);
    let [json, yaml] = [json, yaml].map(|output| String::from_utf8(output.stdout).unwrap());
    assert!(json.contains("sfn-codegen --style types --name x -\n"), "{json}");
    assert!(yaml.contains(r#""StartAt": "A""#), "the JSON of the document is embedded: {yaml}");
    check(&run_with(&folder, &["-"], BAD.as_bytes()), 1, &["--> <stdin>:4:"]);
}

#[test]
fn a_bad_definition_is_explained_and_nothing_is_written() {
    let folder = folder("bad");
    std::fs::write(folder.join("bad.json"), BAD).unwrap();
    std::fs::write(folder.join("kept.rs"), "kept").unwrap();
    for arguments in [&["bad.json", "-o", "kept.rs"][..], &["bad.json", "-o", "new.rs"], &["bad.json"]] {
        let output = run(&folder, arguments);
        check(&output, 1, &["error[", "--> bad.json:4:", "--> bad.json:5:", "Colour", "^", "bad.json: "]);
    }
    assert_eq!(std::fs::read_to_string(folder.join("kept.rs")).unwrap(), "kept");
    assert_eq!(files(&folder), ["bad.json", "kept.rs"]);
}

#[test]
fn bad_yaml_is_explained_by_line_and_column() {
    let folder = folder("bad_yaml");
    std::fs::write(folder.join("bad.yaml"), "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Next: B\n").unwrap();
    check(&run(&folder, &["bad.yaml"]), 1, &["--> bad.yaml:5:", "5 |     Next: B"]);
    std::fs::write(folder.join("worse.yaml"), "StartAt: [A\nStates: }\n").unwrap();
    check(&run(&folder, &["worse.yaml"]), 1, &["error[", "--> worse.yaml:"]);
}

#[test]
fn what_cannot_be_read_or_written_is_said() {
    let folder = folder("files");
    std::fs::create_dir(folder.join("directory")).unwrap();
    std::fs::write(folder.join("good.json"), GOOD).unwrap();
    std::fs::write(folder.join("empty.json"), "").unwrap();
    std::fs::write(folder.join("empty.yaml"), "").unwrap();
    std::fs::write(folder.join("latin.json"), b"{\n \"Comment\": \"caf\xe9\"}").unwrap();
    check(&run(&folder, &["missing.json"]), 1, &["error: cannot read `missing.json`"]);
    check(&run(&folder, &["directory"]), 1, &["error: cannot read `directory`: is a directory"]);
    check(&run(&folder, &["latin.json"]), 1, &["0xE9", "latin.json:2:17", "help: "]);
    check(&run(&folder, &["empty.json"]), 1, &["error[", "empty.json"]);
    check(&run(&folder, &["empty.yaml"]), 1, &["error[", "empty.yaml"]);
    check(&run_with(&folder, &["-"], b""), 1, &["error[", "<stdin>"]);
    check(&run_with(&folder, &["-"], b"\xff\xfe{\x00"), 1, &["0xFF", "<stdin>:1:1"]);
    check(&run(&folder, &["good.json", "-o", "directory"]), 1, &["error: cannot write `directory`"]);
    check(&run(&folder, &["good.json", "-o", "no/such/folder.rs"]), 1, &["error: cannot write `no/such/folder.rs`"]);
    check(&run(&folder, &["good.json", "-o", "good.json"]), 2, &["the output file is the definition itself"]);
    assert_eq!(std::fs::read_to_string(folder.join("good.json")).unwrap(), GOOD);
    assert_eq!(files(&folder), ["directory", "empty.json", "empty.yaml", "good.json", "latin.json"]);
}

#[test]
fn what_is_too_long_is_refused() {
    let folder = folder("long");
    let spaces = vec![b' '; 17 * 1024 * 1024];
    check(&run_with(&folder, &["-"], &spaces), 1, &["longer than 16 MiB"]);
}

#[test]
fn a_wrong_command_line_ends_with_2() {
    let folder = folder("usage");
    check(&run(&folder, &[]), 2, &["which definition?", "sfn-codegen --help"]);
    check(&run(&folder, &["a.json", "--wrong"]), 2, &["there is no option `--wrong`"]);
    check(&run(&folder, &["a.json", "--style", "graph"]), 2, &["there is no style `graph` yet", "`types`"]);
}

#[test]
fn help_and_version_are_printed() {
    let folder = folder("help");
    let help = run(&folder, &["--help"]);
    check(&help, 0, &[]);
    let help = String::from_utf8(help.stdout).unwrap();
    for option in ["-o", "--style", "--name", "--check", "--type", "--explain", "--help", "--version", "FILE"] {
        assert!(help.contains(option), "{option}");
    }
    let version = run(&folder, &["--version"]);
    assert_eq!(String::from_utf8_lossy(&version.stdout), concat!("sfn-codegen ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_check_writes_no_code() {
    let folder = folder("check");
    let wait = r#"{"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 600, "End": true}}}"#;
    for (name, text) in [("good.json", GOOD), ("bad.json", BAD), ("wait.json", wait)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let good = run(&folder, &["--check", "good.json"]);
    check(&good, 0, &[]);
    assert!(good.stdout.is_empty() && good.stderr.is_empty());
    let bad = ["error[MISSING_TRANSITION_TARGET]", "--> bad.json:4:35", "--explain CODE"];
    check(&run(&folder, &["bad.json", "--check"]), 1, &bad);
    assert!(run(&folder, &["--check", "wait.json"]).stderr.is_empty());
    let express = run(&folder, &["--check", "--type", "EXPRESS", "wait.json"]);
    check(&express, 0, &["warning[EXPRESS_DURATION]", "wait.json: 1 warning"]);
    assert!(express.stdout.is_empty());
    check(&run_with(&folder, &["--check", "-"], BAD.as_bytes()), 1, &["<stdin>:4:35"]);
    check(&run(&folder, &["--check", "--name", "x", "good.json"]), 2, &["no use for `--name`"]);
    check(&run(&folder, &["--type", "EXPRESS", "good.json"]), 2, &["goes with `--check`"]);
    check(&run(&folder, &["--check", "--type", "FAST", "good.json"]), 2, &["no type `FAST`"]);
    assert_eq!(files(&folder), ["bad.json", "good.json", "wait.json"]);
}

#[test]
fn a_code_is_explained() {
    let folder = folder("explain");
    let page = run(&folder, &["--explain", "never-matches"]);
    check(&page, 0, &[]);
    assert!(String::from_utf8(page.stdout).unwrap().starts_with("# NEVER_MATCHES\n"));
    check(&run(&folder, &["--explain", "NOTHING"]), 2, &["no code `NOTHING`", "UNUSED_VARIABLE"]);
    check(&run(&folder, &["--explain"]), 2, &["`--explain` needs a value"]);
}

#[test]
fn a_reader_may_stop_reading() {
    let folder = folder("pipe");
    std::fs::write(folder.join("a.json"), GOOD).unwrap();
    let mut child = program(&folder).arg("a.json").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    check(&child.wait_with_output().unwrap(), 0, &[]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder("link");
    std::fs::write(folder.join("a.json"), GOOD).unwrap();
    std::fs::write(folder.join("real.rs"), "old").unwrap();
    std::fs::set_permissions(folder.join("real.rs"), std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.rs", folder.join("link.rs")).unwrap();
    check(&run(&folder, &["a.json", "-o", "link.rs"]), 0, &[]);
    assert!(folder.join("link.rs").is_symlink());
    assert!(std::fs::read_to_string(folder.join("real.rs")).unwrap().contains("pub enum State"));
    assert_eq!(std::fs::metadata(folder.join("real.rs")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(files(&folder), ["a.json", "link.rs", "real.rs"]);
}
