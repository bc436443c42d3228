use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use sfn_asl::Value;

use super::{
    AtOnce, Call, Error, ErrorSchema, Nested, Pause, Start, Started, Task, TaskBody, TaskDescription, TaskError, Turn,
    Undo,
};
use crate::data::{Data, Schema};
use crate::lower::Machine;

/// A future on the heap.
pub type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What may be awaited in a state machine.
#[diagnostic::on_unimplemented(
    message = "only tasks can be awaited in a state machine",
    label = "this is not a workflow effect",
    note = "annotate the function with `#[task(lambda = \"..\")]`"
)]
pub trait Effect: Sized + Send {
    /// What the awaited effect yields.
    type Output: Send;
    /// The effect under way. It is a type of its own so that an expression that is no effect is reported once.
    type Performing: Future<Output = Self::Output> + Send;

    /// Does the effect in a run of the body.
    fn perform(self, run: Run) -> Self::Performing;
}

/// An effect of the kind `K` under way.
pub struct Performing<K, T> {
    future: BoxFuture<T>,
    kind: PhantomData<fn() -> K>,
}

impl<K, T> Performing<K, T> {
    fn new(future: impl Future<Output = T> + Send + 'static) -> Self {
        Performing { future: Box::pin(future), kind: PhantomData }
    }
}

impl<K, T> Future for Performing<K, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        self.future.as_mut().poll(context)
    }
}

/// An effect without the values in it: what the lowering sees.
pub trait EffectKind {
    /// What the lowering needs to know of the effect's type.
    fn describe() -> EffectDescription;

    /// The bodies of the tasks that it calls.
    fn bodies() -> impl Iterator<Item = TaskBody>;

    /// The state machines that it calls.
    fn nested() -> impl Iterator<Item = Nested> {
        std::iter::empty()
    }
}

/// A call of `T`.
pub struct Called<T>(PhantomData<fn() -> T>);

/// A call of `T` that is undone by a call of `U`.
pub struct Undone<T, U>(PhantomData<fn() -> (T, U)>);

impl<T: Task> EffectKind for Called<T> {
    fn describe() -> EffectDescription {
        EffectDescription {
            task: T::describe(),
            output: T::Output::schema(),
            recovered: Schema::Option(T::Output::schema),
            error: T::Error::schema(),
            undo: None,
        }
    }

    fn bodies() -> impl Iterator<Item = TaskBody> {
        TaskBody::of::<T>().into_iter()
    }

    fn nested() -> impl Iterator<Item = Nested> {
        T::nested().into_iter()
    }
}

/// The start of an execution of `M`.
pub struct Fired<M>(PhantomData<fn() -> M>);

impl<M: Machine + Task> EffectKind for Fired<M> {
    fn describe() -> EffectDescription {
        EffectDescription {
            task: M::describe().fired(),
            output: Started::schema(),
            recovered: Schema::Option(Started::schema),
            error: Error::schema(),
            undo: None,
        }
    }

    fn bodies() -> impl Iterator<Item = TaskBody> {
        std::iter::empty()
    }

    fn nested() -> impl Iterator<Item = Nested> {
        M::nested().map(Nested::fired).into_iter()
    }
}

impl<T: Task, U: Task> EffectKind for Undone<T, U> {
    fn describe() -> EffectDescription {
        EffectDescription { undo: Some(U::describe()), ..Called::<T>::describe() }
    }

    fn bodies() -> impl Iterator<Item = TaskBody> {
        TaskBody::of::<T>().into_iter().chain(TaskBody::of::<U>())
    }

    fn nested() -> impl Iterator<Item = Nested> {
        T::nested().into_iter().chain(U::nested())
    }
}

/// What the lowering needs to know of an effect's type.
#[derive(Clone, Debug)]
pub struct EffectDescription {
    /// The task that is called.
    pub task: TaskDescription,
    /// The type of its output.
    pub output: Schema,
    /// The type of its output, or nothing where it failed.
    pub recovered: Schema,
    /// How it may fail.
    pub error: ErrorSchema,
    /// The task that compensates it.
    pub undo: Option<TaskDescription>,
}

impl<T: Task> Effect for Call<T> {
    type Output = Result<T::Output, T::Error>;
    type Performing = Performing<Called<T>, Self::Output>;

    fn perform(self, run: Run) -> Self::Performing {
        Performing::new(async move { run.call::<T>(self).await.map_err(T::Error::from_error) })
    }
}

impl<M: Machine + Task> Effect for Start<M> {
    type Output = Result<Started, Error>;
    type Performing = Performing<Fired<M>, Self::Output>;

    fn perform(self, run: Run) -> Self::Performing {
        Performing::new(async move { run.start(self.call).await })
    }
}

impl<T: Task, U: Task, F: FnOnce(T::Output) -> Call<U> + Send> Effect for Undo<T, U, F> {
    type Output = Result<T::Output, T::Error>;
    type Performing = UndoPerforming<T, U, F>;

    fn perform(self, run: Run) -> Self::Performing {
        let Undo { call, compensation, .. } = self;
        let called = run.clone();
        let performing = Performing::new(async move { called.call::<T>(call).await.map_err(T::Error::from_error) });
        UndoPerforming { performing, compensation: Some(compensation), run }
    }
}

/// A call under way that registers its compensation when it has succeeded.
pub struct UndoPerforming<T: Task, U: Task, F> {
    performing: Performing<Undone<T, U>, Result<T::Output, T::Error>>,
    compensation: Option<F>,
    run: Run,
}

// The compensation is only ever moved out, never pinned.
impl<T: Task, U: Task, F> Unpin for UndoPerforming<T, U, F> {}

impl<T: Task, U: Task, F: FnOnce(T::Output) -> Call<U>> Future for UndoPerforming<T, U, F> {
    type Output = Result<T::Output, T::Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = std::task::ready!(Pin::new(&mut self.performing).poll(context));
        if let (Ok(output), Some(compensation)) = (&outcome, self.compensation.take()) {
            let call = compensation(output.clone());
            let later = self.run.clone();
            self.run.compensate(Box::pin(async move {
                // A compensation that fails is passed over: the next one still has to run.
                let _ = later.call::<U>(call).await;
            }));
        }
        Poll::Ready(outcome)
    }
}

/// What tells the lowering the kind of an effect under way.
pub trait Underway {
    /// The effect without the values in it.
    type Kind: EffectKind;
}

impl<K: EffectKind, T> Underway for Performing<K, T> {
    type Kind = K;
}

impl<T: Task, U: Task, F> Underway for UndoPerforming<T, U, F> {
    type Kind = Undone<T, U>;
}

/// One run of a body: where its calls go, and what undoes those already made.
#[derive(Clone)]
pub struct Run {
    dispatch: Arc<dyn Dispatch>,
    compensations: Arc<Mutex<Vec<BoxFuture<()>>>>,
}

/// Answers the calls of a body.
pub trait Dispatch: Send + Sync {
    /// Makes one call, its retries included.
    fn call(&self, call: TaskCall) -> BoxFuture<Result<Value, Error>>;

    /// Lets time pass.
    fn pause(&self, pause: Pause) -> BoxFuture<()>;

    /// Where a branch that begins now makes its calls; `None` for the same place.
    fn branch(&self) -> Option<Arc<dyn Dispatch>> {
        None
    }

    /// When the branch whose calls come here goes on.
    fn turn(&self) -> &dyn Turn {
        &AtOnce
    }
}

/// One call of a task by a body.
#[derive(Clone, Debug)]
pub struct TaskCall {
    /// The task.
    pub task: TaskDescription,
    /// The payload.
    pub payload: Value,
    /// The state machine that is called, when the task is one.
    pub nested: Option<Nested>,
}

impl Run {
    /// A run whose calls `dispatch` answers.
    pub fn new(dispatch: Arc<dyn Dispatch>) -> Self {
        Run { dispatch, compensations: Arc::default() }
    }

    /// The result of a whole body: after a failure the compensations run, the last one first.
    pub async fn conclude<T, E>(self, body: impl Future<Output = Result<T, E>>) -> Result<T, E> {
        let result = body.await;
        if result.is_err() {
            while let Some(compensation) = self.next_compensation() {
                compensation.await;
            }
        }
        result
    }

    /// The run of a branch. It has no compensations of its own: none is registered in a branch.
    pub(super) fn branch(&self) -> Self {
        let dispatch = self.dispatch.branch().unwrap_or_else(|| self.dispatch.clone());
        Run { dispatch, compensations: Arc::default() }
    }

    pub(super) fn turn(&self) -> &dyn Turn {
        self.dispatch.turn()
    }

    async fn call<T: Task>(&self, call: Call<T>) -> Result<T::Output, Error> {
        let task = call.settings.applied(T::describe());
        let payload = task.payload(&call.input).map_err(|error| Error::new("States.Runtime", error.to_string()))?;
        let answer = self.dispatch.call(TaskCall { task, payload, nested: T::nested() }).await?;
        T::describe().read::<T::Output>(&answer).map_err(|error| {
            Error::new("Sfn.TypeMismatch", format!("`{}` did not return its declared type: {error}", T::NAME))
        })
    }

    async fn start<M: Machine + Task>(&self, call: Call<M>) -> Result<Started, Error> {
        let task = call.settings.applied(M::describe().fired());
        let payload = task.payload(&call.input).map_err(|error| Error::new("States.Runtime", error.to_string()))?;
        let nested = M::nested().map(Nested::fired);
        let answer = self.dispatch.call(TaskCall { task, payload, nested }).await?;
        Started::decode(&answer).map_err(|error| Error::new("Sfn.TypeMismatch", error.to_string()))
    }

    pub(crate) fn pause(&self, pause: Pause) -> BoxFuture<()> {
        self.dispatch.pause(pause)
    }

    fn compensate(&self, compensation: BoxFuture<()>) {
        self.compensations.lock().unwrap_or_else(PoisonError::into_inner).push(compensation);
    }

    fn next_compensation(&self) -> Option<BoxFuture<()>> {
        self.compensations.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
