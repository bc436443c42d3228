//! What a Map Run decides.

use std::sync::Arc;

use sfn_asl::query::{Budget, EvaluationError, Random, Scope};
use sfn_asl::value::{ObjectBuilder, Value};

use super::plan::ItemView;
use super::{
    ChildId, Ending, MapRun, MapRunCommand, MapRunEffects, MapRunEvent, MapRunInput, MapRunRecord, MapRunStatus,
};
use crate::item_reader::Item;
use crate::machine::failing::{cause_in_state, result_too_large};
use crate::machine::{Failure, FailureKind, NotRedrivable, Now, Rejected};

/// Moves of one step; with more to do it says [`MapRunEffects::more`].
const MOVES: usize = 256;

/// Items that are asked for at once.
const ITEMS: u32 = 1000;

impl MapRun {
    /// Decides what follows from `input` at `now`. An input that is refused has no effect.
    pub fn step(&mut self, input: MapRunInput, now: Now, effects: &mut MapRunEffects) -> Result<(), Rejected> {
        effects.more = false;
        let mut turn = Turn { run: self, effects, time: now.time, random: Random::new(now.seed), moves: MOVES };
        turn.take(input)?;
        turn.go_on();
        Ok(())
    }
}

struct Turn<'a> {
    run: &'a mut MapRun,
    effects: &'a mut MapRunEffects,
    time: i64,
    random: Random,
    moves: usize,
}

impl Turn<'_> {
    fn take(&mut self, input: MapRunInput) -> Result<(), Rejected> {
        match (&self.run.status, &input) {
            (MapRunStatus::NotStarted, MapRunInput::Start) => {
                self.emit(MapRunEvent::Started);
                return Ok(());
            }
            (MapRunStatus::NotStarted, _) => return Err(Rejected::NotStarted),
            (MapRunStatus::Running, MapRunInput::Start) => return Err(Rejected::AlreadyStarted),
            (MapRunStatus::Running, MapRunInput::Redrive) => return Err(NotRedrivable::Running.into()),
            (MapRunStatus::Running, _) => {}
            (MapRunStatus::Failed(_) | MapRunStatus::Aborted, MapRunInput::Redrive) => {
                self.emit(MapRunEvent::Redriven);
                return Ok(());
            }
            (MapRunStatus::Succeeded { .. }, MapRunInput::Redrive) => return Err(NotRedrivable::Succeeded.into()),
            _ => return Err(Rejected::Ended),
        }
        match input {
            MapRunInput::Start | MapRunInput::Redrive | MapRunInput::Continue => {}
            MapRunInput::ItemsRead { items, is_last } => {
                if self.run.requested.is_none() {
                    // The run has stopped reading meanwhile.
                    return Ok(());
                }
                self.read(items, is_last);
            }
            MapRunInput::ReadFailed(error) => {
                if self.run.requested.is_some() {
                    self.fail(error.into());
                }
            }
            MapRunInput::ChildEnded { child, status } => {
                if !status.is_terminal() || !self.run.children.contains_key(&child) {
                    return Err(Rejected::UnknownTask);
                }
                self.emit(MapRunEvent::ChildEnded { child, status });
            }
            MapRunInput::PartWritten => {
                if self.run.unwritten().is_some() {
                    self.emit(MapRunEvent::PartWritten);
                }
            }
            MapRunInput::WriteFailed(error) => {
                if self.run.unwritten().is_some() {
                    // Whatever ended the run before stays its reason.
                    match self.run.ending.clone() {
                        Some(Ending::Aborting) => self.emit(MapRunEvent::Aborting),
                        Some(Ending::Failing(failure)) => {
                            self.emit(MapRunEvent::Failing { failure, without_results: true });
                        }
                        None => {
                            let failure = Failure::new("States.ResultWriterFailed", error.cause);
                            self.emit(MapRunEvent::Failing { failure, without_results: true });
                        }
                    }
                }
            }
            MapRunInput::Update { max_concurrency, tolerance } => {
                let max_concurrency = match max_concurrency {
                    Some(0) => self.run.quotas.distributed_map_concurrency,
                    Some(number) => number.min(self.run.quotas.distributed_map_concurrency),
                    None => self.run.max_concurrency,
                };
                let tolerance = tolerance.unwrap_or(self.run.tolerance);
                self.emit(MapRunEvent::Updated { max_concurrency: max_concurrency.max(1), tolerance });
            }
            MapRunInput::Stop => self.emit(MapRunEvent::Aborting),
        }
        Ok(())
    }

    /// Takes items in as the `ItemSelector` makes them.
    fn read(&mut self, items: Vec<Item>, is_last: bool) {
        let most = self.run.requested.map_or(0, |most| most as usize);
        let is_last = is_last || self.items_left(items.len().min(most) as u64) == Some(0);
        let mut selected = Vec::with_capacity(items.len());
        for (index, item) in (self.run.items_read..).zip(items.into_iter().take(most)) {
            match self.select(index, item) {
                Ok(input) => selected.push(input),
                Err(error) => {
                    let name = &self.run.program.node(self.run.plan.state).name;
                    let cause = cause_in_state(name, self.run.plan.entered_id, &error.cause);
                    return self.fail(Failure::from(EvaluationError { cause, ..error }));
                }
            }
        }
        self.emit(MapRunEvent::ItemsRead { items: selected, is_last });
    }

    fn select(&self, index: u64, item: Item) -> Result<Value, EvaluationError> {
        let Some(selector) = &self.run.node().item_selector else { return Ok(item.into_input()) };
        let plan = &*self.run.plan;
        let view = ItemView { plan, index, item: &item };
        let scope = Scope {
            input: &plan.input,
            result: None,
            error_output: None,
            environment: &view,
            now: self.time,
            random: &self.random,
            budget: &Budget::default(),
        };
        selector.evaluate(&scope, "ItemSelector")
    }

    /// How many items `MaxItems` leaves after so many more; `None` when it sets no limit.
    fn items_left(&self, more: u64) -> Option<u64> {
        let most = u64::try_from(self.run.plan.max_items).ok().filter(|most| *most > 0)?;
        Some(most.saturating_sub(self.run.items_read.saturating_add(more)))
    }

    /// Makes moves until there is nothing to do or the step is long enough.
    fn go_on(&mut self) {
        while !self.run.status.is_terminal() {
            if self.moves == 0 {
                self.effects.more = true;
                return;
            }
            self.moves -= 1;
            if !self.advance() {
                return;
            }
        }
    }

    /// One move, by one event; false when there is nothing to do.
    fn advance(&mut self) -> bool {
        if self.run.status == MapRunStatus::NotStarted {
            return false;
        }
        let writer = self.run.writer.as_ref().filter(|_| !self.run.is_without_results);
        if let Some(part) = writer.and_then(|writer| writer.next_part()).cloned() {
            self.emit(MapRunEvent::PartStarted);
            self.effects.commands.push(MapRunCommand::WritePart(part));
            return true;
        }
        if let Some(ending) = self.run.ending.clone() {
            return self.wind_up(ending);
        }
        if self.run.plan.max_items < 0 {
            self.fail(Failure::new("States.ItemReaderFailed", "field MaxItems must be positive"));
            return true;
        }
        let total = self.run.all_read.then_some(self.run.counts.items.total);
        if self.run.tolerance.is_exceeded(self.run.counts.items.unsuccessful(), total) {
            let cause = "The specified tolerated failure threshold was exceeded";
            self.fail(Failure::new("States.ExceedToleratedFailureThreshold", cause));
            return true;
        }
        let congested = self.run.writer.as_ref().is_some_and(|writer| writer.is_congested());
        if self.run.children.len() < self.run.max_concurrency as usize && !congested {
            if let Some(child) = self.run.unsuccessful.due() {
                self.emit(MapRunEvent::ChildRedriven { child });
                self.send_child(child);
                return true;
            }
            if let Some(items) = self.batch() {
                self.start_child(items);
                return true;
            }
            if !self.run.all_read && self.run.requested.is_none() {
                let most = self.items_left(0).map_or(ITEMS, |left| u32::try_from(left).unwrap_or(ITEMS).min(ITEMS));
                self.emit(MapRunEvent::ItemsRequested { most });
                self.effects.commands.push(MapRunCommand::ReadItems { most });
                return true;
            }
        }
        let nothing_waits = self.run.items.is_empty() && self.run.unsuccessful.due().is_none();
        let is_complete = self.run.all_read && nothing_waits && self.run.children.is_empty();
        is_complete && self.finish()
    }

    /// How many of the items that were read the next child works on; `None` when more have to be read first.
    fn batch(&self) -> Option<usize> {
        let items = &self.run.items;
        let Some(batching) = &self.run.plan.batching else { return (!items.is_empty()).then_some(1) };
        let most_items = batching.max_items.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let most_bytes = batching.max_bytes.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
        let most_bytes = most_bytes.min(self.run.quotas.payload_bytes);
        let mut bytes = batch_input(batching.input.as_ref(), Vec::new()).json_size();
        for (count, item) in items.iter().enumerate() {
            let comma = usize::from(count > 0);
            bytes = bytes.saturating_add(item.json_size()).saturating_add(comma);
            // An item that is too large by itself is a batch of its own.
            if count == most_items || (count > 0 && bytes > most_bytes) {
                return Some(count);
            }
        }
        let is_whole = items.len() == most_items || self.run.all_read;
        (is_whole && !items.is_empty()).then_some(items.len())
    }

    fn start_child(&mut self, items: usize) {
        let mut inputs: Vec<_> = self.run.items.iter().take(items).cloned().collect();
        let input = match &self.run.plan.batching {
            Some(batching) => batch_input(batching.input.as_ref(), inputs),
            None => inputs.pop().expect("a child is started for an item"),
        };
        if input.json_size() > self.run.quotas.payload_bytes {
            let number = self.run.items_read - self.run.items.len() as u64;
            let cause = format!(
                "The input of the child execution for item {number} is larger than {} bytes.",
                self.run.quotas.payload_bytes
            );
            return self.fail(Failure::new("States.DataLimitExceeded", cause));
        }
        let child = ChildId(self.run.children_started);
        let name: Arc<str> = self.random.next_uuid().into();
        let items = u32::try_from(items).expect("items in memory are less than 2^32");
        self.emit(MapRunEvent::ChildStarted { child, name, input, items });
        self.send_child(child);
    }

    fn send_child(&mut self, child: ChildId) {
        let request = self.run.children.get(&child).map(|started| self.run.child_request(child, started));
        self.effects.commands.extend(request.map(|request| MapRunCommand::StartChild(Box::new(request))));
    }

    /// Stops what runs, has written what is known, and ends the run that fails or is stopped.
    fn wind_up(&mut self, ending: Ending) -> bool {
        if let Some(child) = self.run.children.keys().next_back().copied() {
            self.emit(MapRunEvent::ChildStopped { child });
            self.effects.commands.push(MapRunCommand::StopChild(child));
            return true;
        }
        if self.run.writer.is_some() && !self.run.closed && !self.run.is_without_results {
            self.emit(MapRunEvent::ResultsClosed);
            return true;
        }
        if self.is_writing() {
            return false;
        }
        self.emit(match ending {
            Ending::Aborting => MapRunEvent::Aborted,
            Ending::Failing(failure) => MapRunEvent::Failed { failure },
        });
        true
    }

    /// Ends the run whose children have all ended.
    fn finish(&mut self) -> bool {
        if self.run.writer.is_some() && !self.run.closed {
            self.emit(MapRunEvent::ResultsClosed);
            return true;
        }
        if self.is_writing() {
            return false;
        }
        if let Some(writer) = &self.run.writer {
            let details = Value::object([
                ("Bucket", Value::from(writer.bucket())),
                ("Key", Value::from(&*writer.manifest_key())),
            ]);
            let arn = Value::from(&*self.run.plan.arn);
            let output = Value::object([("MapRunArn", arn), ("ResultWriterDetails", details)]);
            self.emit(MapRunEvent::Succeeded { output });
            return true;
        }
        let output = self.run.collected();
        if self.run.is_too_large() || output.json_size() > self.run.quotas.payload_bytes {
            let name = &self.run.program.node(self.run.plan.state).name;
            self.fail(Failure { kind: FailureKind::Fatal, ..result_too_large(name) });
        } else {
            self.emit(MapRunEvent::Succeeded { output });
        }
        true
    }

    fn is_writing(&self) -> bool {
        self.run.writer.as_ref().is_some_and(|writer| !writer.is_idle()) && !self.run.is_without_results
    }

    fn fail(&mut self, mut failure: Failure) {
        failure.cut();
        if self.run.ending.is_none() {
            self.emit(MapRunEvent::Failing { failure, without_results: false });
        }
    }

    fn emit(&mut self, event: MapRunEvent) {
        let record = MapRunRecord { time: self.time, event };
        self.run.apply(&record);
        self.effects.events.push(record);
    }
}

/// What a child receives that works on a batch.
fn batch_input(input: Option<&Value>, items: Vec<Value>) -> Value {
    let mut batch = ObjectBuilder::with_capacity(2);
    batch.insert_some("BatchInput", input.cloned());
    batch.insert("Items", items);
    Value::Object(batch.build())
}
