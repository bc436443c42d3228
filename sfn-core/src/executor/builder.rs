//! Which handlers, clock and limits an executor gets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sfn_asl::definition::{activity_name, function_name};
use sfn_asl::value::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::activity::Activities;
use super::clock::{Clock, SystemClock};
use super::handler::{Handler, Handlers, Typed};
use super::objects::Immediate;
use super::seeds::Seeds;
use super::{Core, Executor, TaskContext};
use crate::machine::Quotas;
use crate::object_store::{MemoryStore, ObjectService, ObjectStore};
use crate::task::{Callable, CallbackTask, Error, MachineFunction, Nested, Task, TaskFunction, TaskToken, answer};

/// An [`Executor`] in the making.
///
/// A task is done by the handler of its state, else by that of its `#[task]` function, else by that of its Lambda function
/// or activity, else by that of its resource, else by the body of its `#[task]` function where the execution is that of a
/// `#[state_machine]`, else by the [`fallback`](Self::fallback). An activity without a handler waits for a worker
/// ([`Executor::get_activity_task`]). A `#[state_machine]` with any other task without one does not start; in a document
/// such a task fails with `Sfn.HandlerMissing`.
///
/// Two tasks with one Lambda function, or one queue, have each its handler. Which of the two a document calls it does not
/// say: there the call fails with `Sfn.HandlerAmbiguous`.
#[must_use = "a builder makes nothing until `build` is called"]
pub struct ExecutorBuilder {
    handlers: Handlers,
    clock: Arc<dyn Clock>,
    quotas: Quotas,
    grace: Duration,
    seeds: Seeds,
    objects: Arc<dyn ObjectService>,
}

impl ExecutorBuilder {
    pub(super) fn new() -> Self {
        ExecutorBuilder {
            handlers: Handlers::default(),
            clock: Arc::new(SystemClock),
            quotas: Quotas::default(),
            grace: Duration::from_secs(1),
            seeds: Seeds::of_the_system(),
            objects: Arc::new(Immediate(Arc::new(Mutex::new(MemoryStore::default())))),
        }
    }

    /// Gives the `#[task]` function a handler: the task's parameters and its context in, its result out.
    ///
    /// Several parameters come as a tuple, a token through the context. The handler's result ends the task, whatever kind
    /// of task it is: the error of a function's handler arrives as AWS Lambda reports one, the result of a callback's
    /// handler is the answer to its token, that of an activity's handler comes from a worker in this process.
    pub fn task<Arguments, F, H, Work>(self, _function: F, handler: H) -> Self
    where
        F: TaskFunction<Arguments>,
        H: Fn(<F::Task as Callable>::Input, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<<F::Task as Callable>::Output, <F::Task as Callable>::Error>> + Send + 'static,
    {
        self.typed::<F::Task, _, _>(handler)
    }

    fn typed<T, H, Work>(mut self, handler: H) -> Self
    where
        T: Task,
        H: Fn(T::Input, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<T::Output, T::Error>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let handler: Handler = Arc::new(move |payload: Value, context: TaskContext| {
            let handler = handler.clone();
            Box::pin(async move { answer::<T, _>(payload, |input| handler(input, context)).await })
        });
        self.add(Typed { task: T::describe(), handler, delivers: false });
        self
    }

    /// Gives the callback task a handler that delivers its request: the task's parameters and its token in.
    ///
    /// The task then waits until somebody [answers](crate::callback()) by the token. An error of the handler fails it.
    pub fn callback<Arguments, F, H, Work>(mut self, _function: F, handler: H) -> Self
    where
        F: TaskFunction<Arguments>,
        F::Task: CallbackTask,
        H: Fn(<F::Task as Callable>::Input, TaskToken) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let handler = Arc::new(handler);
        let handler: Handler = Arc::new(move |payload: Value, context: TaskContext| {
            let handler = handler.clone();
            Box::pin(async move {
                let task = <F::Task as Task>::describe();
                let input = task.input(&payload).map_err(|error| {
                    Error::new("Sfn.TypeMismatch", format!("the input of task `{}`: {error}", task.name))
                })?;
                let token = TaskToken::new(context.token().unwrap_or_default());
                handler(input, token).await.map(|()| Value::empty_object())
            })
        });
        self.add(Typed { task: <F::Task as Task>::describe(), handler, delivers: true });
        self
    }

    /// A task has one handler, the last that was given.
    fn add(&mut self, typed: Typed) {
        self.handlers.typed.retain(|other| other.task.key() != typed.task.key());
        self.handlers.typed.push(typed);
    }

    /// Lets documents and clients start this `#[state_machine]` by its name.
    ///
    /// A `#[state_machine]` that calls it needs no such line.
    pub fn machine<Arguments, F>(mut self, _function: F) -> Self
    where
        F: MachineFunction<Arguments>,
        F::Machine: Task,
    {
        self.handlers.machines.push(Nested::of::<F::Machine>());
        self
    }

    /// Lets all tasks of `#[state_machine]` functions be done by the test kit.
    #[cfg(feature = "testing")]
    pub(crate) fn kit(mut self, kit: super::Kit) -> Self {
        self.handlers.kit = Some(kit);
        self
    }

    /// Gives a Lambda function a handler, by the function's name or ARN; `${Name}` counts as `Name`.
    ///
    /// It receives the function's payload, and where the function is called by `lambda:invoke` its result is put into the
    /// response that Lambda would give.
    pub fn function<H, Work>(mut self, name: &str, handler: H) -> Self
    where
        H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<Value, Error>> + Send + 'static,
    {
        self.handlers.functions.insert(function_name(name).into(), boxed(handler));
        self
    }

    /// Gives an activity a handler, by its name or ARN: a worker in this process.
    pub fn activity<H, Work>(mut self, name: &str, handler: H) -> Self
    where
        H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<Value, Error>> + Send + 'static,
    {
        self.handlers.activities.insert(activity_name(name).into(), boxed(handler));
        self
    }

    /// Gives all tasks with this `Resource` a handler.
    ///
    /// It receives what the state sends and gives the whole result. Of a `.waitForTaskToken` task it gives what the service
    /// answers to the request; the task ends when somebody sends its token.
    pub fn resource<H, Work>(mut self, resource: &str, handler: H) -> Self
    where
        H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<Value, Error>> + Send + 'static,
    {
        self.handlers.resources.insert(resource.into(), boxed(handler));
        self
    }

    /// Gives the Task states of this name a handler, in place of any other; see [`resource`](Self::resource).
    pub fn state<H, Work>(mut self, name: &str, handler: H) -> Self
    where
        H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<Value, Error>> + Send + 'static,
    {
        self.handlers.states.insert(name.into(), boxed(handler));
        self
    }

    /// Gives every task without a handler this one; see [`resource`](Self::resource).
    pub fn fallback<H, Work>(mut self, handler: H) -> Self
    where
        H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
        Work: Future<Output = Result<Value, Error>> + Send + 'static,
    {
        self.handlers.fallback = Some(boxed(handler));
        self
    }

    /// Sets the clock, in place of the one on the wall.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Sets the quotas, in place of AWS's.
    pub fn quotas(mut self, quotas: Quotas) -> Self {
        self.quotas = quotas;
        self
    }

    /// Sets how long a cancelled handler may tidy up before it is dropped: one second unless said.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Sets where Distributed Maps read their items and write their results, in place of an empty store in memory.
    ///
    /// A store that takes its time keeps the thread meanwhile.
    pub fn objects(mut self, store: impl ObjectStore + Send + 'static) -> Self {
        self.objects = Arc::new(Immediate(Arc::new(Mutex::new(store))));
        self
    }

    /// The same for stores that answer later, such as S3.
    pub fn object_service(mut self, service: impl ObjectService) -> Self {
        self.objects = Arc::new(service);
        self
    }

    /// Makes random numbers, tokens, jitter and names repeatable.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seeds = Seeds::of(seed);
        self
    }

    /// The executor.
    pub fn build(self) -> Executor {
        let executions = Arc::new(Mutex::new(JoinSet::new()));
        let core = Core {
            executions: Arc::downgrade(&executions),
            handlers: self.handlers,
            clock: self.clock,
            quotas: self.quotas,
            grace: self.grace,
            seeds: Mutex::new(self.seeds),
            tokens: Mutex::default(),
            activities: Activities::default(),
            objects: self.objects,
            shutdown: watch::Sender::new(false),
            running: watch::Sender::new(0),
        };
        Executor { core: Arc::new(core), executions }
    }
}

impl std::fmt::Debug for ExecutorBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExecutorBuilder")
            .field("quotas", &self.quotas)
            .field("grace", &self.grace)
            .finish_non_exhaustive()
    }
}

fn boxed<H, Work>(handler: H) -> Handler
where
    H: Fn(Value, TaskContext) -> Work + Send + Sync + 'static,
    Work: Future<Output = Result<Value, Error>> + Send + 'static,
{
    Arc::new(move |input, context| Box::pin(handler(input, context)))
}
