//! The Choice state: its rules in either language.

use super::reader::{Fields, Place, Read, Reader};
use super::setting::{Literal, has_placeholder};
use crate::definition::{
    Choice, ChoiceRule, Comparison, Condition, Operand, Operator, QueryLanguage, Relation, Test, Timestamp, TypeTest,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::path::Path;
use crate::value::{Number, Value};

/// Most `And`, `Or` and `Not` that can stand in each other.
const DEEPEST_RULE: u32 = 50;

pub(super) fn choice(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Choice> {
    let required = reader.require(fields, &["Choices"]);
    let choices = reader.filled_list(fields, "Choices", |reader, value, place| match language {
        QueryLanguage::JsonPath => jsonpath_rule(reader, value, place),
        QueryLanguage::Jsonata => jsonata_rule(reader, value, place),
    });
    let default = reader.state_name(fields, "Default");
    let flow = reader.flow(fields, language);
    required?;
    Ok(Choice { choices: choices?, default: default?, flow: flow? })
}

fn jsonata_rule(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<ChoiceRule> {
    let fields = reader.object(value, place)?;
    let mut known = Ok(());
    for key in fields.object.keys() {
        known = match &**key {
            "Condition" | "Next" | "Assign" | "Output" | "Comment" => continue,
            "Variable" | "And" | "Or" | "Not" => Err(reader.wrong_language(&fields, key, QueryLanguage::Jsonata)),
            key if operator(key).is_some() => Err(reader.wrong_language(&fields, key, QueryLanguage::Jsonata)),
            key => Err(reader.unsupported(&fields, key)),
        };
    }
    let required = match known {
        Ok(()) => reader.require(&fields, &["Condition", "Next"]),
        Err(reported) => Err(reported),
    };
    let comment = reader.text(&fields, "Comment");
    let condition = condition(reader, &fields);
    let assign = reader.assign(&fields, QueryLanguage::Jsonata);
    let output = reader.jsonata(&fields, "Output");
    let next = reader.state_name(&fields, "Next");
    required?;
    let (comment, condition, assign, output, next) = (comment?, condition?, assign?, output?, next?);
    match next {
        Some(next) => Ok(ChoiceRule { comment, condition, assign, output, next }),
        None => Err(reader.schema(place, "These fields are required: [Next]")),
    }
}

fn condition(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<Condition> {
    if let Some(Literal::Expression(expression)) = reader.expression_or(fields, "Condition", QueryLanguage::Jsonata)? {
        return Ok(Condition::Jsonata(expression));
    }
    match fields.get("Condition") {
        None => Ok(Condition::Literal(false)),
        Some(Value::Bool(value)) => Ok(Condition::Literal(*value)),
        Some(Value::String(text)) if has_placeholder(text) => Ok(Condition::Literal(false)),
        Some(_) => Err(reader.expected(fields.at("Condition"), "Boolean or JSONata expression")),
    }
}

fn jsonpath_rule(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<ChoiceRule> {
    let fields = reader.object(value, place)?;
    let required = reader.require(&fields, &["Next"]);
    let comment = reader.text(&fields, "Comment");
    let test = test(reader, &fields, 0);
    let assign = reader.assign(&fields, QueryLanguage::JsonPath);
    let next = reader.state_name(&fields, "Next");
    required?;
    let (comment, test, assign, next) = (comment?, test?, assign?, next?);
    match next {
        Some(next) => Ok(ChoiceRule { comment, condition: Condition::Test(test), assign, output: None, next }),
        None => Err(reader.schema(place, "These fields are required: [Next]")),
    }
}

/// A comparison, or one of `And`, `Or`, `Not`; only the outermost has the fields of a rule.
fn test(reader: &mut Reader<'_>, fields: &Fields<'_>, depth: u32) -> Read<Test> {
    if depth >= DEEPEST_RULE {
        let message = format!("choice rules stand in each other deeper than {DEEPEST_RULE} levels");
        return Err(reader.report(Diagnostic::new(Code::TooDeeplyNested, fields.place.location(), message)));
    }
    let mut known = Ok(());
    let mut operators = Vec::new();
    for key in fields.object.keys() {
        match &**key {
            "Next" | "Assign" if depth == 0 => {}
            "Comment" | "Variable" => {}
            "Condition" | "Output" if depth == 0 => {
                known = Err(reader.wrong_language(fields, key, QueryLanguage::JsonPath));
            }
            "And" | "Or" | "Not" => operators.push(&**key),
            key if operator(key).is_some() => operators.push(key),
            key => known = Err(reader.unsupported(fields, key)),
        }
    }
    match operators[..] {
        [] => {
            known?;
            Err(reader.schema(fields.place, "A choice rule needs a comparison operator"))
        }
        [name] => {
            let read = operation(reader, fields, name, depth);
            known?;
            read
        }
        [_, second, ..] => {
            let message = format!("A choice rule can have only one operator, not [{}]", operators.join(", "));
            let finding = Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message);
            Err(reader.report(finding.at_key(second)))
        }
    }
}

fn operation(reader: &mut Reader<'_>, fields: &Fields<'_>, name: &str, depth: u32) -> Read<Test> {
    match name {
        "And" | "Or" => {
            let without = no_variable(reader, fields, name);
            let tests = reader.filled_list(fields, name, |reader, value, place| nested(reader, value, place, depth));
            without?;
            Ok(if name == "And" { Test::And(tests?) } else { Test::Or(tests?) })
        }
        "Not" => {
            let without = no_variable(reader, fields, name);
            let place = fields.at("Not");
            let inner = match fields.get("Not") {
                Some(value) => nested(reader, value, place, depth),
                None => Err(reader.expected(place, "Object")),
            };
            without?;
            Ok(Test::Not(Box::new(inner?)))
        }
        _ => comparison(reader, fields, name).map(Test::Comparison),
    }
}

fn nested(reader: &mut Reader<'_>, value: &Value, place: Place<'_>, depth: u32) -> Read<Test> {
    let fields = reader.object(value, place)?;
    test(reader, &fields, depth + 1)
}

fn no_variable(reader: &mut Reader<'_>, fields: &Fields<'_>, name: &str) -> Read<()> {
    reader.exclusive(fields, &[name, "Variable"])
}

fn comparison(reader: &mut Reader<'_>, fields: &Fields<'_>, name: &str) -> Read<Comparison> {
    let required = reader.require(fields, &["Variable"]);
    let variable = reader.path(fields, "Variable");
    let operator = operator(name).expect("the name of an operator was asked for");
    let operator = operand(reader, fields, name, operator);
    required?;
    let (variable, operator) = (variable?, operator?);
    match variable {
        Some(variable) => Ok(Comparison { variable, operator }),
        None => Err(reader.schema(fields.place, "These fields are required: [Variable]")),
    }
}

/// What an operator's name says: the family, the relation, and whether its operand is a path.
#[derive(Clone, Copy)]
enum Kind {
    String(Relation),
    Matches,
    Numeric(Relation),
    Boolean,
    Timestamp(Relation),
    Is(TypeTest),
}

/// The operator called `name`, and whether its operand is a path.
fn operator(name: &str) -> Option<(Kind, bool)> {
    let is = [
        ("IsNull", TypeTest::Null),
        ("IsPresent", TypeTest::Present),
        ("IsNumeric", TypeTest::Numeric),
        ("IsString", TypeTest::String),
        ("IsBoolean", TypeTest::Boolean),
        ("IsTimestamp", TypeTest::Timestamp),
    ];
    if let Some((_, test)) = is.iter().find(|(text, _)| *text == name) {
        return Some((Kind::Is(*test), false));
    }
    if name == "StringMatches" {
        return Some((Kind::Matches, false));
    }
    let (name, path) = match name.strip_suffix("Path") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let relations = [
        ("Equals", Relation::Equals),
        ("LessThan", Relation::LessThan),
        ("GreaterThan", Relation::GreaterThan),
        ("LessThanEquals", Relation::LessThanEquals),
        ("GreaterThanEquals", Relation::GreaterThanEquals),
    ];
    let relation = |rest: &str| relations.iter().find(|(text, _)| *text == rest).map(|(_, relation)| *relation);
    let kind = if name == "BooleanEquals" {
        Kind::Boolean
    } else if let Some(rest) = name.strip_prefix("String") {
        Kind::String(relation(rest)?)
    } else if let Some(rest) = name.strip_prefix("Numeric") {
        Kind::Numeric(relation(rest)?)
    } else {
        Kind::Timestamp(relation(name.strip_prefix("Timestamp")?)?)
    };
    Some((kind, path))
}

fn operand(reader: &mut Reader<'_>, fields: &Fields<'_>, name: &str, (kind, path): (Kind, bool)) -> Read<Operator> {
    let path: Option<Path> = if path { reader.reference(fields, name)? } else { None };
    let value = fields.get(name).expect("the operator is a field");
    let place = fields.at(name);
    let placeholder = value.as_str().is_some_and(has_placeholder);
    Ok(match kind {
        Kind::String(relation) => Operator::String(
            relation,
            match path {
                Some(path) => Operand::Path(path),
                None => Operand::Literal(text(reader, value, place)?.into()),
            },
        ),
        Kind::Matches => Operator::StringMatches(text(reader, value, place)?.into()),
        Kind::Numeric(relation) => Operator::Numeric(
            relation,
            match (path, value) {
                (Some(path), _) => Operand::Path(path),
                (None, Value::Number(number)) => Operand::Literal(number.clone()),
                (None, _) if placeholder => Operand::Literal(Number::from(0)),
                (None, _) => return Err(reader.expected(place, "Number")),
            },
        ),
        Kind::Boolean => Operator::Boolean(match path {
            Some(path) => Operand::Path(path),
            None => Operand::Literal(truth(reader, value, place)?),
        }),
        Kind::Timestamp(relation) => Operator::Timestamp(
            relation,
            match path {
                Some(path) => Operand::Path(path),
                None => Operand::Literal(timestamp(reader, value, place)?),
            },
        ),
        Kind::Is(test) => Operator::Is(test, truth(reader, value, place)?),
    })
}

fn text<'a>(reader: &mut Reader<'_>, value: &'a Value, place: Place<'_>) -> Read<&'a str> {
    value.as_str().ok_or_else(|| reader.expected(place, "String"))
}

/// `true` or `false`; a placeholder counts as `false`.
fn truth(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<bool> {
    match value {
        Value::Bool(value) => Ok(*value),
        Value::String(text) if has_placeholder(text) => Ok(false),
        _ => Err(reader.expected(place, "Boolean")),
    }
}

fn timestamp(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<Timestamp> {
    let text = text(reader, value, place)?;
    match Timestamp::parse(text) {
        Some(timestamp) => Ok(timestamp),
        None if has_placeholder(text) => Ok(Timestamp { text: text.into(), milliseconds: 0 }),
        None => Err(reader.schema(place, "String does not match RFC3339 timestamp")),
    }
}
