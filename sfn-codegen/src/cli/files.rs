//! Reading the definition, writing the code.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use super::arguments::Input;

/// Most bytes that are read; AWS takes a definition of 1 MiB.
const LONGEST: u64 = 16 * 1024 * 1024;

/// Why there is no definition to read.
pub(crate) enum ReadError {
    /// A sentence.
    Io(String),
    /// The bytes are no text: those before the fault are, and the byte at fault.
    NotUtf8(String, u8),
}

/// The text of the input.
pub(crate) fn read(input: &Input) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    let outcome = match input {
        Input::Standard => io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes),
        // Opening a directory succeeds on some systems and not on others; ask first, so that the words are the same.
        Input::File(file) if file.is_dir() => Err(ErrorKind::IsADirectory.into()),
        Input::File(file) => File::open(file).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes)),
    };
    let name = label(input);
    outcome.map_err(|error| ReadError::Io(format!("cannot read `{name}`: {error}")))?;
    if bytes.len() as u64 > LONGEST {
        return Err(ReadError::Io(format!("cannot read `{name}`: it is longer than {} MiB", LONGEST >> 20)));
    }
    String::from_utf8(bytes).map_err(|error| {
        let end = error.utf8_error().valid_up_to();
        let bytes = error.into_bytes();
        ReadError::NotUtf8(String::from_utf8_lossy(&bytes[..end]).into_owned(), bytes[end])
    })
}

/// The name of the input in messages.
pub(crate) fn label(input: &Input) -> String {
    match input {
        Input::Standard => "<stdin>".into(),
        Input::File(file) => super::report::visible(&file.to_string_lossy()),
    }
}

/// True when writing `output` would overwrite the definition.
pub(crate) fn is_same_file(input: &Input, output: &Path) -> bool {
    let Input::File(input) = input else { return false };
    matches!((input.canonicalize(), output.canonicalize()), (Ok(input), Ok(output)) if input == output)
}

/// Writes `code` to standard output.
pub(crate) fn print(code: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    match out.write_all(code.as_bytes()).and_then(|()| out.flush()) {
        // The reader has seen enough.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(|error| format!("cannot write to standard output: {error}")),
    }
}

/// Writes `code` to `output`: all of it or nothing.
///
/// The text goes to a new file beside it, which then takes its name. A file that holds the very text already is left
/// alone, so that nothing is built again for it. What is no ordinary file, a pipe or a device, is written in place.
pub(crate) fn write(output: &Path, code: &str) -> Result<(), String> {
    replace(output, code).map_err(|error| format!("cannot write `{}`: {error}", label(&Input::File(output.into()))))
}

fn replace(output: &Path, code: &str) -> io::Result<()> {
    // A link stays a link: what it leads to is replaced.
    let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let existing = fs::metadata(&output).ok();
    if let Some(existing) = &existing {
        if existing.is_dir() {
            return Err(ErrorKind::IsADirectory.into());
        }
        if !existing.is_file() {
            return OpenOptions::new().write(true).open(&output)?.write_all(code.as_bytes());
        }
        if existing.len() == code.len() as u64 && fs::read(&output)? == code.as_bytes() {
            return Ok(());
        }
    }
    let (temporary, mut file) = create_beside(&output)?;
    let outcome = file
        .write_all(code.as_bytes())
        .and_then(|()| existing.map_or(Ok(()), |existing| file.set_permissions(existing.permissions())))
        .and_then(|()| file.sync_all())
        .and_then(|()| fs::rename(&temporary, &output));
    if outcome.is_err() {
        // The error that counts is the one above.
        let _ = fs::remove_file(&temporary);
    }
    outcome
}

fn create_beside(output: &Path) -> io::Result<(PathBuf, File)> {
    let name = output.file_name().ok_or(ErrorKind::InvalidInput)?;
    for number in 0..100 {
        let mut temporary = std::ffi::OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}-{number}.tmp", std::process::id()));
        let temporary = output.with_file_name(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&temporary) {
            Ok(file) => return Ok((temporary, file)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}
