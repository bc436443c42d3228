//! What a handler knows of its task, and how it talks to the execution.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use sfn_asl::value::Value;

use super::actor::Message;
use super::clock::{Clock, Hold, milliseconds};
use super::handler::Handling;
use super::inbox::Sender;
use super::watched::{Owner, Watch};
use crate::machine::{Identity, Input, TaskRequest};
use crate::task::Error;

/// The task that a handler works on. Clones are the same task.
#[derive(Clone)]
pub struct TaskContext(Arc<Inner>);

struct Inner {
    request: TaskRequest,
    identity: Arc<Identity>,
    clock: Arc<dyn Clock>,
    inbox: Sender,
    cancelled: Watch<bool>,
    hold: Mutex<Slot>,
    /// How many things the handler waits for that come only as time passes.
    waiting: AtomicUsize,
}

/// The handler's hold on the time.
struct Slot {
    /// Absent while the handler waits for the time to pass.
    hold: Option<Hold>,
    /// The handler is gone: it needs none any more.
    over: bool,
}

impl TaskContext {
    pub(super) fn new(
        request: TaskRequest,
        identity: Arc<Identity>,
        clock: Arc<dyn Clock>,
        inbox: Sender,
        cancelled: Watch<bool>,
    ) -> Self {
        let hold = Mutex::new(Slot { hold: Some(clock.hold()), over: false });
        let waiting = AtomicUsize::new(0);
        TaskContext(Arc::new(Inner { request, identity, clock, inbox, cancelled, hold, waiting }))
    }

    /// Name of the state.
    pub fn state(&self) -> &str {
        &self.0.request.state
    }

    /// `Resource` of the state, as it is written.
    pub fn resource(&self) -> &str {
        &self.0.request.resource.text
    }

    /// ARN of the execution.
    pub fn execution_arn(&self) -> String {
        self.0.identity.execution_arn()
    }

    /// How often the state was retried before: 0 at first.
    pub fn retry_count(&self) -> u32 {
        self.0.request.retry_count
    }

    /// A key that no other task has: a task that is done twice, say after a crash, comes with the same one.
    pub fn idempotency_key(&self) -> String {
        format!("{}:{}", self.execution_arn(), self.0.request.task.sequence())
    }

    /// The token of a task that is answered by `send_task_success` and its kin.
    pub fn token(&self) -> Option<&str> {
        self.0.request.token.as_deref()
    }

    /// `RoleArn` of the state's credentials.
    pub fn role_arn(&self) -> Option<&str> {
        self.0.request.role_arn.as_deref()
    }

    /// Seconds that the task may take.
    pub fn timeout_seconds(&self) -> Option<u64> {
        self.0.request.timeout_seconds
    }

    /// Seconds that may pass between two [`heartbeat`](Self::heartbeat)s.
    pub fn heartbeat_seconds(&self) -> Option<u64> {
        self.0.request.heartbeat_seconds
    }

    /// Tells that the work goes on: the heartbeat's time begins anew.
    pub async fn heartbeat(&self) {
        self.tell(Input::TaskHeartbeat { task: self.0.request.task }).await;
    }

    /// Tells that the job of a `.sync` task was accepted, with the service's answer; the handler's result is the job's.
    pub async fn submitted(&self, output: Value) {
        self.tell(Input::TaskSubmitted { task: self.0.request.task, output }).await;
    }

    /// True once nobody waits for the task any more: it timed out, or the execution ended or was stopped.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.get()
    }

    /// Completes once nobody waits for the task any more.
    ///
    /// The handler is dropped a little later, however far it came. Under a virtual clock the time passes while a handler
    /// waits here.
    pub async fn cancelled(&self) {
        let _waiting = self.waiting();
        if self.0.cancelled.wait_for(|cancelled| *cancelled).await.is_err() {
            // The execution is gone, and this handler with it.
            std::future::pending::<()>().await;
        }
    }

    /// The executor's time, in milliseconds since 1970-01-01T00:00Z.
    pub fn now(&self) -> i64 {
        self.0.clock.now()
    }

    /// Waits by the executor's clock. Once nobody waits for the task any more, this does not return.
    pub async fn sleep(&self, duration: Duration) {
        let timer = self.0.clock.sleep_until(self.now().saturating_add(milliseconds(duration)));
        let waiting = self.waiting();
        let hold = tokio::select! {
            biased;
            () = self.cancelled() => None,
            hold = timer => Some(hold),
        };
        match hold {
            Some(hold) => self.keep(hold),
            None => std::future::pending().await,
        }
        drop(waiting);
    }

    /// Lets a virtual clock go on while `work` is done by others, and takes over the hold that it ends with.
    pub(super) async fn lets_time_pass(&self, work: impl Future<Output = Hold>) {
        let waiting = self.waiting();
        let hold = work.await;
        self.keep(hold);
        drop(waiting);
    }

    async fn tell(&self, input: Input) {
        let hold = self.0.clock.hold();
        // An execution that is gone needs no news.
        let _ = self.0.inbox.send(Message::Input { input, hold }).await;
    }

    fn slot(&self) -> MutexGuard<'_, Slot> {
        self.0.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, hold: Hold) {
        let mut slot = self.slot();
        let before = if slot.over { Some(hold) } else { slot.hold.replace(hold) };
        drop(slot);
        // The clock may wake somebody in here: nothing is locked.
        drop(before);
    }

    /// Lets the time pass, unless the handler is about to be dropped.
    fn let_go(&self) {
        let mut slot = self.slot();
        let hold = if self.is_cancelled() { None } else { slot.hold.take() };
        drop(slot);
        drop(hold);
    }

    /// Tells the handler that nobody waits for it, and keeps the time still until it is gone.
    pub(super) fn cancel(&self, cancel: &Owner<bool>) {
        cancel.set(&true);
        self.keep(self.0.clock.hold());
    }

    fn waiting(&self) -> Waiting<'_> {
        self.0.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(&self.0.waiting)
    }

    /// The handler's outcome. The time is held while it works, and passes while it waits through its context.
    pub(super) async fn attend(&self, mut handling: Handling) -> Result<Value, Error> {
        std::future::poll_fn(|waker| {
            let missing = self.slot().hold.is_none();
            if missing {
                self.keep(self.0.clock.hold());
            }
            let guarded = std::panic::AssertUnwindSafe(|| handling.as_mut().poll(waker));
            match std::panic::catch_unwind(guarded) {
                Ok(Poll::Pending) => {
                    if self.0.waiting.load(Ordering::SeqCst) > 0 {
                        self.let_go();
                    }
                    Poll::Pending
                }
                Ok(Poll::Ready(outcome)) => Poll::Ready(outcome),
                Err(panic) => Poll::Ready(Err(panicked(self, &*panic))),
            }
        })
        .await
    }

    /// The hold that goes with the handler's answer, when the handler is gone.
    pub(super) fn end(&self) -> Hold {
        let mut slot = self.slot();
        slot.over = true;
        let hold = slot.hold.take();
        drop(slot);
        hold.unwrap_or_else(|| self.0.clock.hold())
    }
}

impl std::fmt::Debug for TaskContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TaskContext").field("request", &self.0.request).finish_non_exhaustive()
    }
}

struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The failure of a task whose handler panicked.
fn panicked(context: &TaskContext, panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    Error::new("Sfn.HandlerPanicked", format!("the handler of state `{}` panicked: {text}", context.state()))
}
