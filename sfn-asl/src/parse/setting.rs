//! Fields of simple types: texts, numbers, enumerations, paths and expressions.

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::reader::{Fields, Place, Read, Reader};
use crate::definition::{QueryLanguage, Setting};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::jsonata::Expression;
use crate::query::path::{Head, Path, ReferencePath};
use crate::query::template::PathOrIntrinsic;
use crate::value::Value;

/// Longest timeout, wait or interval in seconds.
pub(super) const LONGEST_SECONDS: u64 = 99_999_999;

/// What stands between `{%` and `%}`, without the blanks beside them.
pub(crate) fn expression_text(text: &str) -> Option<&str> {
    Some(text.strip_prefix("{%")?.strip_suffix("%}")?.trim())
}

/// True when a text holds a `${Placeholder}` that is filled in at deployment.
pub(crate) fn has_placeholder(text: &str) -> bool {
    text.find("${").is_some_and(|start| text[start..].contains('}'))
}

/// `text` with every `${Placeholder}` replaced by as many bytes of something that reads as a name and as a number.
pub(crate) fn fill_placeholders(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = rest[start..].find('}') else { break };
        out.push_str(&rest[..start]);
        out.extend(std::iter::repeat_n('1', length + 1));
        rest = &rest[start + length + 1..];
    }
    out.push_str(rest);
    out
}

impl Reader<'_> {
    /// A text.
    pub(super) fn text(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<Arc<str>>> {
        match fields.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str().into())),
            Some(_) => Err(self.expected(fields.at(key), "String")),
        }
    }

    /// One of the texts of `choices`; a placeholder counts as absent.
    pub(super) fn one_of<T: Copy>(&mut self, fields: &Fields<'_>, key: &str, choices: &[(&str, T)]) -> Read<Option<T>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        if let Some(text) = value.as_str() {
            if let Some((_, choice)) = choices.iter().find(|(name, _)| *name == text) {
                return Ok(Some(*choice));
            }
            if has_placeholder(text) {
                return Ok(None);
            }
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        Err(self.schema(
            fields.at(key),
            format!("The field '{key}' should have one of these values: [{}]", names.join(", ")),
        ))
    }

    /// A whole number within `range`; a placeholder counts as absent.
    pub(super) fn integer(&mut self, fields: &Fields<'_>, key: &str, range: RangeInclusive<u64>) -> Read<Option<u64>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        if value.as_str().is_some_and(has_placeholder) {
            return Ok(None);
        }
        self.whole_number(value, fields.at(key), key, range).map(Some)
    }

    fn whole_number(&mut self, value: &Value, place: Place<'_>, key: &str, range: RangeInclusive<u64>) -> Read<u64> {
        let Some(number) = value.as_number().filter(|number| number.is_integer()) else {
            return Err(self.expected(place, "Integer"));
        };
        match number.as_i64().and_then(|number| u64::try_from(number).ok()) {
            Some(number) if range.contains(&number) => Ok(number),
            _ => Err(self.out_of_range(place, key, range.start(), range.end())),
        }
    }

    /// A number within `range`; a placeholder counts as absent.
    pub(super) fn number(&mut self, fields: &Fields<'_>, key: &str, range: RangeInclusive<f64>) -> Read<Option<f64>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        if value.as_str().is_some_and(has_placeholder) {
            return Ok(None);
        }
        match value.as_f64() {
            None => Err(self.expected(fields.at(key), "Number")),
            Some(number) if range.contains(&number) => Ok(Some(number)),
            Some(_) if range.end().is_infinite() => {
                Err(self.schema(fields.at(key), format!("The value of '{key}' must be at least {:.1}", range.start())))
            }
            Some(_) => Err(self.out_of_range(fields.at(key), key, range.start(), range.end())),
        }
    }

    fn out_of_range(
        &mut self,
        place: Place<'_>,
        key: &str,
        least: &impl std::fmt::Display,
        most: &impl std::fmt::Display,
    ) -> super::reader::Reported {
        self.schema(place, format!("The value of '{key}' must be between {least} and {most}"))
    }

    /// A whole number, an expression, or the path of the field `{key}Path`.
    pub(super) fn integer_setting(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        range: RangeInclusive<u64>,
        language: QueryLanguage,
    ) -> Read<Option<Setting<u64>>> {
        let literal = match self.expression_or(fields, key, language)? {
            Some(Literal::Expression(expression)) => Some(Setting::Jsonata(expression)),
            Some(Literal::Value) => self.integer(fields, key, range)?.map(Setting::Literal),
            None => None,
        };
        self.or_path(fields, key, literal, language)
    }

    /// A number, an expression, or the path of the field `{key}Path`.
    pub(super) fn number_setting(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        range: RangeInclusive<f64>,
        language: QueryLanguage,
    ) -> Read<Option<Setting<f64>>> {
        let literal = match self.expression_or(fields, key, language)? {
            Some(Literal::Expression(expression)) => Some(Setting::Jsonata(expression)),
            Some(Literal::Value) => self.number(fields, key, range)?.map(Setting::Literal),
            None => None,
        };
        self.or_path(fields, key, literal, language)
    }

    /// `literal`, unless the field `{key}Path` stands instead of it.
    pub(super) fn or_path<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        literal: Option<Setting<T>>,
        language: QueryLanguage,
    ) -> Read<Option<Setting<T>>> {
        let path_key = format!("{key}Path");
        if !fields.has(&path_key) || language == QueryLanguage::Jsonata {
            return Ok(literal);
        }
        self.exclusive(fields, &[key, &path_key])?;
        Ok(self.reference(fields, &path_key)?.map(Setting::Path))
    }

    /// What the field `key` holds, if it is there: an expression of JSONata, or something else.
    pub(super) fn expression_or(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        language: QueryLanguage,
    ) -> Read<Option<Literal>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        match value.as_str().and_then(expression_text) {
            Some(text) if language == QueryLanguage::Jsonata => {
                self.expression(text, fields.at(key)).map(|expression| Some(Literal::Expression(expression)))
            }
            _ => Ok(Some(Literal::Value)),
        }
    }

    /// The expression `text`, which stands without its delimiters.
    pub(super) fn expression(&mut self, text: &str, place: Place<'_>) -> Read<Expression> {
        let error = match Expression::parse(text) {
            Ok(expression) => return Ok(expression),
            Err(error) => error,
        };
        if has_placeholder(text)
            && let Ok(expression) = Expression::parse(&fill_placeholders(text))
        {
            return Ok(expression);
        }
        Err(self.report(Diagnostic::new(Code::InvalidJsonataExpression, place.location(), error.message)))
    }

    /// A path that selects anything.
    pub(super) fn path(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<Path>> {
        self.parsed(fields, key, Path::parse)
    }

    /// A path that selects one place, as the fields that end in `Path` take it.
    pub(super) fn reference(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<Path>> {
        self.parsed(fields, key, |text| match Path::parse(text) {
            Ok(path) if path.is_reference() => Ok(path),
            _ => Err(()),
        })
    }

    /// A path to write to.
    pub(super) fn target(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<ReferencePath>> {
        self.parsed(fields, key, |text| match ReferencePath::parse(text) {
            Ok(path) if *path.path().head() == Head::Input => Ok(path),
            _ => Err(()),
        })
    }

    fn parsed<T, E>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        parse: impl Fn(&str) -> Result<T, E>,
    ) -> Read<Option<T>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let Some(text) = value.as_str() else { return Err(self.expected(fields.at(key), "String")) };
        if let Ok(parsed) = parse(text) {
            return Ok(Some(parsed));
        }
        if has_placeholder(text) {
            let filled = fill_placeholders(text);
            let parsed = parse(&filled).or_else(|_| parse("$"));
            return Ok(parsed.ok());
        }
        Err(self.schema(fields.at(key), "Value must be a valid JSONPath."))
    }

    /// A path or a call of an intrinsic function.
    pub(super) fn path_or_intrinsic(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<PathOrIntrinsic>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let parsed = value.as_str().and_then(super::data_flow::parse_path_or_intrinsic);
        match parsed {
            Some(parsed) => Ok(Some(parsed)),
            None => {
                let message = format!(
                    "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
                );
                let finding = Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message);
                Err(self.report(finding.at_member(key)))
            }
        }
    }
}

/// What a field of a JSONata state holds.
pub(super) enum Literal {
    Expression(Expression),
    Value,
}
