use super::*;

fn parsed(line: &str) -> Result<Command, String> {
    parse(line.split_whitespace().map(OsString::from))
}

#[track_caller]
fn check(line: &str, input: Input, output: Option<&str>, name: Option<&str>) {
    let expected =
        Generate { input, output: output.map(PathBuf::from), style: Style::Types, name: name.map(str::to_owned) };
    assert_eq!(parsed(line), Ok(Command::Generate(expected)), "{line}");
}

#[track_caller]
fn check_refused(line: &str, reason: &str) {
    assert_eq!(parsed(line), Err(reason.into()), "{line}");
}

fn file(name: &str) -> Input {
    Input::File(name.into())
}

#[test]
fn options_stand_anywhere_in_either_form() {
    check("a.json", file("a.json"), None, None);
    check("-", Input::Standard, None, None);
    check("a.json -o b.rs", file("a.json"), Some("b.rs"), None);
    check("-ob.rs a.json", file("a.json"), Some("b.rs"), None);
    check("--output=b.rs --style types --name=Pay a.json", file("a.json"), Some("b.rs"), Some("Pay"));
    check("--style=types --name a=b a.json", file("a.json"), None, Some("a=b"));
    check("-- -o", file("-o"), None, None);
    check("-- -", file("-"), None, None);
    check("a.json -o -", file("a.json"), None, None);
    check("a.json -o ./-", file("a.json"), Some("./-"), None);
}

#[test]
fn help_and_version_win() {
    assert_eq!(parsed("a.json b.json --help"), Err("FILE is given twice".into()));
    assert_eq!(parsed("a.json --help"), Ok(Command::Help));
    assert_eq!(parsed("-V --wrong"), Ok(Command::Version));
}

#[test]
fn what_is_wrong_is_named() {
    check_refused("", "which definition? give a FILE, or `-` for standard input");
    check_refused("a b", "FILE is given twice");
    check_refused("a -o", "`-o` needs a value");
    check_refused("a -o b -o c", "--output is given twice");
    check_refused("a --output=", "the name of the output file is empty");
    check_refused("a --wrong", "there is no option `--wrong`");
    check_refused("a -x", "there is no option `-x`");
    check_refused("a -é", "there is no option `-é`");
    check_refused("a --name=", "the name of the workflow is empty");
    check_refused("a --style graph", "there is no style `graph` yet; this version knows `types`");
    check_refused("a --style Types", "there is no style `Types`; this version knows `types`");
}

#[cfg(unix)]
#[test]
fn file_names_need_not_be_unicode() {
    use std::os::unix::ffi::OsStringExt;
    let name = || OsString::from_vec(b"caf\xe9.json".to_vec());
    let Ok(Command::Generate(generate)) = parse([name()]) else { panic!("a file") };
    assert_eq!(generate.input, Input::File(name().into()));
    let Ok(Command::Generate(generate)) = parse(["a".into(), OsString::from_vec(b"-ocaf\xe9.rs".to_vec())]) else {
        panic!("an output")
    };
    assert_eq!(generate.output, Some(OsString::from_vec(b"caf\xe9.rs".to_vec()).into()));
    let reason = parse([OsString::from_vec(b"--na\xe9".to_vec())]).unwrap_err();
    assert!(reason.starts_with("there is no option"), "{reason}");
}
