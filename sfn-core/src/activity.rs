//! A worker: asks for the tasks of activities, does them with typed functions and answers.
//!
//! ```
//! # #[cfg(feature = "macros")] mod doc {
//! use sfn_core::activity::Worker;
//! use sfn_core::executor::Executor;
//! use sfn_core::prelude::*;
//!
//! #[task(activity = "LabelActivityArn", timeout = "1d", heartbeat = "5m")]
//! async fn label(image: String) -> Result<String, Error>;
//!
//! #[state_machine]
//! async fn label_image(image: String) -> Result<String, Error> {
//!     label(image).await
//! }
//!
//! # pub
//! async fn labelled() -> Result<(), Box<dyn std::error::Error>> {
//!     let executor = Executor::builder().build();
//!     let execution = executor.start(label_image, "cat.png".to_string()).await?;
//!     let worker = Worker::new(executor.clone()).concurrency(8).serve(label, |image: String, heartbeat| async move {
//!         heartbeat.beat().await?;
//!         Ok(image.trim_end_matches(".png").to_string())
//!     });
//!     // It stops once the execution has ended.
//!     worker.run_until(execution.ended()).await;
//!     assert_eq!(execution.result().await?, "cat");
//!     executor.shutdown().await;
//!     Ok(())
//! }
//! # }
//! # #[cfg(feature = "macros")] #[tokio::main(flavor = "current_thread")]
//! # async fn main() { doc::labelled().await.expect("it is labelled") }
//! # #[cfg(not(feature = "macros"))] fn main() {}
//! ```

use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use sfn_asl::Value;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::client::{ActivityWork, ClientError, SfnClient};
use crate::executor::Hold;
use crate::lower::{BindingKind, Bindings};
use crate::task::{ActivityTask, BoxFuture, Callable, Error, Task, TaskFunction, TaskToken, answer};

/// How long a worker waits before it asks again when the service could not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// How often others may go on before a worker that has answered lets go of a virtual clock.
const POLLS: u32 = 64;

/// Asks for the tasks of activities and does them.
///
/// A panic of a function is an answer like any other, the error `Sfn.HandlerPanicked`. An answer that comes too late, to a
/// task that timed out, is passed over.
#[must_use = "a worker does nothing until it is run"]
pub struct Worker<C> {
    client: Arc<C>,
    bindings: Bindings,
    concurrency: usize,
    name: Option<String>,
    activities: Vec<Activity<C>>,
}

struct Activity<C> {
    name: &'static str,
    work: Served<C>,
}

/// The function of an activity: input and heartbeat in, output out.
type Served<C> = Arc<dyn Fn(Value, Heartbeat<C>) -> BoxFuture<Result<Value, Error>> + Send + Sync>;

impl<C: SfnClient + 'static> Worker<C> {
    /// A worker that serves nothing yet.
    pub fn new(client: C) -> Self {
        Worker {
            client: Arc::new(client),
            bindings: Bindings::local(),
            concurrency: 1,
            name: None,
            activities: Vec::new(),
        }
    }

    /// Sets where activities are found: on AWS their ARNs. Unless said they are those of an executor in this process.
    pub fn bindings(mut self, bindings: Bindings) -> Self {
        self.bindings = bindings;
        self
    }

    /// Sets how many tasks are done at once, those of all activities together: one unless said, at least one.
    pub fn concurrency(mut self, tasks: usize) -> Self {
        self.concurrency = tasks.max(1);
        self
    }

    /// Sets the name that stands in the history of the executions.
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Lets a function do the tasks of an activity: the task's parameters in, several as a tuple, and what sends heartbeats.
    pub fn serve<Arguments, F, H, Work>(mut self, _task: F, work: H) -> Self
    where
        F: TaskFunction<Arguments>,
        F::Task: ActivityTask,
        H: Fn(<F::Task as Callable>::Input, Heartbeat<C>) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<<F::Task as Callable>::Output, <F::Task as Callable>::Error>> + Send + 'static,
    {
        let Some((BindingKind::Activity, name)) = <F::Task as Task>::describe().resource.bound() else {
            unreachable!("an `ActivityTask` is bound as one")
        };
        let work = Arc::new(work);
        let work = Arc::new(move |payload: Value, heartbeat| -> BoxFuture<_> {
            let work = work.clone();
            Box::pin(async move { answer::<F::Task, _>(payload, |input| work(input, heartbeat)).await })
        });
        self.activities.push(Activity { name, work });
        self
    }

    /// Works until the service is shut down.
    pub async fn run(self) {
        self.run_until(std::future::pending::<()>()).await;
    }

    /// Works until `stop` completes, then finishes what was begun.
    ///
    /// Under a virtual clock the worker is polled before the execution is started, `tokio::join!(worker.run_until(..), ..)`:
    /// while nobody waits for a task, the time passes.
    ///
    /// # Panics
    /// When the bindings do not say where an activity is found.
    pub async fn run_until<T>(self, stop: impl Future<Output = T>) {
        let (stopping, stopped) = watch::channel(false);
        let slots = Arc::new(Semaphore::new(self.concurrency));
        let mut pollers: Vec<BoxFuture<()>> = Vec::new();
        for activity in self.activities {
            let arn = self.bindings.resolve(BindingKind::Activity, activity.name);
            let arn = arn.unwrap_or_else(|| panic!("no binding for the activity `{}`", activity.name));
            let poller = Poller {
                client: self.client.clone(),
                arn,
                worker: self.name.clone(),
                work: activity.work,
                slots: slots.clone(),
                stopped: stopped.clone(),
            };
            pollers.push(Box::pin(poller.run()));
        }
        // They are polled in here, so that a worker asks for work as soon as it is polled once.
        let mut all = std::pin::pin!(std::future::poll_fn(|context| {
            pollers.retain_mut(|poller| poller.as_mut().poll(context).is_pending());
            if pollers.is_empty() { Poll::Ready(()) } else { Poll::Pending }
        }));
        tokio::select! {
            biased;
            () = &mut all => return,
            _ = stop => {}
        }
        stopping.send_replace(true);
        all.await;
    }
}

/// Asks for the tasks of one activity.
struct Poller<C> {
    client: Arc<C>,
    arn: String,
    worker: Option<String>,
    work: Served<C>,
    slots: Arc<Semaphore>,
    stopped: watch::Receiver<bool>,
}

impl<C: SfnClient + 'static> Poller<C> {
    async fn run(self) {
        let mut tasks = JoinSet::new();
        let mut stopped = self.stopped.clone();
        loop {
            while tasks.try_join_next().is_some() {}
            let slot = tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => break,
                // INVARIANT: nobody closes the semaphore.
                Ok(slot) = self.slots.clone().acquire_owned() => slot,
            };
            let next = tokio::select! {
                biased;
                _ = stopped.wait_for(|stopped| *stopped) => break,
                next = self.client.get_activity_task(&self.arn, self.worker.as_deref()) => next,
            };
            match next {
                Ok(Some(task)) => {
                    let (client, work) = (self.client.clone(), self.work.clone());
                    tasks.spawn(async move {
                        let hold = serve(client, work, task).await;
                        drop(slot);
                        // A virtual clock stands still until the next task is asked for.
                        for _ in 0..POLLS {
                            tokio::task::yield_now().await;
                        }
                        drop(hold);
                    });
                }
                Ok(None) => {}
                Err(ClientError::ShutDown) => break,
                Err(_) => {
                    drop(slot);
                    tokio::select! {
                        _ = stopped.wait_for(|stopped| *stopped) => break,
                        () = tokio::time::sleep(PAUSE) => {}
                    }
                }
            }
        }
        while tasks.join_next().await.is_some() {}
    }
}

/// Does one task and answers.
async fn serve<C: SfnClient + 'static>(client: Arc<C>, work: Served<C>, task: ActivityWork) -> Option<Hold> {
    let ActivityWork { token, input, hold } = task;
    let hold = Arc::new(Mutex::new(hold));
    let heartbeat = Heartbeat { client: client.clone(), token: token.clone(), hold: hold.clone() };
    let outcome = tokio::spawn(async move { work(input, heartbeat).await }).await;
    // An answer that nobody waits for any more has no effect.
    let _ = match outcome {
        Ok(Ok(output)) => client.send_task_success(&token, output).await,
        Ok(Err(error)) => client.send_task_failure(&token, error).await,
        Err(panic) => {
            let error = Error::new("Sfn.HandlerPanicked", format!("the worker panicked: {panic}"));
            client.send_task_failure(&token, error).await
        }
    };
    hold.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What a worker's function tells the execution.
pub struct Heartbeat<C> {
    client: Arc<C>,
    token: TaskToken,
    /// Keeps a virtual clock where it stands while the function works.
    hold: Arc<Mutex<Option<Hold>>>,
}

impl<C> Clone for Heartbeat<C> {
    fn clone(&self) -> Self {
        Heartbeat { client: self.client.clone(), token: self.token.clone(), hold: self.hold.clone() }
    }
}

impl<C: SfnClient> Heartbeat<C> {
    /// Tells that the work goes on: the time of the task's heartbeat begins anew.
    ///
    /// An error says that nobody waits for the task any more, say because it timed out: the work may end.
    pub async fn beat(&self) -> Result<(), Error> {
        Ok(self.client.send_task_heartbeat(&self.token).await?)
    }

    /// The token of the task.
    pub fn token(&self) -> &TaskToken {
        &self.token
    }

    /// Waits for something that comes only as time passes: a virtual clock, which stands still while the function works,
    /// goes on meanwhile. `heartbeat.waiting(clock.sleep_until(..)).await` sleeps by that clock.
    pub async fn waiting(&self, timer: impl Future<Output = Hold>) {
        drop(self.slot().take());
        let hold = timer.await;
        *self.slot() = Some(hold);
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Hold>> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
