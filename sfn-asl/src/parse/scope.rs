//! The machine, the branches of a Parallel and the processor of a Map: `StartAt` with `States`.

use super::reader::{Fields, Place, Read, Reader};
use super::setting::LONGEST_SECONDS;
use crate::definition::{QueryLanguage, State, StateMachine, StateName, StateScope, States};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

/// Most scopes that can stand in each other.
const DEEPEST_SCOPE: u32 = 40;

/// The name AWS gives to a state that stands alone.
pub(crate) const SINGLE_STATE: &str = "StateName";

const LANGUAGES: [(&str, QueryLanguage); 2] =
    [("JSONPath", QueryLanguage::JsonPath), ("JSONata", QueryLanguage::Jsonata)];

/// The whole document.
pub(super) fn machine(reader: &mut Reader<'_>, document: &Value) -> Read<StateMachine> {
    let Some(object) = document.as_object() else {
        let finding = if document.is_null() { super::json::missing() } else { super::json::not_an_object() };
        return Err(reader.report(finding));
    };
    let fields = Fields { object, place: Place::ROOT };
    let known = reader.only(&fields, &["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"]);
    let comment = reader.text(&fields, "Comment");
    let version = reader.one_of(&fields, "Version", &[("1.0", ())]);
    let language = reader.one_of(&fields, "QueryLanguage", &LANGUAGES);
    let query_language = match language {
        Ok(language) => language.unwrap_or_default(),
        Err(_) => QueryLanguage::Jsonata,
    };
    reader.language = query_language;
    let timeout_seconds = reader.integer(&fields, "TimeoutSeconds", 1..=LONGEST_SECONDS);
    let scope = scope(reader, &fields);
    known?;
    version?;
    language?;
    Ok(StateMachine { comment: comment?, query_language, timeout_seconds: timeout_seconds?, scope: scope? })
}

/// A state that stands alone.
pub(super) fn single_state(reader: &mut Reader<'_>, document: &Value) -> Read<State> {
    if document.as_object().is_none() {
        return Err(reader.report(super::json::not_an_object()));
    }
    let states = Place::ROOT.key("States");
    super::state::state(reader, document, states.key(SINGLE_STATE))
}

/// The processor of a Map or a branch of a Parallel: `extra` are the fields it has besides.
pub(super) fn inner(reader: &mut Reader<'_>, fields: &Fields<'_>, extra: &[&str]) -> Read<StateScope> {
    let known = reader.only(fields, &[&["Comment", "StartAt", "States"], extra].concat());
    if reader.nesting >= DEEPEST_SCOPE {
        let message = format!("states stand in each other deeper than {DEEPEST_SCOPE} levels");
        return Err(reader.report(Diagnostic::new(Code::TooDeeplyNested, fields.place.location(), message)));
    }
    reader.nesting += 1;
    let scope = scope(reader, fields);
    reader.nesting -= 1;
    known?;
    scope
}

fn scope(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<StateScope> {
    let required = reader.require(fields, &["States", "StartAt"]);
    let comment = match reader.nesting {
        0 => Ok(None),
        _ => reader.text(fields, "Comment"),
    };
    let start_at = reader.state_name(fields, "StartAt");
    let states = match fields.get("States") {
        Some(value) => states(reader, value, fields.at("States")),
        None => Ok(States::new()),
    };
    required?;
    let (comment, start_at, states) = (comment?, start_at?, states?);
    match start_at {
        Some(start_at) => Ok(StateScope { comment, start_at, states }),
        None => Err(reader.schema(fields.place, "These fields are required: [StartAt]")),
    }
}

fn states(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<States> {
    let fields = reader.object(value, place)?;
    if fields.object.is_empty() {
        return Err(reader.schema(place, "Value cannot be empty"));
    }
    let mut states = States::with_capacity(fields.object.len());
    let mut result = Ok(());
    for (key, value) in fields.object.iter() {
        let name = state_name(reader, key, fields.at(key));
        match (name, super::state::state(reader, value, fields.at(key))) {
            (Ok(name), Ok(state)) => {
                states.insert(name, state);
            }
            (Err(reported), _) | (_, Err(reported)) => result = Err(reported),
        }
    }
    result.map(|()| states)
}

fn state_name(reader: &mut Reader<'_>, name: &str, place: Place<'_>) -> Read<StateName> {
    if let Some(name) = StateName::new(name) {
        return Ok(name);
    }
    let finding = if name.is_empty() {
        Diagnostic::new(Code::InvalidStateName, place.location(), "State name cannot be empty")
    } else {
        name_too_long(name, place)
    };
    Err(reader.report(finding.on_key()))
}

fn name_too_long(name: &str, place: Place<'_>) -> Diagnostic {
    let message = format!("State '{name}' exceeds the {}-character limit allowed by the service", StateName::LONGEST);
    Diagnostic::new(Code::InvalidStateName, place.location(), message)
}

impl Reader<'_> {
    /// The name of a state as a transition gives it. Whether the state exists is asked of the whole scope.
    pub(super) fn state_name(&mut self, fields: &Fields<'_>, key: &str) -> Read<Option<StateName>> {
        let Some(text) = self.text(fields, key)? else { return Ok(None) };
        if text.is_empty() {
            return Err(self.schema(fields.at(key), "Value cannot be empty"));
        }
        match StateName::new(&text) {
            Some(name) => Ok(Some(name)),
            None => Err(self.report(name_too_long(&text, fields.at(key)))),
        }
    }

    /// The language of a state: its own, else the machine's.
    pub(super) fn state_language(&mut self, fields: &Fields<'_>) -> (QueryLanguage, Read<()>) {
        match self.one_of(fields, "QueryLanguage", &LANGUAGES) {
            Ok(None) => (self.language, Ok(())),
            Ok(Some(QueryLanguage::JsonPath)) if self.language == QueryLanguage::Jsonata => {
                let message = "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine";
                let finding = Diagnostic::new(Code::SchemaValidationFailed, fields.place.location(), message);
                (QueryLanguage::JsonPath, Err(self.report(finding.at_member("QueryLanguage"))))
            }
            Ok(Some(language)) => (language, Ok(())),
            Err(reported) => (QueryLanguage::Jsonata, Err(reported)),
        }
    }
}
