//! The words of the command line.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use sfn_asl::diagnostic::Code;
use sfn_asl::validate::MachineType;
use sfn_codegen::Style;

/// What the command line asks for.
#[derive(Debug, PartialEq)]
pub(crate) enum Command {
    /// `--help`
    Help,
    /// `--version`
    Version,
    /// `--explain`
    Explain(Code),
    /// `--check`: a definition whose findings are asked for.
    Check(Check),
    /// A definition to turn into Rust.
    Generate(Generate),
}

/// A definition whose findings are asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Check {
    /// `FILE`
    pub(crate) input: Input,
    /// `--type`
    pub(crate) machine_type: MachineType,
}

/// A definition to turn into Rust.
#[derive(Debug, PartialEq)]
pub(crate) struct Generate {
    /// `FILE`
    pub(crate) input: Input,
    /// `-o`; standard output unless said.
    pub(crate) output: Option<PathBuf>,
    /// `--style`
    pub(crate) style: Style,
    /// `--name`
    pub(crate) name: Option<String>,
}

/// Where the definition comes from.
#[derive(Debug, PartialEq)]
pub(crate) enum Input {
    /// `-`
    Standard,
    /// A file.
    File(PathBuf),
}

/// The text of `--help`.
pub(crate) const HELP: &str = "\
Turns an Amazon States Language definition into typed Rust.

Usage: sfn-codegen [OPTIONS] FILE
       sfn-codegen --check [--type TYPE] FILE
       sfn-codegen --explain CODE

Arguments:
  FILE  a definition in JSON or YAML; `-` reads standard input

Options:
  -o, --output FILE  write to FILE instead of standard output; untouched when the definition has errors
      --style STYLE  what to generate [default: types]
                     types: the document, its states as an enum, a trait with a method per task, functions that run it
      --name NAME    what the workflow is called [default: the name of FILE up to its first dot]
      --check        write no code, only say what is wrong with the definition, or worth a second look
      --type TYPE    with --check: what the machine will be, STANDARD or EXPRESS [default: STANDARD]
      --explain CODE tell what a finding with this code means, with an example
  -h, --help         print this
  -V, --version      print the version

Exit status: 0 when the code is written, 1 when the definition has errors or a file cannot be read or written,
2 when the command line is wrong.
";

/// Reads the words after the program's name; the error is a sentence for the user.
pub(crate) fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut words = words.into_iter();
    let mut input = None;
    let mut output = None;
    let mut style = None;
    let mut name = None;
    let mut check = None;
    let mut machine_type = None;
    let mut only_files = false;
    while let Some(word) = words.next() {
        if only_files || !is_option(&word) {
            let file = if word == "-" && !only_files { Input::Standard } else { Input::File(word.clone().into()) };
            if word.is_empty() {
                return Err("the name of a file is empty".into());
            }
            once(&mut input, file, "FILE")?;
            continue;
        }
        if word == "--" {
            only_files = true;
            continue;
        }
        let (option, mut attached) = split(&word)?;
        let mut value = || attached.take().or_else(|| words.next()).ok_or(format!("`{option}` needs a value"));
        match option.as_str() {
            "-h" | "--help" => return Ok(Command::Help),
            "-V" | "--version" => return Ok(Command::Version),
            "-o" | "--output" => once(&mut output, parse_output(value()?)?, "--output")?,
            "--style" => once(&mut style, parse_style(&text(value()?, "--style")?)?, "--style")?,
            "--explain" => return Ok(Command::Explain(parse_code(&text(value()?, "--explain")?)?)),
            "--check" => once(&mut check, (), "--check")?,
            "--type" => once(&mut machine_type, parse_type(&text(value()?, "--type")?)?, "--type")?,
            "--name" => once(&mut name, parse_name(text(value()?, "--name")?)?, "--name")?,
            _ => return Err(format!("there is no option `{option}`")),
        }
        if attached.is_some() {
            return Err(format!("`{option}` takes no value"));
        }
    }
    let input = input.ok_or("which definition? give a FILE, or `-` for standard input")?;
    if check.is_some() {
        let others = [("--output", output.is_some()), ("--style", style.is_some()), ("--name", name.is_some())];
        return match others.iter().find(|(_, given)| *given) {
            Some((option, _)) => Err(format!("`--check` writes no code and has no use for `{option}`")),
            None => Ok(Command::Check(Check { input, machine_type: machine_type.unwrap_or_default() })),
        };
    }
    if machine_type.is_some() {
        return Err("`--type` goes with `--check`".into());
    }
    Ok(Command::Generate(Generate { input, output: output.flatten(), style: style.unwrap_or_default(), name }))
}

fn is_option(word: &OsStr) -> bool {
    word.as_encoded_bytes().starts_with(b"-") && word != "-"
}

/// `--style=types` is `--style` with a value, `-ofile` is `-o` with one.
fn split(word: &OsStr) -> Result<(String, Option<OsString>), String> {
    let unreadable = || format!("there is no option `{}`", word.display());
    let Some(text) = word.to_str() else {
        // Only the value of an option, the name of a file, need not be Unicode.
        return split_file(word).ok_or_else(unreadable);
    };
    if text.starts_with("--") {
        return Ok(match text.split_once('=') {
            Some((option, value)) => (option.into(), Some(value.into())),
            None => (text.into(), None),
        });
    }
    let end = text.char_indices().nth(2).map_or(text.len(), |(index, _)| index);
    let value = &text[end..];
    Ok((text[..end].into(), (!value.is_empty()).then(|| value.strip_prefix('=').unwrap_or(value).into())))
}

/// An output file whose name is no Unicode, attached to its option.
#[cfg(unix)]
fn split_file(word: &OsStr) -> Option<(String, Option<OsString>)> {
    use std::os::unix::ffi::OsStrExt;
    let bytes = word.as_bytes();
    let (option, file) = [("--output", &b"--output="[..]), ("-o", b"-o=".as_slice()), ("-o", b"-o")]
        .into_iter()
        .find_map(|(option, prefix)| Some((option, bytes.strip_prefix(prefix)?)))?;
    Some((option.into(), Some(OsStr::from_bytes(file).into())))
}

#[cfg(not(unix))]
fn split_file(_word: &OsStr) -> Option<(String, Option<OsString>)> {
    None
}

/// A file, or `None` for the standard output.
fn parse_output(file: OsString) -> Result<Option<PathBuf>, String> {
    match file {
        file if file.is_empty() => Err("the name of the output file is empty".into()),
        file if file == "-" => Ok(None),
        file => Ok(Some(file.into())),
    }
}

fn parse_style(word: &str) -> Result<Style, String> {
    word.parse().map_err(|error: sfn_codegen::UnknownStyle| error.to_string())
}

fn parse_code(word: &str) -> Result<Code, String> {
    word.parse().map_err(|error: sfn_asl::diagnostic::UnknownCode| {
        let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
        format!("{error}; the codes are {}", names.join(", "))
    })
}

fn parse_type(word: &str) -> Result<MachineType, String> {
    match word.to_ascii_uppercase().as_str() {
        "STANDARD" => Ok(MachineType::Standard),
        "EXPRESS" => Ok(MachineType::Express),
        _ => Err(format!("there is no type `{word}`: a machine is STANDARD or EXPRESS")),
    }
}

fn parse_name(name: String) -> Result<String, String> {
    if name.trim().is_empty() { Err("the name of the workflow is empty".into()) } else { Ok(name) }
}

fn text(value: OsString, option: &str) -> Result<String, String> {
    value.into_string().map_err(|value| format!("the value of `{option}` is not Unicode: `{}`", value.display()))
}

fn once<T>(place: &mut Option<T>, value: T, what: &str) -> Result<(), String> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(format!("{what} is given twice")),
    }
}

#[cfg(test)]
mod tests;
