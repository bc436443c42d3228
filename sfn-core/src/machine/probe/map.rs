//! What the iterations of a Map, or the children of its Map Run, would receive; none of them runs.

use std::sync::Arc;

use sfn_asl::value::{Array, Value};

use crate::item_reader::{Dataset, Format, Item, ItemReader, Next, ReadError};
use crate::machine::data_flow::Evaluated;
use crate::machine::failing::cause_in_state;
use crate::machine::frame::Phase;
use crate::machine::observe::Note;
use crate::machine::step::Turn;
use crate::machine::{Failure, FrameId, MapRunRequest, Now};
use crate::map_run::{MapRun, MapRunCommand, MapRunEffects, MapRunEvent, MapRunInput, Tolerance};
use crate::object_store::{ObjectAnswer, ObjectLocation};
use crate::program::MapNode;

/// What is known of a Map's iterations before they end.
pub(super) struct Iterations {
    /// How many there are; unknown where a reader would have to read.
    count: Option<usize>,
    tolerance: Tolerance,
}

impl Iterations {
    /// True when so many failed ones are more than a threshold that the Map sets; without one they never are.
    pub(super) fn fail_the_map(&self, failed: u64, result: &Value) -> bool {
        let is_set = self.tolerance.count.is_some() || self.tolerance.percentage.is_some();
        let total = self.count.or_else(|| result.as_array().map(|results| results.len()));
        is_set && self.tolerance.is_exceeded(failed, total.map(|total| total as u64))
    }
}

impl Turn<'_> {
    /// Tells the observer what the iterations of the inline Map in frame `id` would receive.
    pub(super) fn observe_iterations(&self, id: FrameId, node: &MapNode) -> Evaluated<Iterations> {
        let children = self.machine.children(id);
        let items = children.items.as_ref().expect("a Map has items");
        self.note(|| Note::Items(items.len()));
        let view = self.view(id);
        let (count, percentage) = self.tolerance(node, &self.scope(&view, &children.input))?;
        if node.item_selector.is_some() {
            let input = |index| self.iteration_input(id, node, index);
            let inputs = (0..children.total).map(input).collect::<Evaluated<Vec<_>>>()?;
            self.note(|| Note::AfterItemSelector(Array::from(inputs).into()));
        }
        Ok(Iterations { count: Some(items.len()), tolerance: Tolerance { count, percentage } })
    }

    /// Tells the observer what the children of the Map Run that frame `id` waits for would receive; `data` is what its
    /// reader has read. Fails as the run would.
    pub(super) fn observe_map_run(
        &self,
        id: FrameId,
        node: &MapNode,
        data: Option<&str>,
    ) -> Result<Iterations, Failure> {
        let Phase::MapRun(out) = &self.machine.frames[id].phase else {
            unreachable!("the frame waits for its Map Run")
        };
        let request = self.machine.map_run_request(out);
        let tolerance = request.plan.tolerance;
        if node.item_reader.is_some() && data.is_none() {
            return Ok(Iterations { count: None, tolerance });
        }
        let items = read(&request.plan.items, data.unwrap_or_default())?;
        if matches!(&request.plan.items, Dataset::Object { format: Format::Json { pointer: Some(_) }, .. }) {
            let values = items.iter().map(|item| item.value.clone());
            self.note(|| Note::AfterItemsPointer(values.collect::<Array>().into()));
        }
        let plan = request.plan.clone();
        let count = self.start_children(request, node, items).map_err(|failure| {
            // A state that is tested by itself has no history to point at.
            let name = &self.machine.program.node(plan.state).name;
            let place = cause_in_state(name, plan.entered_id, "");
            let cause = failure.cause.as_deref().map(|cause| cause.strip_prefix(&*place).unwrap_or(cause).into());
            Failure { cause, ..failure }
        })?;
        Ok(Iterations { count: Some(count), tolerance })
    }

    /// Lets the Map Run start all its children at once, and forgets them. Answers how many items they work on.
    fn start_children(&self, mut request: MapRunRequest, node: &MapNode, items: Vec<Item>) -> Result<usize, Failure> {
        Arc::make_mut(&mut request.plan).max_concurrency = u32::MAX;
        let mut run = MapRun::new(&request);
        let now = Now { time: self.time, seed: self.random.next_u64() };
        let mut effects = MapRunEffects::default();
        let mut items = items.into_iter();
        let (mut selected, mut batches) = (Vec::new(), Vec::new());
        let mut next = Some(MapRunInput::Start);
        while let Some(input) = next.take() {
            run.step(input, now, &mut effects).expect("the run is told what it asks for");
            for record in effects.events.drain(..) {
                match record.event {
                    MapRunEvent::ItemsRead { items, .. } => selected.extend(items),
                    MapRunEvent::ChildStarted { input, .. } => batches.push(input),
                    MapRunEvent::Failing { failure, .. } => return Err(failure),
                    _ => {}
                }
            }
            for command in effects.commands.drain(..) {
                if let MapRunCommand::ReadItems { most } = command {
                    let read: Vec<_> = items.by_ref().take(most as usize).collect();
                    next = Some(MapRunInput::ItemsRead { items: read, is_last: items.len() == 0 });
                }
            }
            if effects.more {
                next = next.or(Some(MapRunInput::Continue));
            }
        }
        let count = selected.len();
        self.note(|| Note::Items(count));
        if node.item_selector.is_some() {
            self.note(|| Note::AfterItemSelector(Array::from(selected).into()));
        }
        if node.item_batcher.is_some() {
            self.note(|| Note::AfterItemBatcher(Array::from(batches).into()));
        }
        Ok(count)
    }
}

/// The items in `data`, which a reader of the data set has found. A list of objects is given as the array of its items.
fn read(dataset: &Dataset, data: &str) -> Result<Vec<Item>, ReadError> {
    let dataset = match dataset {
        Dataset::Listing { flatten: None, bucket, .. } => one_object(bucket, &Format::Json { pointer: None }),
        Dataset::Listing { flatten: Some(format), bucket, .. } => one_object(bucket, format),
        Dataset::AthenaManifest { location, format } => one_object(&location.bucket, format),
        other => other.clone(),
    };
    let mut reader = ItemReader::new(&dataset)?;
    let mut unread = Some(data);
    let mut items = Vec::new();
    loop {
        match reader.poll()? {
            Next::Item(item) => items.push(item),
            Next::End => return Ok(items),
            Next::Needs(_) => match unread.take() {
                Some(data) => reader.answer(ObjectAnswer::Piece { bytes: data.into(), is_last: true })?,
                None => return Err(ReadError::new("The reader data is not what the ItemReader reads.")),
            },
        }
    }
}

fn one_object(bucket: &Arc<str>, format: &Format) -> Dataset {
    let location = ObjectLocation { bucket: bucket.clone(), key: "".into(), version_id: None };
    Dataset::Object { location, format: format.clone() }
}
