//! `Retry` and `Catch`.

use std::sync::Arc;

use super::reader::{Fields, Place, Read, Reader};
use super::setting::LONGEST_SECONDS;
use crate::definition::{Catcher, JitterStrategy, QueryLanguage, Retrier};
use crate::value::Value;

/// `MaxDelaySeconds` stays below this.
const LONGEST_DELAY: u64 = 31_622_400;

impl Reader<'_> {
    /// `Retry`
    pub(super) fn retry(&mut self, fields: &Fields<'_>) -> Read<Vec<Retrier>> {
        self.list(fields, "Retry", retrier)
    }

    /// `Catch`
    pub(super) fn catch(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Vec<Catcher>> {
        self.list(fields, "Catch", |reader, value, place| catcher(reader, value, place, language))
    }
}

fn retrier(reader: &mut Reader<'_>, value: &Value, place: Place<'_>) -> Read<Retrier> {
    let fields = reader.object(value, place)?;
    let known = reader.only(
        &fields,
        &[
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Comment",
        ],
    );
    let comment = reader.text(&fields, "Comment");
    let error_equals = error_equals(reader, &fields);
    let interval_seconds = reader.integer(&fields, "IntervalSeconds", 1..=LONGEST_SECONDS);
    let max_attempts = reader.integer(&fields, "MaxAttempts", 0..=LONGEST_SECONDS);
    let backoff_rate = reader.number(&fields, "BackoffRate", 1.0..=f64::INFINITY);
    let max_delay_seconds = reader.integer(&fields, "MaxDelaySeconds", 1..=LONGEST_DELAY - 1);
    let jitter = [("FULL", JitterStrategy::Full), ("NONE", JitterStrategy::None)];
    let jitter_strategy = reader.one_of(&fields, "JitterStrategy", &jitter);
    known?;
    comment?;
    Ok(Retrier {
        error_equals: error_equals?,
        interval_seconds: interval_seconds?.unwrap_or(1),
        max_attempts: max_attempts?.unwrap_or(3),
        backoff_rate: backoff_rate?.unwrap_or(2.0),
        max_delay_seconds: max_delay_seconds?,
        jitter_strategy: jitter_strategy?.unwrap_or_default(),
    })
}

fn catcher(reader: &mut Reader<'_>, value: &Value, place: Place<'_>, language: QueryLanguage) -> Read<Catcher> {
    use super::fields::In::{Both, Only};

    let fields = reader.object(value, place)?;
    let known = reader.fields(
        &fields,
        &[
            ("ErrorEquals", Both),
            ("Next", Both),
            ("ResultPath", Only(QueryLanguage::JsonPath)),
            ("Output", Only(QueryLanguage::Jsonata)),
            ("Assign", Both),
            ("Comment", Both),
        ],
        language,
    );
    let comment = reader.text(&fields, "Comment");
    let error_equals = error_equals(reader, &fields);
    let required = reader.require(&fields, &["Next"]);
    let next = reader.state_name(&fields, "Next");
    let result_path = match language {
        QueryLanguage::JsonPath => reader.result_path(&fields),
        QueryLanguage::Jsonata => Ok(Default::default()),
    };
    let output = match language {
        QueryLanguage::JsonPath => Ok(None),
        QueryLanguage::Jsonata => reader.jsonata(&fields, "Output"),
    };
    let assign = reader.assign(&fields, language);
    known?;
    comment?;
    required?;
    let (error_equals, next, result_path, output, assign) = (error_equals?, next?, result_path?, output?, assign?);
    match next {
        Some(next) => Ok(Catcher { error_equals, result_path, output, assign, next }),
        None => Err(reader.schema(place, "These fields are required: [Next]")),
    }
}

fn error_equals(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<Vec<Arc<str>>> {
    reader.require(fields, &["ErrorEquals"])?;
    reader.filled_list(fields, "ErrorEquals", |reader, value, place| match value.as_str() {
        Some(text) => Ok(text.into()),
        None => Err(reader.expected(place, "String")),
    })
}
