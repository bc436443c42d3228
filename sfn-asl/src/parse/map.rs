//! The Map state.

use super::reader::{Fields, Read, Reader};
use super::scope;
use super::setting::{expression_text, has_placeholder};
use crate::definition::{ExecutionType, ItemProcessor, Items, Map, ProcessorMode, QueryLanguage};
use crate::diagnostic::{Code, Diagnostic};
use crate::value::Value;

pub(super) fn map(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Map> {
    let processor = processor(reader, fields);
    let mode = mode(fields);
    let items = items(reader, fields, language);
    let item_selector = item_selector(reader, fields, language);
    let max_concurrency = reader.integer_setting(fields, "MaxConcurrency", 0..=u64::MAX >> 1, language);
    let tolerated_failure_percentage =
        reader.number_setting(fields, "ToleratedFailurePercentage", 0.0..=100.0, language);
    let tolerated_failure_count = reader.integer_setting(fields, "ToleratedFailureCount", 0..=u64::MAX >> 1, language);
    let item_reader = reader.item_reader(fields, language);
    let item_batcher = reader.item_batcher(fields, language);
    let result_writer = reader.result_writer(fields, language);
    distributed_only(reader, fields, mode);
    let label = reader.text(fields, "Label");
    let flow = reader.flow_without_parameters(fields, language);
    let retry = reader.retry(fields);
    let catch = reader.catch(fields, language);
    let transition = reader.transition(fields);
    Ok(Map {
        processor: processor?,
        items: items?,
        item_selector: item_selector?,
        max_concurrency: max_concurrency?,
        tolerated_failure_percentage: tolerated_failure_percentage?,
        tolerated_failure_count: tolerated_failure_count?,
        item_reader: item_reader?,
        item_batcher: item_batcher?,
        result_writer: result_writer?,
        label: label?,
        flow: flow?,
        retry: retry?,
        catch: catch?,
        transition: transition?,
    })
}

fn processor(reader: &mut Reader<'_>, fields: &Fields<'_>) -> Read<ItemProcessor> {
    reader.exclusive(fields, &["ItemProcessor", "Iterator"])?;
    let key = if fields.has("Iterator") { "Iterator" } else { "ItemProcessor" };
    reader.require(fields, &[key])?;
    let place = fields.at(key);
    let processor = match fields.get(key) {
        Some(value) => reader.object(value, place)?,
        None => return Err(reader.expected(place, "Object")),
    };
    let mode = processor_config(reader, &processor);
    let scope = scope::inner(reader, &processor, &["ProcessorConfig"]);
    Ok(ItemProcessor { mode: mode?, scope: scope? })
}

fn processor_config(reader: &mut Reader<'_>, processor: &Fields<'_>) -> Read<ProcessorMode> {
    let Some(value) = processor.get("ProcessorConfig") else { return Ok(ProcessorMode::Inline) };
    let place = processor.at("ProcessorConfig");
    let config = reader.object(value, place)?;
    let known = reader.only(&config, &["Mode", "ExecutionType"]);
    let mode = reader.one_of(&config, "Mode", &[("INLINE", false), ("DISTRIBUTED", true)]);
    let types = [("STANDARD", ExecutionType::Standard), ("EXPRESS", ExecutionType::Express)];
    let execution_type = reader.one_of(&config, "ExecutionType", &types);
    known?;
    let (mode, execution_type) = (mode?, execution_type?);
    if mode != Some(true) {
        return match config.has("ExecutionType") {
            false => Ok(ProcessorMode::Inline),
            true => Err(reader.unsupported(&config, "ExecutionType")),
        };
    }
    reader.require(&config, &["ExecutionType"])?;
    // A placeholder stands for one of the two.
    Ok(ProcessorMode::Distributed(execution_type.unwrap_or(ExecutionType::Standard)))
}

/// Whether the raw fields say DISTRIBUTED, even where the processor cannot be read.
fn mode(fields: &Fields<'_>) -> Option<bool> {
    let processor = fields.get("ItemProcessor").or_else(|| fields.get("Iterator"))?;
    match processor.get("ProcessorConfig") {
        None => Some(false),
        Some(config) => match config.get("Mode") {
            None => Some(false),
            Some(mode) => match mode.as_str() {
                Some("DISTRIBUTED") => Some(true),
                Some("INLINE") => Some(false),
                _ => None,
            },
        },
    }
}

/// Warns of the fields that only a Distributed Map has use for. AWS's answer to them is not known, and published
/// definitions have them: a warning, lest a definition that AWS takes be refused here.
fn distributed_only(reader: &mut Reader<'_>, fields: &Fields<'_>, distributed: Option<bool>) {
    if distributed != Some(false) {
        return;
    }
    for key in ["ItemReader", "ItemBatcher", "ResultWriter", "Label"] {
        if fields.has(key) {
            let message = format!("only a Map in mode DISTRIBUTED has use for `{key}`");
            let finding = Diagnostic::new(Code::FieldHasNoEffect, fields.at(key).location(), message);
            reader.report(
                finding.on_key().help("say `\"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\"}` in `ItemProcessor`"),
            );
        }
    }
}

fn items(reader: &mut Reader<'_>, fields: &Fields<'_>, language: QueryLanguage) -> Read<Items> {
    match language {
        QueryLanguage::JsonPath => Ok(reader.reference(fields, "ItemsPath")?.map_or(Items::Input, Items::Path)),
        QueryLanguage::Jsonata => {
            match fields.get("Items") {
                None | Some(Value::Array(_) | Value::Object(_)) => {}
                Some(Value::String(text)) if expression_text(text).is_some() || has_placeholder(text) => {}
                Some(_) => {
                    return Err(reader.expected(fields.at("Items"), "Array, Object or JSONata expression"));
                }
            }
            Ok(reader.jsonata(fields, "Items")?.map_or(Items::Input, Items::Jsonata))
        }
    }
}

/// `ItemSelector`, or `Parameters` of old documents, which is then no part of the data flow.
fn item_selector(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    language: QueryLanguage,
) -> Read<Option<crate::query::Template>> {
    if language == QueryLanguage::Jsonata {
        return reader.template(fields, "ItemSelector", language);
    }
    reader.exclusive(fields, &["ItemSelector", "Parameters"])?;
    let key = if fields.has("Parameters") { "Parameters" } else { "ItemSelector" };
    reader.template(fields, key, language)
}
