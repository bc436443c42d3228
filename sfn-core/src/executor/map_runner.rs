//! The Map Run of a Distributed Map: its children are executions of this executor, its objects those of the store.

use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use super::actor::{Actor, Message};
use super::clock::Hold;
use super::execution::Shared;
use super::{Core, INBOX, Seeds};
use crate::item_reader::{ItemReader, Items, ReadError};
use crate::machine::{Input, Machine, MapRunId, MapRunRequest, Now, Status};
use crate::map_run::{ChildId, ChildRequest, MapRun, MapRunCommand, MapRunEffects, MapRunInput, MapRunStatus};
use crate::object_store::ObjectPart;
use crate::task::TaskBody;

pub(super) struct MapRunner {
    id: MapRunId,
    run: MapRun,
    effects: MapRunEffects,
    core: Arc<Core>,
    bodies: Vec<TaskBody>,
    seeds: Seeds,
    /// When the last step was.
    time: i64,
    reader: Option<ItemReader>,
    /// The inboxes of the children that run.
    inboxes: HashMap<ChildId, mpsc::Sender<Message>>,
    children: JoinSet<(ChildId, Status, Hold)>,
    /// The inbox of the execution that the Map is part of.
    parent: mpsc::Sender<Message>,
    /// True, or closed, when nobody waits for the run any more.
    stop: watch::Receiver<bool>,
}

impl MapRunner {
    pub(super) fn new(
        request: &MapRunRequest,
        core: Arc<Core>,
        bodies: Vec<TaskBody>,
        parent: mpsc::Sender<Message>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let seeds = core.seeds().branch();
        MapRunner {
            id: request.run,
            run: MapRun::new(request),
            effects: MapRunEffects::default(),
            core,
            bodies,
            seeds,
            time: i64::MIN,
            reader: None,
            inboxes: HashMap::new(),
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
            self.step(MapRunInput::Start).await;
            let mut hold = Some(started);
            let mut is_stopped = false;
            while !self.run.status().is_terminal() {
                // The children hold the time while they work.
                drop(hold.take());
                let wake = tokio::select! {
                    biased;
                    _ = shutdown.wait_for(|shutdown| *shutdown) => break,
                    _ = self.stop.wait_for(|stop| *stop), if !is_stopped => None,
                    // A child that panicked never ends: a bug of ours, which its own task has told.
                    Some(ended) = self.children.join_next() => Some(ended),
                };
                match wake {
                    None => {
                        is_stopped = true;
                        hold = Some(self.core.clock.hold());
                        self.step(MapRunInput::Stop).await;
                    }
                    Some(Ok((child, status, held))) => {
                        hold = Some(held);
                        self.inboxes.remove(&child);
                        self.step(MapRunInput::ChildEnded { child, status }).await;
                    }
                    Some(Err(_)) => {}
                }
            }
            let hold = hold.unwrap_or_else(|| self.core.clock.hold());
            let outcome = match self.run.status() {
                MapRunStatus::Succeeded { output } => Some(Ok(output.clone())),
                MapRunStatus::Failed(failure) => Some(Err(failure.clone())),
                MapRunStatus::NotStarted | MapRunStatus::Running | MapRunStatus::Aborted => None,
            };
            if let Some(outcome) = outcome {
                let input = Input::MapRunEnded { run: self.id, outcome };
                // An execution that is gone needs no answer.
                let _ = self.parent.send(Message::Input { input, hold }).await;
            }
            while self.children.join_next().await.is_some() {}
        })
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
                    MapRunCommand::ReadItems { most } => upcoming.push_back(self.read(most)),
                    MapRunCommand::WritePart(part) => upcoming.push_back(self.write(&part)),
                    MapRunCommand::StartChild(request) => self.start_child(*request),
                    MapRunCommand::StopChild(child) => self.stop_child(child).await,
                }
            }
            if self.effects.more && upcoming.is_empty() {
                upcoming.push_back(MapRunInput::Continue);
            }
            if !upcoming.is_empty() {
                tokio::task::yield_now().await;
            }
        }
    }

    fn read(&mut self, most: u32) -> MapRunInput {
        match self.items(most) {
            Ok(Items { items, is_last }) => MapRunInput::ItemsRead { items, is_last },
            Err(error) => MapRunInput::ReadFailed(error),
        }
    }

    fn items(&mut self, most: u32) -> Result<Items, ReadError> {
        let reader = match &mut self.reader {
            Some(reader) => reader,
            None => self.reader.insert(ItemReader::new(&self.run.plan().items)?),
        };
        reader.read(most, |request| self.core.objects().answer(request))
    }

    fn write(&self, part: &ObjectPart) -> MapRunInput {
        match self.core.objects().put(part) {
            Ok(()) => MapRunInput::PartWritten,
            Err(error) => MapRunInput::WriteFailed(error),
        }
    }

    fn start_child(&mut self, request: ChildRequest) {
        let ChildRequest { child, identity, program, quotas, input, .. } = request;
        let machine = Machine::new(program.clone(), identity.clone(), quotas);
        let shared = Arc::new(Shared { program, identity, bodies: self.bodies.clone(), log: Mutex::default() });
        let (status, watched) = watch::channel(Status::NotStarted);
        let (sender, inbox) = mpsc::channel(INBOX);
        self.inboxes.insert(child, sender.clone());
        let (core, seeds, hold) = (self.core.clone(), self.seeds.branch(), self.core.clock.hold());
        let actor = Actor::new(machine, core, shared, status, seeds, (sender, inbox));
        self.children.spawn(async move {
            let held = actor.run_to_end(input, hold).await;
            let status = watched.borrow().clone();
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
