//! The context object, and the variables a frame sees: what expressions read besides their input.

use sfn_asl::query::{Environment, Scope};
use sfn_asl::value::{Key, Object, ObjectBuilder, Value};

use super::frame::Frame;
use super::observe::Observer;
use super::step::Turn;
use super::{ExecutionKind, FrameId, Machine};
use crate::program::Kind;

/// What the expressions of a frame's state see at one moment.
pub(super) struct View<'a> {
    machine: &'a Machine,
    frame: FrameId,
    /// The token of the task that is about to be scheduled.
    token: Option<&'a str>,
    /// The item whose iteration is about to be started.
    item: Option<ItemInView<'a>>,
    /// Who looks on, and says what the context object is.
    observer: Option<&'a Observer>,
}

/// What an `ItemSelector` sees of its item.
#[derive(Clone, Copy)]
pub(super) struct ItemInView<'a> {
    pub(super) index: u32,
    /// Its key, in a Map over an object.
    pub(super) key: Option<&'a Key>,
    pub(super) value: &'a Value,
}

impl<'a> Turn<'a> {
    /// What the expressions of the state in frame `id` see.
    pub(super) fn view(&self, id: FrameId) -> View<'_> {
        View { machine: self.machine, frame: id, token: None, item: None, observer: self.observer }
    }

    /// The scope of an expression with the given `$` or `$states.input`.
    pub(super) fn scope<'s>(&'s self, view: &'s View<'s>, input: &'s Value) -> Scope<'s> {
        Scope {
            input,
            result: None,
            error_output: None,
            environment: view,
            now: self.time,
            random: &self.random,
            budget: &self.budget,
        }
    }
}

impl<'a> View<'a> {
    pub(super) fn with_token(self, token: Option<&'a str>) -> Self {
        View { token, ..self }
    }

    pub(super) fn with_item(self, item: ItemInView<'a>) -> Self {
        View { item: Some(item), ..self }
    }

    /// Every variable the frame sees.
    pub(super) fn variables(&self) -> Object {
        let mut seen: Vec<(Key, Value)> = Vec::new();
        for frame in self.frames() {
            for (name, value) in &frame.variables {
                if !seen.iter().any(|(known, _)| known == name) {
                    seen.push((name.clone(), value.clone()));
                }
            }
        }
        seen.into_iter().collect()
    }

    /// The frame and those around it, from the inside out.
    fn frames(&self) -> impl Iterator<Item = &'a Frame> {
        let machine = self.machine;
        std::iter::successors(Some(&machine.frames[self.frame]), |frame| {
            frame.parent.map(|parent| &machine.frames[parent.frame])
        })
    }

    fn execution(&self) -> Value {
        let machine = self.machine;
        let identity = &machine.identity;
        let started = timestamp(machine.started_at);
        let mut execution = ObjectBuilder::with_capacity(6);
        execution.insert("Id", identity.execution_arn()).insert("Input", machine.input.clone());
        match &identity.kind {
            ExecutionKind::Standard => {
                execution
                    .insert("StartTime", started)
                    .insert("Name", &*identity.execution)
                    .insert("RoleArn", &*identity.role_arn)
                    .insert("RedriveCount", machine.redrive_count());
                execution.insert_some("RedriveTime", machine.redriven_at().map(timestamp));
            }
            ExecutionKind::Express { synchronous, .. } => {
                execution
                    .insert("Name", &*identity.execution)
                    .insert("RoleArn", &*identity.role_arn)
                    .insert("StartTime", started);
                if !synchronous {
                    execution.insert("RedriveCount", 0);
                }
            }
        }
        Value::Object(execution.build())
    }

    fn state(&self) -> Value {
        let frame = &self.machine.frames[self.frame];
        let node = self.machine.program.node(frame.state);
        let mut state = ObjectBuilder::with_capacity(3);
        state.insert("Name", &*node.name).insert("EnteredTime", timestamp(frame.entered_at));
        if matches!(node.kind, Kind::Task(_) | Kind::Parallel(_) | Kind::Map(_)) {
            state.insert("RetryCount", frame.retry_count());
        }
        Value::Object(state.build())
    }

    fn map(&self) -> Option<Value> {
        let inherited = || {
            self.frames().find_map(|frame| {
                let item = frame.item.as_ref()?;
                Some(ItemInView { index: frame.parent?.index, key: item.key.as_ref(), value: &item.value })
            })
        };
        let ItemInView { index, key, value } = self.item.or_else(inherited)?;
        let mut item = ObjectBuilder::with_capacity(3);
        item.insert("Index", index);
        item.insert_some("Key", key.map(|key| &**key));
        item.insert("Value", value.clone());
        Some(Value::object([("Item", Value::Object(item.build()))]))
    }
}

impl Environment for View<'_> {
    fn variable(&self, name: &str) -> Option<Value> {
        let held = |frame: &'_ Frame| {
            frame.variables.iter().find(|(known, _)| &**known == name).map(|(_, value)| value.clone())
        };
        self.frames().find_map(held)
    }

    fn context(&self) -> Value {
        if let Some(observer) = self.observer {
            return observer.context(self.token, self.map());
        }
        let identity = &self.machine.identity;
        let mut context = ObjectBuilder::with_capacity(5);
        context.insert("Execution", self.execution());
        let state_machine = Value::object([
            ("Id", Value::from(identity.state_machine_arn())),
            ("Name", Value::from(&*identity.state_machine)),
        ]);
        context.insert("StateMachine", state_machine);
        context.insert("State", self.state());
        let token = self.token.map(|token| Value::object([("Token", Value::from(token))]));
        context.insert_some("Task", token);
        context.insert_some("Map", self.map());
        Value::Object(context.build())
    }
}

/// ISO 8601 in UTC, with milliseconds where there are any.
pub(crate) fn timestamp(milliseconds: i64) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(milliseconds) else {
        return String::from("9999-12-31T23:59:59Z");
    };
    let format = if milliseconds.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S.%3fZ" };
    instant.strftime(format).to_string()
}
