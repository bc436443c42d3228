use std::sync::Arc;

use super::Setting;
use crate::query::template::Template;

/// `ExecutionType` of the children of a Distributed Map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExecutionType {
    /// `STANDARD`
    Standard,
    /// `EXPRESS`
    Express,
}

/// `ItemReader`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemReader {
    /// `Resource`: `…s3:getObject` or `…s3:listObjectsV2`.
    pub resource: Arc<str>,
    /// `Parameters`, `Arguments`
    pub arguments: Option<Template>,
    /// `ReaderConfig`
    pub config: ReaderConfig,
}

/// `ReaderConfig`
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReaderConfig {
    /// `InputType`
    pub input_type: Option<InputType>,
    /// `Transformation`
    pub transformation: ReaderTransformation,
    /// `ManifestType`
    pub manifest_type: Option<ManifestType>,
    /// `CSVDelimiter`
    pub csv_delimiter: CsvDelimiter,
    /// `CSVHeaderLocation`, `CSVHeaders`
    pub csv_headers: Option<CsvHeaders>,
    /// `ItemsPointer`
    pub items_pointer: Option<Arc<str>>,
    /// `MaxItems`, `MaxItemsPath`; 0 is no limit.
    pub max_items: Option<Setting<u64>>,
}

/// `InputType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    /// `CSV`
    Csv,
    /// `JSON`
    Json,
    /// `JSONL`
    JsonLines,
    /// `PARQUET`
    Parquet,
    /// `MANIFEST`
    Manifest,
}

/// `Transformation` of an item reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReaderTransformation {
    /// `NONE`
    #[default]
    None,
    /// `LOAD_AND_FLATTEN`
    LoadAndFlatten,
}

/// `ManifestType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManifestType {
    /// `S3_INVENTORY`
    S3Inventory,
    /// `ATHENA_DATA`
    AthenaData,
}

/// `CSVDelimiter`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CsvDelimiter {
    /// `COMMA`
    #[default]
    Comma,
    /// `PIPE`
    Pipe,
    /// `SEMICOLON`
    Semicolon,
    /// `SPACE`
    Space,
    /// `TAB`
    Tab,
}

/// `CSVHeaderLocation`, `CSVHeaders`
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CsvHeaders {
    /// `FIRST_ROW`
    FirstRow,
    /// `GIVEN`
    Given(Vec<Arc<str>>),
}

/// `ItemBatcher`
#[derive(Clone, Debug, PartialEq)]
pub struct ItemBatcher {
    /// `MaxItemsPerBatch`, `MaxItemsPerBatchPath`
    pub max_items_per_batch: Option<Setting<u64>>,
    /// `MaxInputBytesPerBatch`, `MaxInputBytesPerBatchPath`
    pub max_input_bytes_per_batch: Option<Setting<u64>>,
    /// `BatchInput`
    pub batch_input: Option<Template>,
}

/// `ResultWriter`
#[derive(Clone, Debug, PartialEq)]
pub struct ResultWriter {
    /// `Resource`: `…s3:putObject`; absent when results are only transformed.
    pub resource: Option<Arc<str>>,
    /// `Parameters`, `Arguments`
    pub arguments: Option<Template>,
    /// `WriterConfig.Transformation`
    pub transformation: Option<WriterTransformation>,
    /// `WriterConfig.OutputType`
    pub output_type: Option<OutputType>,
}

/// `Transformation` of a result writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriterTransformation {
    /// `NONE`
    None,
    /// `COMPACT`
    Compact,
    /// `FLATTEN`
    Flatten,
}

/// `OutputType`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputType {
    /// `JSON`
    Json,
    /// `JSONL`
    JsonLines,
}
