//! What can be seen of a state while it runs: the data between its fields, and what is made of its errors.
//!
//! An execution has no observer, and pays for that with a test of a pointer. TestState has one.

use std::cell::RefCell;

use sfn_asl::value::Value;

use super::Failure;

/// Something that an observer is told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Note {
    /// The input after `InputPath`.
    AfterInputPath(Value),
    /// The input after `Parameters`, JSONPath only.
    AfterParameters(Value),
    /// The input after `Arguments`, JSONata only.
    AfterArguments(Value),
    /// The result of a task.
    Result(Value),
    /// The result after `ResultSelector`, JSONPath only.
    AfterResultSelector(Value),
    /// The input with the result in it, JSONPath only.
    AfterResultPath(Value),
    /// The items after `ItemsPath`, JSONPath only.
    AfterItemsPath(Value),
    /// The items in what the `ItemReader` has read.
    AfterItemsPointer(Value),
    /// The inputs of all iterations, where there is an `ItemSelector`.
    AfterItemSelector(Value),
    /// The inputs of all batches, where there is an `ItemBatcher`.
    AfterItemBatcher(Value),
    /// How many items a Map has.
    Items(usize),
    /// `MaxConcurrency` of a Map; 0 is no limit.
    MaxConcurrency(u64),
    /// `ToleratedFailureCount` and `ToleratedFailurePercentage` of a Map, as far as it has them.
    Tolerance { count: Option<u64>, percentage: Option<f64> },
    /// The state failed; Retry and Catch are asked next.
    Failed(Failure),
    /// The Retrier with this number names the error, whether it has attempts left or not.
    Retrier(usize),
    /// The Catcher with this number takes the error.
    Caught(usize),
}

/// Takes down what happens in a state, and says what its context object is.
#[derive(Debug)]
pub(crate) struct Observer {
    context: ContextObject,
    notes: RefCell<Vec<Note>>,
}

/// The context object of a state that runs by itself.
#[derive(Clone, Debug)]
pub(crate) enum ContextObject {
    /// Taken as it is; an item of a Map comes to it.
    Given(Value),
    /// What AWS makes up; the token of a task comes to it, too.
    Made(Value),
}

impl Observer {
    pub(super) fn new(context: ContextObject) -> Self {
        Observer { context, notes: RefCell::default() }
    }

    pub(super) fn take(&self, note: Note) {
        self.notes.borrow_mut().push(note);
    }

    /// Everything that was told, in order.
    pub(super) fn into_notes(self) -> Vec<Note> {
        self.notes.into_inner()
    }

    /// The context object; `map` is its member `Map`.
    pub(super) fn context(&self, token: Option<&str>, map: Option<Value>) -> Value {
        let (context, token) = match &self.context {
            ContextObject::Given(context) => (context, None),
            ContextObject::Made(context) => (context, token),
        };
        let Value::Object(mut context) = context.clone() else { return context.clone() };
        if let Some(token) = token {
            context = context.with("Task", Value::object([("Token", Value::from(token))]));
        }
        if let Some(map) = map {
            context = context.with("Map", map);
        }
        Value::Object(context)
    }
}
