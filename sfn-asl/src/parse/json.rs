//! JSON text in, with findings in the words of AWS's parser.

use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::value::{Limits, ParseError, ParseErrorKind, SpanTree, Value};

/// Deepest nesting of arrays and objects in a definition.
pub const MAXIMUM_DEPTH: u32 = 500;

/// The document of `text`, with the place of every value.
pub(super) fn document(text: &str) -> Result<(Value, SpanTree), Diagnostic> {
    if text.trim().is_empty() {
        let finding =
            Diagnostic::new(Code::SchemaValidationFailed, Location::root(), "Definition must be a valid JSON object");
        return Err(finding.without_location());
    }
    let limits = Limits { depth: MAXIMUM_DEPTH, ..Limits::default() };
    Value::parse_with_spans(text, &limits).map_err(|error| finding(text, error))
}

/// The finding about a document that is nested too deep.
pub(super) fn too_deep() -> Diagnostic {
    let message = format!("the definition nests deeper than {MAXIMUM_DEPTH} levels");
    Diagnostic::new(Code::TooDeeplyNested, Location::root(), message)
}

fn finding(text: &str, error: ParseError) -> Diagnostic {
    let mut finding = match &error.kind {
        ParseErrorKind::TooDeep(_) => too_deep(),
        _ => {
            let source = source(text, &error);
            let message = format!("{}\n at {source}", message(&error));
            Diagnostic::new(Code::InvalidJsonDescription, Location::root(), message).with_source(source)
        }
    };
    finding.range = Some(error.offset..error.offset);
    finding
}

/// What Jackson, the parser of AWS, says about the fault.
fn message(error: &ParseError) -> String {
    match &error.kind {
        ParseErrorKind::UnrecognizedToken(token) => format!(
            "Unrecognized token '{token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or \
             'false')"
        ),
        kind => kind.to_string(),
    }
}

/// Where Jackson says the fault is: after the token it does not know.
fn source(text: &str, error: &ParseError) -> String {
    let column = match &error.kind {
        ParseErrorKind::UnrecognizedToken(token) => error.column + token.chars().count(),
        _ => error.column,
    };
    format!("[Source: (String)\"{text}\"; line: {}, column: {column}]", error.line)
}
