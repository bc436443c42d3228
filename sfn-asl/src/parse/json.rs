//! JSON text in, with findings in the words of AWS's parser.

use crate::diagnostic::{Code, Diagnostic};
use crate::location::Location;
use crate::value::{Limits, ParseError, ParseErrorKind, SpanTree, Value};

/// Deepest nesting of arrays and objects in a definition.
pub const MAXIMUM_DEPTH: u32 = 500;

/// The document of `text`, with the place of every value.
pub(super) fn document(text: &str) -> Result<(Value, SpanTree), Box<Diagnostic>> {
    if text.trim().is_empty() {
        return Err(Box::new(not_an_object()));
    }
    let limits = Limits { depth: MAXIMUM_DEPTH, ..Limits::default() };
    Value::parse_with_spans(text, &limits).map_err(|error| Box::new(finding(text, error)))
}

/// The finding about what is no object at all.
pub(super) fn not_an_object() -> Diagnostic {
    let message = "Definition must be a valid JSON object";
    Diagnostic::new(Code::SchemaValidationFailed, Location::root(), message).without_location()
}

/// The finding about a document that is `null`.
pub(super) fn missing() -> Diagnostic {
    Diagnostic::new(Code::MissingDescription, Location::root(), "There is no definition").without_location()
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
            let finding = Diagnostic::new(Code::InvalidJsonDescription, Location::root(), message).with_source(source);
            match text.starts_with('\u{FEFF}') {
                true => {
                    finding.help("the text begins with a byte order mark, which JSON does not have: save it without")
                }
                false => finding,
            }
        }
    };
    finding.range = Some(error.offset..error.offset);
    finding
}

/// What Jackson, the parser of AWS, says about the fault.
fn message(error: &ParseError) -> String {
    const VALUES: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
    match &error.kind {
        ParseErrorKind::UnrecognizedToken(token) => {
            format!("Unrecognized token '{token}': was expecting {VALUES}")
        }
        ParseErrorKind::UnexpectedCharacter { found, expected } => {
            let wanted = match *expected {
                "`,` or `}`" => "was expecting comma to separate Object entries",
                "`,` or `]`" => "was expecting comma to separate Array entries",
                "a key in double quotes" => "was expecting double-quote to start field name",
                "`:`" => "was expecting a colon to separate field name and value",
                _ => &format!("expected a valid value {VALUES}"),
            };
            format!("Unexpected character ({}): {wanted}", character(*found))
        }
        ParseErrorKind::UnexpectedEnd => "Unexpected end-of-input".to_owned(),
        kind => kind.to_string(),
    }
}

/// A character in the words of Jackson.
fn character(found: char) -> String {
    let code = u32::from(found);
    match found {
        _ if found < ' ' => format!("(CTRL-CHAR, code {code})"),
        _ if code > 255 => format!("'{found}' (code {code} / 0x{code:x})"),
        _ => format!("'{found}' (code {code})"),
    }
}

/// Where Jackson says the fault is: after the token or the character that it cannot take. It shows no more than the
/// first 500 characters of the text.
fn source(text: &str, error: &ParseError) -> String {
    const SHOWN: usize = 500;
    let read = match &error.kind {
        ParseErrorKind::UnrecognizedToken(token) => token.chars().count(),
        ParseErrorKind::UnexpectedCharacter { .. } => 1,
        _ => 0,
    };
    let (shown, truncated) = match text.char_indices().nth(SHOWN) {
        None => (text, String::new()),
        Some((end, _)) => {
            let rest = text[end..].chars().count();
            (&text[..end], format!("[truncated {rest} chars]"))
        }
    };
    format!("[Source: (String)\"{shown}\"{truncated}; line: {}, column: {}]", error.line, error.column + read)
}
