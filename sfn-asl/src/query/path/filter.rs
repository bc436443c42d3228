//! Filters: `[?(@.a > 1 && @.b == 'x')]`.

use super::operand::{Inner, Operand};
use super::parse::Parser;
use super::segment;
use crate::query::SyntaxError;
use crate::value::{Number, Value};

/// A condition on an item.
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    /// `@.a`: there is such a place, whatever its value.
    Exists(Inner),
    Comparison(Operand, Operator, Operand),
}

/// How two operands are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    SameTypeEqual,
    SameTypeNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Matches,
    In,
    NotIn,
    SubsetOf,
    AnyOf,
    NoneOf,
    All,
    Size,
    Empty,
    Contains,
}

/// Longest first, so that no operator hides another.
const SYMBOLS: [(&str, Operator); 10] = [
    ("===", Operator::SameTypeEqual),
    ("!==", Operator::SameTypeNotEqual),
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=~", Operator::Matches),
    ("<", Operator::Less),
    (">", Operator::Greater),
    // A single `=` is no operator; it is listed to give a better message.
    ("=", Operator::Equal),
];

const WORDS: [(&str, Operator); 9] = [
    ("in", Operator::In),
    ("nin", Operator::NotIn),
    ("subsetof", Operator::SubsetOf),
    ("anyof", Operator::AnyOf),
    ("noneof", Operator::NoneOf),
    ("all", Operator::All),
    ("size", Operator::Size),
    ("empty", Operator::Empty),
    ("contains", Operator::Contains),
];

/// Reads a condition, up to the parenthesis that closes the filter.
pub(super) fn parse(parser: &mut Parser<'_>) -> Result<Filter, SyntaxError> {
    let mut alternatives = vec![conjunction(parser)?];
    while after_blanks(parser, "||") {
        alternatives.push(conjunction(parser)?);
    }
    Ok(if alternatives.len() == 1 { alternatives.remove(0) } else { Filter::Or(alternatives) })
}

fn conjunction(parser: &mut Parser<'_>) -> Result<Filter, SyntaxError> {
    let mut conditions = vec![condition(parser)?];
    while after_blanks(parser, "&&") {
        conditions.push(condition(parser)?);
    }
    Ok(if conditions.len() == 1 { conditions.remove(0) } else { Filter::And(conditions) })
}

fn after_blanks(parser: &mut Parser<'_>, token: &str) -> bool {
    parser.blanks();
    parser.eat(token)
}

fn condition(parser: &mut Parser<'_>) -> Result<Filter, SyntaxError> {
    parser.blanks();
    if parser.eat("!") {
        return parser.nested(condition).map(|inner| Filter::Not(Box::new(inner)));
    }
    if parser.eat("(") {
        let inner = parser.nested(parse)?;
        parser.blanks();
        parser.expect(")")?;
        return Ok(inner);
    }
    let left = operand(parser)?;
    parser.blanks();
    match operator(parser)? {
        Some(operator) => {
            parser.blanks();
            Ok(Filter::Comparison(left, operator, operand(parser)?))
        }
        None => match left {
            Operand::Path(path) => Ok(Filter::Exists(path)),
            _ => Err(parser.error("expected an operator")),
        },
    }
}

fn operator(parser: &mut Parser<'_>) -> Result<Option<Operator>, SyntaxError> {
    let rest = parser.rest();
    if let Some((symbol, operator)) = SYMBOLS.iter().find(|(symbol, _)| rest.starts_with(symbol)) {
        if *symbol == "=" {
            return Err(parser.error("`=` is no operator, write `==`"));
        }
        parser.advance(symbol.len());
        return Ok(Some(*operator));
    }
    let length = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    if length == 0 {
        return Ok(None);
    }
    match WORDS.iter().find(|(word, _)| rest[..length].eq_ignore_ascii_case(word)) {
        Some((_, operator)) => {
            parser.advance(length);
            Ok(Some(*operator))
        }
        None => Err(parser.error(format!("`{}` is no operator", &rest[..length]))),
    }
}

/// Reads a literal, a pattern or a path.
pub(super) fn operand(parser: &mut Parser<'_>) -> Result<Operand, SyntaxError> {
    match parser.peek() {
        Some(head @ ('@' | '$')) => {
            parser.advance(1);
            let segments = parser.nested(Parser::segments)?;
            let definite = segment::is_definite(&segments);
            Ok(Operand::Path(Inner { from_root: head == '$', segments, definite }))
        }
        Some(quote @ ('\'' | '"')) => {
            parser.advance(1);
            parser.quoted(quote).map(|text| Operand::Literal(Value::from(text)))
        }
        Some('/') => pattern(parser),
        Some('[' | '{') => json(parser),
        Some(c) if c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '+') => Ok(Operand::Literal(word(parser))),
        _ => Err(parser.error("expected a path, a text in quotes, a number or a word")),
    }
}

/// `1.5`, `true`, `null`; anything else is a text without quotes.
fn word(parser: &mut Parser<'_>) -> Value {
    let rest = parser.rest();
    let ends = |c: char| c.is_whitespace() || matches!(c, ')' | '&' | '|' | ',' | ']' | '=' | '<' | '>' | '!' | '~');
    let text = &rest[..rest.find(ends).unwrap_or(rest.len())];
    parser.advance(text.len());
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        "null" => Value::Null,
        _ => number(text).map_or_else(|| Value::from(text), Value::Number),
    }
}

/// A number as Java reads it: leading zeros, `+` and `.5` included.
pub(super) fn number(text: &str) -> Option<Number> {
    Number::from_text(text).or_else(|| {
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        if plain { Number::from_f64(text.parse().ok()?) } else { None }
    })
}

fn pattern(parser: &mut Parser<'_>) -> Result<Operand, SyntaxError> {
    let rest = &parser.rest()[1..];
    let mut escaped = false;
    let end = rest.find(|c: char| {
        let closes = c == '/' && !escaped;
        escaped = c == '\\' && !escaped;
        closes
    });
    let Some(end) = end else {
        return Err(parser.error("the closing `/` of the pattern is missing"));
    };
    let after = &rest[end + 1..];
    let flags = &after[..after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len())];
    if let Some(flag) = flags.chars().find(|flag| !"idmsuxU".contains(*flag)) {
        return Err(parser.error(format!("`{flag}` is no flag of a pattern")));
    }
    // Flags about Unicode and line ends change nothing here.
    let flags: String = flags.chars().filter(|flag| "imsx".contains(*flag)).collect();
    let flags = if flags.is_empty() { flags } else { format!("(?{flags})") };
    let source = rest[..end].replace("\\/", "/");
    let regex = fancy_regex::RegexBuilder::new(&format!("{flags}^(?:{source})$"))
        .backtrack_limit(100_000)
        .build()
        .map_err(|error| parser.error(format!("`{source}` is no regular expression: {error}")))?;
    parser.advance(end + 2 + (after.len() - after.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len()));
    Ok(Operand::Pattern(Box::new(regex)))
}

/// A list or an object; strings in it may stand in single quotes.
fn json(parser: &mut Parser<'_>) -> Result<Operand, SyntaxError> {
    let rest = parser.rest();
    let mut levels = 0_usize;
    let mut quote: Option<char> = None;
    let mut escaped = false;
    let mut text = String::new();
    for (index, c) in rest.char_indices() {
        if let Some(open) = quote {
            match c {
                _ if escaped => {
                    // `\'` is no escape of JSON.
                    if c == '\'' {
                        text.pop();
                    }
                    escaped = false;
                    text.push(c);
                }
                '\\' => {
                    escaped = true;
                    text.push(c);
                }
                _ if c == open => {
                    quote = None;
                    text.push('"');
                }
                '"' => text.push_str("\\\""),
                _ => text.push(c),
            }
            continue;
        }
        match c {
            '\'' | '"' => {
                quote = Some(c);
                text.push('"');
                continue;
            }
            '[' | '{' => levels += 1,
            ']' | '}' => levels = levels.saturating_sub(1),
            _ => {}
        }
        text.push(c);
        if levels == 0 {
            let value = Value::parse(&text)
                .map_err(|error| parser.error(format!("`{}` is no JSON: {}", &rest[..=index], error.kind)))?;
            parser.advance(index + c.len_utf8());
            return Ok(Operand::Literal(value));
        }
    }
    Err(parser.error("the closing bracket is missing"))
}
