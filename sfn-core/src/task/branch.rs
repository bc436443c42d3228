//! What runs side by side in a body: the branches of [`try_join!`](crate::try_join), the iterations of [`map`].

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use super::{BoxFuture, Error, Run, TaskError};
use crate::data::Data;
use crate::lower::Site;

/// A list whose items are worked on side by side: `map(images).concurrency(10).each(|image| resize(image)).await?`
///
/// In a `#[state_machine]` it becomes a Map state, whose result is the list of the results in the order of the items.
/// What is done for an item is the call of a task or an `async { .. }` block that ends in a `Result`; it reads what is
/// around it, each iteration its own copy, and assigns to nothing outside of itself. When one iteration fails, the others
/// are stopped and the whole fails with its error, as [`Error`].
///
/// ```
/// # #[cfg(feature = "macros")] mod doc {
/// use sfn_core::prelude::*;
///
/// #[task(lambda = "Resize")]
/// async fn resize(key: String, index: usize) -> Result<u64, Error>;
///
/// #[state_machine]
/// async fn thumbnails(keys: Vec<String>) -> Result<Vec<u64>, Error> {
///     let sizes = map(keys).concurrency(10).each(|index, key| resize(key, index)).await?;
///     Ok(sizes)
/// }
/// # }
/// ```
///
/// Outside of a `#[state_machine]` it does nothing.
#[must_use = "a map does nothing until it is awaited in a `#[state_machine]`: `map(items).each(|item| task(item)).await?`"]
#[derive(Clone, Debug)]
pub struct Map<T> {
    items: Vec<T>,
    concurrency: usize,
}

/// Works on the items of a list side by side: see [`Map`].
pub fn map<T: Data>(items: Vec<T>) -> Map<T> {
    Map { items, concurrency: 0 }
}

impl<T: Data> Map<T> {
    /// Lets so many iterations run at once; without it, and with 0, as many as AWS runs: 40.
    pub fn concurrency(mut self, most: usize) -> Self {
        self.concurrency = most;
        self
    }

    /// What is done for each item: `|item| task(item)`, `|index, item| async { .. }`.
    ///
    /// The closure is written with the item, or with its number and the item; `#[state_machine]` makes of it what stands
    /// here.
    pub fn each<U, F>(self, body: F) -> Each<T, F>
    where
        F: FnMut(Iteration, T) -> BoxFuture<Result<U, Error>>,
    {
        Each { map: self, body }
    }
}

/// A [`Map`] with what it does. Made by [`Map::each`].
#[must_use = "a map does nothing until it is awaited in a `#[state_machine]`"]
pub struct Each<T, F> {
    map: Map<T>,
    body: F,
}

/// One iteration of a [`Map`].
pub struct Iteration {
    index: usize,
    run: Run,
}

impl Iteration {
    /// The number of the item, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The run of the iteration.
    pub fn into_run(self) -> Run {
        self.run
    }
}

/// What an iteration does.
pub fn iteration<U, F>(body: F) -> BoxFuture<Result<U, Error>>
where
    F: Future<Output = Result<U, Error>> + Send + 'static,
{
    Box::pin(body)
}

/// A branch of [`try_join!`](crate::try_join).
pub struct Branch<T> {
    body: Box<dyn FnOnce(Run) -> BoxFuture<Result<T, Error>> + Send>,
}

/// A branch of [`try_join!`](crate::try_join).
pub fn branch<T, B, F>(body: B) -> Branch<T>
where
    B: FnOnce(Run) -> F + Send + 'static,
    F: Future<Output = Result<T, Error>> + Send + 'static,
{
    Branch { body: Box::new(move |run| Box::pin(body(run))) }
}

/// The result of a call at the end of a branch: all branches fail with an [`Error`].
pub fn branch_result<T, E: TaskError>(result: Result<T, E>) -> Result<T, Error> {
    result.map_err(E::into_error)
}

/// Runs branches side by side until all have succeeded or one has failed.
pub fn try_join<B: Branches>(_site: &Site<B::Output>, run: &Run, branches: B) -> BoxFuture<Result<B::Output, Error>> {
    branches.join(run)
}

/// Runs the iterations of a map side by side.
pub fn map_each<T, U, F>(_site: &Site<Vec<U>>, run: &Run, each: Each<T, F>) -> BoxFuture<Result<Vec<U>, Error>>
where
    T: Send + 'static,
    U: Send + 'static,
    F: FnMut(Iteration, T) -> BoxFuture<Result<U, Error>> + Send + 'static,
{
    let Each { map: Map { items, concurrency }, mut body } = each;
    let outputs: Slots<U> = items.iter().map(|_| Slot::default()).collect();
    let mut items = items.into_iter();
    let filled = outputs.clone();
    let begin = move |index: usize, run: Run| {
        let item = items.next().expect("an iteration has its item");
        let (iteration, slot) = (body(Iteration { index, run }, item), filled[index].clone());
        Box::pin(async move { iteration.await.map(|output| fill(&slot, output)) }) as BoxFuture<Result<(), Error>>
    };
    let children = Children::new(run, outputs.len(), most_at_once(concurrency), Box::new(begin));
    Box::pin(async move {
        children.await?;
        Ok(outputs.iter().map(taken).collect())
    })
}

/// How many iterations of an inline Map run at once.
fn most_at_once(wanted: usize) -> usize {
    let most = usize::try_from(crate::machine::Quotas::default().inline_map_concurrency).unwrap_or(usize::MAX);
    if wanted == 0 { most } else { wanted.min(most) }
}

/// The branches of a [`try_join!`](crate::try_join): a tuple of them.
pub trait Branches {
    /// What they yield.
    type Output;

    /// Runs them.
    fn join(self, run: &Run) -> BoxFuture<Result<Self::Output, Error>>;
}

type Slot<T> = Arc<Mutex<Option<T>>>;
type Slots<T> = Vec<Slot<T>>;

fn fill<T>(slot: &Slot<T>, value: T) {
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
}

fn taken<T>(slot: &Slot<T>) -> T {
    let value = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    value.expect("every branch that succeeded has left its output")
}

/// A branch with the place for its output.
fn begins<T: Send + 'static>(branch: Branch<T>, slot: &Slot<T>) -> Begin {
    let slot = slot.clone();
    Box::new(move |run| {
        let output = (branch.body)(run);
        Box::pin(async move { output.await.map(|output| fill(&slot, output)) })
    })
}

/// Begins the branch, or iteration, of this number.
type BeginNext = Box<dyn FnMut(usize, Run) -> BoxFuture<Result<(), Error>> + Send>;

type Begin = Box<dyn FnOnce(Run) -> BoxFuture<Result<(), Error>> + Send>;

macro_rules! branches {
    ($($($item:ident $place:tt),*;)*) => {$(
        impl<$($item: Send + 'static),*> Branches for ($(Branch<$item>,)*) {
            type Output = ($($item,)*);

            fn join(self, run: &Run) -> BoxFuture<Result<Self::Output, Error>> {
                let slots: ($(Slot<$item>,)*) = Default::default();
                let begin: Vec<Begin> = vec![$(begins(self.$place, &slots.$place)),*];
                let total = begin.len();
                let mut begin = begin.into_iter();
                let next = move |_, run| (begin.next().expect("a branch begins once"))(run);
                let children = Children::new(run, total, total, Box::new(next));
                Box::pin(async move {
                    children.await?;
                    Ok(($(taken(&slots.$place),)*))
                })
            }
        }
    )*};
}
branches! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
    A 0, B 1, C 2, D 3, E 4;
    A 0, B 1, C 2, D 3, E 4, F 5;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6;
    A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
}

/// Branches or iterations that run, as the machine runs those of a Parallel or a Map: see `machine::frame::Children`.
struct Children {
    run: Run,
    begin: BeginNext,
    total: usize,
    /// How many may run at once.
    most: usize,
    started: usize,
    running: Vec<Child>,
    failure: Option<Error>,
}

struct Child {
    run: Run,
    begun: bool,
    future: Option<BoxFuture<Result<(), Error>>>,
}

impl Drop for Child {
    fn drop(&mut self) {
        // What runs inside of it ends first.
        self.future = None;
        self.run.turn().end();
    }
}

impl Children {
    fn new(run: &Run, total: usize, most: usize, begin: BeginNext) -> Self {
        Children { run: run.clone(), begin, total, most, started: 0, running: Vec::new(), failure: None }
    }

    fn can_start(&self) -> bool {
        self.started < self.total && self.running.len() < self.most
    }

    fn is_complete(&self) -> bool {
        self.started == self.total && self.running.is_empty()
    }

    fn is_ready(&self) -> bool {
        self.failure.is_some() || self.can_start() || self.is_complete()
    }

    /// Lets those go on that can; a failure ends it.
    fn go_on(&mut self, context: &mut Context<'_>) {
        let mut index = 0;
        while let Some(child) = self.running.get_mut(index).filter(|_| self.failure.is_none()) {
            index += 1;
            let Some(future) = child.future.as_mut().filter(|_| child.begun || child.run.turn().is_due()) else {
                continue;
            };
            child.begun = true;
            let Poll::Ready(outcome) = future.as_mut().poll(context) else { continue };
            index -= 1;
            let was_ready = self.is_ready();
            drop(self.running.remove(index));
            if let Err(error) = outcome {
                self.failure = Some(error);
                self.run.turn().resume(true);
            } else if !was_ready && self.is_ready() {
                self.run.turn().resume(false);
            }
        }
    }

    /// Stops all that run, the youngest first.
    fn stop(&mut self) {
        while let Some(last) = (0..self.running.len()).max_by_key(|index| self.running[*index].run.turn().number()) {
            drop(self.running.swap_remove(last));
        }
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Future for Children {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        loop {
            this.go_on(context);
            if !this.run.turn().is_due() {
                return Poll::Pending;
            }
            if let Some(failure) = this.failure.take() {
                this.stop();
                return Poll::Ready(Err(failure));
            }
            if this.is_complete() {
                return Poll::Ready(Ok(()));
            }
            if !this.can_start() {
                this.run.turn().rest();
                return Poll::Pending;
            }
            let run = this.run.branch();
            let future = (this.begin)(this.started, run.clone());
            this.started += 1;
            this.running.push(Child { run, begun: false, future: Some(future) });
        }
    }
}

/// When a branch goes on. A driver whose time is virtual lets them go on as the machine does: one until it waits, then the
/// next in the order in which they became ready.
pub trait Turn: Send + Sync {
    /// A number that no other running branch has.
    fn number(&self) -> usize;

    /// True when it goes on now.
    fn is_due(&self) -> bool;

    /// It waits for branches of its own.
    fn rest(&self);

    /// It can go on: before all others, or behind those that can already.
    fn resume(&self, first: bool);

    /// It has ended, or was stopped.
    fn end(&self);
}

/// Everything goes on as soon as it can.
pub struct AtOnce;

impl Turn for AtOnce {
    fn number(&self) -> usize {
        0
    }

    fn is_due(&self) -> bool {
        true
    }

    fn rest(&self) {}

    fn resume(&self, _first: bool) {}

    fn end(&self) {}
}
