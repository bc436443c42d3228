//! Runs the Map Run of a Distributed Map: its children are executions of this executor, its objects those of the store.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::actor::{Actor, Message};
use super::clock::Hold;
use super::execution::Shared;
use super::inbox::Sender;
use super::known::Known;
use super::map_run::{MapRunDescription, RunShared, Stopped, Update};
use super::{Core, Seeds};
use crate::item_reader::{ItemReader, Items, ReadError};
use crate::machine::{Input, MapRunId, MapRunRequest, Now, Status};
use crate::map_run::{ChildId, ChildRequest, MapRun, MapRunCommand, MapRunEffects, MapRunInput, MapRunStatus};
use crate::object_store::ObjectService;

pub(super) struct MapRunner {
    id: MapRunId,
    run: MapRun,
    first: MapRunInput,
    effects: MapRunEffects,
    core: Arc<Core>,
    shared: Arc<RunShared>,
    description: watch::Sender<MapRunDescription>,
    updates: mpsc::Receiver<Update>,
    /// The tasks of the machine that the Map is part of.
    machine: Arc<Known>,
    seeds: Seeds,
    /// When the last step was.
    time: i64,
    /// The reader, unless it is at work.
    reader: Option<ItemReader>,
    /// What the store is asked for: the items that are read, the piece that is written.
    store: JoinSet<(Done, Hold)>,
    /// The inboxes of the children that run.
    inboxes: HashMap<ChildId, Sender>,
    /// The children that run, and those that a redrive goes on with.
    known: HashMap<ChildId, Arc<Shared>>,
    children: JoinSet<(ChildId, Status, Hold)>,
    /// The inbox of the execution that the Map is part of.
    parent: Sender,
    /// True, or closed, when nobody waits for the run any more.
    stop: watch::Receiver<bool>,
}

/// What the store has done.
enum Done {
    Read { reader: Box<ItemReader>, items: Result<Items, ReadError> },
    Unreadable(ReadError),
    Written(MapRunInput),
}

/// What wakes a Map Run.
enum Wake {
    Stop,
    Update(Update),
    Child(ChildId, Status, Hold),
    Store(Done, Hold),
    /// A task of ours that panicked: a bug, which its own thread has told.
    Nothing,
}

/// Updates that may wait.
const UPDATES: usize = 8;

impl MapRunner {
    /// Whoever runs the Map Run that the execution `owner` asks for: anew, or where it ended without success.
    pub(super) fn new(
        request: &MapRunRequest,
        core: Arc<Core>,
        owner: &Shared,
        parent: Sender,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let seeds = core.seeds().branch();
        let run = MapRun::new(request);
        let (description, described) = watch::channel(MapRunDescription::of(&run));
        let (sender, updates) = mpsc::channel(UPDATES);
        let mut map_runs = owner.map_runs();
        let known = map_runs.iter().find(|known| known.plan.id == request.plan.id).cloned();
        let (shared, stopped) = match known {
            Some(shared) => {
                let stopped = shared.take_up(described, sender);
                (shared, stopped)
            }
            None => {
                let shared = Arc::new(RunShared::new(request.plan.clone(), described, sender));
                map_runs.push(shared.clone());
                (shared, None)
            }
        };
        let (run, known, first) = match stopped.filter(|stopped| stopped.run.is_redrivable()) {
            Some(Stopped { run, children }) => (run, children, MapRunInput::Redrive),
            None => (run, HashMap::new(), MapRunInput::Start),
        };
        MapRunner {
            id: request.run,
            run,
            first,
            effects: MapRunEffects::default(),
            core,
            shared,
            description,
            updates,
            machine: owner.known.clone(),
            seeds,
            time: i64::MIN,
            reader: None,
            store: JoinSet::new(),
            inboxes: HashMap::new(),
            known,
            children: JoinSet::new(),
            parent,
            stop,
        }
    }

    /// Runs it to its end, or until the executor shuts down, and sees its children out.
    ///
    /// A box, because children may have Map Runs of their own.
    pub(super) fn run(mut self, started: Hold) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(async move {
            let mut shutdown = self.core.shutdown.subscribe();
            let first = self.first.clone();
            self.step(first).await;
            let mut hold = Some(started);
            let mut is_stopped = false;
            while !self.run.status().is_terminal() {
                // The children, and whoever asks the store, hold the time while they work.
                drop(hold.take());
                let wake = tokio::select! {
                    biased;
                    _ = shutdown.wait_for(|shutdown| *shutdown) => break,
                    _ = self.stop.wait_for(|stop| *stop), if !is_stopped => Wake::Stop,
                    Some(update) = self.updates.recv() => Wake::Update(update),
                    Some(done) = self.store.join_next() => done.map_or(Wake::Nothing, |(done, hold)| Wake::Store(done, hold)),
                    Some(ended) = self.children.join_next() => {
                        ended.map_or(Wake::Nothing, |(child, status, hold)| Wake::Child(child, status, hold))
                    }
                };
                hold = self.take(wake, &mut is_stopped).await;
            }
            self.updates.close();
            let hold = hold.unwrap_or_else(|| self.core.clock.hold());
            let outcome = match self.run.status() {
                MapRunStatus::Succeeded { output } => Some(Ok(output.clone())),
                MapRunStatus::Failed(failure) => Some(Err(failure.clone())),
                MapRunStatus::NotStarted | MapRunStatus::Running | MapRunStatus::Aborted => None,
            };
            self.store.shutdown().await;
            if outcome.is_none() {
                // The children are told already: whoever redrives the execution finds them at rest.
                while self.children.join_next().await.is_some() {}
            }
            if self.run.is_redrivable() {
                self.known.retain(|child, _| self.run.keeps(*child));
                self.shared.stop(Stopped { run: self.run, children: self.known });
            }
            if let Some(outcome) = outcome {
                let input = Input::MapRunEnded { run: self.id, outcome };
                // An execution that is gone needs no answer.
                let _ = self.parent.send(Message::Input { input, hold }).await;
            }
            while self.children.join_next().await.is_some() {}
        })
    }

    async fn take(&mut self, wake: Wake, is_stopped: &mut bool) -> Option<Hold> {
        match wake {
            Wake::Stop => {
                *is_stopped = true;
                let hold = self.core.clock.hold();
                self.step(MapRunInput::Stop).await;
                Some(hold)
            }
            Wake::Update(Update { update, reply, hold }) => {
                let tolerance = update.tolerance(self.run.tolerance());
                self.step(MapRunInput::Update { max_concurrency: update.max_concurrency, tolerance }).await;
                // Whoever asked may have gone.
                let _ = reply.send(());
                Some(hold)
            }
            Wake::Child(child, status, hold) => {
                self.inboxes.remove(&child);
                self.step(MapRunInput::ChildEnded { child, status }).await;
                if !self.run.keeps(child) {
                    self.known.remove(&child);
                }
                Some(hold)
            }
            Wake::Store(done, hold) => {
                let input = match done {
                    Done::Read { reader, items } => {
                        self.reader = Some(*reader);
                        match items {
                            Ok(Items { items, is_last, .. }) => MapRunInput::ItemsRead { items, is_last },
                            Err(error) => MapRunInput::ReadFailed(error),
                        }
                    }
                    Done::Unreadable(error) => MapRunInput::ReadFailed(error),
                    Done::Written(input) => input,
                };
                self.step(input).await;
                Some(hold)
            }
            Wake::Nothing => None,
        }
    }

    /// One input, and all that follows from it at once.
    async fn step(&mut self, input: MapRunInput) {
        let mut upcoming = VecDeque::from([input]);
        while let Some(input) = upcoming.pop_front() {
            self.time = self.time.max(self.core.clock.now());
            let now = Now { time: self.time, seed: self.seeds.next() };
            // An answer that nobody waits for any more has no effect.
            let _ = self.run.step(input, now, &mut self.effects);
            self.effects.events.clear();
            for command in std::mem::take(&mut self.effects.commands) {
                match command {
                    MapRunCommand::ReadItems { most } => self.read(most),
                    MapRunCommand::WritePart(part) => {
                        let writing = self.core.objects.put(part);
                        let hold = self.core.clock.hold();
                        self.store.spawn(async move {
                            let written = match writing.await {
                                Ok(()) => MapRunInput::PartWritten,
                                Err(error) => MapRunInput::WriteFailed(error),
                            };
                            (Done::Written(written), hold)
                        });
                    }
                    MapRunCommand::StartChild(request) => self.start_child(*request),
                    MapRunCommand::StopChild(child) => self.stop_child(child).await,
                }
            }
            if self.effects.more {
                upcoming.push_back(MapRunInput::Continue);
                tokio::task::yield_now().await;
            }
        }
        self.description.send_replace(MapRunDescription::of(&self.run));
    }

    fn read(&mut self, most: u32) {
        let reader = match self.reader.take() {
            Some(reader) => Ok(reader),
            None => ItemReader::new(&self.run.plan().items).map(|reader| reader.skipping(self.run.items_read())),
        };
        let (objects, hold) = (self.core.objects.clone(), self.core.clock.hold());
        self.store.spawn(async move {
            let mut reader = match reader {
                Ok(reader) => Box::new(reader),
                Err(error) => return (Done::Unreadable(error), hold),
            };
            let items = items(&mut reader, most, &*objects).await;
            (Done::Read { reader, items }, hold)
        });
    }

    fn start_child(&mut self, request: ChildRequest) {
        let ChildRequest { child, identity, program, quotas, input, redrive_count, .. } = request;
        let before = self.known.remove(&child).filter(|_| redrive_count > 0);
        let (shared, first) = match before {
            Some(shared) => (shared, Input::Redrive),
            None => (Arc::new(Shared::new(program, identity, self.machine.clone(), quotas)), Input::Start { input }),
        };
        self.known.insert(child, shared.clone());
        let (actor, watched, inbox) = Actor::of(&shared, &self.core, self.seeds.branch(), first);
        self.inboxes.insert(child, inbox);
        let hold = self.core.clock.hold();
        self.children.spawn(async move {
            let held = actor.run_to_end(hold).await;
            let status = watched.get();
            (child, status, held)
        });
    }

    async fn stop_child(&mut self, child: ChildId) {
        if let Some(inbox) = self.inboxes.remove(&child) {
            let (reply, _) = oneshot::channel();
            let message = Message::Stop { error: None, cause: None, reply, hold: self.core.clock.hold() };
            // A child that is gone needs no stop.
            let _ = inbox.send(message).await;
        }
    }
}

/// The next items of a data set, at most so many.
async fn items(reader: &mut ItemReader, most: u32, objects: &dyn ObjectService) -> Result<Items, ReadError> {
    let mut items = Items::default();
    while let Some(request) = reader.gather(most, &mut items)? {
        reader.answer(objects.answer(request).await?)?;
    }
    Ok(items)
}
