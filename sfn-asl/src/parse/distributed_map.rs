//! What only a Distributed Map has: `ItemReader`, `ItemBatcher`, `ResultWriter`.

use std::sync::Arc;

use super::fields::In::{Both, Only};
use super::reader::{Fields, Read, Reader};
use super::setting::has_placeholder;
use super::task::not_recognised;
use crate::definition::{
    CsvDelimiter, CsvHeaders, InputType, ItemBatcher, ItemReader, ManifestType, OutputType, QueryLanguage,
    ReaderConfig, ReaderTransformation, ResultWriter, WriterTransformation,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::query::Template;
use crate::validate::Resources;

const MOST_ITEMS: u64 = 100_000_000;
const MOST_BATCH_BYTES: u64 = 262_144;

impl Reader<'_> {
    pub(super) fn item_reader(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<ItemReader>> {
        let Some(value) = fields.get("ItemReader") else { return Ok(None) };
        let place = fields.at("ItemReader");
        let members = self.object(value, place)?;
        let known = self.fields(
            &members,
            &[
                ("Resource", Both),
                ("ReaderConfig", Both),
                ("Parameters", Only(QueryLanguage::JsonPath)),
                ("Arguments", Only(QueryLanguage::Jsonata)),
            ],
            language,
        );
        let required = self.require(&members, &["Resource"]);
        let resource = self.s3_resource(&members, &["s3:getObject", "s3:listObjectsV2"]);
        let arguments = self.arguments(&members, language);
        let config = self.reader_config(&members, language);
        known?;
        required?;
        let (resource, arguments, config) = (resource?, arguments?, config?);
        self.check_data_set(&members, resource.as_deref(), &config)?;
        Ok(resource.map(|resource| ItemReader { resource, arguments, config }))
    }

    /// What the kind of data set asks of `ReaderConfig`, and what it has no place for.
    fn check_data_set(&mut self, fields: &Fields<'_>, resource: Option<&str>, config: &ReaderConfig) -> Read<()> {
        let Some(resource) = resource.filter(|text| !has_placeholder(text)) else { return Ok(()) };
        let place = if fields.get("ReaderConfig").is_some() { "ReaderConfig" } else { "" };
        let place = if place.is_empty() { fields.place } else { fields.at(place) };
        // A placeholder is a type that is not known yet.
        let has_type = fields.get("ReaderConfig").is_some_and(|config| config.get("InputType").is_some());
        let flattens = config.transformation == ReaderTransformation::LoadAndFlatten;
        let reads_objects = resource.ends_with("s3:getObject") || flattens;
        match config.manifest_type {
            // `MANIFEST` was the whole of it before there were kinds of manifest.
            Some(ManifestType::S3Inventory) if config.input_type.is_some_and(|kind| kind != InputType::Manifest) => {
                return Err(
                    self.schema(place, "Field 'InputType' is not supported when 'ManifestType' is 'S3_INVENTORY'")
                );
            }
            Some(ManifestType::S3Inventory) => {}
            Some(ManifestType::AthenaData)
                if matches!(config.input_type, Some(InputType::Json | InputType::Manifest)) =>
            {
                let message = "The field 'InputType' should have one of these values: [CSV, JSONL, PARQUET]";
                return Err(self.schema(place, message));
            }
            _ if reads_objects && !has_type => {
                return Err(self.schema(place, "These fields are required: [InputType]"));
            }
            _ => {}
        }
        let is_json = matches!(config.input_type, None | Some(InputType::Json));
        if config.items_pointer.is_some() && !is_json {
            return Err(self.schema(place, "Field 'ItemsPointer' is only supported when 'InputType' is 'JSON'"));
        }
        Ok(())
    }

    /// One of the actions of S3 that a Map can call.
    fn s3_resource(&mut self, fields: &Fields<'_>, actions: &[&str]) -> Read<Option<Arc<str>>> {
        let Some(text) = self.text(fields, "Resource")? else { return Ok(None) };
        let known = text
            .strip_prefix("arn:")
            .is_some_and(|rest| rest.split_once(":states:::").is_some_and(|(_, action)| actions.contains(&action)));
        if known || has_placeholder(&text) {
            return Ok(Some(text));
        }
        let place = fields.at("Resource");
        if self.options.resources == Resources::AnyUri && text.contains(':') {
            let finding = Diagnostic::new(Code::UnknownResource, place.location(), not_recognised(&text));
            self.report(finding.help(format!("AWS takes one of {}", actions.join(", "))));
            return Ok(Some(text));
        }
        Err(self.schema(place, not_recognised(&text)))
    }

    /// `Parameters` or `Arguments`, by the language.
    fn arguments(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<Template>> {
        match language {
            QueryLanguage::JsonPath => self.template(fields, "Parameters", language),
            QueryLanguage::Jsonata => self.template(fields, "Arguments", language),
        }
    }

    fn reader_config(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<ReaderConfig> {
        let Some(value) = fields.get("ReaderConfig") else { return Ok(ReaderConfig::default()) };
        let place = fields.at("ReaderConfig");
        let members = self.object(value, place)?;
        let known = self.fields(
            &members,
            &[
                ("InputType", Both),
                ("Transformation", Both),
                ("ManifestType", Both),
                ("CSVDelimiter", Both),
                ("CSVHeaderLocation", Both),
                ("CSVHeaders", Both),
                ("ItemsPointer", Both),
                ("MaxItems", Both),
                ("MaxItemsPath", Only(QueryLanguage::JsonPath)),
            ],
            language,
        );
        let input_type = self.one_of(
            &members,
            "InputType",
            &[
                ("CSV", InputType::Csv),
                ("JSON", InputType::Json),
                ("JSONL", InputType::JsonLines),
                ("PARQUET", InputType::Parquet),
                ("MANIFEST", InputType::Manifest),
            ],
        );
        let transformation = self.one_of(
            &members,
            "Transformation",
            &[("NONE", ReaderTransformation::None), ("LOAD_AND_FLATTEN", ReaderTransformation::LoadAndFlatten)],
        );
        let manifest_type = self.one_of(
            &members,
            "ManifestType",
            &[("S3_INVENTORY", ManifestType::S3Inventory), ("ATHENA_DATA", ManifestType::AthenaData)],
        );
        let csv_delimiter = self.one_of(
            &members,
            "CSVDelimiter",
            &[
                ("COMMA", CsvDelimiter::Comma),
                ("PIPE", CsvDelimiter::Pipe),
                ("SEMICOLON", CsvDelimiter::Semicolon),
                ("SPACE", CsvDelimiter::Space),
                ("TAB", CsvDelimiter::Tab),
            ],
        );
        let csv_headers = self.csv_headers(&members);
        let items_pointer = self.items_pointer(&members);
        let max_items = self.integer_setting(&members, "MaxItems", 0..=MOST_ITEMS, language);
        known?;
        Ok(ReaderConfig {
            input_type: input_type?,
            transformation: transformation?.unwrap_or_default(),
            manifest_type: manifest_type?,
            csv_delimiter: csv_delimiter?.unwrap_or_default(),
            csv_headers: csv_headers?,
            items_pointer: items_pointer?,
            max_items: max_items?,
        })
    }

    fn csv_headers(&mut self, fields: &Fields<'_>) -> Read<Option<CsvHeaders>> {
        let location = self.one_of(fields, "CSVHeaderLocation", &[("FIRST_ROW", false), ("GIVEN", true)]);
        let headers = self.filled_list(fields, "CSVHeaders", |reader, value, place| match value.as_str() {
            Some(text) => Ok(text.into()),
            None => Err(reader.expected(place, "String")),
        });
        let (location, headers) = (location?, headers?);
        match location {
            Some(true) => {
                self.require(fields, &["CSVHeaders"])?;
                Ok(Some(CsvHeaders::Given(headers)))
            }
            Some(false) if fields.has("CSVHeaders") => Err(self.unsupported(fields, "CSVHeaders")),
            Some(false) => Ok(Some(CsvHeaders::FirstRow)),
            None => Ok(None),
        }
    }

    /// A pointer of RFC 6901.
    fn items_pointer(&mut self, fields: &Fields<'_>) -> Read<Option<Arc<str>>> {
        let Some(text) = self.text(fields, "ItemsPointer")? else { return Ok(None) };
        let escapes = text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']));
        if (text.is_empty() || text.starts_with('/')) && escapes || has_placeholder(&text) {
            return Ok(Some(text));
        }
        Err(self.schema(fields.at("ItemsPointer"), "Value must be a valid JSON Pointer"))
    }

    pub(super) fn item_batcher(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<ItemBatcher>> {
        let Some(value) = fields.get("ItemBatcher") else { return Ok(None) };
        let place = fields.at("ItemBatcher");
        let members = self.object(value, place)?;
        let known = self.fields(
            &members,
            &[
                ("MaxItemsPerBatch", Both),
                ("MaxItemsPerBatchPath", Only(QueryLanguage::JsonPath)),
                ("MaxInputBytesPerBatch", Both),
                ("MaxInputBytesPerBatchPath", Only(QueryLanguage::JsonPath)),
                ("BatchInput", Both),
            ],
            language,
        );
        let max_items_per_batch = self.integer_setting(&members, "MaxItemsPerBatch", 1..=MOST_ITEMS, language);
        let max_input_bytes_per_batch =
            self.integer_setting(&members, "MaxInputBytesPerBatch", 1..=MOST_BATCH_BYTES, language);
        let batch_input = self.template(&members, "BatchInput", language);
        known?;
        let batcher = ItemBatcher {
            max_items_per_batch: max_items_per_batch?,
            max_input_bytes_per_batch: max_input_bytes_per_batch?,
            batch_input: batch_input?,
        };
        let limits = ["MaxItemsPerBatch", "MaxItemsPerBatchPath", "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"];
        if !limits.iter().any(|limit| members.has(limit)) {
            return Err(
                self.schema(place, "One of these fields is required: [MaxItemsPerBatch, MaxInputBytesPerBatch]")
            );
        }
        Ok(Some(batcher))
    }

    pub(super) fn result_writer(&mut self, fields: &Fields<'_>, language: QueryLanguage) -> Read<Option<ResultWriter>> {
        let Some(value) = fields.get("ResultWriter") else { return Ok(None) };
        let place = fields.at("ResultWriter");
        let members = self.object(value, place)?;
        if members.object.is_empty() {
            return Err(self.schema(place, "Value cannot be empty"));
        }
        let known = self.fields(
            &members,
            &[
                ("Resource", Both),
                ("WriterConfig", Both),
                ("Parameters", Only(QueryLanguage::JsonPath)),
                ("Arguments", Only(QueryLanguage::Jsonata)),
            ],
            language,
        );
        let arguments_key = match language {
            QueryLanguage::JsonPath => "Parameters",
            QueryLanguage::Jsonata => "Arguments",
        };
        let required = match (members.has("Resource"), members.has(arguments_key)) {
            (true, false) if known.is_ok() => self.require(&members, &[arguments_key]),
            (false, true) => self.require(&members, &["Resource"]),
            _ => Ok(()),
        };
        let resource = self.s3_resource(&members, &["s3:putObject"]);
        let arguments = self.arguments(&members, language);
        let config = self.writer_config(&members);
        known?;
        required?;
        let (transformation, output_type) = config?;
        Ok(Some(ResultWriter { resource: resource?, arguments: arguments?, transformation, output_type }))
    }

    fn writer_config(&mut self, fields: &Fields<'_>) -> Read<(Option<WriterTransformation>, Option<OutputType>)> {
        let Some(value) = fields.get("WriterConfig") else { return Ok((None, None)) };
        let place = fields.at("WriterConfig");
        let members = self.object(value, place)?;
        let known = self.only(&members, &["Transformation", "OutputType"]);
        let transformation = self.one_of(
            &members,
            "Transformation",
            &[
                ("NONE", WriterTransformation::None),
                ("COMPACT", WriterTransformation::Compact),
                ("FLATTEN", WriterTransformation::Flatten),
            ],
        );
        let output_type =
            self.one_of(&members, "OutputType", &[("JSON", OutputType::Json), ("JSONL", OutputType::JsonLines)]);
        known?;
        Ok((transformation?, output_type?))
    }
}
