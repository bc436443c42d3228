//! What goes wrong in an expression, with the library's codes and messages.

use std::fmt::Write;

use super::JsonataError;
use super::ast::Operator;
use crate::query::SyntaxError;

pub(super) type Outcome<T> = Result<T, Box<Failure>>;

/// A failure on its way up: places along it fill in what they know.
#[derive(Clone, Debug, Default)]
pub(super) struct Failure {
    /// Empty for exceeded bounds.
    pub(super) code: &'static str,
    pub(super) position: Option<u32>,
    /// JSON text of what `{{token}}` stands for.
    pub(super) token: Option<String>,
    pub(super) value: Option<String>,
    pub(super) value2: Option<String>,
    pub(super) index: Option<usize>,
    /// The whole message, where no template stands behind the code.
    pub(super) text: Option<String>,
}

impl Failure {
    pub(super) fn new(code: &'static str) -> Box<Self> {
        Box::new(Failure { code, ..Failure::default() })
    }

    pub(super) fn at(code: &'static str, position: u32) -> Box<Self> {
        Box::new(Failure { code, position: Some(position), ..Failure::default() })
    }

    pub(super) fn memory() -> Box<Self> {
        Failure::new("").text("Expression evaluation memory limit exceeded: Check for excessive memory usage")
    }

    pub(super) fn stack() -> Box<Self> {
        Failure::new("").text(
            "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
        )
    }

    pub(super) fn time() -> Box<Self> {
        Failure::new("").text("Expression evaluation step limit exceeded: Check for infinite loop")
    }

    pub(super) fn text(mut self: Box<Self>, text: impl Into<String>) -> Box<Self> {
        self.text = Some(text.into());
        self
    }

    /// A string that messages show in quotes.
    pub(super) fn token(mut self: Box<Self>, token: &str) -> Box<Self> {
        self.token = Some(quoted(token));
        self
    }

    /// The JSON text of a value.
    pub(super) fn value(mut self: Box<Self>, value: impl Into<String>) -> Box<Self> {
        self.value = Some(shortened(value.into()));
        self
    }

    pub(super) fn value2(mut self: Box<Self>, value: impl Into<String>) -> Box<Self> {
        self.value2 = Some(shortened(value.into()));
        self
    }

    pub(super) fn index(mut self: Box<Self>, index: usize) -> Box<Self> {
        self.index = Some(index);
        self
    }

    /// Fills in the place where nobody deeper knew one.
    pub(super) fn or_position(mut self: Box<Self>, position: u32) -> Box<Self> {
        self.position.get_or_insert(position);
        self
    }

    pub(super) fn or_token(mut self: Box<Self>, token: &str) -> Box<Self> {
        if self.token.is_none() {
            self.token = Some(quoted(token));
        }
        self
    }

    /// Puts the operator in the place of what was told of.
    pub(super) fn of_operator(mut self: Box<Self>, operator: &Operator) -> Box<Self> {
        self.position = Some(operator.position);
        self.token = Some(quoted(operator.kind.text()));
        self
    }

    pub(super) fn message(&self) -> String {
        if let Some(text) = &self.text {
            return text.clone();
        }
        let mut out = String::new();
        let mut rest = template(self.code);
        while let Some(start) = rest.find("{{") {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let bare = rest.starts_with("{{{");
            let (open, close) = if bare { ("{{{", "}}}") } else { ("{{", "}}") };
            let Some(end) = rest.find(close) else { break };
            let insert = match &rest[open.len()..end] {
                "token" => self.token.as_deref(),
                "value" => self.value.as_deref(),
                "value2" => self.value2.as_deref(),
                "index" => {
                    let _ = write!(out, "{}", self.index.unwrap_or_default());
                    Some("")
                }
                _ => None,
            };
            let insert = insert.unwrap_or("undefined");
            out.push_str(if bare { insert.trim_matches('"') } else { insert });
            rest = &rest[end + close.len()..];
        }
        out.push_str(rest);
        out
    }

    pub(super) fn into_error(self) -> JsonataError {
        JsonataError {
            code: (!self.code.is_empty()).then_some(self.code),
            message: self.message(),
            offset: self.position.unwrap_or_default() as usize,
        }
    }

    pub(super) fn into_syntax_error(self) -> SyntaxError {
        SyntaxError { message: self.message(), offset: self.position.unwrap_or_default() as usize }
    }
}

pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_quoted(text, &mut out);
    out
}

/// The JSON string that stands for a text.
pub(super) fn push_quoted(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (index, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0x00..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain..index]);
        match escape {
            "" => {
                let _ = write!(out, "\\u{byte:04x}");
            }
            escape => out.push_str(escape),
        }
        plain = index + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}

/// Messages show at most this much of a value.
const SHOWN: usize = 4096;

fn shortened(mut text: String) -> String {
    if text.len() > SHOWN {
        let mut end = SHOWN;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str("...");
    }
    text
}

fn template(code: &str) -> &'static str {
    match code {
        "S0101" => "String literal must be terminated by a matching quote",
        "S0102" => "Number out of range: {{token}}",
        "S0103" => "Unsupported escape sequence: \\{{token}}",
        "S0104" => "The escape sequence \\u must be followed by 4 hex digits",
        "S0105" => "Quoted property name must be terminated with a backquote (`)",
        "S0106" => "Comment has no closing tag",
        "S0201" => "Syntax error: {{token}}",
        "S0202" => "Expected {{value}}, got {{token}}",
        "S0203" => "Expected {{value}} before end of expression",
        "S0204" => "Unknown operator: {{token}}",
        "S0207" => "Unexpected end of expression",
        "S0208" => "Parameter {{value}} of function definition must be a variable name (start with $)",
        "S0209" => "A predicate cannot follow a grouping expression in a step",
        "S0210" => "Each step can only have one grouping expression",
        "S0211" => "The symbol {{token}} cannot be used as a unary operator",
        "S0212" => "The left side of := must be a variable name (start with $)",
        "S0213" => "The literal value {{value}} cannot be used as a step within a path expression",
        "S0214" => "The right side of {{token}} must be a variable name (start with $)",
        "S0215" => "A context variable binding must precede any predicates on a step",
        "S0216" => "A context variable binding must precede the 'order-by' clause on a step",
        "S0217" => "The object representing the 'parent' cannot be derived from this expression",
        "S0301" => "Empty regular expressions are not allowed",
        "S0302" => "No terminating / in regular expression",
        "S0401" => "Type parameters can only be applied to functions and arrays",
        "S0402" => "Choice groups containing parameterized types are not supported",
        "T0410" => "Argument {{index}} of function {{token}} does not match function signature",
        "T0411" => "Context value is not a compatible type with argument {{index}} of function {{token}}",
        "T0412" => "Argument {{index}} of function {{token}} must be an array of {{value2}}",
        "D1001" => "Number out of range: {{value}}",
        "D1002" => "Cannot negate a non-numeric value: {{value}}",
        "T1003" => "Key in object structure must evaluate to a string; got: {{value}}",
        "D1004" => "Regular expression matches zero length string",
        "T1005" => "Attempted to invoke a non-function. Did you mean ${{{token}}}?",
        "T1006" => "Attempted to invoke a non-function",
        "T1007" => "Attempted to partially apply a non-function. Did you mean ${{{token}}}?",
        "T1008" => "Attempted to partially apply a non-function",
        "D1009" => "Multiple key definitions evaluate to same key: {{value}}",
        "T1010" => {
            "The matcher function argument passed to function {{token}} does not return the correct object structure"
        }
        "T2001" => "The left side of the {{token}} operator must evaluate to a number",
        "T2002" => "The right side of the {{token}} operator must evaluate to a number",
        "T2003" => "The left side of the range operator (..) must evaluate to an integer",
        "T2004" => "The right side of the range operator (..) must evaluate to an integer",
        "T2006" => "The right side of the function application operator ~> must be a function",
        "T2007" => "Type mismatch when comparing values {{value}} and {{value2}} in order-by clause",
        "T2008" => "The expressions within an order-by clause must evaluate to numeric or string values",
        "T2009" => {
            "The values {{value}} and {{value2}} either side of operator {{token}} must be of the same data type"
        }
        "T2010" => "The expressions either side of operator {{token}} must evaluate to numeric or string values",
        "T2011" => "The insert/update clause of the transform expression must evaluate to an object: {{value}}",
        "T2012" => {
            "The delete clause of the transform expression must evaluate to a string or array of strings: {{value}}"
        }
        "T2013" => {
            "The transform expression clones the input object using the $clone() function.  This has been overridden \
             in the current scope by a non-function."
        }
        "D2014" => {
            "The size of the sequence allocated by the range operator (..) must not exceed 1e7.  Attempted to allocate \
             {{value}}."
        }
        "D3001" => "Attempting to invoke string function on Infinity or NaN",
        "D3010" => "Second argument of replace function cannot be an empty string",
        "D3011" => "Fourth argument of replace function must evaluate to a positive number",
        "D3012" => "Attempted to replace a matched string with a non-string value",
        "D3020" => "Third argument of split function must evaluate to a positive number",
        "D3030" => "Unable to cast value to a number: {{value}}",
        "D3040" => "Third argument of match function must evaluate to a positive number",
        "D3050" => "The second argument of reduce function must be a function with at least two arguments",
        "D3060" => "The sqrt function cannot be applied to a negative number: {{value}}",
        "D3061" => {
            "The power function has resulted in a value that cannot be represented as a JSON number: base={{value}}, \
             exponent={{value2}}"
        }
        "D3070" => {
            "The single argument form of the sort function can only be applied to an array of strings or an array of \
             numbers.  Use the second argument to specify a comparison function"
        }
        "D3080" => "The picture string must only contain a maximum of two sub-pictures",
        "D3081" => "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
        "D3082" => "The sub-picture must not contain more than one instance of the 'percent' character",
        "D3083" => "The sub-picture must not contain more than one instance of the 'per-mille' character",
        "D3084" => "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
        "D3085" => {
            "The mantissa part of a sub-picture must contain at least one character that is either an 'optional digit \
             character' or a member of the 'decimal digit family'"
        }
        "D3086" => {
            "The sub-picture must not contain a passive character that is preceded by an active character and that is \
             followed by another active character"
        }
        "D3087" => {
            "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a \
             'decimal-separator' character"
        }
        "D3088" => "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
        "D3089" => "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
        "D3090" => {
            "The integer part of the sub-picture must not contain a member of the 'decimal digit family' that is \
             followed by an instance of the 'optional digit character'"
        }
        "D3091" => {
            "The fractional part of the sub-picture must not contain an instance of the 'optional digit character' \
             that is followed by a member of the 'decimal digit family'"
        }
        "D3092" => {
            "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character treated as \
             an 'exponent-separator'"
        }
        "D3093" => {
            "The exponent part of the sub-picture must comprise only of one or more characters that are members of \
             the 'decimal digit family'"
        }
        "D3100" => "The radix of the formatBase function must be between 2 and 36.  It was given {{value}}",
        "D3110" => "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given {{value}}",
        "D3130" => {
            "Formatting or parsing an integer as a sequence starting with {{value}} is not supported by this \
             implementation"
        }
        "D3131" => "In a decimal digit pattern, all digits must be from the same decimal group",
        "D3132" => "Unknown component specifier {{value}} in date/time picture string",
        "D3133" => {
            "The 'name' modifier can only be applied to months and days in the date/time picture string, not {{value}}"
        }
        "D3134" => "The timezone integer format specifier cannot have more than four digits",
        "D3135" => "No matching closing bracket ']' in date/time picture string",
        "D3136" => "The date/time picture string is missing specifiers required to parse the timestamp",
        "D3138" => "The $single() function expected exactly 1 matching result.  Instead it matched more.",
        "D3139" => "The $single() function expected exactly 1 matching result.  Instead it matched 0.",
        "D3140" => "Malformed URL passed to ${{{token}}}(): {{value}}",
        _ => "",
    }
}
