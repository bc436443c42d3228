//! The command line: words in, an exit code out.

pub(crate) mod arguments;
mod files;
mod report;

use std::io::{self, Write};
use std::process::ExitCode;

use arguments::{Check, Command, Generate, Input};
use files::ReadError;
use report::Report;
use sfn_asl::Format;
use sfn_codegen::Options;

/// The definition or the files are at fault.
const FAILED: u8 = 1;
/// The command line is at fault.
const WRONG_USAGE: u8 = 2;

/// Does what the command line asks for.
pub(crate) fn run(words: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let outcome = match arguments::parse(words) {
        Ok(Command::Help) => files::print(arguments::HELP).map_err(failed),
        Ok(Command::Version) => files::print(concat!("sfn-codegen ", env!("CARGO_PKG_VERSION"), "\n")).map_err(failed),
        Ok(Command::Explain(code)) => files::print(code.explain()).map_err(failed),
        Ok(Command::Check(request)) => check(&request),
        Ok(Command::Generate(request)) => generate(&request),
        Err(reason) => Err(wrong_usage(&reason)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err((text, code)) => {
            say(&text);
            ExitCode::from(code)
        }
    }
}

fn check(request: &Check) -> Result<(), (String, u8)> {
    let file = files::label(&request.input);
    let text = files::read(&request.input).map_err(|error| (unreadable(&file, error), FAILED))?;
    let options = sfn_asl::validate::Options { machine_type: request.machine_type, ..Default::default() };
    let findings = sfn_asl::validate::check_as(&text, format(&request.input, &text), &options);
    let mut said = Report { file: &file, text: &text }.all(&findings);
    if !findings.is_empty() {
        said.push_str("help: `sfn-codegen --explain CODE` tells what a code in brackets means\n");
    }
    match findings.iter().any(sfn_asl::Diagnostic::is_error) {
        true => Err((said, FAILED)),
        false => {
            say(&said);
            Ok(())
        }
    }
}

fn generate(request: &Generate) -> Result<(), (String, u8)> {
    if let Some(output) = &request.output
        && files::is_same_file(&request.input, output)
    {
        return Err(wrong_usage("the output file is the definition itself"));
    }
    let file = files::label(&request.input);
    let text = files::read(&request.input).map_err(|error| (unreadable(&file, error), FAILED))?;
    let report = Report { file: &file, text: &text };
    let options = Options {
        style: request.style,
        name: request.name.clone().unwrap_or_else(|| default_name(&request.input)),
        source: Some(file.clone()),
        command: Some(command(request)),
    };
    let generated = sfn_codegen::generate(&text, format(&request.input, &text), &options)
        .map_err(|findings| (report.all(&findings), FAILED))?;
    say(&report.all(&generated.warnings));
    match &request.output {
        Some(output) => files::write(output, &generated.code),
        None => files::print(&generated.code),
    }
    .map_err(failed)
}

/// What the file's extension says; else JSON when the text begins like a JSON object, or is empty.
fn format(input: &Input, text: &str) -> Format {
    let extension = match input {
        Input::File(file) => file.extension().and_then(|extension| extension.to_str()).unwrap_or(""),
        Input::Standard => "",
    };
    match extension.to_ascii_lowercase().as_str() {
        "json" => Format::Json,
        "yaml" | "yml" => Format::Yaml,
        _ => match text.trim_start_matches('\u{FEFF}').trim_start().chars().next() {
            None | Some('{') => Format::Json,
            Some(_) => Format::Yaml,
        },
    }
}

/// `order-saga` for `flows/order-saga.asl.json`.
fn default_name(input: &Input) -> String {
    let file = match input {
        Input::File(file) => file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Input::Standard => String::new(),
    };
    match file.trim_start_matches('.').split('.').next().unwrap_or_default().trim() {
        "" => "workflow".into(),
        name => name.into(),
    }
}

/// The command that makes the code again.
fn command(request: &Generate) -> String {
    let mut words = vec!["sfn-codegen".to_owned(), "--style".to_owned(), request.style.to_string()];
    if let Some(name) = &request.name {
        words.extend(["--name".to_owned(), quoted(name)]);
    }
    if let Some(output) = &request.output {
        words.extend(["-o".to_owned(), quoted(&output.to_string_lossy())]);
    }
    words.push(match &request.input {
        Input::Standard => "-".to_owned(),
        Input::File(file) => match file.to_string_lossy() {
            file if file.starts_with('-') => format!("-- {}", quoted(&file)),
            file => quoted(&file),
        },
    });
    words.join(" ")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "-_./=+,@%:".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn unreadable(file: &str, error: ReadError) -> String {
    match error {
        ReadError::Io(reason) => format!("error: {reason}\n"),
        ReadError::NotUtf8(before, byte) => {
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            Report { file, text: &before }.plain(
                &format!("the text is not UTF-8: there is a byte 0x{byte:02X} that cannot stand here"),
                (line, column),
                "save the file with the encoding UTF-8",
            )
        }
    }
}

fn failed(reason: String) -> (String, u8) {
    (format!("error: {reason}\n"), FAILED)
}

fn wrong_usage(reason: &str) -> (String, u8) {
    (format!("error: {}\nhelp: `sfn-codegen --help` tells what there is\n", report::visible(reason)), WRONG_USAGE)
}

/// Says something beside the code; who closed that channel does not want to hear it.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests;
