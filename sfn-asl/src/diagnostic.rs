//! Findings about a definition: what is wrong, where, and what to do about it.

mod code;
mod explain;

use std::fmt;
use std::ops::Range;

pub use code::{Code, UnknownCode};

use crate::location::Location;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The definition is refused.
    Error,
    /// The definition is accepted, and probably means something else than its author thinks.
    Warning,
}

impl Severity {
    /// The text of AWS's `severity`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
        }
    }
}

/// One finding about a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of finding it is.
    pub code: Code,
    /// Whether the definition is refused.
    pub severity: Severity,
    /// The place that AWS names: often the object around the fault. See [`Diagnostic::focus`].
    pub location: Location,
    /// What is wrong; AWS's own text where it is known.
    pub message: String,
    /// What the author could do next.
    pub help: Option<String>,
    /// The very place of the fault, `location` itself or a place within.
    pub focus: Location,
    /// Bytes of the fault in the text, if the definition came as a text.
    pub range: Option<Range<usize>>,
    /// Line and column of the fault, both from 1, the column in characters.
    pub position: Option<Position>,
    pub(crate) part: Part,
    pub(crate) shown: ShownLocation,
}

/// A place in a text as people count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// Which part of the focused member a range covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Value,
    Key,
}

/// What AWS answers as `location`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ShownLocation {
    /// The location of the finding.
    Own,
    /// No location at all.
    Absent,
    /// The parser's description of the source.
    Source(String),
}

impl Diagnostic {
    pub(crate) fn new(code: Code, location: Location, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: code.severity(),
            focus: location.clone(),
            location,
            message: message.into(),
            help: None,
            range: None,
            position: None,
            part: Part::Value,
            shown: ShownLocation::Own,
        }
    }

    /// True when the definition is refused for it.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The `location` that AWS answers, which some findings lack.
    pub fn aws_location(&self) -> Option<String> {
        match &self.shown {
            ShownLocation::Own => Some(self.location.to_string()),
            ShownLocation::Absent => None,
            ShownLocation::Source(text) => Some(text.clone()),
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at the member `key` of the location instead of at its whole value.
    pub(crate) fn at_key(mut self, key: &str) -> Self {
        self.focus = self.location.key(key);
        self.part = Part::Key;
        self
    }

    /// Points at the value of the member `key`.
    pub(crate) fn at_member(mut self, key: &str) -> Self {
        self.focus = self.location.key(key);
        self
    }

    /// Points at another place than the one AWS names.
    pub(crate) fn at_focus(mut self, focus: Location) -> Self {
        self.focus = focus;
        self
    }

    /// Points at the key instead of at the value.
    pub(crate) fn on_key(mut self) -> Self {
        self.part = Part::Key;
        self
    }

    pub(crate) fn without_location(mut self) -> Self {
        self.shown = ShownLocation::Absent;
        self
    }

    pub(crate) fn with_source(mut self, source: String) -> Self {
        self.shown = ShownLocation::Source(source);
        self
    }
}

impl fmt::Display for Diagnostic {
    /// `CODE: MESSAGE at LOCATION`, AWS's form; without a location it says `at null`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let location = self.aws_location();
        write!(f, "{}: {} at {}", self.code, self.message, location.as_deref().unwrap_or("null"))
    }
}

/// The findings that keep a definition from being used, and the warnings beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn new(findings: Vec<Diagnostic>) -> Self {
        Diagnostics(findings)
    }

    /// The findings, in the order they were made.
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.0
    }

    /// The findings, in the order they were made.
    pub fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }

    /// The message of AWS's `InvalidDefinition`, see [`aws_message`].
    pub fn aws_message(&self) -> String {
        aws_message(&self.0)
    }
}

impl std::ops::Deref for Diagnostics {
    type Target = [Diagnostic];

    fn deref(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl fmt::Display for Diagnostics {
    /// One line for each error, with line and column where they are known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for finding in self.0.iter().filter(|finding| finding.is_error()) {
            if !first {
                f.write_str("\n")?;
            }
            first = false;
            if let Some(position) = finding.position {
                write!(f, "{}:{}: ", position.line, position.column)?;
            }
            write!(f, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// The one-line message with which `CreateStateMachine` refuses a definition: the errors among `findings`, joined.
///
/// A finding without a location prints `at null`.
pub fn aws_message(findings: &[Diagnostic]) -> String {
    let errors: Vec<String> = findings.iter().filter(|finding| finding.is_error()).map(Diagnostic::to_string).collect();
    format!("Invalid State Machine Definition: '{}'", errors.join(", "))
}
