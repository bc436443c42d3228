use std::sync::Arc;

use sfn_asl::definition::{
    CsvHeaders, InputType, ItemReader, ManifestType, ProcessorMode, ReaderConfig, ReaderTransformation, ResultWriter,
    WriterTransformation,
};
use sfn_asl::query::{EvaluationError, Random, Scope};
use sfn_asl::value::Value;

use crate::item_reader::{Collection, CsvFormat, Dataset, Format, Header};
use crate::machine::data_flow::Evaluated;
use crate::machine::frame::Phase;
use crate::machine::step::Turn;
use crate::machine::{Command, Event, FrameId};
use crate::map_run::{Batching, Export, MapRunPlan, Tolerance, WriterPlan};
use crate::object_store::ObjectLocation;
use crate::program::{Kind, MapNode, Node, StateId};

impl Turn<'_> {
    pub(super) fn run_distributed_map(&mut self, id: FrameId, node: &MapNode) {
        match self.distributed_items(id, node) {
            Ok((input, items, max_concurrency)) => {
                self.emit(Event::DistributedMapStarted { frame: id, input, items, max_concurrency });
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    /// The effective input, the items unless a reader reads them, and how many children may run at once.
    fn distributed_items(&self, id: FrameId, node: &MapNode) -> Evaluated<(Value, Collection, u32)> {
        let effective = self.effective_input(id, &node.flow)?;
        let view = self.view(id);
        let scope = self.scope(&view, &effective);
        let items = match node.item_reader {
            Some(_) => Collection::default(),
            None => self.items(node, &scope)?,
        };
        let max_concurrency = self.max_concurrency(node, &scope, self.machine.quotas.distributed_map_concurrency)?;
        Ok((effective.into_owned(), items, max_concurrency))
    }

    /// Starts the Map Run of the Map that frame `id` is in.
    pub(in crate::machine) fn start_map_run(&mut self, id: FrameId) {
        let state = self.machine.frames[id].state;
        let program = self.machine.program.clone();
        let node = program.node(state);
        let Kind::Map(map) = &node.kind else { unreachable!("only a Map has a Map Run") };
        match self.plan(id, state, node, map) {
            Ok(plan) => {
                let started = self.emit(Event::MapRunStarted { frame: id, plan: Arc::new(plan) });
                if started && let Phase::MapRun(run) = &self.machine.frames[id].phase {
                    let request = self.machine.map_run_request(run);
                    self.effects.commands.push(Command::StartMapRun(Box::new(request)));
                }
            }
            Err(error) => self.fail_evaluation(id, error),
        }
    }

    fn plan(&self, id: FrameId, state: StateId, node: &Node, map: &MapNode) -> Evaluated<MapRunPlan> {
        let frame = &self.machine.frames[id];
        let Phase::DistributedMap(started) = &frame.phase else {
            unreachable!("a Map Run follows the start of its Map")
        };
        let ProcessorMode::Distributed(execution_type) = map.mode else { unreachable!("an inline Map has no Map Run") };
        let view = self.view(id);
        let scope = self.scope(&view, &started.input);
        let max_items = match map.item_reader.as_ref().and_then(|reader| reader.config.max_items.as_ref()) {
            Some(setting) => self.map_integer(setting, "MaxItems", &scope)?,
            None => 0,
        };
        let (count, percentage) = self.tolerance(map, &scope)?;
        let items = match &map.item_reader {
            Some(reader) => self.dataset(reader, &scope)?,
            None => Dataset::Items(started.items.clone()),
        };
        let batching = match &map.item_batcher {
            Some(batcher) => {
                let limit = |setting: &Option<_>, field: &str| {
                    setting.as_ref().map(|setting| self.positive(setting, field, &scope)).transpose()
                };
                Some(Batching {
                    max_items: limit(&batcher.max_items_per_batch, "MaxItemsPerBatch")?,
                    max_bytes: limit(&batcher.max_input_bytes_per_batch, "MaxInputBytesPerBatch")?,
                    input: batcher
                        .batch_input
                        .as_ref()
                        .map(|template| template.evaluate(&scope, "ItemBatcher/BatchInput"))
                        .transpose()?,
                })
            }
            None => None,
        };
        let writer = self.writer(map.result_writer.as_ref(), &scope)?;
        let label = map.label.clone().unwrap_or_else(|| generated_label(&node.name, state));
        let run_id: Arc<str> = self.random.next_uuid().into();
        Ok(MapRunPlan {
            arn: self.machine.identity.map_run_arn(&label, &run_id).into(),
            state,
            execution_type,
            label,
            id: run_id,
            items,
            max_items,
            max_concurrency: started.max_concurrency,
            tolerance: Tolerance { count, percentage },
            batching,
            writer,
            input: started.input.clone(),
            context: scope.environment.context(),
            variables: view.variables(),
            entered_id: frame.entered_id,
        })
    }

    fn positive(&self, setting: &sfn_asl::definition::Setting<u64>, field: &str, scope: &Scope<'_>) -> Evaluated<u64> {
        match self.map_number(setting, field, scope)? {
            0 => Err(EvaluationError::runtime(format!("{field} must be greater than 0."))),
            number => Ok(number),
        }
    }

    fn dataset(&self, reader: &ItemReader, scope: &Scope<'_>) -> Evaluated<Dataset> {
        let arguments = match &reader.arguments {
            Some(template) => template.evaluate(scope, "ItemReader/Arguments")?,
            None => Value::empty_object(),
        };
        let text = |key: &str| text_argument(&arguments, key, "ItemReader");
        let bucket = required(text("Bucket")?, "Bucket", "ItemReader")?;
        let config = &reader.config;
        if reader.resource.ends_with("listObjectsV2") {
            let flatten = (config.transformation == ReaderTransformation::LoadAndFlatten).then(|| format(config));
            return Ok(Dataset::Listing { bucket, prefix: text("Prefix")?, flatten });
        }
        let key = required(text("Key")?, "Key", "ItemReader")?;
        let location = ObjectLocation { bucket, key, version_id: text("VersionId")? };
        Ok(match (config.manifest_type, config.input_type) {
            (Some(ManifestType::AthenaData), _) => Dataset::AthenaManifest { location, format: format(config) },
            (Some(ManifestType::S3Inventory), _) | (None, Some(InputType::Manifest)) => {
                Dataset::InventoryManifest(location)
            }
            _ => Dataset::Object { location, format: format(config) },
        })
    }

    fn writer(&self, writer: Option<&ResultWriter>, scope: &Scope<'_>) -> Evaluated<WriterPlan> {
        let Some(writer) = writer else { return Ok(WriterPlan::default()) };
        let export = match (&writer.resource, &writer.arguments) {
            (Some(_), Some(template)) => {
                let arguments = template.evaluate(scope, "ResultWriter/Arguments")?;
                let bucket = text_argument(&arguments, "Bucket", "ResultWriter")?;
                let prefix = text_argument(&arguments, "Prefix", "ResultWriter")?;
                let bucket = required(bucket, "Bucket", "ResultWriter")?;
                Some(Export { bucket, prefix: prefix.unwrap_or_default() })
            }
            _ => None,
        };
        let default = if export.is_some() { WriterTransformation::None } else { WriterTransformation::Compact };
        Ok(WriterPlan {
            transformation: writer.transformation.unwrap_or(default),
            output_type: writer.output_type.unwrap_or(WriterPlan::default().output_type),
            export,
        })
    }
}

/// The format of each object that a reader reads.
fn format(config: &ReaderConfig) -> Format {
    match config.input_type {
        Some(InputType::Csv) => {
            let header = match &config.csv_headers {
                Some(CsvHeaders::Given(names)) => Header::Given(names.clone()),
                Some(CsvHeaders::FirstRow) | None => Header::FirstRow,
            };
            Format::Csv(CsvFormat { delimiter: config.csv_delimiter, header })
        }
        Some(InputType::JsonLines) => Format::JsonLines,
        Some(InputType::Parquet) => Format::Parquet,
        Some(InputType::Json | InputType::Manifest) | None => Format::Json { pointer: config.items_pointer.clone() },
    }
}

fn text_argument(arguments: &Value, key: &str, field: &str) -> Evaluated<Option<Arc<str>>> {
    match arguments.get(key) {
        None => Ok(None),
        Some(value) => match value.as_str() {
            Some(text) => Ok(Some(text.into())),
            None => {
                Err(EvaluationError::runtime(format!("The field '{key}' of {field} must be a string but was: {value}")))
            }
        },
    }
}

fn required(text: Option<Arc<str>>, key: &str, field: &str) -> Evaluated<Arc<str>> {
    text.ok_or_else(|| EvaluationError::runtime(format!("The field '{key}' is required but was missing in {field}")))
}

/// The label of a Map that says none: the same for every execution of the definition.
fn generated_label(name: &str, state: StateId) -> Arc<str> {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ u64::from(state.number()), |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Random::new(hash).next_uuid().into()
}
