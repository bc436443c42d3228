//! How a state's input becomes its effective input, and its result the output and the variables.

use std::borrow::Cow;
use std::fmt::{self, Display};

use sfn_asl::definition::{DataFlow, JsonPathFlow, JsonataFlow, PathSelection, ResultPath, Setting, Timestamp};
use sfn_asl::query::jsonata::Expression;
use sfn_asl::query::path::Path;
use sfn_asl::query::{EvaluationError, JsonataTemplate, Scope, Template};
use sfn_asl::value::{Object, Value};

use super::FrameId;
use super::context_object::View;
use super::observe::Note;
use super::step::Turn;

/// What a state hands on: its output and the variables it assigns.
pub(super) type Outcome = (Value, Option<Object>);

pub(super) type Evaluated<T> = Result<T, EvaluationError>;

impl Turn<'_> {
    /// `InputPath` of a JSONPath state; a JSONata state takes its input as it is.
    pub(super) fn effective_input(&self, id: FrameId, flow: &DataFlow) -> Evaluated<Cow<'_, Value>> {
        let input = Cow::Borrowed(&self.machine.frames[id].input);
        match flow {
            DataFlow::JsonPath(flow) => {
                let effective = self.select(&self.view(id), &flow.input_path, input)?;
                self.note(|| Note::AfterInputPath(Value::clone(&effective)));
                Ok(effective)
            }
            DataFlow::Jsonata(_) => Ok(input),
        }
    }

    /// What the state works with: `Parameters` or `Arguments`, else the effective input.
    pub(super) fn parameters<'v>(
        &self,
        view: &View<'_>,
        flow: &DataFlow,
        effective: &'v Value,
    ) -> Evaluated<Cow<'v, Value>> {
        let scope = self.scope(view, effective);
        let parameters = match flow {
            DataFlow::JsonPath(JsonPathFlow { parameters: Some(template), .. }) => {
                Cow::Owned(template.evaluate(&scope)?)
            }
            DataFlow::Jsonata(JsonataFlow { arguments: Some(template), .. }) => {
                Cow::Owned(template.evaluate(&scope, "Arguments")?)
            }
            _ => Cow::Borrowed(effective),
        };
        self.note(|| match flow {
            DataFlow::JsonPath(_) => Note::AfterParameters(Value::clone(&parameters)),
            DataFlow::Jsonata(_) => Note::AfterArguments(Value::clone(&parameters)),
        });
        Ok(parameters)
    }

    /// Output and variables of a state that has a result: `ResultSelector`, `ResultPath`, `OutputPath`, or `Output`.
    ///
    /// Every expression sees the variables as they were when the state was entered.
    pub(super) fn outcome_of_result(&self, id: FrameId, flow: &DataFlow, result: &Value) -> Evaluated<Outcome> {
        let input = &self.machine.frames[id].input;
        let view = self.view(id);
        match flow {
            DataFlow::JsonPath(flow) => {
                let scope = self.scope(&view, result);
                let assigned = flow.assign.as_ref().map(|template| template.evaluate(&scope)).transpose()?;
                let selected = match &flow.result_selector {
                    Some(template) => template.evaluate(&scope)?,
                    None => result.clone(),
                };
                self.note(|| Note::AfterResultSelector(selected.clone()));
                let merged = self.merge(&flow.result_path, input, selected)?;
                self.note(|| Note::AfterResultPath(merged.clone()));
                let output = self.select(&view, &flow.output_path, Cow::Owned(merged))?;
                Ok((output.into_owned(), assigned.map(variables)))
            }
            DataFlow::Jsonata(flow) => {
                let scope = Scope { result: Some(result), ..self.scope(&view, input) };
                self.jsonata_outcome(&scope, flow.output.as_ref(), flow.assign.as_ref(), format_args!(""), || {
                    result.clone()
                })
            }
        }
    }

    /// Output and variables of a state without a result: what it was given goes on.
    pub(super) fn outcome_of_input(&self, id: FrameId, flow: &DataFlow, effective: &Value) -> Evaluated<Outcome> {
        let view = self.view(id);
        match flow {
            DataFlow::JsonPath(flow) => {
                let scope = self.scope(&view, effective);
                let assigned = flow.assign.as_ref().map(|template| template.evaluate(&scope)).transpose()?;
                let output = self.select(&view, &flow.output_path, Cow::Borrowed(effective))?;
                Ok((output.into_owned(), assigned.map(variables)))
            }
            DataFlow::Jsonata(flow) => {
                let scope = self.scope(&view, effective);
                self.jsonata_outcome(&scope, flow.output.as_ref(), flow.assign.as_ref(), format_args!(""), || {
                    effective.clone()
                })
            }
        }
    }

    /// `Output` and `Assign` of JSONata; `place` stands before the field names in the place of an error.
    pub(super) fn jsonata_outcome(
        &self,
        scope: &Scope<'_>,
        output: Option<&JsonataTemplate>,
        assign: Option<&JsonataTemplate>,
        place: fmt::Arguments<'_>,
        default: impl FnOnce() -> Value,
    ) -> Evaluated<Outcome> {
        let assigned = assign.map(|template| template.evaluate(scope, format_args!("{place}Assign"))).transpose()?;
        let output = match output {
            Some(template) => template.evaluate(scope, format_args!("{place}Output"))?,
            None => default(),
        };
        Ok((output, assigned.map(variables)))
    }

    /// `InputPath` or `OutputPath`, applied to `value`.
    pub(super) fn select<'v>(
        &self,
        view: &View<'_>,
        selection: &PathSelection,
        value: Cow<'v, Value>,
    ) -> Evaluated<Cow<'v, Value>> {
        match selection {
            PathSelection::Whole => Ok(value),
            PathSelection::Nothing => Ok(Cow::Owned(Value::empty_object())),
            PathSelection::Path(path) => self.follow(path, &self.scope(view, &value)).map(Cow::Owned),
        }
    }

    /// The value that a path selects.
    pub(super) fn follow(&self, path: &Path, scope: &Scope<'_>) -> Evaluated<Value> {
        path.evaluate(scope).map_err(|error| EvaluationError::invalid_path(path.text(), &error))
    }

    /// `ResultPath`: where `result` goes in `input`.
    pub(super) fn merge(&self, result_path: &ResultPath, input: &Value, result: Value) -> Evaluated<Value> {
        match result_path {
            ResultPath::Replace => Ok(result),
            ResultPath::Discard => Ok(input.clone()),
            ResultPath::At(path) => path.inject(input, result).map_err(|error| EvaluationError::result_path(&error)),
        }
    }

    /// A field's value: as written, from its `…Path` twin, or from its expression. Answers the value with the path it
    /// comes from, if it does.
    pub(super) fn setting<'s, T: Clone>(
        &self,
        setting: &'s Setting<T>,
        field: &str,
        scope: &Scope<'_>,
    ) -> Evaluated<Given<'s, T>> {
        match setting {
            Setting::Literal(value) => Ok(Given::Literal(value.clone())),
            Setting::Path(path) => Ok(Given::FromPath(path, self.follow(path, scope)?)),
            Setting::Jsonata(expression) => Ok(Given::Computed(expression, self.compute(expression, field, scope)?)),
        }
    }

    /// A whole number from 0 in a field that has no text of its own for a bad value.
    pub(super) fn whole_number(&self, setting: &Setting<u64>, field: &str, scope: &Scope<'_>) -> Evaluated<u64> {
        match self.setting(setting, field, scope)? {
            Given::Literal(value) => Ok(value),
            Given::FromPath(path, value) => non_negative(&value).ok_or_else(|| {
                let value = shown(&value);
                EvaluationError::runtime(format!(
                    "The {field}Path parameter cannot be parsed as a long value: {} == {value}",
                    path.text()
                ))
            }),
            Given::Computed(expression, value) => non_negative(&value)
                .ok_or_else(|| EvaluationError::unexpected_type(expression, field, "integer", &value)),
        }
    }

    /// The value of an expression that a field holds by itself.
    pub(super) fn compute(&self, expression: &Expression, field: impl Display, scope: &Scope<'_>) -> Evaluated<Value> {
        match expression.evaluate(scope) {
            Ok(Some(value)) => Ok(value),
            Ok(None) => Err(EvaluationError::undefined(expression, field)),
            Err(error) => Err(EvaluationError::threw(expression, field, &error)),
        }
    }
}

/// Where the value of a field comes from.
pub(super) enum Given<'s, T> {
    Literal(T),
    FromPath(&'s Path, Value),
    Computed(&'s Expression, Value),
}

/// A whole number from 0; a text that holds one counts, as on AWS.
pub(super) fn non_negative(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => text.parse().ok(),
        _ => u64::try_from(value.as_i64()?).ok(),
    }
}

/// How AWS prints a value in a message: strings as they are, everything else as JSON.
pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_json(), str::to_owned)
}

pub(super) fn query_failure(cause: String, location: Option<&str>) -> EvaluationError {
    EvaluationError { error: "States.QueryEvaluationError", cause, location: location.map(str::to_owned) }
}

/// The members of an evaluated `Assign`.
pub(super) fn variables(assigned: Value) -> Object {
    match assigned {
        Value::Object(object) => object,
        _ => Object::default(),
    }
}

/// The JSONata half of a template; `None` when the state's language is another, which validation rules out.
pub(super) fn jsonata(template: Option<&Template>) -> Option<&JsonataTemplate> {
    match template {
        Some(Template::Jsonata(template)) => Some(template),
        _ => None,
    }
}

/// The moment that a text names.
pub(super) fn instant(value: &Value) -> Option<i64> {
    Timestamp::parse(value.as_str()?).map(|timestamp| timestamp.milliseconds)
}
