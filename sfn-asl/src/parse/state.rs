//! One state: its type, and the types that have little of their own.

use super::fields::StateType;
use super::reader::{Fields, Place, Read, Reader};
use super::scope;
use crate::definition::FailText;
use crate::definition::{Fail, Parallel, Pass, QueryLanguage, Setting, State, StateKind, Succeed, Transition};
use crate::value::Value;

/// The state `value` at `place`.
pub(super) fn state(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<State> {
    let fields = reader.object(value, place)?;
    let (query_language, language) = reader.state_language(&fields);
    let comment = reader.text(&fields, "Comment");
    let kind = match reader.require(&fields, &["Type"]) {
        Ok(()) => reader.one_of(&fields, "Type", &StateType::ALL),
        Err(reported) => Err(reported),
    };
    let kind = match kind? {
        Some(kind) => kind,
        // What type of state a placeholder stands for cannot be known.
        None => return Err(reader.schema(fields.at("Type"), type_message())),
    };
    let known = reader.state_fields(&fields, kind, query_language);
    let kind = match kind {
        StateType::Task => super::task::task(reader, &fields, query_language).map(StateKind::Task),
        StateType::Pass => pass(reader, &fields, query_language).map(StateKind::Pass),
        StateType::Choice => super::choice::choice(reader, &fields, query_language).map(StateKind::Choice),
        StateType::Wait => super::wait::wait(reader, &fields, query_language).map(StateKind::Wait),
        StateType::Parallel => parallel(reader, &fields, query_language).map(StateKind::Parallel),
        StateType::Map => super::map::map(reader, &fields, query_language).map(StateKind::Map),
        StateType::Succeed => reader.flow(&fields, query_language).map(|flow| StateKind::Succeed(Succeed { flow })),
        StateType::Fail => fail(reader, &fields, query_language).map(StateKind::Fail),
    };
    language?;
    known?;
    Ok(State { comment: comment?, query_language, kind: kind? })
}

fn type_message() -> String {
    let names: Vec<&str> = StateType::ALL.iter().map(|(name, _)| *name).collect();
    format!("The field 'Type' should have one of these values: [{}]", names.join(", "))
}

fn pass(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Pass> {
    let result = match language {
        QueryLanguage::JsonPath => fields.get("Result").cloned(),
        QueryLanguage::Jsonata => None,
    };
    let flow = reader.flow(fields, language);
    let transition = reader.transition(fields);
    Ok(Pass { result, flow: flow?, transition: transition? })
}

fn parallel(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Parallel> {
    let branches = branches(reader, fields);
    let flow = reader.flow(fields, language);
    let retry = reader.retry(fields);
    let catch = reader.catch(fields, language);
    let transition = reader.transition(fields);
    Ok(Parallel { branches: branches?, flow: flow?, retry: retry?, catch: catch?, transition: transition? })
}

fn branches(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<Vec<crate::definition::StateScope>> {
    reader.require(fields, &["Branches"])?;
    reader.filled_list(fields, "Branches", |reader, value, place| {
        let branch = reader.object(value, place)?;
        scope::inner(reader, &branch, &[])
    })
}

fn fail(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Fail> {
    let error = fail_text(reader, fields, "Error", "ErrorPath", language);
    let cause = fail_text(reader, fields, "Cause", "CausePath", language);
    Ok(Fail { error: error?, cause: cause? })
}

fn fail_text(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    key: &str,
    path_key: &str,
    language: QueryLanguage,
) -> Read<Option<FailText>> {
    reader.exclusive(fields, &[key, path_key])?;
    if language == QueryLanguage::JsonPath && fields.has(path_key) {
        return Ok(reader.text_path(fields, path_key)?.map(Setting::Path));
    }
    Ok(match reader.expression_or(fields, key, language)? {
        Some(super::setting::Literal::Expression(expression)) => Some(Setting::Jsonata(expression)),
        Some(super::setting::Literal::Value) => reader.text(fields, key)?.map(Setting::Literal),
        None => None,
    })
}

impl Reader<'_> {
    /// `Next` or `End`.
    pub(super) fn transition(&mut self, fields: &Fields<'_>) -> Read<Transition> {
        self.exclusive(fields, &["Next", "End"])?;
        if let Some(next) = self.state_name(fields, "Next")? {
            return Ok(Transition::Next(next));
        }
        match fields.get("End") {
            Some(Value::Bool(true)) => Ok(Transition::End),
            Some(Value::String(text)) if super::setting::has_placeholder(text) => Ok(Transition::End),
            Some(Value::Bool(false)) => Err(self.schema(fields.at("End"), "The field 'End' should be true")),
            Some(_) => Err(self.expected(fields.at("End"), "Boolean")),
            None => Err(self.schema(fields.place, "One of these fields is required: [Next, End]")),
        }
    }

    /// The items of an array that cannot be empty; `[]` if the field is missing.
    pub(super) fn filled_list<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        item: impl FnMut(&mut Self, &Value, Place<'_>) -> Read<T>,
    ) -> Read<Vec<T>> {
        if fields.get(key).and_then(Value::as_array).is_some_and(|items| items.is_empty()) {
            return Err(self.schema(fields.at(key), "Value cannot be empty"));
        }
        self.list(fields, key, item)
    }

    /// The items of an array; `[]` if the field is missing.
    pub(super) fn list<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &str,
        mut item: impl FnMut(&mut Self, &Value, Place<'_>) -> Read<T>,
    ) -> Read<Vec<T>> {
        let place = fields.at(key);
        let items = match fields.get(key) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.expected(place, "Array")),
        };
        let mut result = Ok(Vec::with_capacity(items.len()));
        for (index, value) in items.iter().enumerate() {
            match (&mut result, item(self, value, place.index(index))) {
                (Ok(list), Ok(value)) => list.push(value),
                (_, Err(reported)) => result = Err(reported),
                (Err(_), Ok(_)) => {}
            }
        }
        result
    }
}
