//! The Wait state.

use super::reader::{Fields, Read, Reader};
use super::setting::{LONGEST_SECONDS, Literal, has_placeholder};
use crate::definition::{QueryLanguage, Setting, Timestamp, Wait, WaitDuration};

const FIELDS: [&str; 4] = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

pub(super) fn wait(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Wait> {
    let duration = duration(reader, fields, language);
    let flow = reader.flow(fields, language);
    let transition = reader.transition(fields);
    Ok(Wait { duration: duration?, flow: flow?, transition: transition? })
}

fn duration(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<WaitDuration> {
    reader.exclusive(fields, &FIELDS)?;
    let Some(key) = FIELDS.into_iter().find(|key| fields.has(key)) else {
        let fields_of_language = match language {
            QueryLanguage::JsonPath => FIELDS.join(", "),
            QueryLanguage::Jsonata => "Seconds, Timestamp".to_owned(),
        };
        return Err(reader.schema(fields.place, format!("One of these fields is required: [{fields_of_language}]")));
    };
    if key == "Seconds" || key == "SecondsPath" {
        let seconds = reader.integer_setting(fields, "Seconds", 0..=LONGEST_SECONDS, language)?;
        return Ok(WaitDuration::Seconds(seconds.unwrap_or(Setting::Literal(0))));
    }
    let literal = match reader.expression_or(fields, "Timestamp", language)? {
        Some(Literal::Expression(expression)) => Some(Setting::Jsonata(expression)),
        Some(Literal::Value) => timestamp(reader, fields)?.map(Setting::Literal),
        None => None,
    };
    let timestamp = reader.or_path(fields, "Timestamp", literal, language)?;
    Ok(match timestamp {
        Some(timestamp) => WaitDuration::Timestamp(timestamp),
        None => WaitDuration::Seconds(Setting::Literal(0)),
    })
}

/// A date-time as written; a placeholder counts as absent.
fn timestamp(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<Option<Timestamp>> {
    let Some(text) = reader.text(fields, "Timestamp")? else { return Ok(None) };
    match Timestamp::parse(&text) {
        Some(timestamp) => Ok(Some(timestamp)),
        None if has_placeholder(&text) => Ok(None),
        None => Err(reader.schema(fields.at("Timestamp"), "String does not match RFC3339 timestamp")),
    }
}
