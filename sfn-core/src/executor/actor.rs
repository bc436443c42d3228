//! One execution: a loop that takes in whatever wakes it, steps the machine and obeys its commands.

use std::collections::VecDeque;
use std::pin::pin;
use std::sync::Arc;

use sfn_asl::definition::{Integration, ServicePattern};
use sfn_asl::value::Value;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinSet;

use super::address::machine_name;
use super::clock::Hold;
use super::execution::Shared;
use super::handler::{Handling, Outcome, Plan};
use super::inbox::{Inbox, Sender, inbox};
use super::map_runner::MapRunner;
use super::nested::Runner;
use super::watched::{Owner, Watch, watched};
use super::{Core, Seeds, TaskContext, TokenError, lambda};
use crate::machine::{
    Command, Effects, Identity, Input, Machine, MapRunId, MapRunRequest, Now, Rejected, Status, TaskId, TaskPhase,
    TaskRequest,
};
use crate::task::Error;

/// Everything that is said to an execution. Each message keeps the time from passing until it is dealt with.
pub(super) enum Message {
    /// Something happened to a task of this execution.
    Input { input: Input, hold: Hold },
    /// Somebody answers with a token, or a worker takes a task; `reply` tells whether anybody still waited for it.
    Answered { input: Input, reply: oneshot::Sender<Result<(), TokenError>>, hold: Hold },
    /// Somebody stops the execution; `reply` says that it is done.
    Stop { error: Option<Arc<str>>, cause: Option<Arc<str>>, reply: oneshot::Sender<()>, hold: Hold },
}

pub(super) struct Actor {
    machine: Machine,
    effects: Effects,
    core: Arc<Core>,
    shared: Arc<Shared>,
    status: Owner<Status>,
    seeds: Seeds,
    /// When the last step was.
    time: i64,
    inbox: Inbox,
    /// For the handlers.
    sender: Sender,
    /// What the commands of a step bring with them.
    upcoming: VecDeque<Input>,
    /// The tasks that are out.
    tasks: Vec<(TaskId, Outstanding)>,
    handlers: JoinSet<()>,
    /// The Map Runs that are out: what stops them.
    map_runs: Vec<(MapRunId, watch::Sender<bool>)>,
}

struct Outstanding {
    /// The handler, if there is one, and what tells it that nobody waits for it any more.
    handler: Option<(TaskContext, Owner<bool>)>,
    token: Option<Arc<str>>,
}

impl Actor {
    /// An actor for an execution as its log left it, with its status and its inbox; it begins with `first`, a start or a
    /// redrive.
    pub(super) fn of(
        shared: &Arc<Shared>,
        core: &Arc<Core>,
        seeds: Seeds,
        first: Input,
    ) -> (Box<Self>, Watch<Status>, Sender) {
        let machine = shared.machine();
        // One that has ended is about to be redriven.
        let running = if machine.status().is_terminal() { Status::Running } else { machine.status().clone() };
        let (status, watch) = watched(running);
        let (sender, inbox) = inbox();
        // A box: the futures that hand it on are as small as it is.
        let actor = Box::new(Actor {
            machine,
            effects: Effects::default(),
            core: core.clone(),
            shared: shared.clone(),
            status,
            seeds,
            time: i64::MIN,
            inbox,
            sender: sender.clone(),
            upcoming: VecDeque::from([first]),
            tasks: Vec::new(),
            handlers: JoinSet::new(),
            map_runs: Vec::new(),
        });
        (actor, watch, sender)
    }

    /// Runs the execution to its end, or until the executor shuts down, and sees its handlers out.
    ///
    /// It begins with what [`Actor::of`] was given.
    pub(super) async fn run(self: Box<Self>, started: Hold) {
        drop(self.run_to_end(started).await);
    }

    /// The same, and keeps the time from passing until whoever waits for the end has seen it.
    pub(super) async fn run_to_end(mut self: Box<Self>, started: Hold) -> Hold {
        let mut shutdown = self.core.shutdown.subscribe();
        // What is wrong with its first input was seen by whoever starts or redrives the execution.
        if let Some(first) = self.upcoming.pop_front() {
            let _ = self.step(first);
        }
        self.go_on().await;
        let mut hold = Some(started);
        'running: while !self.machine.status().is_terminal() {
            let timer = self.machine.next_deadline().map(|deadline| self.core.clock.deadline(deadline));
            let mut timer = pin!(async {
                match timer {
                    Some(timer) => timer.await,
                    None => std::future::pending().await,
                }
            });
            // The clock knows of the timer: the time may pass.
            drop(hold.take());
            hold = loop {
                tokio::select! {
                    biased;
                    _ = shutdown.wait_for(|shutdown| *shutdown) => break 'running,
                    message = self.inbox.recv() => break Some(self.take(message)),
                    hold = &mut timer => {
                        self.upcoming.push_back(Input::Tick);
                        break Some(hold);
                    }
                    // The timer is kept: it may have gone off just now, and holds the time for whoever looks.
                    Some(_) = self.handlers.join_next() => {}
                }
            };
            self.go_on().await;
        }
        // No time passes until the handlers are gone.
        let hold = hold.unwrap_or_else(|| self.core.clock.hold());
        self.finish().await;
        hold
    }

    /// Cancels the handlers and waits until they are gone.
    async fn finish(mut self: Box<Self>) {
        self.inbox.close();
        for task in self.tasks.iter().map(|(task, _)| *task).collect::<Vec<_>>() {
            self.forget(task);
        }
        self.map_runs.clear();
        // Whoever waits for the result need not wait for the handlers.
        drop(self.status);
        while self.handlers.join_next().await.is_some() {}
    }

    fn take(&mut self, message: Message) -> Hold {
        match message {
            Message::Input { input, hold } => {
                // An answer that nobody waits for any more has no effect.
                let _ = self.step(input);
                hold
            }
            Message::Answered { input, reply, hold } => {
                let outcome = self.step(input).map_err(|_| TokenError::UnknownTask);
                // Whoever asked may have gone.
                let _ = reply.send(outcome);
                hold
            }
            Message::Stop { error, cause, reply, hold } => {
                // An execution that is over needs no stop.
                let _ = self.step(Input::Stop { error, cause });
                let _ = reply.send(());
                hold
            }
        }
    }

    /// Does all that is to do at once. A long run of pure states lets others run, and takes in what comes meanwhile.
    async fn go_on(&mut self) {
        while !self.machine.status().is_terminal() {
            if let Some(input) = self.upcoming.pop_front() {
                let _ = self.step(input);
                continue;
            }
            if !self.effects.more || *self.core.shutdown.borrow() {
                // Whoever waits keeps no more memory than it needs.
                self.upcoming = VecDeque::new();
                return;
            }
            tokio::task::yield_now().await;
            match self.inbox.try_recv() {
                Some(message) => drop(self.take(message)),
                None => drop(self.step(Input::Continue)),
            }
        }
    }

    /// One input, and the commands that follow from it.
    fn step(&mut self, input: Input) -> Result<(), Rejected> {
        let answered = match &input {
            Input::TaskSucceeded { task, .. } | Input::TaskFailed { task, .. } => Some(*task),
            _ => None,
        };
        if let Input::MapRunEnded { run, .. } = &input {
            self.map_runs.retain(|(known, _)| known != run);
        }
        // The clock on the wall may be set back; the time of an execution never goes back.
        self.time = self.time.max(self.core.clock.now());
        let now = Now { time: self.time, seed: self.seeds.next() };
        let outcome = self.machine.step(input, now, &mut self.effects);
        if let (Ok(()), Some(task)) = (outcome, answered) {
            self.forget(task);
        }
        // The log comes first: whoever sees the status finds the events that led to it.
        self.shared.record(&mut self.effects.events);
        for command in std::mem::take(&mut self.effects.commands) {
            match command {
                Command::Schedule(request) => self.schedule(*request),
                Command::Cancel(task) => self.forget(task),
                Command::StartMapRun(request) => self.start_map_run(&request),
                // Whoever runs it sees that this end is gone.
                Command::StopMapRun(run) => self.map_runs.retain(|(known, _)| *known != run),
            }
        }
        self.status.set(self.machine.status());
        outcome
    }

    fn start_map_run(&mut self, request: &MapRunRequest) {
        let (stop, stopped) = watch::channel(false);
        self.map_runs.push((request.run, stop));
        let runner = MapRunner::new(request, self.core.clone(), &self.shared, self.sender.clone(), stopped);
        self.handlers.spawn(runner.run(self.core.clock.hold()));
    }

    fn schedule(&mut self, request: TaskRequest) {
        let task = request.task;
        let mut outstanding = Outstanding { handler: None, token: request.token.clone() };
        if let Some(token) = &request.token {
            self.core.tokens().insert(token.clone(), (task, self.sender.clone()));
        }
        match self.core.handlers.plan(&request, &self.shared.known, |machine| Runner::new(self.core.clone(), machine)) {
            Plan::Handle { handler, input, outcome } => {
                let (cancel, cancelled) = watched(false);
                let context = TaskContext::new(
                    request.clone(),
                    self.machine.identity().clone(),
                    self.core.clock.clone(),
                    self.sender.clone(),
                    cancelled.clone(),
                );
                outstanding.handler = Some((context.clone(), cancel));
                let work = Work { core: self.core.clone(), sender: self.sender.clone(), request, outcome, cancelled };
                let given = context.clone();
                // The handler is called when it is first polled, where its panic is caught.
                let handling = Box::pin(async move {
                    if outcome == Outcome::Answer {
                        given.submitted(Value::empty_object()).await;
                    }
                    handler(input, given).await
                });
                self.handlers.spawn(work.run(context, handling));
                self.upcoming.push_back(Input::TaskStarted { task, worker: None });
            }
            Plan::Activity(name) => self.core.activities.offer(&name, &request, &*self.core.clock),
            Plan::Missing(error) => self.upcoming.push_back(failed(task, TaskPhase::Schedule, error)),
        }
        if self.tasks.is_empty() {
            // Most executions have one task out, and there may be many executions.
            self.tasks.reserve_exact(1);
        }
        self.tasks.push((task, outstanding));
    }

    /// Nobody waits for the task any more.
    fn forget(&mut self, task: TaskId) {
        if let Some(position) = self.tasks.iter().position(|(known, _)| *known == task) {
            let (_, outstanding) = self.tasks.swap_remove(position);
            if let Some((context, cancel)) = outstanding.handler {
                context.cancel(&cancel);
            }
            if let Some(token) = outstanding.token {
                self.core.tokens().remove(&token);
                self.core.activities.withdraw(&token);
            }
        }
    }
}

/// The work on one task.
struct Work {
    core: Arc<Core>,
    sender: Sender,
    request: TaskRequest,
    outcome: Outcome,
    cancelled: Watch<bool>,
}

impl Work {
    /// Runs the handler and tells how it went. A handler that nobody waits for has a moment to tidy up.
    async fn run(self, context: TaskContext, handling: Handling) {
        let gone = async {
            if self.cancelled.wait_for(|cancelled| *cancelled).await.is_ok() {
                drop(self.core.clock.grace(self.core.grace).await);
            }
        };
        let outcome = tokio::select! {
            biased;
            outcome = context.attend(handling) => Some(outcome),
            () = gone => None,
        };
        let hold = context.end();
        if let Some(outcome) = outcome {
            let input = self.input(outcome);
            // An execution that is gone needs no answer.
            let _ = self.sender.send(Message::Input { input, hold }).await;
        }
    }

    /// What a service answers that has started an execution: one that a handler stands in for.
    fn started(&self) -> Value {
        let machine = self.request.parameters.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
        let name = format!("stand-in-{}", self.request.task.sequence());
        let identity = Identity::local(machine_name(machine), &name);
        Value::object([("ExecutionArn", Value::from(identity.execution_arn()))])
    }

    fn input(&self, outcome: Result<Value, Error>) -> Input {
        let task = self.request.task;
        let by_token = self.outcome != Outcome::Answer
            && matches!(
                self.request.resource.integration,
                Integration::Service { pattern: ServicePattern::WaitForTaskToken, .. }
            );
        match outcome {
            Ok(output) => {
                let output = match self.outcome {
                    Outcome::Response => lambda::response(output, &self.request, &*self.core.clock),
                    Outcome::Output => Value::object([("Output", output)]),
                    Outcome::Started => self.started(),
                    Outcome::Whole | Outcome::Answer => output,
                };
                match by_token {
                    true => Input::TaskSubmitted { task, output },
                    false => Input::TaskSucceeded { task, output },
                }
            }
            Err(error) => failed(task, if by_token { TaskPhase::Submit } else { TaskPhase::Run }, error),
        }
    }
}

/// The failure of a task. An empty cause is one, too: without any, the Error Output says `null`, which is no text.
pub(super) fn failed(task: TaskId, phase: TaskPhase, error: Error) -> Input {
    Input::TaskFailed { task, phase, error: Some(error.error.into()), cause: Some(error.cause.into()) }
}
