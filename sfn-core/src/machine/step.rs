//! One step: an input is taken in, then ready frames go on until none is left or the step is long enough.

use sfn_asl::query::{Budget, Random};
use sfn_asl::value::Value;

use super::failing::result_too_large;
use super::frame::{ChildKind, Phase};
use super::observe::{Note, Observer};
use super::{
    Command, Effects, Event, Failure, FailureKind, FrameId, Input, Machine, Now, Record, Rejected, Status, TaskId,
    TaskPhase,
};

/// Moves of one step; with more to do it says [`Effects::more`], so that a loop of pure states cannot starve a stop.
const MOVES: usize = 256;

impl Machine {
    /// Decides what follows from `input` at `now`. An input that is refused has no effect of its own, but what the clock
    /// says is due still happens, and what was to do is done.
    pub fn step(&mut self, input: Input, now: Now, effects: &mut Effects) -> Result<(), Rejected> {
        let mut turn = Turn::new(self, effects, now, None);
        let outcome = turn.take(input);
        turn.run();
        outcome
    }
}

/// A step in progress.
pub(super) struct Turn<'a> {
    pub(super) machine: &'a mut Machine,
    pub(super) effects: &'a mut Effects,
    pub(super) time: i64,
    pub(super) random: Random,
    pub(super) budget: Budget,
    /// Who looks on, when a state is tested by itself.
    pub(super) observer: Option<&'a Observer>,
    moves: usize,
}

impl<'a> Turn<'a> {
    pub(super) fn new(
        machine: &'a mut Machine,
        effects: &'a mut Effects,
        now: Now,
        observer: Option<&'a Observer>,
    ) -> Self {
        let (random, budget) = (Random::new(now.seed), Budget::default());
        Turn { machine, effects, time: now.time, random, budget, observer, moves: MOVES }
    }

    /// Tells the observer, if there is one; what it is told is made only then.
    #[inline]
    pub(super) fn note(&self, note: impl FnOnce() -> Note) {
        if let Some(observer) = self.observer {
            observer.take(note());
        }
    }

    pub(super) fn take(&mut self, input: Input) -> Result<(), Rejected> {
        if let Input::Start { input } = input {
            return self.start(input);
        }
        if matches!(input, Input::Redrive) {
            return self.redrive();
        }
        match self.machine.status {
            Status::NotStarted => return Err(Rejected::NotStarted),
            Status::Running => {}
            _ => return Err(Rejected::Ended),
        }
        // An answer that comes in the very moment of a deadline still counts; one that comes later does not.
        self.expire(matches!(input, Input::Tick));
        if self.is_over() {
            return if matches!(input, Input::Tick | Input::Continue) { Ok(()) } else { Err(Rejected::Ended) };
        }
        match input {
            Input::Start { .. } | Input::Redrive | Input::Continue | Input::Tick => Ok(()),
            Input::TaskStarted { task, worker } => {
                if !self.task(task)?.0 {
                    self.emit(Event::TaskStarted { frame: task.frame, worker });
                }
                Ok(())
            }
            Input::TaskSubmitted { task, output } => {
                let (_, submitted) = self.begin_task(task)?;
                if !submitted {
                    self.emit(Event::TaskSubmitted { frame: task.frame, output });
                }
                Ok(())
            }
            Input::TaskHeartbeat { task } => {
                self.begin_task(task)?;
                self.emit(Event::TaskHeartbeat { frame: task.frame });
                Ok(())
            }
            Input::TaskSucceeded { task, output } => {
                self.begin_task(task)?;
                self.succeed(task, output);
                Ok(())
            }
            Input::TaskFailed { task, phase, error, cause } => {
                match phase {
                    TaskPhase::Submit | TaskPhase::Run => self.begin_task(task)?,
                    TaskPhase::Schedule | TaskPhase::Start => self.task(task)?,
                };
                let failure = Failure { error, cause, kind: FailureKind::Ordinary };
                self.emit(Event::TaskFailed { frame: task.frame, phase, failure });
                Ok(())
            }
            Input::MapRunEnded { run, outcome } => {
                let frame = run.frame;
                match self.machine.frames.get(frame).map(|frame| &frame.phase) {
                    Some(Phase::MapRun(out)) if out.id == run => {}
                    _ => return Err(Rejected::UnknownMapRun),
                }
                match outcome {
                    Ok(output) => self.emit(Event::MapRunSucceeded { frame, output }),
                    Err(failure) => self.emit(Event::MapRunFailed { frame, failure }),
                };
                Ok(())
            }
            Input::Stop { error, cause } => {
                self.end(Event::ExecutionAborted { failure: Failure { error, cause, kind: FailureKind::Ordinary } });
                Ok(())
            }
        }
    }

    fn start(&mut self, input: Value) -> Result<(), Rejected> {
        if self.machine.status != Status::NotStarted {
            return Err(Rejected::AlreadyStarted);
        }
        if input.json_size() > self.machine.quotas.payload_bytes {
            return Err(Rejected::InputTooLarge);
        }
        self.emit(Event::ExecutionStarted { input });
        Ok(())
    }

    /// Whether a task that is out was started, and whether its request was accepted.
    fn task(&self, task: TaskId) -> Result<(bool, bool), Rejected> {
        match self.machine.frames.get(task.frame).map(|frame| &frame.phase) {
            Some(Phase::Task(run)) if run.id == task => Ok((run.started, run.submitted)),
            _ => Err(Rejected::UnknownTask),
        }
    }

    /// The same; whoever answers a task has begun it.
    fn begin_task(&mut self, task: TaskId) -> Result<(bool, bool), Rejected> {
        let (started, submitted) = self.task(task)?;
        if !started {
            self.emit(Event::TaskStarted { frame: task.frame, worker: None });
        }
        Ok((true, submitted))
    }

    fn succeed(&mut self, task: TaskId, output: Value) {
        let frame = task.frame;
        if output.json_size() <= self.machine.quotas.payload_bytes {
            self.emit(Event::TaskSucceeded { frame, output });
            return;
        }
        let failure = result_too_large(&self.resource_name(frame));
        self.emit(Event::TaskFailed { frame, phase: TaskPhase::Run, failure });
    }

    /// Does what is due: before this moment, or also in it.
    fn expire(&mut self, inclusive: bool) {
        let is_due = |at: i64, time: i64| at < time || (inclusive && at == time);
        loop {
            // What follows from one deadline happens before the next is looked at: a log that ends in between goes on
            // in the same order.
            self.run();
            if self.moves == 0 || self.is_over() {
                return;
            }
            let frame = self.machine.deadlines.first().copied();
            if let Some(deadline) = self.machine.deadline
                && is_due(deadline, self.time)
                && frame.is_none_or(|(at, _)| deadline <= at)
            {
                self.end(Event::ExecutionTimedOut);
                return;
            }
            let Some((at, id)) = frame.filter(|(at, _)| is_due(*at, self.time)) else { return };
            self.moves -= 1;
            match &self.machine.frames[id].phase {
                Phase::Waiting(_) => self.emit(Event::WaitEnded { frame: id }),
                Phase::BackingOff(_) => self.emit(Event::RetryStarted { frame: id }),
                Phase::Task(task) => {
                    let kind =
                        if task.timeout_at == Some(at) { FailureKind::Timeout } else { FailureKind::HeartbeatTimeout };
                    let task = task.id;
                    let event = Event::TaskTimedOut { frame: id, failure: Failure::timeout(kind) };
                    let emitted = self.emit(event);
                    if emitted {
                        self.effects.commands.push(Command::Cancel(task));
                    }
                    emitted
                }
                _ => unreachable!("only waits, retries and tasks have deadlines"),
            };
        }
    }

    fn run(&mut self) {
        while let Some(&frame) = self.machine.ready.front() {
            if self.moves == 0 {
                break;
            }
            self.moves -= 1;
            self.advance(frame);
        }
        self.effects.more = !self.machine.ready.is_empty();
    }

    /// Goes on with a frame by one move.
    pub(super) fn advance(&mut self, id: FrameId) {
        let frame = &self.machine.frames[id];
        match &frame.phase {
            Phase::Entering => {
                let (state, input) = (frame.state, frame.input.clone());
                self.emit(Event::StateEntered { frame: id, state, input });
            }
            Phase::Running => self.run_state(id),
            Phase::Waited => self.finish_wait(id),
            Phase::Result(result) => {
                let result = result.clone();
                self.finish_with_result(id, result);
            }
            Phase::Failed(failed) => {
                let failed = (**failed).clone();
                self.settle(id, failed);
            }
            Phase::Children(_) => self.run_children(id),
            Phase::DistributedMap(_) => self.start_map_run(id),
            Phase::MapRunStopped(_) => self.redrive_stopped_map_run(id),
            Phase::MapRunSucceeded(_) => {
                self.emit(Event::ChildrenSucceeded { frame: id });
            }
            Phase::Ended(output) => {
                let output = output.clone();
                match frame.parent.map(|parent| parent.kind) {
                    None => self.emit(Event::ExecutionSucceeded { output }),
                    Some(ChildKind::Branch) => self.emit(Event::BranchSucceeded { frame: id, output }),
                    Some(ChildKind::Iteration) => self.emit(Event::IterationSucceeded { frame: id, output }),
                };
            }
            Phase::Task(_) | Phase::Waiting(_) | Phase::BackingOff(_) | Phase::MapRun(_) | Phase::Aborted => {
                unreachable!("a frame that waits is not in the queue")
            }
        }
    }

    /// Takes an event into the machine and the log. False when the execution is over, or is now, because its history is
    /// full.
    pub(super) fn emit(&mut self, event: Event) -> bool {
        if self.is_over() {
            return false;
        }
        let is_standard = self.machine.is_standard();
        let quotas = &self.machine.quotas;
        let limit = if is_standard { quotas.history_events } else { quotas.express_events };
        if event.is_recorded() && !event.is_terminal() && self.machine.history_id.saturating_add(1) >= limit {
            if !is_standard {
                self.end(Event::ExecutionTimedOut);
                return false;
            }
            let cause = format!("The execution reached the maximum number of history events ({limit}).");
            self.end(Event::ExecutionFailed { failure: Failure::fatal("States.Runtime", cause) });
            return false;
        }
        self.record(event);
        true
    }

    /// Takes an event into the machine and the log, whatever the execution has come to.
    pub(super) fn record(&mut self, mut event: Event) {
        if let Some(failure) = event.failure_mut() {
            failure.cut();
        }
        let record = Record { time: self.time, event };
        self.machine.apply(&record);
        self.effects.events.push(record);
    }

    /// Ends the execution; tasks and Map Runs that are out are cancelled.
    pub(super) fn end(&mut self, event: Event) {
        let out = self.machine.frames.iter().filter_map(|(_, frame)| frame.phase.cancellation());
        self.effects.commands.extend(out);
        self.emit(event);
    }

    fn is_over(&self) -> bool {
        self.machine.status.is_terminal()
    }
}
