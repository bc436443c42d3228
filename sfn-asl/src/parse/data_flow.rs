//! The fields that shape input, output and variables.

use super::reader::{Fields, Read, Reader, Reported};
use super::setting::{expression_text, fill_placeholders, has_placeholder};
use crate::definition::{DataFlow, JsonPathFlow, JsonataFlow, PathSelection, QueryLanguage, ResultPath};
use crate::diagnostic::{Code, Diagnostic};
use crate::location::{Location, Step};
use crate::query::SyntaxError;
use crate::query::template::{JsonataTemplate, PathOrIntrinsic, PayloadTemplate, Template};
use crate::value::{Key, Value};

impl Reader<'_> {
    /// The data flow of a state. Fields that its type does not have are reported elsewhere and taken as they come.
    pub(super) fn flow(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<DataFlow> {
        let mut flow = self.flow_without_parameters(fields, language);
        if language == QueryLanguage::JsonPath {
            let parameters = self.payload(fields, "Parameters");
            match &mut flow {
                Ok(DataFlow::JsonPath(flow)) => flow.parameters = parameters?,
                _ => return parameters.and(flow),
            }
        }
        flow
    }

    /// The data flow of a Map, whose `Parameters` are an old name of its `ItemSelector`.
    pub(super) fn flow_without_parameters(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<DataFlow> {
        Ok(match language {
            QueryLanguage::JsonPath => {
                let input_path = self.selection(fields, "InputPath");
                let result_selector = self.selector(fields);
                let result_path = self.result_path(fields);
                let output_path = self.selection(fields, "OutputPath");
                let assign = self.assign_payload(fields);
                DataFlow::JsonPath(JsonPathFlow {
                    input_path: input_path?,
                    parameters: None,
                    result_selector: result_selector?,
                    result_path: result_path?,
                    output_path: output_path?,
                    assign: assign?,
                })
            }
            QueryLanguage::Jsonata => {
                let arguments = self.jsonata(fields, "Arguments");
                let output = self.jsonata(fields, "Output");
                let assign = self.assign_jsonata(fields);
                DataFlow::Jsonata(JsonataFlow { arguments: arguments?, output: output?, assign: assign? })
            }
        })
    }

    /// `ResultSelector`: an object.
    fn selector(&mut self, fields: &Fields<'_>) -> Read<Option<PayloadTemplate>> {
        match fields.get("ResultSelector") {
            None | Some(Value::Object(_)) => self.payload(fields, "ResultSelector"),
            Some(Value::String(text)) if has_placeholder(text) => self.payload(fields, "ResultSelector"),
            Some(_) => Err(self.expected(fields.at("ResultSelector"), "Object")),
        }
    }

    fn selection(&mut self, fields: &Fields<'_>, key: &str) -> Read<PathSelection> {
        Ok(match fields.get(key) {
            Some(Value::Null) => PathSelection::Nothing,
            Some(Value::String(text)) if text.as_str() == "$" => PathSelection::Whole,
            _ => self.path(fields, key)?.map_or(PathSelection::Whole, PathSelection::Path),
        })
    }

    /// `ResultPath` of a state or of a catcher.
    pub(super) fn result_path(&mut self, fields: &Fields<'_>) -> Read<ResultPath> {
        Ok(match fields.get("ResultPath") {
            Some(Value::Null) => ResultPath::Discard,
            Some(Value::String(text)) if text.as_str() == "$" => ResultPath::Replace,
            _ => self.target(fields, "ResultPath")?.map_or(ResultPath::Replace, ResultPath::At),
        })
    }

    /// A template of either language, of any JSON type.
    pub(super) fn template(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        language: QueryLanguage,
    ) -> Read<Option<Template>> {
        Ok(match language {
            QueryLanguage::JsonPath => self.payload(fields, key)?.map(Template::JsonPath),
            QueryLanguage::Jsonata => self.jsonata(fields, key)?.map(Template::Jsonata),
        })
    }

    /// `Assign`: an object whose members become variables.
    pub(super) fn assign(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<Template>> {
        Ok(match language {
            QueryLanguage::JsonPath => self.assign_payload(fields)?.map(Template::JsonPath),
            QueryLanguage::Jsonata => self.assign_jsonata(fields)?.map(Template::Jsonata),
        })
    }

    fn assign_payload(&mut self, fields: &Fields<'_>) -> Read<Option<PayloadTemplate>> {
        self.assign_is_object(fields, "")?;
        self.payload(fields, "Assign")
    }

    fn assign_jsonata(&mut self, fields: &Fields<'_>) -> Read<Option<JsonataTemplate>> {
        self.assign_is_object(fields, " or JSONata expression")?;
        self.jsonata(fields, "Assign")
    }

    fn assign_is_object(&mut self, fields: &Fields<'_>, or: &str) -> Read<()> {
        match fields.get("Assign") {
            None | Some(Value::Object(_)) => Ok(()),
            Some(Value::String(text)) if has_placeholder(text) => Ok(()),
            Some(Value::String(text)) if !or.is_empty() && expression_text(text).is_some() => Ok(()),
            Some(_) => Err(self.expected(fields.at("Assign"), &format!("Object{or}"))),
        }
    }

    /// A payload template of JSONPath.
    pub(super) fn payload(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<PayloadTemplate>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let errors = match PayloadTemplate::parse(value) {
            Ok(template) => return Ok(Some(template)),
            Err(errors) => errors,
        };
        let filled = fill(value);
        if let Some(filled) = &filled
            && let Ok(template) = PayloadTemplate::parse(filled)
        {
            return Ok(Some(template));
        }
        let base = fields.at(key).location();
        for (location, error) in errors {
            self.report(payload_finding(value, &base, location, error));
        }
        Err(Reported)
    }

    /// A template of JSONata.
    pub(super) fn jsonata(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<JsonataTemplate>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let errors = match JsonataTemplate::parse(value) {
            Ok(template) => return Ok(Some(template)),
            Err(errors) => errors,
        };
        let filled = fill(value);
        if let Some(filled) = &filled
            && let Ok(template) = JsonataTemplate::parse(filled)
        {
            return Ok(Some(template));
        }
        let base = fields.at(key).location();
        for (location, error) in errors {
            self.report(Diagnostic::new(Code::InvalidJsonataExpression, location.under(&base), error.message));
        }
        Err(Reported)
    }

    /// `ErrorPath` and `CausePath`: a path, or a call of a function that gives a text.
    pub(super) fn text_path(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<PathOrIntrinsic>> {
        let Some(value) = fields.get(key) else { return Ok(None) };
        let parsed = value.as_str().and_then(parse_path_or_intrinsic);
        match parsed {
            Some(PathOrIntrinsic::Intrinsic(call)) if !call.returns_text() => {}
            Some(parsed) => return Ok(Some(parsed)),
            None => {}
        }
        let message = format!(
            "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call that returns a \
             string"
        );
        let finding = Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message);
        let help = "the functions that return a string are ArrayGetItem, Base64Encode, Base64Decode, Format, JsonToString, \
                    Hash and UUID";
        Err(self.report(finding.at_member(key).help(help)))
    }
}

/// A path or a call, with its placeholders filled if it cannot be read otherwise.
pub(super) fn parse_path_or_intrinsic(text: &str) -> Option<PathOrIntrinsic> {
    let parsed = PathOrIntrinsic::parse(text).ok();
    if parsed.is_none() && has_placeholder(text) {
        return PathOrIntrinsic::parse(&fill_placeholders(text)).or_else(|_| PathOrIntrinsic::parse("$")).ok();
    }
    parsed
}

/// What to say about a member of the payload template `source` that stands at `base`.
fn payload_finding(source: &Value, base: &Location, location: Location, error: SyntaxError) -> Diagnostic {
    let mut steps = location.steps().to_vec();
    let Some(Step::Key(key)) = steps.pop() else {
        return Diagnostic::new(Code::TooDeeplyNested, location.under(base), error.message);
    };
    let object = Location::from_steps(steps);
    let plain = key.strip_suffix(".$").unwrap_or(&key);
    let twice = find(source, &object).is_some_and(|object| object.get(plain).is_some());
    let message = match twice {
        true => format!("The fields '{plain}' and '{plain}.$' cannot be set at the same time"),
        false => {
            format!("The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call")
        }
    };
    Diagnostic::new(Code::SchemaValidationFailed, object.under(base), message).at_member(&key)
}

fn find<'a>(value: &'a Value, location: &Location) -> Option<&'a Value> {
    location.steps().iter().try_fold(value, |value, step| match step {
        Step::Key(key) => value.get(key),
        Step::Index(index) => value.at(*index),
    })
}

/// `value` with the placeholders in its expressions replaced, if there are any.
fn fill(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) if has_placeholder(text) => Some(fill_placeholders(text).into()),
        Value::Array(items) => {
            let filled: Vec<Option<Value>> = items.iter().map(fill).collect();
            let or_own = |(filled, own): (Option<Value>, &Value)| filled.unwrap_or_else(|| own.clone());
            filled.iter().any(Option::is_some).then(|| Value::array(filled.into_iter().zip(items.iter()).map(or_own)))
        }
        Value::Object(members) => {
            let filled: Vec<Option<Value>> = members.iter().map(|(key, value)| fill_member(key, value)).collect();
            filled.iter().any(Option::is_some).then(|| {
                let members = filled.into_iter().zip(members.iter());
                Value::object(members.map(|(filled, (key, own))| (key.clone(), filled.unwrap_or_else(|| own.clone()))))
            })
        }
        _ => None,
    }
}

/// As [`fill`]; what a whole path is to be put in place of is taken as the path `$`.
fn fill_member(key: &Key, value: &Value) -> Option<Value> {
    let filled = fill(value)?;
    let is_path = |text: &str| PathOrIntrinsic::parse(text).is_ok();
    match key.ends_with(".$") && !filled.as_str().is_some_and(is_path) {
        true => Some(Value::from("$")),
        false => Some(filled),
    }
}
